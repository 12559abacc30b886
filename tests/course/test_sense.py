"""Masters that are none: each is refused with its cell, everywhere, before anything is made."""

import json
from pathlib import Path

import nbformat
import pytest
from course.own import DOUBLE, at_work_in, hidden, master_of, run, with_test, written

from lstm_teach.course import derive, sense
from lstm_teach.course.master import Master, MasterMissing

ROOT = Path(__file__).parents[2]


def changed(**facts):
    """An ordinary master whose test has other metadata; None takes one away."""
    made = with_test("assert double(2) == 4")
    about = made.cells[1].metadata["nbgrader"]
    for name, value in facts.items():
        about[name] = value
        if value is None:
            del about[name]
    return made


@pytest.fixture
def book(tmp_path, monkeypatch):
    (tmp_path / "submissions").mkdir()
    (tmp_path / "submissions" / "ada.ipynb").write_text("{}")
    return at_work_in(tmp_path, monkeypatch)


@pytest.mark.parametrize("name", derive.names(ROOT))
def test_the_masters_of_the_book_make_sense(name):
    path = ROOT / "solutions" / name / f"{name}.ipynb"
    assert sense.problems(json.loads(path.read_text(encoding="utf-8"))["cells"]) == []


BAD = {
    "NaN": (changed(points=float("nan")), 'cell 2 (grade-1): "points" must be a number'),
    "infinite": (changed(points=float("inf")), 'cell 2 (grade-1): "points" must be a number'),
    "negative": (changed(points=-2), "-2 came"),
    "a word": (changed(points="two"), "'two' came"),
    "yes": (changed(points=True), "True came"),
    "no points": (changed(points=None), "None came"),
    "no grade_id": (changed(grade_id=""), "cell 2: it has no grade_id"),
    "one grade_id": (changed(grade_id="solution-0"), "cell 1 has the same grade_id"),
    "old": (changed(schema_version=1), "cell 2 (grade-1): its metadata are of nbgrader's schema 1"),
    "magic": (with_test("%time double(2)"), "cell 2 (grade-1), line 1: `%time double(2)`"),
    "syntax": (with_test("x = 1\nassert double(2) = 4"), "line 2: `assert double(2) = 4`"),
    "no END": (with_test("1\n### BEGIN HIDDEN TESTS\n2"), "line 2: ### BEGIN HIDDEN TESTS has no"),
    "no BEGIN": (with_test("1\n### END HIDDEN TESTS"), "line 2: ### END HIDDEN TESTS has no"),
    "twice": (
        with_test("### BEGIN HIDDEN TESTS\n" + hidden("1", "2")),
        "line 3: ### BEGIN HIDDEN TESTS comes before the ### END HIDDEN TESTS",
    ),
    "mixed": (
        with_test("1", DOUBLE.replace("END SOLUTION", "END HIDDEN TESTS")),
        "### END HIDDEN TESTS has no ### BEGIN HIDDEN TESTS",
    ),
    "in a test": (with_test(DOUBLE), "cell 2 (grade-1), line 2: ### BEGIN SOLUTION stands in"),
    "in an answer": (with_test("1", hidden(DOUBLE, "1")), "stands in a cell that is no test"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_master_that_makes_no_sense_is_refused_with_its_cell(case):
    master, word = BAD[case]
    with pytest.raises(MasterMissing) as refused:
        Master.of(master, "own")
    assert "own cannot be used as a master" in refused.value.message
    assert word in refused.value.message


LOOK_ALIKE = [
    "### BEGIN HIDDEN TEST",
    "### begin hidden tests",
    "###BEGIN HIDDEN TESTS",
    "# BEGIN HIDDEN TESTS",
    "#### BEGIN HIDDEN TESTS",
    "### BEGIN HIDEN TESTS",
    "### BEGIN  HIDDEN TESTS",
    "### BEGIN HIDDEN",
    "### HIDDEN TESTS",
    "# Begin solutions",
    "### BEGIN SOLUTIONS",
    "### BEGIN SOLUTON",
    "### END-SOLUTION",
    "x = 1  # BEGIN SOLUTION",
]


@pytest.mark.parametrize("line", LOOK_ALIKE)
def test_a_line_that_looks_like_a_marker_is_named(line):
    with pytest.raises(MasterMissing) as refused:
        Master.of(with_test(f"assert double(2) == 4\n{line}\nassert double(3) == 6"), "own")
    assert f"cell 2 (grade-1), line 2: `{line}` looks like a marker" in refused.value.message


@pytest.mark.parametrize(
    "line",
    [
        "# the end of the solution of an equation",
        "# hidden tests draw other numbers",
        "# Solution",
        "end_solution = 3",
        "begin_hidden = 'the hidden state'",
        "# from the first hidden state to the end",
    ],
)
def test_an_ordinary_line_is_no_marker(line):
    assert Master.of(with_test(f"{line}\nassert double(2) == 4"), "own").max_score == 2


@pytest.mark.parametrize("command", ["derive", "release", "grade"])
@pytest.mark.parametrize("case", ["NaN", "one grade_id", "old", "no END"])
def test_the_commands_stop_before_anything_is_made(book, command, case):
    master, word = BAD[case]
    path = book / "solutions" / "own" / "own.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(master))
    more = {"release": ["--out", "to"], "grade": ["submissions", "--out", "to"]}.get(command, [])
    result = run(command, "own", *more)
    assert result.exit_code == 1
    assert word in result.output
    assert "own cannot be used as a master" in result.output.replace(".ipynb", "")
    assert not (book / "exercises").exists()
    assert not list(book.glob("to/*.zip")) + list(book.glob("to/records/*"))


def test_hidden_tests_behind_a_misspelt_marker_are_not_released(book):
    written(
        book, with_test("1\n### BEGIN HIDDEN TEST\nassert double(7) == 14\n### END HIDDEN TEST")
    )
    for words in (["derive", "own"], ["release", "own", "--out", "to"], ["derive", "--check"]):
        result = run(*words)
        assert result.exit_code == 1
        assert "cell 2 (grade-1), line 2: `### BEGIN HIDDEN TEST` looks like" in result.output


def test_the_students_version_is_no_master():
    for name in derive.names(ROOT):
        with pytest.raises(MasterMissing, match="not the students' version"):
            Master.read(ROOT / "exercises" / name / f"{name}.ipynb")
    only_stub = with_test("assert double(2) == 4", "# YOUR CODE HERE\nraise NotImplementedError()")
    with pytest.raises(MasterMissing, match=r"cell 1 \(solution-0\): expected your answer"):
        Master.of(only_stub, "own")


def test_an_answer_that_a_person_marks_need_not_be_in_the_master():
    master = master_of(("manual", "# your words\nraise NotImplementedError()", 3))
    assert Master.of(master, "own").max_score == 3


def test_the_hash_of_a_master_has_the_names_and_the_bytes_of_its_files(tmp_path):
    path, seen = written(tmp_path, with_test("double(2)")), set()
    for name, text in (("a.txt", "1"), ("a.txt", "2"), ("b.txt", "2")):
        (path.parent / name).write_text(text)
        seen.add(Master.read(path).hash)
    assert len(seen) == 3
    assert Master.read(path).hash == Master.read(path.parent).hash


@pytest.mark.parametrize("text", ["{", "[]", '{"cells": 3}', '{"cells": [1]}'])
def test_what_is_no_notebook_is_said_so(tmp_path, text):
    with pytest.raises(MasterMissing, match="not a notebook"):
        Master.of(text.encode(), "own")


def test_a_master_may_be_written_by_nbformat_or_as_lines():
    made = nbformat.writes(with_test(hidden("x = 3", "assert double(x) == 6"))).encode()
    assert Master.of(made, "own").grades[0].hidden.count("double(x)") == 1
