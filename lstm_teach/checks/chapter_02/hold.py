"""2.6, second part: how long a latch holds under noise."""

import math

import numpy as np

from ..exercise import Case, FunctionPart, Mistake
from ..returned import AWholeNumber


def hold_time(w, u, b, noise):
    """For how many steps does a set latch hold when noise comes in at its input?

    The latch is set by one pulse: h = tanh(w + b), from h = 0. Then noise[0], noise[1], ... are
    its inputs, one at each step. Returns the number of steps before the first one with h ≤ 0.5:
    a whole number, len(noise) if it holds to the end.
    """
    h = np.tanh(w + b)
    for t in range(len(noise)):
        h = np.tanh(w * noise[t] + u * h + b)
        if h <= 0.5:
            return t
    return len(noise)


STRONG, WEAK = (5.0, 4.0, 0.0), (3.0, 1.5, 0.0)
BY_HAND = (
    ("three silent steps", STRONG, [0.0, 0.0, 0.0]),
    ("an input of -1 in third place", STRONG, [0.1, 0.2, -1.0, 0.3, 0.1]),
    ("a latch that falls and rises", STRONG, [0.1, -1.0, 1.0, 0.0, 0.0]),
    ("an input of -0.6, which the latch withstands", STRONG, [0.2, -0.6, 0.1]),
    ("an input of -1 at once", STRONG, [-1.0, 0.2, 0.1, 0.0]),
    ("a weaker latch", WEAK, [0.1, -1.0, 0.0, 0.0]),
    ("a unit that leaks in silence", (0.7, 1.0, 0.0), [0.0] * 12),
    ("a unit with a bias, in silence", (3.0, 1.4, -0.2), [0.0] * 20),
    ("a pulse that needs its bias", (0.5, 0.5, 0.3), [0.0, 0.0]),
    ("a pulse too weak to set the unit", (0.2, 1.0, 0.0), [0.0] * 4),
)


def _cases(rng):
    cases = [Case((*weights, np.array(noise)), label=label) for label, weights, noise in BY_HAND]
    for _ in range(3):
        cases.append(Case((*STRONG, rng.normal(0, 0.5, 30).round(2)), label="noise of 0.5"))
        weights = rng.uniform((2.5, 1.5, -0.2), (5, 3, 0.2)).round(1).tolist()
        cases.append(Case((*weights, rng.normal(0, 0.8, 25).round(2)), label="noise of 0.8"))
    return cases


def _walk(w, u, b, noise, h):
    outputs = []
    for n in noise:
        h = np.tanh(w * n + u * h + b)
        outputs.append(h)
    return np.array(outputs)


def _first(low):
    return int(np.argmax(low)) if low.any() else len(low)


def _recovers(w, u, b, noise):
    return int((_walk(w, u, b, noise, np.tanh(w + b)) > 0.5).sum())


def _one_more(w, u, b, noise):
    return min(hold_time(w, u, b, noise) + 1, len(noise))


def _from_rest(w, u, b, noise):
    return _first(_walk(w, u, b, noise, 0.0) <= 0.5)


def _from_one(w, u, b, noise):
    return _first(_walk(w, u, b, noise, 1.0) <= 0.5)


def _threshold(limit):
    def answer(w, u, b, noise):
        return _first(_walk(w, u, b, noise, np.tanh(w + b)) <= limit)

    return answer


def _unweighted(w, u, b, noise):
    h = np.tanh(w + b)
    for t in range(len(noise)):
        h = np.tanh(noise[t] + u * h + b)
        if h <= 0.5:
            return t
    return len(noise)


def _outside(w, u, b, noise):
    h = np.tanh(w + b)
    for t in range(len(noise)):
        h = np.tanh(u * h + b) + noise[t]
        if h <= 0.5:
            return t
    return len(noise)


def _no_bias(w, u, b, noise):
    return hold_time(w, u, 0.0, noise)


def _pulse_without_bias(w, u, b, noise):
    return _first(_walk(w, u, b, noise, np.tanh(w)) <= 0.5)


def _no_noise(w, u, b, noise):
    return hold_time(w, u, b, 0 * noise)


def _first_noise_for_ever(w, u, b, noise):
    return hold_time(w, u, b, 0 * noise + noise[0])


HOLD_MISTAKES = (
    Mistake(
        "counts the steps after a fall",
        "You count every step with h above 0.5, those after a fall too. A memory that fell and "
        "rose again has forgotten: noise set it, not your pulse.",
        "Stop at the first h ≤ 0.5: `return t` inside the loop.",
        answers=(_recovers,),
    ),
    Mistake(
        "counts the falling step",
        "You are one too high: the step at which h falls is counted as held.",
        "Test h before you count the step.",
        answers=(_one_more, lambda w, u, b, noise: hold_time(w, u, b, noise) + 1),
    ),
    Mistake(
        "never sets the latch",
        "You start from h = 0. Nothing was stored, so there is nothing to hold.",
        "Set it first: `h = np.tanh(w + b)`, the step with the pulse.",
        answers=(_from_rest,),
    ),
    Mistake(
        "starts from h = 1",
        "You start from h = 1, which no tanh ever reaches. The pulse takes h to tanh(w + b).",
        "`h = np.tanh(w + b)` before the loop.",
        answers=(_from_one,),
    ),
    Mistake(
        "waits for h below zero",
        "You stop where h falls to 0 (or to -0.5). Here a latch has failed when h is no longer "
        "above 0.5.",
        "`if h <= 0.5`.",
        answers=(_threshold(0.0), _threshold(-0.5)),
    ),
    Mistake(
        "noise without its weight",
        "Your noise goes in without the weight w. It comes in at the input, as a pulse does, so w "
        "multiplies it.",
        "`w * noise[t]`.",
        answers=(_unweighted,),
    ),
    Mistake(
        "noise after the tanh",
        "Your noise is added to h after the tanh. It comes in at the input, inside the tanh.",
        "`np.tanh(w * noise[t] + u * h + b)`.",
        answers=(_outside,),
    ),
    Mistake(
        "leaves the noise out",
        "The noise has no effect: your unit runs in silence.",
        "At step t the input is `noise[t]`.",
        answers=(_no_noise,),
    ),
    Mistake(
        "the same noise at every step",
        "Every step gets noise[0]. Each step has its own.",
        "The index has to move: `noise[t]`, or `for n in noise`.",
        answers=(_first_noise_for_ever,),
    ),
    Mistake(
        "no bias in the latch",
        "The bias b is missing from your unit.",
        "It belongs in both lines: in the pulse, tanh(w + b), and in the loop.",
        answers=(_no_bias,),
        misconception=12,
    ),
    Mistake(
        "no bias in the pulse",
        "Your pulse takes h to tanh(w). It goes through the whole unit, and b is added there at "
        "every step, the first one too.",
        "`h = np.tanh(w + b)` before the loop.",
        answers=(_pulse_without_bias,),
    ),
    Mistake(
        "a share, not a count",
        "You return the share of the steps that were held. Asked for is their number.",
        "Do not divide by len(noise).",
        seen=lambda cases, outcomes: all(
            type(o.value) in (float, np.float64)
            and math.isclose(o.value * len(case.args[3]), hold_time(*case.args))
            for case, o in zip(cases, outcomes, strict=True)
        ),
    ),
)

HOLD = FunctionPart(
    reference=hold_time,
    cases=_cases,
    returns=AWholeNumber("a number of steps"),
    mistakes=HOLD_MISTAKES,
    hint="Follow the example with pencil and paper: h after the pulse, then step by step.",
)
