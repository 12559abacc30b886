"""The cell stepper: the LSTM's module, one operation at a time, a number on every wire."""

import numpy as np
import traitlets

from .. import drawing
from ..cells import LSTM
from ..chain import Params, zero_state
from ..drawing.plots import signed
from .base import Explorer, module, style
from .goals import keep
from .traits import Numbers, Setting

STEPS, UNITS = 8, 4
SIGNAL = [0.0, 2.0]
TAILS = {
    "signal, then silence": [0.0] * 6,
    "signal, then +0.5": [0.5] * 6,
    "signal, then −0.5": [-0.5] * 6,
    "signal, then ±0.5": [0.5, -0.5] * 3,
}
PRESETS = {name: SIGNAL + tail for name, tail in TAILS.items()}

# The four units differ, so that four squares tell more than one. Chosen by hand, one decimal.
W = [
    [[1.0, 0.8, 1.2, 0.9]],
    [[0.4, -0.5, 0.3, -0.2]],
    [[1.0, -0.8, 0.6, -1.2]],
    [[0.5, 0.7, -0.4, 0.6]],
]
U = [
    [[0.4, 0.0, 0.4, -0.3], [0.1, -0.1, 0.2, -0.3], [0.3, 0.0, 0.3, 0.0], [-0.1, 0.2, 0.4, -0.1]],
    [[0.4, 0.3, -0.3, 0.1], [0.2, 0.4, 0.1, -0.3], [0.0, 0.0, 0.0, 0.4], [-0.1, -0.2, 0.0, 0.1]],
    [[0.4, 0.1, -0.2, 0.3], [0.0, 0.1, 0.0, -0.2], [0.2, 0.2, -0.2, 0.0], [-0.1, -0.3, -0.2, 0.4]],
    [[0.3, -0.1, 0.2, -0.4], [0.3, 0.0, 0.3, -0.2], [-0.1, -0.1, 0.4, -0.1], [0.0, 0.4, 0.3, -0.1]],
]

# Name of a wire: (its name in the text, what it is, its shape, the lines of code that make it).
_CARRIED = ["state, at_this_step = result"]
_INTO_LAYERS = [
    "x_in = x_t @ params.W + params.b[:, None]",
    "h_in = state.h @ params.U",
    "z_i, z_f, z_g, z_o = x_in + h_in",
]
_LAYERS = ["i, f, g, o = logistic(z_i), logistic(z_f), tanh(z_g), logistic(z_o)"]
_CELL_STATE = ["c = f * state.c + i * g"]
_OUTPUT = ["h = o * tanh(c)"]
_ROW = "(B, H) = (1, 4)"
LINES = {
    "x": ("x_t", "input of this step", "(B, D) = (1, 1)", ["for x_t in x:"]),
    "h_before": ("h_t−1", "output of the step before", _ROW, _CARRIED),
    "c_before": ("c_t−1", "cell state of the step before", _ROW, _CARRIED),
    "merged": ("[x, h]", "x and h end to end, for all layers", "(B, D + H) = (1, 5)", _INTO_LAYERS),
    "f": ("f_t", "forget gate: how much of the old c to keep", _ROW, _LAYERS),
    "i": ("i_t", "input gate: how much of the candidate to write", _ROW, _LAYERS),
    "g": ("g_t", "candidate: what could be written", _ROW, _LAYERS),
    "kept": ("f * c", "what is kept of the old cell state", _ROW, _CELL_STATE),
    "written": ("i * g", "what is written into the cell state", _ROW, _CELL_STATE),
    "c": ("c_t", "new cell state", _ROW, _CELL_STATE),
    "o": ("o_t", "output gate: how much of c to show", _ROW, _LAYERS),
    "tanh_c": ("tanh c_t", "cell state, squashed", _ROW, _OUTPUT),
    "h": ("h_t", "output of this step", _ROW, _OUTPUT),
}


