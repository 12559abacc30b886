"""What the records of a batch add up to: a table, a page, a picture, and the marks.

Item statistics for each test: how many passed it, lost it, or did not attempt it, and which known
mistakes they made. Then who needs a person.
"""

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

from . import feedback, pages, picture, store
from .plain import cell, plain

PASSED, LOST = ("passed",), ("failed", "error", "not_run")


class Item(NamedTuple):
    """One test over all students. mistakes: {name: how many}, most frequent first."""

    name: str
    exercise: str
    title: str
    points: float
    passed: int
    lost: int
    not_attempted: int
    by_hand: int
    mean: float
    mistakes: dict


class Summary(NamedTuple):
    """A batch. found: what summary.json holds; records: in the order of the students."""

    out: object
    found: dict
    records: list

    def table(self):
        """The item statistics and who needs a person, for rich to print."""
        from .tables import table

        return table(self)


def get_ready_to_publish():
    """Load what draws the picture: half a second, while others grade."""
    import matplotlib.backends.backend_agg
    import matplotlib.figure  # noqa: F401

    from .. import drawing  # noqa: F401


def publish(results, master, keys, records):
    """Write everything that is made of records into the results folder. Returns the Summary.

    summary.json comes last: where it is, all of it is.
    """
    found = {"schema": 1, "assignment": master.name, "records": keys}
    found |= added_up(records, results.before().get("students", ()))
    found["ended"] = datetime.now(UTC).isoformat(timespec="seconds")
    names = feedback.file_names([record["student"] for record in records])
    out = results.out
    _forget(out / "feedback", set(names.values()))
    for record in records:
        path = out / "feedback" / names[record["student"]]
        store.write(path, feedback.page(record))
    store.write(out / "marks.csv", marks(records))
    store.write(out / "summary.html", pages.page("summary", found=found, names=names))
    store.write(out / "summary.png", picture.drawn(found))
    store.write(out / "summary.json", json.dumps(found, indent=1) + "\n", durable=True)
    results.ended()
    return Summary(out, found, records)


def added_up(records, before=()):
    """Item statistics, totals and flags, as JSON would have them.

    before: the students of the last run; "gone" are those who are not in this one.
    """
    students = [record["student"] for record in records]
    scores = [record["score"] for record in records]
    return {
        "submissions": len(records),
        "status": dict(Counter(record["status"] for record in records)),
        "max_score": records[0]["max_score"] if records else 0,
        "mean_score": sum(scores) / len(scores) if scores else 0,
        "median_score": median(scores) if scores else 0,
        "median_seconds": median(r["seconds"] for r in records) if records else 0,
        "cpu_seconds": sum(record["cpu_seconds"] for record in records),
        "unsafe": any(record["sandbox"] == "none" for record in records),
        "items": [item._asdict() for item in items(records)],
        "flags": dict(
            Counter(
                name for record in records for name in {one["flag"] for one in record["flags"]}
            ).most_common()
        ),
        "people": [
            {"student": one["student"], "score": one["score"], "flags": one["flags"]}
            for one in records
            if one["needs_a_person"]
        ],
        "to_mark": to_mark(records),
        "students": students,
        "gone": sorted({*before} - {*students}),
    }


def to_mark(records):
    """The points that wait for a person's marks: [{"student", "points"}] of those who have any."""
    found = [{"student": one["student"], "points": _to_mark(one)} for one in records]
    return [one for one in found if one["points"]]


def _to_mark(record):
    return sum(test["max_score"] for test in record["tests"] if test["status"] == "by_hand")


def items(records):
    """An Item for each test, in the order of the notebook."""
    found = {}
    for record in records:
        for test in record["tests"]:
            found.setdefault(test["name"], []).append(test)
    return [_item(name, tests) for name, tests in found.items()]


def _item(name, tests):
    often = Counter(test["status"] for test in tests)
    mistakes = Counter(test["mistake"] for test in tests if test["mistake"])
    first = next((test for test in tests if test["title"]), tests[0])
    return Item(
        name,
        first["exercise"],
        plain(first["title"], 120, lines=False),
        first["max_score"],
        sum(often[status] for status in PASSED),
        sum(often[status] for status in LOST),
        often["not_attempted"],
        often["by_hand"],
        sum(test["score"] for test in tests) / len(tests),
        {plain(name, 80, lines=False): n for name, n in mistakes.most_common()},
    )


def marks(records):
    """The text of marks.csv: a line for each student. No cell starts a formula."""
    names = list(dict.fromkeys(test["name"] for record in records for test in record["tests"]))
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n").writerow
    head = ("student", "score", "max_score", "points_to_mark", "status", "needs_a_person", "flags")
    write([*head, *map(cell, names)])
    for one in records:
        scores = {test["name"]: test["score"] for test in one["tests"]}
        flags = " ".join(dict.fromkeys(flag["flag"] for flag in one["flags"]))
        person = "yes" if one["needs_a_person"] else ""
        line = [one["student"], one["score"], one["max_score"], _to_mark(one) or ""]
        line += [one["status"], person, flags]
        write([cell(value) for value in line] + [scores.get(name, "") for name in names])
    return file.getvalue()


def _forget(folder, names):
    """Remove our pages of students who are not in this batch any more."""
    for path in folder.glob("*.html"):
        if path.name not in names and pages.MARK in path.read_text("utf-8", "replace")[:1000]:
            path.unlink()
