"""What GitHub Classroom's autograding-grading-reporter reads.

The reporter takes the ids of "runners" and reads the environment variable ID_RESULTS of each:
base64 of a JSON text. Points are the sum of the tests' scores, if max_score is above 0.
Format: the sources of github-education-resources/autograding-grading-reporter.
"""

import base64
import json

from .words import by_machine, name, told

RUNNER = "lstm-teach"
STATUS = {"passed": "pass", "error": "error", "not_run": "error"}


def results(record):
    """The results of one runner, `lstm-teach`, for a record."""
    tests = [_test(test) for test in by_machine(record)]
    states = {test["status"] for test in tests}
    whole = "error" if record["status"] == "failed" else "pass" if states <= {"pass"} else "fail"
    return {
        "version": 1,
        "status": whole,
        "max_score": sum(test["max_score"] for test in by_machine(record)),
        "tests": tests,
    }


def variable(found):
    """The line for the reporter's `env`: LSTM-TEACH_RESULTS=base64."""
    encoded = base64.b64encode(json.dumps(found).encode()).decode()
    return f"{RUNNER.upper()}_RESULTS={encoded}"


def _test(test):
    return {
        "name": name(test),
        "status": STATUS.get(test["status"], "fail"),
        "score": test["score"],
        "message": told(test),
    }
