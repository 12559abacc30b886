"""4.2 What the largest singular value promises, and what it does not."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import ANumber, AVerdict


def bound(U, slope, lag):
    """The most that ‖∂h_T/∂h_t‖ can be, whatever the inputs: T - t = lag.

    Shapes: U (H, H). slope: the largest slope of the squashing function. Returns a number.
    """
    return (slope * np.linalg.svd(U, compute_uv=False)[0]) ** lag


def must_vanish(U, slope):
    """Does the bound force the gradient to vanish over long lags?

    Shapes: U (H, H). slope: the largest slope of the squashing function. Returns True if it does,
    False if the bound decides nothing.
    """
    return bool(slope * np.linalg.svd(U, compute_uv=False)[0] < 1)


def _sigma(U):
    return np.linalg.svd(U, compute_uv=False)[0]


def _rho(U):
    return np.abs(np.linalg.eigvals(U)).max()


def _drawn(rng, H, sigma):
    U = rng.normal(size=(H, H))
    return (U * sigma / _sigma(U)).round(2)


def _bounds(rng):
    sizes = ((2, 0.9, 1.0, 3), (2, 1.5, 0.25, 2), (3, 1.2, 1.0, 5), (4, 2.5, 0.25, 4))
    cases = [Case((_drawn(rng, H, sigma), slope, lag)) for H, sigma, slope, lag in sizes]
    return [*cases, Case((_drawn(rng, 3, 1.6), 1.0, 0)), Case((_drawn(rng, 3, 0.7), 0.25, 1))]


LEAN = np.array([[0.5, 2.0], [0.0, 0.5]])  # radius 0.5, largest singular value above 2
WIDE = 0.6 * np.eye(4)  # singular values 0.6, Frobenius norm 1.2
FLAT = np.full((4, 4), 0.4)  # every entry below 1, largest singular value 1.6


def _verdicts(rng):
    """(U, slope): 3 times the bound decides, otherwise not."""
    fixed = [(LEAN, 1.0), (WIDE, 1.0), (FLAT, 1.0), (FLAT, 0.25), (2.0 * np.eye(2), 0.25)]
    for _ in range(3):
        fixed.append((_drawn(rng, 3, rng.uniform(0.3, 0.8)), 1.0))
        fixed.append((_drawn(rng, 3, rng.uniform(1.2, 3.0)), 1.0))
        fixed.append((_drawn(rng, 3, rng.uniform(5, 9)), 0.25))
    return [Case((U, slope)) for U, slope in (fixed[n] for n in rng.permutation(len(fixed)))]


BOUND_MISTAKES = (
    Mistake(
        "the spectral radius in place of the singular value",
        "You use the largest absolute eigenvalue. It says how powers behave in the long run, and "
        "bounds nothing: a matrix with small eigenvalues can stretch a row a lot.",
        "`np.linalg.svd(U, compute_uv=False)[0]`, or `np.linalg.norm(U, 2)`.",
        answers=(lambda U, slope, lag: (slope * _rho(U)) ** lag,),
        misconception=5,
    ),
    Mistake(
        "the Frobenius norm",
        "`np.linalg.norm(U)` without a second argument is the Frobenius norm: the root of the sum "
        "of all squares. That is a bound too, but not the least one.",
        "`np.linalg.norm(U, 2)` is the largest singular value of a matrix.",
        answers=(lambda U, slope, lag: (slope * np.linalg.norm(U)) ** lag,),
    ),
    Mistake(
        "the largest entry",
        "You use the largest entry of U. Many small entries together can stretch a row by more.",
        "A matrix of H·H times 0.4 stretches the row of equal numbers by 0.4·H.",
        answers=(
            lambda U, slope, lag: (slope * np.abs(U).max()) ** lag,
            lambda U, slope, lag: (slope * U.max()) ** lag,
        ),
    ),
    Mistake(
        "the largest row sum",
        "You use the largest sum of a row or column. It bounds another length, the sum or the "
        "largest of the absolute values.",
        "`np.linalg.norm(U, 2)`, with the 2.",
        answers=(
            lambda U, slope, lag: (slope * np.linalg.norm(U, np.inf)) ** lag,
            lambda U, slope, lag: (slope * np.linalg.norm(U, 1)) ** lag,
        ),
    ),
    Mistake(
        "the smallest singular value",
        "You use the smallest singular value: the least stretch. The bound asks for the most.",
        "NumPy sorts singular values from large to small: take `[0]`.",
        answers=(lambda U, slope, lag: (slope * np.linalg.svd(U)[1][-1]) ** lag,),
    ),
    Mistake(
        "the slope only once",
        "The slope counts once in your bound. Each of the `lag` steps has a tanh of its own.",
        "Put the slope inside the brackets: `(slope * sigma) ** lag`.",
        answers=(lambda U, slope, lag: slope * _sigma(U) ** lag,),
    ),
    Mistake(
        "no slope",
        "The slope is missing from your bound. For tanh, whose largest slope is 1, nobody would "
        "notice; for the logistic function every step takes three quarters away.",
        "`(slope * sigma) ** lag`.",
        answers=(lambda U, slope, lag: _sigma(U) ** lag,),
    ),
    Mistake(
        "times the lag",
        "You multiply by the lag. A factor at every step makes a power.",
        "`** lag`.",
        answers=(lambda U, slope, lag: slope * _sigma(U) * lag,),
    ),
    Mistake(
        "one step too many or too few",
        "The number of factors is off by one. Over a lag of 0 nothing is multiplied, and the bound "
        "is 1.",
        "As many factors as steps: `lag`.",
        answers=(
            lambda U, slope, lag: (slope * _sigma(U)) ** (lag + 1),
            lambda U, slope, lag: (slope * _sigma(U)) ** (lag - 1),
        ),
    ),
)

VERDICT_MISTAKES = (
    Mistake(
        "judges by the spectral radius",
        "You judge by the largest absolute eigenvalue. With it below 1 a linear chain dies out "
        "in the end, but the bound does not say so, and for a chain with tanh it proves nothing: "
        "its factors are not powers of one matrix.",
        "Compare slope times the largest singular value with 1.",
        answers=(lambda U, slope: bool(slope * _rho(U) < 1),),
        misconception=5,
    ),
    Mistake(
        "forgets the slope",
        "You compare the singular value alone with 1. With logistic units, whose largest slope is "
        "¼, a singular value of 3 must vanish as well.",
        "`slope * sigma < 1`.",
        answers=(lambda U, slope: bool(_sigma(U) < 1),),
    ),
    Mistake(
        "says when it may explode",
        "Your True and False are exchanged: you say True where the bound grows.",
        "True where the bound dies out: `slope * sigma < 1`.",
        answers=(lambda U, slope: bool(slope * _sigma(U) > 1),),
    ),
    Mistake(
        "judges by the Frobenius norm",
        "You judge by the Frobenius norm, `np.linalg.norm(U)`. Where that is below 1 the gradient "
        "must vanish, but so it must in many cases that you miss.",
        "`np.linalg.norm(U, 2)`.",
        answers=(lambda U, slope: bool(slope * np.linalg.norm(U) < 1),),
    ),
    Mistake(
        "judges by the largest entry",
        "You judge by the largest entry. Sixteen entries of 0.4 have a largest singular value "
        "of 1.6.",
        "Compare slope times the largest singular value with 1.",
        answers=(
            lambda U, slope: bool(slope * np.abs(U).max() < 1),
            lambda U, slope: bool(slope * U.max() < 1),
        ),
    ),
)

BOUND = Exercise(
    id="4.2",
    title="What the largest singular value promises",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=bound,
            cases=_bounds,
            returns=ANumber("a bound"),
            mistakes=BOUND_MISTAKES,
            hint="One step can stretch by slope times the largest singular value of U, no more. "
            "And `lag` steps?",
        ),
        FunctionPart(
            reference=must_vanish,
            cases=_verdicts,
            returns=AVerdict("the verdict"),
            mistakes=VERDICT_MISTAKES,
            hint="Print slope times the largest singular value for the example.",
        ),
    ),
    hints=(
        "One step back multiplies a gradient row by slopes, then by Uᵀ. By how much can each of "
        "the two make it longer, at most?",
        "The slopes by `slope`, the matrix by its largest singular value, which NumPy gives as "
        "`np.linalg.norm(U, 2)`. That is one step; there are `lag` of them.",
        "`(slope * np.linalg.norm(U, 2)) ** lag`; and `bool(slope * np.linalg.norm(U, 2) < 1)`.",
    ),
    after="Below 1 the bound forces vanishing. Above 1 it forces nothing: that is what the next "
    "exercise is about.",
    why="The norm of a product is at most the product of the norms. diag(slopes) has the largest "
    "slope as its norm, Uᵀ has the largest singular value of U. So each step multiplies by at most "
    "slope · σ_max. If that is below 1 its powers go to zero, and what lies below them does too: "
    "sufficient for vanishing. If it is above 1, the gradient lies somewhere below a number that "
    "grows: necessary for exploding, and nothing more.",
)
