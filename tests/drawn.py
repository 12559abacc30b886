"""Random sizes and random networks for the tests. Biases are never zero: a zero hides bugs."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

import lstm_teach as lt

CELLS = (lt.RNN, lt.LSTM, lt.LSTM97, lt.PEEPHOLE, lt.COUPLED, lt.GRU, lt.MGU)


def in_the_loop(cell):
    """The same module in the readable loop: a fast twin serves no functions but its own."""
    return replace(cell, step=lambda *arguments: cell.step(*arguments))


LOOPED = tuple(in_the_loop(cell) for cell in (lt.RNN, lt.LSTM, lt.GRU))
ALL_CELLS = (*CELLS, *LOOPED)


def label(cell):
    return f"{cell.name}-in-the-loop" if cell in LOOPED else cell.name


sizes = st.fixed_dictionaries(
    {name: st.integers(1, most) for name, most in (("T", 6), ("B", 4), ("D", 4), ("H", 5))}
)
seeds = st.integers(0, 2**32 - 1)


def network(cell, seed, T, B, D, H, dtype=np.float64):
    """Weights, inputs and a starting state at random, all read-only."""
    rng = np.random.default_rng(seed)
    shapes = (v.shape for v in lt.init(cell, rng, D, H))
    params = lt.Params(*(read_only(rng.normal(size=shape), dtype) for shape in shapes))
    x = read_only(rng.normal(size=(T, B, D)), dtype)
    return params, x, random_state(cell, rng, B, H, dtype)


def random_state(cell, rng, B, H, dtype=np.float64):
    return cell.state(*(read_only(rng.normal(size=(B, H)), dtype) for _ in cell.state._fields))


def read_only(array, dtype=np.float64):
    array = array.astype(dtype)
    array.flags.writeable = False
    return array
