"""What an export leaves alone, and what it says about marks that are not complete."""

import csv
import json
import sqlite3
import zipfile

import pytest
from made_records import NAME, graded, made, results_folder, run

from lstm_teach.course.exports import CannotExport, earlier, tables
from lstm_teach.course.master import Master


@pytest.fixture(scope="module")
def master():
    return Master.read(NAME)


def class_of(master, place, *students):
    return results_folder(place, [graded(master, student) for student in students])


# --- marks that wait for a person ----------------------------------------------------------------


@pytest.mark.parametrize("target", ["csv", "canvas", "gradescope", "github"])
def test_points_that_wait_for_a_person_are_said_on_stderr(master, tmp_path, target):
    results = class_of(master, tmp_path / "results", "ada", "bob")
    result = run(results, "--to", target, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "4 points still wait for a person's marks" in result.stderr
    assert "ada (2), bob (2)" in result.stderr
    assert "still wait" not in result.stdout


def test_where_nothing_waits_nothing_is_said(master, tmp_path):
    record = graded(master, "ada")
    record["tests"] = [test for test in record["tests"] if test["status"] != "by_hand"]
    results = results_folder(tmp_path / "results", [record])
    assert run(results, "--to", "csv", "--out", tmp_path / "out").stderr == ""


# --- files that are there already ----------------------------------------------------------------


@pytest.mark.parametrize("target", ["csv", "canvas", "gradescope-zip", "nbgrader"])
def test_a_file_of_another_kind_is_left_as_it_is(master, tmp_path, target):
    results = class_of(master, tmp_path / "results", "ada")
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ada.ipynb", "{}")
    before = path.read_bytes()
    source = NAME if target == "gradescope-zip" else results
    result = run(source, "--to", target, "--out", path)
    assert result.exit_code == 1
    assert str(path) in result.output
    assert path.read_bytes() == before


def test_a_table_takes_the_place_of_an_earlier_one_of_the_same_students(master, tmp_path):
    path = tmp_path / "marks.csv"
    for place, students in (("a", ["ada"]), ("b", ["ada", "bob"])):
        results = class_of(master, tmp_path / place, *students)
        result = run(results, "--to", "csv", "--out", path)
        assert result.exit_code == 0
        assert ("was replaced" in result.output) == (place == "b")
    with open(path, encoding="utf-8", newline="") as file:
        assert [row["student_id"] for row in csv.DictReader(file)] == ["ada", "bob"]


@pytest.mark.parametrize("target", ["csv", "canvas"])
def test_a_table_of_another_section_is_left_as_it_is(master, tmp_path, target):
    path = tmp_path / "marks.csv"
    first = class_of(master, tmp_path / "a", "ada", "ben")
    assert run(first, "--to", target, "--out", path).exit_code == 0
    before = path.read_bytes()
    result = run(class_of(master, tmp_path / "b", "ada", "eve"), "--to", target, "--out", path)
    assert result.exit_code == 1
    assert "1 student who is not in this export: ben" in result.output
    assert path.read_bytes() == before


def test_the_roster_itself_is_not_written_over(master, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(",".join([*tables.CANVAS, "Old (12)"]) + "\nAda,1,,ada,A,3\n")
    results = class_of(master, tmp_path / "results", "ada")
    result = run(results, "--to", "canvas", "--roster", path, "--out", path)
    assert result.exit_code == 1
    assert "Old (12)" in path.read_text()


def test_a_file_inside_a_folder_that_is_no_result_is_left_and_nothing_is_written(master, tmp_path):
    results = class_of(master, tmp_path / "results", "ada", "summary")
    before = (results / "summary.json").read_text()
    for target in earlier.HAS:
        result = run(results, "--to", target, "--out", results)
        assert result.exit_code == 1
        assert "summary.json is there already" in result.output
    assert (results / "summary.json").read_text() == before
    assert not (results / "ada.json").exists()


@pytest.mark.parametrize("target", earlier.HAS)
def test_a_result_takes_the_place_of_an_earlier_one(tmp_path, target):
    results = results_folder(tmp_path / "results", made())
    for _ in range(2):
        result = run(results, "--to", target, "--out", tmp_path / "out")
        assert result.exit_code == 0, result.output


def test_an_autograder_takes_the_place_of_an_earlier_one(tmp_path):
    path = tmp_path / "autograder.zip"
    earlier.autograder(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("setup.sh", "run_autograder", "grade.py"):
            archive.writestr(name, "")
    earlier.autograder(path)
    path.write_text(json.dumps([]))
    with pytest.raises(CannotExport, match="no autograder"):
        earlier.autograder(path)


def test_another_database_is_left_as_it_is(master, tmp_path):
    path = tmp_path / "mine.db"
    with sqlite3.connect(path) as database:
        database.execute("create table mine (a)")
    before = path.read_bytes()
    results = class_of(master, tmp_path / "results", "ada")
    result = run(results, "--to", "nbgrader", "--out", path)
    assert result.exit_code == 1
    assert "is a database, and not nbgrader's" in result.output
    assert path.read_bytes() == before


@pytest.mark.parametrize("target", ["csv", "canvas"])
def test_a_folder_where_a_file_is_needed_is_said(master, tmp_path, target):
    results = class_of(master, tmp_path / "results", "ada")
    result = run(results, "--to", target, "--out", tmp_path)
    assert result.exit_code == 1
    assert "is a folder" in result.output
    assert "marks.csv" in result.output


# --- options without an effect -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["csv", "--roster"], "--roster is for --to canvas"),
        (["csv", "--variant", "7"], "--variant is for --to gradescope-zip"),
        (["github", "--unsafe-no-sandbox"], "--unsafe-no-sandbox is for --to gradescope-zip"),
    ],
)
def test_an_option_that_an_export_does_not_use_is_said(master, tmp_path, words, said):
    results = class_of(master, tmp_path / "results", "ada")
    words = [*words, __file__] if words[-1] == "--roster" else words
    result = run(results, "--out", tmp_path / "out", "--to", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "out").exists()
