"""Cells of the student's own are run where an answer needs them, as cells, and no others."""

import copy
import json

import nbformat
import pytest
from course.corpus.making import APART, cell, full, lost, notebook
from course.rooms import some_kernels

from lstm_teach.course import extra, playing
from lstm_teach.course.grading import grade
from lstm_teach.course.master import Master
from lstm_teach.course.rebuild import rebuild

MASTER = Master.read("02_the_chain")
HELPER = "def squash(z):\n    return np.tanh(z)\n"
RIGHT = "def rnn_step(x, h, W, U, b):\n    return np.tanh(x @ W + h @ U + b)"
HELPED = RIGHT.replace("np.tanh", "squash")


@pytest.fixture(scope="module")
def kernels():
    with some_kernels() as found:
        yield found


def with_own(above="", below="", name="rnn-step", end=(), **answers):
    """The bytes of a right notebook with cells of the student's own around one solution cell.

    answers: other texts for solution cells; end: cells at the end of the notebook.
    """
    made = notebook(APART)  # right answers that do not lean on one another
    for answer, source in answers.items():
        cell(made, answer.replace("_", "-")).source = source
    at = made.cells.index(cell(made, name))
    made.cells[at + 1 : at + 1] = own(below)
    made.cells[at:at] = own(above)
    made.cells += own(end)
    return json.dumps(made).encode()


def own(sources):
    sources = [sources] if isinstance(sources, str) else sources
    return [nbformat.v4.new_code_cell(source) for source in sources if source]


def rebuilt(*args, **answers):
    return rebuild(with_own(*args, **answers), MASTER)


def flags(found):
    return {one.flag for one in found.flags}


def marks(kernels, source, timeout=60):
    made = grade(source, MASTER, kernels, student="anna", seed="secret", timeout=timeout)
    assert not made["needs_a_person"], made["flags"]
    return {one["name"]: one["score"] for one in made["tests"]}


# --- which cells, and in which order ------------------------------------------------------------


def test_a_helper_is_taken_along_with_what_it_needs_in_the_notebooks_order():
    end = ["twice = 2", HELPER + "    + twice", "unrelated = 1"]
    found = rebuilt(end=end, rnn_step=HELPED)
    assert found.sources["rnn-step"] == HELPED
    assert found.above == {"rnn-step": end[:2]}
    assert flags(found) == {"extra_cell"}


def test_an_answer_in_a_new_cell_below_the_stub_counts():
    stub = next(c.stub for c in MASTER.cells if c.grade_id == "rnn-step")
    found = rebuilt(below=RIGHT, rnn_step=stub)
    assert (found.above, found.below) == ({}, {"rnn-step": [RIGHT]})
    assert found.texts()["rnn-step"].endswith(RIGHT)
    assert flags(found) == {"extra_cell"}


def test_what_stands_above_an_answer_comes_before_what_stands_below_it():
    later = "def squash(z):\n    return 7"
    assert rebuilt(HELPER, later, rnn_step=HELPED).above == {"rnn-step": [HELPER]}
    assert rebuilt("", later, rnn_step=HELPED).above == {"rnn-step": [later]}


def test_each_answer_gets_the_value_that_its_cell_had_in_the_notebook():
    made = json.loads(with_own("scale = 1", rnn_step=HELPED.replace("squash", "scale * np.tanh")))
    as_cells = nbformat.from_dict(made)
    count = cell(as_cells, "count")
    count.source = "def count_parameters(T, D, H):\n    return scale"
    as_cells.cells[as_cells.cells.index(count) : as_cells.cells.index(count)] = own("scale = 2")
    found = rebuild(json.dumps(as_cells).encode(), MASTER)
    assert found.above == {"rnn-step": ["scale = 1"], "count": ["scale = 2"]}


SIZE = "def size(D, H):\n    return D * H + H * H"
COUNT = "def count_parameters(T, D, H):\n    return size(D, H) + H"
STACK = "def stack(W, U):\n    return np.concatenate([W, U])"
MERGE = """def block_matrix(W, U):
    return stack(W, U)

def merged_step(x, h, V, b):
    stack = np.concatenate([x, h], axis=1)
    return np.tanh(stack @ V + b)"""


