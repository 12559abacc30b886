"""Gradescope's autograder zip: what is in it, and what it does with a submission."""

import json
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from made_records import run, schema

from lstm_teach.course import exports, variants

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("autograder")
    said = exports.autograder(ROOT, "02_the_chain", folder / "a.zip", "7")
    with zipfile.ZipFile(folder / "a.zip") as archive:
        modes = {e.filename: stat.S_IMODE(e.external_attr >> 16) for e in archive.infolist()}
        archive.extractall(folder / "source")
    return folder, modes, said


def test_the_zip_has_both_scripts_in_its_root_the_master_and_the_package(autograder):
    folder, modes, said = autograder
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert "master/02_the_chain.ipynb" in modes
    assert {"package/pyproject.toml", "package/lstm_teach/cli.py"} <= set(modes)
    assert not [name for name in modes if "__pycache__" in name or "solutions/" in name]
    assert "grades nobody, and says so" in said
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", folder / "source" / script], check=True)


def test_the_package_in_the_zip_has_all_that_its_build_asks_for(autograder):
    package = autograder[0] / "source" / "package"
    for name in ("README.md", "LICENSE", "lstm_teach/lab_settings.json"):
        assert (package / name).is_file()


def test_each_zip_has_a_secret_of_its_own(tmp_path):
    from lstm_teach.course.exports.gradescope_zip import packed

    one, two = (packed(ROOT, "02_the_chain") for _ in range(2))
    assert one != two


def test_a_submission_that_cannot_be_graded_there_is_not_the_students_fault(autograder):
    folder = autograder[0]
    (folder / "submission").mkdir()  # nothing in it
    grade = [sys.executable, folder / "source" / "grade.py"]
    done = subprocess.run(grade, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "results" / "results.json").read_text())
    schema("gradescope").validate(found)
    assert found["score"] == 0
    assert "not your fault" in found["output"]
    assert "no submission was found" in done.stdout


@pytest.mark.slow
def test_the_zip_grades_a_submission_of_its_variant(autograder, needs):
    needs("bwrap")
    folder = autograder[0]
    notebook = nbformat.read(ROOT / "solutions" / "02_the_chain" / "02_the_chain.ipynb", 4)
    shutil.rmtree(folder / "graded", ignore_errors=True)
    (folder / "submission").mkdir(exist_ok=True)
    nbformat.write(variants.derive(notebook, 7), folder / "submission" / "my work.ipynb")
    grade = [sys.executable, folder / "source" / "grade.py"]
    done = subprocess.run(grade, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "results" / "results.json").read_text())
    schema("gradescope").validate(found)
    assert (found["score"], found["extra_data"]["variant"]) == (18, 7), done.stdout
    assert found["extra_data"]["sandbox"].startswith("bubblewrap")


def test_without_a_sandbox_the_zip_says_so(tmp_path):
    result = run("02_the_chain", "--to", "gradescope-zip", "--out", tmp_path / "a.zip")
    assert result.exit_code == 0, result.output
    assert "WITHOUT" not in result.output
    unsafe = ("--to", "gradescope-zip", "--out", tmp_path / "b.zip", "--unsafe-no-sandbox")
    assert "WITHOUT a sandbox" in run("02_the_chain", *unsafe).output
