"""3.1 One step back."""

import numpy as np

from ...activations import logistic_slope, tanh_slope
from ..chapter_02.step import draw, step_arguments
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def rnn_step_backward(dh, x, h_before, h_after, W, U):
    """The way back through one step of the chain, h_after = tanh(x W + h_before U + b).

    Shapes: dh (B, H), the gradient of the loss with respect to h_after; x (B, D);
    h_before, h_after (B, H); W (D, H), U (H, H).
    Returns dx (B, D), dh_before (B, H), dW (D, H), dU (H, H), db (H,).
    """
    dz = dh * (1 - h_after * h_after)
    dx = dz @ W.T
    dh_before = dz @ U.T
    dW = x.T @ dz
    dU = h_before.T @ dz
    db = dz.sum(axis=0)
    return dx, dh_before, dW, dU, db


GRADIENTS = SeveralArrays(
    (
        AnArray("dx", "(B, D)"),
        AnArray("dh_before", "(B, H)"),
        AnArray("dW", "(D, H)"),
        AnArray("dU", "(H, H)"),
        AnArray("db", "(H,)"),
    )
)


def _cases(rng):
    found = []
    for size in [(1, 1, 1), (1, 2, 3), (2, 3, 2), (3, 3, 3), (4, 1, 3)]:
        x, h, W, U, b = step_arguments(rng, *size)
        h_after = np.tanh(x @ W + h @ U + b).round(2).clip(-0.95, 0.95)
        found.append(Case((draw(rng, *h.shape), x, h, h_after, W, U)))
    return found


def back(dh, x, h_before, h_after, W, U, slope=tanh_slope, dz=None):
    """The same five gradients from any slope, or from any dz."""
    dz = dh * slope(h_after) if dz is None else dz
    return dz @ W.T, dz @ U.T, x.T @ dz, h_before.T @ dz, dz.sum(axis=0)


def changed(**new):
    """A wrong answer: the right one with some of its gradients replaced.

    Each of `new` is a function of (dz, dh, x, h_before, h_after, W, U).
    """
    names = ("dx", "dh_before", "dW", "dU", "db")

    def answer(dh, x, h_before, h_after, W, U):
        right = rnn_step_backward(dh, x, h_before, h_after, W, U)
        dz = dh * tanh_slope(h_after)
        given = (dz, dh, x, h_before, h_after, W, U)
        return tuple(
            new[name](*given) if name in new else value
            for name, value in zip(names, right, strict=True)
        )

    return answer


def _no_slope(dh, x, h_before, h_after, W, U):
    return back(dh, x, h_before, h_after, W, U, dz=dh)


def _squashed_twice(dh, x, h_before, h_after, W, U):
    return back(dh, x, h_before, h_after, W, U, slope=lambda y: tanh_slope(np.tanh(y)))


def _logistic_slope(dh, x, h_before, h_after, W, U):
    return back(dh, x, h_before, h_after, W, U, slope=logistic_slope)


def _slope_of_h_before(dh, x, h_before, h_after, W, U):
    return back(dh, x, h_before, h_after, W, U, dz=dh * tanh_slope(h_before))


