"""10.8 The smallest test that sees it, and where the seven bugs were published."""

import numpy as np

from ...gradients import numerical_gradient
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..real import is_whole
from ..returned import described
from .zoo import ILLS, Machine, spec

FORWARD, GRADIENT = "forward", "gradient"

SOURCES = {
    "brackets": "equations 8 to 10 of a course notebook on recurrent networks, 2018; "
    "github.com/jinzishuai/learn2deeplearn, issue 44",
    "no way back": "solutions of the same course; github.com/sagarnildass/andrew_ng_deep_learning, "
    "issue 1 (2019). Again in github.com/CaptainE/RNN-LSTM-in-numpy, issue 1 (2023)",
    "overwritten": "NumPy's own tutorial on an LSTM from scratch, never made executable, removed "
    "in 2025; github.com/numpy/numpy-tutorials, pull request 284",
    "one bias": "github.com/ddbourgin/numpy-ml, issue 42 (2019)",
    "wrong bias gradient": "github.com/hanbt/learn_dl, issue 53 (2019), mended by pull request 63 "
    "(2026)",
    "no tanh": "github.com/nicodjimenez/lstm, issues 7 (2016) and 47 (2019); some take it for a "
    "variant",
    "axes": "github.com/AndersonJo/dqn-pytorch, issue 1 (2018): it learned all the same",
}


def smallest_tests():
    """For each of the seven illnesses the smallest test that sees it.

    Returns a dictionary: name -> (T, B, what is looked at). "forward": the outputs are compared
    with those of a right LSTM. "gradient": dx, dW, dU, db are compared with measured slopes of
    the machine's own forward pass. Inputs, weights and biases are random. Smallest: T * B.
    """
    return {
        "brackets": (2, 1, "gradient"),
        "no way back": (2, 1, "gradient"),
        "overwritten": (2, 1, "gradient"),
        "one bias": (1, 1, "forward"),
        "wrong bias gradient": (1, 1, "gradient"),
        "no tanh": (1, 1, "forward"),
        "axes": (2, 1, "forward"),
    }


def sees(health, T, B, kind, rng, D=2, H=2):
    """Does a test of these sizes see that the machine is ill?"""
    machine = Machine(health)
    x, dh = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, H))
    weights = [rng.normal(size=shape) for shape in ((4, D, H), (4, H, H), (4, H))]
    if kind == FORWARD:
        return not np.allclose(machine.forward(x, *weights), spec(x, *weights)[0])
    inputs = [x, *weights]
    for n, claimed in enumerate(machine.backward(dh, *inputs)):

        def loss(v, n=n):
            return np.sum(dh * machine.forward(*inputs[:n], v, *inputs[n + 1 :]))

        if not np.allclose(claimed, numerical_gradient(loss, inputs[n]), rtol=1e-6, atol=1e-7):
            return True
    return False


NOT_SEVEN = Mistake(
    "not seven tests",
    "gave something else; expected a dictionary with the seven names, and (T, B, what) for each.",
    'For example `"axes": (3, 3, "forward")`.',
)
OWN_FORWARD = Mistake(
    "looks at the gradient of a wrong function",
    "is not seen by this test, however large it is: its gradients are right, for the wrong "
    "function. They fit its own forward pass.",
    'Look at "forward" there.',
    misconception=152,
)
RIGHT_FORWARD = Mistake(
    "looks forward where the way back is ill",
    "is not seen by this test, however large it is: its outputs are those of a right LSTM.",
    'Look at "gradient" there.',
)
ONE_STEP = Mistake(
    "one step for what is lost between steps",
    "is not seen with T = 1: what it does wrong happens on the way from a step to the one before.",
    "How many steps does a way between steps need?",
)
ONE_NUMBER = Mistake(
    "one sequence of one step has no axes to exchange",
    "is not seen with T = 1 and B = 1: there both axes have length 1, and exchanging them changes "
    "nothing.",
    "Make one of the two longer.",
)
TOO_LARGE = Mistake(
    "a smaller test sees it too",
    "is seen by this test, and by a smaller one as well.",
    "What does the bug need in order to show: a second step? A second sequence?",
)


def _read(value):
    """{name: (T, B, kind)}, or None."""
    if type(value) is not dict or set(value) != set(ILLS):
        return None
    for test in value.values():
        if type(test) not in (tuple, list) or len(test) != 3:
            return None
        if type(test[2]) is not str or test[2] not in (FORWARD, GRADIENT):
            return None
        if not all(is_whole(n) and 1 <= n <= 6 for n in test[:2]):
            return None
    return value


def _examine(value, rng):
    tests = _read(value)
    if tests is None:
        says = (
            f"`smallest_tests` gave {described(value)}; expected a dictionary with the seven names "
            'and, for each, T and B (whole numbers from 1 to 6) and "forward" or "gradient".'
        )
        return Finding(says, hint=NOT_SEVEN.hint, mistake=NOT_SEVEN.name)
    for name in ILLS:
        if mistake := _problem(name, *tests[name], rng):
            says = f'"{name}" {mistake.says}'
            return Finding(says, hint=mistake.hint, mistake=mistake.name)
    return None


def _problem(name, T, B, kind, rng):
    if sees(name, T, B, kind, rng):
        sizes = [(t, n) for t in range(1, 7) for n in range(1, 7) if t * n < T * B]
        smaller = any(sees(name, *size, one, rng) for size in sizes for one in (FORWARD, GRADIENT))
        return TOO_LARGE if smaller else None
    if not sees(name, 2, 2, kind, rng):
        return OWN_FORWARD if kind == GRADIENT else RIGHT_FORWARD
    return ONE_NUMBER if name == "axes" else ONE_STEP


def _praise(value, rng):
    rows = []
    for name, (T, B, kind) in value.items():
        rows.append(f"{name} (T = {T}, B = {B}, {kind})\n    {SOURCES[name]}")
    return (("Where the seven were published", "\n".join(rows)),)


SMALLEST = Exercise(
    id="10.8",
    title="The smallest test that sees it",
    minutes=10,
    points=3,
    parts=(
        ValuePart(
            reference=smallest_tests,
            examine=_examine,
            mistakes=(NOT_SEVEN, OWN_FORWARD, RIGHT_FORWARD, ONE_STEP, ONE_NUMBER, TOO_LARGE),
            praise=_praise,
        ),
    ),
    hints=(
        "Ask of each: does it give wrong outputs, or wrong gradients of right outputs? And does it "
        "need a second step, or a second sequence, to go wrong?",
        "Three need a second step. One needs a second step or a second sequence, either will do. "
        "Three show on a single number.",
        '"brackets", "no way back" and "overwritten": (2, 1, "gradient"). "axes": (2, 1, '
        '"forward"). "one bias" and "no tanh": (1, 1, "forward"). The last: (1, 1, "gradient").',
    ),
    after="Each of these was read, run and believed by many people. Each falls to a test that fits "
    "on a line.",
    why="What is lost between steps needs two of them. Exchanged axes need one that is longer "
    "than 1. Everything else shows in one step of one sequence, if the biases are not zero. Two "
    "of the seven have right gradients, of the wrong function: they need a look at the outputs, "
    "and an LSTM to compare with.",
)
