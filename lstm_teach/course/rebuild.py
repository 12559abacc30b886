"""What is taken from a submission: the sources of the solution cells, and what these need.

A submission has been through editors, learning platforms and a student's hands. Whatever came
of it, each solution cell of the master is looked for: by grade_id, by the cell's id, by what it
defines, by its likeness to what was handed out. All that is not as it was is said as a flag.
"""

import re
from collections import namedtuple
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .extra import take_along
from .reading import bare, names_bound
from .unpacking import Unreadable, cells_of

__all__ = ["Rebuilt", "Unreadable", "rebuild"]

LIKE_A_STUB = 0.6
COMPARED = 20_000  # characters of a cell that are compared with a stub
MOST_COMPARED = 100  # cells that are
MOST_COPIES = 20  # cells of one name that are looked at
MOST_READ = 2_000_000  # characters of cells that are no solution cells

ASKED = re.compile(r"""\bcheck\(\s*["'][\d.]+(?:/(\d+))?["']""")

Flag = namedtuple("Flag", "flag says person", defaults=(False,))


@dataclass
class Rebuilt:
    """sources: {grade_id: source, or None where there is no such cell}; flags: list of Flag.

    above and below: {grade_id: sources of cells of the student's own that are run before it, or
    after it}; places: {grade_id: where its cell stood, if it had lost its name}.
    """

    sources: dict
    flags: list = field(default_factory=list)
    above: dict = field(default_factory=dict)
    below: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)

    def parts(self):
        """(grade_id, source) of all that is run, in its order; a missing cell is left out."""
        for name, source in self.sources.items():
            if source is not None:
                for part in (*self.above.get(name, ()), source, *self.below.get(name, ())):
                    yield name, part

    def texts(self):
        """{grade_id: its source with the cells that are run before and after it}."""
        found = {}
        for name, part in self.parts():
            found[name] = f"{found[name]}\n\n{part}" if name in found else part
        return found

    def flag(self, flag, says, person=False):
        self.flags.append(Flag(flag, says, person))


def rebuild(source, master):
    """The sources of the solution cells in the bytes of a submission. Raises Unreadable."""
    cells, remarks = cells_of(source)
    made = Rebuilt({})
    for flag, says in remarks:
        made.flag(flag, says)
    rest = list(cells)
    wanted = [cell for cell in master.cells if cell.answer]
    for cell in wanted:
        made.sources[cell.grade_id] = _by_grade_id(cell, rest, made)
    rest = _within_reach(rest, made)
    _exchanged(wanted, made)
    _without_metadata(cells, [c for c in wanted if made.sources[c.grade_id] is None], rest, made)
    _missing(cells, master, made)
    _edited(cells, master, made)
    take_along(cells, [cell for cell in rest if cell.type == "code"], made, master)
    return made


def _by_grade_id(wanted, rest, made):
    """The source of the last cell of that name; the cells of that name leave `rest`."""
    found = [cell for cell in rest if cell.grade_id == wanted.grade_id]
    rest[:] = [cell for cell in rest if cell.grade_id != wanted.grade_id]
    if not found:
        return None
    return _counting(found, wanted, made)


def _counting(found, wanted, made):
    """The source that counts, of the cells that have been found for one solution cell."""
    source, name = found[-1].source, wanted.grade_id
    if wanted.code and found[-1].type != "code":
        made.flag(
            "not_code",
            f"The solution cell {name} has been turned into {found[-1].type}; it is taken as code.",
        )
    if len(found) > 1:
        differ = len({cell.source.strip() for cell in found}) > 1
        says = f"The solution cell {name} is there {len(found)} times (a duplicate). "
        missing = wanted.binds - names_bound(source)
        halves = [c.source for c in found[-MOST_COPIES:-1] if missing & names_bound(c.source)]
        if differ and halves:
            source = "\n\n".join([*halves, source])
            says += "Each has a part of the answer, so they are taken together."
        else:
            says += "The last one counts."
        made.flag("duplicate_cell", says + (" They differ." if differ else ""), person=differ)
    return source


def _within_reach(rest, made):
    """The first of the other cells, as many as are looked at."""
    read, found = 0, []
    for cell in rest:
        read += len(cell.source) if cell.type == "code" else 0
        if read > MOST_READ:
            says = f"There are more than {MOST_READ:,} characters in cells that are no solution "
            made.flag("unread_source", says + "cells; what came after was not read.", person=True)
            break
        found.append(cell)
    return found


