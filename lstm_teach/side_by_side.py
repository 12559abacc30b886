"""Many networks at once: S independent networks of one kind, stepped together.

Small networks spend most of their time waiting for NumPy to be called. Ten seeds of an
experiment are ten networks of the same shape: stack their weights on a new first axis, give
each its own sequences, and one call serves all ten. They never meet: no number of one network
is ever added to a number of another, so each learns what it would have learned alone.

    weights   W (S, K, D, H) · U (S, K, H, H) · b (S, K, H) · p (S, P, H)
    sequences x (T, S, B, D)        network s reads x[:, s]
    states    h, c (S, B, H)        and (T+1, S, B, H) in a trace

`forward` and `backward` are those of chain.py with that axis, with one difference in order:
what needs no earlier step (x W + b, and the sums for dW, dU, db, dx) is done for all steps in
one product. A module's `step` is elementwise and does not notice.
"""

import numpy as np

from .chain import Grads, Params, Trace, _row, _stack
from .finite import NotFinite
from .fused import twin
from .nested import arrays, each


def stack(networks):
    """One structure whose arrays have a new axis 0: the networks, side by side."""
    return each(lambda *values: np.stack(values), *networks)


def alone(networks, s):
    """Network s of a stack, as if it had never had neighbours."""
    return each(lambda values: values[s], networks)


def stacked(params):
    """True where these are the weights of several networks: their readout V is (S, H, N)."""
    return hasattr(params, "V") and params.V.ndim == 3


def zero_state(cell, networks, batch, hidden, *, dtype=np.float64):
    """The state that knows nothing yet, (S, B, H) for each thing the module carries."""
    return cell.state(*(np.zeros((networks, batch, hidden), dtype) for _ in cell.state._fields))


def forward(cell, params, x, state=None):
    """Run S chains over their own batches of sequences.

    Shapes: params with axis S first, x (T, S, B, D), state (S, B, H) each (zeros if not given).
    Returns h (T, S, B, H), the last state, and the Trace. Raises ValueError that says what was
    expected. Chapter 11.
    """
    W, U, b, p = _layers_first(params)
    T, S, B = _expect(params, x)
    if state is None:
        state = zero_state(cell, S, B, U.shape[-1], dtype=x.dtype)

    x_in = _steps(x) @ W + b
    x_in = np.moveaxis(x_in.reshape(*x_in.shape[:2], T, B, -1), 2, 0)
    states, gates = [state], []
    for x_t in x_in:
        state, at_this_step = cell.step(x_t, state.h @ U, state, p)
        states.append(state)
        gates.append(at_this_step)

    trace = Trace(x=x, gates=_stack(cell.gates, gates), states=_stack(cell.state, states))
    return trace.states.h[1:], state, trace


def backward(cell, params, trace, dh, dstate=None, *, of_x=True):
    """Send S losses back through the S chains that `forward` traced.

    Shapes: dh (T, S, B, H), dstate (S, B, H) each (zeros if not given).
    Returns Grads with axis S first in params, second in x and flow; of_x=False leaves x out
    (None). Chapter 11.
    """
    W, U, _, p = _layers_first(params)
    T, S, B, H = dh.shape
    if dstate is None:
        dstate = zero_state(cell, S, B, H, dtype=dh.dtype)

    U_back = np.ascontiguousarray(U.swapaxes(-1, -2))
    dp = np.zeros_like(params.p)
    flow, x_in, h_in = [], [], []
    for t in reversed(range(T)):
        dstate = dstate._replace(h=dstate.h + dh[t])
        flow.append(dstate)
        before, after = _row(trace.states, t), _row(trace.states, t + 1)
        back = cell.step_back(dstate, _row(trace.gates, t), before, after, p)
        x_in.append(back.x_in)
        h_in.append(back.h_in)
        dp += np.moveaxis(back.p.reshape(len(p), S, H), 0, 1)
        dstate = back.state._replace(h=back.state.h + (back.h_in @ U_back).sum(axis=0))
    flow.append(dstate)

    x_in, h_in = _all_steps(x_in), _all_steps(h_in)
    if of_x:
        dx = np.moveaxis((x_in @ W.swapaxes(-1, -2)).sum(axis=0).reshape(S, T, B, -1), 0, 1)
    of_layers = (
        _steps(trace.x).swapaxes(-1, -2) @ x_in,
        _steps(trace.states.h[:-1]).swapaxes(-1, -2) @ h_in,
        x_in.sum(axis=-2),
    )
    dW, dU, db = (np.ascontiguousarray(v.swapaxes(0, 1)) for v in of_layers)
    return Grads(
        params=Params(W=dW, U=dU, b=db, p=dp),
        x=dx if of_x else None,
        state=dstate,
        flow=_stack(cell.state, flow[::-1]),
    )


