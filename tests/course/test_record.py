"""The record: its schema holds, and says no to what is none."""

import json

import jsonschema
import pytest

from lstm_teach.course import record
from lstm_teach.course.master import Master

MASTER = Master.read("04_vanishing")
SCHEMA = json.loads(record.SCHEMA.read_text(encoding="utf-8"))


def validate(made):
    jsonschema.Draft202012Validator(SCHEMA).validate(made)


def test_a_new_record_has_a_test_for_each_mark_of_the_master():
    made = record.new(MASTER, student="anna")
    validate(made)
    assert [one["name"] for one in made["tests"]] == [one.grade_id for one in MASTER.grades]
    assert {one["status"] for one in made["tests"]} == {"not_run", "by_hand"}
    assert made["max_score"] == MASTER.max_score == 21
    assert record.problems(made) == []


def test_a_failed_record_says_why_and_asks_for_a_person():
    flags = [{"flag": "late", "says": "It came late.", "person": True}]
    made = record.failed(MASTER, flags=flags, says="It was too large.")
    validate(made)
    assert (made["status"], made["score"], made["needs_a_person"]) == ("failed", 0, True)
    assert [one["flag"] for one in made["flags"]] == ["late", "failed"]
    assert made["tests"][0]["says"] == "It was too large."


def test_finishing_adds_up_and_says_how_far_it_came():
    made = record.new(MASTER)
    for one in made["tests"]:
        one.update(status="passed", score=one["max_score"])
    made["tests"][-1].update(status="by_hand", score=0)
    assert record.finish(made)["score"] == 19
    assert made["status"] == "graded"
    made["tests"][0].update(status="not_run", score=0)
    assert record.finish(made)["status"] == "partly"


def test_the_same_flag_is_said_once():
    made = record.new(MASTER)
    made["flags"] = [{"flag": "canary", "says": "It sings."}] * 3
    assert len(record.finish(made)["flags"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"status": "great"},
        {"score": "all"},
        {"variant": "seven"},
        {"flags": [{"flag": "No Spaces", "says": ""}]},
        {"extra": 1},
        {"sandbox": "chroot"},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_record(change):
    with pytest.raises(jsonschema.ValidationError):
        validate(record.new(MASTER) | change)


def test_points_without_passing_are_a_problem():
    made = record.new(MASTER)
    made["tests"][0]["score"] = made["score"] = 3
    assert record.problems(made) == ["jacobian-check has points and is not_run"]
    assert record.problems({"schema": 2}) != []
    made["score"] = 4
    assert "the score is not the sum of the tests' scores" in record.problems(made)
