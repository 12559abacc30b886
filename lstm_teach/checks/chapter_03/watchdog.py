"""3.6 A test that sees them: is the backward pass that belongs to a chain wrong?"""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AVerdict
from .grad_check import grad_check
from .suspects import suspects


def watchdog(forward, backward):
    """Is this backward pass wrong?

    forward(x, h_0, W, U, b) returns h (T, B, H). backward(dh, x, h_0, W, U, b) returns what it
    takes for the gradients of the loss Σ dh * h: dx, dh_0, dW, dU, db. All sizes are yours.
    Returns True if any of the five is wrong, False if all are right.
    """
    rng = np.random.default_rng(0)
    T, B, D, H = 3, 2, 4, 3
    shapes = [(T, B, D), (B, H), (D, H), (H, H), (H,)]
    inputs = [rng.normal(size=shape) for shape in shapes]
    dh = rng.normal(size=(T, B, H))
    for n, claimed in enumerate(backward(dh, *inputs)):

        def loss(v, n=n):
            return np.sum(dh * forward(*inputs[:n], v, *inputs[n + 1 :]))

        if not grad_check(loss, inputs[n], claimed):
            return True
    return False


def _cases(rng):
    return [Case((one.forward, one), label=one.label) for one in suspects(rng)]


def _verdicts(cases, outcomes):
    """(suspect, what was said of it) for every case; said is None where it was no verdict."""
    return [
        (case.args[1], bool(outcome.value) if type(outcome.value) in (bool, np.bool_) else None)
        for case, outcome in zip(cases, outcomes, strict=True)
    ]


def _always(question):
    """A mistake seen in the calls of backward: the question holds for every one of them."""

    def seen(cases, outcomes):
        calls = [call for case in cases for call in case.args[1].ran_on]
        return bool(calls) and all(question(*call) for call in calls)

    return seen


def _never_runs(cases, outcomes):
    return not any(case.args[1].ran_on for case in cases)


def _never_runs_forward(cases, outcomes):
    return not any(case.args[0].runs for case in cases)


def _accuses_the_right(cases, outcomes):
    found = _verdicts(cases, outcomes)
    return all(said is True for one, said in found if one.wrong) and any(
        said is True for one, said in found if not one.wrong
    )


def _misses_some(cases, outcomes):
    found = _verdicts(cases, outcomes)
    return (
        all(said is False for one, said in found if not one.wrong)
        and any(said is True for one, said in found if one.wrong)
        and any(said is False for one, said in found if one.wrong)
    )


MISTAKES = (
    Mistake(
        "never runs backward",
        "Your test never calls `backward`. What it says cannot depend on it.",
        "Make inputs, call `backward(dh, x, h_0, W, U, b)`, compare each of the five with a "
        "measured slope.",
        seen=_never_runs,
    ),
    Mistake(
        "never runs forward",
        "Your test never calls `forward`. Shapes and finite numbers are right in every one of "
        "these machines; only a measured slope tells.",
        "The loss is `np.sum(dh * forward(x, h_0, W, U, b))`. Measure its slopes.",
        seen=_never_runs_forward,
    ),
    Mistake(
        "a single step",
        "Your sequences have one step, T = 1. What goes wrong on the way through time cannot be "
        "seen there.",
        "T = 3 is enough.",
        seen=_always(lambda dh, x, h_0, W, U, b: len(x) == 1),
    ),
    Mistake(
        "zero biases",
        "Your biases are zero. A backward pass that forgets b is right there and nowhere else: "
        "a zero hides whatever it is multiplied with or added to.",
        "`rng.normal(size=H)` for b, as for everything.",
        seen=_always(lambda dh, x, h_0, W, U, b: not b.any()),
        misconception=12,
    ),
    Mistake(
        "a zero first state",
        "Your h_0 is zero, and with it the first step's share of dU, whether it is counted or not.",
        "`rng.normal(size=(B, H))` for h_0, as for everything.",
        seen=_always(lambda dh, x, h_0, W, U, b: not h_0.any()),
    ),
    Mistake(
        "a batch of one",
        "Your batch has one sequence. A sum over the batch and a mean are the same there.",
        "B = 2 is enough.",
        seen=_always(lambda dh, x, h_0, W, U, b: x.shape[1] == 1),
    ),
    Mistake(
        "an error at the last step only",
        "Your dh is zero but for its last row, so nobody sees whether the other rows are counted.",
        "`rng.normal(size=(T, B, H))` for dh.",
        seen=_always(lambda dh, x, h_0, W, U, b: not dh[:-1].any()),
    ),
    Mistake(
        "True and False exchanged",
        "Your test sees the difference, and says it the wrong way round.",
        "True means: this backward pass is wrong.",
        answers=(lambda forward, backward: not watchdog(forward, backward),),
    ),
    Mistake(
        "asks for too many digits",
        "Your test calls right machines wrong. Their gradients differ from measured slopes too, by "
        "rounding: some 1e-10.",
        "A relative error below 1e-6 is right. Your `grad_check` knows this.",
        seen=_accuses_the_right,
    ),
    Mistake(
        "does not look at all five",
        "Your test finds some of the wrong machines and misses others. Some are wrong in one of "
        "the five gradients only.",
        "Check dx, dh_0, dW, dU and db, each against the slope for its own input.",
        seen=_misses_some,
    ),
)

WATCHDOG = Exercise(
    id="3.6",
    title="A test that sees them",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=watchdog,
            cases=_cases,
            returns=AVerdict("the verdict"),
            mistakes=MISTAKES,
            hint="Print the five relative errors for the machine that it gets wrong.",
        ),
    ),
    hints=(
        "Five inputs, five gradients. For each, the loss as a function of that input alone, and a "
        "gradient check. All numbers random, none zero.",
        "`loss = lambda v: np.sum(dh * forward(x, h_0, W, v, b))` is the loss as a function of U. "
        "`grad_check(loss, U, dU)` says whether dU is right.",
        "Put x, h_0, W, U, b into a list; in a loop over n replace entry n by v, and check the "
        "n-th gradient. Return True at the first that fails, False at the end.",
    ),
    after="That is the test behind every gradient of this book. `lt.check_gradients` does it for "
    "any module.",
    why="A measured slope knows nothing of the derivation, so it cannot share its mistakes. Random "
    "inputs leave no zero to hide behind. T = 3 makes an error travel through a step that is "
    "neither first nor last; B = 2 tells a sum from a mean; D and H that differ let no transpose "
    "pass by its shape.",
)
