"""A master, graders and submissions that cost nothing: for the tests of batches and reports.

What a submission says is what happens to it: b"3" gets three points, b"kill" kills its grader.
"""

import hashlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lstm_teach.course.submissions import Submission
from lstm_teach.course.submissions.entries import Entry


class Grade(NamedTuple):
    grade_id: str
    points: float
    exercise: str
    names: tuple = ()
    title: str = ""
    by_hand: bool = False


class Master(NamedTuple):
    """As much of a master as finding, batches and reports need."""

    name: str = "02_the_chain"
    hash: str = "a" * 64
    solutions: dict = {"rnn-step": "", "rnn-forward": ""}
    grades: tuple = (Grade("rnn-step-check", 2, "2.1"), Grade("rnn-forward-check", 3, "2.2"))
    max_score: float = 5
    variant: int | None = None


@dataclass(frozen=True)
class Limits:
    """Limits of nothing."""

    memory_mb: int = 0


MASTER, LIMITS = Master(), Limits()


class Kernels:
    """As Kernels of the sandbox, with nothing in it."""

    kind = "fake"

    def __init__(self, limits, sandbox=True):
        self.kind = "fake" if sandbox else "none"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class SandboxMissing(Exception):
    pass


class NoKernels(Kernels):
    def __init__(self, limits, sandbox=True):
        raise SandboxMissing("bwrap is not there: apt-get install bubblewrap")


class KernelsAtSecondTry(Kernels):
    """Not ready the first time, as on a busy machine."""

    def __enter__(self):
        if _first(f"kill once {os.environ['LSTM_TEACH_FAKE_LOG']}.begun"):
            os._exit(1)
        return self


class KernelsWithAChild(Kernels):
    """With a process in a session of its own, as kernels are."""

    def __enter__(self):
        self.child = subprocess.Popen(["sleep", "60"], start_new_session=True)
        return self


def a_test(name="rnn-step-check", **changes):
    """A test of a record."""
    return {
        "name": name,
        "exercise": "2.1",
        "title": "One step",
        "score": 0.0,
        "max_score": 2,
        "status": "failed",
        "says": "h' has shape (3,).",
        "hint": "Think of the batch.",
        "mistake": "",
        "exhibits": [["expected", "(2, 3)"], ["yours", "(3,)"]],
        "visibility": "visible",
        "output": "",
    } | changes


def record_of(student="ada", **changes):
    """A record with one test."""
    return {
        "schema": 1,
        "assignment": MASTER.name,
        "student": student,
        "submission_sha256": "b" * 64,
        "master_sha256": MASTER.hash,
        "package": "0.1.0",
        "sandbox": "fake",
        "variant": None,
        "seconds": 1.0,
        "cpu_seconds": 0.5,
        "score": 0.0,
        "max_score": 2,
        "status": "graded",
        "flags": [],
        "needs_a_person": False,
        "tests": [a_test()],
    } | changes


def grade(source, master, kernels, *, student="", seed="", timeout=60.0, flags=()):
    """A record with so many points as the submission says; or what else it says happens.

    LOG names a file that gets a line for each submission when it is begun, and when it is done.
    """
    order = source.decode()
    _log(f"begin {student}")
    if order == "kill" or (order.startswith("kill once ") and _first(order)):
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "hang":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1)
    if order == "raise":
        raise RuntimeError("an error in the grader")
    if order == "giant":
        return record_of(student, tests=[a_test(output="x" * 3_000_000)])
    if order.startswith("slow "):
        time.sleep(float(order.split()[1]))
    score = float(order.split()[-1])
    status = "passed" if score else "failed"
    tests = [a_test(score=min(score, 2), status=status), a_test("rnn-forward-check", max_score=3)]
    sha = hashlib.sha256(source).hexdigest()
    _log(f"done {student}")
    return record_of(
        student,
        score=score,
        max_score=master.max_score,
        flags=list(flags),
        tests=tests,
        submission_sha256=sha,
        sandbox=kernels.kind,
    )


def _first(order):
    """Whether this is the first time; the order names a file that remembers."""
    path = Path(order.split()[2])
    there = path.exists()
    path.touch()
    return not there


def _log(line):
    if path := os.environ.get("LSTM_TEACH_FAKE_LOG"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def handed_in(orders, flags=()):
    """Submissions of a dict {student: what it says}."""

    def entry(order):
        return Entry(("x.ipynb",), read=lambda limit: order.encode())

    return [
        Submission(name, f"{name}.ipynb", tuple(flags), entry(order))
        for name, order in sorted(orders.items())
    ]


def notebook(*cells):
    """The bytes of a notebook with solution cells of these ids."""
    found = [
        {
            "cell_type": "code",
            "source": "pass",
            "outputs": [],
            "execution_count": None,
            "metadata": {"nbgrader": {"grade_id": name, "solution": True, "schema_version": 3}},
        }
        for name in cells
    ]
    about = {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(about).encode()
