"""6.3 The half-life of a leak, and a leak for a half-life."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import ANumber


def steps_to_half(leak):
    """After how many steps is half of c left, if c' = leak * c?

    leak: a number above 0 and below 1. Returns a number, not rounded.
    """
    return np.log(0.5) / np.log(leak)


def leak_for(steps):
    """The leak with which half of c is left after this many steps.

    steps: a number above 0. Returns a number above 0 and below 1.
    """
    return 0.5 ** (1 / steps)


def _leaks(rng):
    drawn = rng.uniform(0.05, 0.999, 4).round(3)
    return [Case((leak,)) for leak in (0.5, 0.25, 0.9, 0.99, *map(float, drawn))]


def _steps(rng):
    drawn = rng.uniform(0.3, 300, 4).round(1)
    return [Case((steps,)) for steps in (1.0, 2.0, 10.0, 100.0, *map(float, drawn))]


HALF_MISTAKES = (
    Mistake(
        "the fraction upside down",
        "Your fraction stands on its head. At leak 0.9 it says that less than one step is enough.",
        "leakⁿ = ½, so n · ln(leak) = ln(½). Solve for n.",
        answers=(lambda leak: np.log(leak) / np.log(0.5),),
    ),
    Mistake(
        "a negative number of steps",
        "Your answer is negative: ln(2) / ln(leak). Logarithms of numbers below 1 are negative, "
        "and there have to be two of them.",
        "ln(½), not ln(2).",
        answers=(lambda leak: np.log(2) / np.log(leak), lambda leak: np.log(0.5) / -np.log(leak)),
    ),
    Mistake(
        "a straight line",
        "You take away the same amount at every step: 0.5 / (1 - leak). A leak takes the same "
        "share, so ever less.",
        "After n steps leakⁿ is left.",
        answers=(lambda leak: 0.5 / (1 - leak),),
    ),
    Mistake(
        "1 / (1 - leak)",
        "1 / (1 - leak) is where c settles on a stream of ones. The half-life is shorter, by a "
        "factor near 0.69 for leaks near 1.",
        "Solve leakⁿ = ½ for n.",
        answers=(lambda leak: 1 / (1 - leak),),
    ),
    Mistake(
        "rounded",
        "Your answer is a whole number. Asked for is the exact n, with its digits.",
        "Leave out the rounding.",
        answers=(
            lambda leak: np.ceil(np.log(0.5) / np.log(leak)),
            lambda leak: np.round(np.log(0.5) / np.log(leak)),
            lambda leak: np.floor(np.log(0.5) / np.log(leak)),
        ),
    ),
    Mistake(
        "until 1/e is left",
        "You compute when 1/e, about 37 %, is left. Half is left sooner.",
        "ln(½) above the line, where you have -1.",
        answers=(lambda leak: -1 / np.log(leak),),
    ),
)

LEAK_MISTAKES = (
    Mistake(
        "½ to the power of the steps",
        "½ to the power of n is left if half is lost at *every* step.",
        "leakⁿ = ½, so leak is the n-th root of ½.",
        answers=(lambda steps: 0.5**steps,),
    ),
    Mistake(
        "a leak above 1",
        "Your leak is above 1: with it c doubles in that many steps.",
        "The n-th root of ½, not of 2.",
        answers=(lambda steps: 2 ** (1 / steps),),
    ),
    Mistake(
        "loses the same amount each step",
        "1 - 0.5 / n loses the same amount at every step. It is near for long half-lives, and "
        "wrong for short ones.",
        "leakⁿ = ½.",
        answers=(lambda steps: 1 - 0.5 / steps,),
    ),
    Mistake(
        "1 - 1 / n",
        "With 1 - 1/n, after n steps about 37 % is left, not half. (And at n = 1 nothing.)",
        "leakⁿ = ½.",
        answers=(lambda steps: 1 - 1 / steps,),
    ),
    Mistake(
        "1/e in place of one half",
        "After n steps your leak leaves 1/e, about 37 %.",
        "exp(ln(½) / n), where you have exp(-1 / n).",
        answers=(lambda steps: np.exp(-1 / steps),),
    ),
)

LEAK = Exercise(
    id="6.3",
    title="The half-life of a leak",
    minutes=8,
    points=2,
    parts=(
        FunctionPart(
            reference=steps_to_half,
            cases=_leaks,
            returns=ANumber("a half-life"),
            mistakes=HALF_MISTAKES,
            hint="Try leak = 0.5, which needs 1 step, and leak = 0.25, which needs half of one.",
        ),
        FunctionPart(
            reference=leak_for,
            cases=_steps,
            returns=ANumber("a leak"),
            mistakes=LEAK_MISTAKES,
            hint="Put your leak into `steps_to_half`: the steps should come out again.",
        ),
    ),
    hints=(
        "After n steps a share of leakⁿ is left. Which n makes that one half?",
        "Take the logarithm on both sides: n · ln(leak) = ln(½). For the way back, take the n-th "
        "root: leak = ½ to the power of 1/n.",
        "`np.log(0.5) / np.log(leak)` and `0.5 ** (1 / steps)`.",
    ),
    after="A half-life of 100 steps needs a leak of 0.9931; one of 1000 needs 0.9993. Chapter 07 "
    "learns them.",
    why="A leak takes the same share at every step, so after n steps leakⁿ is left; the logarithm "
    "brings n down. The same n holds for an error on its way back. Near 1 the half-life is about "
    "0.69 / (1 - leak): it is the distance from 1 that counts.",
)
