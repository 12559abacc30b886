"""Honest submissions by the dozen: for each exercise a right, a wrong, a half or a blank answer.

`mixed(name, rng)` draws one from the catalogue of `tests/wrong_answers`, for any assignment.
What it must earn is what the same answers earn when this process checks them, with other numbers:
the student's own check is the truth.
"""

import contextlib
import io
import re
from functools import cache
from textwrap import dedent

from wrong_answers import RIGHT, WRONG, run_cell

from lstm_teach.checks import check

from .making import _read, full, mark, notebook, solutions, to_bytes

CALL = re.compile(r'lt\.check\("([\d.]+)", ([\w, ]+)\)')
SHARES = (0.55, 0.3)  # right, wrong; the rest is left blank
SEED = 20_26_11


@cache
def exercises(name):
    """(exercise, its functions' names, its solution cells, its grade cell) of an assignment."""
    found, sources = [], solutions(name)
    for cell in _read("solutions", name).cells:
        if mark(cell).get("grade") and (call := CALL.search(cell.source)):
            names = call[2].split(", ")
            cells = [
                grade_id
                for grade_id, source in sources.items()
                if any(re.search(rf"^(def )?{each}\b", source, re.MULTILINE) for each in names)
            ]
            found.append((call[1], names, cells, mark(cell)["grade_id"]))
    return found


def mixed(name, rng):
    """One honest submission: (its bytes, what each grade cell must earn)."""
    sources = solutions(name)
    chosen = {}
    for id, _, cells, _ in exercises(name):
        kind = rng.random()
        if kind > sum(SHARES):
            continue
        chosen.update({cell: sources[cell] for cell in cells})
        catalogue = RIGHT[id] if kind < SHARES[0] else _endings(id)
        if kind > 0.2:
            text = catalogue[rng.integers(len(catalogue))]
            chosen[cells[-1]] += f"\n\n\n{dedent(text).strip()}"
    return to_bytes(notebook(chosen, name)), earned(name, chosen)


def earned(name, chosen):
    """The points of these answers, by the student's own check at its place in the notebook."""
    blanks = {mark(c).get("grade_id"): c.source for c in _read("exercises", name).cells}
    tests = {grade_id: (id, parts) for id, parts, _, grade_id in exercises(name)}
    names, marks, quiet = {}, dict.fromkeys(full(name), 0), io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        for grade_id in (mark(cell).get("grade_id") for cell in _read("solutions", name).cells):
            if grade_id in solutions(name):
                with contextlib.suppress(Exception):
                    names = run_cell(chosen.get(grade_id, blanks[grade_id]), **names)
            elif grade_id in tests:
                id, parts = tests[grade_id]
                answer = [names.get(part) for part in parts]
                if all(check(id, *answer, seed=seed).status == "right" for seed in (0, SEED)):
                    marks[grade_id] = full(name)[grade_id]
    return marks


def _endings(id):
    """The wrong answers that come to an end: the others are in greedy.py."""
    return [text for mistake, text in WRONG[id].items() if mistake != "does not end"]
