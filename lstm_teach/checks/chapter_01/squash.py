"""1.1 The logistic function, and tanh made of it."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def logistic(z):
    """The logistic function, for each number of z: 1 / (1 + exp(-z)).

    z is an array of any shape, its numbers no larger than 10. Returns an array of that shape.
    """
    return 1 / (1 + np.exp(-z))


def tanh_by_logistic(z):
    """tanh, for each number of z, made of the logistic function.

    z is an array of any shape, its numbers no larger than 5. Returns an array of that shape.
    """
    return 2 * logistic(2 * z) - 1


def draw(rng, *shape):
    """Numbers of one decimal between -3 and 3, none of them near zero."""
    return (rng.uniform(0.3, 3.0, shape) * rng.choice([-1.0, 1.0], shape)).round(1)


def _cases(rng):
    return [
        Case((np.array([-2.0, -0.5, 0.5, 2.0]),)),
        Case((draw(rng, 3),)),
        Case((draw(rng, 2, 3),)),
        Case((draw(rng, 2, 1, 2),)),
    ]


def _coth(z):
    return (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))


LOGISTIC_MISTAKES = (
    Mistake(
        "falls where it should rise",
        "Your curve falls: large z gives 0, small z gives 1. That is the logistic function of -z.",
        "Look at the sign in the exponent. For z = 5 the exponential must be small.",
        answers=(lambda z: 1 / (1 + np.exp(z)),),
    ),
    Mistake(
        "brackets missing in the quotient",
        "Your answer is 1 + exp(-z): Python divides before it adds, so `1 / 1 + e` is 1 + e.",
        "Put the whole denominator in brackets: `1 / (1 + ...)`.",
        answers=(lambda z: 1 / 1 + np.exp(-z),),
    ),
    Mistake(
        "minus in the denominator",
        "Your denominator is 1 - exp(-z). It is zero at z = 0, and below 0 for negative z, so the "
        "result leaves the interval from 0 to 1.",
        "A sum of two positive numbers cannot be zero: `1 + np.exp(-z)`.",
        answers=(lambda z: 1 / (1 - np.exp(-z)),),
    ),
    Mistake(
        "tanh in place of the logistic function",
        "Your answer is tanh(z). It has the same S, but it runs from -1 to 1; the logistic "
        "function runs from 0 to 1 and is 1/2 at z = 0.",
        "`1 / (1 + np.exp(-z))`.",
        answers=(lambda z: np.tanh(z),),
    ),
    Mistake(
        "twice as steep",
        "Your curve is right at 0 and in the far ends, and twice as steep between: it is the "
        "logistic function of 2 z.",
        "(1 + tanh(z / 2)) / 2 is the logistic function; note z / 2.",
        answers=(lambda z: (1 + np.tanh(z)) / 2,),
    ),
)

TANH_MISTAKES = (
    Mistake(
        "the quotient turned upside down",
        "Your answer is the reciprocal of tanh, which is called coth. It has a pole at z = 0 and "
        "no value between -1 and 1. A well-known book once printed it in this place.",
        "In (e^z - e^-z) / (e^z + e^-z) the minus is on top.",
        answers=(_coth,),
        misconception=44,
    ),
    Mistake(
        "the 2 inside is missing",
        "Your answer is 2 σ(z) - 1. That is tanh(z / 2): right at the ends, half as steep in the "
        "middle.",
        "Stretch twice: once the height, from 1 to 2, and once the input, from z to 2 z.",
        answers=(lambda z: np.tanh(z / 2),),
        misconception=44,
    ),
    Mistake(
        "not moved down",
        "Your answer is 2 σ(2 z). It runs from 0 to 2; tanh runs from -1 to 1.",
        "Subtract 1 at the end.",
        answers=(lambda z: np.tanh(z) + 1,),
    ),
    Mistake(
        "not stretched in height",
        "Your answer has half the height or less: it is σ(2 z), perhaps with a number subtracted.",
        "The logistic function is 1 high. tanh, from -1 to 1, is 2 high: multiply by 2 first.",
        answers=(
            lambda z: (1 + np.tanh(z)) / 2,
            lambda z: np.tanh(z) / 2,
            lambda z: (np.tanh(z) - 1) / 2,
        ),
    ),
    Mistake(
        "upside down",
        "Your answer is -tanh(z): the curve falls where it should rise.",
        "2 σ(2 z) - 1, not 1 - 2 σ(2 z).",
        answers=(lambda z: -np.tanh(z),),
    ),
)

SQUASH = Exercise(
    id="1.1",
    title="The logistic function, and tanh made of it",
    minutes=6,
    points=2,
    parts=(
        FunctionPart(
            reference=logistic,
            cases=_cases,
            returns=AnArray("logistic(z)", "of z"),
            mistakes=LOGISTIC_MISTAKES,
            hint="Work it out for z = 0 on paper. It must be 1/2.",
        ),
        FunctionPart(
            reference=tanh_by_logistic,
            cases=_cases,
            returns=AnArray("tanh(z)", "of z"),
            mistakes=TANH_MISTAKES,
            hint="Compare with `np.tanh(z)` at z = -1, 0 and 1.",
        ),
    ),
    hints=(
        "The logistic function rises from 0 to 1, tanh from -1 to 1. Which stretch and which shift "
        "take the first interval to the second?",
        "`np.exp` works on whole arrays. For tanh: twice as high, moved down by 1, and the input "
        "goes in as 2 z.",
        "`return 1 / (1 + np.exp(-z))`, and `return 2 * logistic(2 * z) - 1`.",
    ),
    after="One curve, two uses: between 0 and 1 it says how much, between -1 and 1 how much and "
    "with which sign.",
    why="Multiply tanh(z) = (e^z - e^-z) / (e^z + e^-z) above and below by e^-z: it is "
    "(1 - q) / (1 + q) with q = e^-2z. And 2 / (1 + q) - 1 is the same. So tanh(z) = 2 σ(2 z) - 1.",
)
