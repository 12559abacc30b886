"""Cells of the student's own, where an answer needs them.

Where an answer uses a name that only cells of the student's own bind, these cells are run too, in
their order in the notebook, right before the first answer that needs them. Each is run as a cell:
an error, or the end of its time, ends that cell alone.

Which cells these are: those above the answer, as the notebook was run from top to bottom; if none
of them binds the name, those below it. What the master's own cells and answers above bind needs no
other cell, but for a name of a set-up cell to which a cell below it gives another value.
"""

import ast
from collections import defaultdict, namedtuple
from dataclasses import replace

from .master import Cell
from .plain import plain
from .reading import BUILTINS, TooMuch, bare, names_bound, names_imported, names_read, parsed

MOST_EXTRA = 60  # cells of the student's own that are run
STARRED = {"abs", "all", "any", "max", "min", "pow", "round", "sum"}  # what a * may replace

Own = namedtuple("Own", "at cell imports")


class OwnCells:
    """The cells of the student's own: who binds a name, and which have been taken.

    given: {name: the place of the master's cell that binds it}; a later cell may bind it anew.
    """

    def __init__(self, cells, own):
        self.given = dict.fromkeys(BUILTINS, -1)
        self.taken, self.binding = set(), defaultdict(list)
        place = {id(cell): at for at, cell in enumerate(cells)}
        for cell in own:
            one = Own(place[id(cell)], cell, names_imported(cell.source))
            for name in cell.binds:
                self.binding[name].append(one)

    def give(self, names, at):
        """Say that the cell at a place binds these names."""
        self.given.update(dict.fromkeys(names, at))

    def needed(self, names, place):
        """The cells not taken yet that names need at a place, and what these cells need; taken."""
        names, found = list(names), []
        asked = set(names)
        for name in names:
            for one in self._who_bind(name, place):
                if one.at in self.taken or len(self.taken) == MOST_EXTRA:
                    continue
                self.taken.add(one.at)
                found.append(one)
                more = names_read(one.cell.source) - asked
                asked |= more
                names += sorted(more)
        return sorted(found)

    def _who_bind(self, name, place):
        """The cells that bind a name for an answer at this place, the nearest first."""
        since = self.given.get(name)
        known, starred = self.binding.get(name, []), self.binding.get("*", [])
        if since is None:
            known = known or starred
            return [one for one in reversed(known) if one.at < place] or known
        anew = [one for one in known if name not in one.imports]
        anew += starred if name in STARRED else []
        return [one for one in reversed(anew) if since < one.at < place]


def take_along(cells, rest, made, master):
    """Put down which of the student's own cells are run with which answer, and flag them.

    cells: all that came; rest: the code cells that are no solution cells. A stub that was left
    as it is, is run before them: the answer is in them.
    """
    mine, here = OwnCells(cells, _own(rest, master)), -1
    places = {cell.grade_id: at for at, cell in enumerate(cells) if cell.grade_id} | made.places
    for cell in master.cells:
        here = places.get(cell.grade_id, here)
        if cell.kind == "set-up":
            mine.give(cell.binds, here)
        if not (cell.answer and cell.code) or made.sources[cell.grade_id] is None:
            continue
        source = made.sources[cell.grade_id]
        blank = _is_blank(cell, source)
        missing = cell.binds if blank else cell.binds - names_bound(source)
        found = mine.needed(missing, len(cells))
        found = sorted(found + mine.needed(names_read(source), here))
        mine.give(names_bound(source), len(cells))
        if found:
            side = made.below if blank else made.above
            side[cell.grade_id] = [one.cell.source for one in found]
            _say_so(cell, found, made)
    if len(mine.taken) == MOST_EXTRA:
        says = f"No more than {MOST_EXTRA} extra cells were taken; the answers may need more."
        made.flag("extra_cell", says, person=True)


def _own(rest, master):
    """The cells of the student's own, and of the master's those that were changed."""
    as_given = {bare(text) for c in master.cells if not c.answer for text in (c.stub, c.source)}
    return [cell for cell in rest if bare(cell.source) not in as_given]


def _is_blank(cell, source):
    """Whether a solution cell is as it was handed out, but for comments and layout."""
    if "NotImplementedError" not in source:
        return False
    try:
        trees = [parsed(text) for text in (cell.stub, source)]
        return None not in trees and ast.dump(trees[0]) == ast.dump(trees[1])
    except (TooMuch, RecursionError):
        return False


def as_run(master, rebuilt):
    """The master with the cells of the student's own in their places, as it is run."""
    cells = []
    for cell in master.cells:
        above, below = (
            [Cell("set-up", source) for source in side.get(cell.grade_id, ())]
            for side in (rebuilt.above, rebuilt.below)
        )
        cells += [*above, cell, *below]
    return replace(master, cells=tuple(cells))


def _say_so(cell, found, made):
    names = sorted(set().union(*(one.cell.binds for one in found)))
    names = ["import *" if name == "*" else name for name in names]
    made.flag(
        "extra_cell",
        f"The answer in {cell.grade_id} uses code from an extra cell, which is no solution cell. "
        f"It was taken too: {plain(', '.join(names), 100)}.",
    )
