"""1.6 Predict and explain: down and up again in float32."""

import numpy as np

from ..choice import a_choice
from ..exercise import Exercise, Mistake

HALVINGS = 200


def down_and_up():
    """What is left of a float32 1 after 200 halvings and then 200 doublings, and why?

    Returns a letter and a sentence.
    """
    return "B", (
        "The smallest float32 above zero is 2^-149. The 150th halving rounds to exactly 0, and "
        "doubling 0 gives 0 for ever."
    )


def run(dtype, factors):
    """The value after each factor, in this type of float."""
    value, values = dtype(1), []
    with np.errstate(all="ignore"):
        for factor in factors:
            value = value * dtype(factor)
            values.append(value)
    return values


MISTAKES = (
    Mistake(
        "A: the halvings are undone",
        "A is right on paper, and in float64. In float32 the number has long been lost when the "
        "doublings begin.",
        "What is the smallest number above zero that a float32 can hold? "
        "`np.finfo(np.float32).smallest_subnormal`.",
    ),
    Mistake(
        "C: it overflows",
        "C would be right the other way round: first 200 doublings, then the halvings. Here the "
        "number never gets above 1.",
        "Follow the number in the given order. At which end of the range does it leave?",
    ),
    Mistake(
        "D: a little rounding",
        "D expects small errors that add up. Halving and doubling a float is exact: only its "
        "exponent changes. Exact, until there is no smaller exponent.",
        "Nothing is lost at first. Then everything is lost, in one step. At which one?",
    ),
    Mistake(
        "E: not a number",
        "E, nan, comes from 0 · inf, inf - inf or 0 / 0. None of these happens here.",
        "There are only halvings and doublings. What does a number below the range become?",
    ),
)


def _shown(rng):
    factors = [0.5] * HALVINGS + [2.0] * HALVINGS
    lines = []
    for name, dtype in (("float32", np.float32), ("float64", np.float64)):
        values = run(dtype, factors)
        seen = "   ".join(f"{values[n - 1]:.1e}" for n in (100, 149, 150, 200, 400))
        lines.append(f"{name}   {seen}")
    return (("Computed just now, after 100, 149, 150, 200 and 400 steps", "\n".join(lines)),)


def _vary(rng):
    """Another number of halvings: more than the 149 of float32, fewer than the 1074 of float64."""
    halvings = int(rng.choice([160, 170, 180, 190, 220, 240, 260, 300, 350]))
    return {"200": halvings, "400": 2 * halvings}


UNDERFLOW = Exercise(
    id="1.6",
    title="Predict and explain: down and up again",
    minutes=5,
    points=2,
    parts=(a_choice(down_and_up, "ABCDE", MISTAKES, _shown),),
    hints=(
        "A float holds a number as a fraction and a power of two. Halving changes only the power. "
        "Is there a smallest power?",
        "For float32 the smallest number above zero is 2^-149, about 1.4e-45. What is half of it?",
        "2^-150 lies between 0 and 2^-149 and is rounded to 0. What is 0 doubled, 200 times?",
    ),
    after="Underflow is silent and final: no warning, and nothing that comes later brings the "
    "number back.",
    why="After 149 halvings the number is 2^-149, the smallest float32. The next halving gives "
    "exactly 0. float64 goes down to 2^-1074, so there the 200 doublings lead back to exactly 1; "
    "it is the same cliff, further away. A sum of logarithms has no such cliff: -200 log 2 + 200 "
    "log 2 is 0.",
    vary=_vary,
)
