"""Finding submissions in what a course hands over: a folder, nbgrader's tree, or a zip.

for submission in find(path, master):
    submission.student, submission.where, submission.flags
    submission.read()            # bytes, or Unreadable that says why there is no notebook

entries.py   what lies in a folder or a zip, read with limits and never unpacked
layouts.py   whose it is: Canvas, Moodle, Gradescope, nbgrader, or simply a folder
choose.py    which of a student's files is the notebook
"""

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..plain import plain
from ..store import Stop
from . import choose, layouts
from .choose import flag
from .entries import NOTEBOOK, NOTEBOOKS, Unreadable, of_folder, of_zip

__all__ = ["FOR_A_PERSON", "Submission", "Unreadable", "find"]

# Flags of this package that a person has to look at; the others are only remarks.
FOR_A_PERSON = {
    "damaged",
    "encrypted",
    "nested_zip",
    "no_notebook",
    "nobody",
    "not_a_file",
    "odd_place",
    "other_folder",
    "other_notebook",
    "same_name",
    "similar_name",
    "symlink",
    "too_deep",
    "too_large",
    "unreadable",
    "unsafe_name",
    "zip_bomb",
}


@dataclass(frozen=True)
class Submission:
    """One student's work. student: unlike all others in the batch; where: for people to read."""

    student: str
    where: str
    flags: tuple
    source: object  # an Entry, or Unreadable

    def read(self):
        """The notebook's bytes. Raises Unreadable that says why there are none."""
        if isinstance(self.source, Unreadable):
            raise self.source
        try:
            return self.source.read(NOTEBOOK)
        except Unreadable as error:
            raise Unreadable(error.flag, f"{plain(self.source.name, 200)}: {error.says}") from None


def find(path, master):
    """All submissions at a path, sorted by student. Raises Stop where there are none.

    path: a folder of notebooks or of students' folders, nbgrader's `submitted`, a notebook, or a
    zip (or its unpacked folder) from Canvas, Moodle or Gradescope. Every student is there, also
    one whose submission cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise Stop(f"there is nothing at {path}.")
    if (path / "records").is_dir() and (path / "feedback").is_dir():
        raise Stop(
            f"{path} is a results folder, the --out of an earlier run, and holds no submissions.\n"
            "Give the folder or the zip that the students' notebooks are in."
        )
    handed = layouts.sort_out(_entries(path), master.name, wrapper=path.stem)
    if not handed:
        raise Stop(
            f"no submission was found in {path}.\nExpected a folder of notebooks, nbgrader's "
            "submitted/STUDENT/ASSIGNMENT/, or a zip from Canvas, Moodle or Gradescope."
        )
    return _told_apart([_submission(one, master) for one in handed])


def _entries(path):
    try:
        if path.is_dir():
            return of_folder(path)
        if path.name.lower().endswith(NOTEBOOKS):
            return [one for one in of_folder(path.parent) if one.parts == (path.name,)]
        return of_zip(path)
    except Unreadable as error:
        raise Stop(f"{path}: {error.says}.\nExpected a folder, a notebook or a zip.") from None
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}.") from None


def _submission(handed, master):
    student = unicodedata.normalize("NFC", plain(handed.student, 120, lines=False)).strip()
    flags = list(handed.flags)
    try:
        source, more = choose.notebook(handed.entries, master)
        where, flags = source.path, flags + more
    except Unreadable as error:
        source, where = error, handed.entries[0].path if handed.entries else handed.student
    flags = tuple(flag(one["flag"], plain(one["says"], 500, lines=False)) for one in flags)
    return Submission(student or "nameless", plain(where, 300, lines=False), flags, source)


def _told_apart(submissions):
    """The same submissions with names that differ, and flags where they hardly did."""
    submissions = sorted(submissions, key=lambda one: (one.student, one.where))
    often = Counter(one.student for one in submissions)
    alike = defaultdict(set)
    for name in often:
        alike[_alike(name)].add(name)
    told, seen, taken = [], Counter(), set(often)
    for one in submissions:
        name, flags = one.student, one.flags
        seen[name] += 1
        if often[name] > 1:
            says = f"{often[name]} submissions have the name {name}; this is number {seen[name]}."
            flags = (*flags, flag("same_name", says))
        others = alike[_alike(name)] - {name}
        if others:
            says = f"Another name differs from this one in next to nothing: {sorted(others)[0]}."
            flags = (*flags, flag("similar_name", says))
        student = name if seen[name] == 1 else _free(name, taken)
        told.append(Submission(student, one.where, flags, one.source))
    return told


def _alike(name):
    """What is the same for names that look the same, or nearly."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf").strip()


def _free(name, taken):
    """A name for one more submission of a name, that nobody else has."""
    number = next(n for n in count(2) if f"{name} ({n})" not in taken)
    taken.add(f"{name} ({number})")
    return f"{name} ({number})"
