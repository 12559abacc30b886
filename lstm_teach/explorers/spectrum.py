"""The spectrum explorer: where the eigenvalues of U lie, and what becomes of the gradient."""

from typing import NamedTuple

import numpy as np
import traitlets

from ..activations import tanh_slope
from ..cells import RNN
from ..chain import Params, zero_state
from ..influence import jacobians, largest_singular_value
from ..initialisers import orthogonal
from . import plot
from .axes import scientific
from .base import Explorer, module, style
from .spectrum_picture import WIDTH, drawn
from .traits import Choice, Setting

LAGS, UNITS = 50, 16
DECADES = 4  # the diagonal of S runs from 1 to 10 to this power where shear is 1


def _along_a_line(matrix):
    """The same matrix along other axes, so that a unit speaks to the next, and to those before.

    Turning the axes changes neither eigenvalues nor singular values. (Hessenberg's form, by
    Householder's reflections.)
    """
    M = matrix.copy()
    for n in range(len(M) - 2):
        v = M[n + 1 :, n].copy()
        v[0] += np.copysign(np.linalg.norm(v), v[0])
        v /= np.linalg.norm(v)
        M[n + 1 :] -= 2 * np.outer(v, v @ M[n + 1 :])
        M[:, n + 1 :] -= 2 * np.outer(M[:, n + 1 :] @ v, v)
        M[n + 2 :, n] = 0
    return M.T


def _bases():
    """The fixed matrices B, each of spectral radius 1, with their eigenvalues as pairs."""
    rng = np.random.default_rng(36)
    normal = rng.normal(size=(UNITS, UNITS))
    found = {}
    for kind, full in {"orthogonal": orthogonal(rng, UNITS, UNITS), "random": normal}.items():
        B = _along_a_line(full)
        B /= np.abs(np.linalg.eigvals(B)).max()
        values = np.sort_complex(np.linalg.eigvals(B))
        pairs = np.stack([values.real, values.imag], axis=1)
        found[kind] = {"matrix": B.tolist(), "eigenvalues": pairs.tolist()}
    return found


BASES = _bases()
NOISE = np.random.default_rng(1).normal(size=(LAGS, UNITS)).round(2)


class CounterExample(NamedTuple):
    """What speaks against "above 1 it explodes, below 1 it vanishes".

    last: the gradient of the tanh chain at lag 50. highest: the largest gradient of the linear
    chain at any lag.
    """

    radius: float
    last: float
    highest: float

    @property
    def vanishes(self):
        """Radius well above 1, and yet the gradient is gone."""
        return self.radius >= 1.2 and self.last < 1e-3

    @property
    def grows(self):
        """Radius below 1, and yet the gradient is tenfold on its way."""
        return self.radius <= 0.95 and self.highest > 10

    @property
    def reached(self):
        return self.vanishes or self.grows


class Spectrum(Explorer):
    """A chain of 16 units: the eigenvalues of U, and ‖∂h_T/∂h_t‖ over the lag T - t.

        U = radius * S B S⁻¹        B of spectral radius 1, S diagonal: the eigenvalues stay
        h' = tanh(gain * noise + h U)                           where shear pulls B out of shape

    Settings: radius (0.5 to 2, the spectral radius of U), gain (0 to 2, how loud the inputs are),
    shear (0 to 1) and kind (the matrix B, "orthogonal" or "random"). Its goal: a counter-example
    to "above 1 gradients explode, below 1 they vanish".

        explorer = Spectrum(radius=1.2, gain=0.5)
        explorer.tanh        (51,), the largest singular value of ∂h_T/∂h_{T-k} for k = 0 .. 50
        explorer.linear      (51,), the same if every slope were 1

    Chapter 4.
    """

    _esm = module("spectrum")
    _css = style()
    cell = RNN
    title = "spectral radius and gradient"
    drawn_from = ("radius", "gain", "shear", "kind")

    bases = traitlets.Dict(BASES).tag(sync=True)
    noise = traitlets.List(NOISE.tolist()).tag(sync=True)
    decades = traitlets.Int(DECADES).tag(sync=True)

    radius = Setting(1.2, 0.5, 2, 0.05, "spectral radius of U")
    gain = Setting(0.0, 0, 2, 0.05, "gain of the inputs")
    shear = Setting(0.0, 0, 1, 0.05, "shear of U")
    kind = Choice("orthogonal", BASES, "kind of U")

    @property
    def U(self):
        """The recurrent matrix, (16, 16)."""
        pull = 10 ** (DECADES * self.shear * np.arange(UNITS) / (UNITS - 1))
        return self.radius * np.array(self.bases[self.kind]["matrix"]) * pull / pull[:, None]

    @property
    def params(self):
        """Params with D = H = 16: each unit hears a noise of its own."""
        return Params(
            W=self.gain * np.eye(UNITS)[None],
            U=self.U[None],
            b=np.zeros((1, UNITS)),
            p=np.zeros((0, UNITS)),
        )

    @property
    def x(self):
        """The noise, (50, 1, 16)."""
        return np.array(self.noise)[:, None]

    @property
    def state(self):
        """Where the chain starts: zeros, RNNState of (1, 16)."""
        return zero_state(RNN, 1, UNITS)

    @property
    def eigenvalues(self):
        """The eigenvalues of U, (16,). Shear does not move them."""
        real, imaginary = np.array(self.bases[self.kind]["eigenvalues"]).T
        return self.radius * (real + 1j * imaginary)

    @property
    def sigma_max(self):
        """The largest singular value of U: how much one step can stretch at most."""
        return float(largest_singular_value(self.U))

    @property
    def tanh(self):
        """‖∂h_T/∂h_{T-k}‖ of the tanh chain for the lags k = 0 .. 50, (51,)."""
        J = jacobians(RNN, self.params, self.trace).h.h[:, 0]
        return largest_singular_value(J)[::-1]

    @property
    def linear(self):
        """The same with all slopes 1: the norms of the powers of U, (51,)."""
        powers = [np.eye(UNITS)]
        for _ in range(LAGS):
            powers.append(powers[-1] @ self.U)
        return largest_singular_value(np.array(powers))

    @property
    def slopes(self):
        """The mean slope tanh′ of the 16 units at each step back from the end, (50,)."""
        return tanh_slope(self.trace.gates.g)[::-1, 0].mean(axis=-1)

    def goal(self):
        """The verdict, a CounterExample."""
        return CounterExample(self.radius, float(self.tanh[-1]), float(self.linear.max()))

    def picture(self):
        """The disc of the eigenvalues, the gradient over the lag, the slopes."""
        height, body = drawn(self.scene(), WIDTH)
        words = (
            "Left: the eigenvalues of U in the plane with the unit circle, and a circle of radius "
            "σ max. Right: over the lag T - t, on a logarithmic axis, ‖∂h_T/∂h_t‖ for tanh as a "
            "line, with every slope 1 as a dashed line, and σ max to the power T - t as dots."
        )
        return plot.card(WIDTH, height, "Spectral radius and gradient", words, body), {}

    def scene(self):
        """The numbers of the picture, as plain ones."""
        values = self.eigenvalues
        return {
            "radius": self.radius,
            "sigmaMax": self.sigma_max,
            "points": np.stack([values.real, values.imag], axis=1).tolist(),
            "tanh": self.tanh.tolist(),
            "linear": self.linear.tolist(),
            "slopes": self.slopes.tolist(),
        }

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        return (
            f"Spectral radius {self.radius:.2f}, largest singular value {self.sigma_max:.2f}; at "
            f"lag 50: tanh {scientific(self.tanh[-1])}, linear {scientific(self.linear[-1])}."
        )
