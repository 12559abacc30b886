"""A batch that is killed, interrupted, locked out or out of room: it loses and repeats nothing."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from course.batches import FAKE, graders, run, scores
from course.fakes import MASTER, handed_in

from lstm_teach.course import batch, workers
from lstm_teach.course.store import NoResults, NoRoom, Stop, Store

pytest_plugins = ["course.batch_fixtures"]
pytestmark = pytest.mark.usefixtures("same_code")


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from course import fakes
from lstm_teach.course import batch
batch.judges = lambda: "the same code"
orders = {orders!r}
batch.run(fakes.MASTER, fakes.handed_in(orders), {out!r}, jobs=2, say=print,
    grade="course.fakes:grade", kernels="course.fakes:Kernels", limits=fakes.LIMITS)
"""


def started(orders, out):
    """A batch in a process of its own."""
    tests = str(Path(__file__).resolve().parents[1])
    code = SCRIPT.format(tests=tests, orders=orders, out=str(out))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **pipes)


def wait_for(what, seconds=60):
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
    return found


def test_killed_at_any_point_and_started_again_it_loses_and_repeats_nothing(tmp_path, log):
    out, orders = tmp_path / "out", {f"s{n:02}": f"slow 0.15 {n % 5}" for n in range(20)}
    records = out / "records"
    for kept in (1, 6, 11):
        process = started(orders, out)
        wait_for(lambda kept=kept: len(list(records.glob("*.json"))) >= kept)
        children = psutil.Process(process.pid).children()
        process.kill()
        process.communicate()
        assert psutil.wait_procs(children, timeout=20)[1] == []  # no grader outlives it
        before = {path.name: path.stat().st_mtime_ns for path in records.glob("*.json")}
    summary = run(orders, out, jobs=2)
    assert scores(summary) == {f"s{n:02}": n % 5 for n in range(20)}
    assert len(list(records.glob("*"))) == 20
    assert (
        before.items() <= {path.name: path.stat().st_mtime_ns for path in records.iterdir()}.items()
    )
    done = Counter(name for word, name in log() if word == "done")
    # Twice at most where the kill came between the last answer and its record.
    assert sum(done.values()) - 20 <= 3 * 2
    found = json.loads((out / "summary.json").read_text())
    assert found["submissions"] == 20
    assert sum(found["items"][0][part] for part in ("passed", "lost", "not_attempted")) == 20


def test_ctrl_c_stops_cleanly_and_says_what_is_kept(tmp_path):
    out, orders = tmp_path / "out", {f"s{n}": "slow 0.3 1" for n in range(9)}
    process = started(orders, out)
    wait_for(lambda: list((out / "records").glob("*.json")))
    children = psutil.Process(process.pid).children()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, error = process.communicate(timeout=30)
    assert "Stopped after" in error
    assert "of 9 submissions; they are kept" in error
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert set(scores(run(orders, out, jobs=2)).values()) == {1}


def test_after_an_interruption_the_results_of_before_are_not_taken_for_all(tmp_path):
    def interrupt(line):
        if "bob" in line:
            raise KeyboardInterrupt

    run({"ada": "1"}, tmp_path)
    with pytest.raises(batch.Stopped, match="The same command goes on from there"):
        batch.run(MASTER, handed_in({"ada": "1", "bob": "2"}), tmp_path, say=interrupt, **FAKE)
    with pytest.raises(NoResults):
        Store(tmp_path).current()
    assert scores(run({"ada": "1", "bob": "2"}, tmp_path)) == {"ada": 1, "bob": 2}


@pytest.mark.parametrize("order", [None, "hang"])
def test_a_grader_ends_when_nobody_listens_any_more(order):
    grader = workers.Grader()
    grader.start(workers.Setup(FAKE["grade"], FAKE["kernels"], None, True, MASTER, "", 60))
    if order:
        task = workers.Task("key", order.encode(), "ada", ())
        workers.send(grader.process.stdin, pickle.dumps(task))
        time.sleep(0.5)
    grader.process.stdin.close()
    assert grader.process.wait(20) == (1 if order else 0)
    grader.close()


def test_a_second_batch_on_the_same_folder_is_refused(tmp_path):
    out = tmp_path / "out"
    with Store(out).locked(), pytest.raises(Stop, match="another grader is at work"):
        run({"ada": "1"}, out)


def small_disk(path):
    """Mount a file system of 200 kB there, if this may be done."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")


def test_on_a_full_disk_it_stops_and_goes_on_when_there_is_room(tmp_path, log):
    disk, orders = tmp_path / "disk", {f"s{n}": str(n) for n in range(9)}
    small_disk(disk)
    try:
        filler = disk / "filler"
        filler.write_bytes(bytes(200 * 1024 - 6 * 4096))
        with pytest.raises(NoRoom, match="no room left for results"):
            run(orders, disk / "out")
        kept = {path.name for path in (disk / "out" / "records").iterdir()}
        assert 1 <= len(kept) < 9
        assert all(name.endswith(".json") for name in kept)
        filler.unlink()
        assert scores(run(orders, disk / "out")) == {f"s{n}": n for n in range(9)}
        done = Counter(name for word, name in log() if word == "done")
        assert sum(count - 1 for count in done.values()) == 1  # the one there was no room for
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
    assert graders() == []
