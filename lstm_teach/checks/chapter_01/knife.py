"""1.5 The weight that keeps a product alive, and how narrow its interval is."""

import math

import numpy as np

from ..exercise import Case, Exercise, Finding, FunctionPart, Mistake, ValuePart
from ..real import is_finite
from ..returned import AnArray, described

STEPS, FACTOR, Z = 50, 10, 1.0
SLOPE = 1 - math.tanh(Z) ** 2


def steady_weight():
    """A weight w for which (w · tanh'(1))^50 lies between 1/10 and 10.

    Returns one number.
    """
    return 1 / (1 - np.tanh(1.0) ** 2)


def weight_interval(slope, steps):
    """The smallest and the largest w > 0 for which (w · slope)^steps lies between 1/10 and 10.

    slope is a number above 0, steps a whole number. Returns np.array([smallest, largest]).
    """
    stretch = 10 ** (1 / steps)
    return np.array([1 / stretch, stretch]) / slope


VALUE = Mistake(
    "divides by the value of tanh",
    "You divide by tanh(1), the value of the curve. What a step multiplies by is the slope of the "
    "curve there.",
    "The slope at z = 1 is 1 - tanh(1)².",
)
OTHER_CURVE = Mistake(
    "the slope of the other curve",
    "You divide by the slope of the logistic function at 1. The curve here is tanh.",
    "The slope of tanh at z = 1 is 1 - tanh(1)².",
)
NO_SLOPE = Mistake(
    "forgets the slope",
    "A weight of about 1 would be right on a straight line, or at z = 0. At z = 1 the slope of "
    "tanh is 0.42, and 0.42 to the 50th is 1e-19.",
    "Each step multiplies by w times the slope. Which w makes that 1?",
)
VANISHES = Mistake(
    "the product vanishes",
    "The weight is too small: w times the slope is below 1, and 50 such factors leave almost "
    "nothing.",
    "w · slope = 1 would be exactly right. Solve it for w.",
)
EXPLODES = Mistake(
    "the product explodes",
    "The weight is too large: w times the slope is above 1, and 50 such factors are huge.",
    "w · slope = 1 would be exactly right. Solve it for w.",
)
WEIGHT_MISTAKES = (VALUE, OTHER_CURVE, NO_SLOPE, VANISHES, EXPLODES)


def _examine(value, rng):
    if not is_finite(value):
        return Finding(
            f"`steady_weight` gave {described(value)}; expected one finite number.",
            hint="For example `return 1.5`, with another number.",
        )
    w = abs(float(value))
    size = STEPS * math.log10(w * SLOPE) if w else -math.inf
    if abs(size) <= math.log10(FACTOR):
        return None
    logistic = 1 / (1 + math.exp(-Z))
    if math.isclose(w, 1 / math.tanh(Z), rel_tol=0.01):
        mistake = VALUE
    elif math.isclose(w, 1 / (logistic * (1 - logistic)), rel_tol=0.01):
        mistake = OTHER_CURVE
    elif math.isclose(w, 1, rel_tol=0.1):
        mistake = NO_SLOPE
    else:
        mistake = VANISHES if size < 0 else EXPLODES
    product = f"1e{size:+.0f}" if w else "0"
    return Finding(
        mistake.says,
        exhibits=(
            ("Your weight", f"w = {float(value):.4g}, w · slope = {w * SLOPE:.4g}"),
            ("After 50 steps", f"the product is about {product}"),
        ),
        hint=mistake.hint,
        mistake=mistake.name,
    )


def _praise(value, rng):
    w = abs(float(value))
    return (("After 50 steps the product is", f"{(w * SLOPE) ** STEPS:.3f}"),)


def _cases(rng):
    fixed = [(0.5, 1), (0.5, 10), (0.42, 50)]
    drawn = zip(rng.uniform(0.1, 1, 4).round(2), rng.integers(2, 200, 4), strict=True)
    return [
        Case((float(slope), int(steps)), label=f"slope = {slope}, steps = {steps}")
        for slope, steps in [*fixed, *drawn]
    ]


