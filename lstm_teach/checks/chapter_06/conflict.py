"""6.4 One weight, two jobs: measure, and conclude."""

import numpy as np

from ..chapter_02.step import draw
from ..choice import a_choice
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def remember(w, x, i):
    """What a carousel holds at the end: c_t = c_{t-1} + i_t * w * x_t, from c_0 = 0.

    Shapes: x, i (T, B): inputs and gates; w, a number. Returns the last c, (B,).
    """
    return (i * w * x).sum(axis=0)


def one_weight():
    """Which weight, without a gate, both writes the key and protects it?

    Returns a letter and a sentence.
    """
    return "D", (
        "Every summand has the same factor w, so signal and noise grow together and the share of "
        "right answers is the same for every w, about 0.56; with the gate it is 1."
    )


def _cases(rng):
    x, ones = draw(rng, 3, 2), np.ones((3, 2))
    only_first, only_last = np.zeros((3, 2)), np.zeros((3, 2))
    only_first[0] = only_last[-1] = 1
    return [
        Case((0.5, x, ones)),
        Case((2.0, x, only_first)),
        Case((2.0, x, only_last)),
        Case((1.5, draw(rng, 1, 3), rng.uniform(0.1, 0.9, (1, 3)).round(1))),
        *(
            Case((float(draw(rng, 1)[0]), draw(rng, T, B), rng.uniform(0.1, 0.9, (T, B)).round(1)))
            for T, B in ((2, 3), (4, 2), (3, 3))
        ),
    ]


def _loop(step):
    def answer(w, x, i):
        c = np.zeros(x.shape[1])
        for x_t, i_t in zip(x, i, strict=True):
            c = step(c, w * x_t, i_t)
        return c

    return answer


def _is_every_c(case, outcome):
    w, x, i = case.args
    value = outcome.value
    same_kind = type(value) is np.ndarray and value.shape == x.shape and value.dtype.kind == "f"
    return same_kind and np.allclose(value, np.cumsum(i * w * x, axis=0))


MISTAKES = (
    Mistake(
        "no gate",
        "The gates do nothing: all inputs are written.",
        "What is written at step t is i_t * w * x_t.",
        answers=(lambda w, x, i: w * x.sum(axis=0),),
    ),
    Mistake(
        "the gate on what is carried",
        "Your gate multiplies c too. An input gate that is shut keeps everything out; yours throws "
        "everything away.",
        "The gate belongs to the summand, not to the sum.",
        answers=(
            _loop(lambda c, wx, i: i * (c + wx)),
            _loop(lambda c, wx, i: i * c + wx),
            _loop(lambda c, wx, i: (1 - i) * c + i * wx),
        ),
        misconception=112,
    ),
    Mistake(
        "only the last step",
        "Your c is what the last step wrote. The carousel carries all earlier steps as well.",
        "Add it to the c of the step before.",
        answers=(lambda w, x, i: i[-1] * w * x[-1],),
    ),
    Mistake(
        "sums over the batch",
        "You sum over the sequences of the batch, not over time.",
        "Axis 0 is time.",
        answers=(lambda w, x, i: (i * w * x).sum(axis=1),),
    ),
    Mistake(
        "the mean, not the sum",
        "You divide by the number of steps. A carousel adds.",
        "`sum`, not `mean`.",
        answers=(lambda w, x, i: (i * w * x).mean(axis=0),),
    ),
    Mistake(
        "every c, not the last",
        "You return c after every step. Asked for is the last.",
        "The last row of it.",
        seen=lambda cases, outcomes: all(map(_is_every_c, cases, outcomes)),
    ),
)

CHOICES = (
    Mistake(
        "A: a small weight protects",
        "A small weight keeps the noise small, and the key with it: c is small, and its sign is as "
        "often wrong as before.",
        "Look at the row of w = 0.01. Is it better than the row of w = 10?",
    ),
    Mistake(
        "B: a large weight writes",
        "A large weight writes the key firmly, and each of the other forty as firmly.",
        "Look at the row of w = 10. Is it better than the row of w = 0.01?",
    ),
    Mistake(
        "C: one in the middle",
        "There is no best place in the middle: the measured shares do not depend on w at all.",
        "Divide c by w. What is left has no w in it.",
    ),
    Mistake(
        "E: a negative weight",
        "A negative w turns every sign, the key's as well: right becomes wrong and wrong right. "
        "With 0.56 right that is worse.",
        "Which w makes the share near 1?",
    ),
)


def _shown(rng):
    x = rng.choice([-1.0, 1.0], (41, 20_000))
    gate = np.zeros_like(x)
    gate[0] = 1
    lines = []
    for w in (0.01, 0.1, 1.0, 10.0):
        free, gated = remember(w, x, np.ones_like(x)), remember(w, x, gate)
        shares = [(np.sign(c) == x[0]).mean() for c in (free, gated)]
        lines.append("w = {:5}:  right {:.2f} without a gate, {:.2f} with one".format(w, *shares))
    return (("Measured just now, 20,000 sequences", "\n".join(lines)),)


CONFLICT = Exercise(
    id="6.4",
    title="One weight, two jobs",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=remember,
            cases=_cases,
            returns=AnArray("c", "(B,)"),
            mistakes=MISTAKES,
            hint="With all gates 1 it is w times the sum of the inputs; with one gate open it is w "
            "times that input.",
        ),
        a_choice(one_weight, "ABCDE", CHOICES, _shown),
    ),
    hints=(
        "Each step adds one summand: the input times w, times its gate. For the conclusion, "
        "compare the rows of the table.",
        "`(i * w * x)` are all summands at once. In the table without a gate, does anything change "
        "from row to row?",
        "`return (i * w * x).sum(axis=0)`. Without a gate c is w times something that does not "
        "depend on w. Can its sign depend on w, then?",
    ),
    after="No such weight exists. What separates the key from the rest is not how much, but when.",
    why="Without a gate c is w times the sum of all inputs. A positive w changes its size and "
    "never its sign; how often the sum agrees with its first summand is a matter of how many "
    "others there are. Two jobs that want different factors at different steps need a factor that "
    "can differ from step to step: a gate.",
)
