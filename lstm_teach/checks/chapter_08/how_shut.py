"""8.5 The bias that shuts a gate for a stream of given length."""

import math

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import ANumber


def bias_that_shuts(T, most):
    """The bias at which T distractors move the cell state by `most` in the worst case.

    The carousel has f = 1, the gate rests at i = σ(bias), and every candidate is 1.
    T: a whole number; most: above 0 and below T. Returns a number.
    """
    return np.log(most / (T - most))


def _cases(rng):
    given = [(400, 0.1), (40, 0.1), (2, 1.0), (10, 7.5)]
    given += [(int(rng.integers(20, 999)), most) for most in (0.05, 0.5, 2.0)]
    return [Case(args, label=f"T = {args[0]}, most = {args[1]}") for args in given]


MISTAKES = (
    Mistake(
        "the gate, not its bias",
        "You return how far open the gate may be, most / T. The bias is what goes into the "
        "logistic function to give that.",
        "For which b is σ(b) = p? Turn 1 / (1 + exp(-b)) = p round.",
        answers=(lambda T, most: most / T,),
    ),
    Mistake(
        "the sign turned round",
        "Your bias has the wrong sign: it opens the gate.",
        "A gate below 1/2 has a negative bias.",
        answers=(
            lambda T, most: math.log((T - most) / most),
            lambda T, most: abs(math.log(most / (T - most))),
        ),
    ),
    Mistake(
        "exp in place of the logistic",
        "You turn exp(b) = most / T round. For a gate near 0 that is almost right; σ(b) is a "
        "little less than exp(b).",
        "σ(b) = p gives b = ln(p / (1 - p)).",
        answers=(lambda T, most: math.log(most / T),),
    ),
    Mistake(
        "one step only",
        "You ask for one distractor. There are T of them, and what they write adds up.",
        "T · σ(b) = most.",
        answers=(
            lambda T, most: math.log(most / abs(1 - most)) if most != 1 else math.inf,
            lambda T, most: math.log(most),
        ),
    ),
    Mistake(
        "the typical case",
        "You take the root of T. That is how far coin tosses wander; here every candidate is 1, "
        "the worst case.",
        "T steps of i each: T · i.",
        answers=(lambda T, most: _logit(most / math.sqrt(T)),),
    ),
    Mistake(
        "a logarithm to another base",
        "Your logarithm has the base 10 (or 2). The logistic function is made of exp, so its "
        "inverse needs the natural one.",
        "`np.log` or `math.log`.",
        answers=(
            lambda T, most: math.log10(most / (T - most)),
            lambda T, most: math.log2(most / (T - most)),
        ),
    ),
    Mistake(
        "artanh in place of its cousin",
        "You turn tanh round. A gate is a logistic function.",
        "ln(p / (1 - p)), without a half in front.",
        answers=(lambda T, most: np.arctanh(most / T),),
    ),
)


def _logit(p):
    return math.log(p / abs(1 - p)) if p != 1 else math.inf


HOW_SHUT = Exercise(
    id="8.5",
    title="How shut is shut?",
    minutes=8,
    points=2,
    parts=(
        FunctionPart(
            reference=bias_that_shuts,
            cases=_cases,
            returns=ANumber("a bias"),
            mistakes=MISTAKES,
            hint="Put your bias back in: T · σ(bias) should be `most`.",
        ),
    ),
    hints=(
        "With f = 1 everything that is written stays. How much do T candidates of 1 write through "
        "a gate of size i?",
        "T · σ(b) = most. Write p = most / T, and turn σ(b) = p round.",
        "1 / (1 + exp(-b)) = p means exp(-b) = (1 - p) / p, so b = ln(p / (1 - p)) = "
        "ln(most / (T - most)).",
    ),
    after="For 400 steps and a tenth that is -8.3. A bias of -3 is shut for two steps.",
    why="What is written adds up, so the longer the stream, the more shut a gate must be: i below "
    "most / T. Each factor of ten in T costs about 2.3 in the bias. That is cheap: the logistic "
    "function gets small fast. It is also the danger. The gradient that could open the gate again "
    "gets small with it.",
)