def at_once(cell, S, B, H):
    """How many of S networks to step together, as measured on one machine.

    Without a fast twin: as many as keep the arrays of a step in the processor's cache. Beside
    a fast twin it takes ten tiny networks before stepping together is faster than one after
    the other.
    """
    if twin(cell) and (S < 10 or B * H > 50):
        return 1
    return max(1, min(S, 2048 // (B * H)))


def in_groups(loss_and_grads, network, params, batch, state):
    """The losses and gradients of S networks, as many at once as pay.

    A group of one goes through chain.py, fast twin included. If it is not finite its loss and
    gradients are nan. Returns losses (S,), grads and last states with axis S first.
    """
    S, B = batch.lengths.shape
    size = at_once(network.cell, S, B, network.hidden)
    parts = []
    for first in range(0, S, size):
        group = slice(first, first + size) if size > 1 else first
        pick = each(lambda v, group=group: v[group], (params, () if state is None else state))
        batch_of_group = type(batch)(
            **{k: v[group] if k == "lengths" else v[:, group] for k, v in batch._asdict().items()}
        )
        try:
            part = loss_and_grads(network, pick[0], batch_of_group, pick[1] or None)
        except NotFinite:
            lost = zero_state(network.cell, 1, B, network.hidden, dtype=params.V.dtype)
            last = (alone(lost, 0),) * len(params.chains)
            part = np.nan, *each(lambda v: np.full_like(v, np.nan), (pick[0], last))
        parts.append(part if size > 1 else each(lambda v: np.asarray(v)[None], tuple(part)))
    return each(lambda *values: np.concatenate(values), *parts)


def _layers_first(params):
    """The layers' axis K before the networks' axis S, as `step` unpacks it; room for B in b, p."""
    W, U, b, p = (v.swapaxes(0, 1) for v in params)
    return W, U, b[:, :, None], p[:, :, None]


def _steps(x):
    """(T, S, B, D) becomes (S, T B, D): every step of a network in one matrix."""
    return x.swapaxes(0, 1).reshape(x.shape[1], -1, x.shape[-1])


def _all_steps(rows):
    """T arrays (K, S, B, H), the last step first, become (K, S, T B, H)."""
    K, S, _, H = rows[0].shape
    return np.stack(rows[::-1], axis=2).reshape(K, S, -1, H)


def _expect(params, x):
    S, D = len(params.W), params.W.shape[-2]
    if {len(v) for v in arrays(params)} != {S}:
        raise ValueError(
            f"the weights hold {[len(v) for v in arrays(params)]} networks; expected one number. "
            "Make them with side_by_side.stack([params_0, params_1, ...])."
        )
    if x.ndim != 4 or x.shape[1] != S or x.shape[3] != D:
        raise ValueError(
            f"x has shape {x.shape}; expected (T, S, B, D) with S = {S} networks and D = {D}. "
            "np.stack([x_0, x_1, ...], axis=1) puts their sequences side by side."
        )
    return x.shape[:3]
