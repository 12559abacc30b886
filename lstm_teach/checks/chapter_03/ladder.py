"""3.2 The ladder: two steps back by hand, each intermediate compared."""

import numpy as np

from ...activations import tanh_slope
from ..chapter_02.step import draw, step_arguments
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def ladder(x_1, x_2, h_0, y_1, y_2, W, U, b):
    """The loss of two steps, L = Σ (h_1 - y_1)² + Σ (h_2 - y_2)², and all its gradients.

    Shapes: x_1, x_2 (B, D); h_0, y_1, y_2 (B, H); W (D, H), U (H, H), b (H,).
    Returns dh_2, dz_2, dh_1, dz_1, dh_0, dW, dU, db; None for a rung still to be written.
    """
    h_1 = np.tanh(x_1 @ W + h_0 @ U + b)
    h_2 = np.tanh(x_2 @ W + h_1 @ U + b)
    dh_2 = dz_2 = dh_1 = dz_1 = dh_0 = dW = dU = db = None
    dh_2 = 2 * (h_2 - y_2)
    dz_2 = dh_2 * (1 - h_2 * h_2)
    dh_1 = 2 * (h_1 - y_1) + dz_2 @ U.T
    dz_1 = dh_1 * (1 - h_1 * h_1)
    dh_0 = dz_1 @ U.T
    dW = x_1.T @ dz_1 + x_2.T @ dz_2
    dU = h_0.T @ dz_1 + h_1.T @ dz_2
    db = dz_1.sum(axis=0) + dz_2.sum(axis=0)
    return dh_2, dz_2, dh_1, dz_1, dh_0, dW, dU, db


STATES = ("dh_2", "dz_2", "dh_1", "dz_1", "dh_0")
RUNGS = SeveralArrays(
    (
        *(AnArray(name, "(B, H)") for name in STATES),
        AnArray("dW", "(D, H)"),
        AnArray("dU", "(H, H)"),
        AnArray("db", "(H,)"),
    )
)


def _cases(rng):
    found = []
    for B, D, H in [(1, 1, 1), (1, 2, 3), (2, 3, 2), (3, 3, 3)]:
        x, h, W, U, b = step_arguments(rng, B, D, H)
        targets = draw(rng, B, H), draw(rng, B, H)
        found.append(Case((x, draw(rng, B, D), h, *targets, W, U, b)))
    return found


def _climb(
    two=2.0,
    slope=tanh_slope,
    first=lambda own, back, slope: (own + back, (own + back) * slope),
    through=lambda dz, U: dz @ U.T,
    share=lambda one, two: one + two,
    bias=lambda dz: dz.sum(axis=0),
    came_in=lambda h_0, h_1, h_2: (h_0, h_1),
):
    """A wrong answer: the ladder with one of its rules changed.

    `first` gives dh_1 and dz_1 from the two summands and the slope; `share` puts the gradients
    of the two copies together.
    """

    def answer(x_1, x_2, h_0, y_1, y_2, W, U, b):
        h_1 = np.tanh(x_1 @ W + h_0 @ U + b)
        h_2 = np.tanh(x_2 @ W + h_1 @ U + b)
        dh_2 = two * (h_2 - y_2)
        dz_2 = dh_2 * slope(h_2)
        dh_1, dz_1 = first(two * (h_1 - y_1), through(dz_2, U), slope(h_1))
        into_1, into_2 = came_in(h_0, h_1, h_2)
        dW = share(x_1.T @ dz_1, x_2.T @ dz_2)
        dU = share(into_1.T @ dz_1, into_2.T @ dz_2)
        db = share(bias(dz_1), bias(dz_2))
        return dh_2, dz_2, dh_1, dz_1, through(dz_1, U), dW, dU, db

    return answer


