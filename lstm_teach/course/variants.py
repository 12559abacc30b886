"""Variants of a master: other inputs in the book's checks, other numbers and letters in some.

An exercise of an instructor's own is the same in all variants. What varies in one of the book's is
said beside it, in `lstm_teach/checks` (see variant.py there). Here
the notebook gets the same words. The result is a master like any other: solutions, hidden tests,
grade_ids; its checks ask for "2.7/7", which is exercise 2.7 in variant 7.
"""

import copy
import re

from ..checks import EXERCISES
from ..checks.variant import variation_of, with_other_letters

MOST = 999_999_999
HEADING = re.compile(r"^## (\d+\.\d+) ", re.MULTILINE)
CALL = re.compile(r"""(\blt\.(?:checks\.)?(?:check|hint|solution)\(\s*["'])(\d+\.\d+)(?=["'])""")
ROW = re.compile(r"^\| \*\*([A-Z])\*\* (\|.*)$", re.MULTILINE)


class NoVariant(ValueError):
    """A number that names no variant; the message says which do."""


def derive(notebook, number):
    """The master `notebook` in the variant of this number, a new notebook. Raises NoVariant.

    The same number always gives the same notebook, byte for byte.
    """
    number = numbered(number)
    varied, here = copy.deepcopy(notebook), None
    for place, cell in enumerate(varied.cells):
        heading = cell.cell_type == "markdown" and HEADING.search(cell.source)
        if heading:
            here = EXERCISES.get(heading.group(1))
        elif cell.cell_type == "markdown" and cell.source.startswith("## "):
            here = None
        if here:
            cell.source = _in_variant(cell, variation_of(here, number))
        cell.source = CALL.sub(lambda call: _called(call, number), cell.source)
        if place == 0 and cell.cell_type == "markdown":
            cell.source += f"\n\n*This is variant {number}.*"
    return varied


def master(where, number=None):
    """The Master of this name or at this path, in a variant if a number is given.

    Raises NoVariant, master.MasterMissing.
    """
    from .master import Master, found

    plain = Master.read(where)
    if number is None:
        return plain
    import nbformat  # it takes a second

    number = numbered(number)
    notebook = nbformat.read(found(where), as_version=4)
    return Master.of(derive(notebook, number), plain.name, variant=number, files=plain.files)


def numbered(number):
    """The number as an int. Raises NoVariant where it is none from 1 to 999999999."""
    if not re.fullmatch("[1-9][0-9]{0,8}", str(number)):
        raise NoVariant(f"a variant is a whole number from 1 to {MOST}; {number!r:.40} came.")
    return int(number)


def what_varies(notebook):
    """The ids of the exercises in a master that get other numbers or letters in a variant."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    ids = [id for id in HEADING.findall(text) if id in EXERCISES]
    return [id for id in ids if variation_of(EXERCISES[id], 1)]


def asked(notebook):
    """The ids of the book's exercises whose checks a master calls: they draw other inputs."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    ids = {call[2] for call in CALL.finditer(code)} & EXERCISES.keys()
    return sorted(ids, key=lambda id: [int(part) for part in id.split(".")])


def told(notebooks, number):
    """What differs in a variant of these notebooks, for the instructor."""
    inputs = [id for notebook in notebooks for id in asked(notebook)]
    words = [id for notebook in notebooks for id in what_varies(notebook)]
    if not inputs and not words:
        return (
            f"Variant {number}: nothing differs but the number on its first page. Only the book's "
            "own checks have variants; exercises of your own are the same in all."
        )
    own = "" if all(map(_is_ours, notebooks)) else " Exercises of your own are the same in all."
    return (
        f"Variant {number}: other random inputs in {', '.join(inputs) or 'no exercise'}; other "
        f"numbers or letters in {', '.join(words) or 'no exercise'}.{own} Grade it with --variant "
        f"{number}."
    )


def _is_ours(notebook):
    """Whether each test of a master is one of the book's checks."""
    facts = [(cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells]
    tests = [cell.source for cell, mark in facts if mark.get("grade") and not mark.get("solution")]
    return all(any(call[2] in EXERCISES for call in CALL.finditer(test)) for test in tests)


def _called(call, number):
    """A call of ours by the id of the variant; an exercise of the instructor's own stays."""
    return call.group() + (f"/{number}" if call.group(2) in EXERCISES else "")


def _in_variant(cell, variation):
    """The source of a cell in the words of the variation, with the choices' rows exchanged."""
    source = variation.text(cell.source)
    if not variation.letters:
        return source
    if cell.cell_type == "code":
        return with_other_letters(source, variation.letters)
    return _rows_exchanged(source, variation.letters)


def _rows_exchanged(text, letters):
    """The text with the rows of its table of choices in the order of their new letters."""
    rows = {letters[old]: row for old, row in ROW.findall(text) if old in letters}
    if set(rows) != set(letters):
        return text
    return ROW.sub(lambda match: f"| **{match.group(1)}** {rows[match.group(1)]}", text)
