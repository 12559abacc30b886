"""The marks in another system: every export is made of the records alone.

    export("results", "gradescope", "out")      what `lstm-teach course export` does

One module for each system; each says where its format is described. The schemas in
`course/schemas/` are those descriptions as JSON Schema, and tests hold the exports against them.
"""

import json
from pathlib import Path

from ..feedback import file_names
from ..store import Store, write

__all__ = ["CannotExport", "autograder", "export"]


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
        from . import tables

        text, said = tables.nbgrader(records) if target == "csv" else tables.canvas(records, roster)
        write(out, text)
        return f"{out}: {said}"
    return _one_each(records, target, out)


def autograder(book, name, out, variant=None, unsafe=False):
    """Write Gradescope's autograder zip for an exercise. Returns a sentence about it.

    Raises CannotExport, OSError.
    """
    from . import gradescope_zip

    write(Path(out), gradescope_zip.packed(book, name, variant, unsafe))
    return gradescope_zip.said(Path(out), unsafe)


def _one_each(records, target, out):
    """A file for each student."""
    from . import github, gradescope, prairielearn

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
    for record in records:
        stem = names[record["student"]].removesuffix(".html")
        found = results(record)
        write(out / f"{stem}.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        if target == "github":
            write(out / f"{stem}.env", github.variable(found) + "\n")
    return f"{out}: {len(records)} students, a file each."
