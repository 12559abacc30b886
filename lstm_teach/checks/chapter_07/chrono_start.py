"""7.5 Chrono initialisation, written out."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def chrono_biases(u, T_max):
    """The biases of chrono initialisation, from numbers that are uniform between 0 and 1.

    Shapes: u (H,), between 0 and 1; T_max: a number above 2, the longest lag of the task.
    Returns b_i and b_f, both of shape (H,).
    """
    b_f = np.log(1 + u * (T_max - 2))
    return -b_f, b_f


def _cases(rng):
    return [
        Case((np.array([0.0, 0.5, 0.9]), 100)),
        Case((rng.uniform(0, 1, 4).round(2), 40)),
        Case((rng.uniform(0, 1, 6).round(3), 1000)),
        Case((rng.uniform(0, 1, 2).round(2), 3)),
    ]


def _with(b_f, b_i=np.negative):
    def answer(u, T_max):
        keep = b_f(u, T_max)
        return b_i(keep), keep

    return answer


def _right(u, T_max):
    return np.log(1 + u * (T_max - 2))


MISTAKES = (
    Mistake(
        "no logarithm",
        "The logarithm is missing. A lag of 100 would get a bias of up to 99, and a gate that is "
        "exactly 1 in every digit: it could never learn to forget.",
        "`np.log` around what is uniform between 1 and T_max - 1.",
        answers=(_with(lambda u, T_max: 1 + u * (T_max - 2)),),
    ),
    Mistake(
        "the logarithm outside the draw",
        "You draw the logarithm uniformly between 0 and ln(T_max - 1). The paper draws the time "
        "uniformly and takes its logarithm afterwards: most units then get long memories.",
        "First a time between 1 and T_max - 1, then its logarithm.",
        answers=(_with(lambda u, T_max: u * np.log(T_max - 1)),),
    ),
    Mistake(
        "times from 0",
        "Your times begin at 0, and the logarithm of 0 is minus infinity: such a unit forgets "
        "everything.",
        "Uniform between 1 and T_max - 1: `1 + u * (T_max - 2)`.",
        answers=(
            _with(lambda u, T_max: np.log(np.maximum(u * (T_max - 1), 0))),
            _with(lambda u, T_max: np.log(np.maximum(u * (T_max - 2), 0))),
            _with(lambda u, T_max: np.log(np.maximum(u * T_max, 0))),
        ),
    ),
    Mistake(
        "the ends misplaced",
        "Your times do not end at T_max - 1. From 1 to T_max - 1 is a way of T_max - 2.",
        "`1 + u * (T_max - 2)`.",
        answers=(
            _with(lambda u, T_max: np.log(1 + u * (T_max - 1))),
            _with(lambda u, T_max: np.log(1 + u * T_max)),
            _with(lambda u, T_max: np.log(1 + u * (T_max - 3))),
        ),
    ),
    Mistake(
        "the input gate left at 0",
        "b_f is right and b_i is 0. Then the input gate stands half open at every step, and what "
        "is kept for long is flooded.",
        "b_i = -b_f.",
        answers=(_with(_right, np.zeros_like),),
    ),
    Mistake(
        "both gates open",
        "b_f is right; b_i has its sign. A gate that keeps for long should write little.",
        "b_i = -b_f.",
        answers=(_with(_right, np.copy),),
    ),
    Mistake(
        "the two exchanged",
        "Your biases are right and in the wrong order: b_i and b_f are exchanged.",
        "The order of the book is i f g o: first b_i, then b_f.",
        answers=(lambda u, T_max: (_right(u, T_max), -_right(u, T_max)),),
    ),
    Mistake(
        "another logarithm",
        "You take the logarithm to another base. The logistic function has e in it, and so must "
        "the logarithm.",
        "`np.log` is the one to the base e.",
        answers=(
            _with(lambda u, T_max: np.log10(1 + u * (T_max - 2))),
            _with(lambda u, T_max: np.log2(1 + u * (T_max - 2))),
        ),
    ),
    Mistake(
        "one time for all units",
        "All units get the longest time. The point of the draw is a mixture of memories.",
        "Each unit has an entry of u of its own.",
        answers=(
            _with(lambda u, T_max: np.full_like(u, np.log(T_max - 1))),
            _with(lambda u, T_max: np.full_like(u, np.log(T_max))),
        ),
    ),
)

CHRONO = Exercise(
    id="7.5",
    title="Chrono initialisation",
    minutes=8,
    points=2,
    parts=(
        FunctionPart(
            reference=chrono_biases,
            cases=_cases,
            returns=SeveralArrays((AnArray("b_i", "(H,)"), AnArray("b_f", "(H,)"))),
            mistakes=MISTAKES,
            hint="With u = 0 the bias is ln 1 = 0; with u = 1 it is ln(T_max - 1).",
        ),
    ),
    hints=(
        "u says where between its two ends a number lies. What are the ends here?",
        "1 + u (T_max - 2) is uniform between 1 and T_max - 1. Its logarithm is b_f.",
        "`b_f = np.log(1 + u * (T_max - 2))`, then `return -b_f, b_f`.",
    ),
    after="With i = σ(-b_f) the input gate is exactly 1 - f: what is let in replaces what is let "
    "go.",
    why="A gate with bias ln(τ - 1) has f = 1 - 1/τ, so 1 / (1 - f) = τ: with τ uniform between "
    "2 and T_max, the memories last uniformly many steps. And since σ(-b) = 1 - σ(b), the cell "
    "starts as a running mean of its candidates. `lt.chrono(T_max)` is this rule, for "
    "`lt.init(..., b=...)`.",
)
