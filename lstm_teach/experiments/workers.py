"""Where trials run: in this process, on this machine's cores, or on a cluster of machines.

Each way is a generator that takes trials and yields (trial, answer) as they end. An answer is
{"records": [...]}, or {"failed": why}: a trial that raises stops nobody else.
"""

import logging
import signal
import threading
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module

from threadpoolctl import threadpool_limits

from . import records

PATIENCE = "15s"  # for a scheduler to answer


class NoWorkers(Exception):
    """Trials cannot be handed out. The message says what is missing."""


def attempt(trial, code, progress=False):
    """Do a trial with one BLAS thread: what every worker runs.

    code: what `records.code()` says where the results are kept; a worker that has other code
    refuses.
    """
    try:
        if records.code() != code:
            raise RuntimeError("this worker has another version of lstm_teach than you have")
        learner = import_module(f".{trial.learner}", __package__)
        with threadpool_limits(1):
            return {"records": learner.run(trial.settings, trial.seeds, progress)}
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


def here(trials, progress=False):
    """One after the other, in this process."""
    for trial in trials:
        yield trial, attempt(trial, records.code(), progress)


def on_cluster(trials, jobs=None, scheduler=None):
    """On so many cores of this machine, or on the dask.distributed cluster at an address.

    A trial whose worker is lost is run again on another, three times at most.
    """
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError:
        asked = f"--scheduler {scheduler}" if scheduler else f"--jobs {jobs}"
        raise NoWorkers(
            f"{asked} needs dask.distributed, which is not installed:\n"
            '    python -m pip install "distributed>=2024.10"\n'
            "Without it everything runs with --jobs 1."
        ) from None
    if scheduler:
        try:
            client = Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            raise NoWorkers(
                f"no scheduler answers at {scheduler} ({error}).\n"
                "`dask scheduler` prints its address; `dask worker ADDRESS` adds workers."
            ) from None
        with client:
            yield from _handed_out(client, as_completed, trials)
    else:
        with _deaf_to_interrupts():
            cluster = LocalCluster(
                min(jobs, len(trials)),
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",  # a port that is free
                silence_logs=logging.CRITICAL,  # what goes wrong with a trial comes back to us
            )
        with cluster, Client(cluster) as client:
            yield from _handed_out(client, as_completed, trials)


def _handed_out(client, as_completed, trials):
    waiting = {
        client.submit(attempt, trial, records.code(), pure=False, priority=-n): trial
        for n, trial in enumerate(trials)
    }
    for future in as_completed(waiting):
        try:
            error = future.exception()
        except CancelledError:
            raise NoWorkers(
                "the connection to the scheduler is lost. What was finished is kept; when the "
                "scheduler is there again, the same command goes on."
            ) from None
        if error is None:
            yield waiting[future], future.result()
        else:
            yield waiting[future], {"failed": f"{type(error).__name__}: {error}"}


@contextmanager
def _deaf_to_interrupts():
    """Processes started meanwhile do not hear Ctrl-C, which a terminal sends to all of them: it
    is for this one, and this one stops the others.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are not ours to set
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
