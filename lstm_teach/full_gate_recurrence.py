"""FGR, the eighth variant of Greff et al. (2017): gates also hear the gates of the step before.

    said    = i, f, o of the step before            3 gates, each a vector of H numbers
    z_k     = x W_k + h U_k + b_k                   k = i f g o, as in every module of ours
    z_k     = z_k + Σ over j of said_j U_gates[k, j]       for the gates k = i f o, not for g

What follows is PEEPHOLE's step: the gates see c, and g hears x and h only. U_gates holds nine
matrices more than PEEPHOLE has, H x H each. With them at 0 FGR is PEEPHOLE.

The chain of chain.py carries h through U and nothing else, so FGR has a chain of its own here:
two functions of the same form. Its module, `FGR`, carries h, c and i, f, o; in the chain of
chain.py it would run as PEEPHOLE, since nobody there tells the gates what gates said.

    params = init(rng, inputs=3, hidden=5)
    h, state, trace = forward(params, x)
    grads = backward(params, trace, dh)

Sizes: T time, B batch, D inputs, H hidden. A network of it has 4 (D H + H H + H) weights, as an
LSTM has, 3 H peepholes, and 9 H H between the gates. Chapter 12.
"""

from typing import NamedTuple

import numpy as np

from . import arguments, chain
from .activations import logistic_slope, tanh, tanh_slope
from .cells import Cell, LSTMGates, StepGrads
from .chain import Grads, Params, Trace, _row, _stack
from .initialisers import uniform
from .variants import PEEPHOLE


class FGRState(NamedTuple):
    """What is carried from step to step: h and c, and what the gates said. Each (B, H)."""

    h: np.ndarray
    c: np.ndarray
    i: np.ndarray
    f: np.ndarray
    o: np.ndarray


