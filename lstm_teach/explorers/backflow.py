"""The back flow explorer: an error on its way back through the chain, whole and cut short."""

from typing import NamedTuple

import numpy as np
import traitlets

from ..activations import tanh_slope
from ..cells import RNN
from ..chain import Params, backward, forward, zero_state
from ..drawing.plots import signed
from ..truncated import truncated_bptt
from . import plot
from .backflow_picture import WIDTH, picture
from .base import Explorer, module, style
from .traits import Numbers, Setting

STEPS = 12
TARGET = 1.0  # what the loss asks of h
DUST = 0.05  # a gradient smaller than this has no way worth the name

PRESETS = {
    "one pulse": [1.0] + [0.0] * 11,
    "up, then down": [0.6] * 4 + [0.0] * 5 + [-0.4] * 3,
    "noise": [1.0, 0.3, -0.4, 0.2, -0.3, 0.4, -0.2, -0.4, 0.1, 0.3, -0.3, 0.2],
}


# The way back, in the package's own words.
LINES = [
    "dstate = dstate._replace(h=dstate.h + dh[t])",
    "dz = (dstate.h * tanh_slope(gates.g))[None]",
    "dU += before.h.T @ back.h_in",
    "through_U = (back.h_in @ params.U.transpose(0, 2, 1)).sum(axis=0)",
]


class Astray(NamedTuple):
    """Two gradients of one loss: dU whole, and dU cut into spans."""

    whole: float
    cut: float

    @property
    def reached(self):
        return min(abs(self.whole), abs(self.cut)) >= DUST and self.whole * self.cut < 0


class Way(NamedTuple):
    """What comes back to each step, (13,) each; entry t belongs to step t, entry 0 is h_0's.

    dh = ∂L/∂h_t, delta = ∂L/∂z_t, share = δ_t h_{t-1}: what this copy adds to dU.
    """

    dh: np.ndarray
    delta: np.ndarray
    share: np.ndarray

    @property
    def dU(self):
        """∂L/∂U: the sum of the shares."""
        return float(self.share.sum())


class BackFlow(Explorer):
    """A chain of one unit and 12 steps, with the error of its loss on the way back.

        h_t = tanh(x_t + h_{t-1} u)        L = (h_12 - 1)² / 2, or the sum of that over all h_t
        δ_t = dh_t (1 - h_t²)              dh_{t-1} = δ_t u (and h_{t-1} - 1 if that has a loss)

    Settings: u (the weight of the state), k (the spans of `truncated_bptt`: no error goes back
    from one into another; 12 cuts nothing), t (how far the error has come back), every (True: a
    loss at every step) and inputs (12 numbers). Its goal: a cut gradient that points the wrong
    way.

        explorer = BackFlow(u=0.9, k=4)
        explorer.full, explorer.truncated      dU whole, and cut
        explorer.delta, explorer.shares        (12,) each, as the cuts leave them

    Chapter 3.
    """

    _esm = module("backflow")
    _css = style()
    cell = RNN
    title = "the error on its way back"
    drawn_from = ("u", "k", "every", "inputs")

    presets = traitlets.Dict(PRESETS).tag(sync=True)
    lines = traitlets.List(LINES).tag(sync=True)

    u = Setting(0.8, -2, 2, 0.05, "u, from the step before")
    k = Setting(STEPS, 1, STEPS, 1, "k, steps of a span", whole=True)
    t = Setting(1, 1, STEPS, 1, "t, where the error has come to", whole=True)
    every = traitlets.Bool(False).tag(sync=True)
    inputs = Numbers(PRESETS["one pulse"], -2, 2, 0.1, "(T,)")

    @property
    def params(self):
        """The weights: u, and w = 1, b = 0; Params with D = H = 1."""
        W, U, b = np.ones((1, 1, 1)), np.full((1, 1, 1), self.u), np.zeros((1, 1))
        return Params(W, U, b, p=np.zeros((0, 1)))

    @property
    def x(self):
        """The input sequence, (12, 1, 1)."""
        return np.array(self.inputs)[:, None, None]

    @property
    def state(self):
        """Where the chain starts: zero, RNNState of (1, 1)."""
        return zero_state(RNN, 1, 1)

    @property
    def errors(self):
        """The gradient of the loss with respect to each output alone, (12, 1, 1)."""
        dh = self.trace.states.h[1:] - TARGET
        if not self.every:
            dh[:-1] = 0
        return dh

    def way(self, k):
        """The error's way back in spans of k steps: a Way.

        Each span starts from the state in which the one before it ended, and is a chain of its
        own for `backward`.
        """
        params, x, errors, state = self.params, self.x, self.errors, self.state
        flow = []
        for start in range(0, STEPS, k):
            span = slice(start, start + k)
            _, state, trace = forward(RNN, params, x[span], state)
            grads = backward(RNN, params, trace, errors[span])
            flow.append(grads.flow.h[1 if start else 0 :, 0, 0])
        dh, h = np.concatenate(flow), self.trace.states.h[:, 0, 0]
        delta = dh * tanh_slope(h)
        delta[0] = 0  # h_0 is given: no z leads to it
        return Way(dh, delta, share=delta * np.roll(h, 1))

    @property
    def delta(self):
        """δ_t = ∂L/∂z_t of every step, as the cuts leave it, (12,)."""
        return self.way(self.k).delta[1:]

    @property
    def shares(self):
        """What every copy adds to dU, δ_t h_{t-1}, as the cuts leave it, (12,)."""
        return self.way(self.k).share[1:]

    @property
    def full(self):
        """dU, the whole gradient."""
        return backward(RNN, self.params, self.trace, self.errors).params.U.item()

    @property
    def truncated(self):
        """dU of `truncated_bptt` in spans of k steps."""
        params, x, errors = self.params, self.x, self.errors

        def slope(h, start):
            return errors[start : start + len(h)]

        _, grads = truncated_bptt(RNN, params, x, slope, self.state, span=self.k)
        return grads.params.U.item()

    def goal(self):
        """The verdict on a cut gradient that goes astray, an Astray."""
        return Astray(whole=self.full, cut=self.truncated)

    def picture(self):
        """The copies, what comes back to each, and dU over k."""
        height, body = picture(self, WIDTH)
        words = (
            "Twelve copies of one tanh layer in a row. Below each, as bars: its output h, the "
            "error dh that comes back to it, δ before the tanh, and its share of dU. At the "
            "bottom, dU as a curve over the length of the spans."
        )
        return plot.card(WIDTH, height, "The error on its way back", words, body), {}

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        whole, cut = self.goal()
        if self.k == STEPS:
            return f"With u = {signed(self.u)}, dU is {signed(whole)}."
        return (
            f"With u = {signed(self.u)}, dU is {signed(whole)}; in spans of {self.k} "
            f"{'step' if self.k == 1 else 'steps'} it is {signed(cut)}."
        )
