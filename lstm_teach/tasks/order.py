"""In which order did the marks come? They lie far apart, between distractors."""

import numpy as np

from .batch import Batch, expect, last_steps, one_hot, real_steps, words

ALPHABET = "abcdXYEB"
X, E, B = (ALPHABET.index(symbol) for symbol in "XEB")
FIRST_STEPS = {2: (10, 50), 3: (10, 33, 66)}  # of 100; each mark lies up to 10 further on


@words(ALPHABET, "QRSUVABC")
def temporal_order(rng, batch, length=100, *, marks=2):
    """Which of X and Y came first, which second?

        E b a X c d ... a Y b ... c B        the answer, class XY, counts at the B

    Protocol (Hochreiter & Schmidhuber 1997, experiments 6a and 6b): sequences of 100 to 110
    symbols begin with E, end with B, and are filled with a b c d at random, but for two marks
    (6a) at steps 10-20 and 50-60, or three (6b) at 10-20, 33-43 and 66-76. Each mark is X or Y.
    The 4 classes XX XY YX YY are called Q R S U; the 8 of 6b Q R S U V A B C. Right: every
    output off by less than 0.3.

    Ours: steps are counted from 0, ranges include both ends, and any length may take the
    place of 100, the ranges shrinking with it.

    Shapes: length ≥ 10; T = length + length // 10, D = 8, N = 2**marks; target: the class, Y
    counted as 1 in a binary number, counted at each sequence's last step.
    Returns a Batch. Chapter 11.
    """
    expect(rng, batch, length=(length, 10))
    if marks not in FIRST_STEPS:
        raise ValueError(f"marks is {marks}; expected 2 (experiment 6a) or 3 (experiment 6b).")
    T, rows = length + length // 10, np.arange(batch)
    lengths = rng.integers(length, T + 1, size=batch)
    seen = rng.integers(4, size=(T, batch))
    answer = np.zeros(batch, int)
    for first in FIRST_STEPS[marks]:
        step = round(first * length / 100) + rng.integers(length // 10 + 1, size=batch)
        is_Y = rng.integers(2, size=batch)
        seen[step, rows] = X + is_Y
        answer = 2 * answer + is_Y
    seen[0], seen[lengths - 1, rows] = E, B
    seen[~real_steps(T, lengths)] = -1
    mask = last_steps(T, lengths)
    return Batch(one_hot(seen, len(ALPHABET)), np.where(mask, answer, 0), mask, lengths)
