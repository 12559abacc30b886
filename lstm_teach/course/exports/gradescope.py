"""Gradescope's results.json.

Format: gradescope-autograders.readthedocs.io, "Autograder Specifications", output format.
"""

from .words import about, by_machine, name, told


def results(record):
    """The results.json of a record. Nothing that ran prints into it, and stdout stays hidden."""
    return {
        "score": sum(test["score"] for test in by_machine(record)),
        "execution_time": round(record["seconds"], 2),
        "output": about(record),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(test) for test in by_machine(record)],
        "extra_data": {
            "sandbox": record["sandbox"],
            "variant": record["variant"],
            "flags": [flag["flag"] for flag in record["flags"]],
            "needs_a_person": record["needs_a_person"],
            "submission_sha256": record["submission_sha256"],
        },
    }


def _test(test):
    return {
        "name": name(test),
        "score": test["score"],
        "max_score": test["max_score"],
        "status": "passed" if test["status"] == "passed" else "failed",
        "output": told(test),
        "visibility": "visible",  # of what was lost on hidden numbers `told` gives only the hint
    }
