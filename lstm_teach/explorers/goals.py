"""The goals of the explorers, judged by the real forward pass.

The page judges them too, with js/goals.js; a test holds both verdicts equal.
"""

from typing import NamedTuple

import numpy as np

from ..cells import LSTM, RNN
from ..chain import forward

LATCH_STEPS = 12
KEEP_FROM = 2  # the step after which c must stay


class Latch(NamedTuple):
    """How well one unit latches. low: the smallest h after a pulse; drift: the largest |h|
    when nothing ever happened."""

    low: float
    drift: float

    @property
    def reached(self):
        return self.low > 0.5 and self.drift <= 0.05


def latch(params):
    """Judge a one-unit RNN over 12 steps from h_0 = 0, after one pulse and with no input.

    Shapes: params with D = H = 1. Returns Latch.
    """
    x = np.zeros((LATCH_STEPS, 2, 1))
    x[0, 0] = 1
    h, _, _ = forward(RNN, params, x)
    return Latch(low=float(h[:, 0].min()), drift=float(abs(h[:, 1]).max()))


class Keep(NamedTuple):
    """How well one unit keeps c. written: |c| after step 2; strayed: how far c moves from
    there until the last step, as a part of |c|, in the worst of the sequences."""

    written: float
    strayed: float

    @property
    def reached(self):
        return self.written >= 0.5 and self.strayed <= 0.1


def keep(params, inputs, tails, unit):
    """Judge whether c of one unit stays after step 2, whatever of `tails` comes then.

    Shapes: params with D = 1; inputs: numbers, of which the first 2 are used; tails: a list
    of lists of T - 2 numbers; unit counts from 1. Returns Keep.
    """
    first = list(inputs[:KEEP_FROM])
    x = np.array([first + list(tail) for tail in tails], float).T[:, :, None]
    _, _, trace = forward(LSTM, params, x)
    c = trace.states.c[KEEP_FROM:, :, unit - 1]
    written = abs(c[0]).max()
    strayed = abs(c - c[0]).max() / written if written > 0 else np.inf
    return Keep(written=float(written), strayed=float(strayed))
