"""2.7 Predict and explain: two inputs change places."""

import numpy as np

from ...cells import RNN
from ...chain import forward, init
from ..display import Words
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..returned import described

CHOICES = ("A", "B", "C", "D", "E")
STEPS, FIRST, SECOND = 8, 3, 5
KEPT = "Your words, kept here for you and your teacher"


def prediction():
    """Which outputs change when x_3 and x_5 change places, and why?

    Returns a letter and a sentence.
    """
    return "D", (
        "h_1 and h_2 are computed before x_3 arrives. h_3 sees another input, and every later h "
        "is computed from the one before it, so the difference is handed on to all of them."
    )


def measured_changes(rng):
    """How far each of h_1 ... h_8 of a random chain moves when x_3 and x_5 change places."""
    params = init(RNN, rng, 2, 4)._replace(b=rng.normal(size=(1, 4)))
    x = rng.normal(size=(STEPS, 1, 2))
    swapped = x.copy()
    swapped[[FIRST - 1, SECOND - 1]] = x[[SECOND - 1, FIRST - 1]]
    difference = forward(RNN, params, swapped)[0] - forward(RNN, params, x)[0]
    return np.abs(difference).max(axis=(1, 2))


MISTAKES = (
    Mistake(
        "A: order does not matter",
        "A says that a chain is a bag: only which inputs came counts, not when. But each h is "
        "computed from the one before it, so x_3 goes through more steps than x_5.",
        "Write h_2 out in full: tanh(x_2 W + tanh(x_1 W + ...) U + b). Exchange x_1 and x_2. Is it "
        "the same?",
    ),
    Mistake(
        "B: no memory",
        "B would be right if each output saw its own input and nothing else. But h_4 is computed "
        "from h_3.",
        "Follow the lines that leave copy 3 of the unrolled chain: where does h_3 go?",
    ),
    Mistake(
        "C: all is well once both have come",
        "C says that the difference is gone once both inputs have been seen. But h_5 is computed "
        "from h_4, which is different; and nothing later brings the two runs together again.",
        "What would have to be true of h_5 in both runs for h_6 to be equal?",
    ),
    Mistake(
        "E: the past changes too",
        "E says that h_1 and h_2 change as well. They are computed before x_3 comes: nothing flows "
        "backwards in this chain. The weights are shared, but they are not changed by the inputs.",
        "What does h_1 depend on? List everything.",
    ),
)


def _read(value):
    """(letter, reason), or a Finding."""
    letter, reason = (value, "") if type(value) is str else (None, None)
    if type(value) in (tuple, list) and len(value) == 2:
        letter, reason = value
    if type(letter) is not str or letter.strip().strip(".)").upper() not in CHOICES:
        return Finding(
            f"`prediction` gave {described(value)}; expected a letter from A to E and a sentence.",
            hint='For example `return "A", "because ..."`.',
        )
    if type(reason) is not str or len(reason.split()) < 3:
        return Finding(
            "Your choice is noted. The reason is missing, and the reason is the exercise.",
            hint='Add a sentence: `return "A", "because ..."`. Then the check will tell you more.',
            mistake="no reason given",
        )
    return letter.strip().strip(".)").upper(), reason


def _examine(value, rng):
    read = _read(value)
    if isinstance(read, Finding):
        return read
    letter, reason = read
    for mistake in MISTAKES:
        if mistake.name.startswith(letter):
            return Finding(
                mistake.says,
                exhibits=((KEPT, Words(reason)),),
                hint=mistake.hint,
                mistake=mistake.name,
            )
    return None


def _praise(value, rng):
    moved = measured_changes(rng)
    lines = [f"h_{t}  {distance:.3f}" for t, distance in enumerate(moved, start=1)]
    return (
        (f"{KEPT}; no machine has judged them", Words(_read(value)[1])),
        ("Measured just now on a random chain, how far each output moved", "\n".join(lines)),
    )


ORDER = Exercise(
    id="2.7",
    title="Predict and explain: two inputs change places",
    minutes=5,
    points=2,
    parts=(ValuePart(reference=prediction, examine=_examine, mistakes=MISTAKES, praise=_praise),),
    hints=(
        "Draw the unrolled chain with eight copies. Colour the arrows into copy 3 and copy 5: they "
        "carry other numbers now.",
        "Colour every line that starts at a coloured copy. Which copies do the colours reach?",
        "Lines lead only to the right, and each copy hands its h to the next. So everything from "
        "the first coloured copy on is coloured.",
    ),
    after="h_1 and h_2 were computed before the exchange. h_3 sees another input. From there on "
    "each h is computed from an h that is different. Compare your words with this.",
    why="Each h_t is computed from x_t and h_{t-1}. Before step 3 nothing has changed. At step 3 "
    "the input is another one, so h_3 is; h_4 has its old input and a changed h_3; and so on to "
    "the end. At step 5 both inputs have been seen, but in another order, and a chain keeps the "
    "order: that is what it is for. (With U = 0 the chain has no memory, and only h_3 and h_5 "
    "would change.)",
)
