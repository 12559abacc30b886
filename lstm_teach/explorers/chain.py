"""The chain explorer: one module, rolled up at the left and unrolled to the right."""

import numpy as np
import traitlets

from .. import drawing
from ..cells import RNN, RNNState
from ..chain import Params
from ..drawing.plots import signed
from .base import Explorer, module, style
from .goals import LATCH_STEPS, latch
from .traits import Numbers, Setting

PULSE = [1.0] + [0.0] * (LATCH_STEPS - 1)
NOISE = [1.0, 0.3, -0.4, 0.2, -0.3, 0.4, -0.2, -0.4, 0.1, 0.3, -0.3, 0.2]

PRESETS = {
    "one pulse": PULSE,
    "pulse, then noise": NOISE,
    "all zeros": [0.0] * LATCH_STEPS,
}

# What one copy does, in the package's own words.
LINES = {
    "copy": [
        "x_in = x_t @ params.W + params.b[:, None]",
        "h_in = state.h @ params.U",
        "(z,) = x_in + h_in",
        "g = tanh(z)",
    ]
}


class Chain(Explorer):
    """A recurrent network of one unit, so that every wire carries one number.

        z_t = x_t w + h_{t-1} u + b        h_t = tanh(z_t)

    Settings: steps (1 to 12 copies shown), w, u, b (the weights that all copies share), h0
    (where the chain starts) and inputs (12 numbers; the first `steps` are used). Its goal, a
    latch: h stays above 0.5 for 12 steps after one pulse, and near 0 when nothing happens.

        explorer = Chain(w=2.0)
        explorer.trace.states.h        (steps + 1, 1, 1)

    Chapter 2.
    """

    _esm = module("chain")
    _css = style()
    cell = RNN
    title = "the chain, rolled up and unrolled"
    drawn_from = ("w", "u", "b")

    presets = traitlets.Dict(PRESETS).tag(sync=True)
    lines = traitlets.Dict(LINES).tag(sync=True)

    steps = Setting(6, 1, LATCH_STEPS, 1, "steps", whole=True)
    w = Setting(0.5, -4, 4, 0.1, "w, from the input")
    u = Setting(0.5, -2, 2, 0.05, "u, from the step before")
    b = Setting(0.1, -1, 1, 0.05, "b, the bias")
    h0 = Setting(0.0, -1, 1, 0.05, "h₀, the start")
    inputs = Numbers(PULSE, -2, 2, 0.1, "(T,)")

    @property
    def params(self):
        """The weights that all copies share, as Params with D = H = 1."""
        return Params(
            W=np.full((1, 1, 1), self.w),
            U=np.full((1, 1, 1), self.u),
            b=np.full((1, 1), self.b),
            p=np.zeros((0, 1)),
        )

    @property
    def x(self):
        """The inputs of the copies shown, (steps, 1, 1)."""
        return np.array(self.inputs[: self.steps])[:, None, None]

    @property
    def state(self):
        """Where the chain starts: RNNState with h0, (1, 1)."""
        return RNNState(h=np.full((1, 1), self.h0))

    def goal(self):
        """The verdict on the latch, a Latch."""
        return latch(self.params)

    def live_drawing(self):
        """All twelve copies; the page shows the first `steps`."""
        return drawing.chain(LATCH_STEPS)

    def picture(self):
        """The drawing of the copies shown and the numbers on its wires."""
        trace = self.trace
        h = trace.states.h[:, 0, 0]
        x = self.x[:, 0, 0]
        z = x * self.w + h[:-1] * self.u + self.b
        values = {(None, "h_before"): ([h[0]], h[0])}
        for t in range(self.steps):
            values[t + 1, "x"] = ([x[t]], x[t])
            values[t + 1, "z"] = ([z[t]], z[t], "z")
            values[t + 1, "h"] = ([h[t + 1]], h[t + 1])
        return drawing.chain(self.steps), values

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        h = ", ".join(signed(value) for value in self.trace.states.h[1:, 0, 0])
        return f"A chain of {self.steps} copies of one module; its outputs are {h}."
