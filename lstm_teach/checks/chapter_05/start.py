"""5.6 A start for a lag: measure what is left of a gradient, and conclude."""

import numpy as np

from ...initialisers import orthogonal, uniform
from ..chapter_02.step import draw
from ..choice import a_choice
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import ANumber


def gradient_left(U, dh, lag):
    """What is left of a gradient after `lag` steps back through h_t = h_{t-1} U.

    Shapes: U (H, H), dh (H,), the gradient at the end; lag, a whole number, 0 or more.
    Returns the length of the gradient at the beginning, divided by the length of dh.
    """
    back = dh
    for _ in range(lag):
        back = back @ U.T
    return np.linalg.norm(back) / np.linalg.norm(dh)


def conclusion():
    """Which starts keep a thousandth of the gradient over 100 steps, and what does that mean?

    Returns a letter and a sentence.
    """
    return "C", (
        "Both have singular values of 1 only, so the length stays as it is; 0.9 to the power of "
        "100 is 3e-5, and the uniform start is far below that."
    )


def _cases(rng):
    U, dh = draw(rng, 2, 2), draw(rng, 2)
    return [
        Case((U, dh, 0)),
        Case((U, dh, 1)),
        Case((draw(rng, 3, 3), draw(rng, 3), 2)),
        Case((0.5 * draw(rng, 3, 3), draw(rng, 3), 5)),
        Case((orthogonal(rng, 3, 3), draw(rng, 3), 7)),
        Case((np.triu(draw(rng, 3, 3)), draw(rng, 3), 4)),
    ]


def _by_steps(step, steps=lambda lag: lag, result=None):
    def answer(U, dh, lag):
        back = dh
        for _ in range(steps(lag)):
            back = step(back, U)
        return (result or _ratio)(back, dh)

    return answer


def _ratio(back, dh):
    return np.linalg.norm(back) / np.linalg.norm(dh)


def _back(back, U):
    return back @ U.T


GRADIENT_MISTAKES = (
    Mistake(
        "forward in place of back",
        "You multiply by U. That is the way of a state, forward; a gradient goes back through Uᵀ. "
        "With a rotation nobody would notice: the length is the same either way.",
        "Forward h U, back dh Uᵀ.",
        answers=(_by_steps(lambda back, U: back @ U),),
    ),
    Mistake(
        "one step too few",
        "You go back one step too few.",
        "`range(lag)` counts lag steps; with lag = 0 nothing happens at all.",
        answers=(_by_steps(_back, lambda lag: max(lag - 1, 0)),),
    ),
    Mistake(
        "one step too many",
        "You go back one step too many.",
        "With lag = 0 the answer is 1: nothing has happened yet.",
        answers=(_by_steps(_back, lambda lag: lag + 1),),
    ),
    Mistake(
        "the length, not the share",
        "You return the length of the gradient at the beginning. What is asked is its share: "
        "divided by the length of dh.",
        "Divide by `np.linalg.norm(dh)`.",
        answers=(_by_steps(_back, result=lambda back, dh: np.linalg.norm(back)),),
    ),
    Mistake(
        "the share upside down",
        "You divide the length at the end by the one at the beginning.",
        "What is left, divided by what there was.",
        answers=(_by_steps(_back, result=lambda back, dh: _ratio(dh, back)),),
    ),
    Mistake(
        "the power of each entry",
        "You raise each entry of U to the power of lag. Going through a matrix again and again is "
        "a power of the matrix: a product of products.",
        "A loop with `back @ U.T`, or `np.linalg.matrix_power`.",
        answers=(
            lambda U, dh, lag: _ratio(dh @ (U**lag).T, dh),
            lambda U, dh, lag: _ratio(dh @ U**lag, dh),
        ),
    ),
    Mistake(
        "the spectral radius",
        "You raise the largest eigenvalue to the power of lag. That is how a gradient shrinks in "
        "the very long run; over a few steps, and in another direction, it can differ a lot.",
        "Send dh itself back, step by step.",
        answers=(lambda U, dh, lag: np.abs(np.linalg.eigvals(U)).max() ** lag,),
        misconception=5,
    ),
    Mistake(
        "the largest singular value",
        "You raise the largest singular value to the power of lag. That is a bound, reached only "
        "if every step stretches the same direction most.",
        "Send dh itself back, step by step.",
        answers=(lambda U, dh, lag: np.linalg.norm(U, 2) ** lag,),
        misconception=5,
    ),
)

CONCLUSION_MISTAKES = (
    Mistake(
        "A: all starts are alike",
        "A says that all four keep a thousandth. Measure the uniform start with your function: "
        "after 100 steps hardly anything is left.",
        "Print `gradient_left` for each of the four at lag 100.",
    ),
    Mistake(
        "B: only the rotation",
        "B forgets the identity. It is a rotation too, by no angle at all: every length stays.",
        "What is dh Iᵀ?",
    ),
    Mistake(
        "D: nine tenths is nearly one",
        "D counts 0.9·I among those that keep the gradient. A tenth lost at each step is nearly "
        "everything lost after a hundred.",
        "Compute 0.9**100.",
        misconception=5,
    ),
    Mistake(
        "E: no plain chain can do it",
        "E says that none keeps it. Yet a matrix that keeps lengths keeps them for any number of "
        "steps.",
        "Measure a rotation: `lt.orthogonal(rng, 16, 16)`.",
        misconception=29,
    ),
)


def _shown(rng):
    dh = rng.normal(size=16)
    matrices = {
        "uniform": uniform(rng, 16, 16),
        "orthogonal": orthogonal(rng, 16, 16),
        "identity": np.eye(16),
        "0.9 · identity": 0.9 * np.eye(16),
    }
    lines = [f"{name:<15} {gradient_left(U, dh, 100):.0e}" for name, U in matrices.items()]
    return (("Left after 100 steps, measured just now with 16 units", "\n".join(lines)),)


START = Exercise(
    id="5.6",
    title="Measure and conclude: a start for a lag",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=gradient_left,
            cases=_cases,
            returns=ANumber("a share"),
            mistakes=GRADIENT_MISTAKES,
            hint="Try it with lag = 0, where the answer is 1, and with lag = 1 by hand.",
        ),
        a_choice(conclusion, "ABCDE", CONCLUSION_MISTAKES, _shown),
    ),
    hints=(
        "One step forward multiplies a row by U from the right. By what is the gradient multiplied "
        "on its way back through that step (chapter 03)?",
        "A loop of `lag` turns with `back = back @ U.T`, then the ratio of two lengths. For the "
        "conclusion run the cell that measures four starts.",
        "`return np.linalg.norm(back) / np.linalg.norm(dh)`. Orthogonal and identity give 1 at "
        "every lag; 0.9**100 is 3e-5.",
    ),
    after="A start that keeps lengths can carry a gradient over any lag, as long as nothing else "
    "takes it away.",
    why="A matrix with U Uᵀ = I changes no length, however often. Everything else is a power of "
    "something that is not 1. But this was the linear chain. In a tanh chain each step multiplies "
    "by slopes below 1 as well, and so the rotation still loses something at each step: in the "
    "chapter it solved lag 80 in 2 of 5 runs. The identity with ReLU has slopes of 1 where it is "
    "on, pays with states that grow, and wants a small rate.",
)
