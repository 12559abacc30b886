"""Marks as a table: nbgrader's columns, and those that Canvas's gradebook reads.

nbgrader: the columns of `nbgrader export`. Canvas: the columns that its importer asks for
(`gradebook_importer.rb` of canvas-lms): Student, ID, SIS User ID, SIS Login ID, Section, then an
assignment; a row that begins with "Points Possible". It looks for a student by ID, then by the
SIS columns, then by name; so does `roster.py`. No cell starts a formula.
"""

import csv
import io

from ..plain import cell, few, number_of
from . import CannotExport
from .roster import CANVAS, matched, people

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
    return _text(rows), f"{number_of(len(records), 'student')}."


def canvas(records, roster=None):
    """(the text of the table, a sentence about it). Raises CannotExport.

    roster: the CSV file that Canvas's gradebook exports; its first columns are kept as they are,
    so that Canvas knows everybody. Without it the names alone must do.
    """
    title = records[0]["assignment"] if records else "assignment"
    most = max((record["max_score"] for record in records), default=0)
    rows = [[*CANVAS, title], ["    Points Possible", "", "", "", "", most]]
    if roster is None:
        rows += [[record["student"], "", "", "", "", record["score"]] for record in records]
        return _text(rows), (
            f"{number_of(len(records), 'student')}, by their names alone. With --roster, the file "
            "that Canvas's own gradebook exports, they are found by number."
        )
    students, marks = people(roster), {one["student"]: one["score"] for one in records}
    found, doubted, nobody = matched(marks, students)
    if not found:
        listed = few([one["Student"] for one in students], 3, "; ")
        raise CannotExport(
            f"nobody in {roster} could be found with certainty among the submissions, and nothing "
            f"was written.\nThe roster has: {listed}. The submissions are named: "
            f"{few([*marks], 3, '; ')}.\nIs it the roster of this class, with everybody once?"
        )
    for place, one in enumerate(students):
        mark = marks[found[place]] if place in found else ""
        rows.append([*(one[column] for column in CANVAS), mark])
    said = [f"{len(found)} of the {len(students)} students of the roster have a mark."]
    if doubted:
        said += [
            f"In doubt whose they are, so these marks were left out: {few(doubted)}. "
            "Two rows of the roster, or two submissions, have that name; enter them by hand."
        ]
    if nobody:
        said += [f"Not on it: {few(nobody)}."]
    return _text(rows), "\n".join(said)


def _text(rows):
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
