"""10.6 By hand: weights for which the gradient explodes and the carousel vanishes."""

import numpy as np

from ...cells import LSTM
from ...chain import Params, forward
from ...influence import jacobian_paths
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..real import is_finite
from ..returned import described
from ..rows import row_of

STEPS, LARGEST = 50, 10
GROWN, GONE = 1e3, 1e-10


def explosive():
    """Eight numbers for an LSTM of one unit that starts at h = c = 0 and has no input.

    Returns u and b: from h to the layers, and their biases, four numbers each, in the order
    i f g o, none beyond ±10. Over 50 steps ∂c_T/∂c_0 exceeds 1000, while the product of the
    forget gates is below 1e-10.
    """
    u = 0.0, 0.0, 3.0, 0.0
    b = 5.0, -5.0, 0.0, 5.0
    return u, b


def run(u, b):
    """(whole, carousel) of ∂c_T/∂c_t over t, and the gates of the last step."""
    params = Params(
        W=np.zeros((4, 1, 1)),
        U=np.reshape(u, (4, 1, 1)),
        b=np.reshape(b, (4, 1)),
        p=np.zeros((0, 1)),
    )
    _, _, trace = forward(LSTM, params, np.zeros((STEPS, 1, 1)))
    paths = jacobian_paths(LSTM, params, trace)
    sizes = (np.abs(part.c.c[:, 0, 0, 0]) for part in (paths.total, paths.carousel))
    return *sizes, {name: float(v[-1, 0, 0]) for name, v in trace.gates._asdict().items()}


NOT_EIGHT = Mistake(
    "not eight numbers",
    "gave something else; expected u and b, four numbers each.",
    "Its last line: `return u, b`.",
)
TOO_LARGE = Mistake(
    "beyond ±10",
    "There is a number beyond ±10. With small numbers it can be done too, and tells more.",
    "A logistic gate is at 0.99 for a bias of 5.",
)
CARRIES = Mistake(
    "the forget gate is too open",
    "The product of the forget gates is not below 1e-10: the carousel still carries something.",
    "f has to be below 0.63 for fifty steps: make b_f negative.",
)
SHUT_IN = Mistake(
    "nothing is written",
    "The input gate is nearly closed. What comes back through the candidate reaches c through "
    "i * g, so a closed i cuts it off.",
    "A positive b_i.",
)
SHUT_OUT = Mistake(
    "nothing is shown",
    "The output gate is nearly closed: c does not show in h, so no path leaves the carousel.",
    "A positive b_o.",
)
SATURATED = Mistake(
    "the candidate is saturated",
    "The state has gone far from zero, where tanh is flat: the slopes of the candidate and of "
    "tanh(c) are nearly 0.",
    "With b_g = 0 the state stays at zero, where every slope is steepest.",
)
TOO_SMALL = Mistake(
    "the loop through the candidate is below 1",
    "No door is shut, and still nothing grows: one turn through output gate, u_g, candidate and "
    "input gate multiplies by no more than about 1.",
    "At zero the factor of one step is f + i * u_g * o. Which of your numbers makes it large? (The "
    "first step counts apart: c_0 is moved and h_0 is not, so it goes through f alone.)",
)


def _numbers(value):
    """(u, b) as two arrays of four floats, or None."""
    if type(value) is np.ndarray and value.shape == (2, 4):
        value = tuple(value)
    if type(value) not in (tuple, list) or len(value) != 2:
        return None
    rows = [row_of(row, 4) for row in value]
    if None in rows or not all(is_finite(entry) for row in rows for entry in row):
        return None
    return tuple(np.array([float(entry) for entry in row]) for row in rows)


def _examine(value, rng):
    numbers = _numbers(value)
    if numbers is None:
        says = f"`explosive` gave {described(value)}; expected u and b, four numbers each."
        return Finding(says, hint=NOT_EIGHT.hint, mistake=NOT_EIGHT.name)
    if np.abs(numbers).max() > LARGEST:
        return _finding(TOO_LARGE)
    whole, carousel, gates = run(*numbers)
    exhibits = (("The check saw", _words(whole, carousel, gates)),)
    if carousel[0] >= GONE:
        return _finding(CARRIES, exhibits)
    if whole[0] > GROWN:
        return None
    if gates["i"] < 0.2:
        return _finding(SHUT_IN, exhibits)
    if gates["o"] < 0.2:
        return _finding(SHUT_OUT, exhibits)
    return _finding(SATURATED if abs(gates["g"]) > 0.1 else TOO_SMALL, exhibits)


def _finding(mistake, exhibits=()):
    return Finding(mistake.says, exhibits=exhibits, hint=mistake.hint, mistake=mistake.name)


def _words(whole, carousel, gates):
    opened = "  ".join(f"{name} = {value:.2f}" for name, value in gates.items())
    return (
        f"product of the forget gates over {STEPS} steps   {carousel[0]:.0e}\n"
        f"∂c_T/∂c_0                                   {whole[0]:.0e}\n"
        f"gates at the end   {opened}"
    )


def _praise(value, rng):
    whole, carousel, gates = run(*_numbers(value))
    rows = [f"{'lag':>4}{'carousel':>12}{'whole':>12}"]
    rows += [
        f"{n:4}{carousel[STEPS - n]:12.0e}{whole[STEPS - n]:12.0e}" for n in (1, 5, 10, 25, 50)
    ]
    return (("Your unit", "\n".join(rows)),)


EXPLODE = Exercise(
    id="10.6",
    title="By hand: a gradient that explodes past a closed carousel",
    minutes=10,
    points=3,
    parts=(
        ValuePart(
            reference=explosive,
            examine=_examine,
            mistakes=(
                NOT_EIGHT,
                TOO_LARGE,
                CARRIES,
                SHUT_IN,
                SHUT_OUT,
                SATURATED,
                TOO_SMALL,
            ),
            praise=_praise,
        ),
    ),
    hints=(
        "Close the carousel first: which bias does that? Then look for another loop from c back to "
        "c. It passes h.",
        "The loop: c, output gate, h, u_g, candidate, input gate, c. Its doors must be open, and "
        "one turn must multiply by more than 1. Steep slopes are at zero.",
        "At a state of zero one step multiplies by f + i * u_g * o. Take b_f = -5, b_i = b_o = 5, "
        "b_g = 0, and a u_g of 2 or 3.",
    ),
    after="With a forget gate that lets little through, your LSTM is nearly the standard chain of "
    "chapter 02, with everything that chapter 04 measured. The gates do not forbid it.",
    why="With f at 0 and i and o at 1, c = g = tanh(u_g h) and h = tanh(c): a standard recurrent "
    "chain with a second tanh. At zero its slopes are 1, so each step multiplies by about u_g, "
    "here 3. The product of the forget gates, 0.0067 a step, knows nothing of it. That is why "
    "gradients of LSTMs are clipped too.",
)
