"""Every experiment, by its command and in seconds: the whole way from the trials to the table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_teach import experiments
from lstm_teach.experiments import report

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
@pytest.mark.parametrize("name", experiments.NAMES)
def test_a_quick_run_goes_the_whole_way(name, tmp_path):
    answer = subprocess.run(
        [
            *(sys.executable, "-W", "error", "-m", "lstm_teach.cli", "experiment"),
            *(name, "--quick", "--out", str(tmp_path)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    experiment = experiments.find(name)
    found = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    page = (tmp_path / f"{name}.md").read_text(encoding="utf-8")
    assert page in answer.stdout
    assert page == report.markdown(experiment, found)
    assert found["quick"]
    assert found["failed"] == {}
    trials = experiment.trials(quick=True)
    assert len(list((tmp_path / name).iterdir())) == len(trials)
    assert len(found["records"]) == sum(len(trial.seeds) for trial in trials)
    assert not any(record["lost"] for record in found["records"])
    if experiment.learner == "modern":
        assert any(record["wrong"] < record["tested"] for record in found["records"])
