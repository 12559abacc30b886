"""8.1 The input gate, the candidate, and what they write."""

import numpy as np

from ...activations import logistic
from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def write_step(x, h, c, f, W, U, b):
    """The input gate, the candidate and the new cell state, where the forget gate is given.

    Shapes: x (B, D), h, c and f (B, H); W (2, D, H), U (2, H, H), b (2, H): first the input
    gate's, then the candidate's. Returns i, g, c', each (B, H).
    """
    i = 1 / (1 + np.exp(-(x @ W[0] + h @ U[0] + b[0])))
    g = np.tanh(x @ W[1] + h @ U[1] + b[1])
    return i, g, f * c + i * g


def _arguments(rng, B, D, H):
    f = rng.uniform(0.1, 0.9, (B, H)).round(1)
    states = draw(rng, B, D), draw(rng, B, H), draw(rng, B, H), f
    return *states, draw(rng, 2, D, H), draw(rng, 2, H, H), draw(rng, 2, H)


def _cases(rng):
    x, h, c, f, W, U, b = _arguments(rng, 1, 2, 3)
    no = np.zeros_like
    return [
        Case((no(x), no(h), c, f, no(W), no(U), no(b)), "f c", "i = 1/2, g = 0 and c' = f c"),
        Case((no(x), no(h), no(c), no(f), no(W), no(U), b), "b", "i = σ(b_i) and g = tanh(b_g)"),
        Case((x, no(h), no(c), no(f), W, no(U), no(b)), "x W", "i = σ(x W_i) and g = tanh(x W_g)"),
        Case((no(x), h, no(c), no(f), no(W), U, no(b)), "h U", "i = σ(h U_i) and g = tanh(h U_g)"),
        *(Case(_arguments(rng, *size)) for size in ((1, 2, 3), (2, 3, 2), (3, 3, 3))),
    ]


def _variant(
    carry=lambda i, f, g, c: f * c + i * g,
    i_of=logistic,
    g_of=np.tanh,
    order=(0, 1),
    turn=lambda U: U,
    bias=1,
    past=1,
    back=lambda i, g, c: (i, g, c),
):
    """The step with one thing changed."""

    def answer(x, h, c, f, W, U, b):
        z_i, z_g = (x @ W[k] + past * (h @ turn(U[k])) + bias * b[k] for k in order)
        i, g = i_of(z_i), g_of(z_g)
        return back(i, g, carry(i, f, g, c))

    return answer


