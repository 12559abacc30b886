"""Count: aⁿbⁿ, aⁿbⁿcⁿ, and the parity of a row of bits."""

import numpy as np

from .batch import Batch, expect, last_steps, one_hot, real_steps, words


@words("#ab", "#ab")
def anbn(rng, batch, longest, *, shortest=1):
    """Words aⁿbⁿ, n from shortest to longest: predict each next symbol.

        # a a a b b b        then # again, the end

    While a comes, a and b are both possible (`legal_next`); from the first b on, everything is
    certain for who has counted. Train on small n and try larger ones.

    Protocol (code of Weiss, Goldberg & Yahav, 2018): positive examples only, words with n < 100
    for aⁿbⁿ and n < 50 for aⁿbⁿcⁿ. Deviations: n is uniform from shortest to longest, and longest
    is yours to choose.

    Shapes: longest ≥ shortest ≥ 1; T = 2 longest + 1, D = N = 3: # a b. Every real step counts.
    Returns a Batch. Chapter 11.
    """
    return _counted(rng, batch, longest, shortest, letters=2)


@words("#abc", "#abc")
def anbncn(rng, batch, longest, *, shortest=1):
    """Words aⁿbⁿcⁿ: as `anbn`, with one more count to keep.

    Shapes: T = 3 longest + 1, D = N = 4: # a b c. Returns a Batch. Chapter 11.
    """
    return _counted(rng, batch, longest, shortest, letters=3)


def legal_next(batch):
    """Which symbols may come next in aⁿbⁿ or aⁿbⁿcⁿ, (T, B, N) booleans; none in the padding.

    One symbol where it is certain; a and b while a is being read.
    """
    legal = one_hot(batch.target, batch.x.shape[-1]).astype(bool)
    reading_a = batch.x[..., 1] == 1
    legal[reading_a, 1] = legal[reading_a, 2] = True
    return legal & real_steps(len(batch.x), batch.lengths)[..., None]


def _counted(rng, batch, longest, shortest, letters):
    expect(rng, batch, shortest=(shortest, 1), longest=(longest, shortest))
    n = rng.integers(shortest, longest + 1, size=batch)
    lengths, T = letters * n + 1, letters * longest + 1
    t = np.arange(T + 1)[:, None]
    # ceil(t / n): 0 is the #, then n times 1, n times 2, ...; after the last letter # again
    symbols = (t + n - 1) // n % (letters + 1)
    mask = real_steps(T, lengths)
    x = one_hot(np.where(mask, symbols[:-1], -1), letters + 1)
    return Batch(x, np.where(mask, symbols[1:], 0), mask, lengths)


@words("01", "eo")
def parity(rng, batch, longest, *, shortest=None):
    """Was the number of ones even or odd?

        0 1 1 0 1        the answer, odd, counts at the last bit

    One bit must be kept and turned over at every 1, for ever: no bit is more important than any
    other, and the first half of an answer is worth nothing.

    Protocol (code of Beck et al., 2024): lengths 3 to 40 to train on, 40 to 256 to test. Ours:
    lengths are uniform from shortest to longest (default: all are longest).

    Shapes: longest ≥ shortest ≥ 1; T = longest, D = 2: 0 1; N = 2: even, odd; counted at each
    sequence's last step. Returns a Batch. Chapters 9, 16.
    """
    shortest = longest if shortest is None else shortest
    expect(rng, batch, shortest=(shortest, 1), longest=(longest, shortest))
    lengths = rng.integers(shortest, longest + 1, size=batch)
    bits = np.where(real_steps(longest, lengths), rng.integers(2, size=(longest, batch)), -1)
    mask = last_steps(longest, lengths)
    odd = (bits == 1).sum(axis=0) % 2
    return Batch(one_hot(bits, 2), np.where(mask, odd, 0), mask, lengths)
