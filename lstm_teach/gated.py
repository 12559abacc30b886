"""The gated recurrent unit and its minimal form: gates without a separate cell state.

Both apply the reset gate to m = h U_g, what the memory says to the candidate, after the
product with U. The other order, (r * h) U_g, needs a matrix product inside the step, and no
module of this chain can do that; tests/spec.py states it in plain loops.
"""

from typing import NamedTuple

import numpy as np

from .activations import logistic, logistic_slope, tanh, tanh_slope
from .cells import Cell, RNNState, StepGrads


class GRUGates(NamedTuple):
    """Reset gate r, update gate u, candidate g, and m = h U_g, noted. Each (B, H)."""

    r: np.ndarray
    u: np.ndarray
    g: np.ndarray
    m: np.ndarray


def gru_step(x_in, h_in, state, p):
    """One step of a gated recurrent unit.

        r, u = σ(x_r + h_r), σ(x_u + h_u)
        g    = tanh(x_g + r * m)               with m = h_g = h U_g
        h'   = u * h + (1 - u) * g             u keeps; 1 - u writes

    What others call the same things, and where they differ:

        here                 order    update gate       reset gate
        this module          r u g    u keeps           after the product
        PyTorch              r z n    z keeps           after, with a bias inside
        Keras, reset_after   z r h    z keeps           after, with a bias inside
        Cho et al. (2014)    r z h    z keeps           before (third version)
        Olah (2015)          z r h    z writes          before

    A gate that writes becomes one that keeps when W, U and b of its row change sign.
    PyTorch has two biases a layer. For r and u only their sum counts: b = b_ih + b_hh. For
    the candidate b_g = b_in, and b_hn, which stands inside r * (h W_hn + b_hn), has no place
    here. Where it is not zero, one more unit can carry it: a unit that starts at 1 and keeps
    (b_u = 40, so that u is 1 to the last bit) and whose row of U_g is b_hn.

    Shapes: x_in, h_in (3, B, H); state h (B, H); p (0, H) is not used.
    Returns the new state and the gates. Chapter 12; Cho et al. (2014).
    """
    x_r, x_u, x_g = x_in
    h_r, h_u, m = h_in
    r, u = logistic(x_r + h_r), logistic(x_u + h_u)
    g = tanh(x_g + r * m)
    return RNNState(h=u * state.h + (1 - u) * g), GRUGates(r=r, u=u, g=g, m=m)


def gru_step_back(dstate, gates, before, after, p):
    """The gradients of one step of the GRU, read from the bottom of `gru_step` up.

        du   = dh' * (h - g)                   u has two readers: one keeps, one writes
        dz_g = dh' * (1 - u) * slope of g
        dr   = dz_g * m
        dm   = dz_g * r                        so x_in and h_in part here
        to the step before, past all layers: dh' * u

    Shapes as in `gru_step`. Returns StepGrads. Chapter 12.
    """
    r, u, g, m = gates
    du = dstate.h * (before.h - g)
    dz_g = dstate.h * (1 - u) * tanh_slope(g)
    dz_r, dz_u = dz_g * m * logistic_slope(r), du * logistic_slope(u)
    return StepGrads(
        x_in=np.stack([dz_r, dz_u, dz_g]),
        h_in=np.stack([dz_r, dz_u, dz_g * r]),
        state=RNNState(h=dstate.h * u),
        p=np.zeros_like(p),
    )


GRU = Cell("GRU", GRUGates, RNNState, gru_step, gru_step_back, noted=("m",))


class MGUGates(NamedTuple):
    """Update gate u, candidate g, and m = h U_g, noted. Each (B, H)."""

    u: np.ndarray
    g: np.ndarray
    m: np.ndarray


def mgu_step(x_in, h_in, state, p):
    """One step of a minimal gated unit: a GRU whose one gate does both jobs.

        u  = σ(x_u + h_u)
        g  = tanh(x_g + (1 - u) * m)           with m = h_g = h U_g
        h' = u * h + (1 - u) * g

    The paper's gate is f = 1 - u (it writes, though it is called a forget gate), and it
    resets before the product: g = tanh(x_g + (f * h) U_g).

    Shapes: x_in, h_in (2, B, H); state h (B, H); p (0, H) is not used.
    Returns the new state and the gates. Chapter 12; Zhou, Wu, Zhang & Zhou (2016).
    """
    x_u, x_g = x_in
    h_u, m = h_in
    u = logistic(x_u + h_u)
    g = tanh(x_g + (1 - u) * m)
    return RNNState(h=u * state.h + (1 - u) * g), MGUGates(u=u, g=g, m=m)


def mgu_step_back(dstate, gates, before, after, p):
    """The gradients of one step of the MGU, read from the bottom of `mgu_step` up.

        dz_g = dh' * (1 - u) * slope of g
        du   = dh' * (h - g) - dz_g * m        three readers of u
        dm   = dz_g * (1 - u)

    Shapes as in `mgu_step`. Returns StepGrads. Chapter 12.
    """
    u, g, m = gates
    dz_g = dstate.h * (1 - u) * tanh_slope(g)
    du = dstate.h * (before.h - g) - dz_g * m
    dz_u = du * logistic_slope(u)
    return StepGrads(
        x_in=np.stack([dz_u, dz_g]),
        h_in=np.stack([dz_u, dz_g * (1 - u)]),
        state=RNNState(h=dstate.h * u),
        p=np.zeros_like(p),
    )


MGU = Cell("MGU", MGUGates, RNNState, mgu_step, mgu_step_back, noted=("m",))
