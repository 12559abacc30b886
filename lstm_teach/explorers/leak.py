"""The leak explorer: one number on a self-loop, what it forgets, and how high it piles up."""

import math
from typing import NamedTuple

import numpy as np

from ..cells import Cell, RNNGates, RNNState, StepGrads
from ..chain import Params, forward, zero_state
from ..influence import jacobians
from . import plot
from .axes import scientific
from .base import Explorer, module, style
from .leak_picture import HIGHEST, KEEP, WIDTH, drawn, half_life_words, steps_to_half
from .traits import Setting

LAGS, STEPS = 100, 200


def _step(x_in, h_in, state, p):
    (z,) = x_in + h_in
    return RNNState(h=z), RNNGates(g=z)


def _step_back(dstate, gates, before, after, p):
    dz = dstate.h[None]
    return StepGrads(dz, dz, RNNState(h=np.zeros_like(before.h)), np.zeros_like(p))


# The standard module with nothing squashed: h' = x W + h U. With W = 1 and U = leak its h is c.
LEAKY = Cell("leaky carousel", RNNGates, RNNState, _step, _step_back)


class Balance(NamedTuple):
    """A memory that lasts and does not pile up. half_life: in steps; highest: c on the stream."""

    half_life: float
    highest: float

    @property
    def remembers(self):
        return self.half_life >= KEEP

    @property
    def bounded(self):
        return self.highest < HIGHEST

    @property
    def reached(self):
        return self.remembers and self.bounded


class Leak(Explorer):
    """A carousel with a leak: what is left of one pulse, of an error, and c on a long stream.

        c_t = leak * c_{t-1} + x_t        ∂c_T/∂c_t = leak^(T-t)

    Setting: leak (0 to 1.05; 1 is the carousel of 1997). Its goal: a half-life of at least 20
    steps, and yet c below 40 through 200 steps of a stream of ones that is never reset.

        explorer = Leak(leak=0.9)
        explorer.memory      (101,), what is left of a pulse of 1 after 0 .. 100 steps
        explorer.gradient    (101,), ∂c_T/∂c_t for the lags T - t = 0 .. 100: a backward pass
        explorer.stream      (201,), c_0 = 0 and c after each of 200 ones
        explorer.half_life   steps until half is left; infinite from leak = 1 on
        explorer.limit       1 / (1 - leak), where the stream ends; infinite from leak = 1 on

    Chapter 6.
    """

    _esm = module("leak")
    _css = style()
    cell = LEAKY
    title = "a carousel with a leak"
    drawn_from = ("leak",)

    leak = Setting(1.0, 0, 1.05, 0.005, "leak λ")

    @property
    def params(self):
        """W = 1, U = leak, b = 0."""
        return Params(*(np.full(s, v) for s, v in self._weights()))

    def _weights(self):
        return ((1, 1, 1), 1.0), ((1, 1, 1), self.leak), ((1, 1), 0.0), ((0, 1), 0.0)

    @property
    def x(self):
        """The stream of ones, (200, 1, 1)."""
        return np.ones((STEPS, 1, 1))

    @property
    def state(self):
        """Where it starts: zero."""
        return zero_state(LEAKY, 1, 1)

    @property
    def memory(self):
        """c at the pulse and at each step after it, (101,)."""
        pulse = np.zeros((LAGS + 1, 1, 1))
        pulse[0] = 1
        return forward(LEAKY, self.params, pulse)[0].ravel()

    @property
    def gradient(self):
        """∂c_T/∂c_t for the lags T - t = 0 .. 100, (101,)."""
        return jacobians(LEAKY, self.params, self.trace).h.h[::-1].ravel()[: LAGS + 1]

    @property
    def stream(self):
        """c_0 = 0 and c after each one of the stream, (201,)."""
        return self.trace.states.h.ravel()

    @property
    def half_life(self):
        """Steps until half of a memory is left."""
        return steps_to_half(self.leak)

    @property
    def limit(self):
        """What c comes to on a stream of ones that never ends."""
        return 1 / (1 - self.leak) if self.leak < 1 else math.inf

    def goal(self):
        """The verdict on the half-life and on the stream, a Balance."""
        return Balance(self.half_life, float(self.stream.max()))

    def picture(self):
        """What is left over the lag, and beside it c on the stream."""
        height, body = drawn(self.scene(), WIDTH)
        words = (
            "Left: over the lag, what is left of a pulse, as a line with discs, and of an error, "
            "as a dashed line with squares: the same curve. Right: c over 200 steps of ones."
        )
        return plot.card(WIDTH, height, "A carousel with a leak", words, body), {}

    def scene(self):
        """The numbers of the picture, as plain ones."""
        curves = {name: getattr(self, name).tolist() for name in ("memory", "gradient", "stream")}
        return curves | {"leak": self.leak, "halfLife": self.half_life, "limit": self.limit}

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        left, piled = scientific(float(self.memory[-1])), scientific(float(self.stream[-1]))
        return (
            f"λ = {self.leak:.3f}: {half_life_words(self.leak)}; of a pulse and of an error, "
            f"{left} is left after 100 steps. After 200 ones, c is {piled}."
        )
