"""Honest submissions with right answers, in many styles."""

from dataclasses import replace

import nbformat
from wrong_answers import RIGHT

from .making import (
    APART,
    CELL,
    FULL,
    Entry,
    answers,
    cell,
    changed,
    notebook,
    released,
    solutions,
    to_bytes,
)


def _style(number):
    """Every exercise in another right way: the catalogue's number so-and-so."""

    def make():
        return to_bytes(notebook({CELL[id]: RIGHT[id][number] for id in CELL}))

    return make


def _extra_cells(made):
    for at in (3, 9, 15):
        made.cells.insert(at, nbformat.v4.new_code_cell("np.tanh(1.0)  # a try of mine"))
        made.cells.insert(at, nbformat.v4.new_markdown_cell("I wonder why this works."))


def _helper_elsewhere(made):
    made.cells.insert(2, nbformat.v4.new_code_cell("def squash(z):\n    return np.tanh(z)"))
    answer = "def rnn_step(x, h, W, U, b):\n    return squash(x @ W + h @ U + b)"
    cell(made, "rnn-step").source = answer


TRIED_OUT = """%%time
from numpy import *

def squash(z):
    return tanh(z)

rnn_step(ones((4, 2)), zeros((4, 3)), 1, 2, 3)
"""


def _helper_tried_out(made):
    _helper_elsewhere(made)
    made.cells[2].source = TRIED_OUT
    size = "def size(D, H):\n    return D * H + H * H + H"
    made.cells.append(nbformat.v4.new_code_cell(size))
    cell(made, "count").source = "def count_parameters(T, D, H):\n    return size(D, H)"


def _executed(made):
    """As JupyterLab saves it after a session: numbers, outputs, widgets, timings."""
    for number, each in enumerate((c for c in made.cells if c.cell_type == "code"), start=1):
        each.execution_count = number
        each.metadata["execution"] = {"iopub.status.idle": "2026-01-01T00:00:00Z"}
        each.outputs = [nbformat.v4.new_output("stream", name="stderr", text="Warning!\n" * 50)]
    made.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


PRINTS = """
import logging
import sys
import warnings

def rnn_step(x, h, W, U, b):
    print("x", x.shape, file=sys.stderr)
    print("h", h)
    logging.warning("a step")
    warnings.warn("a step is made", RuntimeWarning)
    np.log(np.zeros(2))
    np.array([1.0]) / 0
    return np.tanh(x @ W + h @ U + b)

print("That was easy", file=sys.stderr)
"""

PLOTS = """
import matplotlib.pyplot as plt

def rnn_step(x, h, W, U, b):
    figure, ax = plt.subplots()
    ax.plot(h[0])
    plt.show()
    plt.close(figure)
    return np.tanh(x @ W + h @ U + b)

plt.plot([1, 2, 3])
"""

CLASS = """
from dataclasses import dataclass
from functools import partial, wraps

def counted(function):
    @wraps(function)
    def inner(*args, **kwargs):
        inner.calls += 1
        return function(*args, **kwargs)
    inner.calls = 0
    return inner

@dataclass
class Module:
    squash: object = np.tanh

    def __call__(self, x: np.ndarray, h: np.ndarray, W, U, b) -> np.ndarray:
        return self.squash(x @ W + h @ U + b)

rnn_step = counted(Module())
rnn_step = partial(Module())
"""

VIEWS = """
def rnn_step(x, h, W, U, b):
    out = np.asfortranarray(np.tanh(x @ W + h @ U + b))[::-1][::-1]
    out.flags.writeable = False
    return out.T.T
"""

MAGIC = """
%matplotlib inline
%config InlineBackend.figure_format = "retina"
!echo a shell, where there is one
import asyncio
await asyncio.sleep(0.01)

{right}

%timeit -n1 -r1 np.tanh(0.5)
rnn_step?
"""

GREEK = """
from __future__ import annotations

# 一步 · шаг · βήμα · 🙂
σ = np.tanh
def rnn_step(x, h, W, U, b):
    ζ = x @ W + h @ U + b
    return σ(ζ)
"""

SLOW = """
import time

def rnn_step(x, h, W, U, b):
    time.sleep(0.05)
    return np.tanh(x @ W + h @ U + b)
"""


