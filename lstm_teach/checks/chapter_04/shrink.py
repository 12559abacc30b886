"""4.3 Two counter-examples to "a largest singular value above 1 explodes"."""

import math

import numpy as np

from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..rows import numbers_of
from .matrices import a_square_matrix, is_normal, portrait, sizes_of_powers, spectral_radius

LAG, SIGMA, SMALL = 50, 2.0, 1e-3
U_AT_LEAST, TINY = 1.5, 1e-6


def shrinking_matrix():
    """A matrix U with a largest singular value of at least 2, whose linear chain vanishes.

    Returns U, square, for 2 to 8 units, with ‖U⁵⁰‖ below 0.001.
    """
    return np.array([[0.5, 2.0], [0.0, 0.5]])


def shrinking_unit():
    """Weights of one unit h' = tanh(u h + b), started at h = 0, whose gradient vanishes.

    Returns two numbers, u of at least 1.5 and b, with ∂h_50/∂h_0 below 0.000001.
    """
    return 2.0, 1.0


def unit_jacobian(u, b, lag):
    """∂h_lag/∂h_0 of the unit, from h_0 = 0, and the h where it ends."""
    h, product = 0.0, 1.0
    for _ in range(lag):
        h = math.tanh(u * h + b)
        product *= u * (1 - h * h)
    return product, h


TOO_TAME = Mistake(
    "the singular value is too small",
    "The largest singular value of your U is below 2, so it is no counter-example: nobody said "
    "that this one must explode.",
    "A large entry off the diagonal raises the singular value and leaves the eigenvalues alone.",
)
SYMMETRIC = Mistake(
    "a symmetric matrix",
    "Your U is symmetric. Then its largest singular value is its spectral radius, and powers "
    "grow as fast as they can. No symmetric matrix is a counter-example.",
    "Let unit 1 act on unit 2, and unit 2 not on unit 1.",
    misconception=5,
)
NORMAL = Mistake(
    "a rotation with a factor",
    "Your U is normal: U Uᵀ = Uᵀ U, as for rotations. Then singular values and absolute "
    "eigenvalues are the same, and powers grow as fast as they can.",
    "Look for a matrix whose eigenvectors are not at right angles: a triangle.",
    misconception=5,
)
EXPLODES = Mistake(
    "its eigenvalues explode",
    "An eigenvalue of your U has an absolute value of 1 or more, so along its direction the powers "
    "do not die out.",
    "In a triangular matrix the eigenvalues stand on the diagonal. Make those small.",
    misconception=5,
)
TOO_SLOW = Mistake(
    "dies out too slowly",
    "Your idea is right, and too slow: the powers do go to zero, but at lag 50 they are still "
    "above 0.001.",
    "Smaller numbers on the diagonal.",
)
MATRIX_MISTAKES = (TOO_TAME, SYMMETRIC, NORMAL, EXPLODES, TOO_SLOW)


def _examine_matrix(value, rng):
    U = a_square_matrix("shrinking_matrix", value)
    if isinstance(U, Finding):
        return U
    sigma, far = np.linalg.norm(U, 2), sizes_of_powers(U, LAG)[LAG]
    if sigma >= SIGMA * (1 - 1e-9) and far < SMALL:
        return None
    if sigma < SIGMA * (1 - 1e-9):
        mistake = TOO_TAME
    elif np.allclose(U, U.T):
        mistake = SYMMETRIC
    elif is_normal(U):
        mistake = NORMAL
    else:
        mistake = EXPLODES if spectral_radius(U) > 1 - 1e-6 else TOO_SLOW
    exhibits = portrait(U, 1, 10, LAG)
    return Finding(mistake.says, exhibits=exhibits, hint=mistake.hint, mistake=mistake.name)


