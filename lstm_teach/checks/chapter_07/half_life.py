"""7.1 The half-life of a forget gate."""

import numpy as np

from ...activations import logistic
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def half_life(b):
    """After how many steps half is left, where the forget gate says σ(b) at every step.

    Shapes: b (H,), one forget bias for each unit. Returns an array of shape (H,).
    """
    f = 1 / (1 + np.exp(-b))
    return np.log(0.5) / np.log(f)


def _cases(rng):
    return [
        Case((np.array([0.0]),)),
        Case((np.array([0.5, 3.0, 5.0]),)),
        Case((np.array([-2.0, -0.5, 0.0, 7.0]),)),
        Case((rng.uniform(-3, 7, 5).round(1),)),
    ]


def _of(rule):
    return lambda b: rule(logistic(b))


def _to_tenths(n):
    return np.round(n, 1)


def _is_of_the_bias(cases, outcomes):
    """Whether they are half-lives of b itself, which has no logarithm where it is not above 0."""
    with np.errstate(all="ignore"):
        theirs = [np.log(0.5) / np.log(case.args[0]) for case in cases]
    return all(
        type(o.value) is np.ndarray
        and o.value.shape == b.shape
        and np.allclose(o.value, b, equal_nan=True)
        for o, b in zip(outcomes, theirs, strict=True)
    )


MISTAKES = (
    Mistake(
        "the bias taken for the gate",
        "You use b itself as if it were the gate. A bias is what goes into the logistic function; "
        "the gate is what comes out.",
        "First `f = lt.logistic(b)`.",
        answers=(
            lambda b: np.log(0.5) / np.log(np.where(b > 0, b, np.nan)),
            lambda b: np.log(0.5) / np.log(np.abs(b)),
            lambda b: np.log(0.5) / b,
            lambda b: -np.log(0.5) / b,
        ),
        seen=lambda cases, outcomes: _is_of_the_bias(cases, outcomes),
    ),
    Mistake(
        "rounded",
        "Your half-lives are rounded. Half a step has no meaning for a network, but the check "
        "compares numbers: leave them as they are.",
        "No `np.round`, `np.ceil` or `int`.",
        answers=tuple(
            lambda b, to=to: to(half_life(b)) for to in (np.round, np.ceil, np.floor, _to_tenths)
        ),
    ),
    Mistake(
        "the slope of the gate",
        "You use the slope of the logistic function, f (1 - f). On the straight way the memory is "
        "multiplied by f itself; no slope enters there.",
        "f to the power of n is to be one half.",
        answers=(_of(lambda f: np.log(0.5) / np.log(f * (1 - f))),),
        misconception=7,
    ),
    Mistake(
        "the time to 1/e",
        "You return the time after which 1/e, 0.37, is left. A half-life asks for one half.",
        "ln ½ on top, not ln 1/e = -1.",
        answers=(_of(lambda f: -1 / np.log(f)),),
    ),
    Mistake(
        "1 / (1 - f)",
        "1 / (1 - f) is a good guess at how long a memory lasts, and for f near 1 it is the time "
        "after which 0.37 is left. The half-life is shorter.",
        "Solve f**n = ½ for n: take the logarithm of both sides.",
        answers=(_of(lambda f: 1 / (1 - f)), _of(lambda f: np.log(2) / (1 - f))),
    ),
    Mistake(
        "upside down",
        "Your fraction stands on its head: ln f over ln ½ is the number of half-lives in one step.",
        "n ln f = ln ½. Divide by ln f.",
        answers=(_of(lambda f: np.log(f) / np.log(0.5)),),
    ),
    Mistake(
        "a negative time",
        "Your half-lives are negative. Both logarithms are below zero, so their ratio is above.",
        "ln ½ on top and not ln 2, or a minus for both.",
        answers=(_of(lambda f: np.log(2) / np.log(f)),),
    ),
    Mistake(
        "half a step at a time",
        "You return the share of half a step's worth, 0.5 / f. Each step multiplies what is left; "
        "it does not take away a fixed piece.",
        "f · f · f ..., n times, is to be one half.",
        answers=(_of(lambda f: 0.5 / f), _of(lambda f: 0.5 / (1 - f))),
    ),
    Mistake(
        "forgetting 1 - f",
        "You multiply by 1 - f at each step. The gate's name is misleading: f is the share that is "
        "kept.",
        "f = 1 keeps everything, f = 0 forgets everything.",
        answers=(_of(lambda f: np.log(0.5) / np.log(1 - f)),),
        misconception=121,
    ),
)

HALF_LIFE = Exercise(
    id="7.1",
    title="Half-life",
    minutes=8,
    points=2,
    parts=(
        FunctionPart(
            reference=half_life,
            cases=_cases,
            returns=AnArray("the half-lives", "(H,)"),
            mistakes=MISTAKES,
            hint="With b = 0 the gate is one half, and the half-life is one step. Try that first.",
        ),
    ),
    hints=(
        "After one step the share f is left, after two f · f. After n steps?",
        "f to the power of n is to be ½. Take the logarithm of both sides and solve for n. And f "
        "is the logistic function of b.",
        "`f = lt.logistic(b)`, then `np.log(0.5) / np.log(f)`.",
    ),
    after="One step for b = 0, a hundred for b = 5. The bias counts in logarithms.",
    why="fⁿ = ½ is n ln f = ln ½. For a large b, f is nearly 1 - e⁻ᵇ and its logarithm nearly "
    "-e⁻ᵇ, so the half-life is nearly 0.69 eᵇ: each unit of bias makes it 2.7 times as long.",
)
