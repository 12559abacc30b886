"""Long lags without noise (experiments 2a-2c of 1997) and with it (3a-3c)."""

import numpy as np

from .batch import Batch, expect, last_steps, one_hot, real_steps, words


def _letters(p):
    """p small letters, again from a after z: the distractors. What matters is in capitals."""
    return "".join(chr(ord("a") + k % 26) for k in range(p))


def _symbols_2ab(p=100):
    return _letters(p - 1) + "XY"


def _symbols_2c(q=50, p=50):
    return _letters(p) + "BEXY"


@words(_symbols_2ab, _symbols_2ab)
def noise_free_2a(rng, batch, p=100):
    """Two sequences that differ at both ends only; predict every next symbol.

        x a1 a2 ... a(p-1) x      or      y a1 a2 ... a(p-1) y

    Protocol (Hochreiter & Schmidhuber 1997, experiment 2a): p + 1 symbols, both sequences
    equally likely. All but the last prediction are the same each time. The paper's success:
    maximal error below 0.25 over 10,000 sequences.

    Shapes: p ≥ 2; T = p, D = N = p + 1: a1 .. a(p-1), x, y. Every step counts; the one that
    matters is the last. Returns a Batch. Chapter 6.
    """
    expect(rng, batch, p=(p, 2))
    return _same_at_both_ends(rng, batch, p, np.arange(p - 1)[:, None].repeat(batch, axis=1))


@words(_symbols_2ab, _symbols_2ab)
def noise_free_2b(rng, batch, p=100):
    """As 2a, but what lies between the ends is random: only the last symbol can be known.

    Protocol (Hochreiter & Schmidhuber 1997, experiment 2b): the p - 1 symbols in the middle are
    drawn from a1 .. a(p-1). Success is judged at the sequence's end.

    Shapes, returns and chapter as `noise_free_2a`.
    """
    expect(rng, batch, p=(p, 2))
    return _same_at_both_ends(rng, batch, p, rng.integers(p - 1, size=(p - 1, batch)))


def _same_at_both_ends(rng, batch, p, middle):
    end = p - 1 + rng.integers(2, size=batch)
    symbols = np.concatenate([end[None], middle, end[None]])
    lengths = np.full(batch, p)
    return Batch(one_hot(symbols[:-1], p + 1), symbols[1:], real_steps(p, lengths), lengths)


@words(_symbols_2c, "XY")
def noise_free_2c(rng, batch, q=50, p=50):
    """At least q distractors of p kinds lie between the symbol and its return.

        b y a7 a3 ... a9 e        the answer, y, counts at the e

    Protocol (Hochreiter & Schmidhuber 1997, experiment 2c): b; x or y; q distractors and then,
    each time with probability 9/10, one more; e; then x or y again, to be predicted. No other
    step has an error. The paper's success: error below 0.2 on 10,000 sequences.

    Shapes: q, p ≥ 1; T is the longest of the batch, q + 3 on its shortest; D = p + 4; N = 2:
    x, y. Returns a Batch. Chapter 6.
    """
    expect(rng, batch, q=(q, 1), p=(p, 1))
    begin, end, x_symbol = p, p + 1, p + 2
    more = rng.geometric(0.1, size=batch) - 1
    lengths = q + more + 3
    T, key = lengths.max(), rng.integers(2, size=batch)
    seen = rng.integers(p, size=(T, batch))
    seen[0], seen[1], seen[lengths - 1, np.arange(batch)] = begin, x_symbol + key, end
    seen[~real_steps(T, lengths)] = -1
    mask = last_steps(T, lengths)
    return Batch(one_hot(seen, p + 4), np.where(mask, key, 0), mask, lengths)


@words(("value",))
def two_sequences_3a(rng, batch, lag=100, *, told=3):
    """The first `told` values say the class, the rest is noise: Bengio's two-sequence problem.

    Protocol (Hochreiter & Schmidhuber 1997, experiment 3a): one input line; the first N = 3
    (or 1) values are +1 for class 1, -1 for class 2; then Gaussian noise of variance 0.2. The
    target at the end is 1 or 0. Wrong: off by more than 0.2. The paper says itself that guessing
    weights at random solves 3a and 3b faster than its LSTM does.

    Ours: lengths are uniform from lag to lag + lag // 10.

    Shapes: lag > told ≥ 1; T = lag + lag // 10, D = 1; target (T, B, 1), counted at each
    sequence's last step. Returns a Batch. Chapter 6.
    """
    return _two_sequences(rng, batch, lag, told, (1, 0), told_variance=0, target_variance=0)


@words(("value",))
def two_sequences_3b(rng, batch, lag=100, *, told=3):
    """As 3a, with noise of variance 0.2 on the telling values too (experiment 3b).

    Shapes, returns and chapter as `two_sequences_3a`.
    """
    return _two_sequences(rng, batch, lag, told, (1, 0), told_variance=0.2, target_variance=0)


@words(("value",))
def two_sequences_3c(rng, batch, lag=100, *, told=3):
    """As 3b, with targets 0.2 and 0.8 that are themselves noisy (experiment 3c).

    The targets carry Gaussian noise of variance 0.1: what can be learned is their mean. Judge by
    0.2 and 0.8, not by the noisy targets: below 0.5 means class 1. Our reading: the noise on
    the telling values is that of 3b.

    Shapes, returns and chapter as `two_sequences_3a`.
    """
    return _two_sequences(rng, batch, lag, told, (0.2, 0.8), told_variance=0.2, target_variance=0.1)


def _two_sequences(rng, batch, lag, told, targets, told_variance, target_variance):
    expect(rng, batch, told=(told, 1), lag=(lag, told + 1))
    T = lag + lag // 10
    lengths = rng.integers(lag, T + 1, size=batch)
    second = rng.integers(2, size=batch)
    x = rng.normal(scale=np.sqrt(0.2), size=(T, batch))
    x[:told] = 1 - 2 * second + rng.normal(scale=np.sqrt(told_variance), size=(told, batch))
    x[~real_steps(T, lengths)] = 0
    target = np.where(second, targets[1], targets[0])
    target = target + rng.normal(scale=np.sqrt(target_variance), size=batch)
    mask = last_steps(T, lengths)
    return Batch(x[..., None], np.where(mask, target, 0)[..., None], mask, lengths)
