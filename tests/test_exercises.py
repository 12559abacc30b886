"""The exercise notebooks: made from the masters by nbgrader, pleasant when blank, graded fairly."""

import ast
import inspect
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from wrong_answers import chapter_02, run_cell

import lstm_teach as lt
from lstm_teach.checks import EXERCISES

ROOT = Path(__file__).parent.parent
NAMES = sorted(folder.name for folder in (ROOT / "solutions").iterdir() if folder.is_dir())

every_notebook = pytest.mark.parametrize("name", NAMES)


def read(folder, name):
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def solution_cells(notebook):
    return [c for c in code_cells(notebook) if c.metadata.get("nbgrader", {}).get("solution")]


def grade_cells(notebook):
    return [c for c in code_cells(notebook) if c.metadata.get("nbgrader", {}).get("grade")]


def definitions(text):
    """The functions of a piece of code, without comments and layout."""
    return {
        node.name: ast.dump(node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def nbgrader(course, *arguments):
    """Run nbgrader as a course would: it calls other programs of its environment by name."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr


# The command itself takes five seconds for each; tests/course/test_derive.py has all of them.
BY_COMMAND = ("02_the_chain", "10_backward")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of its own, with this repository's configuration and two of its masters."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    for name in BY_COMMAND:
        master = Path("solutions") / name / f"{name}.ipynb"
        (folder / master).parent.mkdir(parents=True)
        (folder / master).write_bytes((ROOT / master).read_bytes())
        nbgrader(folder, "generate_assignment", name, "--create", "--force")
    return folder


# --- from master to exercise ------------------------------------------------------------------


@pytest.mark.parametrize("name", BY_COMMAND)
def test_the_exercise_is_what_nbgrader_makes_of_the_master(course, name):
    for file in sorted(path.name for path in (ROOT / "exercises" / name).glob("*.*")):
        made = course / "exercises" / name / file
        assert made.read_bytes() == (ROOT / "exercises" / name / file).read_bytes(), (
            f"exercises/{name}/{file} is not what nbgrader makes of its master. Run: "
            f"lstm-teach course derive {name}"
        )
    assert [path.name for path in (course / "exercises" / name).iterdir()] == [f"{name}.ipynb"]


def test_every_master_has_its_exercise():
    folders = [path.name for path in (ROOT / "exercises").iterdir() if path.is_dir()]
    assert sorted(folders) == NAMES


@every_notebook
def test_no_line_of_a_solution_is_in_the_exercise(name):
    released = "\n".join(cell.source for cell in read("exercises", name).cells)
    lines = {line.strip() for line in released.split("\n")}
    hidden = []
    for cell in solution_cells(read("solutions", name)):
        for region in re.findall(
            r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, flags=re.DOTALL
        ):
            hidden += [line.strip() for line in region.split("\n") if len(line.strip()) > 3]
    assert hidden
    assert not lines & set(hidden)
    assert "SOLUTION" not in released


@every_notebook
def test_the_hidden_tests_are_not_in_the_exercise(name):
    master = "\n".join(cell.source for cell in read("solutions", name).cells)
    released = "\n".join(cell.source for cell in read("exercises", name).cells)
    assert "HIDDEN TESTS" in master
    for secret in ("HIDDEN", "require_right", "seed=20"):
        assert secret in master
        assert secret not in released


@every_notebook
def test_the_master_is_kept_as_a_source(name):
    master = read("solutions", name)
    assert master.metadata.kernelspec.name == "python3"
    for cell in master.cells:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", cell.id), "cell ids are words, fixed by hand"
        facts = cell.metadata.get("nbgrader")
        if facts:
            assert facts.schema_version == 3
            assert facts.grade_id == cell.id
    for cell in code_cells(master):
        assert (cell.outputs, cell.execution_count) == ([], None)


def test_the_configuration_names_no_place_on_a_machine():
    config = (ROOT / "nbgrader_config.py").read_text()
    assert not re.search(r"[\"'](/|~|[A-Z]:\\)", config)


# --- the notebook and the checks say the same -------------------------------------------------


@every_notebook
def test_the_notebook_states_minutes_and_points_as_the_checks_do(name):
    text = "\n".join(c.source for c in read("solutions", name).cells if c.cell_type == "markdown")
    chapter = [e for e in EXERCISES.values() if e.id.split(".")[0] == str(int(name[:2]))]
    for exercise in chapter:
        points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
        stated = f"## {exercise.id} {exercise.title}\n\n*{exercise.minutes} minutes · {points} · "
        assert stated in text
    assert f"{sum(e.points for e in chapter)} points, about" in text
    assert f"about {sum(e.minutes for e in chapter)} minutes" in text


@every_notebook
def test_each_grade_cell_carries_its_exercise_and_points(name):
    graded = grade_cells(read("solutions", name))
    chapter = [e for e in EXERCISES.values() if e.id.split(".")[0] == str(int(name[:2]))]
    assert len(graded) == len(chapter)
    for cell, exercise in zip(graded, chapter, strict=True):
        assert cell.source.startswith(f"lt.{exercise.call}\n")
        assert cell.metadata.nbgrader.points == exercise.points
        assert cell.metadata.nbgrader.locked


@every_notebook
def test_solution_shows_what_the_master_has(name):
    master = "\n".join(cell.source for cell in solution_cells(read("solutions", name)))
    chapter = [e for e in EXERCISES.values() if e.id.split(".")[0] == str(int(name[:2]))]
    shown = {p.name: inspect.getsource(p.reference) for e in chapter for p in e.parts}
    assert definitions(master) == definitions("\n".join(shown.values()))


@every_notebook
def test_the_solutions_of_the_master_are_right(name):
    names = run_cell("\n".join(cell.source for cell in solution_cells(read("solutions", name))))
    for cell in grade_cells(read("solutions", name)):
        run_cell(cell.source, **names)


@every_notebook
def test_the_stubs_are_not_attempted(name):
    names = run_cell("\n".join(cell.source for cell in solution_cells(read("exercises", name))))
    graded = grade_cells(read("exercises", name))
    assert graded
    for cell in graded:
        result = run_cell(f"result = {cell.source}", **names)["result"]
        assert result.status == "not attempted"
        assert result.mistake is None
        assert "raise NotImplementedError()" in result.message


# --- in a kernel ------------------------------------------------------------------------------


def filled(name, answers):
    """The exercise notebook, with these texts in its solution cells."""
    notebook = read("exercises", name)
    for cell in solution_cells(notebook):
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def executed(notebook):
    """Run all cells, and return the text that each check displays."""
    NotebookClient(notebook, timeout=120, iopub_timeout=60).execute()
    return {
        cell.id: "\n".join(output.data["text/plain"] for output in cell.outputs if "data" in output)
        for cell in code_cells(notebook)
    }


@every_notebook
def test_a_blank_exercise_runs_to_its_end_without_an_error(name):
    shown = executed(read("exercises", name))
    for cell in grade_cells(read("exercises", name)):
        assert shown[cell.id].startswith("○ not attempted")


def test_in_a_kernel_a_student_goes_from_blank_to_a_mistake_to_an_error_to_right():
    wrong = chapter_02.STEP["forgot the bias"]
    cells = {
        "rnn-step": inspect.cleandoc(wrong),
        "rnn-forward": "def rnn_forward(x, h, W, U, b):\n    return rnn_step(x, h, W)",
        "count": "def count_parameters(T, D, H):\n    while True:\n        pass",
        "order": 'def prediction():\n    return "C", "it is handed on from copy to copy"',
        "latch": "def latch():\n    return 5, 4, 0",
    }
    shown = executed(filled("02_the_chain", cells))
    assert shown["rnn-step-check"].startswith("✗ wrong")
    assert "The bias is missing" in shown["rnn-step-check"]
    assert "line 2, `return rnn_step(x, h, W)`" in shown["rnn-forward-check"]
    assert "missing 2 required positional arguments" in shown["rnn-forward-check"]
    assert shown["merge-check"].startswith("○ not attempted")
    assert "It was at line" in shown["count-check"]
    assert "`latch` is right" in shown["latch-first-check"]
    assert shown["order-check"].startswith("✓ right")
    assert "2 of 18 points" in shown["progress"]


# --- nbgrader's own grading -------------------------------------------------------------------


def submit(course, student, notebook):
    folder = course / "submitted" / student / "02_the_chain"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "02_the_chain.ipynb")


def scores(course):
    """{student: {grade cell: points}} from nbgrader's database."""
    with sqlite3.connect(course / "gradebook.db") as database:
        rows = database.execute(
            """select submission.student_id, base_cell.name, grade.auto_score
               from grade
               join submitted_notebook as notebook on notebook.id = grade.notebook_id
               join submitted_assignment as submission on submission.id = notebook.assignment_id
               join base_cell on base_cell.id = grade.cell_id"""
        ).fetchall()
    database.close()
    found = {}
    for student, cell, score in rows:
        found.setdefault(student, {})[cell] = score
    return found


def test_nbgrader_gives_full_points_for_the_solution_and_none_for_the_blank(course):
    solved = {c.id: c.source for c in solution_cells(read("solutions", "02_the_chain"))}
    step_learned_by_heart = (
        "visible = []\n\n\n"
        "def rnn_step(x, h, W, U, b):\n"
        "    visible.append(b)\n"
        "    return np.tanh(x @ W + h @ U + b) if len(visible) < 8 else np.zeros(h.shape)"
    )
    submit(course, "solved", filled("02_the_chain", solved))
    submit(course, "blank", read("exercises", "02_the_chain"))
    submit(course, "visible", filled("02_the_chain", solved | {"rnn-step": step_learned_by_heart}))
    nbgrader(course, "autograde", "02_the_chain")

    full = {
        cell.id: cell.metadata.nbgrader.points
        for cell in grade_cells(read("solutions", "02_the_chain"))
    }
    given = scores(course)
    assert given["solved"] == full
    assert given["blank"] == dict.fromkeys(full, 0)
    assert given["visible"]["rnn-step-check"] == 0
    assert given["visible"]["count-check"] == full["count-check"]

    graded = course / "autograded" / "blank" / "02_the_chain" / "02_the_chain.ipynb"
    assert "NotRight" in graded.read_text()
    errors = [
        output
        for cell in code_cells(nbformat.read(graded, as_version=4))
        for output in cell.outputs
        if output.output_type == "error"
    ]
    assert len(errors) == len(full)
    assert all("is still to be written" in error.evalue for error in errors)


def test_points_of_the_notebook_are_those_of_the_progress():
    total = sum(c.metadata.nbgrader.points for c in grade_cells(read("solutions", "02_the_chain")))
    assert f"of {total} points" in lt.checks.progress(2).says
    assert (
        json.loads((ROOT / "exercises/02_the_chain/02_the_chain.ipynb").read_text())["nbformat"]
        == 4
    )
