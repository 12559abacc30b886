"""3.8 Predict and explain: carried over the border."""

import numpy as np

from ...cells import RNN
from ...chain import forward, init
from ...truncated import truncated_bptt
from ..choice import a_choice
from ..exercise import Exercise, Mistake

STEPS, SPAN = 10, 5


def prediction():
    """Can a gradient in spans of 5 learn that x_3 decides what is right at step 8?

    Returns a letter and a sentence.
    """
    return "C", (
        "The loss of step 8 sends its gradient back as far as step 6, where its span begins. What "
        "it has to say about step 3 is cut off, for every sequence, so no average brings it back."
    )


def measured(rng):
    """How large W's gradient is, full and in spans, if x_3 is the only input and step 8 is judged.

    Also how much h_8 moves when x_3 does.
    """
    params = init(RNN, rng, 1, 4)._replace(b=rng.normal(size=(1, 4)))
    x = np.zeros((STEPS, 1000, 1))
    x[2] = rng.normal(size=(1000, 1))

    def slope(h, start):
        dh = np.zeros_like(h)
        if start <= 7 < start + len(h):
            dh[7 - start] = 2 * (h[7 - start] - x[2]) / 1000
        return dh

    def size(span):
        return float(np.linalg.norm(truncated_bptt(RNN, params, x, slope, span=span)[1].params.W))

    silent = forward(RNN, params, np.zeros_like(x))[0]
    moved = float(np.abs(forward(RNN, params, x)[0] - silent)[7].max())
    return size(STEPS), size(SPAN), moved


MISTAKES = (
    Mistake(
        "A: the gradient goes where the state goes",
        "A says that the gradient can go back the way on which the state was carried. But carrying "
        "the state on and letting the gradient back are two choices, and here the second was not "
        "made: at the start of a span the state counts as given from outside.",
        "Which loop computes the gradient, and where does it begin and end?",
        misconception=10,
    ),
    Mistake(
        "B: only noise, the average is right",
        "B takes the cut for noise. Noise differs from sequence to sequence and averages out; this "
        "error is the same for each of them. It is a bias.",
        "What does one sequence say of x_3? And the next?",
        misconception=10,
    ),
    Mistake(
        "D: nothing of x_3 is left at step 8",
        "D would be right if the state were set to zero at the border. It is carried: h_8 does "
        "depend on x_3. It is the gradient that stops.",
        "Forward, is anything cut between step 5 and step 6?",
        misconception=10,
    ),
)


def _shown(rng):
    full, cut, moved = measured(rng)
    lines = [
        f"largest change of h_8 when x_3 changes   {moved:.3f}",
        f"length of dW, full gradient              {full:.6f}",
        f"length of dW, spans of 5                 {cut:.6f}",
    ]
    return (("Measured just now on a random chain, 1000 sequences", "\n".join(lines)),)


def _vary(rng):
    """Longer spans: the border lies elsewhere."""
    span = int(rng.integers(6, 10))
    late = span + 3
    return {
        "STEPS, SPAN = 10, 5": f"STEPS, SPAN = {2 * span}, {span}",
        "ten": ("twelve", "fourteen", "sixteen", "eighteen")[span - 6],
        "spans of 5": f"spans of {span}",
        "steps 1 to 5, then 6 to 10": f"steps 1 to {span}, then {span + 1} to {2 * span}",
        "step 5": f"step {span}",
        "step 6": f"step {span + 1}",
        "step 8": f"step {late}",
        "8, 7 and 6": f"{late}, {late - 1} and {late - 2}",
        "h_5": f"h_{span}",
        "h_8": f"h_{late}",
        "7 <": f"{late - 1} <",
        "7 - start": f"{late - 1} - start",
        "[7]": f"[{late - 1}]",
    }


CARRIED = Exercise(
    id="3.8",
    title="Predict and explain: carried over the border",
    minutes=5,
    points=2,
    parts=(a_choice(prediction, "ABCD", MISTAKES, _shown),),
    hints=(
        "Draw the ten copies and a line between step 5 and step 6. Which arrows cross it forward? "
        "Which are let back?",
        "Forward, h_5 crosses the line. Backward, the loop over the second span ends at step 6.",
        "The gradient of the loss at step 8 reaches steps 8, 7 and 6. Step 3, where x_3 met W, "
        "hears nothing, in any sequence.",
    ),
    after="The state crosses the border, the gradient does not. Compare your words with this.",
    why="Forward nothing is cut, so h_8 depends on x_3. Backward the loss of step 8 reaches steps "
    "8, 7 and 6. x_3 met W at step 3; this share of dW is missing in every sequence, and the mean "
    "of a thousand zeros is zero. The chain may still come to use x_3 by luck, through what other "
    "losses teach it; this gradient does not ask for it.",
    vary=_vary,
)
