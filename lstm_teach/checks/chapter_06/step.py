"""6.1 One step of the cell of 1997."""

import numpy as np

from ...activations import logistic
from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def carousel_step(x, h, c, W, U, b):
    """One step of the LSTM without a forget gate.

    Shapes: x (B, D), h and c (B, H); W (3, D, H), U (3, H, H), b (3, H), with the layers in the
    order i, g, o. Returns h', c', each (B, H).
    """
    i = 1 / (1 + np.exp(-(x @ W[0] + h @ U[0] + b[0])))
    g = np.tanh(x @ W[1] + h @ U[1] + b[1])
    o = 1 / (1 + np.exp(-(x @ W[2] + h @ U[2] + b[2])))
    c = c + i * g
    return o * np.tanh(c), c


def step_arguments(rng, B, D, H):
    """x, h, c, W, U, b for one step; the biases are never zero."""
    states = draw(rng, B, D), draw(rng, B, H), draw(rng, B, H)
    return *states, draw(rng, 3, D, H), draw(rng, 3, H, H), draw(rng, 3, H)


def _cases(rng):
    x, h, c, W, U, b = step_arguments(rng, 1, 2, 3)
    no = np.zeros_like
    return [
        Case((no(x), no(h), c, no(W), no(U), no(b)), "c", "c' = c and h' = tanh(c) / 2"),
        Case((no(x), no(h), no(c), no(W), no(U), b), "b", "c' = σ(b_i) tanh(b_g)"),
        Case((x, no(h), no(c), W, no(U), no(b)), "x W", "c' = σ(x W_i) tanh(x W_g)"),
        Case((no(x), h, no(c), no(W), U, no(b)), "h U", "c' = σ(h U_i) tanh(h U_g)"),
        *(Case(step_arguments(rng, *size)) for size in ((1, 2, 3), (2, 3, 2), (3, 3, 3))),
    ]


def _variant(
    carry=lambda c, i, g: c + i * g,
    show=lambda o, c, before: o * np.tanh(c),
    order=(0, 1, 2),
    i_of=logistic,
    g_of=np.tanh,
    o_of=logistic,
    turn=lambda U: U,
    bias=1,
    back=lambda h, c: (h, c),
):
    """The step with one thing changed."""

    def answer(x, h, c, W, U, b):
        z_i, z_g, z_o = (x @ W[k] + h @ turn(U[k]) + bias * b[k] for k in order)
        after = carry(c, i_of(z_i), g_of(z_g))
        return back(show(o_of(z_o), after, c), after)

    return answer


