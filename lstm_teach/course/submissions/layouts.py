"""Who handed in which files: the ways in which courses keep submissions.

Each layout takes entries and gives a list of Handed, or None where it does not fit. What was
looked at:

Canvas      lib/content_zipper.rb of canvas-lms: lovelaceada_LATE_123_4567_name.ipynb is the
            sortable name in small letters, LATE or nothing, the user, the file, and the name the
            student gave it, with -1 for the second upload. Anonymous: anon_ab1cd_4567_name.ipynb.
Moodle      mod/assign/classes/downloader.php: a folder "Ada Lovelace_123_assignsubmission_file",
            before version 4 with one more _ at the end; without folders that and the file's name.
            The number is the participant's. Texts are in ..._onlinetext.
Gradescope  submission_metadata.yml and folders submission_123456, as public scripts read them:
            each key holds :submitters: with :name:, :sid: and :email:. No official description
            was found.
nbgrader    submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb, from its own documentation.
"""

import re
from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from .choose import flag
from .entries import MB, NOTEBOOKS, Unreadable

CANVAS = re.compile(
    r"^(?:(?P<name>.*?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_[^_]+)_"
    r"(?:(?P<file>\d+)_(?P<title>.+)|(?:text|link)\.html)$",
    re.S,
)
MOODLE = re.compile(
    r"^(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?:file|onlinetext)(?:_(?P<title>.*))?$",
    re.S,
)
GRADESCOPE = "submission_metadata.yml"
HANDED_IN = (*NOTEBOOKS, ".zip")
GENERAL = ("submitted", "submissions")  # folders that are no student


class Handed(NamedTuple):
    """What a student handed in. flags: {"flag", "says"} that come from the layout."""

    student: str
    entries: list
    flags: tuple = ()


def sort_out(entries, assignment, wrapper=""):
    """The list of Handed for all entries; wrapper: a folder's name that is no student's.

    A notebook that the layout has no place for is handed in by its own name, with a flag.
    """
    entries = _unwrapped(entries, {*GENERAL, wrapper})
    for layout in (gradescope, moodle, nbgrader, canvas):
        handed = layout(entries, assignment)
        if handed is not None:
            placed = {_which(entry) for one in handed for entry in one.entries}
            folders = {entry.parts[0] for one in handed for entry in one.entries}
            stray = [
                entry
                for entry in entries
                if _which(entry) not in placed
                and (len(entry.parts) == 1 or entry.parts[0] not in folders)
                and entry.is_a(*HANDED_IN)
            ]
            if layout is nbgrader:  # what lies deeper belongs to other assignments
                stray = [entry for entry in stray if len(entry.parts) == 1]
            says = "It did not lie where the other submissions lie."
            extra = folder(stray, assignment)
            return handed + [one._replace(flags=(flag("odd_place", says),)) for one in extra]
    return folder(entries, assignment)


def canvas(entries, _assignment):
    """Files whose names carry the student."""
    top = [entry for entry in entries if len(entry.parts) == 1 and (entry.read or entry.problem)]
    handed = [entry for entry in top if entry.is_a(*HANDED_IN)]
    if not handed or not all(CANVAS.match(entry.name) for entry in handed):
        return None
    students = defaultdict(list)
    late = set()
    for entry in top:
        if found := CANVAS.match(entry.name):
            student = "_".join(filter(None, (found["name"], found["user"])))
            students[student].append(_titled(entry, found["title"]))
            if found["late"]:
                late.add(student)
    says = flag("late", "Canvas says that it came late.")
    return [Handed(name, of, (says,) * (name in late)) for name, of in students.items()]


def moodle(entries, _assignment):
    """Folders, or files, whose names carry the student and `_assignsubmission_file`."""
    students = defaultdict(list)
    for entry in entries:
        if found := MOODLE.match(entry.parts[0]):
            student = "_".join(filter(None, (found["name"], found["id"])))
            title = found["title"] if len(entry.parts) == 1 else ""
            students[student].append(_titled(entry, title))
    return [Handed(*one) for one in students.items()] or None


