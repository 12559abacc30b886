"""Strings of the embedded Reber grammar: predict what may come next.

    inner      B (T S* X | P T* V) ...  E         six small choices; see INNER
    embedded   B T inner T E    or    B P inner P E

The last letter but one repeats the second, 6 steps later or more: that is the long lag.
"""

import numpy as np

from .batch import Batch, expect, one_hot, real_steps, words

ALPHABET = "BTPSXVE"

# For each state of the inner grammar its two ways out, equally likely: (symbol, next state).
INNER = (
    (("B", 1), ("B", 1)),
    (("T", 2), ("P", 3)),
    (("S", 2), ("X", 4)),
    (("T", 3), ("V", 5)),
    (("X", 3), ("S", 6)),
    (("P", 4), ("V", 6)),
    (("E", 7), ("E", 7)),
)


def _embedded():
    """The ways out of each state of the embedded grammar; the end leads to the start again."""
    top, bottom = 2, 2 + len(INNER)
    echo, end = bottom + len(INNER), bottom + len(INNER) + 2
    ways = [[("B", 1)] * 2, [("T", top), ("P", bottom)]]
    for start, out in ((top, echo), (bottom, echo + 1)):
        for pair in INNER:
            ways.append([(s, out if to == len(INNER) else start + to) for s, to in pair])
    ways += [[("T", end)] * 2, [("P", end)] * 2, [("E", 0)] * 2]
    symbol = np.array([[ALPHABET.index(s) for s, _ in pair] for pair in ways])
    follow = np.array([[to for _, to in pair] for pair in ways])
    return symbol, follow, (echo, echo + 1)


SYMBOL, FOLLOW, ECHO = _embedded()


@words(ALPHABET, ALPHABET)
def embedded_reber(rng, batch):
    """One string of the embedded Reber grammar a sequence; predict each next symbol.

        B T B T X S E T E

    Protocol (Hochreiter & Schmidhuber 1997, experiment 1): 7 inputs and outputs; at each choice
    both ways are equally likely; 256 strings to train on and 256 others to test. Right: at every
    step of every string the legal next symbols (`legal_next`) are the most active outputs.
    Deviation: strings are drawn afresh; for the paper's sets draw two batches of 256 and keep
    them (they may then share strings).

    Shapes: T is the longest of the batch, 8 or more; D = N = 7. target: the symbol that came
    next. Returns a Batch. Chapters 6, 11.
    """
    expect(rng, batch)
    states, walking, rows = np.zeros(batch, int), np.ones(batch, bool), []
    while walking.any():
        symbol, states = _one_step(rng, states)
        rows.append(np.where(walking, symbol, -1))
        walking = walking & (states != 0)
    symbols = np.stack(rows)
    lengths = (symbols >= 0).sum(axis=0) - 1
    T = lengths.max()
    mask = real_steps(T, lengths)
    x, target = np.where(mask, symbols[:T], -1), np.where(mask, symbols[1 : T + 1], 0)
    return Batch(one_hot(x, len(ALPHABET)), target, mask, lengths)


@words(ALPHABET, ALPHABET)
def continual_reber(rng, batch, steps):
    """String after string without a pause: nobody says where one ends and the next begins.

    Protocol, second-hand (published notes on Gers, Schmidhuber & Cummins, 2000): embedded Reber
    strings in one stream, the state never reset. The net must learn to forget by itself. The
    paper stops a stream at its first error; here it has a length.

    Shapes: steps = T ≥ 1; D = N = 7. target: the symbol that came next.
    Returns a Batch; `pieces` cuts it up for a state that is carried on. Chapters 6, 7.
    """
    expect(rng, batch, steps=(steps, 1))
    states, rows = np.zeros(batch, int), []
    for _ in range(steps + 1):
        symbol, states = _one_step(rng, states)
        rows.append(symbol)
    symbols = np.stack(rows)
    lengths = np.full(batch, steps)
    mask = real_steps(steps, lengths)
    return Batch(one_hot(symbols[:-1], len(ALPHABET)), symbols[1:], mask, lengths)


def legal_next(batch):
    """Which symbols may come next, (T, B, 7) booleans; all False in the padding.

    For batches of whole strings or of streams from their start, not for pieces cut out of one.
    """
    states = _states(batch)
    legal = np.zeros((*states.shape, len(ALPHABET)), bool)
    for way in (0, 1):
        np.put_along_axis(legal, SYMBOL[states, way][..., None], True, axis=-1)
    return legal & real_steps(len(states), batch.lengths)[..., None]


def echo_steps(batch):
    """Where the answer is the outer T or P, read 5 or more steps before: (T, B) booleans."""
    return np.isin(_states(batch), ECHO) & real_steps(len(batch.x), batch.lengths)


def _one_step(rng, states):
    """Take one of the two ways out of each state: the symbols written, the states reached."""
    way = rng.integers(2, size=states.shape)
    return SYMBOL[states, way], FOLLOW[states, way]


def _states(batch):
    """The state of the grammar after each symbol read, (T, B)."""
    reached = np.full((len(SYMBOL), len(ALPHABET)), -1)
    np.put_along_axis(reached, SYMBOL, FOLLOW, axis=1)
    symbols, real = batch.x.argmax(axis=-1), real_steps(len(batch.x), batch.lengths)
    states, rows = np.zeros(batch.lengths.shape, int), []
    for t, read in enumerate(symbols):
        states = np.where(real[t], reached[states, read], 0)
        if (states < 0).any():
            raise ValueError(
                f"{ALPHABET[read[states < 0][0]]} at time step {t} is not legal there; expected "
                "strings of the embedded Reber grammar from their beginning."
            )
        rows.append(states)
    return np.stack(rows)
