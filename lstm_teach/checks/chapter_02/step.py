"""2.1 One step of the chain."""

import numpy as np

from ...activations import logistic
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def rnn_step(x, h, W, U, b):
    """One step of the chain: h' = tanh(x W + h U + b).

    Shapes: x (B, D), h (B, H), W (D, H), U (H, H), b (H,). Returns h' of shape (B, H).
    """
    return np.tanh(x @ W + h @ U + b)


def draw(rng, *shape):
    """Numbers of one decimal, none of them near zero: an example that can be pasted."""
    return (rng.uniform(0.2, 1.2, shape) * rng.choice([-1.0, 1.0], shape)).round(1)


def step_arguments(rng, B, D, H):
    """x, h, W, U, b for one step; the bias is never zero, since a zero bias hides mistakes."""
    return draw(rng, B, D), draw(rng, B, H), draw(rng, D, H), draw(rng, H, H), draw(rng, H)


def one_term_at_a_time(arguments):
    """Three cases from one: only b, only x W, only h U is not zero."""
    x, h, W, U, b = arguments
    zero = np.zeros_like
    return [
        (zero(x), zero(h), zero(W), zero(U), b),
        (x, zero(h), W, zero(U), zero(b)),
        (zero(x), h, zero(W), U, zero(b)),
    ]


def _cases(rng):
    terms = zip(("b", "x W", "h U"), ("tanh(b)", "tanh(x W)", "tanh(h U)"), strict=True)
    alone = one_term_at_a_time(step_arguments(rng, 1, 2, 3))
    sizes = [(1, 2, 3), (2, 3, 2), (3, 3, 3), (4, 1, 5)]
    return [
        *(Case(args, term, gives) for args, (term, gives) in zip(alone, terms, strict=True)),
        *(Case(step_arguments(rng, *size)) for size in sizes),
    ]


MISTAKES = (
    Mistake(
        "forgot the bias",
        "The bias is missing: your answer is tanh(x W + h U). With b = 0 nobody would notice.",
        "Add `b` before the tanh. It has shape (H,); NumPy adds it to every row.",
        answers=(lambda x, h, W, U, b: np.tanh(x @ W + h @ U),),
        misconception=12,
    ),
    Mistake(
        "forgot the tanh",
        "The tanh is missing: your answer is the sum x W + h U + b itself. Nothing keeps it "
        "between -1 and 1, so in a long chain it can grow without end.",
        "The sum goes through `np.tanh` last.",
        answers=(lambda x, h, W, U, b: x @ W + h @ U + b,),
    ),
    Mistake(
        "adds the bias after the tanh",
        "The bias is added after the tanh: your answer is tanh(x W + h U) + b, which can leave "
        "the interval from -1 to 1.",
        "Move `b` inside the brackets of the tanh.",
        answers=(lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b,),
    ),
    Mistake(
        "logistic in place of tanh",
        "Your answer squashes with the logistic function, into (0, 1). This module uses tanh, "
        "into (-1, 1), so that h can be negative.",
        "`np.tanh(z)`, not `1 / (1 + np.exp(-z))`.",
        answers=(lambda x, h, W, U, b: logistic(x @ W + h @ U + b),),
    ),
    Mistake(
        "does not use h",
        "The previous h has no effect: your answer is tanh(x W + b). A module like that has no "
        "memory at all.",
        "The term `h @ U` brings the past in.",
        answers=(lambda x, h, W, U, b: np.tanh(x @ W + b),),
    ),
    Mistake(
        "does not use x",
        "The input has no effect: your answer is tanh(h U + b).",
        "The term `x @ W` brings the input in.",
        answers=(lambda x, h, W, U, b: np.tanh(h @ U + b),),
    ),
    Mistake(
        "W and U exchanged",
        "W and U are exchanged: your answer is tanh(x U + h W + b). Where D = H the shapes fit "
        "and nothing complains.",
        "W belongs to the input x, U to the previous h.",
        answers=(
            lambda x, h, W, U, b: np.tanh(x @ U + h @ W + b),
            lambda x, h, W, U, b: np.tanh(h @ W + x @ U + b),
        ),
    ),
    Mistake(
        "U transposed",
        "A square matrix is transposed: your answer uses h Uᵀ. U is (H, H), so its shape cannot "
        "warn you.",
        "Here vectors are rows and stand on the left: `h @ U`. Other books write U h with columns.",
        answers=(
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U.T + b),
            lambda x, h, W, U, b: np.tanh(x @ W.T + h @ U.T + b),
        ),
    ),
    Mistake(
        "a tanh for each term",
        "Each term goes through a tanh of its own. The module is one layer: the terms are summed "
        "first, and the sum is squashed once.",
        "One pair of brackets around the whole sum, one tanh in front of it.",
        answers=(
            lambda x, h, W, U, b: np.tanh(x @ W) + np.tanh(h @ U) + np.tanh(b),
            lambda x, h, W, U, b: np.tanh(x @ W) + np.tanh(h @ U + b),
            lambda x, h, W, U, b: np.tanh(x @ W + b) + np.tanh(h @ U),
        ),
    ),
    Mistake(
        "an elementwise product",
        "Your answer multiplies entry by entry with `*`. x W is a matrix product: each new number "
        "is a weighted sum over the whole row.",
        "The matrix product is written `@`.",
        answers=(
            lambda x, h, W, U, b: np.tanh(x * W + h * U + b),
            lambda x, h, W, U, b: np.tanh(x @ W + h * U + b),
            lambda x, h, W, U, b: np.tanh(x * W + h @ U + b),
        ),
    ),
)

STEP = Exercise(
    id="2.1",
    title="One step of the chain",
    minutes=8,
    points=2,
    parts=(
        FunctionPart(
            reference=rnn_step,
            cases=_cases,
            returns=AnArray("h'", "(B, H)"),
            mistakes=MISTAKES,
            hint="Compare your line with h' = tanh(x W + h U + b), sign by sign.",
        ),
    ),
    hints=(
        "There are three things to add up: what the input says, what the previous h says, and a "
        "bias. One function then squashes the sum.",
        "Write the shapes: x (B, D) times W (D, H) gives (B, H), and so does h times U. The "
        "matrix product is `@`; b of shape (H,) is added to every row by itself.",
        "z = `x @ W + h @ U + b`. Return `np.tanh(z)`.",
    ),
    after="This one line is the whole module. The chain is this line in a loop.",
    why="Both products have shape (B, H), so they can be added; b is added to every row. The tanh "
    "comes last and once: it squashes the sum, and keeps every h between -1 and 1 however long "
    "the chain is.",
)
