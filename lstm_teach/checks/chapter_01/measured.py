"""1.3 A slope measured, and the best step to measure it with."""

import numpy as np

from ..exercise import Case, Exercise, Finding, FunctionPart, Mistake, ValuePart
from ..real import is_finite
from ..returned import AnArray, described

WANTED = 1e-10


def central_slope(f, z, eps):
    """The slope of f at each number of z, measured from both sides.

    f takes an array and returns one of the same shape; z is an array; eps is the step, a number.
    Returns an array of the shape of z.
    """
    return (f(z + eps) - f(z - eps)) / (2 * eps)


def best_step():
    """A step with which `central_slope` measures the slope of tanh to better than 1e-10.

    Returns one number.
    """
    return 1e-5


def measured_error(eps):
    """The mean error of the central difference for tanh, over a thousand z from -2 to 2."""
    z = np.linspace(-2, 2, 1000)
    return float(np.abs(central_slope(np.tanh, z, eps) - 1 / np.cosh(z) ** 2).mean())


def _cases(rng):
    z = rng.uniform(-1, 1, 3).round(1) + 0.05
    functions = [("exp", np.exp, 0.5), ("sin", np.sin, 0.2), ("tanh", np.tanh, 0.1)]
    cases = [
        Case((f, z, eps), label=f"f = {name}, z = {z.round(2).tolist()}, eps = {eps}")
        for name, f, eps in functions
    ]
    grid = rng.uniform(-1, 1, (2, 2)).round(1) + 0.05
    label = f"f(z) = z³ - z, z = {grid.round(2).tolist()}, eps = 0.25"
    return [*cases, Case((lambda z: z**3 - z, grid, 0.25), label=label)]


SLOPE_MISTAKES = (
    Mistake(
        "a step to one side only",
        "You step to one side only: (f(z + eps) - f(z)) / eps, or the same to the left. That is "
        "the slope half a step away from z, so the error is proportional to eps; from both sides "
        "it is proportional to eps².",
        "One point at z + eps, one at z - eps. They are 2 eps apart.",
        answers=(
            lambda f, z, eps: (f(z + eps) - f(z)) / eps,
            lambda f, z, eps: (f(z) - f(z - eps)) / eps,
        ),
    ),
    Mistake(
        "divides by one step",
        "Your slope is twice too large: the two points are 2 eps apart, and you divide by eps.",
        "Divide by `2 * eps`.",
        answers=(lambda f, z, eps: (f(z + eps) - f(z - eps)) / eps,),
    ),
    Mistake(
        "multiplies by the step",
        "Your answer is the difference, divided by 2 and multiplied by eps: Python reads `d / 2 * "
        "eps` from left to right.",
        "Brackets round the denominator: `d / (2 * eps)`.",
        answers=(lambda f, z, eps: (f(z + eps) - f(z - eps)) / 2 * eps,),
    ),
    Mistake(
        "does not divide",
        "Your answer is the difference of the two values. A slope is a difference per step.",
        "Divide by the distance of the two points, `2 * eps`.",
        answers=(lambda f, z, eps: f(z + eps) - f(z - eps),),
    ),
    Mistake(
        "left minus right",
        "Your slope has the wrong sign: you subtract the value on the right from the one on the "
        "left.",
        "f(z + eps) - f(z - eps), in this order.",
        answers=(lambda f, z, eps: (f(z - eps) - f(z + eps)) / (2 * eps),),
    ),
    Mistake(
        "a step of its own",
        "Your function measures well, but with a step of its own: the argument `eps` changes "
        "nothing.",
        "Use the eps that is handed in. The second part of this exercise is about its size.",
        answers=(lambda f, z, eps: central_slope(f, z, 1e-5),),
    ),
)

