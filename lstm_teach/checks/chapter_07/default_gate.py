"""7.6 Predict and explain: how far a forget bias of 1 reaches."""

import numpy as np

from ...cells import LSTM
from ...chain import forward, init
from ...influence import jacobian_paths
from ...initialisers import biases
from ..choice import a_choice
from ..exercise import Exercise, Mistake


def reach_of_one():
    """What is left of the gradient along the carousel after 40 steps with b_f = 1, and why?

    Returns a letter and a sentence.
    """
    return "C", (
        "Each step multiplies by about 0.73, and 0.73 to the power of 40 is a few millionths: the "
        "half-life is only 2.2 steps."
    )


MISTAKES = (
    Mistake(
        "A: the carousel keeps everything",
        "A is the cell of 1997, without a forget gate. With one, the factor at each step is f, and "
        "f is below 1.",
        "Which number does σ(1) give, and how often does it enter?",
        misconception=2,
    ),
    Mistake(
        "B: one factor for all steps",
        "B counts the gate once. Each of the 40 steps multiplies by it again.",
        "0.73 · 0.73 is 0.53 already.",
        misconception=2,
    ),
    Mistake(
        "D: the slope of the gate",
        "D multiplies slopes of the logistic function, of which none is above a quarter. On the "
        "carousel c is multiplied by f itself.",
        "∂(f c)/∂c = f.",
        misconception=7,
    ),
    Mistake(
        "E: nothing at all",
        "E takes a small number for none. The logistic function never reaches 0 or 1, and forty "
        "factors of 0.73 are far above the smallest float.",
        "Compute 0.73**40.",
        misconception=16,
    ),
)


def _shown(rng):
    params = init(LSTM, rng, inputs=4, hidden=16, b=biases(f=1))
    _, _, trace = forward(LSTM, params, rng.normal(size=(40, 1, 4)))
    straight = np.abs(np.diagonal(jacobian_paths(LSTM, params, trace).carousel.c.c[0, 0]))
    lines = (
        f"0.73 to the power of 40           {0.73**40:.0e}",
        f"an LSTM of 16 units, its middle   {np.median(straight):.0e}",
        f"   its best unit                  {straight.max():.0e}",
    )
    return (("Measured just now, along the carousel over 40 steps", "\n".join(lines)),)


def _power_of_ten(number):
    """A small number as it stands in a text, such as 4 · 10⁻⁶."""
    digit, power = f"{number:.0e}".split("e-")
    return f"{digit} · 10⁻{str(int(power)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def _vary(rng):
    """Another lag. What was measured in the chapter stays at a lag of 40."""
    lag, word = ((30, "thirty"), (50, "fifty"), (60, "sixty"), (70, "seventy"))[rng.integers(4)]
    left, slopes = _power_of_ten(0.73**lag), _power_of_ten(0.2**lag).partition(" · ")[2]
    return {
        "40": lag,
        "at lag 40": "at lag 40",
        "forty": word,
        "Forty": word.capitalize(),
        "a few millionths": f"about {left}",
        "A few millionths": f"About {left}",
        "10⁻²⁸": slopes,
        "forty the square of that": f"{word} {left}",
    }


DEFAULT = Exercise(
    id="7.6",
    title="Predict and explain: how far the usual bias reaches",
    minutes=6,
    points=2,
    parts=(a_choice(reach_of_one, "ABCDE", MISTAKES, _shown),),
    hints=(
        "With b_f = 1 and small weights every gate is near σ(1). What does one step do to the "
        "gradient?",
        "σ(1) is 0.73. Forty steps, forty factors.",
        "0.73 to the power of 40: ten steps leave 0.04, twenty 0.002, forty the square of that.",
    ),
    after="A few millionths. Compare your words with this: half is gone after every 2.2 steps.",
    why="The bias of 1 is a good start for lags of a few steps, and it is what Keras does. The "
    "roundabout ways through the gates add to what the carousel leaves; in the chapter the key's "
    "share of the gradient at lag 40 was below a thousandth all the same. Setting b_f = 5 costs "
    "one line.",
    vary=_vary,
)
