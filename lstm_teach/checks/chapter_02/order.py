"""2.7 Predict and explain: the old state put back."""

import numpy as np

from ...cells import RNN, RNNState
from ...chain import forward, init
from ..choice import a_choice
from ..exercise import Exercise, Mistake

STEPS, FIRST, SECOND = 8, 3, 5


def prediction():
    """Which of h_1 ... h_8 are others than before, once the old h_5 has been put back, and why?

    Returns a letter and a sentence.
    """
    return "C", (
        "h_3, h_4 and h_5 are computed from what was exchanged. h_6 is computed from x_6 and the "
        "h_5 that it is given; both are the old ones, so h_6 is, and with it all that follows."
    )


def measured_changes(rng):
    """How far each of h_1 ... h_8 of a random chain is from what it was before the exchange."""
    params = init(RNN, rng, 2, 4)._replace(b=rng.normal(size=(1, 4)))
    x = rng.normal(size=(STEPS, 1, 2))
    swapped = x.copy()
    swapped[[FIRST - 1, SECOND - 1]] = x[[SECOND - 1, FIRST - 1]]
    old, _, trace = forward(RNN, params, x)
    before, _, _ = forward(RNN, params, swapped[:SECOND])
    put_back = trace.states.h[SECOND]
    after, _, _ = forward(RNN, params, swapped[SECOND:], RNNState(h=put_back))
    return np.abs(np.concatenate([before, after]) - old).max(axis=(1, 2))


MISTAKES = (
    Mistake(
        "A: what is put back undoes the past",
        "A says that nothing differs. But h_3, h_4 and h_5 had been computed, and read, before the "
        "old state was put back. It changes what comes after it only.",
        "At which moment is the state exchanged? Which outputs are there already?",
    ),
    Mistake(
        "B: no memory",
        "B would be right if each output saw its own input and nothing else. But h_4 is computed "
        "from h_3.",
        "Follow the lines that leave copy 3 of the unrolled chain: where does h_3 go?",
    ),
    Mistake(
        "D: the past reaches on by another way",
        "D would be right if nothing had been put back. Now h_6 is computed from x_6 and the old "
        "h_5. Through which wire should it learn of the exchange?",
        "Draw copy 6. Which lines lead into it? What do they carry?",
    ),
    Mistake(
        "E: only what follows the hand",
        "E has it the wrong way round: h_3 to h_5 have seen other inputs, and h_6 to h_8 start "
        "from the state that they always started from.",
        "What does h_6 depend on? List everything, in both runs.",
    ),
)


def _shown(rng):
    moved = measured_changes(rng)
    lines = [f"h_{t}  {distance:.3f}" for t, distance in enumerate(moved, start=1)]
    return (
        (
            "Measured just now on a random chain, how far each output is from before",
            "\n".join(lines),
        ),
    )


def _vary(rng):
    """A longer chain, in which the exchange comes later."""
    later = int(rng.integers(1, 5))
    steps = ("nine", "ten", "eleven", "twelve")[later - 1]
    words = {
        "STEPS, FIRST, SECOND = 8, 3, 5": f"STEPS, FIRST, SECOND = {8 + later}, "
        f"{3 + later}, {5 + later}",
        "eight": steps,
        "h_1 and h_2 are": f"h_1 to h_{2 + later} are",
    }
    for k in range(3, 9):
        for what in ("h_", "x_", "step ", "copy ", "Copy "):
            words[f"{what}{k}"] = f"{what}{k + later}"
    return words


ORDER = Exercise(
    id="2.7",
    title="Predict and explain: the old state put back",
    minutes=5,
    points=2,
    parts=(a_choice(prediction, "ABCDE", MISTAKES, _shown),),
    hints=(
        "Draw the unrolled chain with eight copies. Colour the lines that carry other numbers than "
        "in the first run, from left to right.",
        "Between copy 5 and copy 6 somebody takes the coloured line off and plugs in the old one.",
        "Copy 6 has two lines coming in: x_6, which is what it was, and the state, which is the "
        "old one again. No other line leads from the past to copy 6.",
    ),
    after="From h_6 on the two runs are the same to the last bit. The state is all that a chain "
    "knows of its past: put the state back, and the past is put back. Compare your "
    "words with this.",
    why="h_1 and h_2 are computed before the exchange. h_3, h_4 and h_5 see it or hand it on. h_6 "
    "is computed from x_6 and h_5 alone, and both are as before; so h_6 is, and then h_7, and h_8. "
    "This is why a state is enough to carry on a sequence tomorrow, and why H numbers must hold "
    "everything of the past that will ever be needed.",
    vary=_vary,
)