MISTAKES = (
    Mistake(
        "h_1 hears of its own loss only",
        "Your dh_1 knows the loss of step 1 only. h_1 has two readers: that loss, and step 2, "
        "which uses h_1 as its past. Both send a gradient back, and the two add.",
        "`2 * (h_1 - y_1) + dz_2 @ U.T`.",
        answers=(_climb(first=lambda own, back, slope: (own, own * slope)),),
        misconception=11,
    ),
    Mistake(
        "h_1 hears of step 2 only",
        "Your dh_1 knows step 2 only. h_1 has two readers: step 2, and the loss of step 1. Both "
        "send a gradient back, and the two add.",
        "`2 * (h_1 - y_1) + dz_2 @ U.T`.",
        answers=(_climb(first=lambda own, back, slope: (back, back * slope)),),
        misconception=11,
    ),
    Mistake(
        "the slope on the second summand only",
        "In your dz_1 the slope multiplies one of the two summands of dh_1, not both. Brackets are "
        "missing. A course printed an LSTM so in 2018 (jinzishuai/learn2deeplearn, issue 44).",
        "First finish dh_1, on a line of its own; then `dz_1 = dh_1 * (1 - h_1 * h_1)`.",
        answers=(
            _climb(first=lambda own, back, slope: (own + back, own + back * slope)),
            _climb(first=lambda own, back, slope: (own + back * slope, own + back * slope)),
            _climb(first=lambda own, back, slope: (own + back, own * slope + back)),
        ),
    ),
    Mistake(
        "the two gradients are multiplied",
        "Your dh_1 multiplies what its two readers send back. Along one path slopes multiply; "
        "where two paths meet, they add.",
        "A plus sign between the two.",
        answers=(_climb(first=lambda own, back, slope: (own * back, own * back * slope)),),
        misconception=11,
    ),
    Mistake(
        "weights of the last step only",
        "Your dW, dU and db are those of copy 2 alone. Both copies use the same weights: move U a "
        "little and both steps change. So the gradient is the sum over both.",
        "One share for each step, added: `x_1.T @ dz_1 + x_2.T @ dz_2`, and so on.",
        answers=(_climb(share=lambda one, two: two),),
        misconception=11,
    ),
    Mistake(
        "weights of the first step only",
        "Your dW, dU and db are those of copy 1 alone. Both copies use the same weights, so the "
        "gradient is the sum over both.",
        "One share for each step, added: `x_1.T @ dz_1 + x_2.T @ dz_2`, and so on.",
        answers=(_climb(share=lambda one, two: one),),
        misconception=11,
    ),
    Mistake(
        "the mean over the steps",
        "Your dW, dU and db are means over the two steps. A weight used twice moves the loss "
        "twice: the shares add, and nothing is divided.",
        "Leave the division out.",
        answers=(_climb(share=lambda one, two: (one + two) / 2),),
    ),
    Mistake(
        "the wrong h in dU",
        "Your dU multiplies each dz by what its step put out. It should be what came in through U: "
        "h_0 at step 1, h_1 at step 2.",
        "`h_0.T @ dz_1 + h_1.T @ dz_2`.",
        answers=(_climb(came_in=lambda h_0, h_1, h_2: (h_1, h_2)),),
    ),
    Mistake(
        "U not transposed",
        "You go back through U where the way back is its transpose.",
        "`dz_2 @ U.T`, and the same for dh_0.",
        answers=(_climb(through=lambda dz, U: dz @ U),),
    ),
    Mistake(
        "forgot the slope of tanh",
        "The slope of tanh is missing: your dz_2 is dh_2 itself.",
        "`dz_2 = dh_2 * (1 - h_2 * h_2)`.",
        answers=(_climb(slope=np.ones_like),),
    ),
    Mistake(
        "squashes what is squashed already",
        "Your slope is 1 - tanh(h)². But h is a tanh already: its slope is 1 - h².",
        "No `np.tanh` in the way back.",
        answers=(_climb(slope=lambda h: tanh_slope(np.tanh(h))),),
    ),
    Mistake(
        "the 2 of the square is missing",
        "Your dh_2 is h_2 - y_2. This loss is a square without ½ in front, and its slope is "
        "2 (h_2 - y_2).",
        "The 2 comes in twice: at dh_2 and at dh_1.",
        answers=(_climb(two=1.0),),
    ),
    Mistake(
        "the error has the wrong sign",
        "Your errors are y - h. The gradient is that of (h - y)², so it is 2 (h - y): positive "
        "where h is too large.",
        "`2 * (h_2 - y_2)`.",
        answers=(_climb(two=-2.0),),
    ),
    Mistake(
        "bias summed over the wrong axis",
        "Your db sums over the units. b has one number for each unit; sum over the batch, axis 0.",
        "`dz_1.sum(axis=0) + dz_2.sum(axis=0)`.",
        answers=(_climb(bias=lambda dz: dz.sum(axis=1)),),
    ),
)

LADDER = Exercise(
    id="3.2",
    title="The ladder",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=ladder,
            cases=_cases,
            returns=RUNGS,
            mistakes=MISTAKES,
            hint="Begin at the top: a rung below a wrong one can only be wrong too.",
        ),
    ),
    hints=(
        "Read the forward lines from the bottom up. Each line there gives one rung, and each rung "
        "needs only those above it.",
        "dh_1 is the rung to think about: who reads h_1? Then the weights: how many steps use W?",
        "`dh_1 = 2 * (h_1 - y_1) + dz_2 @ U.T`; `dU = h_0.T @ dz_1 + h_1.T @ dz_2`; the others "
        "follow the same two patterns.",
    ),
    after="Eight rungs, each compared on its own. A backward pass that you can look at rung by "
    "rung is never a riddle: the first wrong rung is the place.",
    why="The first two rungs are the chain rule along one path. At h_1 two paths meet, so two "
    "gradients add. After that it is the same step again, one place earlier. W, U and b are used "
    "by both copies: each copy has its share, and the shares add.",
)
