"""The benchmark of the sliders runs. How fast they are is for the benchmark to say."""

import json
import subprocess
import sys

from .driver import BOOK


def test_the_benchmark_of_the_sliders_runs_and_stores_every_time(needs, tmp_path):
    needs("chromium")
    file = tmp_path / "latency.json"
    command = [sys.executable, "benchmarks/slider_latency.py", "--presses", "3", "--json", file]
    ran = subprocess.run(command, cwd=BOOK, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "interact + matplotlib" in ran.stdout
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert sorted(stored["summary"]) == ["cell", "chain"]
    assert len(stored["milliseconds"]) == 4
    for times in stored["milliseconds"].values():
        assert len(times) == 3
        assert min(times) > 0
