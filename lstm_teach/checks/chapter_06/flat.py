"""6.8 Predict and explain: which errors get on the carousel."""

import numpy as np

from ..choice import a_choice
from ..exercise import Exercise, Mistake


def rides():
    """How much of the error do the two cells hear, at the end and 1000 steps before?

    Returns a letter and a sentence.
    """
    return "B", (
        "Getting on costs the slope of tanh(c), which is zero at 40 and 0.79 at 0.5; after that "
        "nothing multiplies the error, so it is the same at step 1 and at step 1000."
    )


MISTAKES = (
    Mistake(
        "A: it fades on the way",
        "A says that the error fades over 1000 steps. Along c its factor is exactly 1; the input "
        "gates were shut, and nothing multiplies.",
        "What is ∂c_1000 / ∂c_1 in c' = c + i g?",
    ),
    Mistake(
        "C: the fuller cell hears more",
        "C says that the cell which holds more hears more. It is shown through tanh, and far out "
        "tanh has no slope.",
        "By how much does tanh(40) change when c becomes 41?",
        misconception=17,
    ),
    Mistake(
        "D: constant means the same for all",
        "D leaves out how the error gets *on* the carousel: from h through tanh into c. Only after "
        "that is it constant.",
        "told = dh · o · (1 - tanh²c). Put in c = 40.",
    ),
)


def _shown(rng):
    c = np.array([40.0, 0.5])
    told = 0.9 * (1 - np.tanh(c) ** 2)
    lines = [
        f"c = {value:4}:  dc at step 1000 {error:.2f}   at step 1 {error:.2f}"
        for value, error in zip(c, told, strict=True)
    ]
    return (("Computed just now", "\n".join(lines)),)


def _vary(rng):
    """Two other cell states, and another output gate."""
    large, small = int(rng.choice([30, 50, 60])), float(rng.choice([0.3, 0.4, 0.6, 0.7]))
    o = float(rng.choice([0.6, 0.7, 0.8]))
    slope = 1 - np.tanh(small) ** 2
    return {
        "40": large,
        "40.0": float(large),
        "41": large + 1,
        "0.5": small,
        "0.9": o,
        "0.79": f"{slope:.2f}",
        "0.71": f"{o * slope:.2f}",
    }


FLAT = Exercise(
    id="6.8",
    title="Predict and explain: who hears the error",
    minutes=5,
    points=2,
    parts=(a_choice(rides, "ABCD", MISTAKES, _shown),),
    hints=(
        "Two questions: what does it cost to get on the carousel, and what does the ride cost?",
        "Getting on: dh · o · (1 - tanh²c). The ride: a factor of 1 a step.",
        "1 - tanh²(40) is 0 in every float; 1 - tanh²(0.5) is 0.79, and 0.9 times that is 0.71.",
    ),
    after="The ride is free, and getting on is not. Compare your words with this.",
    why="A constant error carousel keeps errors that are on it. A cell whose c has grown to 40 is "
    "not reached by any: tanh is flat there. So a stream without resets does two kinds of harm, to "
    "what the cell shows and to what it can still learn.",
    vary=_vary,
)
