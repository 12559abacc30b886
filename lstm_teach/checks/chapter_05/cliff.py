"""5.3 A rate and a limit for the cliff, chosen by hand."""

import numpy as np

from ..display import Words
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..rows import numbers_of

STEPS, LOW = 60, 0.01


def settings():
    """A learning rate and a limit with which every start reaches low ground in 60 steps.

    Returns two numbers: rate, most.
    """
    return 1.0, 0.5


def loss_and_gradient(u, b):
    """The loss (h_20 + 0.7)² of chains h' = tanh(u h + b), h_0 = 0.5, and its du, db."""
    h, h_u, h_b = np.full_like(u, 0.5), np.zeros_like(u), np.zeros_like(u)
    for _ in range(20):
        z_u, z_b = h + u * h_u, 1 + u * h_b
        h = np.tanh(u * h + b)
        h_u, h_b = (1 - h * h) * z_u, (1 - h * h) * z_b
    error = h + 0.7
    return error**2, np.stack([2 * error * h_u, 2 * error * h_b])


def descend(u, b, rate, most, steps=STEPS):
    """Gradient descent, clipped by norm, from every start. Returns (u, b), loss and gradient."""
    at = np.stack([u, b])
    with np.errstate(all="ignore"):  # rate and limit may be any numbers
        for _ in range(steps):
            _, gradient = loss_and_gradient(*at)
            length = np.sqrt((gradient**2).sum(axis=0))
            at = at - rate * gradient * np.minimum(1, most / np.maximum(length, 1e-300))
        return at, *loss_and_gradient(*at)


def starts():
    """Forty starts at the foot of the cliff, always the same: an answer is right or wrong."""
    u, b = np.meshgrid(np.linspace(1.8, 2.1, 8), np.linspace(-0.7, -0.5, 5))
    return u.ravel(), b.ravel()


NOT_POSITIVE = Mistake(
    "not above zero",
    "Rate and limit must both be above zero. The way down is already in the minus of the step.",
    "Start from rate 0.1 and most 1, and change one of them.",
)
THROWN = Mistake(
    "the limit is too high",
    "Some starts were thrown off: at the cliff the gradient is longer than 50, your limit lets too "
    "much of it pass, and where the weights land the ground is flat.",
    "Lower `most`. An ordinary gradient at the foot of the cliff is about 0.1 long.",
)
LONG_STEPS = Mistake(
    "the steps are too long",
    "The way jumps to and fro across the valley and does not settle: your steps are too long for "
    "it, on the cliff (rate · most) or on ordinary ground (rate).",
    "The valley is about 1 away and narrow. How long should a step be?",
)
SHORT_STEPS = Mistake(
    "the steps are too short",
    "After 60 steps some starts are still on their way. No step is longer than rate · most, and "
    "along the edge of the cliff the way goes in zigzags.",
    "Raise the limit: it may well be above the ordinary length, 0.1, and must be below 50.",
)
TIMID = Mistake(
    "the rate is too small",
    "After 60 steps some starts are still on their way, although your limit would allow longer "
    "steps: at the foot of the cliff the gradient is short, and a small rate makes little of it.",
    "Raise the rate. The limit takes care of the cliff.",
)
MISTAKES = (NOT_POSITIVE, THROWN, LONG_STEPS, SHORT_STEPS, TIMID)


def _two_numbers(value):
    return numbers_of("settings", value, ("rate", "most"), endless="most")


def _examine(value, rng):
    value = _two_numbers(value)
    if isinstance(value, Finding):
        return value
    rate, most = value
    if rate <= 0 or most <= 0:
        return _found(NOT_POSITIVE, value, "no start was tried")
    at, loss, gradient = descend(*starts(), rate, most)
    missed = ~(loss < LOW)
    if not missed.any():
        return None
    flat = np.abs(gradient).max(axis=0) < 1e-6
    first = np.flatnonzero(missed)[0]
    seen = (
        f"{missed.sum()} of {len(loss)} starts did not end on low ground; the first of them ended "
        f"at u = {at[0, first]:.3g}, b = {at[1, first]:.3g}, loss {loss[first]:.2f}"
    )
    if most > 1.2 and ((missed & flat).any() or rate >= 0.45):
        return _found(THROWN, value, seen)
    if rate * most > 0.75 or rate > 2:
        return _found(LONG_STEPS, value, seen)
    return _found(TIMID if rate < 0.45 and most >= 0.3 else SHORT_STEPS, value, seen)


def _found(mistake, value, seen):
    rate, most = value
    return Finding(
        mistake.says,
        exhibits=(
            ("Your settings", f"rate {rate:g}, most {most:g}: no step longer than {rate * most:g}"),
            ("Seen", Words(seen)),
        ),
        hint=mistake.hint,
        mistake=mistake.name,
    )


def _praise(value, rng):
    rate, most = _two_numbers(value)
    many = starts()
    lines = []
    for name, limit in (("your limit", most), ("no limit", np.inf)):
        _, loss, _ = descend(*many, rate, limit)
        lines.append(f"{name:<11} {np.sum(loss < LOW)} of {len(loss)} starts end on low ground")
    return ((f"Your rate, {rate:g}, with and without a limit", "\n".join(lines)),)


CLIFF = Exercise(
    id="5.3",
    title="A rate and a limit for the cliff",
    minutes=10,
    points=3,
    parts=(ValuePart(reference=settings, examine=_examine, mistakes=MISTAKES, praise=_praise),),
    hints=(
        "There are two ways to miss: to be thrown off the cliff, and not to arrive in time. Which "
        "of the two numbers is responsible for which?",
        "At the foot of the cliff a gradient is about 0.1 long, on the cliff 50 and more. The "
        "limit should lie between. The valley is about 1 away, and there are 60 steps.",
        "Take a limit between 0.3 and 1 and a rate between 0.6 and 1. `return 1.0, 0.5` works.",
    ),
    after="Note that the pair is not a sharp point: a whole region works. Without a limit there is "
    "none.",
    why="The limit must lie below the lengths met on the cliff (50 and more) and should lie above "
    "those of ordinary ground (about 0.1), so that ordinary steps are left alone. The rate then "
    "says how far an ordinary step goes. Without a limit the gradient decides how far to go, and "
    "on the cliff it is wrong: hardly one start in ten survives it.",
)