MISTAKES = (
    Mistake(
        "forgot the slope of tanh",
        "The slope of tanh is missing: your dz is dh itself, as if the step had no tanh in it.",
        "dz = dh times the slope at that place, `1 - h_after * h_after`, number by number.",
        answers=(
            _no_slope,
            changed(
                dW=lambda dz, dh, x, h, y, W, U: x.T @ dh,
                dU=lambda dz, dh, x, h, y, W, U: h.T @ dh,
                db=lambda dz, dh, x, h, y, W, U: dh.sum(axis=0),
            ),
            changed(
                dx=lambda dz, dh, x, h, y, W, U: dh @ W.T,
                dh_before=lambda dz, dh, x, h, y, W, U: dh @ U.T,
            ),
        ),
    ),
    Mistake(
        "squashes what is squashed already",
        "Your slope is 1 - tanh(h_after)². But h_after is a tanh already: its slope is "
        "1 - h_after². A course printed this for an LSTM in 2018 (jinzishuai/learn2deeplearn, "
        "issue 44).",
        "The slope is written in terms of the output: no second `np.tanh`.",
        answers=(_squashed_twice,),
    ),
    Mistake(
        "the slope of the logistic function",
        "Your slope is y (1 - y), which belongs to the logistic function. That of tanh is 1 - y².",
        "`1 - h_after * h_after`.",
        answers=(_logistic_slope,),
    ),
    Mistake(
        "the slope at h_before",
        "Your slope is taken at h_before. The tanh of this step put out h_after; h_before is what "
        "the step before put out.",
        "Which of the two is tanh(z)? Its slope is needed.",
        answers=(_slope_of_h_before,),
    ),
    Mistake(
        "U not transposed",
        "You send dz through U where it has to go through its transpose. U is square, so its shape "
        "cannot warn you.",
        "Forward is `h @ U`: from H numbers to H numbers. Back is `dz @ U.T`.",
        answers=(
            changed(dh_before=lambda dz, dh, x, h, y, W, U: dz @ U),
            changed(
                dx=lambda dz, dh, x, h, y, W, U: dz @ W,
                dh_before=lambda dz, dh, x, h, y, W, U: dz @ U,
            ),
        ),
    ),
    Mistake(
        "does not go through U",
        "Your dh_before is dz. The signal went through U on its way forward, so its gradient goes "
        "through U on its way back.",
        "`dz @ U.T`.",
        answers=(
            changed(dh_before=lambda dz, dh, x, h, y, W, U: dz),
            changed(dh_before=lambda dz, dh, x, h, y, W, U: dh),
        ),
    ),
    Mistake(
        "bias summed over the wrong axis",
        "Your db sums over the units and leaves one number for each sequence, shape (B,). b has "
        "one number for each unit, and every sequence of the batch used it.",
        "Sum over the batch, axis 0: what is left is (H,).",
        answers=(changed(db=lambda dz, dh, x, h, y, W, U: dz.sum(axis=1)),),
    ),
    Mistake(
        "bias not summed",
        "Your db is dz, one row for each sequence. b was added to every row, so its gradient is "
        "the sum of the rows, of shape (H,).",
        "`dz.sum(axis=0)`.",
        answers=(
            changed(db=lambda dz, dh, x, h, y, W, U: dz),
            changed(db=lambda dz, dh, x, h, y, W, U: dz[0]),
            changed(db=lambda dz, dh, x, h, y, W, U: dz.sum(axis=0, keepdims=True)),
        ),
    ),
    Mistake(
        "the mean over the batch",
        "You take the mean over the batch where the sum is wanted. Whether the loss is a mean is "
        "the loss's business: dh has that factor in it already.",
        "`x.T @ dz` sums over the batch by itself. No division, no `mean`.",
        answers=(
            changed(
                dW=lambda dz, dh, x, h, y, W, U: x.T @ dz / len(x),
                dU=lambda dz, dh, x, h, y, W, U: h.T @ dz / len(x),
                db=lambda dz, dh, x, h, y, W, U: dz.mean(axis=0),
            ),
            changed(db=lambda dz, dh, x, h, y, W, U: dz.mean(axis=0)),
        ),
    ),
    Mistake(
        "dU from h_after",
        "Your dU uses h_after. What U was multiplied with is h_before.",
        "Each weight's gradient is what came in on its line, times dz: `h_before.T @ dz`.",
        answers=(changed(dU=lambda dz, dh, x, h, y, W, U: y.T @ dz),),
    ),
    Mistake(
        "products the other way round",
        "dz.T comes first in your products of the weights, which gives the transpose of what is "
        "wanted: dW has to have the shape of W.",
        "(D, B) times (B, H) is (D, H): `x.T @ dz`.",
        answers=(
            changed(
                dW=lambda dz, dh, x, h, y, W, U: dz.T @ x,
                dU=lambda dz, dh, x, h, y, W, U: dz.T @ h,
            ),
            changed(dU=lambda dz, dh, x, h, y, W, U: dz.T @ h),
        ),
    ),
)

STEP_BACKWARD = Exercise(
    id="3.1",
    title="One step back",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=rnn_step_backward,
            cases=_cases,
            returns=GRADIENTS,
            mistakes=MISTAKES,
            hint="The ladder shows which gradients are right. Each is one line: look at the first "
            "wrong one.",
        ),
    ),
    hints=(
        "Begin with dz, the gradient before the squashing: dh times the slope of tanh, number by "
        "number. Everything else is made of dz.",
        "A gradient has the shape of the thing itself. dz is (B, H). From dz and what else can you "
        "make a (D, H)? A (B, D)? Only one product fits each time.",
        "dz = `dh * (1 - h_after * h_after)`; then `dz @ W.T`, `dz @ U.T`, `x.T @ dz`, "
        "`h_before.T @ dz`, `dz.sum(axis=0)`.",
    ),
    after="Five lines, and each is a rule: to an input go through the weight's transpose; to a "
    "weight multiply by what came in; to a bias sum.",
    why="z = x W + h U + b is a sum, so dz goes to each summand unchanged. Through a product, the "
    "gradient of one factor is dz times the other factor, and the transposes put the axes in "
    "place. W, U and b are shared by all sequences of the batch, so their gradients are sums over "
    "the batch: the matrix product sums by itself, b needs `sum(axis=0)`.",
)
