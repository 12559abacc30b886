"""9.2 One step of the LSTM."""

import numpy as np

from ...activations import logistic
from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def lstm_step(x, h, c, W, U, b):
    """One step of the LSTM.

    Shapes: x (B, D), h and c (B, H); W (4, D, H), U (4, H, H), b (4, H), with the layers in the
    order i, f, g, o. Returns h', c', each (B, H).
    """
    i = 1 / (1 + np.exp(-(x @ W[0] + h @ U[0] + b[0])))
    f = 1 / (1 + np.exp(-(x @ W[1] + h @ U[1] + b[1])))
    g = np.tanh(x @ W[2] + h @ U[2] + b[2])
    o = 1 / (1 + np.exp(-(x @ W[3] + h @ U[3] + b[3])))
    c = f * c + i * g
    return o * np.tanh(c), c


def step_arguments(rng, B, D, H):
    """x, h, c, W, U, b for one step; the biases are never zero, and no two layers are alike."""
    states = draw(rng, B, D), draw(rng, B, H), draw(rng, B, H)
    return *states, draw(rng, 4, D, H), draw(rng, 4, H, H), draw(rng, 4, H)


def one_gate_at_a_time(arguments):
    """Cases from one set of arguments: what each gate does alone, then what each product does."""
    x, h, c, W, U, b = arguments
    no = np.zeros_like

    def bias_of(*layers):
        only = no(b)
        only[list(layers)] = b[list(layers)]
        return only

    def only_biases(c, *layers):
        return no(x), no(h), c, no(W), no(U), bias_of(*layers)

    return [
        (only_biases(c), "c", "c' = c / 2 and h' = tanh(c / 2) / 2, since every gate is ½"),
        (only_biases(c, 1), "c and the forget gate's bias", "c' = σ(b_f) c"),
        (only_biases(no(c), 2), "the candidate's bias", "c' = tanh(b_g) / 2"),
        (only_biases(no(c), 0, 2), "the biases of i and g", "c' = σ(b_i) tanh(b_g)"),
        (only_biases(c, 3), "c and the output gate's bias", "h' = σ(b_o) tanh(c / 2)"),
        ((x, no(h), no(c), W, no(U), no(b)), "x W", "c' = σ(x W_i) tanh(x W_g)"),
        ((no(x), h, no(c), no(W), U, no(b)), "h U", "c' = σ(h U_i) tanh(h U_g)"),
    ]


def _cases(rng):
    alone = one_gate_at_a_time(step_arguments(rng, 1, 2, 3))
    sizes = ((1, 2, 3), (2, 3, 2), (3, 3, 3), (4, 1, 5))
    return [
        *(Case(*case) for case in alone),
        *(Case(step_arguments(rng, *size)) for size in sizes),
    ]


def variant(
    cell=lambda c, i, f, g: f * c + i * g,
    show=lambda o, c, before: o * np.tanh(c),
    order=(0, 1, 2, 3),
    squash=(logistic, logistic, np.tanh, logistic),
    matrix=lambda W: W,
    bias=lambda b, k: b[k],
    of_x=lambda x, W: x @ W,
    of_h=lambda h, U: h @ U,
    back=lambda h, c: (h, c),
):
    """The step with one thing changed: the known ways to get it wrong."""

    def answer(x, h, c, W, U, b):
        layers = (
            s(of_x(x, matrix(W[k])) + of_h(h, matrix(U[k])) + bias(b, k))
            for s, k in zip(squash, order, strict=True)
        )
        i, f, g, o = layers
        after = cell(c, i, f, g)
        return back(show(o, after, c), after)

    return answer