class FGRParams(NamedTuple):
    """The weights: W (4, D, H), U (4, H, H), b (4, H), p (3, H) as PEEPHOLE has them, and
    U_gates (3, 3, H, H): U_gates[k, j] carries what gate j said to gate k, both in the order i f o.
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    p: np.ndarray
    U_gates: np.ndarray


def step(x_in, h_in, state, p):
    """One step of FGR, once its gates have heard: that of PEEPHOLE; i, f, o are carried on.

    Shapes: x_in, h_in (4, B, H), h_in with what the gates said; state h, c, i, f, o (B, H);
    p (3, H). Returns the new state and the gates. Chapter 12; Greff et al. (2017).
    """
    after, gates = PEEPHOLE.step(x_in, h_in, state, p)
    return FGRState(h=after.h, c=after.c, i=gates.i, f=gates.f, o=gates.o), gates


def step_back(dstate, gates, before, after, p):
    """The gradients of one step of FGR: those of PEEPHOLE, with one more reader of each gate.

        dz_o = (dh' * tanh(c') + do') * slope of o          do': from the gates that heard o
        dc   = dc' + dh' * o * (1 - tanh(c')²) + dz_o * p_o
        df, di, dg = dc * c + df', dc * g + di', dc * i

    Shapes as in `step`. Returns StepGrads. Chapter 12.
    """
    i, f, g, o = gates
    p_i, p_f, p_o = p
    tanh_c = tanh(after.c)
    dz_o = (dstate.h * tanh_c + dstate.o) * logistic_slope(o)
    dc = dstate.c + dstate.h * o * tanh_slope(tanh_c) + dz_o * p_o
    df, di, dg = dc * before.c + dstate.f, dc * g + dstate.i, dc * i
    dz_i, dz_f, dz_g = di * logistic_slope(i), df * logistic_slope(f), dg * tanh_slope(g)
    dz = np.stack([dz_i, dz_f, dz_g, dz_o])
    dp = np.stack([dz_i * before.c, dz_f * before.c, dz_o * after.c]).sum(axis=-2)
    nothing = np.zeros_like(before.h)
    carried = FGRState(nothing, dc * f + dz_i * p_i + dz_f * p_f, nothing, nothing, nothing)
    return StepGrads(x_in=dz, h_in=dz, state=carried, p=dp)


FGR = Cell("FGR", LSTMGates, FGRState, step, step_back, PEEPHOLE.peepholes)


def init(rng, inputs, hidden, *, forget_bias=1.0, dtype=np.float64):
    """Draw the weights: W, U, b, p as chain.init draws them, and

        U_gates ~ uniform(-1/√H, 1/√H)

    Returns FGRParams. Raises TypeError or ValueError that says what was expected.
    """
    params = chain.init(FGR, rng, inputs, hidden, forget_bias=forget_bias, dtype=dtype)
    U_gates = [[uniform(rng, hidden, hidden) for _ in "ifo"] for _ in "ifo"]
    return FGRParams(*params, U_gates=np.array(U_gates, params.U.dtype))


def forward(params, x, state=None):
    """Run the chain of FGR over a batch of sequences.

        h_in = h U + what the gates of the step before say

    Shapes: x (T, B, D), state an FGRState (zeros if not given: gates that have said nothing).
    Nothing that is passed in is written to. Returns h (T, B, H), the last state, and the Trace,
    as chain.forward does. Raises TypeError or ValueError that says what was expected.
    """
    _expect_params(params)
    arguments.expect_sequence(params, x, state)
    if state is None:
        state = chain.zero_state(FGR, x.shape[1], params.U.shape[-1], dtype=x.dtype)
    arguments.expect_state(FGR, "state", state, x.shape[1], params)
    states, gates = [state], []
    for x_t in x:
        x_in = x_t @ params.W + params.b[:, None]
        h_in = state.h @ params.U + _heard(params.U_gates, _said(state))
        state, at_this_step = step(x_in, h_in, state, params.p)
        states.append(state)
        gates.append(at_this_step)
    trace = Trace(x=x, gates=_stack(LSTMGates, gates), states=_stack(FGRState, states))
    return trace.states.h[1:], state, trace


def backward(params, trace, dh, dstate=None):
    """Send the gradient of a loss back through the chain that `forward` traced.

        said -> z: dU_gates[k, j] = said_j^T dz_k      dsaid_j = Σ over k of dz_k U_gates[k, j]^T

    Shapes: dh (T, B, H); dstate an FGRState (zeros if not given).
    Returns Grads, as chain.backward does, with params: FGRParams.
    Raises TypeError or ValueError that says what was expected.
    """
    _expect_params(params)
    arguments.expect_trace(FGR, params, trace)
    T, B, H = len(trace.x), *trace.states.h.shape[1:]
    arguments.expect_array("dh", dh, (T, B, H), "(T, B, H)", params.W.dtype)
    if dstate is None:
        dstate = chain.zero_state(FGR, B, H, dtype=dh.dtype)
    arguments.expect_state(FGR, "dstate", dstate, B, params)

    dW, dU, db, dp, dU_gates = (np.zeros_like(v) for v in params)
    dx = np.zeros_like(trace.x)
    flow = []
    for t in reversed(range(T)):
        dstate = dstate._replace(h=dstate.h + dh[t])
        flow.append(dstate)
        before, after = _row(trace.states, t), _row(trace.states, t + 1)
        back = step_back(dstate, _row(trace.gates, t), before, after, params.p)
        dz_i, dz_f, _, dz_o = back.h_in
        dz = np.stack([dz_i, dz_f, dz_o])[:, None]

        dW += trace.x[t].T @ back.x_in
        dU += before.h.T @ back.h_in
        db += back.x_in.sum(axis=1)
        dp += back.p
        dU_gates += _said(before).transpose(0, 2, 1) @ dz
        dx[t] = (back.x_in @ params.W.transpose(0, 2, 1)).sum(axis=0)
        through_U = (back.h_in @ params.U.transpose(0, 2, 1)).sum(axis=0)
        di, df, do = (dz @ params.U_gates.swapaxes(-1, -2)).sum(axis=0)
        dstate = back.state._replace(h=through_U, i=di, f=df, o=do)
    flow.append(dstate)

    dparams = FGRParams(W=dW, U=dU, b=db, p=dp, U_gates=dU_gates)
    return Grads(params=dparams, x=dx, state=dstate, flow=_stack(FGRState, flow[::-1]))


def _said(state):
    """What the gates said at the step before, (3, B, H) in the order i f o."""
    return np.stack([state.i, state.f, state.o])


def _heard(U_gates, said):
    """What each layer hears of it, (4, B, H) in the order i f g o: the candidate hears nothing."""
    i, f, o = (said @ U_gates).sum(axis=1)
    return np.stack([i, f, np.zeros_like(i), o])


def _expect_params(params):
    if getattr(params, "_fields", None) != FGRParams._fields:
        raise TypeError(
            f"params is {type(params).__name__}; expected FGRParams(W, U, b, p, U_gates). "
            "Make one with full_gate_recurrence.init(rng, inputs, hidden)."
        )
    arguments.expect_params(FGR, Params(*params[:4]))
    H = params.U.shape[-1]
    arguments.expect_array("U_gates", params.U_gates, (3, 3, H, H), "(3, 3, H, H)", params.W.dtype)
