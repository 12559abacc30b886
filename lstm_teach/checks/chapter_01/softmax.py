"""1.8 log-sum-exp and softmax that cannot overflow."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def log_sum_exp(z):
    """log(exp(z_1) + ... + exp(z_N)) for each row of z, for numbers of any size.

    z has shape (B, N). Returns an array of shape (B,).
    """
    largest = z.max(axis=1)
    return largest + np.log(np.exp(z - largest[:, None]).sum(axis=1))


def stable_softmax(z):
    """softmax of each row of z, for numbers of any size: exp(z_k) / Σ exp(z_j).

    z has shape (B, N). Returns an array of shape (B, N); each row sums to 1.
    """
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _cases(rng):
    far = float(rng.integers(12_000, 20_000))  # too far for a longdouble as well
    return [
        Case((np.array([[1.0, 2.0, 0.5]]),)),
        Case((rng.uniform(-2, 2, (2, 3)).round(1),)),
        Case((rng.uniform(-2, 2, (3, 2)).round(1),)),
        Case((np.array([[far, far + 1.0, far - 0.5]]),)),
        Case((np.array([[-far, -far - 1.0, -far + 0.5]]),)),
        Case((np.array([[far, 0.0, -far]]),)),
        Case((np.array([[far, far - 1.0], [-far, 1.0 - far]]),)),
    ]


def _lse(z, shift):
    return shift[:, 0] + np.log(np.exp(z - shift).sum(axis=1))


def _softmax(z, shift, **total):
    e = np.exp(z - shift)
    return e / e.sum(**total)


def _largest(z):
    return z.max(axis=1, keepdims=True)


LSE_MISTAKES = (
    Mistake(
        "the sum overflows",
        "Your formula is right on paper. In floats exp(1000) overflows, and for very negative rows "
        "all the exponentials are 0, whose logarithm is -inf.",
        "Take the largest z of each row out first: log Σ exp(z) = m + log Σ exp(z - m).",
        answers=(lambda z: np.log(np.exp(z).sum(axis=1)),),
    ),
    Mistake(
        "the largest is not added again",
        "You subtract the largest z of the row and do not add it again: your answer is too small "
        "by exactly that much.",
        "m + log Σ exp(z - m).",
        answers=(lambda z: np.log(np.exp(z - _largest(z)).sum(axis=1)),),
    ),
    Mistake(
        "one largest for all rows",
        "You subtract one number from all rows. A row that lies far below it has only exponentials "
        "of 0, and log 0 is -inf.",
        "Each row needs its own: `z.max(axis=1)`.",
        answers=(lambda z: z.max() + np.log(np.exp(z - z.max()).sum(axis=1)),),
    ),
    Mistake(
        "subtracts the mean",
        "You subtract the mean of the row. The largest z can still lie far above it, and overflow.",
        "After the subtraction no z may be above 0: subtract the largest.",
        answers=(lambda z: _lse(z, z.mean(axis=1, keepdims=True)),),
    ),
    Mistake(
        "only the largest",
        "Your answer is the largest z of each row. That is close where one z is far above the "
        "others; for two equal ones log-sum-exp is log 2 more.",
        "m + log Σ exp(z - m): the sum is at least 1, its logarithm at least 0.",
        answers=(lambda z: z.max(axis=1),),
    ),
    Mistake(
        "no logarithm",
        "Your answer is the sum of the exponentials, or a sum of z. The logarithm is missing.",
        "`np.log` comes last.",
        answers=(
            lambda z: np.exp(z).sum(axis=1),
            lambda z: np.exp(z - _largest(z)).sum(axis=1),
            lambda z: z.sum(axis=1),
        ),
    ),
)

SOFTMAX_MISTAKES = (
    Mistake(
        "softmax overflows",
        "Your formula is right on paper. In floats exp(1000) is inf, and inf / inf is no number.",
        "Subtract the largest z of each row first. It cancels in the quotient.",
        answers=(lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),),
    ),
    Mistake(
        "sums over the wrong axis",
        "Your columns sum to 1. Each row is one question, so each row should.",
        "`axis=1` runs along a row. `keepdims=True` keeps the result a column, so that it divides "
        "row by row.",
        answers=(
            lambda z: _softmax(z, _largest(z), axis=0),
            lambda z: _softmax(z, z.max(axis=0), axis=0),
            lambda z: _softmax(z, z.max(), axis=0),
        ),
    ),
    Mistake(
        "sums over everything",
        "Your whole array sums to 1. Each row should, by itself.",
        "`e.sum(axis=1, keepdims=True)`.",
        answers=(
            lambda z: _softmax(z, _largest(z)),
            lambda z: _softmax(z, z.max()),
        ),
    ),
    Mistake(
        "one largest z for all rows",
        "You subtract one number from all rows. In a row far below it every exponential is 0, and "
        "0 / 0 is not a number.",
        "Each row needs its own: `z.max(axis=1, keepdims=True)`.",
        answers=(lambda z: _softmax(z, z.max(), axis=1, keepdims=True),),
    ),
    Mistake(
        "subtracts the mean of the row",
        "You subtract the mean of the row. It cancels, as anything would; but the largest z can "
        "still lie far above it, and overflow.",
        "After the subtraction no z may be above 0: subtract the largest.",
        answers=(lambda z: _softmax(z, z.mean(axis=1, keepdims=True), axis=1, keepdims=True),),
    ),
    Mistake(
        "does not divide by the sum",
        "Your rows do not sum to 1: the division is missing.",
        "Divide by `e.sum(axis=1, keepdims=True)`.",
        answers=(lambda z: np.exp(z - _largest(z)), lambda z: np.exp(z)),
    ),
)

SOFTMAX = Exercise(
    id="1.8",
    title="log-sum-exp and softmax that cannot overflow",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=log_sum_exp,
            cases=_cases,
            returns=AnArray("log_sum_exp(z)", "(B,)"),
            mistakes=LSE_MISTAKES,
            hint="Two equal numbers a, a must give a + log 2.",
            strict=True,
        ),
        FunctionPart(
            reference=stable_softmax,
            cases=_cases,
            returns=AnArray("softmax(z)", "(B, N)"),
            mistakes=SOFTMAX_MISTAKES,
            hint="Print the sum of each row: it must be 1.",
            strict=True,
        ),
    ),
    hints=(
        "What happens to log Σ exp(z) and to softmax(z) when the same number is added to all of a "
        "row?",
        "log Σ exp(z) = m + log Σ exp(z - m), for any m. softmax(z) = softmax(z - m). Which m "
        "makes every exponent 0 or negative?",
        "`m = z.max(axis=1)`, `return m + np.log(np.exp(z - m[:, None]).sum(axis=1))`. And `e = "
        "np.exp(z - z.max(axis=1, keepdims=True))`, `return e / e.sum(axis=1, keepdims=True)`.",
    ),
    after="The largest exponential is exactly 1, so the sum is at least 1: no overflow, no "
    "division by zero, no logarithm of zero.",
    why="exp(z) = exp(m) exp(z - m). In log-sum-exp the factor exp(m) comes out as m; in softmax "
    "it stands above and below and cancels. With m the largest of the row all exponents are at "
    "most 0, and the largest exponential is 1. What underflows beside it is too small to matter.",
)