EXPONENT = Mistake(
    "an exponent in place of a step",
    "That is an exponent. The step is 10 to that power.",
    "For the exponent -3, for example, write `1e-3`.",
)
TOO_LARGE = Mistake(
    "too large: the curve bends",
    "The step is too large: between z - eps and z + eps the curve bends, and the straight line "
    "through the two points misses the slope by about eps²/3.",
    "Make the step ten times smaller: this error becomes a hundred times smaller.",
)
ONE_SIDED = Mistake(
    "the best step of the other formula",
    "About 1e-8, the root of the machine's 2e-16, is the best step for a difference to one side. "
    "From both sides the bending costs far less, so the step may be larger, and rounding then "
    "costs less too.",
    "Measure the error for 1e-3, 1e-4, 1e-5 ... and read off where it is smallest.",
)
TOO_SMALL = Mistake(
    "too small: rounding takes over",
    "The step is too small. The two values of tanh agree in most of their 16 digits; their "
    "difference keeps only the last few, and these are rounded. Dividing by 2 eps makes the "
    "rounding error large.",
    "Make the step larger until the error stops falling.",
)
NO_STEP = Mistake(
    "smaller than the gaps between floats",
    "With this step z + eps and z - eps are the same float as z, or its next neighbour. The "
    "difference measured is 0, or noise.",
    "Near 1 the gap between neighbouring floats is 2e-16. The step must be far above it.",
)
STEP_MISTAKES = (EXPONENT, TOO_LARGE, ONE_SIDED, TOO_SMALL, NO_STEP)


def _mistake(eps):
    if eps <= -1 and eps == round(eps):
        return EXPONENT
    if eps > 1e-6:
        return TOO_LARGE
    if 5e-9 <= eps <= 5e-8:
        return ONE_SIDED
    return TOO_SMALL if eps > 5e-16 else NO_STEP


def _examine(value, rng):
    if not is_finite(value) or value == 0 or (value < 0 and value > -1):
        return Finding(
            f"`best_step` gave {described(value)}; expected one number above 0.",
            hint="For example `return 1e-3`, with another number.",
        )
    eps = float(value)
    mistake = _mistake(eps)
    if mistake is EXPONENT:
        return Finding(mistake.says, hint=mistake.hint, mistake=mistake.name)
    error = measured_error(abs(eps))
    if eps > 0 and error < WANTED:
        return None
    return Finding(
        mistake.says,
        exhibits=(("Mean error with your step", f"{error:.0e}, should be below {WANTED:.0e}"),),
        hint=mistake.hint,
        mistake=mistake.name,
    )


def _praise(value, rng):
    lines = [f"1e-{n:02}   {measured_error(10.0**-n):.0e}" for n in range(1, 17)]
    return (("Measured just now: step, mean error", "\n".join(lines)),)


MEASURED = Exercise(
    id="1.3",
    title="A measured slope and its best step",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=central_slope,
            cases=_cases,
            returns=AnArray("slope", "of z"),
            mistakes=SLOPE_MISTAKES,
            hint="For f(z) = z² the central difference is exactly 2 z, for every eps. Is yours?",
        ),
        ValuePart(reference=best_step, examine=_examine, mistakes=STEP_MISTAKES, praise=_praise),
    ),
    hints=(
        "Draw two points on the curve, one a step to the right of z and one a step to the left. "
        "What is the slope of the line through them?",
        "`(f(z + eps) - f(z - eps)) / (2 * eps)`. For the second part call it with `np.tanh` and "
        "one eps after the other, and compare with `1 - np.tanh(z) ** 2`.",
        "The error falls with eps² while the curve's bending rules, and rises with 1/eps once "
        "rounding rules. The two meet near `1e-5`.",
    ),
    after="The error is smallest near 1e-5 and rises on both sides. Chapter 03 draws this V for a "
    "whole network.",
    why="The bending costs eps² |f'''| / 6, the rounding about 1e-16 / eps. Their sum is smallest "
    "where eps³ is about 1e-16, that is for eps between 1e-6 and 1e-5, and the error there is "
    "about 1e-11. A smaller step is not a better one.",
)
