"""1.7 A logistic function that cannot overflow."""

import numpy as np

from ...activations import logistic as true_logistic
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from .squash import draw


def stable_logistic(z):
    """The logistic function for any finite z, also 1000 and -1000; no overflow on the way.

    z is an array of any shape. Returns an array of that shape.
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _cases(rng):
    far = float(rng.integers(12_000, 20_000))  # too far for a longdouble as well
    return [
        Case((np.array([-2.0, 0.0, 2.0]),)),
        Case((draw(rng, 2, 3),)),
        Case((np.array([3.0, 40.0, far]),)),
        Case((np.array([-3.0, -40.0, -far]),)),
        Case((np.array([[-far, 1.5], [0.5, far]]),)),
    ]


def _first_form(z):
    return 1 / (1 + np.exp(-z))


def _second_form(z):
    return np.exp(z) / (1 + np.exp(z))


def _clips_early(cases, outcomes):
    """Right for moderate z, and not yet 0 where z is -1000."""
    near, far = outcomes[0].value, outcomes[3].value
    if any(type(value) is not np.ndarray or value.shape != (3,) for value in (near, far)):
        return False
    right = np.allclose(near, true_logistic(cases[0].args[0]))
    return bool(right and far[2] == far[1] and 1e-8 < far[2] < 0.05)


def _asks_an_array(cases, outcomes):
    return outcomes[0].kind == "raised" and "ambiguous" in outcomes[0].text


MISTAKES = (
    Mistake(
        "exp(-z) overflows",
        "For z = -1000 your exp(-z) is exp(1000), and no float is that large. Here 1 / inf happens "
        "to be 0 and saves the result; NumPy warns, if it is not silenced. The next formula may "
        "not be so lucky.",
        "exp of a negative number never overflows. Use exp(-z) for positive z only; find the form "
        "that has exp(z) for the others.",
        answers=(_first_form,),
    ),
    Mistake(
        "exp(z) overflows",
        "For z = 1000 your exp(z) is infinite, and inf / inf is nan: not a number. This form is "
        "safe for negative z only.",
        "Use this form where z is negative, and 1 / (1 + exp(-z)) where it is not.",
        answers=(_second_form,),
    ),
    Mistake(
        "np.where computes both sides",
        "Your choice is right, and still something overflows: `np.where(c, a, b)` gets a and b "
        "already computed, for every z, and only then picks.",
        "Make an exponent that is never positive, `-np.abs(z)`, and compute its exp once.",
        answers=(lambda z: np.where(z >= 0, _first_form(z), _second_form(z)),),
    ),
    Mistake(
        "the same for z and for -z",
        "Your answer treats z and -z alike. exp(-|z|) is right, but one sign of z needs 1 / (1 + "
        "e) and the other e / (1 + e).",
        "`np.where(z >= 0, 1, e) / (1 + e)`.",
        answers=(
            lambda z: 1 / (1 + np.exp(-np.abs(z))),
            lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))),
        ),
    ),
    Mistake(
        "the two sides exchanged",
        "Your curve falls: the two forms have changed places.",
        "For positive z the result is near 1: there it is 1 / (1 + e).",
        answers=(lambda z: true_logistic(-z),),
    ),
    Mistake(
        "clips too early",
        "You clip z so closely that the result never gets near 0 or 1. For z = -40 the logistic "
        "function is 4e-18.",
        "Clipping is a way, if the limit is far out: exp(500) still fits into a float64.",
        seen=_clips_early,
    ),
    Mistake(
        "an if for a whole array",
        "`if z >= 0` asks one question; z holds many numbers, and some say yes and some no.",
        "`np.where(z >= 0, ..., ...)` answers for each number. Mind that both sides are computed.",
        seen=_asks_an_array,
    ),
)

STABLE = Exercise(
    id="1.7",
    title="A logistic function that cannot overflow",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=stable_logistic,
            cases=_cases,
            returns=AnArray("stable_logistic(z)", "of z"),
            mistakes=MISTAKES,
            hint="Compare with your `logistic` of 1.1 for z between -3 and 3.",
            strict=True,
        ),
    ),
    hints=(
        "exp of a large number overflows; exp of a very negative number is a harmless 0. Can you "
        "arrange that no exponent is ever positive?",
        "There are two forms of the logistic function: 1 / (1 + e^-z) and e^z / (1 + e^z). Each is "
        "safe on one side. Both can be written with e = exp(-|z|).",
        "`e = np.exp(-np.abs(z))`, then `return np.where(z >= 0, 1, e) / (1 + e)`. Or go through "
        "tanh, which cannot overflow: σ(z) = (1 + tanh(z / 2)) / 2.",
    ),
    after="The package goes through tanh: `lt.logistic??` shows it. Yours is more exact far on the "
    "left, where the result is tiny.",
    why="With e = exp(-|z|), which lies between 0 and 1, the logistic function is 1 / (1 + e) for "
    "z ≥ 0, and e / (1 + e) for z < 0. No exponent is positive, so nothing can overflow, and where "
    "the exponent is very negative e becomes 0, which is as it should be.",
)
