"""2.6 A latch of one unit, set by hand; how it leaks under noise is in hold.py."""

import math

from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..rows import numbers_of
from .hold import HOLD

SILENT = 30


def latch():
    """Weights for one unit h' = tanh(w x + u h + b) that remembers the last pulse.

    Returns three numbers: w, u, b.
    """
    return 5.0, 4.0, 0.0


def run_latch(w, u, b, pulses, h=0.0):
    """Every h of the unit for this list of inputs."""
    outputs = []
    for x in pulses:
        h = math.tanh(w * x + u * h + b)
        outputs.append(h)
    return outputs


def first_failure(w, u, b, pulses):
    """The first step at which h is not on the side of the last pulse: (t, x, h), or None."""
    wanted = 0
    for t, (x, h) in enumerate(zip(pulses, run_latch(w, u, b, pulses), strict=True)):
        wanted = x or wanted
        if not wanted * h > 0.5:
            return t, x, h
    return None


def _pulses(rng):
    """Set, hold, reset, hold, set again, hold; then pulses of either sign at random times."""
    hold = [0] * SILENT
    pulses = [1, *hold, -1, *hold, 1, *hold]
    for sign, silent in zip(rng.choice([-1, 1], 12), rng.integers(0, SILENT, 12), strict=True):
        pulses += [int(sign)] + [0] * int(silent)
    return pulses


W_TURNED = Mistake(
    "w has the wrong sign",
    "A pulse of +1 pushes h down: w is not above zero.",
    "The pulse enters as w·x. For +1 to push h up, w must be positive.",
)
U_TURNED = Mistake(
    "u is negative",
    "h changes its sign at every silent step: u is below zero, so each h pulls the next one to "
    "the other side.",
    "In silence h' = tanh(u h + b). To stay on its side, h must be multiplied by a number above 0.",
)
LEAKS = Mistake(
    "u is too small, it leaks",
    "The latch leaks: u is not above 1, so in silence every h is smaller than the one before. "
    "tanh(u h) lies below u h, and only a u above 1 can make up for that.",
    "Take u well above 1 and look at where h settles.",
)
SETTLES_LOW = Mistake(
    "u is above 1, but not enough",
    "The latch holds, but too low: h settles where h = tanh(u h + b), and for a u only a little "
    "above 1 that is less than 0.5.",
    "Raise u. What u makes tanh(u · 0.5) larger than 0.5?",
)
B_TAKES_SIDES = Mistake(
    "b takes sides",
    "Without b your latch would work. b pushes to the same side at every step, in silence too, so "
    "one of the two states cannot be reached or cannot be held.",
    "A latch has to treat + and - alike. Which b does?",
)
W_TOO_SMALL = Mistake(
    "w is too small",
    "The pulse is too weak to turn the latch round: against it stands u·h, the weight of what is "
    "remembered.",
    "When the latch is set, h is near 1. For a pulse of -1 the sum is then about -w + u, and that "
    "must be well below zero.",
)
LATCH_MISTAKES = (W_TURNED, U_TURNED, LEAKS, SETTLES_LOW, B_TAKES_SIDES, W_TOO_SMALL)


def _examine(value, rng):
    value = numbers_of("latch", value, ("w", "u", "b"))
    if isinstance(value, Finding):
        return value
    w, u, b = value
    pulses = _pulses(rng)
    failure = first_failure(w, u, b, pulses)
    if failure is None:
        return None
    t, x, h = failure
    if w <= 0:
        mistake = W_TURNED
    elif u < 0:
        mistake = U_TURNED
    elif b and first_failure(w, u, 0.0, pulses) is None:
        mistake = B_TAKES_SIDES
    elif u <= 1:
        mistake = LEAKS
    else:
        mistake = W_TOO_SMALL if x else SETTLES_LOW
    last = max(n for n in range(t + 1) if pulses[n])
    wanted = "above 0.5" if pulses[last] > 0 else "below -0.5"
    silent = "1 silent step" if t - last == 1 else f"{t - last} silent steps"
    moment = f"after {silent}" if t > last else "at the pulse itself"
    return Finding(
        mistake.says,
        exhibits=(
            ("Your latch", f"w = {w:g}, u = {u:g}, b = {b:g}"),
            (
                "First failure",
                f"pulse {pulses[last]:+d}, {moment}: h should be {wanted}, and is {h:+.3f}",
            ),
        ),
        hint=mistake.hint,
        mistake=mistake.name,
    )


LATCH = Exercise(
    id="2.6",
    title="A latch by hand, and how it leaks",
    minutes=20,
    points=4,
    parts=(
        ValuePart(reference=latch, examine=_examine, mistakes=LATCH_MISTAKES),
        HOLD,
    ),
    hints=(
        "In silence h' = tanh(u h + b). To remember, h must come back to itself: draw tanh(u h) "
        "and the line h, and see for which u they meet away from zero.",
        "b = 0 treats + and - alike. u well above 1 holds. And w must win against u: a pulse of -1 "
        "on a set latch gives about tanh(-w + u). For `hold_time`: set h, then a loop with an "
        "early `return t`.",
        "`return 5.0, 4.0, 0.0` works: tanh(-5 + 4) is -0.76. In `hold_time`, after `h = np.tanh(w "
        "+ b)`: `h = np.tanh(w * noise[t] + u * h + b)`, and `if h <= 0.5: return t`.",
    ),
    after="It holds in silence and leaks under noise: what can set a latch can also upset it. A "
    "gate that shuts the input out comes in chapter 8.",
    why="In silence h' = tanh(u h). With u above 1 this has three resting points: 0, which it "
    "leaves, and one on each side, which it returns to; those two are the memory. The pulse must "
    "beat what is remembered, so w must be larger than u by about 0.55 (tanh(0.55) = 0.5). Noise "
    "comes in through the same w as the pulse. With w = 5 and u = 4 an input of -0.7 is enough to "
    "upset the latch. Larger w and u help up to a point and no further: an input of -1 has to "
    "reset it, so noise of -1 does too.",
)
