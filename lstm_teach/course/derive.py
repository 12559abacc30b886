"""Exercises from masters, exactly as nbgrader's `generate_assignment` makes them.

nbgrader itself does the work, in a folder of its own and without its database: exercises/ gets the
bytes that `nbgrader generate_assignment` would write, and no gradebook.db is left behind.
"""

import json
import logging
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import sense
from .store import write

CONFIG = "nbgrader_config.py"


class CannotDerive(Exception):
    """A master that nbgrader cannot make an exercise of; the message says why."""


@dataclass(frozen=True)
class Difference:
    """A file of an exercise that is not what its master makes of it.

    how: "changed", "missing", or "left over", where the master makes no such file.
    """

    file: str
    how: str


def names(book):
    """The names of all masters: the folders of solutions/ that hold a notebook."""
    return sorted({path.parent.name for path in (Path(book) / "solutions").glob("*/*.ipynb")})


def derive(book, name):
    """Write exercises/NAME anew from solutions/NAME. Returns the Differences that were mended.

    Raises CannotDerive.
    """
    made, there = exercise(book, name), _there(book, name)
    changes = _differences(made, there)
    folder = Path(book) / "exercises" / name
    for change in changes:
        path = folder / change.file
        if change.how == "left over":
            path.unlink()
        else:
            write(path, made[change.file])
    return changes


def check(book, name):
    """The Differences between exercises/NAME and what its master makes. Raises CannotDerive."""
    return _differences(exercise(book, name), _there(book, name))


def notebooks(book, name):
    """The paths of the notebooks in solutions/NAME."""
    return sorted((Path(book) / "solutions" / name).glob("*.ipynb"))


def masters(book, name):
    """The Masters in solutions/NAME: its notebooks with something to be marked."""
    from .master import Master

    return [Master.read(path) for path in notebooks(book, name) if _is_marked(path)]


def exercise(book, name):
    """The exercise as {file: bytes}. Raises CannotDerive."""
    master = Path(book) / "solutions" / name
    if not any(master.glob("*.ipynb")):
        known = ", ".join(names(book)) or "none"
        raise CannotDerive(f"solutions/{name} holds no notebook. There are: {known}.")
    return released(master, name, Path(book) / CONFIG)


def released(master, name, config):
    """What nbgrader makes of the folder `master`, an assignment called `name`: {file: bytes}.

    config: the nbgrader_config.py of the course, which need not exist. Raises CannotDerive.
    """
    for path in sorted(Path(master).glob("*.ipynb")):
        if problems := _problems(path):
            raise CannotDerive(f"{path.name} cannot be used as a master:{sense.told(problems)}")
    with tempfile.TemporaryDirectory(prefix="lstm-teach-") as scratch:
        course = Path(scratch).resolve()
        settings = _settings(Path(config), course, name)
        source = course / settings.CourseDirectory.source_directory / name
        shutil.copytree(master, source, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        _generate(settings)
        return _files(course / settings.CourseDirectory.release_directory / name)


def _cells(path):
    return json.loads(path.read_text(encoding="utf-8-sig"))["cells"]


def _problems(path):
    """What is wrong with a notebook; nothing where it is none, for nbgrader has words for that."""
    try:
        return sense.problems(_cells(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _is_marked(path):
    facts = [sense.facts_of(cell) for cell in _cells(path)]
    return any(one.get("grade") or one.get("task") for one in facts)


def _settings(config, course, name):
    """The course's own settings, in a folder of ours and without a database."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    ours = Config()
    ours.CourseDirectory.source_directory = "solutions"
    ours.CourseDirectory.release_directory = "exercises"
    if config.is_file():
        ours.merge(PyFileConfigLoader(config.name, path=str(config.parent)).load_config())
    ours.CourseDirectory.root = str(course)
    ours.CourseDirectory.assignment_id = name
    ours.GenerateAssignment.no_database = True
    ours.SaveCells.enabled = False
    return ours


def _generate(settings):
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory

    said = []
    log = logging.Logger("lstm_teach.course.derive")
    log.addHandler(_Kept(said))
    try:
        coursedir = CourseDirectory(config=settings)
        GenerateAssignment(coursedir=coursedir, config=settings, log=log).start()
    except (NbGraderException, SystemExit):
        reason = _reason("\n".join(said)) or "nbgrader gave no reason"
        name = settings.CourseDirectory.assignment_id
        raise CannotDerive(f"nbgrader makes no exercise of solutions/{name}: {reason}") from None


def _reason(said):
    """The line of nbgrader's log that says what is wrong: the last one of its traceback."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line.split(":")[0] and ": " in line]
    return errors[-1].split(": ", 1)[1] if errors else " ".join(lines[-1:])


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def _there(book, name):
    return _files(Path(book) / "exercises" / name)


def _differences(made, there):
    found = [Difference(file, "missing") for file in made if file not in there]
    found += [Difference(file, "left over") for file in there if file not in made]
    found += [
        Difference(file, "changed") for file in made if file in there and made[file] != there[file]
    ]
    return sorted(found, key=lambda difference: difference.file)


class _Kept(logging.Handler):
    """Remembers the warnings of a log, and prints nothing."""

    def __init__(self, said):
        super().__init__(logging.WARNING)
        self.said = said

    def emit(self, record):
        self.said.append(record.getMessage())
