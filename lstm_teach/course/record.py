"""The record of one graded submission: what every table, page and export is made of."""

import hashlib
import json
from pathlib import Path

SCHEMA = Path(__file__).parent / "schemas" / "record.json"
MOST_OUTPUT = 2_000
MOST_FLAGS = 60
MOST_EXHIBITS = 12
SEPARATELY = "A person should look at this submission."


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def new(master, *, student="", sha256="", sandbox="none", flags=()):
    """A record in which nothing has been graded yet: every test not_run, or by_hand."""
    import lstm_teach

    return {
        "schema": 1,
        "assignment": master.name,
        "student": student,
        "submission_sha256": sha256,
        "master_sha256": master.hash,
        "package": lstm_teach.__version__,
        "sandbox": sandbox,
        "variant": master.variant,
        "seconds": 0.0,
        "cpu_seconds": 0.0,
        "score": 0,
        "max_score": master.max_score,
        "status": "failed",
        "flags": [{"flag": one["flag"], "says": one["says"]} for one in flags],
        "needs_a_person": any(one.get("person") for one in flags),
        "tests": [of_test(grade) for grade in master.grades],
    }


def of_test(grade, status=None, says="", **more):
    """The record of one mark. `status` is not_run, or by_hand, until it has been looked at."""
    status = status or ("by_hand" if grade.by_hand else "not_run")
    if not says:
        says = {"by_hand": "Marked by hand.", "not_run": "It was not run."}.get(status, "")
    return {
        "name": grade.grade_id,
        "exercise": grade.exercise,
        "title": grade.title,
        "score": grade.points if status == "passed" else 0,
        "max_score": grade.points,
        "status": status,
        "says": says,
        "hint": "",
        "mistake": None,
        "exhibits": [],
        "visibility": "visible",
        "output": "",
    } | more


def failed(master, *, student="", sha256="", sandbox="none", flags=(), says=""):
    """The record of a submission that could not be graded: no points, and a person must look."""
    record = new(master, student=student, sha256=sha256, sandbox=sandbox, flags=flags)
    if says:
        record["flags"].append({"flag": "failed", "says": says})
        for one in record["tests"]:
            if one["status"] == "not_run":
                one["says"] = says
    record["needs_a_person"] = True
    return record


def finish(record):
    """Add up the marks and say how far the grading came. Returns the record."""
    tests = record["tests"]
    record["score"] = sum(one["score"] for one in tests)
    done = [one["status"] != "not_run" for one in tests]
    record["status"] = "graded" if all(done) else "partly"
    record["flags"] = _once(record["flags"])[:MOST_FLAGS]
    return record


def problems(record):
    """What is wrong with a record: a list of sentences, empty where it is sound."""
    found = []
    if not isinstance(record, dict) or record.get("schema") != 1:
        return ["not a record of schema 1"]
    required = json.loads(SCHEMA.read_text(encoding="utf-8"))["required"]
    found += [f"{name} is missing" for name in required if name not in record]
    if found:
        return found
    if record["score"] != sum(one["score"] for one in record["tests"]):
        found.append("the score is not the sum of the tests' scores")
    if record["max_score"] != sum(one["max_score"] for one in record["tests"]):
        found.append("the largest score is not the sum of the tests' points")
    for one in record["tests"]:
        if one["score"] and one["status"] != "passed":
            found.append(f"{one['name']} has points and is {one['status']}")
    return found


def _once(flags):
    seen = {}
    for one in flags:
        seen.setdefault((one["flag"], one["says"]), one)
    return list(seen.values())
