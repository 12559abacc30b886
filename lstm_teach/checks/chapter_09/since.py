"""9.6 Design by hand: steps since the last event."""

import numpy as np

from ..exercise import Exercise, Mistake
from .counter import NUMBER_MENDS, hold
from .one_unit import Mend, Task, a_design
from .sequences import spaced, told_apart


def lstm_since():
    """Weights of one unit whose output says how long ago the last event was, from 0 to 20 steps.

    Returns a dictionary: for each of i, f, g, o the list [weight of event, weight of h, bias].
    """
    return {
        "i": [-20, 0, 10],
        "f": [-20, 0, 10],
        "g": [0, 0, 0.05],
        "o": [0, 0, 10],
    }


def _steps_since(x):
    """0 at an event, one more at each step after it."""
    since, found = np.zeros(x.shape[1], int), []
    for x_t in x:
        since = np.where(x_t[:, 0] > 0, 0, since + 1)
        found.append(since)
    return np.array(found)


SINCE_MENDS = (
    Mend(
        Mistake(
            "it never starts again",
            "An event does not bring your unit back to zero: f stays open there, and it counts on "
            "from where it was.",
            "At an event f should be near 0: a negative weight that beats the bias.",
        ),
        gates=hold(f_event=0.0),
    ),
    Mend(
        Mistake(
            "f is turned round",
            "Your forget gate keeps at events and forgets between them. It should be the other way "
            "round.",
            "f near 1 is for keeping. Turn both signs of z_f.",
        ),
        gates=hold(f_event=0.0, f_quiet=1.0),
        when=lambda rows, seen: (
            seen.f[seen.x[..., 0] > 0].mean() > 0.5 > seen.f[seen.x[..., 0] == 0].mean()
        ),
    ),
    Mend(
        Mistake(
            "it counts the events, not the steps",
            "That is the counter of 9.5: it adds at events, and nothing brings it back to zero. "
            "Here the silent steps are counted, and an event starts anew.",
            "Turn both round: i open between events; f shut at them.",
        ),
        gates=hold(i_quiet=1.0, f_event=0.0),
        when=lambda rows, seen: seen.f[seen.x[..., 0] > 0].mean() > 0.5,
    ),
    Mend(
        Mistake(
            "nothing is added between events",
            "Your input gate is shut between events, where the steps are to be counted: h stays "
            "where it was.",
            "i should be near 1 whenever there is no event.",
        ),
        gates=hold(i_quiet=1.0),
    ),
    Mend(
        Mistake(
            "it leaks, f is below 1",
            "It leaks: with f below 1 between events c does not climb without end; it creeps up to "
            "i g / (1 - f) and stays there, and the later steps look alike.",
            "Between events f should be so close to 1 that twenty steps lose next to nothing.",
        ),
        gates=hold(f_quiet=1.0),
    ),
    *NUMBER_MENDS,
)

SINCE_TASK = Task(
    ("event",),
    spaced,
    _steps_since,
    told_apart(lambda k: f"{k} steps after an event" if k != 1 else "1 step after an event"),
    SINCE_MENDS,
)

SINCE = Exercise(
    id="9.6",
    title="Design by hand: steps since the last event",
    minutes=12,
    points=3,
    parts=(a_design(lstm_since, SINCE_TASK),),
    hints=(
        "A counter that counts silence, and that an event brings back to zero. Again two "
        "situations: what are f and i at an event, and between events?",
        "Between events f = 1 and i = 1; at an event f = 0, and i may be 0 too. So i and f may "
        "have the same weights.",
        "i: [-20, 0, 10], f: [-20, 0, 10], g: [0, 0, 0.05], o: [0, 0, 10].",
    ),
    after="Here the forget gate is what makes it work: the cell of 1997, which has none, could "
    "only take away what it knows to be there.",
    why="At an event z_f = -10, so c becomes 0 whatever it was. At every other step f is 0.99995, "
    "i is open, and 0.05 is added: k steps after the event c is 0.05 k. Leaving i open at the "
    "event too only moves everything up by one step, and passes as well.",
)