MISTAKES = (
    Mistake(
        "the candidate logistic",
        "Your candidate is squashed by the logistic function, so it has no sign: nothing negative "
        "could ever be written.",
        "g takes `np.tanh`, i takes the logistic function.",
        answers=(_variant(g_of=logistic),),
    ),
    Mistake(
        "the gate with tanh",
        "Your input gate is squashed by tanh and can be negative. A gate is an amount, between 0 "
        "and 1; the sign is the candidate's business.",
        "1 / (1 + exp(-z)) for the gate.",
        answers=(_variant(i_of=np.tanh),),
    ),
    Mistake(
        "gate and candidate exchanged",
        "Gate and candidate have changed places: you take row 1 of W, U and b for the gate, or "
        "squash row 0 with tanh.",
        "`W[0]` is the input gate's and takes the logistic function; `W[1]` is the candidate's.",
        answers=(
            _variant(order=(1, 0)),
            _variant(i_of=np.tanh, g_of=logistic),
            _variant(order=(1, 0), back=lambda i, g, c: (g, i, c)),
        ),
    ),
    Mistake(
        "adds in place of multiplying",
        "You add i and g. Then a shut gate shuts nothing: what is written is i times g.",
        "`i * g`.",
        answers=(
            _variant(lambda i, f, g, c: f * c + i + g),
            _variant(lambda i, f, g, c: f * (c + i + g)),
        ),
    ),
    Mistake(
        "no input gate",
        "The candidate goes in whole: your c' is f c + g, whatever the input gate says.",
        "Multiply g by i before you add it.",
        answers=(_variant(lambda i, f, g, c: f * c + g),),
    ),
    Mistake(
        "the input gate on everything",
        "Your input gate multiplies what was kept as well: when it shuts, the memory is lost.",
        "`f * c + i * g`: each gate has one factor of its own.",
        answers=(
            _variant(lambda i, f, g, c: i * (f * c + g)),
            _variant(lambda i, f, g, c: i * f * c + i * g),
        ),
    ),
    Mistake(
        "the forget gate on everything",
        "You write first and forget afterwards: f multiplies the new i * g too.",
        "f multiplies the old c, before anything is added.",
        answers=(_variant(lambda i, f, g, c: f * (c + i * g)),),
    ),
    Mistake(
        "the two gates exchanged",
        "Your c' keeps with i and writes with f.",
        "f stands before the old c, i before g.",
        answers=(_variant(lambda i, f, g, c: i * c + f * g),),
    ),
    Mistake(
        "one gate for both",
        "You write with 1 - f in place of i. That is a coupled gate, a relative of the LSTM "
        "(chapter 12). Here i is a layer of its own.",
        "`f * c + i * g`.",
        answers=(_variant(lambda i, f, g, c: f * c + (1 - f) * g),),
    ),
    Mistake(
        "the old c is lost",
        "Your c' is i * g alone: what was kept is missing.",
        "Add `f * c`.",
        answers=(_variant(lambda i, f, g, c: i * g),),
    ),
    Mistake(
        "nothing is forgotten",
        "The forget gate does nothing: your c' is c + i * g. That was right in 1997.",
        "The old c is multiplied by f.",
        answers=(_variant(lambda i, f, g, c: c + i * g),),
        misconception=13,
    ),
    Mistake(
        "tanh on the cell state",
        "You squash the new cell state. tanh belongs on the way out, in h; what is carried is the "
        "plain sum.",
        "c' is `f * c + i * g` and nothing around it.",
        answers=(_variant(lambda i, f, g, c: np.tanh(f * c + i * g)),),
        misconception=17,
    ),
    Mistake(
        "forgot the bias",
        "The biases are missing. The input gate's bias is where it rests: half of this chapter is "
        "about it.",
        "Each layer is x W + h U + b.",
        answers=(_variant(bias=0),),
        misconception=12,
    ),
    Mistake(
        "does not use h",
        "Gate and candidate do not hear h: they could not depend on what the cell remembers.",
        "Each layer has a term `h @ U[k]`.",
        answers=(_variant(past=0),),
    ),
    Mistake(
        "U transposed",
        "You use h Uᵀ. Each U is square, so its shape cannot warn you.",
        "Rows stand on the left: `h @ U[0]`.",
        answers=(_variant(turn=np.transpose),),
    ),
    Mistake(
        "in another order",
        "All three are right, and they come back in another order.",
        "`return i, g, c`.",
        answers=(
            _variant(back=lambda i, g, c: (g, i, c)),
            _variant(back=lambda i, g, c: (c, i, g)),
        ),
    ),
)

WRITE = Exercise(
    id="8.1",
    title="The input gate, the candidate, and what they write",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=write_step,
            cases=_cases,
            returns=SeveralArrays(tuple(AnArray(name, "(B, H)") for name in ("i", "g", "c'"))),
            mistakes=MISTAKES,
            hint="One line for i, one for g, one for c'. Compare each with the equation above.",
        ),
    ),
    hints=(
        "Two layers like the one of chapter 02, with the same x and h and weights of their own. "
        "They differ in the function that squashes.",
        "The gate is an amount: logistic. The candidate has a sign: tanh. Their product is added "
        "to `f * c`.",
        "`i = lt.logistic(x @ W[0] + h @ U[0] + b[0])`, `g = np.tanh(x @ W[1] + h @ U[1] + b[1])`, "
        "`return i, g, f * c + i * g`.",
    ),
    after="Three of the four lines of an LSTM. The output gate is missing; chapter 09 has it.",
    why="Gate and candidate read the same things and have weights of their own, so that when to "
    "write can depend on other inputs than what to write. The gate multiplies the candidate, not "
    "the old cell state: that has a gate of its own, f.",
)
