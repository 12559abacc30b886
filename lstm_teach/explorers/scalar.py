"""The scalar cell explorer: an LSTM of one unit and one input, its gates as curves over x."""

from typing import NamedTuple

import numpy as np
import traitlets

from ..cells import LSTM
from ..chain import Params, zero_state
from ..drawing.plots import signed
from . import plot
from .base import Explorer, module, style
from .scalar_picture import WIDTH, drawn
from .traits import Setting

INPUTS = [-0.3, 0.4, -0.8, 1.0, 0.4, -0.8, 0.4, -0.3, -0.8, 0.4, -0.3, 0.4]
KEY_STEP = 4  # the step of the symbol to be written; the others distract
WEIGHTS = [f"{kind}_{k}" for k in LSTM.gates._fields for kind in "wub"]


def _weights(**given):
    """All twelve weights: those that are given, the others 0."""
    return dict.fromkeys(WEIGHTS, 0.0) | given


PRESETS = {
    "in between": _weights(w_i=2.0, u_i=1.0, b_f=1.0, w_g=2.0, b_o=2.0),
    "all open": _weights(b_i=5.0, b_f=5.0, w_g=2.0, b_o=5.0),
    "input gate shut": _weights(b_i=-5.0, b_f=5.0, w_g=2.0, b_o=5.0),
    "forgets at once": _weights(b_i=5.0, b_f=-5.0, w_g=2.0, b_o=5.0),
    "shut by its own h": _weights(w_i=4.0, u_i=-10.0, b_f=5.0, w_g=2.0, b_o=5.0),
}


class Guarded(NamedTuple):
    """How well the input gate guards the cell state.

    key: i where the key symbol comes; distracted: the largest i at any other step; written: |c|
    after the key symbol; strayed: how far c moves from there, as a part of |c|.
    """

    key: float
    distracted: float
    written: float
    strayed: float

    @property
    def opens(self):
        return self.key > 0.9

    @property
    def shuts(self):
        return self.distracted < 0.1

    @property
    def keeps(self):
        return self.written >= 0.5 and self.strayed <= 0.1

    @property
    def reached(self):
        return self.opens and self.shuts and self.keeps


def _layer(w=0.0, u=0.0, b=0.0):
    return (
        Setting(w, -20, 20, 0.5, "w, of x"),
        Setting(u, -10, 10, 0.5, "u, of h"),
        Setting(b, -15, 15, 0.5, "b, bias"),
    )


class ScalarCell(Explorer):
    """An LSTM of one unit and one input: its layers as curves over x, and h and c over a sequence.

        i, f, o = σ(x w + h u + b),  g = tanh(x w + h u + b)      with a w, u and b for each layer

    Settings: w_k, u_k and b_k for each layer k of i f g o, and t (1 to 12), the step whose h the
    curves are drawn for. The key symbol x = 1 comes at step 4, distractors at all other steps.
    Its goal: the input gate opens for the key symbol only (above 0.9, below 0.1 for all others),
    and c keeps what was written, at least 0.5 in size, within 10 % to the end.

        explorer = ScalarCell(w_i=8, b_i=-5, b_f=4)
        explorer.trace.gates.i      (12, 1, 1)

    Chapter 8.
    """

    _esm = module("scalar")
    _css = style()
    cell = LSTM
    title = "an LSTM of one unit"
    drawn_from = tuple(WEIGHTS)

    inputs = traitlets.List(INPUTS).tag(sync=True)
    key_step = traitlets.Int(KEY_STEP).tag(sync=True)
    presets = traitlets.Dict(PRESETS).tag(sync=True)

    w_i, u_i, b_i = _layer(w=2.0, u=1.0)
    w_f, u_f, b_f = _layer(b=1.0)
    w_g, u_g, b_g = _layer(w=2.0)
    w_o, u_o, b_o = _layer(b=2.0)
    t = Setting(KEY_STEP, 1, len(INPUTS), 1, "step t", whole=True)

    @property
    def params(self):
        """The weights: W (4, 1, 1), U (4, 1, 1), b (4, 1)."""
        w, u, b = (
            np.array([getattr(self, f"{kind}_{k}") for k in LSTM.gates._fields]) for kind in "wub"
        )
        return Params(W=w[:, None, None], U=u[:, None, None], b=b[:, None], p=np.zeros((0, 1)))

    @property
    def x(self):
        """The input sequence, (12, 1, 1)."""
        return np.array(self.inputs)[:, None, None]

    @property
    def state(self):
        """Where the sequence starts: zeros, LSTMState of (1, 1)."""
        return zero_state(LSTM, 1, 1)

    def goal(self):
        """The verdict on the input gate and on what c keeps, a Guarded."""
        trace, step = self.trace, self.key_step
        i, c = trace.gates.i[:, 0, 0], trace.states.c[1:, 0, 0]
        written, kept = abs(c[step - 1]), abs(c[step:] - c[step - 1]).max()
        return Guarded(
            key=float(i[step - 1]),
            distracted=float(np.delete(i, step - 1).max()),
            written=float(written),
            strayed=float(kept / written) if written > 0 else float("inf"),
        )

    def picture(self):
        """The layers over x, and beside them x, i, c and h of every step."""
        height, body = drawn(self.scene(), WIDTH)
        words = (
            "Left: over x, the input gate as a line with discs, the forget gate dashed with "
            "squares, the candidate dotted with triangles, the output gate dash-dotted with "
            "diamonds. Right: bars for x, i, c and h at each of the 12 steps."
        )
        return plot.card(WIDTH, height, "An LSTM of one unit", words, body), {}

    def scene(self):
        """The numbers of the picture, as plain ones."""
        trace = self.trace
        return {
            "t": self.t,
            "keyStep": self.key_step,
            "weights": [[getattr(self, f"{v}_{k}") for v in "wub"] for k in LSTM.gates._fields],
            "x": self.inputs,
            "i": trace.gates.i[:, 0, 0].tolist(),
            "c": trace.states.c[1:, 0, 0].tolist(),
            "h": trace.states.h[:, 0, 0].tolist(),
        }

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        goal, c = self.goal(), self.trace.states.c[:, 0, 0]
        return (
            f"The input gate is {goal.key:.2f} for the key symbol and at most "
            f"{goal.distracted:.2f} for the others; c is {signed(c[self.key_step])} after the key "
            f"symbol and {signed(c[-1])} at the end."
        )
