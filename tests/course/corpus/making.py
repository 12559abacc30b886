"""Making submissions: the released notebook with this or that written into it.

Everything comes from the master, so that the corpus cannot fall behind it: what a student gets
(`released`), the solutions (`SOLUTIONS`), and what each grade cell is worth (`FULL`).
"""

import copy
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from textwrap import dedent

import nbformat
from wrong_answers import RIGHT

ROOT = Path(__file__).parents[3]
NAME = "02_the_chain"
CELL = {  # exercise -> the cell that takes an answer in one piece
    "2.1": "rnn-step",
    "2.2": "rnn-forward",
    "2.3": "merge",
    "2.4": "count",
    "2.5": "batch",
    "2.6": "hold",
    "2.7": "order",
}
SEEN, HIDDEN = 0, 2026  # the seeds that stand in the notebook and in the master


@dataclass(frozen=True)
class Entry:
    """One submission, and what grading it has to give.

    `make()` gives its bytes. `marks` holds what each grade cell earns; a pair (least, most) where
    the machine may decide it either way; the empty dictionary where only the batch has to live.
    `flags` are words, each of which has to stand in some flag; `person`: whether a person has to
    look, None where either will do. `mistakes` names the known mistake that has to be told.
    `sentinel`: a word that it dies with if it gets at something that it must not.
    """

    name: str
    make: object
    marks: dict
    why: str
    flags: tuple = ()
    person: bool | None = None
    mistakes: dict = field(default_factory=dict)
    statuses: dict = field(default_factory=dict)
    sentinel: str = ""
    assignment: str = NAME


@cache
def _read(folder, name):
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def released(name=NAME):
    """The notebook as the student gets it: a copy that may be written into."""
    return copy.deepcopy(_read("exercises", name))


def mark(cell):
    """What nbgrader's metadata say of a cell: a dictionary, empty where there are none."""
    return cell.metadata.get("nbgrader", {})


def _without_markers(source):
    lines = source.splitlines()
    return "\n".join(
        line for line in lines if not line.strip().startswith(("### BEGIN", "### END"))
    )


@cache
def _solutions(name):
    cells = _read("solutions", name).cells
    return {
        mark(cell)["grade_id"]: _without_markers(cell.source)
        for cell in cells
        if mark(cell).get("solution")
    }


def solutions(name=NAME):
    """The master's own solutions: grade_id -> source."""
    return dict(_solutions(name))


def full(name=NAME):
    """What each grade cell is worth: grade_id -> points."""
    return {
        mark(cell)["grade_id"]: mark(cell)["points"]
        for cell in _read("solutions", name).cells
        if mark(cell).get("grade")
    }


FULL = full()
NOTHING = dict.fromkeys(FULL, 0)
# Right answers that do not lean on one another: what one cell loses, only that cell loses.
APART = {**solutions(), "rnn-forward": dedent(RIGHT["2.2"][0]).strip()}


def lost(*checks, name=NAME):
    """Full marks but for these grade cells, whose names may leave out the -check."""
    gone = {f"{check.removesuffix('-check')}-check" for check in checks}
    assert gone <= set(full(name)), gone
    return {check: 0 if check in gone else points for check, points in full(name).items()}


def only(*checks, name=NAME):
    """Nothing but for these grade cells."""
    kept = {f"{check.removesuffix('-check')}-check" for check in checks}
    return {check: points if check in kept else 0 for check, points in full(name).items()}


def cell(notebook, grade_id):
    """The cell of this name."""
    return next(c for c in notebook.cells if mark(c).get("grade_id") == grade_id)


def notebook(answers, name=NAME):
    """The released notebook with these sources in the solution cells: grade_id -> text."""
    made = released(name)
    for grade_id, text in answers.items():
        cell(made, grade_id).source = dedent(text).strip("\n")
    return made


def to_bytes(made):
    """A notebook as a file, whatever is wrong with it: nothing is validated."""
    return json.dumps(made, indent=1, ensure_ascii=True).encode()


def answers(**texts):
    """A way to make a submission with right answers but for these: rnn_step="..." or "{right}".

    `{right}` stands for the right answer of the cell, so that something can be put around it.
    """

    def make():
        chosen = dict(APART)
        for name, text in texts.items():
            grade_id = name.replace("_", "-")
            chosen[grade_id] = dedent(text).strip("\n").replace("{right}", APART[grade_id])
        return to_bytes(notebook(chosen))

    return make


def changed(change, base=APART, name=NAME):
    """A way to make a submission: right answers, then `change(notebook)` does its damage.

    `change` may return other bytes, or another notebook; None keeps the one it was given.
    """

    def make():
        made = notebook(base, name)
        result = change(made)
        if isinstance(result, bytes):
            return result
        return to_bytes(made if result is None else result)

    return make


def wrong_step(before="", after=""):
    """A way to make a submission: a wrong `rnn_step` and code that wants points for it."""
    text = "\n".join([dedent(before), BLANK_STEP, dedent(after)])
    return answers(rnn_step=text)


BLANK_STEP = '''
def rnn_step(x, h, W, U, b):
    """No answer at all, of the right shape."""
    return np.zeros_like(h)
'''
