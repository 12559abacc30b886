"""The forget bias explorer: a bias, the factor it makes, and the gradient that is left of it."""

import math
from typing import NamedTuple

import numpy as np
import traitlets

from ..activations import logistic
from ..cells import LSTM
from ..chain import Params, init, zero_state
from ..influence import jacobian_paths, jacobians, largest_singular_value
from ..initialisers import biases
from . import plot
from .axes import scientific
from .base import Explorer, module, style
from .forget_bias_picture import FORGETS, LEFT, WIDTH, drawn, half_life_words
from .traits import Setting

LAGS, UNITS, INPUTS = 100, 8, 2
SEED = 13


def _network():
    """Fixed weights as `init` draws them, and inputs: W (4, 2, 8), U (4, 8, 8), x (100, 2)."""
    rng = np.random.default_rng(SEED)
    params = init(LSTM, rng, inputs=INPUTS, hidden=UNITS)
    drawn = {"W": params.W, "U": params.U, "x": rng.normal(size=(LAGS, INPUTS))}
    return {name: v.round(3).tolist() for name, v in drawn.items()}


NETWORK = _network()


class Kept(NamedTuple):
    """How much of a gradient is left after 100 steps, and the forget gate's part in a step."""

    left: float
    f: float

    @property
    def lasts(self):
        return self.left > LEFT

    @property
    def forgets(self):
        return self.f < FORGETS

    @property
    def reached(self):
        return self.lasts and self.forgets


class ForgetBias(Explorer):
    """An LSTM of eight units: its forget bias, and what 100 steps leave of the gradient of c.

        f = σ(bias)        f^n is left after n steps if the gate stays at f and is all there is

    Setting: bias (-2 to 8, of the forget gate in every unit; all other biases are 0). Its goal:
    more than a tenth of the gradient is left at lag 100, and yet f is below 0.99.

        explorer = ForgetBias(bias=1.0)
        explorer.f           σ(bias)
        explorer.half_life   steps n with f^n = 1/2
        explorer.powers      (101,), f^k for the lags k = 0 .. 100
        explorer.norms       (101,), ‖∂c_T/∂c_{T-k}‖ with h_{T-k} held: a real backward pass
        explorer.carousel    (101,), the same by the carousel alone: the largest ∏ of the f_t

    The last of `norms` is ‖∂c_100/∂c_0‖. It is not f^100: the gates move with the inputs, and part
    of the gradient comes back through U. Chapter 7.
    """

    _esm = module("forget_bias")
    _css = style()
    cell = LSTM
    title = "the forget bias and the gradient"
    drawn_from = ("bias",)

    network = traitlets.Dict(NETWORK).tag(sync=True)

    bias = Setting(1.0, -2, 8, 0.1, "forget bias b_f")

    @property
    def params(self):
        """The fixed weights, with the forget bias: W (4, 2, 8), U (4, 8, 8), b (4, 8)."""
        W, U = (np.array(self.network[name]) for name in "WU")
        b = biases(f=self.bias)(None, LSTM.layers, UNITS)
        return Params(W=W, U=U, b=b, p=np.zeros((0, UNITS)))

    @property
    def x(self):
        """The inputs, (100, 1, 2)."""
        return np.array(self.network["x"])[:, None]

    @property
    def state(self):
        """Where the sequence starts: zeros, LSTMState of (1, 8)."""
        return zero_state(LSTM, 1, UNITS)

    @property
    def f(self):
        """What a forget gate is that hears only its bias."""
        return float(logistic(self.bias))

    @property
    def half_life(self):
        """Steps until half is left, if f alone decides."""
        return math.log(0.5) / math.log(self.f)

    @property
    def powers(self):
        """f^k for the lags k = 0 .. 100, (101,)."""
        return np.cumprod([1.0] + [self.f] * LAGS)

    @property
    def norms(self):
        """‖∂c_T/∂c_{T-k}‖ for the lags k = 0 .. 100, (101,)."""
        J = jacobians(LSTM, self.params, self.trace)
        return largest_singular_value(J.c.c[::-1, 0])

    @property
    def carousel(self):
        """The part of them that never left the carousel, (101,)."""
        J = jacobian_paths(LSTM, self.params, self.trace).carousel
        return largest_singular_value(J.c.c[::-1, 0])

    def goal(self):
        """The verdict at lag 100, a Kept."""
        return Kept(left=float(self.norms[-1]), f=self.f)

    def picture(self):
        """The logistic curve at the bias, and beside it the gradient over the lag."""
        height, body = drawn(self.scene(), WIDTH)
        words = (
            "Left: the logistic curve with f at the forget bias. Right: over the lag, on a "
            "logarithmic axis, the measured norm of ∂c_T/∂c_t as a line with discs, and f to the "
            "power of the lag as a dashed line with squares."
        )
        return plot.card(WIDTH, height, "The forget bias and the gradient", words, body), {}

    def scene(self):
        """The numbers of the picture, as plain ones."""
        curves = {name: getattr(self, name).tolist() for name in ("powers", "norms")}
        return curves | {"bias": self.bias, "f": self.f, "halfLife": self.half_life}

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        alone, measured = (scientific(float(v[-1])) for v in (self.powers, self.norms))
        return (
            f"b_f = {self.bias:.1f}: f = {self.f:.4f}, {half_life_words(self.half_life)}. At lag "
            f"100 the gradient measured is {measured}; f to the power of 100 is {alone}."
        ).replace("b_f = -", "b_f = −")
