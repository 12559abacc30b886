"""nbgrader's own commands with our grading: the same marks, and no notebook stops the batch."""

import asyncio
import copy
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent.parent
NAME = "02_the_chain"
pytestmark = pytest.mark.slow  # nbgrader takes five seconds to start, and three are started
CHEAT = """import numpy as np
np.testing.assert_allclose = lambda *a, **k: None
def rnn_step(x, h, W, U, b):
    return h
"""


def nbgrader(course, *arguments, expected=0):
    """One process: nbgrader takes five seconds to start."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == expected, done.stderr
    return done.stderr


def master():
    return nbformat.read(ROOT / "solutions" / NAME / f"{NAME}.ipynb", as_version=4)


def with_answer(grade_id, source):
    notebook = master()
    next(cell for cell in notebook.cells if cell.id == grade_id).source = source
    return notebook


def duplicated(grade_id):
    notebook = master()
    place = next(n for n, cell in enumerate(notebook.cells) if cell.id == grade_id)
    again = copy.deepcopy(notebook.cells[place])
    again.id = "another"
    notebook.cells.insert(place + 1, again)
    return notebook


def of_schema(version):
    notebook = master()
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = version
    return notebook


def without_metadata():
    notebook = master()
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
    return notebook


def submissions():
    """{student: (notebook or bytes, the marks that are right)}; all is worth 18 points."""
    blank = nbformat.read(ROOT / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    return {
        "right": (master(), 18),
        "blank": (blank, 0),
        "cheats": (with_answer("rnn-step", CHEAT), None),
        "copied_solution_cell": (duplicated("rnn-step"), 18),
        "copied_test_cell": (duplicated("rnn-step-check"), 18),
        "schema_1": (of_schema(1), 18),
        "schema_99": (of_schema(99), 18),
        "no_metadata": (without_metadata(), 18),
        "no_notebook": (b'{"cells": [', 0),
        "empty": (b"", 0),
        "exits": (with_answer("order", "import os\nos._exit(0)"), 16),
        "surrogate": (with_answer("order", 'def prediction():\n    return "\\ud800"'), 16),
        "warns": (with_answer("count", "import sys\nprint('!', file=sys.stderr)\n" + COUNT), 18),
    }


COUNT = "def count_parameters(T, D, H):\n    return D * H + H * H + H"


def switch_on(course):
    """The repository's configuration, with our grading."""
    config = (ROOT / "nbgrader_config.py").read_text()
    assert "GRADE_SAFELY = False" in config
    (course / "nbgrader_config.py").write_text(config.replace("SAFELY = False", "SAFELY = True"))


def submit(course, student, notebook):
    path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    as_is = isinstance(notebook, bytes)
    path.write_bytes(notebook if as_is else json.dumps(notebook).encode())


@pytest.fixture(scope="module")
def course(tmp_path_factory, needs):
    """A course that was generated, submitted, autograded and given feedback by nbgrader."""
    needs("bwrap")
    folder = tmp_path_factory.mktemp("road")
    switch_on(folder)
    shutil.copytree(ROOT / "solutions" / NAME, folder / "solutions" / NAME)
    for student, (notebook, _) in submissions().items():
        submit(folder, student, notebook)
    nbgrader(folder, "generate_assignment", NAME)
    (folder / "log").write_text(nbgrader(folder, "autograde", NAME))
    nbgrader(folder, "generate_feedback", NAME)
    return folder


def marks(course):
    """{student: (score, cells that wait for a person)} from nbgrader's database."""
    with sqlite3.connect(course / "gradebook.db") as database:
        rows = database.execute(
            """select submission.student_id, sum(grade.auto_score), sum(grade.needs_manual_grade)
               from grade
               join submitted_notebook as notebook on notebook.id = grade.notebook_id
               join submitted_assignment as submission on submission.id = notebook.assignment_id
               group by submission.student_id"""
        ).fetchall()
    database.close()
    return {student: (score, waits) for student, score, waits in rows}


def texts(course, folder):
    return {
        path.parent.parent.name: path.read_text("utf-8")
        for path in (course / folder).glob(f"*/{NAME}/{NAME}.*")
    }


def test_every_submission_gets_its_marks_in_one_batch(course):
    found = {student: score for student, (score, _) in marks(course).items()}
    wanted = {student: score for student, (_, score) in submissions().items()}
    assert found.keys() == wanted.keys()
    assert {s: found[s] for s, score in wanted.items() if score is not None} == {
        s: score for s, score in wanted.items() if score is not None
    }
    assert found["cheats"] < 18


def test_what_is_flagged_waits_for_a_person(course):
    waits = {student for student, (_, waiting) in marks(course).items() if waiting}
    assert {"cheats", "no_notebook", "empty"} <= waits
    assert not waits & {"right", "blank", "warns", "copied_test_cell"}
    assert "cheats: " in (course / "log").read_text()


def test_no_hidden_test_reaches_the_autograded_notebook_or_the_feedback(course):
    for folder in ("autograded", "feedback"):
        found = texts(course, folder)
        assert found.keys() == submissions().keys()
        for student, text in found.items():
            if student == "right" and folder == "autograded":
                assert "SOLUTION" in text  # the student handed in the master's own cells
            for secret in ("HIDDEN", "require_right", "seed=20"):
                assert secret not in text, (student, folder)


def test_the_feedback_says_what_was_wrong_and_gives_the_hint(course):
    text = texts(course, "feedback")["blank"]
    assert "is still to be written" in text


def test_the_autograded_notebook_holds_the_students_own_answer(course):
    notebook = nbformat.reads(texts(course, "autograded")["cheats"], as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["rnn-step"].source == CHEAT
    assert cells["rnn-step-check"].outputs[0].output_type == "error"
    assert notebook.metadata.lstm_teach.sandbox.startswith("bubblewrap")
    assert notebook.metadata.lstm_teach.needs_a_person


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_formgraders_button_grades_in_the_same_way(tmp_path, monkeypatch, needs):
    """Formgrader calls nbgrader's API inside the server's event loop."""
    needs("bwrap")
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.chdir(tmp_path)
    switch_on(tmp_path)
    shutil.copytree(ROOT / "solutions" / NAME, tmp_path / "solutions" / NAME)
    submit(tmp_path, "ada", with_answer("order", 'def prediction():\n    return "A", "it is so"'))
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    config.CourseDirectory.root = str(tmp_path)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)

    async def server():
        for answer in (api.generate_assignment(NAME), api.autograde(NAME, "ada")):
            assert answer["success"], answer
        return api.get_submission(NAME, "ada")["score"]

    assert asyncio.run(server()) == 16


def test_a_test_without_a_verdict_is_worth_nothing():
    from nbgrader.utils import determine_grade

    from lstm_teach.course.nbgrader_road import _output

    cell = next(cell for cell in master().cells if cell.id == "rnn-step-check")
    for test in (None, {**LOST, "status": "not_run"}, {**LOST, "status": "failed"}):
        cell.outputs = [_output(test)]
        assert determine_grade(cell) == (0, 2)
    cell.outputs = [_output({**LOST, "status": "passed", "score": 2, "says": "1.0"})]
    assert determine_grade(cell) == (2, 2)


LOST = {
    "name": "rnn-step-check",
    "exercise": "2.1",
    "title": "One step",
    "score": 0,
    "max_score": 2,
    "says": "",
    "hint": "",
    "exhibits": [],
    "visibility": "visible",
    "output": "",
}