@pytest.mark.parametrize(
    ("name", "helper", "answer"),
    [
        ("count", SIZE, COUNT),
        ("merge", STACK, MERGE),
        ("rnn-step", "%%time\n" + HELPER, HELPED),
        ("rnn-step", "\n%%capture out\n%%time\n" + HELPER, HELPED),
        ("rnn-step", "from numpy import *", HELPED.replace("squash", "tanh")),
        ("rnn-step", "from numpy import *\nx = 1", HELPED.replace("squash(", "sum([")[:-1] + "])"),
        ("rnn-step", "def sum(z):\n    return np.tanh(z)", HELPED.replace("squash", "sum")),
        ("rnn-step", "def make():\n    global squash\n    squash = np.tanh\nmake()", HELPED),
        ("order", "def rng():\n    return 'C'", "def prediction():\n    return rng(), 'because'"),
        ("rnn-step", "    " + HELPER.replace("\n", "\n    "), HELPED),
    ],
    ids=[
        "a later set-up cell has the name",
        "another function has a local of the name",
        "time",
        "capture and time",
        "star",
        "a star that replaces Python's own",
        "a name of Python's",
        "global",
        "an earlier set-up cell has the name",
        "indented",
    ],
)
def test_a_helper_is_found(name, helper, answer):
    found = rebuilt(helper, name=name, **{name.replace("-", "_"): answer})
    assert found.above == {name: [helper]}


@pytest.mark.parametrize(
    "source",
    ["import numpy as np", "np.tanh(1.0)", "x = h = 3", "from math import *", "%%time\nx = 1"],
)
def test_what_no_answer_needs_is_left_out(source):
    found = rebuilt(source)
    assert (found.above, found.below, found.flags) == ({}, {}, [])


def test_only_so_many_cells_are_taken_and_a_person_hears_of_it():
    chain = [f"n{i} = n{i + 1}" for i in range(4900)]
    found = rebuilt(chain, name="count", count=COUNT + "\nif 0: n0")
    assert len(found.above["count"]) == extra.MOST_EXTRA
    assert any(one.flag == "extra_cell" and one.person for one in found.flags)


# --- and how they are run -----------------------------------------------------------------------

TRIED = HELPER + "\nrnn_step(np.ones((4, 2)), np.zeros((4, 3)), np.ones((2, 3)), np.eye(3), 0)"


@pytest.mark.parametrize(
    ("above", "below", "answer"),
    [
        ("", TRIED, HELPED),
        (TRIED, "", HELPED),
        (HELPER + "\nsquash('a')", "", HELPED),
        ("%%time\n" + HELPER, "", HELPED),
        (["%%capture\n" + HELPER, "rest = 0"], "", HELPED.replace("+ b", "+ b + rest")),
        ("from numpy import *", "", HELPED.replace("squash", "tanh")),
        ("rng = 3\n" + HELPER, "", HELPED),
        ("size = 3\nsquash = [abs, np.tanh][size % 2]", "", HELPED),
        (
            "%%writefile helper.py\nimport numpy as np\n" + HELPER,
            "",
            f"from helper import squash\n\n{HELPED}",
        ),
        ("squash = np.tanh\nbroken(", "squash = np.tanh", HELPED),
    ],
    ids=[
        "tried below",
        "tried above",
        "error",
        "time",
        "capture",
        "star",
        "rng",
        "size",
        "file",
        "",
    ],
)
def test_an_answer_with_a_helper_in_a_cell_of_its_own_has_its_points(kernels, above, below, answer):
    assert marks(kernels, with_own(above, below, rnn_step=answer)) == full()


def test_helpers_that_take_all_the_time_they_can_cost_no_points(kernels, monkeypatch):
    monkeypatch.setattr(playing, "CELL_SECONDS", 1.0)
    slow = HELPER + "\nimport time\ntime.sleep(50)  # a try of mine"
    more = slow.replace("squash", "twice").replace("np.tanh(z)", "2 * z")
    answer = HELPED.replace("squash(", "0.5 * twice(squash(") + ")"
    assert marks(kernels, with_own([slow, more], rnn_step=answer)) == full()


def test_a_helper_that_is_wrong_costs_what_needs_it(kernels):
    wrong = "def squash(z):\n    return z"
    assert marks(kernels, with_own(wrong, rnn_step=HELPED)) == lost("rnn-step")


def test_a_cell_of_ones_own_cannot_hide_what_is_suspicious(kernels):
    source = with_own("%%time\nimport gc\n" + HELPER, rnn_step=HELPED)
    made = grade(source, MASTER, kernels, student="eve", seed="secret")
    assert "suspicious_source" in {one["flag"] for one in made["flags"]}
    assert made["needs_a_person"]


def test_the_notebook_is_not_changed_by_being_run():
    found = rebuilt(HELPER, rnn_step=HELPED)
    before = copy.deepcopy(MASTER.cells)
    cells = extra.as_run(MASTER, found).cells
    assert MASTER.cells == before
    assert [c.source for c in cells if c not in before] == [HELPER]
