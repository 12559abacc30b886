"""3.3 The loop, backwards."""

import numpy as np

from ..chapter_02.forward import rnn_forward
from ..chapter_02.step import draw, step_arguments
from ..exercise import Case, Exercise, FunctionPart
from ..returned import AnArray
from ..several import SeveralArrays
from .loops import MISTAKES
from .step_backward import rnn_step_backward


def rnn_backward(dh, x, h, W, U):
    """Backpropagation through time: the gradients of a whole run of the chain.

    Shapes: dh (T, B, H), what the loss itself says of each output; x (T, B, D); h (T + 1, B, H),
    every state, h[0] the one before the first step; W (D, H), U (H, H).
    Returns dx (T, B, D), dh_0 (B, H), dW (D, H), dU (H, H), db (H,).
    """
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    from_later = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        total = dh[t] + from_later
        back = rnn_step_backward(total, x[t], h[t], h[t + 1], W, U)
        dx[t], from_later = back[0], back[1]
        dW, dU, db = dW + back[2], dU + back[3], db + back[4]
    return dx, from_later, dW, dU, db


GRADIENTS = SeveralArrays(
    (
        AnArray("dx", "(T, B, D)"),
        AnArray("dh_0", "(B, H)"),
        AnArray("dW", "(D, H)"),
        AnArray("dU", "(H, H)"),
        AnArray("db", "(H,)"),
    )
)


def run_arguments(rng, T, B, D, H):
    """dh, x, h, W, U of a run, with h_0 and the bias not zero."""
    _, h_0, W, U, b = step_arguments(rng, B, D, H)
    x = draw(rng, T, B, D)
    h = np.concatenate([h_0[None], rnn_forward(x, h_0, W, U, b)])
    return draw(rng, T, B, H), x, h.round(2).clip(-0.95, 0.95), W, U


def error_at_one_step(arguments, t):
    """The arguments with the dh of step t alone, the others being zero."""
    dh = np.zeros_like(arguments[0])
    dh[t] = arguments[0][t]
    return dh, *arguments[1:]


def _cases(rng):
    small = run_arguments(rng, 3, 1, 1, 2)
    sizes = [(2, 1, 1, 2), (1, 2, 3, 2), (4, 2, 3, 2), (3, 3, 3, 3), (5, 2, 1, 4)]
    return [
        Case(
            error_at_one_step(small, 0),
            "the dh of the first step",
            "the gradients of that one step",
        ),
        Case(
            error_at_one_step(small, 2),
            "the dh of the last step",
            "what flows back from there through all three steps",
        ),
        *(Case(run_arguments(rng, *size)) for size in sizes),
    ]


BACKWARD = Exercise(
    id="3.3",
    title="The loop, backwards",
    minutes=15,
    points=4,
    parts=(
        FunctionPart(
            reference=rnn_backward,
            cases=_cases,
            returns=GRADIENTS,
            mistakes=MISTAKES,
            hint="Do T = 2 on paper: that is the ladder of 3.2. Which line of your loop writes "
            "which rung of it?",
        ),
    ),
    hints=(
        "The same loop as forward, walked from the last step to the first. One thing is carried "
        "from turn to turn: what the later steps say of this h. After the last step, nobody comes.",
        "At step t: total = dh[t] + what came back. One step back with x[t], h[t], h[t + 1]. Keep "
        "dx[t], carry dh_before on, add the three gradients of the weights to their sums.",
        "`for t in reversed(range(len(x)))`: `total = dh[t] + from_later`, then "
        "`rnn_step_backward(total, x[t], h[t], h[t + 1], W, U)`. What is carried after the loop is "
        "dh_0.",
    ),
    after="That is backpropagation through time, all of it. `lt.backward` does the same for every "
    "module of this book.",
    why="Each h_t is read by the loss of its step (dh[t]) and by the step after it (what came "
    "back); the two add. Each weight is used at every step; the shares add. What is carried out of "
    "the loop at its end belongs to h_0. A line such as `dh[t] += from_later` would do it too, but "
    "it changes the array of the caller: whoever uses dh again, a gradient check for one, gets "
    "another loss.",
)
