"""An export takes the place of an earlier export of its own kind, and of nothing else."""

import csv
import io
import json
import zipfile
from pathlib import Path

from ..plain import few, number_of
from . import CannotExport

# What a student's file of each system has, and other JSON files have not.
HAS = {
    "gradescope": {"stdout_visibility", "extra_data"},
    "prairielearn": {"gradable"},
    "github": {"version", "tests"},
}


def table(path, text, column):
    """Let a table be written over an earlier one of the same students. Raises CannotExport.

    text: what is to be written; column: the column that names students. Returns whether there is
    an earlier one.
    """
    before, now = _rows(_content(path, "marks.csv")), _rows(text.encode())
    if before is None:
        return False
    if before[:1] != now[:1]:
        raise _not_ours(path, "its first line is another one than this export has")
    place = now[0].index(column)
    students = {row[place] for row in now}
    gone = [row[place] for row in before if len(row) > place and row[place] not in students]
    if gone:
        are = "who is" if len(gone) == 1 else "who are"
        count = number_of(len(gone), "student")
        raise _not_ours(path, f"it has {count} {are} not in this export: {few(gone, 3)}")
    return True


def of_a_student(path, target):
    """Let the JSON of a student be written over an earlier one. Raises CannotExport."""
    content = _content(path, "ada.json")
    if content is None:
        return
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not HAS[target] <= found.keys():
        raise _not_ours(path, f"it is no result for {target}")


def autograder(path):
    """Let an autograder be written over an earlier one. Raises CannotExport."""
    content = _content(path, "autograder.zip")
    if content is None:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ours = {"setup.sh", "run_autograder", "grade.py"} <= set(archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        ours = False
    if not ours:
        raise _not_ours(path, "it is no autograder for Gradescope")


def _content(path, name):
    """The bytes of what is there already, or None where nothing would be lost."""
    path = Path(path)
    if path.is_dir():
        raise CannotExport(f"{path} is a folder; --out should name a file, as {path / name}.")
    return (path.read_bytes() or None) if path.exists() else None


def _rows(content):
    """The rows of a CSV file, [] where it is none, None where there is no file."""
    if content is None:
        return None
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return []


def _not_ours(path, why):
    return CannotExport(
        f"{path} is there already, and {why}. It was left as it is.\n"
        "Give another --out, or move the file away first."
    )
