"""What a student gets back: one page, with a message and a hint for each point that was lost.

A hidden test is never shown: of it the page has a sentence and a hint, no inputs and no output.
What makes a person look at a submission is not told to its author either.
"""

import hashlib
import re
import unicodedata
from collections import Counter

from . import pages

WORDS = {
    "passed": ("✓", "Passed"),
    "failed": ("✗", "Lost"),
    "error": ("✗", "Stopped with an error"),
    "not_run": ("✗", "Not finished"),
    "not_attempted": ("–", "Not attempted"),
    "by_hand": ("…", "Marked by a person"),
}
# Flags that a student can do something about, and that say nothing of how cheating is noticed.
SHOWN = {
    "damaged",
    "deleted_cell",
    "duplicate_cell",
    "edited_cell",
    "encrypted",
    "extra_cell",
    "late",
    "missing_cell",
    "nested_zip",
    "no_metadata",
    "no_notebook",
    "not_code",
    "several_notebooks",
    "symlink",
    "too_large",
    "unreadable",
}
DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)  # no files on Windows


def page(record):
    """The feedback of a record, as the text of an HTML file."""
    tests = [_shown(test) for test in record["tests"]]
    remarks = [flag["says"] for flag in record["flags"] if flag["flag"] in SHOWN]
    return pages.page("feedback", record=record, tests=tests, remarks=remarks)


def _shown(test):
    """What a page has of a test."""
    sign, word = WORDS[test["status"]]
    if test["status"] == "failed" and test["score"] > 0:
        word = "Passed in part"
    seen = test["visibility"] == "visible"
    return {
        "name": " ".join(filter(None, (test["exercise"], test["title"]))) or test["name"],
        "sign": sign,
        "word": word,
        "kind": test["status"],
        "score": test["score"],
        "max_score": test["max_score"],
        "says": test["says"] or "",
        "hint": test["hint"] or "" if test["score"] < test["max_score"] else "",
        "exhibits": test["exhibits"] if seen else [],
        "output": test["output"] or "" if seen else "",
    }


def file_names(students):
    """{student: the name of their page}: letters, digits and . _ @ + - only, all different.

    They differ also where capital and small letters are the same. A name that is alone after
    this keeps it; names that would meet get some digits of their hash.
    """
    slugs = {student: _slug(student) for student in students}
    often = Counter(slug.casefold() for slug in slugs.values())
    alone = {student: slug for student, slug in slugs.items() if often[slug.casefold()] == 1}
    names, taken = dict(alone), {slug.casefold() for slug in alone.values()}
    for student in sorted(slugs.keys() - alone.keys()):
        digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
        for length in (8, 16, 64):
            name = f"{slugs[student]}-{digest[:length]}"
            if name.casefold() not in taken:
                break
        names[student] = name
        taken.add(name.casefold())
    return {student: f"{name}.html" for student, name in names.items()}


def _slug(student):
    letters = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9._@+-]+", "_", letters).strip("._-")[:80]
    return slug if slug and not DEVICES.match(slug) else f"student_{slug}".rstrip("_")
