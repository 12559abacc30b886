"""What is done: one file for each finished trial, complete or not there.

A file's name is a hash of the trial's settings and seeds and of the code that computes it, so that
results of other settings, or of code that has changed since, are never taken for these.
"""

import ast
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
LEARNERS = ("experiments/modern.py", "experiments/as_in_1997.py")


def place(folder, trial):
    """The file of a trial."""
    computed = [trial.learner, trial.settings, trial.seeds, code()]
    text = json.dumps(computed, sort_keys=True)
    return Path(folder) / f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.json"


def kept(folder, trial):
    """The records of a trial that was finished before, or None."""
    try:
        return json.loads(place(folder, trial).read_text(encoding="utf-8"))["records"]
    except (FileNotFoundError, ValueError, KeyError):  # a machine that lost power writes nothing
        return None


def keep(folder, trial, records):
    """Store the records of a finished trial."""
    text = json.dumps({"trial": trial._asdict(), "records": records}, allow_nan=False)
    write(place(folder, trial), text + "\n")


def write(path, text):
    """Write a file in one piece: beside its place first, then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False
    ) as file:
        try:
            file.write(text)
            file.close()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise


@cache
def code():
    """A hash of all code that a trial runs: every module that a learner imports, and so on.

    Comments, docstrings and the layout do not count.
    """
    digest = hashlib.sha256()
    for path in modules():
        tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if hasattr(node, "body") and _starts_with_words(node.body):
                node.body = node.body[1:] or [ast.Pass()]
        digest.update(f"{path}\n{ast.unparse(tree)}\n".encode())
    return digest.hexdigest()[:20]


def modules():
    """The files of this package that the learners import, they themselves, and so on: sorted."""
    found, waiting = set(), list(LEARNERS)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported_by(PACKAGE / path)
    return sorted(found)


def _imported_by(path):
    """The files of the package that this one imports, by `from .place import names`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            places = [folder / node.module] if node.module else []
            folder = folder / (node.module or "")
            places += [folder / alias.name for alias in node.names]
            for place in places:
                for file in (place.with_suffix(".py"), place / "__init__.py"):
                    if file.is_file():
                        yield file.relative_to(PACKAGE).as_posix()


def _starts_with_words(body):
    return (
        isinstance(body, list)
        and len(body) > 0
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    )
