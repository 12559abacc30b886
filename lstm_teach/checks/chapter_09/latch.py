"""9.4 Design by hand: a latch."""

import numpy as np

from ..exercise import Exercise, Mistake
from .one_unit import Mend, Task, a_design
from .sequences import actions, on_or_off


def lstm_latch():
    """Weights of one unit that a set pulse switches on and a reset pulse switches off.

    Returns a dictionary: for each of i, f, g, o the list
    [weight of set, weight of reset, weight of h, bias].
    """
    return {
        "i": [20, 0, 0, -10],
        "f": [0, -20, 0, 10],
        "g": [0, 0, 0, 5],
        "o": [0, 0, 0, 10],
    }


def _wanted(x):
    """On from a set to the next reset."""
    on, states = np.zeros(x.shape[1], bool), []
    for x_t in x:
        on = (on | (x_t[:, 0] > 0)) & ~(x_t[:, 1] > 0)
        states.append(on)
    return np.array(states)


def _parts(x):
    """Where it is silent, where set, where reset."""
    return x.sum(axis=-1) == 0, x[..., 0] > 0, x[..., 1] > 0


def _keep(now, x, h):
    now.f = np.where(_parts(x)[2], now.f, 1.0)


def _shut(now, x, h):
    now.i = np.where(_parts(x)[0], 0.0, now.i)


def _write(now, x, h):
    now.i, now.g = (np.where(_parts(x)[1], 1.0, v) for v in (now.i, now.g))


def _empty(now, x, h):
    now.f = np.where(_parts(x)[2], 0.0, now.f)


def _no_writing_at_reset(now, x, h):
    now.i = np.where(_parts(x)[2], 0.0, now.i)


def _reset_alone(now, x, h):
    _empty(now, x, h)
    _no_writing_at_reset(now, x, h)


def _show(now, x, h):
    now.o = np.ones_like(now.o)


def _takes_away(rows, seen):
    _, _, reset = _parts(seen.x)
    return seen.f[reset].mean() > 0.5 and seen.i[reset].mean() > 0.5 and seen.g[reset].mean() < -0.3


MENDS = (
    Mend(
        Mistake(
            "set and reset exchanged",
            "A reset pulse switches your unit on and a set pulse off. The weights are right; two "
            "columns have changed places.",
            "The order in each list: set, reset, h, bias.",
        ),
        weights=lambda rows: rows[:, [1, 0, 2, 3]],
    ),
    Mend(
        Mistake(
            "it leaks, f is below 1",
            "It leaks. In silence your forget gate is open, but not wide enough: every step keeps "
            "a little less, and after sixty steps too little is left.",
            "f = 0.9 over 60 steps leaves 0.002. What bias brings f so close to 1 that f⁶⁰ is "
            "above 0.9?",
        ),
        gates=_keep,
    ),
    Mend(
        Mistake(
            "it writes in silence",
            "Your input gate is not shut in silence. A little is written at every step, and it "
            "adds up, so the unit moves although nothing happened.",
            "With no pulse only the bias speaks. Make it so negative that i is near 0, and the "
            "weight of the pulse large enough to beat it.",
        ),
        gates=_shut,
    ),
    Mend(
        Mistake(
            "the reset takes away in place of forgetting",
            "Your reset writes -1. That undoes one set. After two sets c is at 2 and one reset "
            "leaves 1; after two resets c is below zero and one set only brings it back to 0.",
            "A reset must not depend on what is there. Which gate makes c' = 0 whatever c was?",
        ),
        gates=_reset_alone,
        when=_takes_away,
    ),
    Mend(
        Mistake(
            "the reset does not empty c",
            "A reset pulse does not empty your unit: at that step f is not near 0, so the old c "
            "comes through.",
            "f needs a negative weight on reset, larger than its bias.",
        ),
        gates=_empty,
    ),
    Mend(
        Mistake(
            "the reset writes as well",
            "At a reset your forget gate empties c, and in the same step the input gate writes "
            "something new into it.",
            "i should open for set, and for nothing else.",
        ),
        gates=_no_writing_at_reset,
    ),
    Mend(
        Mistake(
            "the set pulse writes too little",
            "A set pulse does not bring c near 1: either i does not open, or g has nothing, or the "
            "wrong sign, to write.",
            "At a set pulse i and g should both be near 1. h is tanh(c), and tanh(0.55) = 0.5.",
        ),
        gates=_write,
    ),
    Mend(
        Mistake(
            "the output gate hides it",
            "c is right at every step. Your output gate is not open, so h does not show it.",
            "Nothing here asks for hiding anything: open o for good, with its bias.",
        ),
        gates=_show,
    ),
)

TASK = Task(("set", "reset"), lambda rng: actions(rng, 2), _wanted, on_or_off, MENDS)


def _vary(rng):
    """The two inputs in the other order."""
    return {
        "*set* and *reset*": "*reset* and *set*",
        "weight of set, weight of reset": "weight of reset, weight of set",
        "set, reset, h, bias": "reset, set, h, bias",
        '("set", "reset")': '("reset", "set")',
        "[20, 0, 0, -10]": "[0, 20, 0, -10]",
        "[0, -20, 0, 10]": "[-20, 0, 0, 10]",
        "x_t[:, 0]": "x_t[:, 1]",
        "x_t[:, 1]": "x_t[:, 0]",
        "x[..., 0]": "x[..., 1]",
        "x[..., 1]": "x[..., 0]",
        "events([6, 9, 40]), events([20, 25, 55])": "events([20, 25, 55]), events([6, 9, 40])",
    }


LATCH = Exercise(
    id="9.4",
    title="Design by hand: a latch",
    minutes=15,
    points=3,
    parts=(a_design(lstm_latch, TASK),),
    hints=(
        "Three situations: set, reset, silence. Write down for each what i, f and g should be, as "
        "0 or 1. Then find weights that make it so.",
        "Silence: f = 1, i = 0, by the biases alone (f: +10, i: -10). Set: i = 1, so its weight on "
        "set must beat -10. Reset: f = 0, so its weight on reset must beat +10.",
        "i: [20, 0, 0, -10], f: [0, -20, 0, 10]. g is what is written: a bias of 5 makes it 1. o: "
        "open, a bias of 10.",
    ),
    after="The latch of chapter 2 had one weight for holding and for being set. Here each job has "
    "a gate of its own, and noise at an input that the gate shuts out cannot upset it.",
    why="In silence z_f = 10 and z_i = -10: f is 0.99995 and i is 0.00005, so c stays. A set pulse "
    "lifts z_i to +10 and adds g = 1. A second set adds another 1, which does no harm, since a "
    "reset sets f to 0.00005 and empties c whatever it was. h = tanh(c) is 0.76 after one set.",
    vary=_vary,
)
