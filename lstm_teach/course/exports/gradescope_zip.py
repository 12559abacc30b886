"""Gradescope's autograder zip: setup.sh, run_autograder, the master and this package.

Format: gradescope-autograders.readthedocs.io, "Autograder Specifications". Gradescope builds an
image from setup.sh once, and starts a container of it for each submission.
"""

import secrets
from pathlib import Path

from ..release import zipped
from ..variants import NoVariant, numbered
from . import CannotExport

PACKAGE = ("pyproject.toml", "README.md", "LICENSE")
SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, to build the image: Python 3.11 or newer, bubblewrap, lstm_teach.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y bubblewrap
for version in 3.13 3.12 3.11; do
  if apt-get install -y "python$version" "python$version-venv"; then break; fi
done
for python in python3.13 python3.12 python3.11; do
  if command -v "$python"; then break; fi
done
"$python" -m venv /autograder/environment
/autograder/environment/bin/python -m pip install "/autograder/source/package[course]"
/autograder/environment/bin/python -m compileall -q /autograder/environment/lib || true
# What grades is nobody's to read but the grader's.
chmod -R go-rwx /autograder/source
"""
RUN = """\
#!/usr/bin/env bash
export PATH="/autograder/environment/bin:$PATH"
exec python /autograder/source/grade.py
"""
GRADE = '''\
"""One submission on Gradescope: graded like any other, written as its results.json."""

import json
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent
PLACE = SOURCE.parent
OUT = PLACE / "results" / "results.json"
COMMAND = [sys.executable, "-m", "lstm_teach.cli", "course"]
NOT_GRADED = {{
    "score": 0,
    "output": "This could not be graded, and that is not your fault. Please tell your instructor.",
    "visibility": "visible",
    "stdout_visibility": "hidden",
}}


def main():
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(NOT_GRADED))
    graded, files = PLACE / "graded", PLACE / "for_gradescope"
    master = SOURCE / "master" / "{name}.ipynb"
    grade = ["grade", str(master), str(PLACE / "submission"), "--out", str(graded)]
    export = ["export", str(graded), "--to", "gradescope", "--out", str(files)]
    for words in (grade + {options!r}, export):
        # What they print is for the instructor: stdout is hidden from students.
        done = subprocess.run(COMMAND + words, stderr=subprocess.STDOUT)
        if done.returncode:
            return
    made = sorted(files.glob("*.json"))
    if len(made) != 1:
        print(f"Expected one submission, found {{len(made)}}.")
        return
    OUT.write_text(made[0].read_text(encoding="utf-8"), encoding="utf-8")


main()
'''


def packed(book, name, variant=None, unsafe=False):
    """The bytes of the zip. Raises CannotExport."""
    from ..master import MasterMissing, found

    try:
        master = found(name)
        number = [] if variant is None else ["--variant", str(numbered(variant))]
    except (MasterMissing, NoVariant) as error:
        raise CannotExport(str(error)) from None
    # A secret of this zip: every student's hidden numbers are made from it.
    options = ["--seed", secrets.token_hex(16), *number, *["--unsafe-no-sandbox"] * unsafe]
    files = {
        "setup.sh": SETUP.encode(),
        "run_autograder": RUN.encode(),
        "grade.py": GRADE.format(name=master.stem, options=options).encode(),
    }
    for path in sorted(master.parent.rglob("*")):
        if path.is_file() and not _left_out(path):
            files[f"master/{path.relative_to(master.parent).as_posix()}"] = path.read_bytes()
    return zipped(files | _package(Path(book)), "", executable={"setup.sh", "run_autograder"})


def said(path, unsafe):
    """What an instructor should know about the zip before uploading it."""
    kept = (
        "It runs students' code WITHOUT a sandbox, with the grader's rights: in its container a "
        "student can read the master and write the own marks."
        if unsafe
        else "It needs user namespaces for its sandbox. Where Gradescope's container does not "
        "allow them it grades nobody, and says so: upload one submission of your own first."
    )
    return (
        f"{path}: upload it as the autograder of a programming assignment.\n{kept}\n"
        "Gradescope's container keeps students from each other and from your machine."
    )


def _package(book):
    """This package as pip installs it: {file: bytes}."""
    code = book / "lstm_teach"
    if not all((book / name).is_file() for name in PACKAGE) or not code.is_dir():
        raise CannotExport(f"{book} is not the book's repository, and the zip needs the package.")
    paths = [book / name for name in PACKAGE]
    paths += [path for path in sorted(code.rglob("*")) if path.is_file() and not _left_out(path)]
    return {f"package/{path.relative_to(book).as_posix()}": path.read_bytes() for path in paths}


def _left_out(path):
    return path.suffix == ".pyc" or {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
