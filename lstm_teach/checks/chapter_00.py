"""Chapter 00: a check to fail on purpose, so that the first red card is not a surprise."""

import numpy as np

from .exercise import Case, Exercise, FunctionPart, Mistake
from .returned import AnArray


def double(x):
    """Every number of x, twice as large. x has shape (N,); so has the result."""
    return 2 * x


def _cases(rng):
    return [
        Case((np.array([1.0, 2.0, 3.0]),)),
        Case((rng.normal(size=4).round(1),)),
        Case((rng.normal(size=7).round(1),)),
    ]


DOUBLE = Exercise(
    id="0.1",
    title="A check to fail on purpose",
    minutes=3,
    points=1,
    parts=(
        FunctionPart(
            reference=double,
            cases=_cases,
            returns=AnArray("result", "(N,)"),
            mistakes=(
                Mistake(
                    "adds 2",
                    "Your function adds 2 to each number. That doubles 2 and no other number.",
                    "To double is to multiply. One sign changes.",
                    answers=(lambda x: x + 2,),
                ),
                Mistake(
                    "squares",
                    "Your function squares each number. That doubles 0 and 2, and no other number.",
                    "`x ** 2` is x times x. Which product is twice x?",
                    answers=(lambda x: x**2,),
                ),
                Mistake(
                    "twice as many numbers",
                    "Your function makes twice as many numbers, not numbers twice as large.",
                    "On a list `2 * x` repeats; on an array it multiplies each entry.",
                    answers=(
                        lambda x: np.concatenate([x, x]),
                        lambda x: np.repeat(x, 2),
                        lambda x: np.stack([x, x]),
                    ),
                ),
                Mistake(
                    "halves",
                    "Your function halves each number.",
                    "It divides where it should multiply.",
                    answers=(lambda x: x / 2,),
                ),
            ),
            hint="Work it out for x = 3 on paper, then call `double(np.array([3.0]))`.",
        ),
    ),
    hints=(
        "Read the card of the check: it shows what was expected and what came.",
        "x is an array. `x + 2`, `x * 2`, `x ** 2` each act on every number in it.",
        "Write `return 2 * x`.",
    ),
    after="That is all there is to it: run the check, read the card, change a line, run again.",
    why="Multiplying an array by a number multiplies each entry, so one product does it.",
)

EXERCISES = (DOUBLE,)
