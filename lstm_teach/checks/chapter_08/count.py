"""8.7 How many numbers the gates are, and how many weights compute them."""

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AWholeNumber


def gate_values(T, B, H):
    """How many gate values does an LSTM of H units compute for B sequences of T steps?

    Counted is every number that an input gate, forget gate or output gate has at some step.
    """
    return T * B * 3 * H


def gate_weights(D, H):
    """How many weights and biases compute the three gates of an LSTM with D inputs and H units?"""
    return 3 * (D * H + H * H + H)


def _value_cases(rng):
    sizes = [(1, 1, 2), (5, 2, 3), (10, 4, 8), *rng.integers(2, 30, (3, 3)).tolist()]
    return [Case(tuple(s), label=f"T = {s[0]}, B = {s[1]}, H = {s[2]}") for s in sizes]


def _weight_cases(rng):
    sizes = [(2, 3), (4, 8), (7, 2), *rng.integers(2, 40, (3, 2)).tolist()]
    return [Case(tuple(s), label=f"D = {s[0]}, H = {s[1]}") for s in sizes]


VALUE_MISTAKES = (
    Mistake(
        "three gates, three numbers",
        "You count three numbers a step. A gate is as wide as the state: it has a number for each "
        "unit.",
        "3 H numbers at each step of each sequence.",
        answers=(lambda T, B, H: 3 * T * B, lambda T, B, H: 3 * T, lambda T, B, H: 3),
        misconception=131,
    ),
    Mistake(
        "four gates",
        "You count four gates. The fourth layer is the candidate: it has a sign, and it does not "
        "stand before anything.",
        "i, f and o are gates. g is what they are about.",
        answers=(lambda T, B, H: 4 * T * B * H, lambda T, B, H: 4 * T * B),
        misconception=15,
    ),
    Mistake(
        "one step only",
        "You count one step. Gates are computed anew at each of the T steps.",
        "Multiply by T.",
        answers=(lambda T, B, H: 3 * B * H, lambda T, B, H: 3 * H),
    ),
    Mistake(
        "one sequence only",
        "You count one sequence. The B sequences of a batch have different gates.",
        "Multiply by B.",
        answers=(lambda T, B, H: 3 * T * H,),
    ),
    Mistake(
        "one gate only",
        "You count one gate. There are three.",
        "i, f and o.",
        answers=(lambda T, B, H: T * B * H,),
    ),
    Mistake(
        "two gates only",
        "You count two gates. That was the LSTM of 1997; the forget gate came in 2000.",
        "i, f and o.",
        answers=(lambda T, B, H: 2 * T * B * H,),
        misconception=14,
    ),
)

WEIGHT_MISTAKES = (
    Mistake(
        "the candidate counted",
        "You count all four layers. The candidate is no gate.",
        "Three layers, not four.",
        answers=(lambda D, H: 4 * (D * H + H * H + H),),
        misconception=15,
    ),
    Mistake(
        "one number for a gate",
        "You count weights for gates of one number each. Each gate has H of them, and each of "
        "those has weights of its own.",
        "W of a gate is (D, H), U is (H, H), b is (H,).",
        answers=(lambda D, H: 3 * (D + H + 1), lambda D, H: D + H + 1),
        misconception=131,
    ),
    Mistake(
        "the biases left out",
        "The biases are not counted.",
        "Each gate has H of them.",
        answers=(lambda D, H: 3 * (D * H + H * H),),
        misconception=12,
    ),
    Mistake(
        "each unit hears only itself",
        "You let each gate value hear only its own unit. It hears the whole of h.",
        "U is (H, H), a square.",
        answers=(lambda D, H: 3 * (D * H + H + H),),
    ),
    Mistake(
        "does not hear h",
        "U is not counted. The gates hear what the cell has shown at the step before.",
        "Each gate has a U of shape (H, H).",
        answers=(lambda D, H: 3 * (D * H + H),),
    ),
    Mistake(
        "the weights of one gate",
        "That is one gate.",
        "Times three.",
        answers=(lambda D, H: D * H + H * H + H,),
    ),
    Mistake(
        "two biases for each",
        "You count two biases for each gate value, as PyTorch stores them. They are only ever "
        "added: one does the same.",
        "b is (H,).",
        answers=(lambda D, H: 3 * (D * H + H * H + 2 * H),),
        misconception=31,
    ),
)

COUNT_GATES = Exercise(
    id="8.7",
    title="Count the gates",
    minutes=6,
    points=2,
    parts=(
        FunctionPart(
            reference=gate_values,
            cases=_value_cases,
            returns=AWholeNumber("a count"),
            mistakes=VALUE_MISTAKES,
            hint="Which gates are there, how wide is each, and how often is it computed?",
        ),
        FunctionPart(
            reference=gate_weights,
            cases=_weight_cases,
            returns=AWholeNumber("a count"),
            mistakes=WEIGHT_MISTAKES,
            hint="Write down the shapes of W, U and b of one gate.",
        ),
    ),
    hints=(
        "How many of the four layers are gates? And how wide is a gate?",
        "Three gates with H numbers each, at every step of every sequence. Each gate is a layer "
        "with W (D, H), U (H, H) and b (H,).",
        "`T * B * 3 * H` and `3 * (D * H + H * H + H)`.",
    ),
    after="Values are computed anew at every step; the weights are the same at all steps.",
    why="A gate is a row of H numbers, one for each unit, and there are three. T and B multiply "
    "values, not weights. The fourth layer has as many weights as a gate, and is none.",
)