SMALL_U = Mistake(
    "u is below 1.5",
    "u is below 1.5. The claim to refute is about weights above 1, and this one asks for a clear "
    "case.",
    "Take u = 2 and look for a b.",
)
AT_REST = Mistake(
    "b = 0: the unit stays where tanh is steep",
    "With b = 0 and no input h stays at 0. There the slope is exactly 1, so every step multiplies "
    "by u, and the gradient explodes. It is the one place where tanh helps nothing.",
    "Push the unit away from 0, into the flat part of the curve.",
)
LEAVES_LATE = Mistake(
    "b is too small",
    "h leaves 0 too slowly. On the way it passes through the steep middle of tanh, and the product "
    "grows there faster than it shrinks later.",
    "A larger b takes h to the flat part at once.",
)
UNIT_MISTAKES = (SMALL_U, AT_REST, LEAVES_LATE)


def _two_numbers(value):
    return numbers_of("shrinking_unit", value, ("u", "b"))


def _shown(u, b):
    product, h = unit_jacobian(u, b, LAG)
    return (
        ("Your unit", f"u = {u:g}, b = {b:g}"),
        ("After 50 steps", f"h = {h:.3f}, slope {1 - h * h:.3g}, ∂h_50/∂h_0 = {product:.3g}"),
    )


def _examine_unit(value, rng):
    value = _two_numbers(value)
    if isinstance(value, Finding):
        return value
    u, b = value
    product, _ = unit_jacobian(u, b, LAG)
    if u >= U_AT_LEAST and abs(product) < TINY:
        return None
    mistake = SMALL_U if u < U_AT_LEAST else LEAVES_LATE if b else AT_REST
    return Finding(mistake.says, exhibits=_shown(u, b), hint=mistake.hint, mistake=mistake.name)


def _vary(rng):
    """A larger singular value and a larger weight to be shrunk."""
    sigma, u = float(rng.choice([2.5, 3, 3.5, 4, 5])), float(rng.choice([2.5, 3, 3.5, 4]))
    h = unit_jacobian(u, 1.0, LAG)[1]
    return {
        "50, 2.0": f"50, {sigma}",
        "[0.5, 2.0]": f"[0.5, {sigma}]",
        "at least 2": f"at least {sigma:g}",
        "below 2": f"below {sigma:g}",
        "above 2": f"above {sigma:g}",
        "1.5": f"{u:g}",
        "u = 2": f"u = {u:g}",
        "return 2.0": f"return {u}",
        "0.995": f"{h:.5f}",
        "about 0.02": f"about {u * (1 - h * h):.1g}",
    }


SHRINK = Exercise(
    id="4.3",
    title="Two counter-examples",
    minutes=10,
    points=2,
    parts=(
        ValuePart(
            reference=shrinking_matrix,
            examine=_examine_matrix,
            mistakes=MATRIX_MISTAKES,
            praise=lambda value, rng: portrait(a_square_matrix("U", value), 1, 10, LAG),
        ),
        ValuePart(
            reference=shrinking_unit,
            examine=_examine_unit,
            mistakes=UNIT_MISTAKES,
            praise=lambda value, rng: _shown(*_two_numbers(value)),
        ),
    ),
    hints=(
        "Singular values say what one step can do, eigenvalues what many do. For which matrices "
        "are they far apart? And where on the curve of tanh does a large weight do no harm?",
        "A triangular matrix has its eigenvalues on the diagonal, whatever stands beside it. And a "
        "unit that is pushed to h near 1 has a slope near 0, which beats any u.",
        "`np.array([[0.5, 2.0], [0.0, 0.5]])`: eigenvalues 0.5, largest singular value above 2. "
        "And `return 2.0, 1.0`: h rises to 0.995, where u times the slope is about 0.02.",
    ),
    after="Above 1 decides nothing: neither for the singular value of a matrix, nor for the weight "
    "of a single unit.",
    why="The largest singular value is about one step in the worst direction. In a triangular "
    "matrix that direction is not handed on: what unit 1 gives to unit 2 never comes back, so "
    "after the first step only the small diagonal is left to work. With tanh there is a second "
    "way out: the slopes. A unit in the flat part multiplies by almost nothing, however large its "
    "weight is. That is also why chains with large weights and large inputs vanish.",
    vary=_vary,
)
