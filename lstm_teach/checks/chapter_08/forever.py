"""8.2 Predict and explain: an input gate that is open for ever."""

import numpy as np

from ..choice import a_choice
from ..exercise import Exercise, Mistake


def stream_prediction():
    """Where is c after 10,000 distractors, and why?

    Returns a letter and a sentence.
    """
    return "C", (
        "Each distractor moves c by a half, up or down, and nothing takes it back: after n of them "
        "c is typically half the root of n away, so the key's 1 no longer shows in its sign."
    )


MISTAKES = (
    Mistake(
        "A: the distractors cancel",
        "A says that ups and downs cancel. In the mean over many streams they do. In one stream "
        "they do not: a walk of n steps of a half typically ends half the root of n away.",
        "Toss a coin 10,000 times: how far from even do heads and tails usually end?",
    ),
    Mistake(
        "B: bounded by tanh",
        "B takes the tanh in g for a bound on c. It bounds each step. c is the sum of all steps, "
        "and no tanh stands around it.",
        "How large can a sum of 10,000 numbers between -1 and 1 be?",
        misconception=17,
    ),
    Mistake(
        "D: every step adds",
        "D would be right if all candidates had the same sign. That is the worst case. Here a "
        "coin decides the sign.",
        "The bound is 5,000; what is typical is the root of that kind of thing.",
    ),
    Mistake(
        "E: the memory fades",
        "E describes a forget gate below 1. Here f is 1: nothing fades, neither the key nor what "
        "was written over it.",
        "By what is the old c multiplied at each step?",
    ),
)


def _shown(rng):
    steps = rng.choice([-0.5, 0.5], (10_000, 500)).cumsum(axis=0)
    rows = [
        f"{n:6} distractors: |c| typically {np.sqrt(((1 + steps[n - 1]) ** 2).mean()):6.1f}, "
        f"c has the key's sign in {(1 + steps[n - 1] > 0).mean():.2f} of the streams"
        for n in (1, 10, 100, 1000, 10_000)
    ]
    return (("500 streams, run just now", "\n".join(rows)),)


def _vary(rng):
    """Another number of distractors."""
    root = int(rng.choice([40, 50, 60, 70, 80, 90]))
    return {
        "10,000": f"{root**2:,}",
        "10_000": f"{root**2:_}",
        "50": root // 2,
        "5,000": f"{root**2 // 2:,}",
    }


FOREVER = Exercise(
    id="8.2",
    title="Predict and explain: an input gate that is open for ever",
    minutes=8,
    points=2,
    parts=(a_choice(stream_prediction, "ABCDE", MISTAKES, _shown),),
    hints=(
        "With f = 1 and i = 1 the cell state is a plain sum. Of what?",
        "The key's 1, and 10,000 times a half with a sign from a coin. Equation (8.8) has such a "
        "sum.",
        "0.5 · √10,000 = 50. Compare that with the key's 1, and ask what tanh(50) shows.",
    ),
    after="The key is still in the sum, all of it. Nobody can find it there.",
    why="With f = 1 nothing is lost, and that does not help: what is added later is kept just as "
    "faithfully. The distance of a random walk grows with the root of the number of steps, "
    "0.5 · √10,000 = 50, and tanh of that is 1 or -1. To remember is to keep, and to keep others "
    "out. The first is the forget gate's part, the second the input gate's.",
    vary=_vary,
)
