"""5.5 One step of Adam."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def adam_step(v, dv, m, s, n, rate):
    """The n-th step of Adam for the weights v, with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8.

    Shapes: v, dv, m, s (k,): weights, gradient, and the two means after step n - 1. n: 1 for the
    first step. Returns v', m', s', each (k,); the means as they are carried to the next step.
    """
    m = 0.9 * m + 0.1 * dv
    s = 0.999 * s + 0.001 * dv**2
    step = (m / (1 - 0.9**n)) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8)
    return v - rate * step, m, s


def _cases(rng):
    def state(k, size=1.0):
        return draw(rng, k), size * draw(rng, k), 0.3 * draw(rng, k), 0.1 * np.abs(draw(rng, k))

    zero = np.zeros(2)
    return [
        Case((draw(rng, 2), zero, zero, zero, 1, 0.1), "v", "v itself: no gradient, no step"),
        Case((zero, draw(rng, 2), zero, zero, 1, 0.1), "dv", "v' = -rate or +rate, nearly"),
        Case((*state(3), 1, 0.01)),
        Case((*state(3), 2, 0.1)),
        Case((*state(4), 30, 0.05)),
        Case((draw(rng, 2), *(1e-7 * draw(rng, 2) for _ in range(2)), zero, 5, 0.1)),
        Case((*state(2, 100.0), 400, 1.0)),
    ]


def _variant(
    beta1=0.9,
    beta2=0.999,
    times=lambda n: n,
    correct_m=True,
    correct_s=True,
    new_m=lambda beta, m, dv: beta * m + (1 - beta) * dv,
    new_s=lambda beta, s, dv, m: beta * s + (1 - beta) * dv**2,
    divisor=lambda s: np.sqrt(s) + 1e-8,
    way=-1,
):
    """Adam with one thing changed."""

    def answer(v, dv, m, s, n, rate):
        m = new_m(beta1, m, dv)
        s = new_s(beta2, s, dv, m)
        k = times(n)
        m_whole = m / (1 - beta1**k) if correct_m else m
        s_whole = s / (1 - beta2**k) if correct_s else s
        return v + way * rate * m_whole / divisor(s_whole), m, s

    return answer


def _carries_the_corrected(v, dv, m, s, n, rate):
    m = (0.9 * m + 0.1 * dv) / (1 - 0.9**n)
    s = (0.999 * s + 0.001 * dv**2) / (1 - 0.999**n)
    return v - rate * m / (np.sqrt(s) + 1e-8), m, s


def _old_means(v, dv, m, s, n, rate):
    step = (m / (1 - 0.9**n)) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8)
    return v - rate * step, 0.9 * m + 0.1 * dv, 0.999 * s + 0.001 * dv**2


def _old_means_returned(v, dv, m, s, n, rate):
    return adam_step(v, dv, m, s, n, rate)[0], m, s


def _not_finite_at(cases, outcomes):
    """The steps n at which the answer gave numbers that are not finite."""
    return {
        case.args[4]
        for case, outcome in zip(cases, outcomes, strict=True)
        if type(outcome.value) in (tuple, list)
        and any(type(v) is np.ndarray and not np.isfinite(v).all() for v in outcome.value)
    }


def _only_at_the_first_step(cases, outcomes):
    return _not_finite_at(cases, outcomes) == {1}


def _only_later(cases, outcomes):
    steps = _not_finite_at(cases, outcomes)
    return bool(steps) and 1 not in steps


MISTAKES = (
    Mistake(
        "no corrections",
        "The two divisions by 1 - βⁿ are missing. The first step is then 3.16 times too long, "
        "since s begins even lower than m. (One published library leaves them out by default.)",
        "m' / (1 - 0.9**n) and s' / (1 - 0.999**n), for the step only.",
        answers=(_variant(correct_m=False, correct_s=False),),
    ),
    Mistake(
        "corrects the mean only",
        "Only m is corrected, not s. Below the line stands a number that is far too small, so the "
        "first steps are more than thirty times too long.",
        "Both means begin at 0; both are divided by 1 minus their own βⁿ.",
        answers=(_variant(correct_s=False),),
    ),
    Mistake(
        "corrects the square only",
        "Only s is corrected, not m. The first step is ten times too short.",
        "Both means begin at 0; both are divided by 1 minus their own βⁿ.",
        answers=(_variant(correct_m=False),),
    ),
    Mistake(
        "counts the steps from zero",
        "At the first step you divide by zero: n is 1 there, and 1 - 0.9**(n - 1) is 0.",
        "The exponent is n itself: after one step a tenth of the gradient is in m.",
        seen=_only_at_the_first_step,
    ),
    Mistake(
        "one step too many",
        "Your exponent is n + 1. n is 1 at the first step already.",
        "Use n as it is handed to you.",
        answers=(_variant(times=lambda n: n + 1),),
    ),
    Mistake(
        "beta times n",
        "From the second step on you get nan: the root of a number below zero. That is 1 - β·n, "
        "which should be 1 - βⁿ, a power.",
        "`0.9**n`, not `0.9 * n`.",
        seen=_only_later,
    ),
    Mistake(
        "the corrected means are carried on",
        "The step is right; what you carry to the next step are the corrected means. There they "
        "would be corrected a second time.",
        "Return m' and s' as they were before the divisions.",
        answers=(_carries_the_corrected,),
    ),
    Mistake(
        "beta1 and beta2 exchanged",
        "β1 and β2 have changed places: your m is slow and your s is quick.",
        "0.9 belongs to m, 0.999 to s.",
        answers=(_variant(beta1=0.999, beta2=0.9),),
    ),
    Mistake(
        "uses the means of the step before",
        "Your step uses m and s as they were handed in; this step's gradient counts only in the "
        "next one.",
        "Compute m' and s' first, and step with those.",
        answers=(_old_means,),
    ),
    Mistake(
        "hands back the old means",
        "The step is right. But you return m and s as they were handed in, so Adam remembers "
        "nothing.",
        "Return the new m' and s'.",
        answers=(_old_means_returned,),
    ),
    Mistake(
        "squares the mean",
        "Your s is a mean of m², not of dv²: the square of a mean instead of the mean of a square. "
        "Gradients of changing sign would cancel in it.",
        "`dv**2` goes into s.",
        answers=(_variant(new_s=lambda beta, s, dv, m: beta * s + (1 - beta) * m**2),),
    ),
    Mistake(
        "dv is not squared",
        "Your s is a mean of dv, not of dv².",
        "`dv**2` goes into s.",
        answers=(
            _variant(new_s=lambda beta, s, dv, m: beta * s + (1 - beta) * dv),
            _variant(new_s=lambda beta, s, dv, m: beta * s + (1 - beta) * np.abs(dv)),
        ),
    ),
    Mistake(
        "no root of s",
        "The root is missing: you divide by s, which has the unit of a gradient squared. Then the "
        "size of the gradient does not cancel.",
        "`np.sqrt` of the corrected s.",
        answers=(_variant(divisor=lambda s: s + 1e-8),),
    ),
    Mistake(
        "epsilon inside the root",
        "ε stands inside the root. There 1e-8 counts as 1e-4, and a weight with gradients of 1e-7 "
        "hardly moves. (Some programs do this for RMSprop; Adam's ε stands outside.)",
        "`np.sqrt(...) + 1e-8`.",
        answers=(_variant(divisor=lambda s: np.sqrt(s + 1e-8)),),
    ),
    Mistake(
        "up the slope",
        "Your step goes up the slope: v + rate · ...",
        "The loss falls against the gradient: v - rate · ...",
        answers=(_variant(way=1),),
    ),
    Mistake(
        "sums in place of means",
        "The factors 1 - β are missing: m and s are decaying sums, ten and a thousand times too "
        "large.",
        "`0.1 * dv` and `0.001 * dv**2` are what is new in each step.",
        answers=(
            _variant(
                new_m=lambda beta, m, dv: beta * m + dv,
                new_s=lambda beta, s, dv, m: beta * s + dv**2,
            ),
        ),
    ),
)


SLOWER = (0.98, 0.985, 0.988, 0.99, 0.992, 0.995)


def _vary(rng):
    """Other means: Adam with another beta1 and beta2."""
    beta1, beta2 = float(rng.choice([0.7, 0.75, 0.8, 0.85])), float(rng.choice(SLOWER))
    m, s = round(1 - beta1, 4), round(1 - beta2, 4)
    return {
        "0.9": beta1,
        "0.1": m,
        "0.999": beta2,
        "0.001": s,
        "3.16": f"{m / s**0.5:.2f}",
        "more than thirty times": f"about {1 / s**0.5:.0f} times",
        "ten times too short": f"{1 / m:.3g} times too short",
        "a tenth of the gradient": f"{m:g} of the gradient",
        "ten and a thousand times": f"{1 / m:.3g} and {1 / s:.3g} times",
    }


ADAM = Exercise(
    id="5.5",
    title="One step of Adam",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=adam_step,
            cases=_cases,
            returns=SeveralArrays(
                (AnArray("v'", "(k,)"), AnArray("m'", "(k,)"), AnArray("s'", "(k,)"))
            ),
            mistakes=MISTAKES,
            hint="Follow equations (5.9) to (5.11) of the chapter, one line each.",
        ),
    ),
    hints=(
        "Three lines: the new m, the new s, the new v. In the third, each mean is divided by what "
        "it lacks because it began at 0.",
        "m' = 0.9 m + 0.1 dv, s' = 0.999 s + 0.001 dv². The corrected values are m' / (1 - 0.9ⁿ) "
        "and s' / (1 - 0.999ⁿ): use them in the step, but return m' and s'.",
        "`step = (m / (1 - 0.9**n)) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8)` with the new m and s; "
        "return `v - rate * step, m, s`.",
    ),
    after="At n = 1 the step is nearly rate times the sign of the gradient, whatever its size.",
    why="m' is a weighted sum of all gradients so far, with weights that add up to 1 - 0.9ⁿ and "
    "not to 1; dividing by that makes it a true mean. The same holds for s' with 0.999ⁿ. Both "
    "corrections act on the step only: the sums themselves go on as they are, or they would be "
    "corrected again. ε keeps a weight without any gradient from dividing 0 by 0.",
    vary=_vary,
)
