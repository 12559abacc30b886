"""7.3 The gradient along the carousel: products of forget gates."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def carousel(f):
    """∂c_T/∂c_t along the carousel, for t from 0 to T.

    Shapes: f (T, H); f[t] is the forget gate on the step from c_t to c_{t+1}. Returns an array
    of shape (T+1, H); its last row is 1: c_T answers to itself.
    """
    T, H = f.shape
    gradient = np.ones((T + 1, H))
    for t in reversed(range(T)):
        gradient[t] = f[t] * gradient[t + 1]
    return gradient


def _cases(rng):
    return [
        Case((np.array([[0.5], [0.9], [0.1]]),)),
        Case((rng.uniform(0.1, 1, (3, 2)).round(1),)),
        Case((rng.uniform(0.2, 1, (5, 3)).round(2),)),
        Case((np.array([[0.8, 0.0], [0.5, 0.6], [1.0, 0.9]]),)),
        Case((rng.uniform(0.2, 1, (1, 2)).round(1),)),
    ]


def _back(f):
    return np.concatenate([f[::-1].cumprod(axis=0)[::-1], np.ones_like(f[:1])])


def _pad(rows, last=True):
    one = np.ones_like(rows[:1])
    return np.concatenate([rows, one] if last else [one, rows])


MISTAKES = (
    Mistake(
        "from the wrong end",
        "Your products begin at step 0 and grow with t: that is how c_t answers to c_0. Asked is "
        "how c_T answers to c_t: from t to the end.",
        "The last row is 1, and the way goes from T down to 0.",
        answers=(lambda f: _pad(f.cumprod(axis=0), last=False),),
    ),
    Mistake(
        "a sum in place of a product",
        "You add the gates. The memory is multiplied by f at every step, so factors meet.",
        "`*`, not `+`.",
        answers=(
            lambda f: np.concatenate([f[::-1].cumsum(axis=0)[::-1], np.ones_like(f[:1])]),
            lambda f: np.concatenate([f[::-1].cumsum(axis=0)[::-1], np.zeros_like(f[:1])]),
            lambda f: 1 + np.concatenate([f[::-1].cumsum(axis=0)[::-1], np.zeros_like(f[:1])]),
        ),
    ),
    Mistake(
        "one step only",
        "Your row t is f[t] alone: ∂c_{t+1}/∂c_t, one step. From c_t to c_T there are T - t steps.",
        "Multiply with what the next row says.",
        answers=(_pad,),
        misconception=2,
    ),
    Mistake(
        "the slope of the gate",
        "You multiply slopes of the logistic function, f (1 - f), at most a quarter each. On the "
        "carousel the factor is f itself: c is multiplied by the gate, not squashed by it.",
        "Drop the factor 1 - f.",
        answers=(lambda f: _back(f * (1 - f)),),
        misconception=7,
    ),
    Mistake(
        "multiplies by 1 - f",
        "You multiply by 1 - f. The gate's name is misleading: f is the share that is kept.",
        "c_{t+1} = f c_t + ...: which factor does c_t have?",
        answers=(lambda f: _back(1 - f),),
        misconception=121,
    ),
    Mistake(
        "an average gate",
        "You raise the mean gate to a power. A product of different factors is not the power of "
        "their mean: a single 0 among them makes all of it 0.",
        "Multiply the gates themselves, step by step.",
        answers=(lambda f: f.mean(axis=0) ** np.arange(len(f), -1, -1)[:, None],),
    ),
    Mistake(
        "the power of one gate",
        "You raise f[t] to the power of the steps that are left, as if the gate stayed the same.",
        "Each step has a gate of its own.",
        answers=(lambda f: _pad(f ** np.arange(len(f), 0, -1)[:, None]),),
    ),
    Mistake(
        "one gate too late",
        "You are off by one: your row t leaves out f[t], or counts one gate twice.",
        "Row T - 1 is f[T - 1]: the last step has one gate.",
        answers=(
            lambda f: np.concatenate([_back(f)[1:], np.ones_like(f[:1])]),
            lambda f: np.concatenate([_back(f)[:1], _back(f)[:-1]]),
            lambda f: np.concatenate([_back(f)[:-1], f[-1:]]),
        ),
    ),
    Mistake(
        "a carousel without a gate",
        "Your gradient is 1 everywhere. That is the cell of 1997; a forget gate multiplies it.",
        "At every step back multiply by f.",
        answers=(lambda f: np.ones((len(f) + 1, f.shape[1])),),
        misconception=2,
    ),
)

CAROUSEL = Exercise(
    id="7.3",
    title="The gradient along the carousel",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=carousel,
            cases=_cases,
            returns=AnArray("the gradient", "(T+1, H)"),
            mistakes=MISTAKES,
            hint="Take f = [[0.5], [0.9], [0.1]]: from c_2 to c_3 it is 0.1, from c_1 0.09, from "
            "c_0 0.045.",
        ),
    ),
    hints=(
        "Begin at the end. How does c_T answer to c_T? And to c_{T-1}?",
        "Row t is f[t] times row t + 1. A loop that runs backwards fills the array.",
        "`gradient = np.ones((T + 1, H))`, then for t in reversed(range(T)): `gradient[t] = f[t] * "
        "gradient[t + 1]`.",
    ),
    after="Where one gate was 0 everything before it is 0: forgotten, and deaf to all errors.",
    why="c_{t+1} = f[t] c_t + i[t] g[t], so one step has the factor f[t], and a chain of steps the "
    "product. It is the truncated gradient of chapter 06 with the gate put in; the ways through h "
    "and the other gates come on top. `np.cumprod` on the reversed array does it without a loop.",
)
