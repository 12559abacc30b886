"""PrairieLearn's /grade/results/results.json.

Format: PrairieLearn's documentation, "External Grading", grading results; at most 1 MB.
"""

from .words import about, by_machine, name, told


def results(record):
    """The results.json of a record. What could not be read at all is "not gradable"."""
    if record["status"] == "failed":
        says = next((test["says"] for test in record["tests"] if test["says"]), "")
        return {"gradable": False, "format_errors": [says or "This could not be graded."]}
    tests = by_machine(record)
    most = sum(test["max_score"] for test in tests)
    return {
        "gradable": True,
        "score": min(1.0, sum(test["score"] for test in tests) / most) if most else 0.0,
        "message": about(record),
        "tests": [_test(test) for test in tests],
    }


def _test(test):
    return {
        "name": name(test),
        "points": test["score"],
        "max_points": test["max_score"],
        "message": told(test),
    }
