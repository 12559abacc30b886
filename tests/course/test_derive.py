"""Exercises from masters: byte for byte as nbgrader makes them, and nothing else is touched."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from lstm_teach.cli import commands
from lstm_teach.course import derive

ROOT = Path(__file__).parent.parent.parent
NAME = "02_the_chain"


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A repository of two exercises."""
    folder = tmp_path / "book"
    for name in (NAME, "01_squashing"):
        for kind in ("solutions", "exercises"):
            shutil.copytree(ROOT / kind / name, folder / kind / name)
    shutil.copy(ROOT / derive.CONFIG, folder)
    (folder / "chapters").mkdir()
    (folder / "chapters" / "00_start_here.ipynb").write_text("{}")
    monkeypatch.chdir(folder)
    return folder


def run(*words):
    return CliRunner().invoke(commands, ["course", "derive", *words])


def exercise(book, name=NAME):
    return book / "exercises" / name / f"{name}.ipynb"


def files(book):
    return {p.relative_to(book): p.read_bytes() for p in sorted(book.rglob("*")) if p.is_file()}


def test_every_exercise_of_the_book_is_what_its_master_makes():
    assert {name: derive.check(ROOT, name) for name in derive.names(ROOT)} == {
        name: [] for name in derive.names(ROOT)
    }


def test_check_finds_an_edited_exercise_and_changes_nothing(book):
    exercise(book).write_bytes(exercise(book).read_bytes().replace(b"rnn_step", b"rnn_stop", 1))
    before = files(book)
    result = run("--check")
    assert result.exit_code == 1
    assert f"exercises/{NAME}/{NAME}.ipynb: changed" in result.output
    assert "1 of the exercises is not what the masters make" in result.output
    assert "edit solutions/, never exercises/" in result.output
    assert files(book) == before


def test_derive_mends_what_is_changed_missing_or_left_over(book):
    wanted = files(book)
    exercise(book).write_text("{}")
    exercise(book, "01_squashing").unlink()
    (book / "exercises" / NAME / "old.csv").write_text("1,2")
    result = run()
    assert result.exit_code == 0, result.output
    for line in ("chain.ipynb: changed", "squashing.ipynb: missing", "old.csv: left over"):
        assert line in result.output
    assert files(book) == wanted
    assert "exercises/ is what its masters make." in run().output


def test_only_the_named_exercise_is_made(book):
    exercise(book).write_text("{}")
    exercise(book, "01_squashing").write_text("{}")
    assert run(NAME).exit_code == 0
    assert exercise(book).read_bytes() == exercise(ROOT).read_bytes()
    assert exercise(book, "01_squashing").read_text() == "{}"


def test_no_gradebook_and_no_scratch_is_left_behind(book):
    before = set(files(book))
    assert run().exit_code == 0
    assert set(files(book)) == before


def test_files_beside_the_master_are_released_too(book):
    data = book / "solutions" / NAME / "data" / "weather.csv"
    data.parent.mkdir()
    data.write_text("t,x\n1,2\n")
    assert run(NAME).exit_code == 0
    assert (book / "exercises" / NAME / "data" / "weather.csv").read_bytes() == data.read_bytes()


def test_an_unknown_name_is_answered_with_those_there_are(book):
    result = run("07_nothing")
    assert result.exit_code == 1
    assert "solutions/07_nothing holds no notebook" in result.output
    assert "There are: 01_squashing, 02_the_chain." in result.output


def test_a_master_that_nbgrader_refuses_is_refused_with_its_reason(book):
    path = book / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.id == "rnn-step")
    del cell.metadata["nbgrader"]["locked"]
    nbformat.write(notebook, path)
    before = exercise(book).read_bytes()
    result = run(NAME)
    assert result.exit_code == 1
    assert f"nbgrader makes no exercise of solutions/{NAME}: " in result.output
    assert "metadata" in result.output.partition(NAME)[2]
    assert "Traceback" not in result.output
    assert exercise(book).read_bytes() == before


@pytest.mark.parametrize("text", ["{", "[]", '{"cells": 3}', '{"cells": [1]}'])
def test_what_is_no_notebook_is_refused_in_a_sentence(book, text):
    (book / "solutions" / NAME / f"{NAME}.ipynb").write_text(text)
    result = run(NAME)
    assert result.exit_code == 1
    assert result.output.startswith("Error: nbgrader makes no exercise")
    assert "Traceback" not in result.output


def test_a_course_without_a_configuration_gets_nbgraders_own_stub(book):
    (book / derive.CONFIG).unlink()
    made = json.loads(derive.exercise(book, NAME)[f"{NAME}.ipynb"])
    stub = "".join(next(c for c in made["cells"] if c["id"] == "rnn-step")["source"])
    assert "# YOUR CODE HERE" in stub


# --- in another course ---------------------------------------------------------------------------


def nbgrader(course, *arguments):
    """Run nbgrader as a course would: it calls other programs of its environment by name."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    env = {**os.environ, "PATH": path}
    done = subprocess.run(command, cwd=course, env=env, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.slow
def test_the_folder_of_an_exercise_works_in_another_course_of_nbgrader(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "another"\n'
        "c.ExecutePreprocessor.iopub_timeout = 60\n"
    )
    shutil.copytree(ROOT / "solutions" / NAME, tmp_path / "source" / NAME)
    nbgrader(tmp_path, "generate_assignment", NAME)
    blank = tmp_path / "release" / NAME / f"{NAME}.ipynb"
    half = nbformat.read(blank, as_version=4)
    master = nbformat.read(ROOT / "solutions" / NAME / f"{NAME}.ipynb", 4)
    answers = {cell.id: cell.source for cell in master.cells}
    for cell in half.cells:
        if cell.id in ("rnn-step", "merge", "order"):
            cell.source = answers[cell.id]
    for student, notebook in (("blank", nbformat.read(blank, 4)), ("half", half)):
        folder = tmp_path / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{NAME}.ipynb")
    nbgrader(tmp_path, "autograde", NAME)
    with sqlite3.connect(tmp_path / "gradebook.db") as database:
        marks = database.execute(
            """select submission.student_id, sum(grade.auto_score) from grade
               join submitted_notebook as notebook on notebook.id = grade.notebook_id
               join submitted_assignment as submission on submission.id = notebook.assignment_id
               group by submission.student_id"""
        ).fetchall()
    database.close()
    assert dict(marks) == {"blank": 0, "half": 2 + 3 + 2}
