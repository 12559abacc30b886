"""Masters of an instructor's own, for the tests of what is made of them."""

import nbformat
from click.testing import CliRunner

from lstm_teach.cli import commands

DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"


def master_of(*cells):
    """A master of an instructor's own: (kind, source) or ("grade", source, points)."""
    facts = {
        "set-up": {"locked": True},
        "solution": {"solution": True},
        "grade": {"grade": True, "locked": True},
        "manual": {"grade": True, "solution": True},
    }
    made = nbformat.v4.new_notebook()
    for number, (kind, source, *points) in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source)
        about = dict.fromkeys(("grade", "solution", "locked", "task"), False) | facts[kind]
        about |= {"grade_id": f"{kind}-{number}", "schema_version": 3}
        cell.metadata["nbgrader"] = about | ({"points": sum(points)} if about["grade"] else {})
        made.cells.append(cell)
    return made


def with_test(test, answer=DOUBLE, points=2):
    """A master of one answer and one test."""
    return master_of(("solution", answer), ("grade", test, points))


def hidden(seen, test):
    """The source of a test with a hidden part."""
    return f"{seen}\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"


def written(folder, master, name="own", **files):
    """Write a master, and files beside it, into solutions/NAME of a folder. Returns its path."""
    path = folder / "solutions" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(master, path)
    for file, text in files.items():
        (path.parent / file).write_text(text)
    return path


def run(*words):
    """The result of `lstm-teach course` with these words."""
    return CliRunner().invoke(commands, ["course", *map(str, words)])


def at_work_in(folder, monkeypatch):
    """A book's folder with nothing in it but what is written there, and work in it."""
    (folder / "chapters").mkdir()
    (folder / "chapters" / "00_start_here.ipynb").write_text("{}")
    monkeypatch.chdir(folder)
    return folder
