"""Graders on a cluster of dask.distributed: every worker has its own, and watches it itself.

A submission whose worker is lost is graded again on another one.
"""

import contextlib
import threading
import uuid
import warnings

from .store import Stop, judges
from .workers import Place

PATIENCE = 15  # seconds for a scheduler to answer, and for a worker to be there

try:
    from distributed import WorkerPlugin
except ImportError:  # `on_cluster` says so
    WorkerPlugin = object


class Graders(WorkerPlugin):
    """What every worker of the cluster gets: the batch's setup, and a Place for each thread."""

    def __init__(self, setup, name):
        self.setup_, self.name, self.judges = setup, name, judges()

    def setup(self, worker):
        self.threads, self.places = threading.local(), []
        self.same = judges() == self.judges

    def teardown(self, worker):
        for place in self.places:
            place.kill()
            place.close()

    def answer(self, task):
        """Grade a task, on the thread that asks."""
        if not self.same:
            return {"stop": "a worker has another version of lstm_teach than you have."}
        if not hasattr(self.threads, "place"):
            self.threads.place = Place(self.setup_)
            self.places.append(self.threads.place)
        try:
            return self.threads.place.answer(task)
        except Stop as error:
            return {"stop": f"on a worker: {error}"}


def graded(name, task):
    """What runs on a worker."""
    from distributed import get_worker

    return get_worker().plugins[name].answer(task)


def on_cluster(tasks, setup, address):
    """On the cluster whose scheduler is at an address. Yields (task, answer).

    Raises Stop where the cluster does not answer, has no workers, or is lost.
    """
    with _client(address) as client:
        graders = Graders(setup, f"lstm-teach-course-{uuid.uuid4().hex}")
        client.register_plugin(graders, name=graders.name)
        try:
            yield from _handed_out(client, iter(tasks), graders.name)
        finally:
            with contextlib.suppress(Exception):  # the scheduler may be gone
                client.unregister_worker_plugin(graders.name)


@contextlib.contextmanager
def _client(address):
    try:
        from distributed import Client
    except ImportError:
        raise Stop(
            f"--scheduler {address} needs dask.distributed, which is not installed:\n"
            '    python -m pip install "distributed>=2024.10"'
        ) from None
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise Stop(
            f"no scheduler answers at {address} ({error}).\n"
            "`dask scheduler` prints its address; `dask worker ADDRESS` adds workers."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise Stop(
                f"the cluster at {address} has no workers; `dask worker {address}` adds one."
            ) from None
        yield client


def _handed_out(client, tasks, name):
    from distributed import as_completed

    waiting, ended = {}, as_completed()
    try:
        while True:
            room = 2 + 2 * sum(client.nthreads().values()) - len(waiting)
            for _, task in zip(range(room), tasks, strict=False):
                future = _submitted(client, name, task)
                waiting[future] = task
                ended.add(future)
            if not waiting:
                return
            future = next(ended)
            answer = _answer(future)
            if "stop" in answer:
                raise Stop(answer["stop"])
            yield waiting.pop(future), answer
    finally:
        client.cancel(list(waiting))


def _submitted(client, name, task):
    with warnings.catch_warnings():  # a notebook of some megabytes is no mistake
        warnings.filterwarnings("ignore", message="Sending large graph")
        return client.submit(graded, name, task, pure=False)


def _answer(future):
    from concurrent.futures import CancelledError

    try:
        error = future.exception()
    except CancelledError:
        raise Stop(
            "the connection to the scheduler is lost. What was graded is kept; when the "
            "scheduler is there again, the same command goes on."
        ) from None
    if error is None:
        return future.result()
    says = f"Its worker was lost again and again: {type(error).__name__}."
    return {"failed": ["killed_grader", says]}
