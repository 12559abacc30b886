"""9.5 Design by hand: a counter."""

import numpy as np

from ..exercise import Exercise, Mistake
from .one_unit import Mend, Task, a_design
from .sequences import counted, told_apart


def lstm_counter():
    """Weights of one unit whose output says how many events there have been, from 0 to 20.

    Returns a dictionary: for each of i, f, g, o the list [weight of event, weight of h, bias].
    """
    return {
        "i": [20, 0, -10],
        "f": [0, 0, 10],
        "g": [0, 0, 0.05],
        "o": [0, 0, 10],
    }


def hold(**values):
    """A mend that holds layers at values: f=1; f_quiet=1 in silence only; f_event=0 at events."""

    def mended(now, x, h):
        event = x[:, 0] > 0
        for name, value in values.items():
            layer, _, when = name.partition("_")
            where = {"": True, "event": event, "quiet": ~event}[when]
            setattr(now, layer, np.where(where, value, getattr(now, layer)))

    return mended


def scaled(size):
    def mended(now, x, h):
        now.g = size * np.sign(now.g)

    return mended


def large_steps(rows, seen):
    return np.abs(seen.i * seen.g).max() > 0.1


def small_steps(rows, seen):
    return 0 < np.abs(seen.i * seen.g).max() < 0.02


def downwards(now, x, h):
    now.g = -now.g


SATURATES = Mistake(
    "it saturates in tanh",
    "c does what it should. But its steps are too large: tanh flattens out, and from c = 3 on "
    "the h of neighbouring numbers differ by less than 0.005. c has no bound; h has.",
    "Take smaller steps: after twenty of them tanh(c) should still be climbing. What is the "
    "slope of tanh at c = 1, at c = 3?",
    misconception=17,
)
TOO_SMALL = Mistake(
    "its steps are too small to see",
    "It moves in the right direction, in steps that are too small: neighbouring numbers differ by "
    "less than 0.005 in h.",
    "Twenty steps have to fit on the part of tanh that still climbs, and they may use all of it.",
)
NOTHING_WRITTEN = Mistake(
    "there is nothing to write",
    "The gates are right, and the candidate is 0: i * g is nothing, however wide i is open.",
    "g = tanh(z_g). A small bias is enough; it is the size of one step.",
)
DOWNWARDS = Mistake(
    "it runs downwards",
    "Your unit runs downwards: g is negative, so h falls where it should rise.",
    "Turn the sign of what makes g.",
)
HIDDEN = Mistake(
    "the output gate hides it",
    "c is right at every step. Your output gate is not open (or not always equally open), so h "
    "does not tell it.",
    "Open o for good, with its bias, and leave the event out of it.",
)
WIPED = Mistake(
    "an event wipes the count",
    "At an event your forget gate shuts and the old count is gone: h says the same after one event "
    "as after five.",
    "A counter never forgets. f must be near 1 at events too.",
)
NUMBER_MENDS = (  # of any unit that shows a number by its size
    Mend(SATURATES, gates=scaled(0.05), when=large_steps),
    Mend(NOTHING_WRITTEN, gates=hold(g=0.05), when=lambda rows, seen: np.abs(seen.g).max() < 1e-6),
    Mend(TOO_SMALL, gates=scaled(0.05), when=small_steps),
    Mend(DOWNWARDS, gates=downwards),
    Mend(HIDDEN, gates=hold(o=1.0)),
)
COUNTER_MENDS = (
    Mend(WIPED, gates=hold(f_event=1.0)),
    Mend(
        Mistake(
            "it leaks, f is below 1",
            "It leaks: your forget gate is below 1, so the count shrinks at every step, and the "
            "same number of events gives another h after a long silence.",
            "Compare f⁶⁰ for a bias of 2, 5 and 10.",
        ),
        gates=hold(f=1.0),
    ),
    Mend(
        Mistake(
            "it counts in silence, i is open between events",
            "It counts too much: your input gate is not shut between events, so something is added "
            "at silent steps too.",
            "Between events only the bias of i speaks: make it -10 or so. The weight of the event "
            "has to beat it.",
        ),
        gates=hold(i_quiet=0.0),
    ),
    *NUMBER_MENDS,
)

COUNTER_TASK = Task(
    ("event",),
    counted,
    lambda x: np.cumsum(x[..., 0] > 0, axis=0),
    told_apart(lambda k: f"after {k} events" if k != 1 else "after 1 event"),
    COUNTER_MENDS,
)

COUNTER = Exercise(
    id="9.5",
    title="Design by hand: a counter",
    minutes=15,
    points=3,
    parts=(a_design(lstm_counter, COUNTER_TASK),),
    hints=(
        "c' = f c + i g. At an event c should grow by one step; in silence nothing should happen. "
        "What are f and i in each of the two situations?",
        "f is 1 always. i is 1 at an event and 0 otherwise: weight 20, bias -10. g is the size of "
        "one step. After twenty steps tanh(c) must still be climbing.",
        "i: [20, 0, -10], f: [0, 0, 10], g: [0, 0, 0.05], o: [0, 0, 10]. Twenty events bring c to "
        "1.",
    ),
    after="c counts without bound; what h can tell is bounded by tanh. A network that has to count "
    "far must take small steps, and then a reader must tell small differences.",
    why="g = tanh(0.05) is 0.05, so c is 0.05 n after n events, and h = tanh(0.05 n). From 19 to "
    "20 events h still rises by 0.02. With g = 1 it would rise by 0.07 from 2 to 3 events, and by "
    "0.0012 from 4 to 5. f = 0.99995 loses a third of a percent over 60 silent steps.",
)
