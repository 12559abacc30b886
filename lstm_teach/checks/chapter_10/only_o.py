"""10.5 Predict and explain: only the output gate's path is switched on."""

import numpy as np

from ...cells import LSTM
from ...chain import forward, init
from ...influence import jacobians, largest_singular_value
from ..choice import a_choice
from ..exercise import Exercise, Mistake


def only_o():
    """The paths through U_i, U_f and U_g are switched off, U_o is on. What is left of ∂c_T/∂c_0?

    Returns a letter and a sentence.
    """
    return "B", (
        "The output gate writes into h only. To come back to c, a path has to leave h through the "
        "input gate, the forget gate or the candidate, and these are off. So only the carousel "
        "arrives."
    )


def measured(rng, T=40):
    """{which paths are on: the size of ∂c_T/∂c_0} for one random LSTM with b_f = 2."""
    params = init(LSTM, rng, 4, 16, forget_bias=2.0)
    _, _, trace = forward(LSTM, params, rng.normal(size=(T, 1, 4)))

    def size(on):
        keep = np.array([name in on for name in LSTM.layers])[:, None, None]
        J = jacobians(LSTM, params._replace(U=params.U * keep), trace)
        return float(largest_singular_value(J.c.c[0, 0])), float(
            largest_singular_value(J.h.c[0, 0])
        )

    return {on: size(on) for on in ("", "o", "ifg", "ifgo")}


MISTAKES = (
    Mistake(
        "A: more than the carousel",
        "A expects a path from c through the output gate back to c. Follow it on the drawing: from "
        "c up to h, from h into the layer o, from o to the pink circle below tanh, and out as the "
        "next h. Where does it turn off to c?",
        "Which layers' answers reach the thick line at the top?",
    ),
    Mistake(
        "C: nothing at all",
        "C switches off too much. The carousel does not go through any U.",
        "Which path from c to c passes no layer?",
        misconception=4,
    ),
    Mistake(
        "D: less than the carousel",
        "D lets the output gate shrink what passes on the carousel. It multiplies tanh(c) on the "
        "way to h; the c that goes on to the next step has passed before that.",
        "On the drawing, is there a pink circle of the output gate on the line at the top?",
    ),
)


def _shown(rng):
    names = {"": "carousel alone", "o": "carousel and o", "ifg": "i f g", "ifgo": "all four"}
    rows = [f"{'switched on':<16}{'∂c_T/∂c_0':>12}{'∂h_T/∂c_0':>12}"]
    for on, (of_c, of_h) in measured(rng).items():
        rows.append(f"{names[on]:<16}{of_c:12.1e}{of_h:12.1e}")
    return (("Measured just now on a random chain, 40 steps", "\n".join(rows)),)


ONLY_O = Exercise(
    id="10.5",
    title="Predict and explain: the output gate alone",
    minutes=5,
    points=2,
    parts=(a_choice(only_o, "ABCD", MISTAKES, _shown),),
    hints=(
        "Put a finger on c in the drawing and walk forwards, through o only. Where can you come "
        "out?",
        "The answer of the layer o meets tanh(c) and leaves as h. It never meets the line of c.",
        "From h to c three layers lead: i, f and g. With these switched off, what starts at c and "
        "ends at c has stayed on the carousel.",
    ),
    after="Exactly the carousel, to the last digit. Compare your words with this.",
    why="A path from c to c may leave the carousel through h = o * tanh(c). It can return only "
    "where a layer's answer meets c: through i * g or through f * c. The layer o does not; its "
    "answer goes into the next h. It does change how h_T answers, and with i, f or g switched on "
    "too, paths may pass through it on their way.",
)
