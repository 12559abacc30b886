"""9.8 Predict and explain: shut once, heard by one gate."""

import numpy as np

from ...activations import logistic
from ...cells import LSTM
from ...chain import init
from ..choice import a_choice
from ..exercise import Exercise, Mistake

STEPS, SHUT = 8, 4


def shut_at_four():
    """Which of h_1 ... h_8 and c_1 ... c_8 are others than before, and why?

    Returns a letter and a sentence.
    """
    return "C", (
        "o_4 = 0 makes h_4 zero. Only o hears h, so o_5 is another, h_5 with it, and so on to "
        "h_8. i, f and g hear x alone, so no c ever changes."
    )


def measured_changes(rng, shut=SHUT, T=STEPS):
    """How far each h and each c of a chain whose h goes to o alone is moved: two arrays (T,)."""
    params = init(LSTM, rng, 2, 4)
    params.U[:3] = 0
    params.U[3] *= 4
    b = rng.normal(size=(4, 4))
    x = rng.normal(size=(T, 1, 2))

    def walk(shut_now):
        h = c = np.zeros((1, 4))
        rows = []
        for t in range(T):
            z = x[t] @ params.W + h @ params.U + b[:, None]
            i, f, g, o = logistic(z[0]), logistic(z[1]), np.tanh(z[2]), logistic(z[3])
            c = f * c + i * g
            h = np.tanh(c) * (0 if shut_now and t + 1 == shut else o)
            rows.append((h, c))
        return np.array(rows)[:, :, 0]

    return np.abs(walk(True) - walk(False)).max(axis=-1).T


MISTAKES = (
    Mistake(
        "A: shown or not, nothing follows from it",
        "A would be right if nobody heard h. But o_5 is computed from x_5 and h_4.",
        "Which of the four U is not zero?",
    ),
    Mistake(
        "B: what is not shown is lost",
        "B has c_4 changed, too. But c_4 is computed before o_4 has any say: c' = f * c + i * g.",
        "In the drawing: where does the output gate's line meet the others?",
        misconception=140,
    ),
    Mistake(
        "D: as in the chapter",
        "D is what happened in the chapter, where all four layers heard h. Here i, f and g do not.",
        "Write down what i_5, f_5 and g_5 are computed from, when their U is zero.",
    ),
    Mistake(
        "E: only the step after",
        "E stops too early: h_5 differs, and o_6 hears h_5.",
        "What does o_6 read?",
    ),
)


def _shown(rng):
    of_h, of_c = measured_changes(rng)
    lines = [
        f"h_{t}  {moved:.4f}    c_{t}  {cell:.4f}"
        for t, (moved, cell) in enumerate(zip(of_h, of_c, strict=True), start=1)
    ]
    label = "Measured just now on a random chain, how far each is from before"
    return ((label, "\n".join(lines)),)


def _vary(rng):
    """Another step at which the gate is shut."""
    by = int(rng.choice([-2, -1, 1]))
    words = {
        "STEPS, SHUT = 8, 4": f"STEPS, SHUT = 8, {4 + by}",
        "shut_at_four": f"shut_at_{('two', 'three', '', 'five')[by + 2]}",
    }
    for k in (4, 5, 6):
        for what in ("c_", "f_", "g_", "h_", "i_", "o_", "x_", "step ", "Step "):
            words[f"{what}{k}"] = f"{what}{k + by}"
    return words


SHUT_ONCE = Exercise(
    id="9.8",
    title="Predict and explain: shut once",
    minutes=6,
    points=2,
    parts=(a_choice(shut_at_four, "ABCDE", MISTAKES, _shown),),
    hints=(
        "Two questions. Which numbers does o_4 = 0 change at step 4? And through which wires does "
        "step 5 hear of it?",
        "At step 4: h_4, and not c_4. Step 5 hears h_4 through U; but three of the four U are "
        "zero.",
        "c_5 is made of f_5, i_5, g_5 and c_4, and none of them hears h. o_5 does, and makes h_5.",
    ),
    after="h has two readers, the outside and the gates. Here one gate listens, the one behind c; "
    "so the disturbance goes on in h and never enters the memory. Compare your words with this.",
    why="o stands behind c: it cannot change the c of its own step. It reaches later cell states "
    "only through h, and only if i, f or g have a U that is not zero. Here they have none.",
    vary=_vary,
)
