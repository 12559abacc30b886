"""Random sequences for the designs of chapter 09, and what it means that h tells the answer."""

import numpy as np

ON, OFF = 0.5, 0.2
GAP, MOST = 0.005, 20  # neighbouring counts must differ by GAP in h, up to MOST
SILENT = 60


def actions(rng, inputs, T=200, B=8):
    """x (T, B, inputs): at random steps one of the inputs is 1.

    In sequence 0 nothing happens for a long time, and then each thing is held for long.
    """
    x = np.zeros((T, B, inputs))
    for row in range(B):
        t = SILENT if row == 0 else int(rng.integers(0, 6))
        turn = 0
        while t < T:
            which = turn % inputs if row < 2 else rng.integers(inputs)
            x[t, row, which] = 1
            t += SILENT if row == 0 else int(rng.integers(1, 8))
            turn += 1
    return x


def counted(rng, T=80, B=8):
    """x (T, B, 1) with at most MOST events a sequence, at random steps.

    Sequence 0 has none. 1 has all of them at once, 2 one at the beginning and the rest at the end.
    """
    x = np.zeros((T, B, 1))
    x[:MOST, 1] = 1
    x[0, 2] = 1
    x[T - MOST + 1 :, 2] = 1
    for row in range(3, B):
        x[rng.choice(T, MOST, replace=False), row] = 1
    return x


def spaced(rng, T=120, B=8):
    """x (T, B, 1): an event at the first step, then at most MOST silent steps between events."""
    x = np.zeros((T, B, 1))
    for row in range(B):
        t = 0
        while t < T:
            x[t, row] = 1
            t += MOST + 1 if row == 0 else int(rng.integers(1, MOST + 2))
    return x


def on_or_off(h, wanted):
    """The first step at which h is not on one side: above ON, or below OFF. Or None."""
    wrong = np.where(wanted, ~(h > ON), ~(h < OFF))
    if not wrong.any():
        return None
    t, row = (int(n) for n in np.argwhere(wrong)[0])
    side = f"on, above {ON}" if wanted[t, row] else f"off, below {OFF}"
    return t, row, f"h should be {side}, and is {h[t, row]:+.3f}"


def told_apart(of_what):
    """A failure in telling numbers apart: each must have an h of its own, the larger the higher."""

    def failure(h, wanted):
        for k in range(MOST):
            here, above = wanted == k, wanted == k + 1
            if not here.any() or not above.any():
                continue
            high, low = np.where(here, h, -2).max(), np.where(above, h, 2).min()
            if low - high >= GAP:
                continue
            t, row = (int(n) for n in np.argwhere(above & (h == low))[0])
            words = (
                f"h is {low:+.4f} {of_what(k + 1)}; {of_what(k)} it can be {high:+.4f}. Expected: "
                f"higher by {GAP} at least"
            )
            return t, row, words
        return None

    return failure
