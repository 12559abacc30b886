"""Records with everything that an export must cope with, and a results folder made of them."""

import json
from pathlib import Path

import jsonschema
from click.testing import CliRunner

from lstm_teach.cli import commands
from lstm_teach.course import record
from lstm_teach.course.master import Master
from lstm_teach.course.store import Store

ROOT = Path(__file__).parent.parent.parent
NAME = "04_vanishing"
STUDENTS = (
    "ada",
    "Ada",  # the same file on some machines
    "Zoë 李 Ångström",
    "=HYPERLINK(1)",
    "../../evil",
    "<script>alert(1)</script>",
    "x" * 300,
)


def schema(name):
    text = (ROOT / "lstm_teach" / "course" / "schemas" / f"{name}.json").read_text("utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def graded(master, student, right=3):
    """A record in which the first `right` tests are passed and the rest are lost in many ways."""
    made = record.new(master, student=student, sha256="0" * 64, sandbox="bubblewrap")
    lost = ("failed", "error", "not_run", "not_attempted")
    for number, test in enumerate(made["tests"]):
        if test["status"] == "by_hand":
            continue
        passed = number < right
        test["status"] = "passed" if passed else lost[number % 4]
        test["score"] = test["max_score"] if passed else 0
        test["says"] = "Right." if passed else "The rows are in another order.\x1b[31m"
        test["hint"] = "" if passed else "Which axis is time?"
        test["exhibits"] = [["Expected", "[1 2]\n[3 4]"], ["Yours", "[1 3]"]]
        test["output"] = "printed"
    made["tests"][4] |= {"visibility": "hidden", "exhibits": [["Secret", "seed 5"]], "output": "no"}
    return record.finish(made)


def made():
    """A record for each student, and one of a submission that could not be read."""
    master = Master.read(NAME)
    found = [graded(master, student, right) for right, student in enumerate(STUDENTS)]
    nothing = record.failed(master, student="bob", says="This is no notebook.")
    for test in nothing["tests"]:
        test["status"] = "not_run"  # as a batch says it of a submission that it cannot read
    return [*found, nothing]


def results_folder(path, records):
    """A results folder, as a batch leaves it."""
    store = Store(path)
    for number, one in enumerate(records):
        store.keep(f"{number}", one)
    keys = [f"{number}" for number in range(len(records))]
    (store.out / "summary.json").write_text(json.dumps({"records": keys}))
    return store.out


def run(*words):
    """`lstm-teach course export`."""
    return CliRunner().invoke(commands, ["course", "export", *map(str, words)])
