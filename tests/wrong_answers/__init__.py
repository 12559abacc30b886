"""What students write: the classic mistakes, each under the name that the check must give it,
and other right ways, which the check must accept. Each is the text of a notebook cell.
"""

import linecache
from importlib import import_module
from itertools import count
from pathlib import Path
from textwrap import dedent

import numpy as np

import lstm_teach as lt

_number = count(1)


def run_cell(text, **names):
    """Run the text of a cell, as a notebook does, and return the names it leaves behind."""
    text = dedent(text).strip("\n") + "\n"
    file = f"<cell {next(_number)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names = {"np": np, "lt": lt, **names}
    exec(compile(text, file, "exec"), names)
    return names


def answers(exercise, text):
    """The functions that the check of this exercise wants, from a cell.

    What the cell does not define is taken from the solution.
    """
    solutions = {
        part.reference.__name__: part.reference
        for other in lt.checks.EXERCISES.values()
        for part in other.parts
    }
    names = run_cell(text, **solutions)
    return [names[part.name] for part in exercise.parts]


CHAPTERS = [
    import_module(f"{__name__}.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("chapter_*.py"))
]
WRONG = {id: wrong for chapter in CHAPTERS for id, wrong in chapter.WRONG.items()}
RIGHT = {id: right for chapter in CHAPTERS for id, right in chapter.RIGHT.items()}
