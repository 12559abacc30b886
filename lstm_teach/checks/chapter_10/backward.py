"""10.2 The whole way back through an LSTM."""

import numpy as np

from ...cells import LSTM, LSTMState
from ...chain import Params, forward
from ..chapter_02.step import draw
from ..chapter_03.backward import error_at_one_step
from ..exercise import Case, Exercise, FunctionPart
from ..returned import AnArray
from ..several import SeveralArrays
from .loops import MISTAKES
from .step_backward import lstm_step_backward


def lstm_backward(dh, x, h, c, gates, W, U):
    """Backpropagation through time in an LSTM.

    Shapes: dh (T, B, H), what the loss itself says of each output; x (T, B, D); h, c
    (T + 1, B, H), every state, row 0 before the first step; gates (4, T, B, H), in the order
    i f g o; W (4, D, H), U (4, H, H).
    Returns dx (T, B, D), dh_0 (B, H), dc_0 (B, H), dW (4, D, H), dU (4, H, H), db (4, H).
    """
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros(U.shape[:2])
    dh_later, dc_later = np.zeros_like(h[0]), np.zeros_like(c[0])
    for t in reversed(range(len(x))):
        back = lstm_step_backward(
            dh[t] + dh_later, dc_later, x[t], h[t], c[t], gates[:, t], c[t + 1], W, U
        )
        dc_later, dx[t], dh_later = back[1:4]
        dW, dU, db = dW + back[4], dU + back[5], db + back[6]
    return dx, dh_later, dc_later, dW, dU, db


GRADIENTS = SeveralArrays(
    (
        AnArray("dx", "(T, B, D)"),
        AnArray("dh_0", "(B, H)"),
        AnArray("dc_0", "(B, H)"),
        AnArray("dW", "(4, D, H)"),
        AnArray("dU", "(4, H, H)"),
        AnArray("db", "(4, H)"),
    )
)


def run_arguments(rng, T, B, D, H):
    """dh, x, h, c, gates, W, U of a run whose first state is not zero, rounded to be pasted."""
    params = Params(draw(rng, 4, D, H), draw(rng, 4, H, H), draw(rng, 4, H), np.zeros((0, H)))
    x, start = draw(rng, T, B, D), LSTMState(draw(rng, B, H).clip(-0.9, 0.9), draw(rng, B, H))
    _, _, trace = forward(LSTM, params, x, start)
    h, c = (v.round(3) for v in trace.states)
    i, f, g, o = (v.round(3) for v in trace.gates)
    gates = np.stack([i.clip(0.02, 0.98), f.clip(0.02, 0.98), g, o.clip(0.02, 0.98)])
    return draw(rng, T, B, H), x, h, c, gates, params.W, params.U


def _cases(rng):
    small = run_arguments(rng, 2, 1, 1, 1)
    sizes = [(1, 2, 3, 2), (2, 1, 2, 2), (4, 2, 3, 2), (3, 3, 2, 3), (5, 2, 1, 4)]
    runs = [Case(run_arguments(rng, *size), label=_words(*size)) for size in sizes]
    return [
        Case(
            error_at_one_step(small, 0),
            "the dh of the first step",
            "the gradients of that one step",
        ),
        Case(
            error_at_one_step(small, 1),
            "the dh of the last step",
            "what flows back through both steps",
        ),
        *runs,
    ]


def _words(T, B, D, H):
    return f"a random run with T = {T}, B = {B}, D = {D}, H = {H}"


BACKWARD = Exercise(
    id="10.2",
    title="The whole way back",
    minutes=15,
    points=4,
    parts=(
        FunctionPart(
            reference=lstm_backward,
            cases=_cases,
            returns=GRADIENTS,
            mistakes=MISTAKES,
            hint="Compare with T = 2 on paper: two things are carried from step 2 to step 1.",
        ),
    ),
    hints=(
        "The loop of exercise 3.3, with one difference: two lines lead from a step to the next, so "
        "two gradients are carried back, dh and dc.",
        "The loss looks at h only. So dh[t] is added to the dh that is carried, and nothing is "
        "added to dc. Both are zero after the last step.",
        "At step t: `lstm_step_backward(dh[t] + dh_later, dc_later, x[t], h[t], c[t], "
        "gates[:, t], c[t + 1], W, U)`. Its results 1 and 3 are carried on; 4, 5 and 6 are added "
        "to sums.",
    ),
    after="That is the gradient that trains LSTMs since 2005, nothing left out. The cell below "
    "checks it against measured slopes.",
    why="h_t is read by its loss and by the four layers of the step after; c_t by its own tanh and "
    "by the carousel of the step after. What comes back along h is added to dh[t]; what comes back "
    "along c is handed to the step as it is, which adds its own share. Weights are shared, so "
    "their shares add over the steps. What is carried out of the loop belongs to h_0 and c_0.",
)
