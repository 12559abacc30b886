"""The process that grades: it reads tasks from its standard input and writes records.

It ends when its standard input does: when the one that watches it is gone, however that ended.
"""

import contextlib
import json
import os
import pickle
import queue
import signal
import sys
import threading
import time

from .wire import named, receive, send

RECORD = 2_000_000  # bytes
PATIENCE = 3  # seconds
MEMORY = 4_000_000_000  # bytes


def main(server=None):
    """Grade until nothing more comes. server: the number of a socket to a fork server."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _limit_memory()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that kernels are ended on the way
    try:
        _serve(questions, answers, server)
    except BrokenPipeError:
        sys.exit(1)


def _limit_memory():
    """A kernel may send more than anybody can hold; this process ends before the machine does."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]  # kernels have limits of their own
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def _serve(questions, answers, server):
    def answer(**what):
        send(answers, json.dumps(what, allow_nan=False).encode())

    setup = pickle.loads(receive(questions))
    try:
        grade = named(setup.grade)
        shared = {} if server is None else {"server": server}
        kernels = named(setup.kernels)(setup.limits, sandbox=setup.sandbox, **shared)
    except Exception as error:
        missing = type(error).__name__ == "SandboxMissing"  # its message is for the instructor
        return answer(stop=str(error) if missing else f"{type(error).__name__}: {error}")
    with kernels:
        answer(ready=kernels.kind)
        for task in iter(_tasks(questions).get, None):
            answer(**_graded(grade, setup, task, kernels))


def _graded(grade, setup, task, kernels):
    """The answer to a task. An error of ours costs this submission, and no other."""
    try:
        record = grade(
            task.content,
            task.master or setup.master,
            kernels,
            student=task.student,
            seed=setup.seed,
            timeout=setup.timeout,
            flags=task.flags,
        )
        if len(json.dumps(record, allow_nan=False)) > RECORD:
            raise ValueError(f"the record has more than {RECORD:,} characters")
        return {"record": record}
    except Exception as error:
        says = f"The grader itself failed: {type(error).__name__}: {str(error)[:500]}."
        return {"failed": ["grader_error", says]}


def _tasks(questions):
    """A queue of tasks, and None where the stream ends. This process ends then, busy or not."""
    tasks = queue.Queue()

    def read():
        try:
            while True:
                tasks.put(pickle.loads(receive(questions)))
        except (EOFError, OSError):
            tasks.put(None)
        _end_soon()

    threading.Thread(target=read, daemon=True).start()
    return tasks


def _end_soon():
    """End in good order; where that takes long, end the kernels and this process by force."""
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    os._exit(1)
