"""10.1 One step of the LSTM, back."""

import numpy as np

from ...activations import logistic_slope, tanh_slope
from ...cells import LSTM, LSTMState
from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart
from ..returned import AnArray
from ..several import SeveralArrays
from .steps import MISTAKES


def lstm_step_backward(dh, dc, x, h_before, c_before, gates, c_after, W, U):
    """The way back through one step of the LSTM.

    Shapes: dh, dc (B, H), the gradients of the loss with respect to h_after and, from the step
    after this one, to c_after; x (B, D); h_before, c_before, c_after (B, H); gates (4, B, H), in
    the order i f g o; W (4, D, H), U (4, H, H).
    Returns dz (4, B, H), dc_before (B, H), dx (B, D), dh_before (B, H), dW (4, D, H),
    dU (4, H, H), db (4, H).
    """
    i, f, g, o = gates
    tanh_c = np.tanh(c_after)
    do = dh * tanh_c
    dc = dc + dh * o * (1 - tanh_c * tanh_c)
    di, df, dg = dc * g, dc * c_before, dc * i
    dz = np.stack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g * g), do * o * (1 - o)])
    dc_before = dc * f
    dx = sum(dz[k] @ W[k].T for k in range(4))
    dh_before = sum(dz[k] @ U[k].T for k in range(4))
    dW = np.stack([x.T @ dz[k] for k in range(4)])
    dU = np.stack([h_before.T @ dz[k] for k in range(4)])
    db = dz.sum(axis=1)
    return dz, dc_before, dx, dh_before, dW, dU, db


GRADIENTS = SeveralArrays(
    (
        AnArray("dz", "(4, B, H)"),
        AnArray("dc_before", "(B, H)"),
        AnArray("dx", "(B, D)"),
        AnArray("dh_before", "(B, H)"),
        AnArray("dW", "(4, D, H)"),
        AnArray("dU", "(4, H, H)"),
        AnArray("db", "(4, H)"),
    )
)


def step_arguments(rng, B, D, H):
    """dh, dc, x, h_before, c_before, gates, c_after, W, U of one step, rounded to be pasted."""
    x, h, c = draw(rng, B, D), draw(rng, B, H).clip(-0.9, 0.9), draw(rng, B, H)
    W, U, b = draw(rng, 4, D, H), draw(rng, 4, H, H), draw(rng, 4, H)
    _, gates = LSTM.step(x @ W + b[:, None], h @ U, LSTMState(h, c), np.zeros((0, H)))
    i, f, g, o = gates = np.stack(gates).round(2).clip(-0.95, 0.95)
    gates = np.stack([i.clip(0.05), f.clip(0.05), g, o.clip(0.05)])
    c_after = (gates[1] * c + gates[0] * gates[2]).round(2)
    return draw(rng, B, H), draw(rng, B, H), x, h, c, gates, c_after, W, U


def _cases(rng):
    dh, dc, *rest = step_arguments(rng, 1, 1, 2)
    sizes = [(1, 2, 1), (2, 3, 2), (3, 2, 4), (2, 2, 2)]
    return [
        Case((dh, np.zeros_like(dc), *rest), "dh", "what goes back from the output of this step"),
        Case((np.zeros_like(dh), dc, *rest), "dc", "what goes back from the step after this one"),
        *(Case(step_arguments(rng, *size)) for size in sizes),
    ]


def by_the_package(dh, dc, c_before, gates, c_after):
    """The same dz and dc_before, from the package's slopes."""
    i, f, g, o = gates
    tanh_c = np.tanh(c_after)
    total = dc + dh * o * tanh_slope(tanh_c)
    slopes = np.stack([logistic_slope(i), logistic_slope(f), tanh_slope(g), logistic_slope(o)])
    return np.stack([total * g, total * c_before, total * i, dh * tanh_c]) * slopes, total * f


STEP_BACKWARD = Exercise(
    id="10.1",
    title="One step of the LSTM, back",
    minutes=20,
    points=4,
    parts=(
        FunctionPart(
            reference=lstm_step_backward,
            cases=_cases,
            returns=GRADIENTS,
            mistakes=MISTAKES,
            hint="The ladder shows which gradients are right. dz comes first: everything below it "
            "is made of it.",
        ),
    ),
    hints=(
        "Read the six forward lines from the bottom up. h = o * tanh(c) has two factors. c has two "
        "readers, tanh and the step after this one, so two gradients for it add up.",
        "First do and the whole gradient of c. From c = f * c_before + i * g follow four: di, df, "
        "dg, dc_before. Then each layer's own slope, written with its output.",
        "`dc = dc + dh * o * (1 - tanh_c * tanh_c)`; di, df, dg are `dc * g`, `dc * c_before`, "
        "`dc * i`; dc_before is `dc * f`. To x and h_before four layers send something: add.",
    ),
    after="Seven gradients, and no rule that chapter 03 did not have: along a path slopes "
    "multiply, where paths meet they add.",
    why="h is a product, so each factor's gradient is dh times the other factor. c is read twice, "
    "through tanh by this step's h and along the carousel by the step after; both gradients add "
    "before anything else is done with them. c is a sum of two products, which gives i, f, g and "
    "the old c. Each layer multiplies by its own slope: y (1 - y) for the three logistic ones, "
    "1 - y² for the candidate. What follows is exercise 3.1, four times.",
)
