"""The marks as tables and in nbgrader's gradebook: every mark, every name, and no formula."""

import csv
import io
import os
from pathlib import Path

import pytest
from made_records import NAME, STUDENTS, graded, made, results_folder, run, schema

from lstm_teach.course.exports import tables
from lstm_teach.course.master import Master


@pytest.fixture(scope="module")
def records():
    return made()


@pytest.fixture
def results(records, tmp_path):
    return results_folder(tmp_path / "results", records)


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_has_nbgraders_columns(results, records, tmp_path):
    from nbgrader.plugins import export

    assert run(results, "--to", "csv", "--out", tmp_path / "marks.csv").exit_code == 0
    found = rows(tmp_path / "marks.csv")
    source = Path(export.__file__).read_text("utf-8")
    assert all(f'"{column}"' in source for column in found[0])
    for row, one in zip(found, records, strict=True):
        schema("nbgrader_csv").validate(row)
        assert float(row["score"]) == one["score"]
        assert float(row["max_score"]) == one["max_score"]
    assert [row["student_id"] for row in found][:3] == list(STUDENTS[:3])


def test_no_name_becomes_a_formula(results, tmp_path):
    for target in ("csv", "canvas"):
        run(results, "--to", target, "--out", tmp_path / target)
        with open(tmp_path / target, encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert any("HYPERLINK" in cell for cell in cells)


def test_canvas_gets_its_columns_and_the_points_that_are_possible(results, records, tmp_path):
    result = run(results, "--to", "canvas", "--out", tmp_path / "canvas.csv")
    assert "by their names alone" in result.output
    possible, *students = rows(tmp_path / "canvas.csv")
    assert list(possible) == [*tables.CANVAS, NAME]
    assert possible["Student"].strip() == "Points Possible"
    assert float(possible[NAME]) == records[0]["max_score"]
    for row, one in zip(students, records, strict=True):
        schema("canvas_csv").validate(row)
        assert float(row[NAME]) == one["score"]


def test_canvas_finds_students_by_its_own_export(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Old (12)\n"
        "    Points Possible,,,,,5\n"
        '"Lovelace, Ada",101,S1,ada,A,1\n'
        '"Ångström, Zoë",102,S2,zoe,A,1\n'
        '"Absent, Al",103,S3,al,B,1\n',
        encoding="utf-8-sig",
    )
    given = [
        graded(Master.read(NAME), "ada", 3),
        graded(Master.read(NAME), "ZOË Ångström", 2),
        graded(Master.read(NAME), "eve"),
    ]
    text, said = tables.canvas(given, roster)
    found = list(csv.DictReader(io.StringIO(text)))[1:]
    assert [row["ID"] for row in found] == ["101", "102", "103"]
    assert [row[NAME] for row in found] == [str(given[0]["score"]), str(given[1]["score"]), ""]
    assert "Not on it: eve." in said
    for row in found:
        schema("canvas_csv").validate(row)


def test_a_roster_that_is_something_else_is_refused(results, tmp_path):
    (tmp_path / "roster.csv").write_text("name,mark\nada,3\n")
    (tmp_path / "roster.bin").write_bytes(b"\xff\xfe\x00")
    for roster in ("roster.csv", "roster.bin"):
        words_ = ("--to", "canvas", "--out", tmp_path / "c.csv", "--roster", tmp_path / roster)
        result = run(results, *words_)
        assert result.exit_code == 1
        assert roster in result.output
        assert "Traceback" not in result.output


# --- nbgrader's gradebook ------------------------------------------------------------------------


def test_the_gradebook_has_every_mark_and_keeps_those_given_by_hand(results, records, tmp_path):
    from nbgrader.api import Gradebook

    path = tmp_path / "deep" / "gradebook.db"
    assert run(results, "--to", "nbgrader", "--out", path).exit_code == 0
    with Gradebook(f"sqlite:///{path}") as gradebook:
        assert {student.id for student in gradebook.students} == {r["student"] for r in records}
        assert gradebook.find_assignment(NAME).max_score == records[0]["max_score"]
        for one in records:
            submission = gradebook.find_submission(NAME, one["student"])
            assert submission.score == one["score"]
            assert submission.needs_manual_grade
        by_hand = next(t["name"] for t in records[0]["tests"] if t["status"] == "by_hand")
        grade = gradebook.find_grade(by_hand, NAME, NAME, "ada")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    again = run(results, "--to", "nbgrader", "--out", path)
    assert again.exit_code == 0, again.output
    with Gradebook(f"sqlite:///{path}") as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == records[0]["score"] + 2
        assert not gradebook.find_submission(NAME, "ada").needs_manual_grade


def test_the_environment_of_the_command_is_left_as_it_was(results, tmp_path):
    before = dict(os.environ)
    run(results, "--to", "nbgrader", "--out", tmp_path / "g.db")
    assert dict(os.environ) == before


def test_a_file_that_is_no_gradebook_is_refused_and_kept(results, tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("not a database " * 100)
    result = run(results, "--to", "nbgrader", "--out", path)
    assert result.exit_code == 1
    assert "cannot be used as nbgrader's gradebook" in result.output
    assert "Traceback" not in result.output
    assert path.read_text().startswith("not a database")
