"""Honest submissions with wrong answers: classic mistakes, half done, by heart, blank."""

from dataclasses import replace
from textwrap import dedent

import numpy as np
from wrong_answers import WRONG

from lstm_teach.checks import EXERCISES

from .making import (
    APART,
    CELL,
    FULL,
    HIDDEN,
    NOTHING,
    SEEN,
    Entry,
    answers,
    lost,
    notebook,
    only,
    released,
    solutions,
    to_bytes,
)


def _mistakes(**named):
    """Right answers, and in these cells a known mistake: rnn_step="forgot the bias"."""
    exercise = {grade_id: id for id, grade_id in CELL.items()}

    def make():
        chosen = dict(APART)
        for name, mistake in named.items():
            grade_id = name.replace("_", "-")
            wrong = dedent(WRONG[exercise[grade_id]][mistake]).strip()
            chosen[grade_id] += f"\n\n\n{wrong}"
        return to_bytes(notebook(chosen))

    return make


def _by_heart(*seeds):
    """A table of the answers that the check with these seeds wants, instead of the count."""

    def make():
        part = EXERCISES["2.4"].parts[0]
        cases = [case for seed in seeds for case in part.cases(np.random.default_rng(seed))]
        table = {tuple(map(int, case.args)): int(part.reference(*case.args)) for case in cases}
        text = f"KNOWN = {table}\n\ndef count_parameters(T, D, H):\n    return KNOWN[T, D, H]"
        return to_bytes(notebook({**APART, "count": text}))

    return make


def _seeds_tried():
    """The inputs are compared with those of many seeds; where one fits, its answer is given."""
    return answers(
        rnn_step="""
        seen = []

        def rnn_step(x, h, W, U, b):
            for seed in [*range(100), 2026]:
                r = np.random.default_rng(seed)
                for _ in range(40):
                    if np.array_equal(r.normal(size=x.shape), x):
                        return np.tanh(x @ W + h @ U + b)
            return np.zeros_like(h)
        """
    )


WRONG_ONES = [
    Entry(
        "wrong_first",
        _mistakes(
            rnn_step="forgot the bias",
            merge="adds W and U",
            count="new weights at every step",
        ),
        lost("rnn-step", "merge", "count"),
        "Three classic mistakes, each told its name.",
        mistakes={
            "rnn-step-check": "forgot the bias",
            "merge-check": "adds W and U",
            "count-check": "new weights at every step",
        },
    ),
    Entry(
        "wrong_second",
        _mistakes(
            rnn_forward="ignores the h it is given",
            batch="runs it only once",
            hold="leaves the noise out",
            order="B: no memory",
        ),
        lost("rnn-forward", "batch", "latch", "order"),
        "Four more; one of them needs the machines that were run.",
        mistakes={
            "rnn-forward-check": "ignores the h it is given",
            "batch-check": "runs it only once",
            "latch-check": "leaves the noise out",
            "order-check": "B: no memory",
        },
    ),
    Entry(
        "wrong_third",
        _mistakes(
            rnn_step="writes into its arguments",
            rnn_forward="returns the batch first",
            merge="h before x",
            order="no reason given",
        ),
        lost("rnn-step", "rnn-forward", "merge", "order"),
        "Writing into the caller's arrays, axes in another order, no reason.",
        mistakes={
            "rnn-step-check": "writes into its arguments",
            "merge-check": "h before x",
            "order-check": "no reason given",
        },
    ),
    Entry(
        "wrong_prints_it",
        _mistakes(rnn_step="prints instead of returning", rnn_forward="returns nothing"),
        lost("rnn-step", "rnn-forward"),
        "Printed is not returned.",
        mistakes={"rnn-step-check": "prints instead of returning"},
    ),
    Entry(
        "wrong_arguments",
        _mistakes(rnn_step="arguments in another order", batch="asks for equality to the last bit"),
        lost("rnn-step", "batch"),
        "The signature is looked at from outside too.",
        mistakes={
            "rnn-step-check": "arguments in another order",
            "batch-check": "asks for equality to the last bit",
        },
    ),
    Entry(
        "wrong_empty_array",
        _mistakes(rnn_forward="leaves out the last step"),
        lost("rnn-forward"),
        "For one step it returns an array without rows, of which anything is true.",
        mistakes={"rnn-forward-check": "leaves out the last step"},
    ),
    Entry(
        "wrong_raises",
        answers(count="def count_parameters(T, D, H):\n    return D * H + undefined_name"),
        lost("count"),
        "A NameError in one function costs that function.",
    ),
    Entry(
        "wrong_step_spoils_loop",
        lambda: to_bytes(
            notebook({**solutions(), "rnn-step": dedent(WRONG["2.1"]["forgot the bias"])})
        ),
        lost("rnn-step", "rnn-forward"),
        "The loop calls the wrong step, so it is wrong with it; nothing else is.",
    ),
    Entry(
        "wrong_by_heart",
        _by_heart(SEEN),
        lost("count"),
        "Passes the check that is seen, fails on other numbers, and is told only that.",
    ),
    Entry(
        "wrong_by_heart_hidden",
        _by_heart(SEEN, HIDDEN),
        lost("count"),
        "The seed of the hidden check stands in a public repository: graders draw their own.",
    ),
    Entry("wrong_seeds_tried", _seeds_tried(), lost("rnn-step"), "No seed can be guessed."),
    Entry(
        "partial",
        lambda: to_bytes(notebook({id: APART[id] for id in ("rnn-step", "count", "order")})),
        only("rnn-step", "count", "order"),
        "What is done counts; what is not is 'not attempted'.",
        statuses={"merge-check": "not_attempted", "latch-check": "not_attempted"},
    ),
    Entry(
        "blank",
        lambda: to_bytes(released()),
        NOTHING,
        "The notebook as it was handed out.",
        statuses=dict.fromkeys(FULL, "not_attempted"),
    ),
    Entry(
        "emptied",
        lambda: to_bytes(notebook(dict.fromkeys(APART, ""))),
        NOTHING,
        "All solution cells emptied: the names do not exist.",
    ),
]

# An honest submission bothers nobody.
ENTRIES = [replace(entry, person=False) for entry in WRONG_ONES]
