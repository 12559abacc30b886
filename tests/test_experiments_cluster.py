"""Experiments on many cores and on a cluster: the same records, whatever happens to a worker."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_teach import experiments
from lstm_teach.experiments import runner, workers

ROOT = Path(__file__).resolve().parent.parent
RECALL = experiments.find("recall")
pytestmark = pytest.mark.slow


def some(budget=800, **changes):
    """Recall over 3 and 4 steps, two seeds: four trials."""
    arms = {
        f"LSTM, b_f = 1, lag {lag}": {"cell": "LSTM", "biases": {"f": 1}, "sizes": {"lag": lag}}
        for lag in (3, 4)
    }
    settings = RECALL.settings | {"budget": budget, "check": 400, "rehearsal": 16, "test": 64}
    return replace(RECALL, settings=settings | changes, arms=arms, seeds=2)


def timeless(found):
    if isinstance(found, dict):
        return {k: timeless(v) for k, v in found.items() if k != "seconds"}
    return [timeless(v) for v in found] if isinstance(found, list) else found


def silent(line):
    pass


@pytest.fixture(scope="module")
def cluster():
    """A cluster of two processes, with a client to look at it."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        yield cluster.scheduler_address, client


def test_a_cluster_finds_what_one_process_finds(cluster, tmp_path):
    address, _ = cluster
    alone = runner.run(some(), tmp_path / "alone", say=silent)
    news = []
    shared = runner.run(some(), tmp_path / "shared", scheduler=address, say=news.append)
    assert timeless(shared.found) == timeless(alone.found)
    assert len(news) == 4


def test_a_trial_whose_worker_is_lost_is_run_again(cluster, tmp_path):
    address, client = cluster
    pids, news, outcome = client.run(os.getpid), [], []
    long = some(budget=20_000, allowed=-1)  # nobody ever passes: each takes its whole time
    run = threading.Thread(
        target=lambda: outcome.append(
            runner.run(long, tmp_path, scheduler=address, say=news.append)
        )
    )
    run.start()
    try:
        until = time.monotonic() + 120
        while True:
            busy = {where for where, keys in client.processing().items() if keys}
            if len(busy) == 2 and not news:
                break
            assert time.monotonic() < until
            assert not news, "the trials were too short to be interrupted"
            time.sleep(0.01)
        time.sleep(0.3)
        assert not news, "the trials were too short to be interrupted"
        lost = min(busy)
        os.kill(pids[lost], signal.SIGKILL)
    finally:
        run.join(240)
    (outcome,) = outcome
    assert outcome.failed == {}
    alone = runner.run(long, tmp_path / "alone", say=silent)
    assert timeless(outcome.found) == timeless(alone.found)
    assert pids[lost] not in client.run(os.getpid).values()


def test_a_trial_that_raises_on_a_worker_is_told_and_the_others_go_on(cluster, tmp_path):
    experiment = some()
    broken = replace(experiment, arms=experiment.arms | {"three": {"cell": "LSTN"}})
    outcome = runner.run(broken, tmp_path, scheduler=cluster[0], say=silent)
    assert outcome.failed == {
        "three, seed 0": "KeyError: 'LSTN'",
        "three, seed 1": "KeyError: 'LSTN'",
    }
    assert len(outcome.found["records"]) == 4


def test_where_no_scheduler_answers_a_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", "1s")
    with pytest.raises(workers.NoWorkers, match="no scheduler answers at tcp://127.0.0.1:9"):
        runner.run(some(), tmp_path, scheduler="tcp://127.0.0.1:9", say=silent)


def test_where_the_scheduler_is_lost_a_sentence_says_so():
    from concurrent.futures import CancelledError

    class Lost:
        def submit(self, *_, **__):
            return self

        def exception(self):
            raise CancelledError

    trials = workers._handed_out(Lost(), list, some().trials())
    with pytest.raises(workers.NoWorkers, match="is lost. What was finished is kept"):
        next(trials)


def command(folder, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_teach.cli", "experiment", *words, "--out", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def interrupted(process, folder, n):
    """Send Ctrl-C as a terminal does, to every process of the command, when n trials are kept."""
    until = time.monotonic() + 240
    while not folder.is_dir() or len(list(folder.glob("*.json"))) < n:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 130, complained
    kept = len(list(folder.glob("*.json")))
    assert n <= kept < 25
    assert f"Stopped. {kept} of 25 trials are done and kept in" in complained
    assert "Traceback" not in complained
    return kept, said


def test_one_interrupt_stops_all_jobs_and_the_same_command_goes_on(tmp_path):
    """Most of these trials take seconds: nobody is done before the interrupt comes."""
    words, folder = ("recall", "--seeds", "1", "--jobs", "2"), tmp_path / "recall"
    kept, _ = interrupted(command(tmp_path, *words), folder, 3)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.json")}
    more, said = interrupted(command(tmp_path, *words), folder, kept + 1)
    assert more > kept
    assert said.startswith(f"{kept} of 25 trials are there already.")
    assert all(path.stat().st_mtime_ns == mtime for path, mtime in before.items())
