"""Who grades: processes of this machine, or of a cluster; each has its own kernels.

A grader is a process that is started here and spoken to over its standard input and output. The
one that started it watches the clock: where a submission takes too long, the grader and all that
it started are killed, and another grader takes the next one.

`here` and `on_cluster` take tasks and yield (task, answer) as they end. An answer is
{"record": ...}, or {"failed": [flag, says]}: no submission stops the others.
"""

import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import NamedTuple

from .store import Stop
from .wire import named, receive, send

START = 180  # seconds for a grader to be ready, kernels and all
GRACE = 30  # seconds beyond twice the timeout, until a grader is killed
ANSWER = 4_000_000  # bytes of an answer
TRIES = 2  # graders that one submission may take with it
# The grader imports what this process imports, from the same places.
BOOT = """import json, sys
sys.path[:] = json.loads(sys.argv[1])
from lstm_teach.course.grader_process import main
main(*map(int, sys.argv[2:]))"""


class Task(NamedTuple):
    """What a grader needs to know of one submission. key: of its record.

    master: what it is graded by; without one, the master of the batch.
    """

    key: str
    content: bytes
    student: str
    flags: tuple
    master: object = None


class Setup(NamedTuple):
    """What all graders of a batch have in common. grade, kernels: "module:name"."""

    grade: str
    kernels: str
    limits: object
    sandbox: bool
    master: object
    seed: str
    timeout: float


class Died(Exception):
    """A grader ended in the middle of a submission."""


class TooLong(Exception):
    """A grader was killed because a submission took too long."""


class Grader:
    """A process that grades one submission after the other.

    server: the number of a socket to a fork server that it shares with others.
    """

    def __init__(self, server=None):
        shared = () if server is None else (server,)
        self.late = False
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 (it stays open)
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", BOOT, json.dumps(sys.path), *map(str, shared)],
            pass_fds=shared,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            start_new_session=True,  # Ctrl-C is for us, and we stop it
            env={**threads, **os.environ},
        )

    def start(self, setup):
        """Wait until it is ready. Raises Stop where it cannot be: without a sandbox, say."""
        self.patience = 2 * setup.timeout + GRACE
        try:
            self.ask(pickle.dumps(setup), START)
        except (Died, TooLong) as error:
            self.said.seek(0)
            words = self.said.read()[-500:].decode("utf-8", "replace").strip()
            raise Stop(f"a grader cannot start: {error}.\n{words}".strip()) from None

    def grade(self, task):
        """The answer to a task. Raises Died and TooLong; the grader is gone then."""
        return self.ask(pickle.dumps(task), self.patience)

    def ask(self, question, seconds):
        """Send it something and wait so long for what it says."""
        clock = threading.Timer(seconds, self._too_late)
        clock.daemon = True
        clock.start()
        try:
            send(self.process.stdin, question)
            answer = json.loads(receive(self.process.stdout, ANSWER))
        except (OSError, EOFError, ValueError) as error:
            self.kill()
            if self.late:
                raise TooLong(f"it took more than {seconds:g} seconds") from None
            raise Died(f"{error}") from None
        finally:
            clock.cancel()
        if "stop" in answer:
            raise Stop(answer["stop"])
        return answer

    def _too_late(self):
        self.late = True
        self.kill()

    def kill(self):
        """End the process and all that it started, in whatever session they are."""
        import psutil

        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            children = []
        for one in (self.process, *children):
            with contextlib.suppress(psutil.Error, OSError):
                one.kill()
        self.process.wait()

    def dismiss(self):
        """Tell it that nothing more comes: it ends its kernels and itself."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def close(self):
        """Let it end its kernels and itself; kill it where it does not."""
        self.dismiss()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.kill()
        self.process.stdout.close()
        self.said.close()


class Place:
    """Where one submission is graded at a time: by a grader, and when it is lost by the next."""

    def __init__(self, setup, server=None):
        self.setup, self.server, self.grader = setup, server, None
        self.ended, self.lock = False, threading.Lock()

    def answer(self, task):
        """Grade a task. Raises Stop where no grader can start."""
        for _ in range(TRIES):
            try:
                if self.grader is None:
                    self._begin()
                return self.grader.grade(task)
            except TooLong as error:
                self._forget()
                return {"failed": ["deadline", f"Grading was cut off: {error}."]}
            except Died as error:
                self._forget()
                why = error
        says = f"The grader ended {TRIES} times while it graded this: {why}."
        return {"failed": ["killed_grader", says]}

    def _begin(self):
        """Start a grader; a second time where a busy machine was too slow for the first."""
        for last in (False, True):
            with self.lock:
                if self.ended:
                    raise Died("the batch is over")
                self.grader = Grader(self.server)
            try:
                return self.grader.start(self.setup)
            except Stop:
                if last or self.ended:
                    raise
                self._forget()

    def _forget(self):
        with self.lock:
            grader, self.grader = self.grader, None
        if grader:
            grader.close()

    def kill(self):
        """Stop at once, from any thread."""
        with self.lock:
            self.ended = True
            if self.grader:
                self.grader.kill()

    def close(self):
        """Stop when nothing is graded any more."""
        self.ended = True
        self._forget()


def here(tasks, setup, jobs):
    """On so many cores of this machine. Yields (task, answer)."""
    with _fork_server(setup) as server:
        yield from _graded(tasks, [Place(setup, server) for _ in range(jobs)])


def _fork_server(setup):
    """One for the graders of this machine, if their kernels come out of one: a `with` for it."""
    shared = getattr(named(setup.kernels), "fork_server", None)
    return shared(setup.limits) if shared and setup.sandbox else contextlib.nullcontext()


def _graded(tasks, places):
    free, waiting = list(places), {}
    tasks = iter(tasks)
    pool = ThreadPoolExecutor(len(places))
    try:
        while True:
            while free and (task := next(tasks, None)) is not None:
                place = free.pop()
                waiting[pool.submit(place.answer, task)] = task, place
            if not waiting:
                break
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                task, place = waiting.pop(future)
                yield task, future.result()
                free.append(place)  # not before: what is done but not kept is graded again
    except BaseException:
        for place in places:
            place.kill()
        raise
    finally:
        pool.shutdown()
        for place in places:
            if place.grader:
                place.grader.dismiss()
        for place in places:
            place.close()