def _gate():
    return Setting(0.0, -8, 8, 0.5, "bias"), Setting(1.0, -6, 6, 0.5, "input weight")


class CellStepper(Explorer):
    """An LSTM of four units reading one number a step, opened up and stepped through.

    Settings: t (1 to 8), stage (operation 1 to 7), show_all, unit (1 to 4: whose number is
    written out), inputs (8 numbers), and for each gate k of i f g o: bias_k, added to b of all
    four units, and weight_k, which multiplies its row of W. Its goal: what a unit holds after
    step 2 is still there at step 8, within 10 %, whatever comes in between.

        explorer = CellStepper(bias_f=4.0)
        explorer.trace.states.c        (9, 1, 4)

    Chapter 2 shows it, chapter 9 explains it.
    """

    _esm = module("cell")
    _css = style()
    cell = LSTM
    title = "the LSTM cell, step by step"
    drawn_from = (*(f"{kind}_{k}" for kind in ("bias", "weight") for k in "ifgo"), "inputs", "unit")

    base = traitlets.Dict({"W": W, "U": U}).tag(sync=True)
    presets = traitlets.Dict(PRESETS).tag(sync=True)
    lines = traitlets.Dict(LINES).tag(sync=True)

    t = Setting(2, 1, STEPS, 1, "time step t", whole=True)
    stage = Setting(1, 1, 7, 1, "operation", whole=True)
    show_all = traitlets.Bool(True).tag(sync=True)
    unit = Setting(1, 1, UNITS, 1, "unit", whole=True)
    bias_i, weight_i = _gate()
    bias_f, weight_f = _gate()
    bias_g, weight_g = _gate()
    bias_o, weight_o = _gate()
    inputs = Numbers(SIGNAL + TAILS["signal, then ±0.5"], -2, 2, 0.1, "(T,)")

    @property
    def params(self):
        """The weights with the sliders in them: W (4, 1, 4), U (4, 4, 4), b (4, 4)."""
        weight, bias = (
            np.array([getattr(self, f"{kind}_{k}") for k in LSTM.gates._fields])
            for kind in ("weight", "bias")
        )
        return Params(
            W=np.array(W) * weight[:, None, None],
            U=np.array(U),
            b=np.repeat(bias[:, None], UNITS, axis=1),
            p=np.zeros((0, UNITS)),
        )

    @property
    def x(self):
        """The input sequence, (8, 1, 1)."""
        return np.array(self.inputs)[:, None, None]

    @property
    def state(self):
        """Where the sequence starts: zeros, LSTMState of (1, 4)."""
        return zero_state(LSTM, 1, UNITS)

    def goal(self):
        """The verdict on keeping c of the selected unit, a Keep."""
        return keep(self.params, self.inputs, TAILS.values(), self.unit)

    def live_drawing(self):
        """The module whose wires the page fills."""
        return drawing.lstm_module()

    def picture(self):
        """The module and the numbers on its wires at step t."""
        trace, row, unit = self.trace, self.t - 1, self.unit - 1
        before, after = (
            {name: v[r, 0] for name, v in trace.states._asdict().items()} for r in (row, row + 1)
        )
        on_wires = {name: v[row, 0] for name, v in trace.gates._asdict().items()}
        i, f, g, _ = on_wires.values()
        on_wires |= after | {"c_before": before["c"], "h_before": before["h"]}
        on_wires |= {"kept": f * before["c"], "written": i * g, "tanh_c": np.tanh(after["c"])}
        values = {(None, name): (v, v[unit]) for name, v in on_wires.items()}
        x = trace.x[row, 0]
        values[None, "x"] = (x, x[0])
        values[None, "merged"] = ([*x, *before["h"]], None)
        return drawing.lstm_module(), values

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        after = self.trace.states
        h, c = (signed(v[self.t, 0, self.unit - 1]) for v in after)
        return f"An LSTM at step {self.t}: unit {self.unit} holds c = {c} and shows h = {h}."
