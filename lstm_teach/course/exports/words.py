"""What a student may read about a test: as plain text, without anything of a hidden test."""

from ..plain import plain

MOST = 4_000  # characters about one test


def told(test):
    """The text about one test of a record: what was said, what was seen, the hint.

    What was lost on hidden numbers ("hidden") is told without anything that was seen.
    """
    lines = [test["says"]] if test["says"] else []
    if test["visibility"] == "visible":
        for label, text in test["exhibits"]:
            lines += [f"{label}: {text}" if "\n" not in text else f"{label}:\n{text}"]
    if test["hint"] and lost(test):
        lines.append(f"Hint: {test['hint']}")
    if test["visibility"] == "visible" and test["output"]:
        lines.append(f"Python said:\n{test['output']}")
    return plain("\n".join(lines), MOST)


def lost(test):
    """Whether points of this test were lost."""
    return test["score"] < test["max_score"]


def name(test):
    """The name of a test as students know it: "2.1 One step of the chain"."""
    known = f"{test['exercise']} {test['title']}".strip()
    return plain(known or test["name"], 200, lines=False)


def by_machine(record):
    """The tests that a machine has marked; the others wait for a person."""
    return [test for test in record["tests"] if test["status"] != "by_hand"]


def about(record):
    """A sentence or two about the whole submission."""
    said = f"{record['score']:g} of {record['max_score']:g} points."
    if waiting := [test for test in record["tests"] if test["status"] == "by_hand"]:
        said += f" {sum(test['max_score'] for test in waiting):g} more are given by a person."
    if record["sandbox"] == "none":
        said += " Graded without a sandbox."
    return said