INTERVAL_MISTAKES = (
    Mistake(
        "forgets that there are many steps",
        "Your interval is right for one step: from 1/10 to 10 divided by the slope. But the factor "
        "is taken to the power `steps`.",
        "Which number, to the power `steps`, gives 10? `10 ** (1 / steps)`.",
        answers=(lambda slope, steps: np.array([0.1, 10]) / slope,),
    ),
    Mistake(
        "divides by the steps in place of a root",
        "You share the factor 10 out by dividing it, 10 / steps. The steps multiply, so it is "
        "shared out by a root.",
        "`10 ** (1 / steps)`.",
        answers=(
            lambda slope, steps: np.array([steps / 10, 10 / steps]) / slope,
            lambda slope, steps: np.array([0.1 / steps, 10 / steps]) / slope,
            lambda slope, steps: np.array([1 - 10 / steps, 1 + 10 / steps]) / slope,
        ),
    ),
    Mistake(
        "forgets the slope here",
        "Your interval lies around 1. It is w · slope that has to lie there.",
        "Divide both ends by `slope`.",
        answers=(lambda slope, steps: np.array([0.1, 10]) ** (1 / steps),),
    ),
    Mistake(
        "multiplies by the slope",
        "Your interval lies around the slope. A small slope needs a large weight.",
        "w · slope is about 1, so w is about 1 / slope.",
        answers=(lambda slope, steps: np.array([0.1, 10]) ** (1 / steps) * slope,),
    ),
    Mistake(
        "the ends exchanged",
        "The two ends have changed places: the smallest w comes first.",
        "`np.array([smallest, largest])`.",
        answers=(lambda slope, steps: np.array([10, 0.1]) ** (1 / steps) / slope,),
    ),
    Mistake(
        "e in place of 10",
        "You take the root of e, or the exponential of 1 / steps. The limits are 10 and 1/10.",
        "`10 ** (1 / steps)`, or `np.exp(np.log(10) / steps)`.",
        answers=(lambda slope, steps: np.exp(np.array([-1, 1]) / steps) / slope,),
    ),
    Mistake(
        "the power in place of the root",
        "Your limits are 10 to the power `steps`. The product over all steps may be 10, so one "
        "step may be the root of that.",
        "`10 ** (1 / steps)`, not `10 ** steps`.",
        answers=(
            lambda slope, steps: np.array([0.1, 10.0]) ** steps / slope,
            lambda slope, steps: (np.array([0.1, 10.0]) / slope) ** steps,
        ),
    ),
)


def _vary(rng):
    """Another place on the curve of tanh, and so another weight."""
    z = float(rng.choice([0.4, 0.5, 0.6, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]))
    slope = 1 - math.tanh(z) ** 2
    return {
        "1.0": z,
        "z = 1": f"z = {z}",
        "at 1": f"at {z}",
        "tanh(1)": f"tanh({z})",
        "tanh'(1)": f"tanh'({z})",
        "0.42": f"{slope:.2f}",
        "1e-19": f"{slope**STEPS:.0e}",
    }


KNIFE = Exercise(
    id="1.5",
    title="A weight on the knife edge",
    minutes=10,
    points=2,
    parts=(
        ValuePart(
            reference=steady_weight, examine=_examine, mistakes=WEIGHT_MISTAKES, praise=_praise
        ),
        FunctionPart(
            reference=weight_interval,
            cases=_cases,
            returns=AnArray("interval", "(2,)"),
            mistakes=INTERVAL_MISTAKES,
            hint="Test it: `(w * slope) ** steps` must be 1/10 at one end and 10 at the other.",
        ),
    ),
    hints=(
        "Fifty equal factors. When is their product neither huge nor tiny? Only if each factor is "
        "very nearly some special number.",
        "w · slope must be about 1, and the slope of tanh at 1 is 1 - tanh(1)². For the interval: "
        "(w · slope)^steps = 10 means w · slope = 10^(1/steps).",
        "`return 1 / (1 - np.tanh(1.0) ** 2)`. And `stretch = 10 ** (1 / steps)`, `return "
        "np.array([1 / stretch, stretch]) / slope`.",
    ),
    after="At 50 steps the whole interval is less than 5 % to either side; at 500 steps it is half "
    "a percent. And the right w depends on z, which is another one at every step.",
    why="(w · slope)^steps = 10 gives w = 10^(1/steps) / slope. For 50 steps 10^(1/50) is 1.047. "
    "The interval shrinks like 1/steps: a long chain does not forgive. A weight that a learning "
    "rule moves about will not stay on such an edge by itself.",
    vary=_vary,
)
