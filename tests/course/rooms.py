"""Kernels for the tests of grading: in the sandbox where there is one, and plain elsewhere."""

import contextlib

from lstm_teach.course.conversation import Clock
from lstm_teach.course.distant import Distant
from lstm_teach.course.sandbox import Kernels, Limits, SandboxMissing

LIMITS = Limits(memory_mb=700)


@contextlib.contextmanager
def some_kernels():
    try:
        kernels = Kernels(LIMITS)
    except SandboxMissing:
        kernels = Kernels(LIMITS, sandbox=False)
    with kernels:
        yield kernels


@contextlib.contextmanager
def distant(kernels, seconds=60.0):
    """A kernel with NumPy and the book, as a grader sees it."""
    with kernels.start() as kernel:
        there = Distant(kernel, Clock(seconds))
        assert there.run_cell("import numpy as np\nimport lstm_teach as lt", 30).status == "ok"
        yield there
