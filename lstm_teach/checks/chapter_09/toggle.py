"""9.7 Design by hand: a toggle."""

import numpy as np

from ..exercise import Exercise, Mistake
from .counter import hold
from .one_unit import Mend, Task, a_design
from .sequences import actions, on_or_off


def lstm_toggle():
    """Weights of one unit that every event switches over: off, on, off, on ...

    Returns a dictionary: for each of i, f, g, o the list [weight of event, weight of h, bias].
    """
    return {
        "i": [20, 0, -10],
        "f": [-20, 0, 10],
        "g": [0, -15, 5],
        "o": [0, 0, 10],
    }


HALF_WAY = 0.35


def _wanted(x):
    return np.cumsum(x[..., 0] > 0, axis=0) % 2 == 1


def _turned_round(now, x, h):
    event = x[:, 0] > 0
    now.g = np.where(event, np.where(h > HALF_WAY, -1.0, 1.0), now.g)


def _started(now, x, h):
    first = (x[:, 0] > 0) & (np.abs(h) < 0.05)
    now.g = np.where(first, 1.0, now.g)


def _silence_kept(now, x, h):
    hold(f_quiet=1.0)(now, x, h)


def _deaf(rows, seen):
    return not rows[:3, 1].any()


MENDS = (
    Mend(
        Mistake(
            "it cannot know whether it is on",
            "In your i, f and g the weight of h is 0: at an event the unit does the same whether "
            "it is on or off. To switch over it must know where it is.",
            "At the event h_{t-1} says it: about 0.76 when c is 1, and 0 or less when it is off. "
            "Which layer should listen?",
        ),
        when=_deaf,
    ),
    Mend(
        Mistake(
            "it leaks, f is below 1",
            "It leaks: between events f is below 1, and in a long silence what was switched on "
            "fades.",
            "In silence only the bias of f speaks (and h, if you gave it a weight). +10 is enough.",
        ),
        gates=_silence_kept,
    ),
    Mend(
        Mistake(
            "it acts in silence, i is open between events",
            "Your input gate is not shut between events, so the unit keeps switching, or drifts, "
            "though nothing happens.",
            "A bias of -10 for i, and a weight of the event that beats it.",
        ),
        gates=hold(i_quiet=0.0),
    ),
    Mend(
        Mistake(
            "the output gate hides it from its own gates",
            "Your output gate is not open between events. c is right at first; but h is all that "
            "the gates hear of it, so at the next event the unit does not know that it is on.",
            "o open for good. The step before the event is the one that counts: gates read "
            "h_{t-1}.",
            misconception=141,
        ),
        gates=hold(o=1.0),
    ),
    Mend(
        Mistake(
            "the first event does nothing",
            "At the start h is 0, and with your weights g is 0 then (or below): the first event "
            "does not switch it on.",
            "At h = 0 only the bias of g speaks. It should be well above 0.",
        ),
        gates=_started,
    ),
    Mend(
        Mistake(
            "h does not turn g round",
            "Your unit switches on and stays on: at the second event h = 0.76 does not bring g "
            "below zero.",
            "At an event g must be near +1 for h = 0 and near -1 for h = 0.76. Two equations for "
            "the bias and the weight of h.",
        ),
        gates=_turned_round,
    ),
    Mend(
        Mistake(
            "i is shut at events",
            "Your input gate does not open at an event, so what g says is not written.",
            "At an event z_i should be about +10.",
        ),
        gates=hold(i_event=1.0),
    ),
)

TASK = Task(("event",), lambda rng: actions(rng, 1), _wanted, on_or_off, MENDS)

TOGGLE = Exercise(
    id="9.7",
    title="Design by hand: a toggle",
    minutes=20,
    points=4,
    parts=(a_design(lstm_toggle, TASK),),
    hints=(
        "The same event has to do two things, depending on what c is. No gate sees c. What sees "
        "something of it?",
        "Silence: f = 1, i = 0. Event: f = 0, i = 1, and g writes the opposite of what was there. "
        "With o open, h is 0 at the start and 0.76 when c is 1. Let g listen to h.",
        "i: [20, 0, -10], f: [-20, 0, 10], o: [0, 0, 10], and g: [0, -15, 5]: tanh(5) is 1, "
        "and tanh(5 - 15 · 0.76) is -1.",
    ),
    after="One unit, and no readout: it computes whether the number of events so far is odd. Its "
    "way from c back to its own gates runs through the output gate. Shut o, and it is lost.",
    why="At an event f is near 0 and i near 1, so c' = g. g = tanh(5 - 15 h): with h = 0 (never "
    "switched yet) it is 1; with h = 0.76 (on) z is -6.4, g is -1; with h = -0.76 (off) z is 16, "
    "g is 1. In silence c stays. Off is c = 0 at the start, c = -1 later; h is below 0.2 for both.",
)
