"""4.1 The Jacobian of one step, and of many."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def step_jacobian(h, U):
    """How a state answers to the one before it: row n, column m is ∂(h_t)_n / ∂(h_{t-1})_m.

    Shapes: h (H,), the state AFTER the step, h = tanh(x W + h_before U + b); U (H, H).
    Returns J of shape (H, H).
    """
    return np.diag(1 - h**2) @ U.T


def chain_jacobian(h, U):
    """How the last state answers to the one before the first step: ∂h_T / ∂h_0.

    Shapes: h (T, H), the states h_1 ... h_T; U (H, H). Returns a matrix of shape (H, H).
    """
    J = np.eye(len(U))
    for h_t in h:
        J = step_jacobian(h_t, U) @ J
    return J


def states(rng, *shape):
    """States of one decimal, none of them near 0 or ±1."""
    return (rng.uniform(0.25, 0.9, shape) * rng.choice([-1.0, 1.0], shape)).round(1)


def _steps(rng):
    rest = Case((np.zeros(2), draw(rng, 2, 2)), "U", "Uᵀ: at h = 0 every slope is 1")
    return [rest, *(Case((states(rng, H), draw(rng, H, H))) for H in (1, 2, 3, 4))]


def _chains(rng):
    sizes = ((1, 2), (2, 2), (3, 2), (3, 3), (4, 1))
    return [Case((states(rng, T, H), draw(rng, H, H))) for T, H in sizes]


def _product(steps):
    J = np.eye(steps[0].shape[0])
    for step in steps:
        J = step @ J
    return J


def _of_all(h, U):
    return [step_jacobian(h_t, U) for h_t in h]


STEP_MISTAKES = (
    Mistake(
        "U not transposed",
        "U should be transposed: yours is diag(1 - h²) U. Column m of U says who pushes unit m; "
        "row n of J has to hold who pushes unit n.",
        "∂z_n/∂h_m is U[m, n]. Where does that entry stand in J?",
        answers=(lambda h, U: np.diag(1 - h**2) @ U,),
    ),
    Mistake(
        "slopes on the columns",
        "The slopes stand on the wrong side: yours is Uᵀ diag(1 - h²), which multiplies column m "
        "by the slope of unit m. The slope belongs to the unit that answers, row n.",
        "`np.diag(slope) @ U.T` multiplies rows; `U.T * slope` multiplies columns.",
        answers=(lambda h, U: U.T * (1 - h**2),),
    ),
    Mistake(
        "rows and columns exchanged",
        "Yours is the transposed Jacobian: row m, column n. It is what multiplies a column from "
        "the left; with gradient rows, dh J, the rows of J are the units that answer.",
        "Transpose the whole thing.",
        answers=(lambda h, U: U * (1 - h**2),),
    ),
    Mistake(
        "squashes h once more",
        "Your slope is 1 - tanh(h)². But h is an output already: it has been through the tanh.",
        "`1 - h**2`.",
        answers=(lambda h, U: np.diag(1 - np.tanh(h) ** 2) @ U.T,),
    ),
    Mistake(
        "the slope of the logistic function",
        "h (1 - h) is the slope of the logistic function. tanh has 1 - h².",
        "At h = 0 tanh is steepest, and its slope is 1.",
        answers=(lambda h, U: np.diag(h * (1 - h)) @ U.T,),
    ),
    Mistake(
        "forgot the slope",
        "Your answer is Uᵀ alone: a linear step. The slope of the tanh is missing.",
        "Each row is multiplied by the slope of its unit, 1 - h².",
        answers=(lambda h, U: U.T,),
    ),
    Mistake(
        "forgot the square",
        "Your slope is 1 - h. It should be 1 - h², which is the same for h and for -h.",
        "`h**2`.",
        answers=(lambda h, U: np.diag(1 - h) @ U.T,),
    ),
)

CHAIN_MISTAKES = (
    Mistake(
        "the factors in the wrong order",
        "Your product is J_1 J_2 ... J_T. The last step stands on the left: J_T ... J_2 J_1. "
        "Matrices do not change places for free.",
        "In a loop over time every new J comes from the left: `J_t @ product`.",
        answers=(lambda h, U: _product(_of_all(h, U)[::-1]),),
    ),
    Mistake(
        "multiplies entry by entry",
        "`*` multiplies entry by entry. One step after the other is a matrix product.",
        "Write `@`, and begin with `np.eye`.",
        answers=(
            lambda h, U: np.prod(_of_all(h, U), axis=0),
            lambda h, U: np.eye(len(U)) * np.prod(_of_all(h, U), axis=0),
        ),
    ),
    Mistake(
        "adds the steps",
        "You add the Jacobians of the steps. What passes one step after the other is multiplied; "
        "only what arrives on different ways adds up.",
        "`@` in place of `+`.",
        answers=(
            lambda h, U: np.sum(_of_all(h, U), axis=0),
            lambda h, U: np.eye(len(U)) + np.sum(_of_all(h, U), axis=0),
        ),
    ),
    Mistake(
        "only one step",
        "You return the Jacobian of the last step alone.",
        "Keep the product: `J = step_jacobian(h_t, U) @ J`.",
        answers=(lambda h, U: step_jacobian(h[-1], U), lambda h, U: step_jacobian(h[0], U)),
    ),
    Mistake(
        "a step is missing",
        "One step is missing from your product. From h_0 to h_T there are T steps, and each has "
        "its factor.",
        "Where does your loop begin, and where does it end?",
        answers=(
            lambda h, U: _product([np.eye(len(U)), *_of_all(h, U)[1:]]),
            lambda h, U: _product([np.eye(len(U)), *_of_all(h, U)[:-1]]),
        ),
    ),
    Mistake(
        "the same factor at every step",
        "You take a power of one Jacobian. The slopes are others at every step, so the factors "
        "are.",
        "Compute J anew inside the loop, from the h of that step.",
        answers=(
            lambda h, U: np.linalg.matrix_power(step_jacobian(h[-1], U), len(h)),
            lambda h, U: np.linalg.matrix_power(step_jacobian(h[0], U), len(h)),
        ),
    ),
)

JACOBIAN = Exercise(
    id="4.1",
    title="The Jacobian of one step, and of many",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=step_jacobian,
            cases=_steps,
            returns=AnArray("J", "(H, H)"),
            mistakes=STEP_MISTAKES,
            hint="Compare with diag(1 - h²) Uᵀ, entry by entry: J[n, m] = (1 - h[n]²) U[m, n].",
        ),
        FunctionPart(
            reference=chain_jacobian,
            cases=_chains,
            returns=AnArray("∂h_T/∂h_0", "(H, H)"),
            mistakes=CHAIN_MISTAKES,
            hint="With one step it is `step_jacobian(h[0], U)`. What does the second step add, "
            "and on which side?",
        ),
    ),
    hints=(
        "One entry first. Move unit m of h_{t-1} by a little. By how much does z_n move, and then "
        "(h_t)_n? Two factors.",
        "z_n moves by U[m, n], and tanh multiplies by its slope, 1 - h[n]². So row n of J holds "
        "column n of U, times that slope. For the chain, multiply the J of all steps.",
        "`np.diag(1 - h**2) @ U.T`. For the chain begin with `J = np.eye(len(U))`, and at every "
        "step `J = step_jacobian(h_t, U) @ J`.",
    ),
    after="A slope and Uᵀ, once a step: all of chapter 04 is about this product.",
    why="z = x W + h U + b, so ∂z_n/∂h_m = U[m, n], and the tanh multiplies row n by 1 - h_n². By "
    "the chain rule the Jacobian of two steps is the product of both, the later one on the left: a "
    "move of h_0 meets J_1 first. A gradient row meets them from the other end, dh_T J_T ... J_1, "
    "which is what the backward pass does.",
)