CHECKS_ITSELF = """
{right}

result = lt.check("2.1", rnn_step)
print(result, result.status, result.message)
display(result)
lt.hint("2.1")
lt.solution("2.1")
lt.checks.progress(2)
assert lt.check("2.1", rnn_step).require_right() is not None
"""

CELL_MAGIC = """
%%time
def rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
"""

SETTINGS = """
from numpy import *
import matplotlib.pyplot as plt
from ipywidgets import interact
from tqdm.auto import tqdm

np.seterr(all="raise")
np.set_printoptions(precision=2, suppress=True)
np.random.seed(0)
plt.style.use("ggplot")

def rnn_step(x, h, W, U, b):
    for _ in tqdm(range(3)):
        z = x @ W + h @ U + b
    return tanh(z)

interact(lambda u=0.5: print(u))
if __name__ == "__main__":
    print(Out, In[-1][:5], _)
"""

LONG = "{right}\n\ntotal = " + " + ".join(["1"] * 1500) + "\nnested = " + "[" * 80 + "]" * 80


def _in_own_cell(made):
    """The stub left as it was, and the answer in a cell below the check."""
    cell(made, "rnn-step").source = cell(released(), "rnn-step").source
    made.cells.insert(7, nbformat.v4.new_code_cell(APART["rnn-step"]))


def _later_try(made):
    made.cells.append(nbformat.v4.new_code_cell("def rnn_step(x, h, W, U, b):\n    return h"))


RIGHT_ONES = [
    Entry("right_master", lambda: to_bytes(notebook(solutions())), FULL, "The master's answers."),
    Entry("right_loops", _style(0), FULL, "Loops over every number, a latch in another cell."),
    Entry("right_einsum", _style(1), FULL, "einsum, the package's own functions, a tuple."),
    Entry("right_recursive", _style(2), FULL, "Recursion, block matrices, NumPy numbers."),
    Entry("right_prints", answers(rnn_step=PRINTS), FULL, "stderr and warnings cost nothing."),
    Entry("right_plots", answers(rnn_step=PLOTS), FULL, "Figures in a cell and in the function."),
    Entry("right_class", answers(rnn_step=CLASS), FULL, "A callable object, partial, wraps."),
    Entry("right_views", answers(rnn_step=VIEWS), FULL, "Fortran order, reversed, read-only."),
    Entry("right_magic", answers(rnn_step=MAGIC), FULL, "Magics, a shell line, top-level await."),
    Entry("right_greek", answers(rnn_step=GREEK), FULL, "Letters of other alphabets, __future__."),
    Entry("right_slow", answers(rnn_step=SLOW), FULL, "Half a second for a check is allowed."),
    Entry("right_extra_cells", changed(_extra_cells), FULL, "Extra cells do no harm."),
    Entry("right_executed", changed(_executed), FULL, "Outputs and counters are not the answer."),
    Entry("right_checks_itself", answers(rnn_step=CHECKS_ITSELF), FULL, "Checks do no harm."),
    Entry("right_cell_magic", answers(rnn_step=CELL_MAGIC), FULL, "%%time before the answer."),
    Entry("right_settings", answers(rnn_step=SETTINGS), FULL, "Stars, widgets, np.seterr."),
    Entry("right_long_sum", answers(count=LONG), FULL, "A sum of 1,500 terms is deep."),
    Entry("right_later_try", changed(_later_try), FULL, "Only the solution cell counts."),
    Entry(
        "right_helper_elsewhere",
        changed(_helper_elsewhere),
        FULL,
        "A helper in a cell of their own is honest work.",
        flags=("extra",),
    ),
    Entry(
        "right_helper_tried_out",
        changed(_helper_tried_out),
        FULL,
        "Cells of their own: an error, a magic, a star, a name that a later cell has too.",
        flags=("extra",),
    ),
    Entry(
        "right_in_own_cell",
        changed(_in_own_cell),
        FULL,
        "The answer in a cell of their own, the given one left blank.",
        flags=("extra",),
    ),
]

# An honest submission bothers nobody, unless it says that it does.
ENTRIES = [entry if entry.flags else replace(entry, person=False) for entry in RIGHT_ONES]
