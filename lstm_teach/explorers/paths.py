"""The paths explorer: the ways of a gradient through the LSTM, each to be cut, and what is left."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import traitlets

from .. import drawing
from ..activations import logistic_slope, tanh_slope
from ..cells import LSTM, lstm_step_back
from ..chain import Params, zero_state
from ..influence import jacobians, largest_singular_value
from ..nested import each
from .axes import scientific
from .base import Explorer, module, style
from .paths_picture import PATHS, card
from .traits import Setting

LAGS, UNITS = 50, 8
SEEDS = (5, 6, 2, 3, 7)  # one for each network


def _network(seed):
    """Fixed weights and inputs: W (4, 1, H), U (4, H, H) for recurrent scale 1, x (T, 1)."""
    rng = np.random.default_rng(seed)
    drawn = {
        "U": rng.normal(size=(4, UNITS, UNITS)) / np.sqrt(UNITS),
        "W": rng.normal(size=(4, 1, UNITS)),
        "x": rng.normal(size=(LAGS + 1, 1)),
    }
    return {name: v.round(2).tolist() for name, v in drawn.items()}


NETWORKS = [_network(seed) for seed in SEEDS]
CHOICES = {
    "all paths": dict.fromkeys(PATHS, True),
    "only the carousel": dict.fromkeys(PATHS, False) | {"carousel": True},
    "all but the carousel": dict.fromkeys(PATHS, True) | {"carousel": False},
}


def _no_carousel(dstate, gates, before, after, p):
    """The way back through one step, but nothing goes from c to c."""
    back = lstm_step_back(dstate, gates, before, after, p)
    return back._replace(state=each(np.zeros_like, back.state))


class Explosion(NamedTuple):
    """What stands against "an LSTM's gradient is the product of its forget gates".

    gradient: ‖∂c_T/∂c_{T-50}‖ by all paths. product: of the forget gates, the largest of all units.
    """

    gradient: float
    product: float

    @property
    def explodes(self):
        return self.gradient > 1e3

    @property
    def vanishes(self):
        return self.product < 1e-6

    @property
    def reached(self):
        return self.explodes and self.vanishes


class Paths(Explorer):
    """An LSTM of eight units: the ways of the gradient from c_T back to c_t, each to be cut.

        dc_t = dc_{t+1} * f  (carousel)  +  dh_t * o * (1 - tanh(c_t)²)
        dh_t = Σ dz_k U_k^T              over the layers k = i f g o that are not cut

    ∂c_T/∂c_t counts both readers of c_t: the next cell state, and the output h_t.

    Settings: bias (-2 to 6, the forget bias), scale (0 to 16, which multiplies U), network (1 to 5:
    other weights and inputs), and five that are True or False: carousel, i, f, g, o. What is False
    is cut on the way back; the forward pass stays. Its goal: by all paths the gradient explodes,
    above 1000 at lag 50, although the product of the forget gates is below a millionth.

        explorer = Paths(scale=8, bias=0)
        explorer.norms       (51,), ‖∂c_T/∂c_{T-k}‖ for k = 0 .. 50 by the paths that are on
        explorer.whole       (51,), the same by all paths
        explorer.products    (51,), the product of the last k forget gates, the largest of all units
        explorer.jacobian    (51, 8, 8), the matrices behind norms

    Chapter 10.
    """

    _esm = module("paths")
    _css = style()
    cell = LSTM
    title = "the gradient's paths through the LSTM"
    drawn_from = ("bias", "scale", "network")

    networks = traitlets.List(NETWORKS).tag(sync=True)
    choices = traitlets.Dict(CHOICES).tag(sync=True)

    bias = Setting(1.0, -2, 6, 0.5, "forget bias b_f")
    scale = Setting(2.0, 0, 16, 0.5, "recurrent scale, times U")
    network = Setting(1, 1, len(SEEDS), 1, "network", whole=True)
    carousel = traitlets.Bool(True).tag(sync=True)
    i = traitlets.Bool(True).tag(sync=True)
    f = traitlets.Bool(True).tag(sync=True)
    g = traitlets.Bool(True).tag(sync=True)
    o = traitlets.Bool(True).tag(sync=True)

    @property
    def params(self):
        """The weights with the sliders in them: W (4, 1, 8), U (4, 8, 8), b (4, 8)."""
        base = self.networks[self.network - 1]
        b = np.zeros((4, UNITS))
        b[LSTM.gates._fields.index("f")] = self.bias
        U = np.array(base["U"]) * self.scale
        return Params(W=np.array(base["W"]), U=U, b=b, p=np.zeros((0, UNITS)))

    @property
    def x(self):
        """The input sequence, (51, 1, 1)."""
        return np.array(self.networks[self.network - 1]["x"])[:, None]

    @property
    def state(self):
        """Where the sequence starts: zeros, LSTMState of (1, 8)."""
        return zero_state(LSTM, 1, UNITS)

    @property
    def on(self):
        """Which paths are on: {"carousel": True, "i": True, ...}."""
        return {name: getattr(self, name) for name in PATHS}

    @property
    def jacobian(self):
        """∂c_T/∂c_{T-k} by the paths that are on, for k = 0 .. 50, (51, 8, 8)."""
        return _answers(self.params, self.trace, self.on)

    @property
    def norms(self):
        """How much the paths that are on can stretch a gradient at most, for each lag, (51,)."""
        return largest_singular_value(self.jacobian)

    @property
    def whole(self):
        """The same by all paths, whatever is cut, (51,)."""
        return largest_singular_value(_answers(self.params, self.trace, CHOICES["all paths"]))

    @property
    def products(self):
        """The product of the last k forget gates, the largest of the 8 units, (51,)."""
        f = self.trace.gates.f[:0:-1, 0]
        return np.concatenate([[1.0], np.cumprod(f, axis=0).max(axis=-1)])

    @property
    def factors(self):
        """What one step makes of a gradient at most, by each path alone: the median of 50 steps."""
        trace, U = self.trace, self.params.U
        f, tanh_c = trace.gates.f[1:, 0], np.tanh(trace.states.c[1:, 0])
        up = trace.gates.o[:-1, 0] * tanh_slope(tanh_c[:-1])
        slopes = {k: v[1:, 0] for k, v in _slopes(trace)._asdict().items()}
        steps = {"carousel": f.max(axis=-1)}
        for k, name in enumerate(LSTM.gates._fields):
            matrices = slopes[name][:, :, None] * U[k].T * up[:, None, :]
            steps[name] = largest_singular_value(matrices)
        return {name: float(np.median(values)) for name, values in steps.items()}

    def goal(self):
        """The verdict on the gradient and the product at lag 50, an Explosion."""
        return Explosion(gradient=float(self.whole[-1]), product=float(self.products[-1]))

    def live_drawing(self):
        """The module on which the page marks the paths."""
        return drawing.lstm_module()

    def picture(self):
        """The module with the paths that are on, and what they make of the gradient."""
        return card(self.scene()), {}

    def scene(self):
        """The numbers of the picture, as plain ones."""
        curves = {name: getattr(self, name).tolist() for name in ("norms", "whole", "products")}
        return curves | {"on": self.on, "factors": self.factors}

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        on = [words for name, words in PATHS.items() if self.on[name]]
        norm, whole, product = (
            scientific(float(v[-1])) for v in (self.norms, self.whole, self.products)
        )
        return (
            f"Paths that are on: {', '.join(on) or 'none'}. At lag 50 they make {norm} of the "
            f"gradient, all paths {whole}; the product of the forget gates is {product}."
        )


def _answers(params, trace, on):
    """∂c_T/∂c_{T-k} by the paths that are on: a backward pass with U_k = 0 for those that are not,
    and the gates as they were; then c_t's two readers, c_{t+1} and h_t, are added."""
    U = params.U * np.array([on[name] for name in LSTM.gates._fields])[:, None, None]
    cell = LSTM if on["carousel"] else replace(LSTM, step_back=_no_carousel)
    J = jacobians(cell, params._replace(U=U), trace).c
    shown = trace.gates.o[:, 0] * tanh_slope(np.tanh(trace.states.c[1:, 0]))
    return (J.c[1:, 0] + J.h[1:, 0] * shown[:, None, :])[::-1]


def _slopes(trace):
    """What a change of z_i, z_f, z_g makes of the new c, and one of z_o of the new h."""
    i, f, g, o = trace.gates
    before, after = trace.states.c[:-1], trace.states.c[1:]
    return trace.gates._replace(
        i=g * logistic_slope(i),
        f=before * logistic_slope(f),
        g=i * tanh_slope(g),
        o=np.tanh(after) * logistic_slope(o),
    )
