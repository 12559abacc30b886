"""4.7 Explain in two sentences: a large gradient that has forgotten."""

import numpy as np

from ...cells import RNN
from ...chain import backward, forward, init
from ..choice import a_choice
from ..exercise import Exercise, Mistake

LAG = 80


def verdict():
    """What does the length of the gradient say about the first symbol? A letter, two sentences.

    Returns the letter and the sentences.
    """
    return "D", (
        "The gradient of U is a sum over all steps, and the last few alone can give it a length "
        "of 0.3. The part that passed 80 Jacobians may be many powers of ten smaller, so its "
        "length must be measured by itself, over the lag."
    )


def near_and_far(rng):
    """The length of dU of a random chain whose loss looks at its end, and of its far half."""
    params = init(RNN, rng, 4, 16)
    x = rng.normal(size=(LAG + 1, 8, 4))
    h, _, trace = forward(RNN, params, x)
    dh = np.zeros_like(h)
    dh[-1] = rng.normal(size=dh.shape[1:])
    back = backward(RNN, params, trace, dh)
    dz = back.flow.h[1:] * (1 - trace.states.h[1:] ** 2)
    half = LAG // 2
    far = np.einsum("tbm,tbn->mn", trace.states.h[:half], dz[:half])
    return np.linalg.norm(back.params.U), np.linalg.norm(far)


MISTAKES = (
    Mistake(
        "A: a large gradient cannot have vanished",
        "A takes the length of the whole for the length of each part. The whole is a sum over "
        "steps; the last few of them can make it 0.3 with nothing else in it.",
        "Which shares of the sum have passed 80 Jacobians?",
        misconception=6,
    ),
    Mistake(
        "B: a higher learning rate makes up for it",
        "B multiplies the whole gradient. The near part grows with the far part, and what was "
        "a millionth of the step stays a millionth of it.",
        "Multiply both summands of 0.3 + 0.0000003 by ten. Which of them can you see now?",
    ),
    Mistake(
        "C: clipping helps",
        "C shortens gradients that are too long. It multiplies the whole by a number below 1, and "
        "makes no part of it longer: a tool against exploding.",
        "What does clipping do to a gradient whose length is below the threshold?",
        misconception=9,
    ),
    Mistake(
        "E: float64 brings it back",
        "E would keep more digits. But the far part still is the smaller one by many powers of "
        "ten: which distractors happen to be in the batch moves the gradient far more than that.",
        "How much does the gradient change from one batch to the next?",
        misconception=6,
    ),
)


def _shown(rng):
    total, far = near_and_far(rng)
    lines = f"whole gradient of U     {total:.1e}\nfrom lag 40 and beyond  {far:.1e}"
    return (("Measured just now on a random chain of 81 steps", lines),)


EXPLAIN = Exercise(
    id="4.7",
    title="Explain in two sentences",
    minutes=10,
    points=2,
    parts=(a_choice(verdict, "ABCDE", MISTAKES, _shown),),
    hints=(
        "The length that is printed belongs to a sum. What are its summands?",
        "Each step has a share, and the share of step t has passed all Jacobians from t to the "
        "end. Which shares can be large?",
        "Only the nearest shares can be large; they alone make the 0.3. So one has to look at the "
        "shares by lag, and D says that.",
    ),
    after="Compare your sentences with the rubric below: two things should be in them.",
    why="The gradient of U is a sum of shares, one a step. Shares from far back have passed many "
    "Jacobians and shrink like a power of the lag; the near ones have passed few. So the length of "
    "the sum tells about the near past only. A higher rate and clipping multiply near and far "
    "alike, and more digits do not help against the noise of the batch. What helps is to measure "
    "by lag, and then to change the chain.",
)
