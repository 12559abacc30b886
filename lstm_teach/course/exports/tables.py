"""Marks as a table: nbgrader's columns, and those that Canvas's gradebook reads.

nbgrader: the columns of `nbgrader export`. Canvas: the columns that its importer asks for
(`gradebook_importer.rb` of canvas-lms): Student, ID, SIS User ID, SIS Login ID, Section, then an
assignment; a row that begins with "Points Possible". It looks for a student by ID, then by the
SIS columns, then by name. No cell starts a formula.
"""

import csv
import io

from ..plain import cell

NBGRADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def nbgrader(records):
    """(the text of the table, a sentence about it)."""
    rows = [NBGRADER]
    for record in records:
        known = {
            "assignment": record["assignment"],
            "student_id": record["student"],
            "raw_score": float(record["score"]),
            "late_submission_penalty": 0.0,
            "score": float(record["score"]),
            "max_score": float(record["max_score"]),
        }
        rows.append([known.get(column, "") for column in NBGRADER])
    return _text(rows), f"{len(records)} students."


def canvas(records, roster=None):
    """(the text of the table, a sentence about it).

    roster: the CSV file that Canvas's gradebook exports; its first columns are kept as they are,
    so that Canvas knows everybody. Without it the names alone must do.
    """
    title = records[0]["assignment"] if records else "assignment"
    most = max((record["max_score"] for record in records), default=0)
    rows = [[*CANVAS, title], ["    Points Possible", "", "", "", "", most]]
    if roster is None:
        rows += [[record["student"], "", "", "", "", record["score"]] for record in records]
        return _text(rows), (
            f"{len(records)} students, by their names alone. With --roster, the file that Canvas's "
            "own gradebook exports, they are found by number."
        )
    marks = {_same(record["student"]): record["score"] for record in records}
    met = set()
    for person in _people(roster):
        names = [_same(person[column]) for column in CANVAS[:4] if person[column]]
        found = next((key for key in names if key in marks), None)
        met.add(found)
        rows.append([*(person[c] for c in CANVAS), "" if found is None else marks[found]])
    missed = [one["student"] for one in records if _same(one["student"]) not in met]
    said = f"{len(rows) - 2} students of the roster."
    if missed:
        said += f" Not on it: {', '.join(missed[:10])}{' ...' if len(missed) > 10 else ''}."
    return _text(rows), said


def _people(roster):
    """The rows of Canvas's export that are students. Raises CannotExport."""
    from . import CannotExport

    try:
        with open(roster, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotExport(f"{roster} cannot be read as CSV: {error}.") from None
    if not rows or not {"Student", "ID"} <= set(rows[0]):
        raise CannotExport(
            f"{roster} is not what Canvas's gradebook exports: expected the columns "
            f"{', '.join(CANVAS)}."
        )
    people = ({column: row.get(column) or "" for column in CANVAS} for row in rows)
    return [one for one in people if "Points Possible" not in one["Student"] and one["ID"]]


def _same(name):
    """A name without what differs between systems: order, capital letters, spaces."""
    last, comma, first = name.partition(",")
    return "".join(f"{first} {last}".split() if comma else name.split()).casefold()


def _text(rows):
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
