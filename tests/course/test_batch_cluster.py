"""A batch on a cluster of dask.distributed: the same records, whatever happens to a worker."""

import os
import signal
import threading
import time
from collections import Counter

import psutil
import pytest
from course.batches import run, scores

from lstm_teach.course import cluster
from lstm_teach.course.store import Stop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """The file in which graders write what they do; the cluster's processes inherit its name."""
    path = tmp_path_factory.mktemp("cluster") / "log"
    os.environ["LSTM_TEACH_FAKE_LOG"] = str(path)
    yield path
    del os.environ["LSTM_TEACH_FAKE_LOG"]


@pytest.fixture(scope="module")
def two_workers(log):
    """A cluster of two processes, with a client to look at it."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as workers,
        Client(workers) as client,
    ):
        yield workers.scheduler_address, client


def test_a_cluster_gives_the_records_that_one_machine_gives(two_workers, log, tmp_path):
    address, client = two_workers
    orders = {f"s{n}": str(n) for n in range(5)} | {"eve": "kill", "fay": "raise"}
    alone = run(orders, tmp_path / "a")
    shared = run(orders, tmp_path / "b", scheduler=address)
    assert shared.records == alone.records
    assert shared.found["records"] == alone.found["records"]
    graders = client.run(lambda: [one.pid for one in psutil.Process().children()])
    assert not any(graders.values())  # nothing is left on the workers


def test_submissions_whose_worker_is_killed_are_graded_again(two_workers, log, tmp_path):
    address, client = two_workers
    orders = {f"s{n:02}": "slow 0.4 1" for n in range(12)}
    ended = []
    log.write_text("")
    batched = threading.Thread(
        target=lambda: ended.append(run(orders, tmp_path / "out", scheduler=address))
    )
    batched.start()
    until = time.monotonic() + 60
    while not list((tmp_path / "out" / "records").glob("*.json")):
        assert time.monotonic() < until
        time.sleep(0.02)
    pids = list(client.run(os.getpid).values())
    os.kill(pids[0], signal.SIGKILL)
    batched.join(120)
    (summary,) = ended
    assert scores(summary) == dict.fromkeys(orders, 1)
    assert not any(record["flags"] for record in summary.records)
    assert len(list((tmp_path / "out" / "records").iterdir())) == 12
    done = Counter(line.split()[1] for line in log.read_text().splitlines() if "done" in line)
    assert set(done) == set(orders)
    assert sum(done.values()) <= 12 + 3  # what that worker had in its hands, and no more


def test_a_cluster_that_cannot_grade_says_why(two_workers, tmp_path, monkeypatch):
    address, _ = two_workers
    with pytest.raises(Stop, match="on a worker: bwrap is not there"):
        run({"ada": "1"}, tmp_path, scheduler=address, kernels="course.fakes:NoKernels")
    monkeypatch.setattr(cluster, "judges", lambda: "other code")
    with pytest.raises(Stop, match="another version of lstm_teach"):
        run({"ada": "1"}, tmp_path, scheduler=address)


def test_without_a_scheduler_or_workers_the_message_says_how_to_start_them(tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(Stop, match="no scheduler answers at tcp://127.0.0.1:1 "):
        run({"ada": "1"}, tmp_path, scheduler="tcp://127.0.0.1:1")
    with pytest.raises(Stop, match="no scheduler answers at nonsense://x "):
        run({"ada": "1"}, tmp_path, scheduler="nonsense://x")
    with LocalCluster(1, processes=False, dashboard_address="127.0.0.1:0") as empty:
        empty.scale(0)
        until = time.monotonic() + 20
        while empty.scheduler.workers:
            assert time.monotonic() < until
            time.sleep(0.05)
        with pytest.raises(Stop, match="has no workers; `dask worker"):
            run({"ada": "1"}, tmp_path, scheduler=empty.scheduler_address)
