"""What is taken from a submission: the sources of the solution cells, and nothing else.

A submission has been through editors, learning platforms and a student's hands. Whatever came
of it, each solution cell of the master is looked for: by grade_id, by the cell's id, by what it
defines, by its likeness to what was handed out. All that is not as it was is said as a flag.
"""

import ast
import re
from collections import namedtuple
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .plain import plain
from .reading import BUILTINS, names_bound, names_used, parsed
from .unpacking import Unreadable, cells_of

__all__ = ["Rebuilt", "Unreadable", "rebuild"]

LIKE_A_STUB = 0.6
COMPARED = 20_000  # characters of a cell that are compared with a stub

ASKED = re.compile(r"""\bcheck\(\s*["'][\d.]+(?:/(\d+))?["']""")

Flag = namedtuple("Flag", "flag says person", defaults=(False,))


@dataclass
class Rebuilt:
    """sources: {grade_id: source, or None where there is no such cell}; flags: list of Flag."""

    sources: dict
    flags: list = field(default_factory=list)
    text: str = ""

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
    _exchanged(wanted, made)
    _without_metadata([c for c in wanted if made.sources[c.grade_id] is None], rest, made)
    _missing(cells, master, made)
    _edited(cells, master, made)
    _with_extra_cells(wanted, [c for c in rest if c.type == "code"], master, made)
    made.text = "\n".join(cell.source for cell in cells if cell.type == "code")
    return made


def _by_grade_id(wanted, rest, made):
    """The source of the last cell of that name; the cells of that name leave `rest`."""
    found = [cell for cell in rest if cell.grade_id == wanted.grade_id]
    for cell in found:
        rest.remove(cell)
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
        halves = [c.source for c in found[:-1] if missing & names_bound(c.source)]
        if differ and halves:
            source = "\n\n".join([*halves, source])
            says += "Each has a part of the answer, so they are taken together."
        else:
            says += "The last one counts."
        made.flag("duplicate_cell", says + (" They differ." if differ else ""), person=differ)
    return source


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


def _without_metadata(wanted, rest, made):
    """Look for solution cells that have lost their names."""
    ways = (
        (
            "the cell's id",
            lambda cell, other: other.id and other.id == cell.id and not other.grade_id,
        ),
        ("what it defines", lambda cell, other: bool(cell.binds & names_bound(other.source))),
        ("its likeness", _is_like),
    )
    for how, is_it in ways:
        for cell in [c for c in wanted if made.sources[c.grade_id] is None]:
            found = [o for o in rest if o.type == "code" and not o.grade_id and is_it(cell, o)]
            if not found:
                continue
            for other in found:
                rest.remove(other)
            made.sources[cell.grade_id] = _counting(found, cell, made)
            made.flag(
                "no_metadata",
                f"The solution cell {cell.grade_id} has lost nbgrader's metadata. It was found by "
                f"{how}.",
            )


def _is_like(cell, other):
    if max(len(cell.stub), len(other.source)) > COMPARED or not other.source.strip():
        return False
    match = SequenceMatcher(None, cell.stub, other.source, autojunk=False)
    return match.real_quick_ratio() > LIKE_A_STUB and match.ratio() > LIKE_A_STUB


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
        as_given = (_bare(cell.stub), _bare(cell.source))
        other = {v for one in found for v in _variants(one.source)} - set(_variants(cell.source))
        variants |= other
        if not found:
            deleted.append(cell.grade_id)
        elif not other and any(_bare(one.source) not in as_given for one in found):
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


def _bare(source):
    return "".join(source.split())


def _is_blank(cell, source):
    """Whether a solution cell is as it was handed out, but for comments and layout."""
    if "NotImplementedError" not in source:
        return False
    trees = [parsed(text) for text in (cell.stub, source)]
    return None not in trees and ast.dump(trees[0]) == ast.dump(trees[1])


def _with_extra_cells(wanted, extra, master, made):
    """Where an answer needs a name that only a cell of the student's own defines, take that too."""
    given = set(BUILTINS)
    for cell in master.cells:
        given |= cell.binds if cell.kind == "set-up" else set()
    for source in made.sources.values():
        given |= names_bound(source) if source else set()
    for cell in wanted:
        source = made.sources[cell.grade_id]
        if source is None or not cell.code:
            continue
        blank = _is_blank(cell, source)
        added, needed = [], (names_used(source) | cell.binds) - given
        needed |= cell.binds if blank else set()
        while needed:
            more = [other for other in extra if needed & names_bound(other.source)]
            if not more:
                break
            for other in more:
                extra.remove(other)
                given |= names_bound(other.source)
            added = more + added
            needed = set().union(*(names_used(o.source) for o in more)) - given
        if added:
            parts = [other.source for other in added]
            ordered = [source, *parts] if blank else [*parts, source]
            made.sources[cell.grade_id] = "\n\n".join(ordered)
            names = sorted(set().union(*(names_bound(part) for part in parts)))
            made.flag(
                "extra_cell",
                f"The answer in {cell.grade_id} uses code from an extra cell, which is no solution "
                f"cell. It was taken too: {plain(', '.join(names), 100)}.",
            )
