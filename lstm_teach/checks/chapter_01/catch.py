"""1.4 A wrong slope, caught with a test."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AVerdict
from .claims import claims


def slope_is_wrong(f, slope):
    """Is the claim wrong that `slope` gives the slope of the squashing function `f`?

    f(z) squashes each number of an array z. slope(y) is the claim: from the output y = f(z) it
    computes the slope of f at z. Returns True if it does not, False if it does.
    """
    z = np.linspace(-3, 3, 25)
    measured = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
    return not np.allclose(slope(f(z)), measured, rtol=0, atol=1e-6)


def _cases(rng):
    return [Case((claim.f, claim.slope), label=claim.label) for claim in claims(rng)]


def _verdicts(cases, outcomes):
    """(claim, what was said of it) for every case; said is None where it was not a verdict."""
    return [
        (
            case.args[0].claim,
            bool(outcome.value) if type(outcome.value) in (bool, np.bool_) else None,
        )
        for case, outcome in zip(cases, outcomes, strict=True)
    ]


def _always(question):
    """A mistake seen in the places that were looked at: the question holds for every claim."""
    return lambda cases, outcomes: all(question(claim) for claim, _ in _verdicts(cases, outcomes))


def _places(claim):
    return np.concatenate(claim.f.places) if claim.f.places else np.zeros(0)


def _one_place(claim):
    places = _places(claim)
    return places.size > 0 and np.ptp(places) < 0.6


def _one_side(claim):
    places = _places(claim)
    return places.size > 0 and (places.min() > -0.5 or places.max() < 0.5)


def _not_the_output(claim):
    return bool(claim.slope.places) and not any(
        np.isin(np.round(np.concatenate(claim.slope.places), 9), np.round(given, 9)).all()
        for given in [np.concatenate(claim.f.returned)]
    )


def _gaps(claim):
    """The smallest distance between two different places: the step of a difference."""
    return np.diff(np.unique(_places(claim)))


def _coarse_step(cases, outcomes):
    found = _verdicts(cases, outcomes)
    gaps = [_gaps(claim) for claim, _ in found]
    return all(gap.size and gap.min() > 2e-3 for gap in gaps) and any(
        said and not claim.wrong for claim, said in found
    )


def _fooled_by_rounding(cases, outcomes):
    found = _verdicts(cases, outcomes)
    return all(said is True for _, said in found)


def _lenient(cases, outcomes):
    missed = [claim for claim, said in _verdicts(cases, outcomes) if claim.wrong and not said]
    return bool(missed) and all(claim.slight for claim in missed)


MISTAKES = (
    Mistake(
        "never calls f",
        "Your test never calls `f`. What a slope should be can be measured on `f` alone.",
        "Measure: f a little to the right of z, minus f a little to the left.",
        seen=_always(lambda claim: not claim.f.places),
    ),
    Mistake(
        "never asks the claim",
        "Your test never calls `slope`, so it cannot know what is claimed.",
        "Compare `slope(f(z))` with what you measure.",
        seen=_always(lambda claim: not claim.slope.places),
    ),
    Mistake(
        "hands the input to the claim",
        "Your test calls `slope(z)`. The claim is about the output: it wants y = f(z).",
        "`slope(f(z))`.",
        seen=_always(_not_the_output),
    ),
    Mistake(
        "looks at one place",
        "Your test looks at one place only. A wrong slope can be right there by accident: 1 - y "
        "and 1 - y² agree at y = 0.",
        "Take many z, for example `np.linspace(-3, 3, 25)`.",
        seen=_always(_one_place),
    ),
    Mistake(
        "looks at one side",
        "Your test looks at one side of zero only. One of these claims is right for positive z and "
        "wrong for negative ones, another the other way round.",
        "Let z run from -3 to 3.",
        seen=_always(_one_side),
    ),
    Mistake(
        "True and False exchanged",
        "Your test sees the difference and says it the wrong way round.",
        "True means that the claim is wrong: measured and claimed are NOT close.",
        answers=(lambda f, slope: not slope_is_wrong(f, slope),),
    ),
    Mistake(
        "a step that is too coarse",
        "Your step is so large that a right claim looks wrong: the curve bends between the two "
        "points.",
        "Take the step of exercise 1.3, `1e-5`, from both sides.",
        seen=_coarse_step,
    ),
    Mistake(
        "asks for equality",
        "Your test calls every claim wrong. A measured slope is never equal to the true one to the "
        "last digit.",
        "Compare with `np.allclose(..., rtol=0, atol=1e-6)`, not with `==`.",
        seen=_fooled_by_rounding,
    ),
    Mistake(
        "lets small errors through",
        "Your test finds the large errors and lets small ones through. One of these claims is 1 % "
        "too large; another is wrong only where the curve is nearly flat.",
        "A central difference with a step of 1e-5 is good to 1e-10. A tolerance of 1e-6 is "
        "generous.",
        seen=_lenient,
    ),
)

CATCH = Exercise(
    id="1.4",
    title="Catch a wrong slope with a test",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=slope_is_wrong,
            cases=_cases,
            returns=AVerdict("the verdict"),
            mistakes=MISTAKES,
            hint="Try your test on `np.tanh` with `lambda y: 1 - y * y`: it should say False.",
        ),
    ),
    hints=(
        "You cannot look into `slope`, but you can measure what it should give. Exercise 1.3 has "
        "the tool.",
        "Choose many z on both sides of 0. Measure with a step of 1e-5 from both sides. Compare "
        "with `slope(f(z))`.",
        "`measured = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5`, then `return not "
        "np.allclose(slope(f(z)), measured, rtol=0, atol=1e-6)`.",
    ),
    after="This is a gradient check, with one number in place of a network. Chapter 03 does the "
    "same for every weight of a chain.",
    why="A claim can be right in one place, on one side, or up to one percent. So the test looks "
    "at many places, on both sides and in the flat parts, and with a tolerance that lies between "
    "the error of the measurement, 1e-10, and the errors that it should find.",
)
