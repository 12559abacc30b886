"""5.4 Predict and explain: what a clip does to a part that has vanished."""

import numpy as np

from ..choice import a_choice
from ..exercise import Exercise, Mistake


def prediction():
    """What happens to the two parts of the gradient, and why?

    Returns a letter and a sentence.
    """
    return "C", (
        "Clipping by norm multiplies every entry by one and the same factor, so both parts shrink "
        "alike and the share of the far part stays what it was."
    )


MISTAKES = (
    Mistake(
        "A: clipping makes room",
        "A says that the far part grows. A clip has one factor, and that is never above 1: nothing "
        "becomes longer.",
        "Write the factor down: min(1, 0.02 / 0.2). Which of the two parts is multiplied by it?",
        misconception=9,
    ),
    Mistake(
        "B: only the long part is cut",
        "B is what clipping by value does: it cuts large entries and leaves small ones. By norm, "
        "one factor meets all entries.",
        "There is one length, of both parts together, and one factor.",
        misconception=8,
    ),
    Mistake(
        "D: nothing happens",
        "D would be right with a limit above 0.2. Whether a gradient is clipped depends on the "
        "limit and on nothing else: there is no fixed size at which it counts as exploded.",
        "Compare the length, 0.2, with the limit, 0.02.",
    ),
    Mistake(
        "E: both parts get the length of the limit",
        "E says that each part is brought to the length of the limit. The limit holds for the "
        "whole gradient, and it only shortens.",
        "Which length is compared with the limit, and when is anything changed at all?",
        misconception=9,
    ),
)


def _shown(rng):
    near, far = rng.normal(size=8), rng.normal(size=8)
    near *= 0.2 / np.linalg.norm(near)
    far *= 2e-10 / np.linalg.norm(far)
    factor = 0.02 / np.linalg.norm([*near, *far])
    by_value = [np.clip(part, -0.02, 0.02) for part in (near, far)]
    rows = (
        ("before", near, far),
        ("clipped by norm", near * factor, far * factor),
        ("clipped by value", *by_value),
    )
    lines = [
        f"{name:<17} near {np.linalg.norm(n):.1e}   far {np.linalg.norm(f):.1e}   "
        f"far / near {np.linalg.norm(f) / np.linalg.norm(n):.1e}"
        for name, n, f in rows
    ]
    return (("Measured just now, both ways with a limit of 0.02", "\n".join(lines)),)


def _vary(rng):
    """Other lengths; the far part stays a thousand-millionth of the near one."""
    n = int(rng.integers(3, 10))
    return {
        "0.2": f"0.{n}",
        "0.02": f"0.0{n}",
        "2e-10": f"{n}e-10",
        "2e-11": f"{n}e-11",
        "0.0000000002": f"0.000000000{n}",
    }


VANISHED = Exercise(
    id="5.4",
    title="Predict and explain: clipping what has vanished",
    minutes=5,
    points=2,
    parts=(a_choice(prediction, "ABCDE", MISTAKES, _shown),),
    hints=(
        "Clipping by norm multiplies. By how many different numbers?",
        "The length of the whole is 0.2, since the far part adds nothing that one could see. The "
        "limit is 0.02. So the factor is 0.1.",
        "The near part becomes 0.02 and the far part 2e-11. What is their ratio, before and after?",
    ),
    after="Both shrink by the same factor, so the share of the far part is what it was. Compare "
    "your words with this.",
    why="Clipping is made for gradients that are too long. A part that has vanished is hidden "
    "behind a part that has not, and one factor for both cannot bring it out. Clipping by value "
    "does raise the share, by cutting the other part, but a share of 1e-8 is as invisible as one "
    "of 1e-9. What helps must act before: another start, or another module.",
    vary=_vary,
)
