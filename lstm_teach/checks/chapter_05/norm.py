"""5.1 Clip by norm: one length for all weights, one factor."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def clip_by_norm(dW, dU, db, most):
    """Shorten a gradient that is longer than `most` to that length; its direction stays.

    Shapes: dW (D, H), dU (H, H), db (H,): together they are one gradient. most: a number above 0.
    Returns dW, dU, db, each of its own shape.
    """
    length = np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))
    factor = 1.0
    if length > most:
        factor = most / length
    return dW * factor, dU * factor, db * factor


def _cases(rng):
    def grads(D, H, scale=1.0):
        return [scale * v for v in (draw(rng, D, H), draw(rng, H, H), draw(rng, H))]

    def only(which):
        return [v if n == which else 0 * v for n, v in enumerate(grads(1, 2, 10))]

    terms = (("db", 2), ("dU", 1), ("dW", 0))
    shorter = "the same direction, with length 2"
    return [
        *(Case((*only(which), 2.0), term, shorter) for term, which in terms),
        Case((*grads(2, 2, 4), 3.0)),
        Case((*grads(2, 2, 0.1), 3.0)),
        Case((*grads(3, 4), 0.5)),
        Case((*(0 * v for v in grads(1, 2)), 1.0)),
    ]


def _scaled(length, shrink=True):
    """A wrong answer with another idea of the length."""

    def answer(dW, dU, db, most):
        found = length(dW, dU, db)
        factor = min(1.0, most / max(found, 1e-300)) if shrink else most / max(found, 1e-300)
        return dW * factor, dU * factor, db * factor

    return answer


def _length(*arrays):
    return np.sqrt(sum(np.sum(v**2) for v in arrays))


def _each_alone(dW, dU, db, most):
    return tuple(v * min(1.0, most / max(_length(v), 1e-300)) for v in (dW, dU, db))


def _by_value(dW, dU, db, most):
    return tuple(np.clip(v, -most, most) for v in (dW, dU, db))


def _upside_down(dW, dU, db, most):
    factor = max(1.0, _length(dW, dU, db) / most)
    return dW * factor, dU * factor, db * factor


def _to_length_one(dW, dU, db, most):
    length = _length(dW, dU, db)
    factor = 1 / length if length > most else 1.0
    return dW * factor, dU * factor, db * factor


def _to_zero(dW, dU, db, most):
    factor = float(_length(dW, dU, db) <= most)
    return dW * factor, dU * factor, db * factor


def _nothing_divided(cases, outcomes):
    """Whether the one thing that went wrong with finite numbers is the gradient of zeros."""
    *others, zeros = outcomes
    return _has_nan(zeros.value) and not any(_has_nan(other.value) for other in others)


def _has_nan(value):
    return type(value) in (tuple, list) and any(
        type(v) is np.ndarray and v.dtype.kind == "f" and not np.isfinite(v).all() for v in value
    )


MISTAKES = (
    Mistake(
        "each array by its own length",
        "Each array is shortened by its own length. Then dW may shrink while db does not, and the "
        "whole gradient turns. (Keras does this under the name `clipnorm`.)",
        "One length for all three together, then one factor for all three.",
        answers=(_each_alone,),
        misconception=8,
    ),
    Mistake(
        "clips by value",
        "This is clipping by value: each number is cut on its own. The large numbers shrink, the "
        "small ones stay, and the direction changes.",
        "Compute one length, and multiply everything by the same factor.",
        answers=(_by_value,),
        misconception=8,
    ),
    Mistake(
        "lengthens short gradients",
        "A gradient that is shorter than `most` comes out longer: yours always has length `most`. "
        "Near the goal, where gradients are short, such steps would jump over it.",
        "The factor is never above 1: `min(1, most / length)`.",
        answers=(_scaled(_length, shrink=False),),
        misconception=9,
    ),
    Mistake(
        "no root",
        "Your length lacks the root: it is the sum of the squares.",
        "`np.sqrt` around the sum of all squares.",
        answers=(_scaled(lambda *a: _length(*a) ** 2),),
    ),
    Mistake(
        "adds the three lengths",
        "You add the lengths of the three arrays. Lengths of parts do not add; their squares do, "
        "as in Pythagoras' theorem.",
        "Add the squares of all entries first, then take one root.",
        answers=(_scaled(lambda *a: sum(_length(v) for v in a)),),
    ),
    Mistake(
        "the largest entry as the length",
        "You take the largest entry for the length. That keeps the direction, but the result may "
        "still be longer than `most`.",
        "The length is the root of the sum of all squares.",
        answers=(
            _scaled(lambda *a: max(np.abs(v).max() for v in a)),
            _scaled(lambda *a: max(_length(v) for v in a)),
        ),
    ),
    Mistake(
        "the mean of the squares",
        "You take the mean of the squares in place of their sum. The limit then depends on how "
        "many weights there are.",
        "`np.sum`, not `np.mean`.",
        answers=(_scaled(lambda *a: _length(*a) / np.sqrt(sum(v.size for v in a))),),
    ),
    Mistake(
        "adds before squaring",
        "You add up the entries before squaring them, so entries of opposite sign cancel.",
        "Square each entry, then add.",
        answers=(_scaled(lambda *a: abs(sum(v.sum() for v in a))),),
    ),
    Mistake(
        "leaves the bias out",
        "Your length leaves db out. All weights that are moved belong to the gradient.",
        "Three sums of squares, not two.",
        answers=(_scaled(lambda dW, dU, db: _length(dW, dU)),),
    ),
    Mistake(
        "the factor upside down",
        "Your factor is length / most: long gradients become longer still.",
        "`most / length` is below 1 where the gradient is too long.",
        answers=(_upside_down, _scaled(lambda *a: 1 / max(_length(*a), 1e-300))),
    ),
    Mistake(
        "shortens to length 1",
        "A long gradient comes out with length 1, whatever `most` is.",
        "Dividing by the length gives length 1. Multiply by `most` as well.",
        answers=(_to_length_one,),
    ),
    Mistake(
        "throws long gradients away",
        "A gradient that is too long becomes zero. Its direction was worth something.",
        "Shorten it: multiply by `most / length`.",
        answers=(_to_zero,),
    ),
    Mistake(
        "divides by a length of zero",
        "A gradient of zeros comes out as nan: you divide by its length, and that is 0.",
        "Divide only where the length is above `most`; it cannot be 0 there.",
        seen=_nothing_divided,
    ),
)

NORM = Exercise(
    id="5.1",
    title="Clip by norm",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=clip_by_norm,
            cases=_cases,
            returns=SeveralArrays(
                (AnArray("dW", "(D, H)"), AnArray("dU", "(H, H)"), AnArray("db", "(H,)"))
            ),
            mistakes=MISTAKES,
            hint="Print the length of what you return: it should be the smaller of `most` and the "
            "length of what came in.",
        ),
    ),
    hints=(
        "Think of all entries of the three arrays as one long vector. How long is it? By which one "
        "number must you multiply it to make it as long as `most`?",
        "The length is the root of the sum of all squares, over dW, dU and db together. The factor "
        "is most / length where the length is above `most`, and 1 elsewhere.",
        "`length = np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))`, then `factor = most / "
        "length if length > most else 1.0`, then multiply all three by it.",
    ),
    after="One length, one factor: every step points where the gradient pointed.",
    why="All weights together are one point, and the gradient is one arrow at that point. "
    "Multiplying the whole arrow by one positive number keeps its direction; multiplying its parts "
    "by different numbers turns it. A gradient below the limit is left alone, so clipping changes "
    "nothing in quiet times. The package's `lt.optim.clip_by_norm` does the same for a network of "
    "any size.",
)