def gradescope(entries, _assignment):
    """Folders submission_123456, and beside them a file that says whose they are."""
    about = [entry for entry in entries if entry.name == GRADESCOPE and len(entry.parts) == 1]
    if not about:
        return None
    people = _submitters(about[0])
    folders = defaultdict(list, {name: [] for name in people})
    for entry in entries:
        if len(entry.parts) > 1 or (not entry.read and entry not in about):
            folders[entry.parts[0]].append(entry)
    handed = []
    for name, inside in folders.items():
        students = people.get(name, [])
        flags = []
        if len(students) > 1:
            flags = [flag("group", "Handed in by a group: " + ", ".join(students) + ".")]
        elif not students:
            flags = [flag("nobody", f"{GRADESCOPE} does not say whose {name} is.")]
        handed += [Handed(student, inside, tuple(flags)) for student in students or [name]]
    return handed


def nbgrader(entries, assignment):
    """Folders of students with folders of assignments in them.

    A student is left out who has folders of other assignments only, which others have too.
    """
    folders = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if len(entry.parts) > 1:
            in_folder = len(entry.parts) > 2 or not (entry.read or entry.problem)
            folders[entry.parts[0]][entry.parts[1] if in_folder else ""].append(entry)
    beside = {name for name, of in folders.items() if any(one.is_a(*NOTEBOOKS) for one in of[""])}
    nested = [name for name, of in folders.items() if assignment in of]
    if len(nested) <= len(beside):
        return None
    handed = []
    for student, of in folders.items():
        elsewhere = {name for other, names in folders.items() if other != student for name in names}
        if assignment in of:
            handed.append(Handed(student, of[assignment]))
        elif student in beside or not set(of) <= elsewhere | {""}:
            says = f"There is no {student}/{assignment}; all of {student} was looked through."
            everything = [entry for inside in of.values() for entry in inside]
            handed.append(Handed(student, everything, (flag("other_folder", says),)))
    return handed


def folder(entries, _assignment):
    """A notebook or a zip by the student's name, or a folder by that name with anything in it."""
    students = defaultdict(list)
    for entry in entries:
        if len(entry.parts) == 1 and entry.is_a(*HANDED_IN):
            students[entry.parts[0], False].append(entry)
        elif len(entry.parts) > 1 or not entry.read:
            students[entry.parts[0], True].append(entry)
    return [
        Handed(name if is_folder else _stem(name), of) for (name, is_folder), of in students.items()
    ]


def _stem(name):
    """A file's name without what says that it is a notebook or a zip."""
    endings = [ending for ending in HANDED_IN if name.lower().endswith(ending)]
    return name[: -max(map(len, endings))] or name


def _which(entry):
    """What tells an entry from all others, also from one of the same name."""
    return entry.parts, id(entry.read)


def _titled(entry, title):
    return replace(entry, title=title) if title else entry


def _unwrapped(entries, wrappers):
    """The same entries without the folders around all of them."""
    while True:
        outer = {entry.parts[0] for entry in entries}
        if len(outer) != 1 or any(len(entry.parts) == 1 for entry in entries):
            return entries
        inner = {entry.parts[1] for entry in entries}
        name = outer.pop()
        if MOODLE.match(name) or not (
            name in wrappers or GRADESCOPE in inner or any(map(MOODLE.match, inner))
        ):
            return entries
        entries = [replace(entry, parts=entry.parts[1:]) for entry in entries]


def _submitters(entry):
    """{folder: [its students]} as Gradescope's file has it; {} where it cannot be read."""
    import yaml

    try:  # the base loader makes texts of everything, and objects of nothing
        about = yaml.load(entry.read(20 * MB), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (Unreadable, yaml.YAMLError, RecursionError):
        return {}
    people = {}
    for name, of in about.items() if isinstance(about, dict) else ():
        submitters = of.get(":submitters") if isinstance(of, dict) else None
        found = submitters if isinstance(submitters, list) else []
        people[str(name)] = [
            next(filter(None, (str(one.get(key) or "") for key in (":sid", ":email", ":name"))), "")
            for one in found
            if isinstance(one, dict)
        ]
    return {name: list(filter(None, students)) for name, students in people.items()}
