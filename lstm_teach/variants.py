"""The LSTM's nearest relatives. Each is two other short functions in the same chain.

    module    layers    what differs
    LSTM97    i g o     no forget gate: c' = c + i * g
    PEEPHOLE  i f g o   the gates also see the cell state, through the weights p
    COUPLED   f g o     what is forgotten is replaced: i = 1 - f

Modules with gates but without a cell state are in gated.py (GRU, MGU); an LSTM with one part
taken away is made by ablations.py. Sizes and axes are those of cells.py.
"""

from typing import NamedTuple

import numpy as np

from .activations import logistic, logistic_slope, tanh, tanh_slope
from .cells import Cell, LSTMGates, LSTMState, StepGrads

# --- LSTM97: no forget gate ------------------------------------------------------------


class LSTM97Gates(NamedTuple):
    """Input gate i, candidate g, output gate o. Each (B, H)."""

    i: np.ndarray
    g: np.ndarray
    o: np.ndarray


def lstm97_step(x_in, h_in, state, p):
    """One step of the LSTM as it was before the forget gate.

        i, o = σ(z_i), σ(z_o)
        g    = tanh(z_g)
        c'   = c + i * g                       nothing is ever forgotten
        h'   = o * tanh(c')                    with z = x_in + h_in, one row a layer

    The paper squashes otherwise, its gates see gates, and its gradient is cut short: that
    network is lstm97.py. Here everything but the missing gate is as in `lstm_step`.

    Shapes: x_in, h_in (3, B, H); state h, c (B, H); p (0, H) is not used.
    Returns the new state and the gates. Chapter 6; Hochreiter & Schmidhuber (1997).
    """
    z_i, z_g, z_o = x_in + h_in
    i, g, o = logistic(z_i), tanh(z_g), logistic(z_o)
    c = state.c + i * g
    return LSTMState(h=o * tanh(c), c=c), LSTM97Gates(i=i, g=g, o=o)


def lstm97_step_back(dstate, gates, before, after, p):
    """The gradients of one step of LSTM97, read from the bottom of `lstm97_step` up.

        do = dh' * tanh(c')
        dc = dc' + dh' * o * (1 - tanh(c')²)       and dc goes on to the step before as it is
        dg, di = dc * i, dc * g

    Shapes as in `lstm97_step`. Returns StepGrads. Chapter 6.
    """
    i, g, o = gates
    tanh_c = tanh(after.c)
    do = dstate.h * tanh_c
    dc = dstate.c + dstate.h * o * tanh_slope(tanh_c)
    dg, di = dc * i, dc * g
    dz = np.stack([di * logistic_slope(i), dg * tanh_slope(g), do * logistic_slope(o)])
    carried = LSTMState(h=np.zeros_like(before.h), c=dc)
    return StepGrads(x_in=dz, h_in=dz, state=carried, p=np.zeros_like(p))


LSTM97 = Cell("LSTM97", LSTM97Gates, LSTMState, lstm97_step, lstm97_step_back)


# --- PEEPHOLE: the gates see the cell state ----------------------------------------------


def peephole_step(x_in, h_in, state, p):
    """One step of an LSTM whose gates look at the cell state, each unit at its own.

        i, f = σ(z_i + p_i * c), σ(z_f + p_f * c)
        g    = tanh(z_g)
        c'   = f * c + i * g
        o    = σ(z_o + p_o * c')               the output gate looks at the new one
        h'   = o * tanh(c')                    with z = x_in + h_in, one row a layer

    Shapes: x_in, h_in (4, B, H); state h, c (B, H); p (3, H), its rows in the order i f o.
    Returns the new state and the gates. Chapter 12; Gers, Schraudolph & Schmidhuber (2002).
    """
    z_i, z_f, z_g, z_o = x_in + h_in
    p_i, p_f, p_o = p
    i, f, g = logistic(z_i + p_i * state.c), logistic(z_f + p_f * state.c), tanh(z_g)
    c = f * state.c + i * g
    o = logistic(z_o + p_o * c)
    return LSTMState(h=o * tanh(c), c=c), LSTMGates(i=i, f=f, g=g, o=o)