def _exchanged(wanted, made):
    """Put answers that stand in one another's cells where they belong."""
    astray = {
        cell.grade_id: cell
        for cell in wanted
        if made.sources[cell.grade_id]
        and cell.binds
        and not cell.binds & names_bound(made.sources[cell.grade_id])
    }
    given = {name: made.sources[name] for name in astray}
    for name, cell in astray.items():
        for source in given.values():
            if cell.binds & names_bound(source):
                made.sources[name] = source
                made.flag(
                    "exchanged_cells",
                    f"The answer of {name} stood in the cell of another answer.",
                )


def _without_metadata(cells, wanted, rest, made):
    """Look for solution cells that have lost their names."""
    compared = [o for o in rest if o.type == "code" and not o.grade_id][:MOST_COMPARED]
    ways = (
        (
            "the cell's id",
            lambda cell, other: other.id and other.id == cell.id and not other.grade_id,
        ),
        ("what it defines", lambda cell, other: bool(cell.binds & other.binds)),
        ("its likeness", lambda cell, other: other in compared and _is_like(cell, other)),
    )
    for how, is_it in ways:
        for cell in [c for c in wanted if made.sources[c.grade_id] is None]:
            found = [o for o in rest if o.type == "code" and not o.grade_id and is_it(cell, o)]
            if not found:
                continue
            for other in found:
                rest.remove(other)
            made.sources[cell.grade_id] = _counting(found, cell, made)
            made.places[cell.grade_id] = cells.index(found[-1])
            made.flag(
                "no_metadata",
                f"The solution cell {cell.grade_id} has lost nbgrader's metadata. It was found by "
                f"{how}.",
            )


def _is_like(cell, other):
    if max(len(cell.stub), len(other.source)) > COMPARED or not other.source.strip():
        return False
    match = SequenceMatcher(None, cell.stub, other.source, autojunk=False)
    ways = (match.real_quick_ratio, match.quick_ratio, match.ratio)  # the cheapest first
    return all(way() > LIKE_A_STUB for way in ways)


def _missing(cells, master, made):
    """Say which answers are not there; and if most are not, that this may be another notebook."""
    gone = [grade_id for grade_id, source in made.sources.items() if source is None]
    for grade_id in gone:
        made.flag("missing_cell", f"The solution cell {grade_id} is missing.")
    ids = {cell.grade_id for cell in cells if cell.grade_id}
    strange = ids - {cell.grade_id for cell in master.cells}
    if len(gone) == len(made.sources) or len(strange) > len(ids) / 2:
        made.flag("other_notebook", "Most cells are other cells: another notebook?", person=True)


def _edited(cells, master, made):
    """Say which read-only cells are gone, or not as they were handed out, or worth other points."""
    there = {}
    for cell in cells:
        if cell.grade_id:
            there.setdefault(cell.grade_id, []).append(cell)
    deleted, edited, dearer, variants = [], [], [], set()
    for cell in master.cells:
        if not there or cell.kind not in ("grade", "set-up") or not cell.grade_id:
            continue
        found = there.get(cell.grade_id, [])
        as_given = (bare(cell.stub), bare(cell.source))
        other = {v for one in found for v in _variants(one.source)} - set(_variants(cell.source))
        variants |= other
        if not found:
            deleted.append(cell.grade_id)
        elif not other and any(bare(one.source) not in as_given for one in found):
            edited.append(cell.grade_id)
        if cell.kind == "grade" and any(one.points != cell.points for one in found):
            dearer.append(cell.grade_id)
    for flag, names, says in (
        ("deleted_cell", deleted, "These read-only cells were deleted; the master has them: {}."),
        ("edited_cell", edited, "These read-only cells were edited; the master's count: {}."),
        ("points_changed", dearer, "The points of these tests were changed; it has no effect: {}."),
    ):
        if names:
            made.flag(flag, says.format(", ".join(names)))
    if variants:
        found, own = (
            f"variant {v}" if v else "the plain exercise"
            for v in (sorted(variants)[0], master.variant)
        )
        made.flag(
            "other_variant", f"This notebook is {found}; it was graded as {own}.", person=True
        )


def _variants(source):
    """The variants that the checks in a cell ask for; "" for the plain exercise."""
    return [found or "" for found in ASKED.findall(source)]
