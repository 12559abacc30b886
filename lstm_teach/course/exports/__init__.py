"""The marks in another system: every export is made of the records alone.

    export("results", "gradescope", "out")      what `lstm-teach course export` does

One module for each system; each says where its format is described. The schemas in
`course/schemas/` are those descriptions as JSON Schema, and tests hold the exports against them.
"""

import json
from pathlib import Path

from ..feedback import file_names
from ..plain import few, number_of
from ..store import Store, write
from ..summary import to_mark

__all__ = ["CannotExport", "autograder", "export", "unfinished"]


class CannotExport(Exception):
    """Why nothing was written, for the instructor to read."""


def export(results, target, out, roster=None):
    """Write the marks in the folder `results` for another system. Returns a sentence about it.

    target: "nbgrader", "csv", "canvas", "gradescope", "prairielearn" or "github". out: the file,
    or the folder for one file a student. roster: Canvas's own export, for "canvas".
    Raises CannotExport, store.Stop, OSError.
    """
    records, out = Store(results).current(), Path(out)
    if target == "nbgrader":
        from . import nbgrader

        return nbgrader.into_gradebook(records, out)
    if target in ("csv", "canvas"):
        from . import earlier, tables

        text, said = tables.nbgrader(records) if target == "csv" else tables.canvas(records, roster)
        again = earlier.table(out, text, "student_id" if target == "csv" else "Student")
        write(out, text)
        return f"{out}: {said}" + "\nThe earlier file of that name was replaced." * again
    return _one_each(records, target, out)


def unfinished(results):
    """What of the marks in the folder `results` waits for a person, as a sentence; or ""."""
    waiting = to_mark(Store(results).current())
    if not waiting:
        return ""
    named = few([f"{one['student']} ({one['points']:g})" for one in waiting])
    points = sum(one["points"] for one in waiting)
    return (
        f"{points:g} points still wait for a person's marks and are not in these scores: "
        f"{named}.\nAdd them by hand where the marks go, or mark in nbgrader's "
        "Formgrader."
    )


def autograder(book, name, out, variant=None, unsafe=False):
    """Write Gradescope's autograder zip for an exercise. Returns a sentence about it.

    Raises CannotExport, OSError.
    """
    from . import earlier, gradescope_zip

    earlier.autograder(out)
    write(Path(out), gradescope_zip.packed(book, name, variant, unsafe))
    return gradescope_zip.said(Path(out), unsafe)


def _one_each(records, target, out):
    """A file for each student."""
    from . import earlier, github, gradescope, prairielearn

    results = {
        "gradescope": gradescope.results,
        "prairielearn": prairielearn.results,
        "github": github.results,
    }[target]
    if out.is_file():
        raise CannotExport(
            f"{out} is a file; --to {target} writes a folder with one for each student."
        )
    names = file_names([record["student"] for record in records])
    files = {name: out / f"{names[name].removesuffix('.html')}.json" for name in names}
    for path in files.values():
        earlier.of_a_student(path, target)
    for record in records:
        path, found = files[record["student"]], results(record)
        write(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        if target == "github":
            write(path.with_name(f"{path.stem}.env"), github.variable(found) + "\n")
    return f"{out}: {number_of(len(records), 'student')}, a file each."
