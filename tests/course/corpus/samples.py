"""A few submissions for other assignments: a hand-marked task, and machines of ours in the kernel.

Chapter 09 has designs as dictionaries and a sentence for a person; chapter 10 hands the student's
function two functions of ours that take and return many arrays.
"""

from textwrap import dedent

from wrong_answers import RIGHT, WRONG

from .making import Entry, full, lost, notebook, released, solutions, to_bytes

CELL_NAME, BACK_NAME = "09_whole_cell", "10_backward"


def _answers(name, **texts):
    """A way to make a submission: the master's answers but for these cells."""

    def make():
        changed = {key.replace("_", "-"): dedent(text).strip() for key, text in texts.items()}
        return to_bytes(notebook({**solutions(name), **changed}, name))

    return make


def _by_hand(marks):
    """What a person marks is worth nothing yet."""
    return {check: points for check, points in marks.items() if check != "predict-marks"}


PEEKS = """
def diagnose(forward, backward):
    for machine in (forward, backward):
        for name in ("health", "__self__", "_run_back", "__closure__", "ran", "__wrapped__"):
            found = getattr(machine, name, None)
            if name in ("health", "__self__", "_run_back", "ran") and found is not None:
                raise RuntimeError(f"SENTINEL {name} {found}")
    return "well"
"""
CHATTERS = """
def diagnose(forward, backward):
    W, U, b = np.zeros((4, 1, 1)), np.zeros((4, 1, 1)), np.zeros((4, 1))
    while True:
        forward(np.zeros((2, 2, 1)), W, U, b)
"""
HEAVY = """
def diagnose(forward, backward):
    T, W, U, b = 300_000, np.zeros((4, 1, 1), "i1"), np.zeros((4, 1, 1)), np.zeros((4, 1))
    backward(np.zeros((T, 1, 1), "i1"), np.zeros((T, 1, 1), "i1"), W, U, b)
    return "well"
"""
SWELLS = """
def diagnose(forward, backward):
    H = 60
    W, U, b = np.zeros((4, 1, H), "i1"), np.zeros((4, H, H), "i1"), np.zeros((4, H), "i1")
    forward(np.zeros((1, 600_000, 1), "i1"), W, U, b)
    return "well"
"""
ENTRIES = [
    Entry(
        "cell_right",
        _answers(CELL_NAME),
        _by_hand(full(CELL_NAME)),
        "All that a machine can judge is right; the sentence waits for a person.",
        statuses={"predict-marks": "by_hand"},
        assignment=CELL_NAME,
    ),
    Entry(
        "cell_wrong",
        _answers(
            CELL_NAME,
            lstm_step=next(iter(WRONG["9.2"].values())),
            toggle="def lstm_toggle(): return {'i': [float('nan')] * 3, 'f': 'x', 'g': None}",
        ),
        _by_hand(lost("lstm-step", "lstm-forward", "toggle", name=CELL_NAME)),
        "A wrong step spoils the loop that calls it; a design that is none.",
        mistakes={"lstm-step-check": next(iter(WRONG["9.2"]))},
        assignment=CELL_NAME,
    ),
    Entry(
        "cell_blank",
        lambda: to_bytes(released(CELL_NAME)),
        _by_hand(dict.fromkeys(full(CELL_NAME), 0)),
        "The notebook as it was handed out.",
        assignment=CELL_NAME,
    ),
    Entry("back_right", _answers(BACK_NAME), full(BACK_NAME), "All.", assignment=BACK_NAME),
    Entry(
        "back_right_otherwise",
        _answers(BACK_NAME, zoo=solutions(BACK_NAME)["zoo"] + "\n\n" + dedent(RIGHT["10.7"][0])),
        full(BACK_NAME),
        "Another way to find the bugs.",
        assignment=BACK_NAME,
    ),
    Entry(
        "back_peeks",
        _answers(BACK_NAME, zoo=PEEKS),
        lost("zoo", name=BACK_NAME),
        "A machine that could be opened would tell its bug.",
        sentinel="SENTINEL",
        assignment=BACK_NAME,
    ),
    Entry(
        "back_chatters",
        _answers(BACK_NAME, zoo=CHATTERS),
        lost("zoo", name=BACK_NAME),
        "Asks the grader's machine for ever.",
        assignment=BACK_NAME,
    ),
    Entry(
        "back_heavy",
        _answers(BACK_NAME, zoo=HEAVY),
        {**lost("zoo", name=BACK_NAME), "smallest-check": (0, 3)},
        "Asks the grader's machine for a minute of work in one call.",
        assignment=BACK_NAME,
    ),
    Entry(
        "back_swells",
        _answers(BACK_NAME, zoo=SWELLS),
        lost("zoo", name=BACK_NAME),
        "Half a megabyte of a question; gigabytes for the answer.",
        assignment=BACK_NAME,
    ),
]
