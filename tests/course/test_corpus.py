"""Two hundred submissions, honest, broken and hostile, graded in one batch, each with its mark.

The entries stand in `corpus/`, how they are handed in and graded in `graded.py`.
"""

import csv
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import psutil
import pytest
from course import graded as grading
from course.corpus import BOXES, ENTRIES, FULL, NAMES
from course.corpus.packed import ALL

from lstm_teach.course import integrity
from lstm_teach.course.record import problems
from lstm_teach.course.sandbox import probe
from lstm_teach.course.submissions import FOR_A_PERSON

pytestmark = pytest.mark.slow
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
each_box = pytest.mark.parametrize("box", BOXES, ids=lambda box: box.name)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """The whole corpus, graded once."""
    found = probe()
    if not found.works:
        reason = f"the corpus needs the sandbox, and that does not work here: {found}"
        if os.environ.get("LSTM_TEACH_REQUIRE_ALL") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    before = set(psutil.Process().children(recursive=True))  # of other tests in this session
    made = grading.graded(tmp_path_factory.mktemp("corpus"))
    made.before = before
    return made


def marks(record):
    return {test["name"]: test["score"] for test in record["tests"] if test["status"] != "by_hand"}


def said(record):
    return " ".join(f"{flag['flag']} {flag['says']}" for flag in record["flags"]).lower()


# --- one submission at a time -----------------------------------------------------------------


@each_entry
def test_it_earns_what_it_is_worth(batch, entry):
    found = marks(batch.records[entry.name])
    assert found.keys() == entry.marks.keys()
    for check, mark in entry.marks.items():
        least, most = mark if isinstance(mark, tuple) else (mark, mark)
        assert least <= found[check] <= most, (check, found, entry.why)


@each_entry
def test_the_record_is_as_the_schema_says(batch, entry):
    record = batch.records[entry.name]
    assert problems(record) == []
    assert record["score"] == sum(marks(record).values())
    assert record["score"] <= record["max_score"]
    assert len(json.dumps(record)) < 100_000


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.flags], ids=lambda entry: entry.name)
def test_what_was_odd_about_it_is_said(batch, entry):
    for word in entry.flags:
        assert word in said(batch.records[entry.name]), entry.why


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e.person is not None], ids=lambda entry: entry.name
)
def test_a_person_is_asked_where_one_is_needed_and_only_there(batch, entry):
    record = batch.records[entry.name]
    assert record["needs_a_person"] == entry.person, record["flags"]


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e.mistakes or e.statuses], ids=lambda entry: entry.name
)
def test_known_mistakes_and_blanks_are_called_by_their_names(batch, entry):
    tests = {test["name"]: test for test in batch.records[entry.name]["tests"]}
    assert {name: tests[name]["mistake"] for name in entry.mistakes} == entry.mistakes
    assert {name: tests[name]["status"] for name in entry.statuses} == entry.statuses


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.sentinel], ids=lambda entry: entry.name)
def test_it_got_at_nothing(batch, entry):
    """Such a submission dies with a certain word when it finds what it looked for."""
    text = json.dumps(batch.records[entry.name]).replace("SENTINEL-ERROR", "")
    assert entry.sentinel not in text


# --- all of them --------------------------------------------------------------------------------


def test_the_batch_ends_with_one_record_for_each_submission(batch):
    assert len(batch.records) == batch.handed_in
    assert {entry.name for entry in ENTRIES} <= batch.records.keys()


def test_nobody_called_the_listener(batch):
    assert batch.calls == []


def test_no_file_of_the_grader_is_changed(batch):
    assert batch.changed == []


def test_nothing_is_left_running(batch):
    left = set(psutil.Process().children(recursive=True)) - batch.before
    assert [process.cmdline() for process in left] == []


def test_no_submission_makes_the_grader_large(batch):
    assert 50 < batch.grader_mb < 1200


def test_names_of_students_do_not_matter(batch):
    students = batch.found["odd names"]
    assert len(set(students)) == len(students) == len(NAMES)
    assert {batch.records[student]["score"] for student in students} == {ALL}
    assert [student for student in students if CONTROL.search(student)] == []


# --- what they come in --------------------------------------------------------------------------


@each_box
def test_what_is_in_a_box_is_found_and_graded(batch, box):
    assert box.name not in batch.refused or not box.scores, batch.refused[box.name]
    others = {name.split(": ", 1)[1]: name for name in batch.found.get(box.name, [])}
    for student, score in box.scores.items():
        (name,) = [name for name in others if student in name]
        least, most = score if isinstance(score, tuple) else (score, score)
        assert least <= batch.records[others.pop(name)]["score"] <= most
    assert all(batch.records[name]["needs_a_person"] for name in others.values())
    if not box.scores:
        assert all(batch.records[name]["score"] == 0 for name in others.values())
    for word in box.flags:
        assert any(word in said(batch.records[name]) for name in batch.found[box.name])


def test_no_zip_wrote_outside_of_its_place(batch):
    assert not Path("/tmp/lstm_teach_escaped").exists()
    place = batch.out.parent
    around = [*place.parent.glob("*"), *place.glob("*"), *(place / "boxes").glob("*")]
    assert not [file for file in around if "escaped" in file.name]


@pytest.mark.parametrize("name", [box.name for box in BOXES if not box.scores])
def test_a_refusal_is_said_in_words(batch, name):
    words = str(batch.refused.get(name, "flagged in the record instead"))
    assert len(words) > 20
    assert "Traceback" not in words


# --- what the students get to read --------------------------------------------------------------


class Page(HTMLParser):
    """The tags, attributes and visible words of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {(tag, name, value or "") for name, value in attributes}

    def handle_data(self, data):
        self.words.append(data)


def test_no_page_runs_what_a_student_wrote(batch):
    pages = batch.feedback()
    assert len(pages) >= len(FULL)
    for file in [*pages, batch.out / "summary.html"]:
        page = Page(file.read_text(encoding="utf-8"))
        assert not page.tags & {"script", "iframe", "object", "embed", "form", "base", "link"}, file
        for tag, name, value in page.attributes:
            assert not name.startswith("on"), (file, tag, name)
            if name in ("href", "src", "srcdoc", "action"):
                assert re.fullmatch(r"#[\w-]*|data:image/png;.*|feedback/[^:]*\.html", value), value
            assert "SCRIPTED" not in value


def test_no_page_tells_a_hidden_test(batch):
    for file in batch.feedback():
        text = file.read_text(encoding="utf-8")
        for word in (grading.SEED, "BEGIN HIDDEN", "require_right", "seed=2026"):
            assert word not in text, file
    tests = {test["name"]: test for test in batch.records["wrong_by_heart"]["tests"]}
    assert tests["count-check"]["exhibits"] == []
    assert "other numbers" in tests["count-check"]["says"]


def test_a_spreadsheet_calculates_nothing_and_a_terminal_obeys_nobody(batch):
    text = (batch.out / "marks.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) > len(ENTRIES) / 2
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+@-\t")] == []
    for file in [*batch.out.glob("*.csv"), *batch.feedback(), batch.out / "summary.html"]:
        assert not CONTROL.search(file.read_text(encoding="utf-8")), file


def test_the_instructors_guide_explains_every_flag(batch):
    guide = (Path(__file__).parents[2] / "book" / "instructors_guide.md").read_text("utf-8")
    found = {flag["flag"] for record in batch.records.values() for flag in record["flags"]}
    ours = {"deadline", "killed_grader", "grader_error"}
    known = found | ours | FOR_A_PERSON | integrity.FOR_A_PERSON
    assert sorted(name for name in known if f"`{name}`" not in guide) == []
