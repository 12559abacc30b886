"""Canvas's roster: whose a mark is, whom it leaves out, and files as spreadsheets save them."""

import csv
import io

import pytest
from made_records import NAME, graded, results_folder, run

from lstm_teach.course.exports import CannotExport, roster, tables
from lstm_teach.course.master import Master

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Old (12)\n    Points Possible,,,,,5\n"


@pytest.fixture(scope="module")
def master():
    return Master.read(NAME)


@pytest.fixture
def listed(tmp_path):
    """A function that writes a roster of these lines, and gives its path."""

    def listed(*lines, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding=encoding)
        return path

    return listed


def exported(master, marks, path):
    """({ID: mark}, what is said) for {student: how many tests are right}."""
    given = [graded(master, student, right) for student, right in marks.items()]
    text, said = tables.canvas(given, path)
    found = {row["ID"]: row[NAME] for row in csv.DictReader(io.StringIO(text)) if row["ID"]}
    return found, said


def score(master, right):
    return str(graded(master, "x", right)["score"])


def test_students_of_canvass_zip_are_found_by_the_number_in_their_names(master, listed):
    path = listed('"Doe, John",12345,S1,jd,A', '"Doe, Jane",12346,S2,jane,A')
    found, said = exported(master, {"doejohn_12345": 3, "doejane_12346": 1}, path)
    assert found == {"12345": score(master, 3), "12346": score(master, 1)}
    assert said == "2 of the 2 students of the roster have a mark."


def test_of_twins_nobody_gets_the_others_mark(master, listed):
    twins = ('"Chen, Wei",12347,,,A', '"Chen, Wei",12348,,,A', '"Doe, Jo",12349,,,A')
    found, said = exported(master, {"Wei Chen": 4, "wei chen": 1, "Jo Doe": 2}, listed(*twins))
    assert found == {"12347": "", "12348": "", "12349": score(master, 2)}
    assert "these marks were left out: Wei Chen, wei chen." in said
    found, said = exported(master, {"Wei Chen": 4, "Jo Doe": 2}, listed(*twins))
    assert found == {"12347": "", "12348": "", "12349": score(master, 2)}
    assert "Wei Chen" in said


def test_a_number_is_surer_than_a_name(master, listed):
    twins = ('"Chen, Wei",12347,,,A', '"Chen, Wei",12348,,,A', '"12347, Al",9,,,A')
    found, said = exported(master, {"12347": 4, "chenwei_12348": 1, "Wei Chen": 2}, listed(*twins))
    assert found == {"12347": score(master, 4), "12348": score(master, 1), "9": ""}
    assert "left out: Wei Chen." in said


def test_two_submissions_of_one_student_give_no_mark(master, listed):
    found, said = exported(
        master, {"ada": 1, "ADA": 4, "bob": 1}, listed("A,1,,ada,X", "B,2,,bob,")
    )
    assert found == {"1": "", "2": score(master, 1)}
    assert "ada, ADA" in said


def test_a_roster_of_another_class_is_refused(master, listed):
    path = listed('"Doe, John",12345,S1,jd,A')
    with pytest.raises(CannotExport, match=r"(?s)nobody in .* named: ada\..*roster of this class"):
        exported(master, {"ada": 3}, path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("between", ",;\t")
def test_a_roster_may_be_as_a_spreadsheet_saves_it(tmp_path, encoding, between):
    text = between.join(roster.CANVAS) + "\r\n" + between.join(['"Ångström, Zoë"', *"123", "A"])
    (tmp_path / "r.csv").write_text(text, encoding=encoding, newline="")
    (found,) = roster.people(tmp_path / "r.csv")
    assert (found["Student"], found["ID"], found["Section"]) == ("Ångström, Zoë", "1", "A")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "found nothing"),
        (b"name,mark\nada,3\n", "found name, mark"),
        (HEAD.encode(), "no student with an ID"),
        (b"\xff\xfe\x00", "Save it again as CSV in UTF-8"),
        (None, "is a folder"),
    ],
)
def test_a_roster_that_is_something_else_says_what_came_and_what_to_do(
    master, tmp_path, content, said
):
    path = tmp_path / "roster"
    path.mkdir() if content is None else path.write_bytes(content)
    results = results_folder(tmp_path / "results", [graded(master, "ada")])
    result = run(results, "--to", "canvas", "--out", tmp_path / "c.csv", "--roster", path)
    assert result.exit_code == 1
    assert said in result.output
    assert "c.csv cannot" not in result.output
    assert not (tmp_path / "c.csv").exists()
