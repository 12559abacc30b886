"""6.6 A cell state without a bound, and the bound it has after t steps."""

import math

import numpy as np

from ...activations import logistic
from ..exercise import Case, Exercise, Finding, FunctionPart, Mistake, ValuePart
from ..returned import AnArray
from ..rows import numbers_of

STEPS, LARGE, MOST = 1000, 990, 10


def growing():
    """Weights and biases of one unit whose c passes 990 within 1000 steps, whatever x says.

    i = σ(w_i x + b_i), g = tanh(w_g x + b_g), c' = c + i g; every x is 1 or -1.
    Returns four numbers from -10 to 10: w_i, b_i, w_g, b_g.
    """
    return 0.0, 10.0, 0.0, 10.0


def bound_on_c(c_0, i):
    """The largest |c| that is possible after each step, when only the input gates are known.

    Shapes: c_0 (H,), the cell state at the start; i (T, H), the input gates; any g from -1 to 1.
    Returns an array (T, H).
    """
    return np.abs(c_0) + np.cumsum(i, axis=0)


def run_cell(numbers, x):
    """Every c of the unit for these inputs."""
    w_i, b_i, w_g, b_g = numbers
    return np.cumsum(logistic(w_i * x + b_i) * np.tanh(w_g * x + b_g))


TOO_LARGE = Mistake(
    "beyond 10",
    "One of your numbers is larger than 10 in size.",
    "Numbers from -10 to 10 are enough.",
)
SHUT = Mistake(
    "the input gate is not open",
    "Your input gate is not open at every step: where σ(w_i x + b_i) is below 0.99, too little is "
    "written.",
    "b_i has to outweigh w_i, and be large: σ(5) is 0.993.",
)
CANCELS = Mistake(
    "what is written cancels",
    "Your candidate follows the sign of x: it writes + for one input and - for the other, and over "
    "time they cancel. c wanders, and does not grow by one a step.",
    "g has to have the same sign for x = 1 and x = -1: let b_g outweigh w_g.",
)
WEAK = Mistake(
    "the candidate is too small",
    "Your candidate is too far from 1 or -1: each step writes too little.",
    "tanh(3) is 0.995.",
)
GROWING_MISTAKES = (TOO_LARGE, SHUT, CANCELS, WEAK)


def _four_numbers(value):
    return numbers_of("growing", value, ("w_i", "b_i", "w_g", "b_g"))


def _report(numbers, c):
    at = (10, 100, STEPS)
    found = "\n".join(
        f"step {t:4}:  c = {c[t - 1]:8.2f}   tanh(c) = {math.tanh(c[t - 1]):.6f}" for t in at
    )
    return (("Your cell, on inputs drawn just now", found),)


def _examine(value, rng):
    numbers = _four_numbers(value)
    if isinstance(numbers, Finding):
        return numbers
    w_i, b_i, w_g, b_g = numbers
    x = rng.choice([-1.0, 1.0], STEPS)
    c = run_cell(numbers, x)
    gates = logistic(np.array([b_i - w_i, b_i + w_i]))
    written = np.tanh([b_g - w_g, b_g + w_g])
    if max(map(abs, numbers)) > MOST:
        mistake = TOO_LARGE
    elif np.abs(c).max() >= LARGE:
        return None
    elif gates.min() < 0.99:
        mistake = SHUT
    elif written[0] * written[1] <= 0:
        mistake = CANCELS
    else:
        mistake = WEAK
    return Finding(
        mistake.says, exhibits=_report(numbers, c), hint=mistake.hint, mistake=mistake.name
    )


def _praise(value, rng):
    numbers = _four_numbers(value)
    return _report(numbers, run_cell(numbers, rng.choice([-1.0, 1.0], STEPS)))


def _cases(rng):
    def gates(T, H):
        return rng.uniform(0.1, 0.9, (T, H)).round(1)

    starts = [np.array([0.0, 0.0]), np.array([0.5, -2.0]), np.array([-1.0, 3.0, -0.2])]
    cases = [Case((c_0, gates(T, len(c_0)))) for T, c_0 in zip((2, 3, 3), starts, strict=True)]
    c_0 = (rng.uniform(0.2, 3, 3) * rng.choice([-1, 1], 3)).round(1)
    return [*cases, Case((c_0, gates(4, 3)))]


BOUND_MISTAKES = (
    Mistake(
        "bounded by tanh",
        "You say that |c| is at most 1. That is h. c is a sum, and every step may add to it.",
        "Each step can add up to i to |c|.",
        answers=(lambda c_0, i: np.ones_like(i),),
        misconception=17,
    ),
    Mistake(
        "each step alone",
        "You add only the gate of the same step. What earlier steps wrote is still there.",
        "All steps so far count: a cumulative sum.",
        answers=(lambda c_0, i: np.abs(c_0) + i,),
    ),
    Mistake(
        "without the start",
        "c_0 is missing: what is there at the start stays there.",
        "Add |c_0|.",
        answers=(lambda c_0, i: np.cumsum(i, axis=0),),
    ),
    Mistake(
        "the start with its sign",
        "You take c_0 with its sign. From -2 the cell can go further down as well: |c| can be 2 "
        "plus what is written.",
        "`np.abs(c_0)`.",
        answers=(lambda c_0, i: c_0 + np.cumsum(i, axis=0),),
    ),
    Mistake(
        "the number of steps",
        "You let every step add 1, as if all gates were open. The gates are known: use them.",
        "Add i in place of 1.",
        answers=(lambda c_0, i: np.abs(c_0) + np.arange(1, len(i) + 1)[:, None] + 0 * i,),
    ),
    Mistake(
        "sums over the units",
        "You sum over the units. Time is axis 0.",
        "`np.cumsum(i, axis=0)`.",
        answers=(lambda c_0, i: np.abs(c_0) + np.cumsum(i, axis=1),),
    ),
    Mistake(
        "one step late",
        "Your bound for each step leaves out what that step itself writes.",
        "After the first step |c| can be |c_0| + i[0].",
        answers=(lambda c_0, i: np.abs(c_0) + np.cumsum(i, axis=0) - i,),
    ),
)

UNBOUNDED = Exercise(
    id="6.6",
    title="A cell state without a bound",
    minutes=12,
    points=3,
    parts=(
        ValuePart(reference=growing, examine=_examine, mistakes=GROWING_MISTAKES, praise=_praise),
        FunctionPart(
            reference=bound_on_c,
            cases=_cases,
            returns=AnArray("the bound", "(T, H)"),
            mistakes=BOUND_MISTAKES,
            hint="After one step |c| is at most |c_0| + i[0]. And after two?",
        ),
    ),
    hints=(
        "c grows fastest if every step writes as much as it can, always with the same sign.",
        "The input gate should be near 1 and the candidate near 1, for x = 1 and for x = -1. "
        "For the bound: |i g| is at most i, at every step.",
        "`return 0.0, 10.0, 0.0, 10.0`, and `np.abs(c_0) + np.cumsum(i, axis=0)`.",
    ),
    after="About one a step, and nothing takes it away. tanh(c) has said 1 since step 20.",
    why="i g lies between -i and i, so a step changes |c| by at most i, and i is at most 1. "
    "Nothing else bounds c. The bound is reached, nearly, by a unit that always writes the same. "
    "It need not be so plain: in the chapter, networks that nobody designed did it, on a stream of "
    "letters.",
)
