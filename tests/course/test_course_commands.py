"""`lstm-teach course`: what it says, what it needs, and the guide's ten minutes."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import util
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from lstm_teach.cli import commands
from lstm_teach.course import variants

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "book" / "instructors_guide.md"
NAME = "02_the_chain"
COMMANDS = ("derive", "doctor", "export", "grade", "release")


def run(*words):
    return CliRunner().invoke(commands, ["course", *map(str, words)])


def facts(grade_id, **more):
    given = {"schema_version": 3, "grade_id": grade_id, "locked": False, "task": False}
    return {"nbgrader": given | {"solution": False, "grade": False} | more}


def code(source, grade_id, **more):
    cell = nbformat.v4.new_code_cell(source, id=grade_id, metadata=facts(grade_id, **more))
    return cell


@pytest.fixture
def own(tmp_path):
    """An instructor's own master, with a plain test and a hidden one, and three submissions."""
    answer = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    test = (
        'assert double(3) == 6, "Twice three is six."\n'
        "### BEGIN HIDDEN TESTS\n"
        "x = np.random.default_rng().normal(size=5)\n"
        "np.testing.assert_allclose(double(x), 2 * x)\n"
        "### END HIDDEN TESTS"
    )
    cells = [
        nbformat.v4.new_markdown_cell("# Our own", id="title"),
        code("import numpy as np", "setup", locked=True),
        code(answer, "double", solution=True),
        code(test, "double-test", grade=True, locked=True, points=4),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    master = tmp_path / "masters" / "own" / "own.ipynb"
    master.parent.mkdir(parents=True)
    nbformat.write(notebook, master)
    (tmp_path / "submissions").mkdir()
    for student, body in {"right": "x + x", "by_heart": "6", "wrong": "x"}.items():
        notebook.cells[2].source = f"def double(x):\n    return {body}"
        nbformat.write(notebook, tmp_path / "submissions" / f"{student}.ipynb")
    return tmp_path


def marks(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {row["student"]: float(row["score"]) for row in csv.DictReader(file)}


# --- help ----------------------------------------------------------------------------------------


def test_the_help_lists_the_commands_and_shows_a_course_from_first_to_last():
    text = run("--help").output
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", text, re.MULTILINE)
    order = [text.index(f"lstm-teach course {name}") for name in ("release", "grade", "export")]
    assert order == sorted(order)
    assert GUIDE.relative_to(ROOT).as_posix() in text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself_with_an_example(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert name == "doctor" or f"lstm-teach course {name}" in result.output
    for option in re.findall(r"^  (--[a-z-]+)", result.output, re.MULTILINE):
        assert re.search(rf"{option}\b.*\S", result.output)


def test_the_whole_of_the_course_is_not_loaded_with_the_command():
    loaded = (
        "import sys, lstm_teach.cli; "
        "print([m for m in sys.modules if m.partition('.')[0] in "
        "('nbgrader', 'nbformat', 'distributed', 'jupyter_client', 'sqlalchemy', 'rich')])"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("words", [["derive"], ["release", NAME, "--out", "x"], ["doctor"]])
def test_without_the_extra_a_command_says_what_to_install(monkeypatch, words):
    def nowhere(name, *rest):
        return None if name == "nbgrader" else util.find_spec(name, *rest)

    for module in ("needed", "commands"):
        monkeypatch.setattr(f"lstm_teach.course.{module}.find_spec", nowhere)
    result = run(*words)
    assert result.exit_code == 1
    assert "nbgrader must be installed" in result.output
    assert 'pip install -e ".[course]"' in result.output


# --- grading -------------------------------------------------------------------------------------


def test_an_instructors_own_master_is_graded_with_its_hidden_test(own, needs):
    needs("bwrap")
    out = own / "results"
    words = (own / "masters" / "own" / "own.ipynb", own / "submissions", "--out", out)
    result = run("grade", *words)
    assert result.exit_code == 0, result.output
    assert marks(out / "marks.csv") == {"right": 4, "by_heart": 0, "wrong": 0}
    assert "NO SANDBOX" not in result.output
    for name in ("summary.html", "marks.csv"):
        assert str(out / name) in result.output
    feedback = (out / "feedback" / "by_heart.html").read_text("utf-8")
    assert "default_rng" not in feedback
    assert "Twice three is six." in (out / "feedback" / "wrong.html").read_text("utf-8")

    secret = (out / "seed.txt").read_text()
    again = run("grade", *words)
    assert again.exit_code == 0, again.output
    assert "3 of 3 were graded before" in again.output
    assert (out / "seed.txt").read_text() == secret


def test_without_a_sandbox_every_line_and_every_record_says_so(own):
    out = own / "results"
    words = (own / "masters" / "own" / "own.ipynb", own / "submissions", "--out", out)
    result = run("grade", *words, "--unsafe-no-sandbox")
    assert result.exit_code == 0, result.output
    lines = result.output.rstrip("\n").split("\n")
    assert len(lines) > 5
    assert [line for line in lines if not line.startswith("[NO SANDBOX] ")] == []
    records = [json.loads(path.read_text()) for path in (out / "records").glob("*.json")]
    assert [record["sandbox"] for record in records] == ["none"] * 3
    assert marks(out / "marks.csv") == {"right": 4, "by_heart": 0, "wrong": 0}


def test_grading_with_the_released_variant_finds_the_copied_answers(tmp_path, needs):
    needs("bwrap")
    master = nbformat.read(ROOT / "solutions" / NAME / f"{NAME}.ipynb", as_version=4)
    (tmp_path / "in").mkdir()
    nbformat.write(variants.derive(master, 7), tmp_path / "in" / "own.ipynb")
    nbformat.write(master, tmp_path / "in" / "copied.ipynb")
    out = tmp_path / "results"
    result = run("grade", NAME, tmp_path / "in", "--out", out, "--variant", 7)
    assert result.exit_code == 0, result.output
    assert marks(out / "marks.csv") == {"own": 18, "copied": 16}
    records = [json.loads(path.read_text()) for path in (out / "records").glob("*.json")]
    assert {record["variant"] for record in records} == {7}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "no master 'nothing'"),
        ([NAME, "--variant", "x"], "a variant is a whole number from 1"),
        ([NAME, "--jobs", "2", "--scheduler", "tcp://a:1"], "--jobs is for this machine"),
        ([NAME, "--timeout", "0"], "expected seconds from 1 to 86400; 0 came"),
        ([NAME, "--timeout", "inf"], "inf came"),
        ([NAME, "--timeout", "nan"], "nan came"),
    ],
)
def test_what_cannot_be_graded_is_said_in_a_sentence(tmp_path, words, said):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text("{}")
    result = run("grade", words[0], tmp_path / "in", "--out", tmp_path / "out", *words[1:])
    assert result.exit_code in (1, 2)
    assert said in result.output
    assert "Traceback" not in result.output


def test_results_do_not_go_among_the_submissions(tmp_path):
    result = run("grade", NAME, tmp_path, "--out", tmp_path / "results")
    assert result.exit_code == 2
    assert "lies inside the submissions" in result.output
    assert not list(tmp_path.iterdir())


def test_a_folder_without_submissions_is_said(tmp_path):
    (tmp_path / "in").mkdir()
    result = run("grade", NAME, tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "no submission was found" in result.output


def test_release_takes_the_beginning_of_a_name_as_grade_does(tmp_path):
    result = run("release", "02", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}.zip"]


def test_what_a_course_leaves_in_the_clone_is_not_for_git():
    course = ["submissions/ada.ipynb", "submissions.zip", "results/seed.txt", "results_7/marks.csv"]
    course += ["to_students/02_the_chain.zip", "marks.csv", "canvas.csv", "submitted/ada/x.ipynb"]
    ours = ["benchmarks/results/x.json", "lstm_teach/course/submissions/choose.py"]
    words = ["git", "-C", str(ROOT), "check-ignore", "--no-index", *course, *ours]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        pytest.skip("this is no clone")
    assert done.stdout.split() == course


# --- the guide -----------------------------------------------------------------------------------


def guide_block(heading):
    """The commands of one section of the guide."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", GUIDE.read_text("utf-8"), re.M | re.S)
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", section.group(1), re.M | re.S))


@pytest.fixture
def clone(tmp_path):
    """As much of a clone as a course needs."""
    for name in (NAME, "01_squashing"):
        for kind in ("solutions", "exercises"):
            shutil.copytree(ROOT / kind / name, tmp_path / kind / name)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "chapters").mkdir()
    shutil.copy(ROOT / "chapters" / "00_start_here.ipynb", tmp_path / "chapters")
    return tmp_path


@pytest.mark.slow
def test_the_guides_ten_minutes_work_as_they_are_written(clone, needs):
    needs("bwrap")
    text = guide_block("Ten minutes") + "\n" + guide_block("Variants")
    lines = [line for line in text.splitlines() if not line.startswith(("make ", ". "))]
    assert len(lines) >= 10
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euc", "\n".join(lines)],
        cwd=clone,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(clone / "to_students" / f"{NAME}.zip") as archive:
        assert f"{NAME}/README.md" in archive.namelist()
    assert marks(clone / "results" / "marks.csv") == {"ada": 0, "ben": 18}
    with open(clone / "marks.csv", encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert rows == {"ada": "0.0", "ben": "18.0"}
    assert (clone / "results" / "summary.html").is_file()
    assert len(list((clone / "results" / "feedback").glob("*.html"))) == 2
    assert marks(clone / "results_7" / "marks.csv") == {"ada": 0, "ben": 16}


def test_every_flag_that_the_guide_explains_exists():
    table = re.search(r"^## Flags\n(.*?)^## ", GUIDE.read_text("utf-8"), re.M | re.S).group(1)
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    flags = {flag for row in rows for flag in re.findall(r"`([a-z_]+)`", row)}
    assert len(flags) >= 12
    sources = "\n".join(
        path.read_text("utf-8") for path in (ROOT / "lstm_teach" / "course").rglob("*.py")
    )
    assert {flag for flag in flags if f'"{flag}"' not in sources} == set()


def test_every_command_and_option_of_the_guide_exists():
    text = GUIDE.read_text("utf-8")
    named = set(re.findall(r"lstm-teach course ([a-z]+)", text))
    assert named == set(COMMANDS)
    helped = "\n".join(run(name, "--help").output for name in COMMANDS)
    ours = re.sub(r"`nbgrader [^`]*`", "", text)  # its commands have options of their own
    options = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", ours)) - {"--help"}
    assert options
    assert {option for option in options if option not in helped} == set()


def test_the_readme_leads_to_the_guide():
    assert "](book/instructors_guide.md)" in (ROOT / "README.md").read_text("utf-8")


def test_the_guides_own_test_cell_is_the_one_that_was_tried(own):
    block = re.search(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S).group(1)
    master = nbformat.read(own / "masters" / "own" / "own.ipynb", as_version=4)
    assert block.strip() == master.cells[-1].source
