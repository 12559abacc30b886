"""Marks into nbgrader's gradebook, through `nbgrader.api.Gradebook`.

What is there already (made by `nbgrader generate_assignment`) is used; what is not is added. A mark
that a person gave by hand stays.
"""

import os
import sqlite3
import sys
import warnings
from contextlib import closing, contextmanager
from pathlib import Path

from ..plain import number_of
from . import CannotExport


def into_gradebook(records, path):
    """Write all records into the gradebook file at `path`. Returns a sentence about it.

    Raises CannotExport where the file is no gradebook.
    """
    from sqlalchemy.exc import SQLAlchemyError

    path = Path(path)
    if path.is_dir():
        raise CannotExport(f"{path} is a folder; --out should name the gradebook, as gradebook.db.")
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_another_database(path)
    try:
        with _gradebook(path) as gradebook:
            by_hand = _by_hand(records)
            for record in records:
                _assignment(gradebook, record, by_hand)
            for record in records:
                _submission(gradebook, record, by_hand)
            gradebook.db.commit()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise CannotExport(f"{path} cannot be used as nbgrader's gradebook: {reason}.") from None
    return f"{path}: {number_of(len(records), 'submission')}."


def _refuse_another_database(path):
    """Raise CannotExport where a database is there that is no gradebook."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("select name from sqlite_master")}
    except sqlite3.Error:  # there is none, or nbgrader says what is wrong with it
        return
    if tables and "submitted_assignment" not in tables:
        raise CannotExport(f"{path} is a database, and not nbgrader's. It was left as it is.")


@contextmanager
def _gradebook(path):
    """nbgrader's Gradebook. It runs `alembic` by name, which lies beside our Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{path.resolve()}") as gradebook, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader adds a submission before its session knows
            yield gradebook
    finally:
        os.environ["PATH"] = before


def _by_hand(records):
    """The names of what a person marks. A record of a failure may not know them."""
    tests = (test for record in records for test in record["tests"])
    return {test["name"] for test in tests if test["status"] == "by_hand"}


def _assignment(gradebook, record, by_hand):
    """The assignment, its notebook and its cells, as far as they are not known yet."""
    name = record["assignment"]
    gradebook.update_or_create_assignment(name)
    notebook = gradebook.update_or_create_notebook(name, name)
    known = {cell.name for cell in (*notebook.grade_cells, *notebook.task_cells)}
    for test in record["tests"]:
        if test["name"] in known:
            continue
        about = {"max_score": test["max_score"]}
        if test["name"] in by_hand:
            gradebook.add_task_cell(test["name"], name, name, cell_type="markdown", **about)
        else:
            gradebook.add_grade_cell(test["name"], name, name, cell_type="code", **about)


def _submission(gradebook, record, by_hand):
    gradebook.update_or_create_student(record["student"])
    submission = gradebook.update_or_create_submission(record["assignment"], record["student"])
    tests = {test["name"]: test for test in record["tests"]}
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.name in by_hand:
                grade.needs_manual_grade = grade.manual_score is None
            elif grade.name in tests:
                grade.auto_score = tests[grade.name]["score"]
                grade.needs_manual_grade = False
