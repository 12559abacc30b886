"""7.2 A forget bias for a lag."""

import numpy as np

from ...activations import logistic
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import ANumber


def bias_for_lag(lag, left):
    """The forget bias with which the share `left` of a memory is still there after `lag` steps.

    lag: a whole number above 0; left: between 0 and 1. Returns a number.
    """
    f = left ** (1 / lag)
    return np.log(f / (1 - f))


def _cases(rng):
    drawn = [(int(rng.integers(3, 300)), round(rng.uniform(0.05, 0.95), 2)) for _ in range(4)]
    fixed = [(1, 0.5), (1, 0.9), (2, 0.25), (10, 0.5), (100, 0.5), (40, 0.1)]
    return [Case(args) for args in fixed + drawn]


def _gate(lag, left):
    return left ** (1 / lag)


def _bias(f):
    return float(np.log(f / (1 - f)))


MISTAKES = (
    Mistake(
        "the gate, not its bias",
        "You return the value of the gate. The bias is what goes into the logistic function to get "
        "that value out.",
        "Turn the logistic function round: which b has σ(b) = f?",
        answers=(_gate,),
    ),
    Mistake(
        "the logistic function again",
        "You put the gate's value into the logistic function once more. What is wanted is the way "
        "back: from the value to the bias.",
        "From f = 1 / (1 + e⁻ᵇ) it follows that b = ln(f / (1 - f)).",
        answers=(lambda lag, left: float(logistic(np.float64(_gate(lag, left)))),),
    ),
    Mistake(
        "one step only",
        "Your bias does not depend on the lag: it lets the share `left` through at a single step. "
        "After 100 steps it is that share to the power of 100.",
        "f to the power of lag is to be `left`.",
        answers=(lambda lag, left: _bias(left),),
        misconception=2,
    ),
    Mistake(
        "divided by the lag",
        "You spread the loss evenly: the same amount at each step. But each step multiplies what "
        "is left.",
        "The root with the number lag, `left ** (1 / lag)`.",
        answers=(
            lambda lag, left: _bias(left / lag) if lag > 1 or left < 1 else np.inf,
            lambda lag, left: _bias(1 - (1 - left) / lag),
        ),
    ),
    Mistake(
        "to the power of the lag",
        "You raise `left` to the power of lag. It is the other way round: f to the power of lag is "
        "to be `left`, so f is a root.",
        "`left ** (1 / lag)`.",
        answers=(lambda lag, left: float(np.log(left**lag) - np.log1p(-(left**lag))),),
    ),
    Mistake(
        "the sign turned",
        "Your bias has the wrong sign: it shuts the gate where it should be open.",
        "f / (1 - f) inside the logarithm, not (1 - f) / f.",
        answers=(lambda lag, left: -_bias(_gate(lag, left)),),
    ),
    Mistake(
        "the logarithm of the gate",
        "You return ln f. That undoes an exponential; the gate is a logistic function.",
        "Solve f = 1 / (1 + e⁻ᵇ) for b.",
        answers=(lambda lag, left: float(np.log(_gate(lag, left))),),
    ),
    Mistake(
        "the inverse of tanh",
        "You undo tanh. A gate is squashed by the logistic function.",
        "The way back from the logistic function is ln(f / (1 - f)).",
        answers=(lambda lag, left: float(np.arctanh(_gate(lag, left))),),
    ),
    Mistake(
        "the half-life only",
        "Your bias keeps one half over the lag, whatever `left` is.",
        "Put `left` in the place of the one half.",
        answers=(lambda lag, left: _bias(0.5 ** (1 / lag)),),
    ),
    Mistake(
        "the logarithm of the lag",
        "ln(lag) is a good rule of thumb: it leaves 0.37 after lag steps, near enough. Here the "
        "share that is to be left is given.",
        "f = left ** (1 / lag), then from f to its bias.",
        answers=(lambda lag, left: float(np.log(lag)),),
    ),
)

BIAS_FOR_LAG = Exercise(
    id="7.2",
    title="A bias for a lag",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=bias_for_lag,
            cases=_cases,
            returns=ANumber("a bias"),
            mistakes=MISTAKES,
            hint="Put your answer back in: `lt.logistic(b) ** lag` should be `left`.",
        ),
    ),
    hints=(
        "Two questions in a row: which value must the gate have at every step, and which bias "
        "gives that value?",
        "The value is the root, left ** (1 / lag). Then solve f = 1 / (1 + e⁻ᵇ) for b.",
        "`f = left ** (1 / lag)`, then `return np.log(f / (1 - f))`.",
    ),
    after="Half of a memory over 100 steps wants a bias of about 5; the usual 1 is meant for two.",
    why="f must be so near to 1 that the lag-th power is still `left`. ln(f / (1 - f)) is the "
    "inverse of the logistic function. For long lags b is close to ln(lag) - ln(ln(1 / left)): ten "
    "times the lag asks for 2.3 more.",
)
