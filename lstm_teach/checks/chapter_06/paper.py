"""6.2 The squashings of the paper, put into ours."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def from_the_paper(W, U, b):
    """Weights for the cell with tanh that say the same h as the paper's cell with these.

    Shapes: W (3, D, H), U (3, H, H), b (3, H), with the layers in the order i, g, o.
    Returns three new arrays of the same shapes.
    """
    scale = np.array([1.0, 0.5, 1.0])
    return W * scale[:, None, None], U * scale[:, None, None], b * scale[:, None]


def _scaled(of_W=(1, 0.5, 1), of_U=(1, 0.5, 1), of_b=(1, 0.5, 1)):
    def answer(W, U, b):
        pairs = zip((W, U, b), (of_W, of_U, of_b), strict=True)
        return tuple(v * np.reshape(by, (3, *[1] * (v.ndim - 1))) for v, by in pairs)

    return answer


def _cases(rng):
    W, U, b = draw(rng, 3, 2, 2), draw(rng, 3, 2, 2), draw(rng, 3, 2)
    no = np.zeros_like
    return [
        Case((W, no(U), no(b)), "W", "W with its row g halved"),
        Case((no(W), U, no(b)), "U", "U with its row g halved"),
        Case((no(W), no(U), b), "b", "b with its row g halved"),
        *(
            Case((draw(rng, 3, D, H), draw(rng, 3, H, H), draw(rng, 3, H)))
            for D, H in ((1, 2), (3, 2), (3, 3))
        ),
    ]


_HALF, _ONE, _TWO = (0.5,) * 3, (1, 1, 1), (1, 2, 1)

MISTAKES = (
    Mistake(
        "doubles in place of halving",
        "You double the weights of g. The paper's g is 2 tanh(z / 2): what goes into its tanh is "
        "half of z.",
        "Half of z means half of every weight that makes up z_g.",
        answers=(_scaled(_TWO, _TWO, _TWO),),
    ),
    Mistake(
        "halves every layer",
        "You halve the weights of all three layers. The gates are squashed alike in both cells, so "
        "theirs must stay.",
        "Only g and the way out of c differ.",
        answers=(_scaled(_HALF, _HALF, _HALF),),
    ),
    Mistake(
        "leaves the bias as it is",
        "W and U of g are halved, its bias is not. z is x W + h U + b: all of it has to become "
        "half.",
        "The row of g in b too.",
        answers=(_scaled(of_b=_ONE),),
    ),
    Mistake(
        "leaves U as it is",
        "The weights of h in g are not halved. You may have thought that h is halved as well; it "
        "is c that is, and h is the same.",
        "The row of g in U too.",
        answers=(_scaled(of_U=_ONE), _scaled(of_U=_ONE, of_b=_ONE)),
    ),
    Mistake(
        "halves a gate",
        "The layer that you halve is a gate. The order is i, g, o.",
        "g is row 1.",
        answers=(_scaled(*[(1, 1, 0.5)] * 3), _scaled(*[(0.5, 1, 1)] * 3)),
    ),
    Mistake(
        "a quarter",
        "You divide by four, once for each of the two squashings. The second is not undone by "
        "weights: c is simply half of the paper's.",
        "One half.",
        answers=(_scaled(*[(1, 0.25, 1)] * 3),),
    ),
    Mistake(
        "changes nothing",
        "These are the weights as they came. With them g would be tanh(z), where the paper has "
        "2 tanh(z / 2).",
        "Compare the two at z = 4, say.",
        answers=(_scaled(_ONE, _ONE, _ONE),),
    ),
)

PAPER = Exercise(
    id="6.2",
    title="The squashings of the paper",
    minutes=10,
    points=2,
    parts=(
        FunctionPart(
            reference=from_the_paper,
            cases=_cases,
            returns=SeveralArrays(
                (AnArray("W", "(3, D, H)"), AnArray("U", "(3, H, H)"), AnArray("b", "(3, H)"))
            ),
            mistakes=MISTAKES,
            hint="Let c* be half of the paper's c. Write down what c* gets at each step.",
        ),
    ),
    hints=(
        "Both squashings are tanh of one half: 4σ(z) - 2 = 2 tanh(z/2), 2σ(c) - 1 = tanh(c/2).",
        "Divide the paper's line for c by 2: c/2 gets i · tanh(z/2) at each step, and h is "
        "o · tanh(c/2). So with c* = c/2 this is our cell, if z_g is halved.",
        "Copy W, U and b, and multiply row 1 of each by 0.5.",
    ),
    after="The same h at every step. Two cells that look different on paper are one.",
    why="With c* = c / 2 the paper's cell reads c*' = c* + i tanh(z_g / 2) and h' = o tanh(c*'). "
    "Halving z_g means halving everything that it is a sum of: the rows of g in W, U and b. "
    "Nothing else changes, because gates and h are the same. A gradient step is not the same, "
    "though: to move z_g by as much, halved weights need half the move.",
)
