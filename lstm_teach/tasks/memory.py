"""Keep what you saw: recall one symbol past distractors, copy ten, latch one bit in noise."""

import string

import numpy as np

from .batch import Batch, expect, last_steps, one_hot, real_steps, words


def _recall_inputs(symbols=4, distractors=4, **_):
    return string.ascii_uppercase[:symbols] + (string.ascii_lowercase[:distractors] or ".") + "?"


@words(_recall_inputs, string.ascii_uppercase)
def recall(rng, batch, lag, *, symbols=4, distractors=4):
    """Which symbol came first? Asked `lag` steps later, past distractors.

        A c a b d a ?        the answer, A, counts at the ?

    The first input is one of `symbols` keys; then come lag - 1 distractors, drawn from an
    alphabet of their own; then the question mark. distractors=0 sends one blank instead.
    Chance is 1 / symbols. The book's own task, a many-to-one cousin of experiment 2c in
    Hochreiter & Schmidhuber (1997).

    Shapes: lag ≥ 1; T = lag + 1, D = symbols + max(distractors, 1) + 1, N = symbols ≤ 26.
    Returns a Batch; its target is the key, 0 .. symbols-1. Chapters 5, 7.
    """
    expect(rng, batch, lag=(lag, 1), symbols=(symbols, 2), distractors=(distractors + 1, 1))
    kinds, T = max(distractors, 1), lag + 1
    D = symbols + kinds + 1
    key = rng.integers(symbols, size=batch)
    seen = symbols + rng.integers(kinds, size=(T, batch))
    seen[0], seen[-1] = key, D - 1
    lengths = np.full(batch, T)
    mask = last_steps(T, lengths)
    return Batch(one_hot(seen, D), np.where(mask, key, 0), mask, lengths)


def _copying_inputs(symbols=8, **_):
    return "." + string.digits[1 : symbols + 1] + ">"


@words(_copying_inputs, _copying_inputs)
def copying(rng, batch, lag, *, items=10, symbols=8):
    """See ten symbols, wait, then say them again in order.

        3 1 4 1 5 . . . . > . . . . .        answer: blanks, then 3 1 4 1 5 after the >

    Protocol (code of Arjovsky, Shah & Bengio, 2016): 10 symbols of 8; lag - 1 blanks; a marker;
    10 blanks. The answer is blank for lag + 10 steps, then the 10 symbols; every step counts.
    Who remembers nothing can still know the blanks: its cross-entropy is
    10 log 8 / (lag + 20). Deviation: none but that examples are drawn afresh, not from a
    fixed set of 100,000.

    Shapes: lag ≥ 1; T = lag + 2 items, D = symbols + 2, N = symbols + 1 ≤ 10, blank is 0.
    Returns a Batch. Chapter 11; Tallec & Ollivier (2018) report it too.
    """
    expect(rng, batch, lag=(lag, 1), items=(items, 1), symbols=(symbols, 1))
    if symbols > 9:
        raise ValueError(f"symbols is {symbols}; expected 1 to 9: each is printed as one digit.")
    T = lag + 2 * items
    symbol = rng.integers(1, symbols + 1, size=(items, batch))
    seen, target = np.zeros((T, batch), int), np.zeros((T, batch), int)
    seen[:items], seen[items + lag - 1], target[-items:] = symbol, symbols + 1, symbol
    lengths = np.full(batch, T)
    return Batch(one_hot(seen, symbols + 2), target, real_steps(T, lengths), lengths)


def _latch_inputs(told=3, **_):
    ways = [f"{sign}{t + 1}" for sign in "+-" for t in range(told)]
    return (*ways, "noise")


@words(_latch_inputs)
def latch(rng, batch, length, *, told=3, variance=0.2):
    """Be told one bit, then hold it against noise.

    Protocol, second-hand (published notes on Bengio, Simard & Frasconi, 1994): one tanh unit,
    h' = tanh(w h + x_t). For t < 3, x_t is a number to be learned, one for each class
    and step; after that x_t is Gaussian noise of mean 0. At the end h should be 0.8 for the
    first class, -0.8 for the second. They report how often learning succeeds as T grows.

    So that the learned numbers are weights of ours, the class arrives as one of 2 told
    inputs, each 1 at one step: their rows of W are the numbers to learn. Deviations: the row of
    W that the noise goes through is 1 in the paper; ours is learned unless you keep it at 1.

    Shapes: length = T ≥ told + 1; D = 2 told + 1; target (T, B, 1), counted at the last step.
    Returns a Batch. Chapter 4.
    """
    expect(rng, batch, told=(told, 1), length=(length, told + 1))
    second = rng.integers(2, size=batch)
    x = np.zeros((length, batch, 2 * told + 1))
    for t in range(told):
        x[t, np.arange(batch), second * told + t] = 1
    x[told:, :, -1] = rng.normal(scale=np.sqrt(variance), size=(length - told, batch))
    lengths = np.full(batch, length)
    mask = last_steps(length, lengths)
    return Batch(x, np.where(mask, 0.8 - 1.6 * second, 0)[..., None], mask, lengths)