MISTAKES = (
    Mistake(
        "puts a forget gate in",
        "Your old c is multiplied by 1 - i before anything is added. That is a kind of forget "
        "gate, and in 1997 there was none.",
        "c' = c + i * g: nothing stands before c.",
        answers=(
            _variant(lambda c, i, g: (1 - i) * c + i * g),
            _variant(lambda c, i, g: i * c + (1 - i) * g),
        ),
        misconception=13,
    ),
    Mistake(
        "tanh on the carousel",
        "You squash c itself and carry the squashed value on. Then every step back multiplies by a "
        "slope again, and the carousel is gone.",
        "tanh belongs on the way out, in h'. What is carried is the plain sum.",
        answers=(
            _variant(lambda c, i, g: np.tanh(c + i * g), lambda o, c, before: o * c),
            _variant(lambda c, i, g: np.tanh(c + i * g)),
            _variant(lambda c, i, g: np.tanh(c) + i * g),
        ),
        misconception=17,
    ),
    Mistake(
        "the old c is lost",
        "Your c' is i * g alone. What was carried in is gone: a memory of one step.",
        "Add what comes in to what was there: c + i * g.",
        answers=(_variant(lambda c, i, g: i * g),),
    ),
    Mistake(
        "the input gate on everything",
        "Your input gate multiplies the old c too. It has to say what goes in, not what stays.",
        "i * g, and then add it to c.",
        answers=(_variant(lambda c, i, g: i * (c + g)),),
    ),
    Mistake(
        "no input gate",
        "g goes in ungated: your c' is c + g.",
        "Multiply g by i before you add it.",
        answers=(_variant(lambda c, i, g: c + g),),
    ),
    Mistake(
        "shows the old c",
        "Your h' shows the cell state as it was before this step.",
        "h' = o * tanh(c'), with the new c.",
        answers=(_variant(show=lambda o, c, before: o * np.tanh(before)),),
    ),
    Mistake(
        "no tanh on the way out",
        "Your h' is o * c'. c has no bound, so h has none either, and every layer that hears h is "
        "driven into its flat part.",
        "h' = o * tanh(c').",
        answers=(_variant(show=lambda o, c, before: o * c),),
    ),
    Mistake(
        "no output gate",
        "Your h' is tanh(c'): the output gate does nothing.",
        "h' = o * tanh(c').",
        answers=(_variant(show=lambda o, c, before: np.tanh(c)),),
    ),
    Mistake(
        "the output gate inside the tanh",
        "Your h' is tanh(o * c'). Where c is large, such a gate shows nearly all of it even when "
        "half shut.",
        "First squash, then multiply: o * tanh(c').",
        answers=(_variant(show=lambda o, c, before: np.tanh(o * c)),),
    ),
    Mistake(
        "layers in another order",
        "You take the layers in another order. The three rows of W, U and b are i, g, o.",
        "`W[0]` is the input gate's, `W[1]` the candidate's, `W[2]` the output gate's.",
        answers=tuple(
            _variant(order=order)
            for order in ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
        ),
    ),
    Mistake(
        "the squashings of the paper",
        "This is the cell as the paper squashes it, g in (-2, 2) and tanh(c / 2). Right, and not "
        "what is asked: here g and the way out have a plain tanh. Exercise 6.2 is about the "
        "difference.",
        "np.tanh(z_g) and np.tanh(c).",
        answers=(
            _variant(g_of=lambda z: 2 * np.tanh(z / 2), show=lambda o, c, _: o * np.tanh(c / 2)),
        ),
    ),
    Mistake(
        "a logistic candidate",
        "Your candidate is squashed by the logistic function, so nothing negative can ever be "
        "written: c can only grow.",
        "g is the one layer of the three with tanh.",
        answers=(_variant(g_of=logistic),),
    ),
    Mistake(
        "gates with tanh",
        "A gate of yours is squashed by tanh and can be negative. A gate says how much, from 0 to "
        "1.",
        "i and o take the logistic function, 1 / (1 + exp(-z)).",
        answers=(
            _variant(i_of=np.tanh, o_of=np.tanh),
            _variant(i_of=np.tanh),
            _variant(o_of=np.tanh),
        ),
    ),
    Mistake(
        "forgot the bias",
        "The biases are missing. With b = 0 nobody would notice.",
        "Each layer is x W + h U + b.",
        answers=(_variant(bias=0),),
    ),
    Mistake(
        "U transposed",
        "You use h Uᵀ. U is square in its last two axes, so its shape cannot warn you.",
        "Rows stand on the left: `h @ U[0]`.",
        answers=(_variant(turn=np.transpose),),
    ),
    Mistake(
        "c first, then h",
        "Both are right, and they come back in the wrong order.",
        "`return h, c`.",
        answers=(_variant(back=lambda h, c: (c, h)),),
    ),
)

STEP = Exercise(
    id="6.1",
    title="One step of the cell of 1997",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=carousel_step,
            cases=_cases,
            returns=SeveralArrays((AnArray("h'", "(B, H)"), AnArray("c'", "(B, H)"))),
            mistakes=MISTAKES,
            hint="Write i, g and o first, each as one layer. Then one line for c, one for h.",
        ),
    ),
    hints=(
        "Three layers, each like the one of chapter 02. Then one addition, and one product.",
        "i and o use the logistic function, g uses tanh. c gets i * g on top of what it had. What "
        "is shown is the new c, squashed and gated.",
        "`i = lt.logistic(x @ W[0] + h @ U[0] + b[0])`, g and o alike; `c = c + i * g`; "
        "`return o * np.tanh(c), c`.",
    ),
    after="One line of it is the carousel: c + i * g. Everything else decides when it may be "
    "written to, and who may see it.",
    why="The three layers read the same x and the same h. Only the candidate may be negative, so "
    "it takes tanh; gates are amounts. The line for c has no factor before c: that is what keeps "
    "values, and errors, as they are. The second tanh is needed because c has no bound.",
)