MISTAKES = (
    Mistake(
        "tanh of the old c",
        "Your h' is o * tanh of the c that came in. The output shows the new cell state, c'.",
        "Compute c' first; then h' = o * tanh(c').",
        answers=(variant(show=lambda o, c, before: o * np.tanh(before)),),
        misconception=19,
    ),
    Mistake(
        "no tanh on the way out",
        "Your h' is o * c', without the second tanh. c has no bound, so then h has none either. "
        "A well known LSTM in plain Python had this (nicodjimenez/lstm, issue 47).",
        "h' = o * tanh(c').",
        answers=(variant(show=lambda o, c, before: o * c),),
    ),
    Mistake(
        "the new c is squashed",
        "Your c' itself goes through tanh. The second tanh belongs to h' alone; squash c at every "
        "step and nothing is kept for long.",
        "c' = f * c + i * g, as it is. h' = o * tanh(c').",
        answers=(
            variant(
                cell=lambda c, i, f, g: np.tanh(f * c + i * g), show=lambda o, c, before: o * c
            ),
            variant(cell=lambda c, i, f, g: np.tanh(f * c + i * g)),
        ),
        misconception=17,
    ),
    Mistake(
        "i and f exchanged",
        "The input gate and the forget gate have changed places: yours keeps i of the old c and "
        "writes f of the candidate.",
        "f * c is kept, i * g is written. The layers' order is i, f, g, o.",
        answers=(variant(order=(1, 0, 2, 3)),),
    ),
    Mistake(
        "the order i f o g",
        "You take layer 2 for the output gate and layer 3 for the candidate. Some books have i f o "
        "g (a Stanford course does); here, as in PyTorch, it is i f g o.",
        "g = tanh(... W[2] ...), o = σ(... W[3] ...).",
        answers=(variant(order=(0, 1, 3, 2)),),
    ),
    Mistake(
        "no forget gate",
        "Your old c is added whole: c' = c + i * g. That is the cell of 1997; the forget gate came "
        "in 2000.",
        "c' = f * c + i * g.",
        answers=(variant(cell=lambda c, i, f, g: c + i * g),),
    ),
    Mistake(
        "no input gate",
        "The candidate is written whole: c' = f * c + g.",
        "i says how much of g is written: i * g.",
        answers=(variant(cell=lambda c, i, f, g: f * c + g),),
    ),
    Mistake(
        "i is taken for 1 - f",
        "Yours writes 1 - f of the candidate. That is a relative, with coupled gates; here i has "
        "weights of its own.",
        "i = σ(x W[0] + h U[0] + b[0]).",
        answers=(variant(cell=lambda c, i, f, g: f * c + (1 - f) * g),),
    ),
    Mistake(
        "brackets: f times everything",
        "Yours is f * (c + i * g): the forget gate cuts what has just been written too.",
        "f belongs to the old c alone.",
        answers=(variant(cell=lambda c, i, f, g: f * (c + i * g)),),
    ),
    Mistake(
        "no output gate",
        "Your h' is tanh(c'), whatever o says.",
        "h' = o * tanh(c').",
        answers=(variant(show=lambda o, c, before: np.tanh(c)),),
    ),
    Mistake(
        "the candidate is squashed like a gate",
        "Your g goes through the logistic function, so it is never negative: c could only grow.",
        "g = tanh(...). Only i, f and o are gates.",
        answers=(variant(squash=(logistic,) * 4),),
        misconception=15,
    ),
    Mistake(
        "the gates are squashed with tanh",
        "Your gates go through tanh and can be negative. A gate is a share, between 0 and 1.",
        "i, f and o: 1 / (1 + np.exp(-z)).",
        answers=(variant(squash=(np.tanh,) * 4),),
    ),
    Mistake(
        "forgot the biases",
        "The biases are missing. With b = 0 nobody would notice.",
        "`x @ W[k] + h @ U[k] + b[k]`, for each of the four layers.",
        answers=(variant(bias=lambda b, k: 0 * b[k]),),
        misconception=12,
    ),
    Mistake(
        "one bias for all layers",
        "All layers get the bias of layer 0. With equal biases nobody would notice; a published "
        "LSTM did so for its gates (numpy-ml, issue 42).",
        "Row k of b belongs to layer k: `b[k]`.",
        answers=(variant(bias=lambda b, k: b[0]), variant(bias=lambda b, k: b[0 if k != 2 else 2])),
    ),
    Mistake(
        "W and U exchanged",
        "W and U have changed places. Where D = H the shapes fit and nothing complains.",
        "W belongs to x, U to h.",
        answers=(lambda x, h, c, W, U, b: variant()(x, h, c, U, W, b),),
    ),
    Mistake(
        "U transposed",
        "Your answer uses h Uᵀ. U[k] is square, so its shape cannot warn you.",
        "Rows stand on the left: `h @ U[k]`.",
        answers=(variant(of_h=lambda h, U: h @ U.T),),
    ),
    Mistake(
        "does not use h",
        "The gates do not hear the h of the step before.",
        "`h @ U[k]` belongs into all four layers.",
        answers=(variant(of_h=lambda h, U: 0 * h),),
    ),
    Mistake(
        "h and c returned in the other order",
        "Your two results are right and have changed places: asked for are h', c'.",
        "`return h, c`.",
        answers=(variant(back=lambda h, c: (c, h)),),
    ),
)

STEP = Exercise(
    id="9.2",
    title="One step of the LSTM",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=lstm_step,
            cases=_cases,
            returns=SeveralArrays((AnArray("h'", "(B, H)"), AnArray("c'", "(B, H)"))),
            mistakes=MISTAKES,
            hint="Compare your lines with equation 9.3, sign by sign.",
        ),
    ),
    hints=(
        "Six lines, in the order of the drawing: three gates, one candidate, the new c, the new h.",
        "Each layer k is `x @ W[k] + h @ U[k] + b[k]`, squashed: logistic for i, f and o, tanh for "
        "g. Then c' = f * c + i * g, and h' = o * tanh(c').",
        "`i, f, o` with `1 / (1 + np.exp(-z))`, `g` with `np.tanh(z)`. `c = f * c + i * g`. "
        "`return o * np.tanh(c), c`.",
    ),
    after="That is the whole cell. What frameworks add is speed and names.",
    why="Four layers read the same x and h, each with weights of its own; three are gates, between "
    "0 and 1. f says how much of the old c stays, i how much of g is written: two products and a "
    "sum. Then a copy of the new c is squashed, and o says how much of it is shown. `c = ...` in "
    "the function makes a new array and leaves the caller's alone.",
)
