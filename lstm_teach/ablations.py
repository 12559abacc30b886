"""An LSTM with one part taken away, to see what the part was for.

Greff et al. (2017) compared their vanilla LSTM, which has peepholes (our PEEPHOLE), with
eight variants that differ from it in one point each. Seven of them are modules of our chain:

    ablate(PEEPHOLE, part)    in the paper    what is left
    "i"                       NIG             i = 1
    "f"                       NFG             f = 1
    "o"                       NOG             o = 1
    "input activation"        NIAF            g = z_g
    "output activation"       NOAF            h' = o * c'
    "coupled"                 CIFG            i = 1 - f; the paper keeps i, f = 1 - i
    "peepholes"               NP              our LSTM

The eighth, FGR (full gate recurrence), takes nothing away: every gate hears all gates of the
step before too, through nine more matrices. The chain carries h through U and nothing else, so
no module of it can be that; full_gate_recurrence.py is FGR with a chain of its own.
"""

from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from .activations import logistic, logistic_slope, tanh, tanh_slope
from .cells import LSTM, Cell, LSTMGates, LSTMState, StepGrads
from .variants import PEEPHOLE, CoupledGates, LSTM97Gates


class NoOutputGates(NamedTuple):
    """Input gate i, forget gate f, candidate g. Each (B, H)."""

    i: np.ndarray
    f: np.ndarray
    g: np.ndarray


@dataclass(frozen=True)
class Remains:
    """What is left of an LSTM: its learned layers, and which rules still hold."""

    gates: type = LSTMGates
    peepholes: tuple = ()
    input_activation: bool = True
    output_activation: bool = True
    coupled: bool = False


_WITHOUT = {
    "i": {"gates": CoupledGates},
    "f": {"gates": LSTM97Gates},
    "o": {"gates": NoOutputGates},
    "input activation": {"input_activation": False},
    "output activation": {"output_activation": False},
    "coupled": {"gates": CoupledGates, "coupled": True},
}
PARTS = (*_WITHOUT, "peepholes")


@cache
def ablate(cell, part):
    """The module `cell`, LSTM or PEEPHOLE, without one part: see the table of this file.

    A gate that is taken away is always open. "coupled" takes away the input gate's own layer.
    Returns a Cell with the layers that are left. Raises ValueError that says which parts
    there are, and which part cannot be taken from a module. Chapter 12; Greff et al. (2017).
    """
    if cell not in (LSTM, PEEPHOLE):
        raise ValueError(f"cell is {cell.name}; expected LSTM or PEEPHOLE themselves.")
    if part == "full gate recurrence":
        raise ValueError(
            "full gate recurrence needs the gates of the step before and matrices for them; the "
            "chain carries only h through U. lstm_teach.full_gate_recurrence has init, forward and "
            "backward of its own for it."
        )
    if part == "peepholes":
        if cell == PEEPHOLE:
            return LSTM
        raise ValueError("LSTM has no peepholes to take away: it is PEEPHOLE without them.")
    if part not in _WITHOUT:
        raise ValueError(f"part is {part!r}; expected one of {', '.join(PARTS)}.")
    change = _WITHOUT[part]
    layers = change.get("gates", LSTMGates)._fields
    peepholes = tuple(name for name in cell.peepholes if name in layers)
    remains = Remains(**change, peepholes=peepholes)
    name = f"{cell.name} {'' if part == 'coupled' else 'without '}{part}"
    return Cell(
        name,
        remains.gates,
        LSTMState,
        partial(step, remains),
        partial(step_back, remains),
        peepholes,
    )


def step(remains, x_in, h_in, state, p):
    """One step of an LSTM of which only these parts are left.

        i, f = σ(z_i + p_i * c), σ(z_f + p_f * c)      1 where the gate is gone, i = 1 - f where
        g    = tanh(z_g)                               coupled, p = 0 where there is no peephole
        c'   = f * c + i * g
        o    = σ(z_o + p_o * c')
        h'   = o * tanh(c')                            without an activation: z_g, o * c'

    Shapes: x_in, h_in (K, B, H); state h, c (B, H); p (P, H).
    Returns the new state and the gates that are left. Chapter 12; Greff et al. (2017).
    """
    z = dict(zip(remains.gates._fields, x_in + h_in, strict=True))
    sees = dict(zip(remains.peepholes, p, strict=True))

    def gate(name, c):
        if name not in z:
            return np.ones_like(c)
        return logistic(z[name] + sees[name] * c) if name in sees else logistic(z[name])

    f = gate("f", state.c)
    i = 1 - f if remains.coupled else gate("i", state.c)
    g = tanh(z["g"]) if remains.input_activation else z["g"]
    c = f * state.c + i * g
    o = gate("o", c)
    h = o * (tanh(c) if remains.output_activation else c)
    seen = {"i": i, "f": f, "g": g, "o": o}
    return LSTMState(h=h, c=c), remains.gates(**{name: seen[name] for name in z})


def step_back(remains, dstate, gates, before, after, p):
    """The gradients of one step of what is left, read from the bottom of `step` up.

        dz_o = dh' * tanh(c') * slope of o
        dc   = dc' + dh' * o * (1 - tanh(c')²) + dz_o * p_o
        dg, di, df = dc * i, dc * g, dc * c            coupled: df = dc * c - di

    Shapes as in `step`. Returns StepGrads. Chapter 12.
    """
    left = gates._asdict()
    sees = dict(zip(remains.peepholes, p, strict=True))
    f, g, o = left.get("f", 1), left["g"], left.get("o", 1)
    i = 1 - f if remains.coupled else left.get("i", 1)
    shown = tanh(after.c) if remains.output_activation else after.c
    slope_c = tanh_slope(shown) if remains.output_activation else 1
    slope_g = tanh_slope(g) if remains.input_activation else 1

    dz_o = dstate.h * shown * logistic_slope(o)
    dc = dstate.c + dstate.h * o * slope_c + dz_o * sees.get("o", 0)
    dg, di, df = dc * i, dc * g, dc * before.c
    df = df - di if remains.coupled else df
    dz = {"i": di * logistic_slope(i), "f": df * logistic_slope(f), "g": dg * slope_g, "o": dz_o}

    saw = {"i": before.c, "f": before.c, "o": after.c}
    dp = [(dz[name] * saw[name]).sum(axis=-2) for name in remains.peepholes]
    through_gates = sum(dz[name] * sees[name] for name in remains.peepholes if name != "o")
    dz = np.stack([dz[name] for name in left])
    carried = LSTMState(h=np.zeros_like(before.h), c=dc * f + through_gates)
    return StepGrads(x_in=dz, h_in=dz, state=carried, p=np.stack(dp) if dp else np.zeros_like(p))