def peephole_step_back(dstate, gates, before, after, p):
    """The gradients of one step with peepholes, read from the bottom of `peephole_step` up.

        dz_o = dh' * tanh(c') * slope of o
        dc   = dc' + dh' * o * (1 - tanh(c')²) + dz_o * p_o        three readers of c'
        df, di, dg = dc * c, dc * g, dc * i
        dp   = what the gate felt, times what it looked at, summed over the batch
        to the step before: dc * f + dz_i * p_i + dz_f * p_f       three readers of c

    Shapes as in `peephole_step`. Returns StepGrads. Chapter 12.
    """
    i, f, g, o = gates
    p_i, p_f, p_o = p
    tanh_c = tanh(after.c)
    dz_o = dstate.h * tanh_c * logistic_slope(o)
    dc = dstate.c + dstate.h * o * tanh_slope(tanh_c) + dz_o * p_o
    df, di, dg = dc * before.c, dc * g, dc * i
    dz_i, dz_f, dz_g = di * logistic_slope(i), df * logistic_slope(f), dg * tanh_slope(g)
    dz = np.stack([dz_i, dz_f, dz_g, dz_o])
    dp = np.stack([dz_i * before.c, dz_f * before.c, dz_o * after.c]).sum(axis=-2)
    carried = LSTMState(h=np.zeros_like(before.h), c=dc * f + dz_i * p_i + dz_f * p_f)
    return StepGrads(x_in=dz, h_in=dz, state=carried, p=dp)


PEEPHOLE = Cell(
    "PEEPHOLE", LSTMGates, LSTMState, peephole_step, peephole_step_back, peepholes=("i", "f", "o")
)


# --- COUPLED: what is forgotten is replaced ----------------------------------------------


class CoupledGates(NamedTuple):
    """Forget gate f, candidate g, output gate o. Each (B, H)."""

    f: np.ndarray
    g: np.ndarray
    o: np.ndarray


def coupled_step(x_in, h_in, state, p):
    """One step of an LSTM that writes exactly as much as it forgets.

        f, o = σ(z_f), σ(z_o)
        g    = tanh(z_g)
        c'   = f * c + (1 - f) * g             an average, so |c'| < 1 if |c| < 1
        h'   = o * tanh(c')                    with z = x_in + h_in, one row a layer

    Shapes: x_in, h_in (3, B, H); state h, c (B, H); p (0, H) is not used.
    Returns the new state and the gates. Chapter 12; Greff et al. (2017), who call it CIFG.
    """
    z_f, z_g, z_o = x_in + h_in
    f, g, o = logistic(z_f), tanh(z_g), logistic(z_o)
    c = f * state.c + (1 - f) * g
    return LSTMState(h=o * tanh(c), c=c), CoupledGates(f=f, g=g, o=o)


def coupled_step_back(dstate, gates, before, after, p):
    """The gradients of one step of COUPLED, read from the bottom of `coupled_step` up.

        df = dc * (c - g)                      f has two readers: one keeps, one writes
        dg = dc * (1 - f)                      the rest as in `lstm_step_back`

    Shapes as in `coupled_step`. Returns StepGrads. Chapter 12.
    """
    f, g, o = gates
    tanh_c = tanh(after.c)
    do = dstate.h * tanh_c
    dc = dstate.c + dstate.h * o * tanh_slope(tanh_c)
    df, dg = dc * (before.c - g), dc * (1 - f)
    dz = np.stack([df * logistic_slope(f), dg * tanh_slope(g), do * logistic_slope(o)])
    carried = LSTMState(h=np.zeros_like(before.h), c=dc * f)
    return StepGrads(x_in=dz, h_in=dz, state=carried, p=np.zeros_like(p))


COUPLED = Cell("COUPLED", CoupledGates, LSTMState, coupled_step, coupled_step_back)
