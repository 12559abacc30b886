"""Exercise 3.4, judging: gradients that are claimed, right and wrong, and known mistakes."""

import numpy as np

from ..exercise import Mistake
from .slopes import measured, never_asks


def claims(rng, chain_loss):
    loss, U, right = chain_loss(rng)
    one_off, last_off, cancels = right.copy(), right.copy(), right.copy()
    one_off[0, 1] *= 1.01
    last_off[-1, -1] *= 1.001
    cancels[0] += (0.1, -0.1)
    yield "the right gradient of U", loss, U, right
    yield "a gradient with one number 1 % too large", loss, U, one_off
    yield "a gradient with its last number 0.1 % too large", loss, U, last_off
    yield "a gradient with the wrong sign", loss, U, -right
    yield "a gradient with one number too large and one too small", loss, U, cancels
    yield "a gradient that is too small everywhere", loss, U, right - 0.1
    yield "the rows of a gradient exchanged", loss, U, right[::-1]
    large, V, right = chain_loss(rng, scale=1e6)
    yield "the right gradient of a loss of a million", large, V, right
    small, V, right = chain_loss(rng, scale=1e-3)
    yield "a gradient of about 0.001, 0.01 % too large", small, V, right * 1.0001
    v = rng.uniform(0.5, 1.5, 4).round(1)
    flat = np.where(np.arange(4) < 2, 2 * v, 0.0)
    yield "the right gradient of a function that two numbers do not touch", _first_two, v, flat


def _first_two(v):
    return np.sum(v[:2] ** 2)


def _judged(error, tolerance=1e-6):
    """A wrong check: `error` of claimed and measured, in place of the largest relative one."""

    def answer(f, v, claimed):
        with np.errstate(all="ignore"):
            return bool(error(claimed, measured(f, v)) < tolerance)

    return answer


def _relative(claimed, seen, floor=1e-3):
    size = np.maximum(np.maximum(np.abs(claimed), np.abs(seen)), floor)
    return np.abs(claimed - seen) / size


def _lengths(claimed, seen):
    return abs(np.linalg.norm(claimed) - np.linalg.norm(seen)) / np.linalg.norm(seen)


CHECK_MISTAKES = (
    Mistake(
        "never measures",
        "Your check never calls f, so it cannot know the true slope.",
        "Begin with `measured = measured_gradient(f, v)`.",
        seen=never_asks,
    ),
    Mistake(
        "an absolute difference",
        "Your check looks at |claimed - measured| itself. Where gradients are large, honest "
        "rounding exceeds any limit; where they are small, real bugs stay below it.",
        "Divide by the larger of the two, as the equation says.",
        answers=(
            _judged(lambda a, n: np.abs(a - n).max()),
            _judged(lambda a, n: np.linalg.norm(a - n)),
        ),
    ),
    Mistake(
        "divides zero by zero",
        "A gradient that is truly zero is called wrong: there your check divides 0 by 0.",
        "The third number of the maximum, 1e-3, is there for this: `np.maximum(size, 1e-3)`.",
        answers=(
            _judged(lambda a, n: _relative(a, n, 0.0).max()),
            _judged(lambda a, n: (np.abs(a - n) / (np.abs(a) + np.abs(n))).max()),
            _judged(lambda a, n: (np.abs(a - n) / np.abs(n)).max()),
        ),
    ),
    Mistake(
        "errors cancel",
        "Your check adds the differences up with their signs, so an error of +1 and one of -1 "
        "cancel.",
        "Take `np.abs` of each difference, then the largest.",
        answers=(
            _judged(lambda a, n: np.abs((a - n).sum()) / max(np.abs(n).sum(), 1e-3)),
            _judged(lambda a, n: np.abs(a.sum() - n.sum()) / max(np.abs(n.sum()), 1e-3)),
        ),
    ),
    Mistake(
        "no absolute value",
        "Your differences keep their signs: a claim that is too small everywhere is let through.",
        "`np.abs(claimed - measured)`.",
        answers=(
            _judged(
                lambda a, n: ((a - n) / np.maximum(np.maximum(np.abs(a), np.abs(n)), 1e-3)).max()
            ),
            _judged(lambda a, n: ((a - n) / np.maximum(np.maximum(a, n), 1e-3)).max()),
        ),
    ),
    Mistake(
        "looks at one entry",
        "Your check looks at the first number and lets errors elsewhere through.",
        "The largest error over all entries: `.max()`.",
        answers=(
            _judged(lambda a, n: _relative(a, n).flat[0]),
            _judged(lambda a, n: _relative(a, n).min()),
        ),
    ),
    Mistake(
        "compares the lengths",
        "Your check compares how long the two gradients are. They can be equally long and point "
        "in different directions, even opposite ones.",
        "Subtract first, then measure.",
        answers=(_judged(_lengths),),
    ),
    Mistake(
        "True and False exchanged",
        "Your check sees the difference and says it the wrong way round.",
        "True means: the claim is right.",
        answers=(
            lambda f, v, claimed: not _judged(lambda a, n: _relative(a, n).max())(f, v, claimed),
        ),
    ),
    Mistake(
        "lets everything through",
        "Your check says True to every claim, the wrong ones too.",
        "Try it on `2 * gradient`: it should say False.",
        answers=(lambda f, v, claimed: True,),
    ),
    Mistake(
        "lets nothing through",
        "Your check says False to every claim, the right ones too. A measured slope is never equal "
        "to the last digit.",
        "Compare with a tolerance: 1e-6, on the relative error.",
        answers=(lambda f, v, claimed: False,),
    ),
)
