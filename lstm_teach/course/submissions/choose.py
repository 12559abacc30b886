"""Which of the files that a student handed in is the notebook."""

import re

from .entries import NOTEBOOK, NOTEBOOKS, Unreadable, inside

ZIPS = 5  # of one student that are opened
LOOKED_INTO = 20  # notebooks of one student


def notebook(entries, master):
    """The entry that is the notebook, and flags: {"flag": ..., "says": ...}.

    One notebook is the one, whatever its name. Of several it is the one with the master's name,
    else the one with most of the master's cells. Raises Unreadable that says why there is none.
    """
    found = [entry for entry in entries if entry.is_a(*NOTEBOOKS)] or _zipped(entries)
    flags = []
    if any(entry.unsafe for entry in entries) or any(entry.unsafe for entry in found):
        flags.append(flag("unsafe_name", "A name in the zip points outside it; it was not obeyed."))
    readable = [entry for entry in found if not entry.problem]
    for entry in entries:
        if entry.problem and readable:
            flags.append(flag(entry.problem[0], f"{entry.path}: {entry.problem[1]}."))
    if not readable:
        raise _nothing(entries, found, master)
    if len(readable) == 1:
        return readable[0], flags
    return _best(readable, master, flags)


def flag(name, says):
    return {"flag": name, "says": says}


def _zipped(entries):
    """The notebooks in the zips among these. A zip in such a zip stays closed."""
    zips = [entry for entry in entries if entry.is_a(".zip")]
    found, failed = [], None
    for entry in zips[:ZIPS]:
        try:
            if entry.problem:
                raise Unreadable(*entry.problem)
            found += [one for one in inside(entry) if one.is_a(*NOTEBOOKS, ".zip")]
        except Unreadable as error:
            failed = error
    notebooks = [one for one in found if one.is_a(*NOTEBOOKS)]
    if not notebooks and failed:
        raise Unreadable(failed.flag, f"{zips[0].name}: {failed.says}")
    if not notebooks and found:
        raise Unreadable("nested_zip", "There is a zip in the zip, and it was not opened.")
    return notebooks


def _nothing(entries, found, master):
    """Why nothing of this can be graded."""
    for entry in (*found, *entries):
        if entry.problem:
            return Unreadable(entry.problem[0], f"{entry.name}: {entry.problem[1]}.")
    names = [entry.name for entry in entries if entry.read]
    came = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if names[5:] else "")
    expected = f"Expected a notebook such as {master.name}.ipynb; found {came or 'nothing'}."
    return Unreadable("no_notebook", expected)


def _best(entries, master, flags):
    """Of several notebooks, the one. Others that hold answers too are for a person to see."""
    cells = {id(entry): _cells(entry, master) for entry in entries[:LOOKED_INTO]}

    def likeness(entry):
        return (*_named(entry.name, master.name), cells.get(id(entry), 0))

    ranked = sorted(entries, key=likeness, reverse=True)
    first, second = ranked[:2]
    others = [entry for entry in ranked[1:] if cells.get(id(entry), 0)]
    says = f"{len(entries)} notebooks were handed in; {first.path} was graded."
    flags = [*flags, flag("several_notebooks", says)]
    if others or likeness(first) == likeness(second):
        says = f"{(others or [second])[0].path} may hold answers too."
        flags.append(flag("other_notebook", says))
    return first, flags


def _named(name, assignment):
    """(is it the master's name, is it that name with what a browser or Canvas adds)."""
    exact = f"{assignment}.ipynb".casefold()
    like = re.escape(assignment) + r"(?:-\d+|[ _]?\(\d+\)|-copy\d*|[ _]copy)?\.ipynb(?:\.\w+)?"
    return name.casefold() == exact, re.fullmatch(like, name, re.I) is not None


def _cells(entry, master):
    """How many of the master's solution cells a notebook seems to have."""
    try:
        content = entry.read(NOTEBOOK)
    except Unreadable:
        return 0
    return sum(f'"{name}"'.encode() in content for name in master.solutions)
