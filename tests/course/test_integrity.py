"""Forgeries earn nothing and are flagged for a person; honest code is left alone."""

import pytest
from course.corpus.making import answers, notebook, to_bytes, wrong_step
from course.rooms import some_kernels

from lstm_teach.course import integrity
from lstm_teach.course.grading import grade
from lstm_teach.course.master import Master
from lstm_teach.course.rebuild import Rebuilt

MASTER = Master.read("02_the_chain")


@pytest.fixture(scope="module")
def kernels():
    with some_kernels() as found:
        yield found


def graded(kernels, source):
    made = grade(source, MASTER, kernels, student="eve", seed="secret", timeout=40)
    return made, {one["flag"] for one in made["flags"]}


def suspected(source):
    return integrity.suspicious(Rebuilt({"cell": source}))


@pytest.mark.parametrize(
    "source",
    [
        "import gc",
        "from inspect import getsource",
        "import ctypes.util as u",
        "import sys\nsys.modules['x'] = 1",
        "import sys\nf = sys._getframe(1)",
        "import os\nos._exit(0)",
        "from os import _exit",
        "from lstm_teach.checks.chapter_02 import step",
        "import lstm_teach as lt\nlt.checks.chapter_02.step.rnn_step",
        "__import__('socket')",
        "import subprocess",
        "get_ipython().ast_transformers.append(1)",
        "get_ipython().kernel.session",
        "open('/proc/1/environ')",
        "class A:\n    def f(self):\n        import zmq",
        "x = 'BEGIN HIDDEN TESTS'",
        "%%time\nimport gc",
        "%%capture\n%%time\nimport os\nos._exit(0)",
        "x = !ls\nimport gc",
        "    import gc",
        ">>> import os, gc",
        "/broken x\nfrom inspect import stack",
        "/broken x\nf = sys . modules",
        "/broken x\nf = (lambda: 0) . __code__",
        "/broken x\nget_ipython().kernel",
        "/broken x\n__import__('os')",
    ],
)
def test_a_source_that_names_what_no_exercise_needs_is_flagged(source):
    ((flag, says, person),) = suspected(source)
    assert (flag, person) == ("suspicious_source", True)
    assert len(says) < 600


@pytest.mark.parametrize(
    "source",
    [
        *MASTER.solutions.values(),
        "import sys, os, math, time\nprint(sys.version, os.getcwd())",
        "from scipy import signal\nimport matplotlib.pyplot as plt",
        "lt.check('2.1', rnn_step)\nlt.hint('2.1')\nlt.solution('2.1')",
        "%timeit rnn_step(1)\n!ls\nlayer.kernel = modules = 3",
        "this is not Python",
        "From the signal to the gradient. What we import is from socket to modules.",
        "%%time\n%matplotlib inline\nx = %timeit -o 1",
        "x = 9" + "9" * 5000,
    ],
    ids=lambda source: source[:30],
)
def test_honest_code_is_not_suspected(source):
    assert suspected(source) == []


@pytest.mark.parametrize(
    "padding",
    ["\n#" + "x" * 500_001, "\nx = " + " + ".join(["1"] * 20_000), "\nx = " + "-" * 90_000 + "1"],
    ids=["long", "deep", "minus"],
)
def test_a_source_that_is_too_much_to_look_at_is_for_a_person(padding):
    ((flag, says, person),) = suspected("x = 1" + padding)
    assert (flag, person) == ("unread_source", True)
    assert "cell" in says
    both = {flag for flag, *_ in suspected("import gc" + padding)}
    assert both == {"suspicious_source", "unread_source"}


@pytest.mark.parametrize("filler", ["a", " ", ".", "sys ", "from ", "import ", "import,", "x. "])
def test_a_source_that_is_no_python_is_looked_at_in_no_time(filler):
    suspected("broken(\n" + filler * (400_000 // len(filler)))


PATCH = "np.testing.assert_allclose = np.allclose = lambda *a, **k: True"
TRANSFORM = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Strip())
"""
NOTHING = """
import ast
class Nothing(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = [ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=4)]
        return node
get_ipython().ast_transformers.append(Nothing())
"""
SKIP = "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"
SILENCE = "get_ipython().showtraceback = lambda *a, **k: None"
TRACE = "import sys\nsys.settrace(lambda *a: None)"
BUILTINS = "import builtins\nbuiltins.abs = builtins.all = lambda *a: True"
EQUALS = """
class Always:
    __hash__ = None
    shape, dtype, ndim, size = (2, 2), float, 2, 4
    def __eq__(self, other): return True
    def __array__(self, *a, **k): return np.ones(1)
def rnn_step(x, h, W, U, b):
    return Always()
"""
FORGED = """
import sys
def rnn_step(x, h, W, U, b):
    harness = sys.modules["lstm_teach_harness"].serve.__self__
    harness._said = lambda outcome: {"kind": "returned", "value": {"opaque": "Right"}}
    return h
"""
STOLEN = """
import gc, sys
def rnn_step(x, h, W, U, b):
    for thing in [*gc.get_objects(), *sys.modules.values()]:
        found = getattr(thing, "__name__", "") == "rnn_step" and thing is not rnn_step
        if found and getattr(thing, "__module__", "").startswith("lstm_teach"):
            return thing(x, h, W, U, b)
    return np.zeros_like(h)
"""


@pytest.mark.parametrize(
    ("forgery", "flag"),
    [
        (PATCH, "patched"),
        (TRANSFORM, "transforms"),
        (SILENCE, "patched"),
        (TRACE, "traced"),
        (BUILTINS, "patched"),
        (EQUALS, "equals_everything"),
        (FORGED, "suspicious_source"),
        (STOLEN, "suspicious_source"),
    ],
    ids=["patch", "transform", "silence", "trace", "builtins", "equals", "forged", "stolen"],
)
def test_a_forgery_earns_nothing_and_is_flagged(kernels, forgery, flag):
    made, flags = graded(kernels, wrong_step(after=forgery)())
    assert made["tests"][0]["score"] == 0
    assert made["needs_a_person"]
    assert flag in flags


def test_a_forgery_below_what_is_watched_is_found_by_a_line_that_has_to_fail(kernels):
    deep = (
        "import numpy.testing._private.utils as _u\n_u.assert_array_compare = lambda *a, **k: None"
    )
    made, flags = graded(kernels, answers(order="{right}\n" + deep)())
    assert flags == {"canary"}
    assert made["needs_a_person"]


@pytest.mark.parametrize("forgery", [NOTHING, SKIP], ids=["empty modules", "empty cells"])
def test_a_kernel_that_runs_nothing_any_more_earns_nothing_more(kernels, forgery):
    made, _ = graded(kernels, wrong_step(after=forgery)())
    assert made["tests"][0]["score"] == 0
    assert made["needs_a_person"]


def test_an_answer_that_depends_on_the_call_is_flagged_and_keeps_its_points(kernels):
    moody = "import itertools\n_n = itertools.count()\n"
    moody += "def rnn_step(x, h, W, U, b):\n"
    moody += "    return np.tanh(x @ W + h @ U + b) * (1 + 1e-14 * next(_n))"
    made, flags = graded(kernels, answers(rnn_step=moody)())
    assert made["tests"][0]["score"] == 2
    assert "unsteady" in flags
    assert made["needs_a_person"]


def test_an_honest_notebook_has_no_flags(kernels):
    made, flags = graded(kernels, to_bytes(notebook({})))
    assert (flags, made["needs_a_person"]) == (set(), False)
