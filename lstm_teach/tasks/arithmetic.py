"""Two numbers are marked in a long row of numbers: add them, or multiply them, at the end."""

import numpy as np

from .batch import Batch, expect, last_steps, real_steps, words

COLUMNS = ("value", "marker")


@words(COLUMNS)
def adding(rng, batch, lag):
    """The adding problem as it was first posed.

        answer at the end: 0.5 + (X1 + X2) / 4        X1, X2: the values marked 1

    Protocol (Hochreiter & Schmidhuber 1997, experiment 4): values uniform in [-1, 1]; lengths
    uniform from T to T + T/10; one of the first ten steps is marked 1, and one of the first
    T/2 - 1 others; the markers of the first and the last step are -1. If the first step is
    drawn, its marker stays -1 and its value counts as 0. Right: off by less than 0.04.
    Who always answers 0.5 has a mean squared error near 1/24.

    Our reading, where the protocol is silent: a first step drawn as the second of the pair
    counts as 0 as well; T/10 and T/2 are rounded down.

    Shapes: lag = T ≥ 4; x (T + T//10, B, 2): value and marker; target (..., B, 1), counted at
    each sequence's last step. Returns a Batch. Chapters 6, 11.
    """
    expect(rng, batch, lag=(lag, 4))
    x, first, second, lengths = _marked(rng, batch, lag, low=-1)
    X1, X2 = _values(x, first, second, unseen=0)
    return _at_the_end(x, 0.5 + (X1 + X2) / 4, lengths)


@words(COLUMNS)
def multiplication(rng, batch, lag):
    """As `adding`, but the two values are to be multiplied.

        answer at the end: X1 * X2

    Protocol (Hochreiter & Schmidhuber 1997, experiment 5): as experiment 4, but values uniform
    in [0, 1], and X1 = 1 if the first step is drawn. Right: off by less than 0.04.
    Our reading: as in `adding`.

    Shapes, returns and chapters as `adding`.
    """
    expect(rng, batch, lag=(lag, 4))
    x, first, second, lengths = _marked(rng, batch, lag, low=0)
    X1, X2 = _values(x, first, second, unseen=1)
    return _at_the_end(x, X1 * X2, lengths)


@words(COLUMNS)
def adding_uniform(rng, batch, lag):
    """The adding problem as later papers pose it.

        answer at the end: X1 + X2

    Protocol (code of Arjovsky, Shah & Bengio, 2016): values uniform in [0, 1]; all sequences
    have T steps; one marker 1 in each half, all others 0. Who always answers 1 has a mean
    squared error near 1/6. Deviation: examples are drawn afresh, not from a fixed set of
    100,000.

    Shapes: lag = T ≥ 2; x (T, B, 2): value and marker; target (T, B, 1), counted at the last
    step. Returns a Batch. Chapter 11; Tallec & Ollivier (2018) report it too.
    """
    expect(rng, batch, lag=(lag, 2))
    x = np.zeros((lag, batch, 2))
    x[..., 0] = rng.uniform(0, 1, (lag, batch))
    rows = np.arange(batch)
    first, second = rng.integers(lag // 2, size=batch), rng.integers(lag // 2, lag, size=batch)
    x[first, rows, 1] = x[second, rows, 1] = 1
    return _at_the_end(x, x[first, rows, 0] + x[second, rows, 0], np.full(batch, lag))


def _marked(rng, batch, lag, low):
    """Values and markers of experiments 4 and 5, and which two steps were drawn."""
    T, rows = lag + lag // 10, np.arange(batch)
    lengths = rng.integers(lag, T + 1, size=batch)
    first = rng.integers(min(10, lag - 1), size=batch)
    second = rng.integers(lag // 2 - 1, size=batch)  # of the steps not yet marked
    second = np.where(second >= first, second + 1, second)
    x = np.zeros((T, batch, 2))
    x[..., 0] = np.where(real_steps(T, lengths), rng.uniform(low, 1, (T, batch)), 0)
    x[first, rows, 1] = x[second, rows, 1] = 1
    x[0, :, 1] = x[lengths - 1, rows, 1] = -1
    return x, first, second, lengths


def _values(x, first, second, unseen):
    rows = np.arange(x.shape[1])
    return [np.where(step == 0, unseen, x[step, rows, 0]) for step in (first, second)]


def _at_the_end(x, answer, lengths):
    mask = last_steps(len(x), lengths)
    return Batch(x, np.where(mask, answer, 0)[..., None], mask, lengths)
