"""The repeating modules: what one copy in the chain does at one time step.

A module is two short pure functions. The chain (chain.py) has already done the matrix
products, so what is left is elementwise: the pink circles of the drawings.

    step(x_in, h_in, state, p)                     -> state', gates
    step_back(dstate, gates, state, state', p)     -> StepGrads

x_in (K, B, H) is what the input says to each of the K learned layers, h_in (K, B, H) is
what the previous output says to them. They arrive apart because some modules (the GRU)
treat them differently. Gates are unpacked by name, in the order i f g o.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .activations import logistic, logistic_slope, tanh, tanh_slope


class StepGrads(NamedTuple):
    """Gradients of the loss with respect to what one step was given.

    Shapes: x_in, h_in (K, B, H); state: one (B, H) for each thing carried, without the
    part that flows through h_in; p (P, H).
    """

    x_in: np.ndarray
    h_in: np.ndarray
    state: NamedTuple
    p: np.ndarray


@dataclass(frozen=True)
class Cell:
    """A repeating module.

    `gates` and `state` are NamedTuple types: their fields are the names that the text
    uses. Put a function of your own into a module with
    `dataclasses.replace(LSTM, step=my_step)`. Chapter 2.

    `peepholes` names the gates that see c. `noted` names fields of `gates` that no layer of
    their own computes: a step notes them because its way back needs them (the GRU's m).
    """

    name: str
    gates: type
    state: type
    step: Callable
    step_back: Callable
    peepholes: tuple = ()
    noted: tuple = ()

    @cached_property
    def layers(self):
        """The names of the learned layers, in the order of the weights' first axis."""
        return tuple(name for name in self.gates._fields if name not in self.noted)


# --- the standard recurrent module: one tanh layer ------------------------------------


class RNNGates(NamedTuple):
    """The one learned layer of the standard module. Shape (B, H), or (T, B, H) in a trace."""

    g: np.ndarray


class RNNState(NamedTuple):
    """What the standard chain carries from step to step: h, shape (B, H)."""

    h: np.ndarray


def rnn_step(x_in, h_in, state, p):
    """One step of the standard recurrent module.

        g  = tanh(z)                 with z = x_in[0] + h_in[0] = x W + b + h U
        h' = g

    Shapes: x_in, h_in (1, B, H); state h (B, H); p (0, H) is not used.
    Returns the new state and the gates. Chapter 2; Elman (1990).
    """
    (z,) = x_in + h_in
    g = tanh(z)
    return RNNState(h=g), RNNGates(g=g)


def rnn_step_back(dstate, gates, before, after, p):
    """The gradients of one step of the standard module, read from the bottom of `rnn_step` up.

        dz = dh' * (1 - g * g)

    Shapes: dstate h (B, H); gates g (B, H); before, after h (B, H); p (0, H).
    Returns StepGrads. Chapter 3; Werbos (1990).
    """
    dz = (dstate.h * tanh_slope(gates.g))[None]
    return StepGrads(
        x_in=dz, h_in=dz, state=RNNState(h=np.zeros_like(before.h)), p=np.zeros_like(p)
    )


RNN = Cell("RNN", RNNGates, RNNState, rnn_step, rnn_step_back)


# --- the LSTM: four layers that interact -----------------------------------------------


class LSTMGates(NamedTuple):
    """The four learned layers: three gates i f o and the candidate g. Each (B, H)."""

    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray


class LSTMState(NamedTuple):
    """What the LSTM chain carries from step to step: h and c, each (B, H)."""

    h: np.ndarray
    c: np.ndarray


def lstm_step(x_in, h_in, state, p):
    """One step of a long short-term memory.

        i, f, o = σ(z_i), σ(z_f), σ(z_o)      how much to write, to keep, to show
        g       = tanh(z_g)                    what to write
        c'      = f * c + i * g
        h'      = o * tanh(c')                 with z = x_in + h_in, one row a layer

    Shapes: x_in, h_in (4, B, H); state h, c (B, H); p (0, H) is not used.
    Returns the new state and the gates.
    Chapter 9; Hochreiter & Schmidhuber (1997), forget gate from Gers, Schmidhuber & Cummins (2000).
    """
    z_i, z_f, z_g, z_o = x_in + h_in
    i, f, g, o = logistic(z_i), logistic(z_f), tanh(z_g), logistic(z_o)
    c = f * state.c + i * g
    h = o * tanh(c)
    return LSTMState(h=h, c=c), LSTMGates(i=i, f=f, g=g, o=o)


def lstm_step_back(dstate, gates, before, after, p):
    """The gradients of one step of the LSTM, read from the bottom of `lstm_step` up.

        do   = dh' * tanh(c')
        dc   = dc' + dh' * o * (1 - tanh(c')²)      two readers of c', two summands
        df, di, dg = dc * c, dc * g, dc * i
        dz_k = dk * slope of layer k

    Shapes: dstate h, c (B, H); gates i f g o (B, H); before, after h, c (B, H); p (0, H).
    Returns StepGrads. Chapter 10; Graves & Schmidhuber (2005) for the untruncated gradient.
    """
    i, f, g, o = gates
    tanh_c = tanh(after.c)
    do = dstate.h * tanh_c
    dc = dstate.c + dstate.h * o * tanh_slope(tanh_c)
    df, di, dg = dc * before.c, dc * g, dc * i
    dz = np.stack(
        [di * logistic_slope(i), df * logistic_slope(f), dg * tanh_slope(g), do * logistic_slope(o)]
    )
    carried = LSTMState(h=np.zeros_like(before.h), c=dc * f)
    return StepGrads(x_in=dz, h_in=dz, state=carried, p=np.zeros_like(p))


LSTM = Cell("LSTM", LSTMGates, LSTMState, lstm_step, lstm_step_back)
