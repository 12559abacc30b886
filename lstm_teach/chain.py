"""The chain: one module, used again at every time step, with the same weights.

This file holds the only loop over time in the package. Sizes: T time steps, B sequences in
a batch, D numbers in an input, H numbers in a state, K learned layers in a module. Axis
order is time, batch, features; vectors are rows, so the page's x W + h U + b is the code.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from . import arguments, checkpoints
from .fused import twin
from .initialisers import biases, uniform


class Params(NamedTuple):
    """The weights that every copy of the module shares.

    W (K, D, H) from the input, U (K, H, H) from the previous output, b (K, H) biases,
    p (P, H) peepholes (P = 0 unless the module has them). Row k belongs to the module's
    k-th layer, in the order of `cell.layers`.
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    p: np.ndarray


class Trace(NamedTuple):
    """Everything that a forward pass saw, under the names of the text.

    x (T, B, D); gates: a NamedTuple of (T, B, H); states: a NamedTuple of (T+1, B, H).
    What is computed AT a step has T rows. What is carried BETWEEN steps has T+1: row 0 is
    the state we started from, row t+1 the state after step t.
    """

    x: np.ndarray
    gates: NamedTuple
    states: NamedTuple


class Grads(NamedTuple):
    """Gradients of the loss with respect to everything that went into the chain.

    params: Params; x (T, B, D); state: the initial state; flow: a NamedTuple of (T+1, B, H),
    whose row t is the gradient with respect to the state carried into step t (h and c
    counted as two separate carriers).
    """

    params: Params
    x: np.ndarray
    state: NamedTuple
    flow: NamedTuple


def init(
    cell,
    rng,
    inputs,
    hidden,
    *,
    W=uniform,
    U=uniform,
    b=None,
    forget_bias=1.0,
    dtype=np.float64,
):
    """Draw the weights of a chain at random.

        W, U ~ uniform(-1/√H, 1/√H)     b = 0, but b_f = forget_bias where there is a gate f
        p    = 0

    W, U, b: other rules, from initialisers.py or your own; b takes the place of forget_bias.
    Shapes: inputs = D ≥ 1, hidden = H ≥ 1. dtype: float64 or float32. rng: a
    numpy.random.Generator; the same rng state gives the same weights.
    Returns Params. Raises TypeError or ValueError that says what was expected.
    Chapter 2; the forget bias of 1 is chapter 7, Jozefowicz, Zaremba & Sutskever (2015).
    """
    arguments.expect_rng(rng)
    D, H = arguments.expect_size("inputs", inputs), arguments.expect_size("hidden", hidden)
    dtype = arguments.expect_float_dtype("dtype", dtype)
    if b is None:
        b = biases(**{"f": forget_bias} if "f" in cell.layers else {})
    params = Params(
        W=np.stack([W(rng, D, H) for _ in cell.layers]),
        U=np.stack([U(rng, H, H) for _ in cell.layers]),
        b=np.asarray(b(rng, cell.layers, H)),
        p=np.zeros((len(cell.peepholes), H)),
    )
    params = Params(*(v.astype(dtype) for v in params))
    arguments.expect_params(cell, params)
    return params


def zero_state(cell, batch, hidden, *, dtype=np.float64):
    """The state that knows nothing yet: zeros, one (B, H) for each thing the module carries.

    Shapes: batch = B ≥ 1, hidden = H ≥ 1. Returns the module's state type.
    Raises TypeError or ValueError that says what was expected. Chapter 2.
    """
    B, H = arguments.expect_size("batch", batch), arguments.expect_size("hidden", hidden)
    dtype = arguments.expect_float_dtype("dtype", dtype)
    return cell.state(*(np.zeros((B, H), dtype) for _ in cell.state._fields))


def forward(cell, params, x, state=None, *, fused=None, checkpoint=None):
    """Run the chain over a batch of sequences.

        state_{t+1}, gates_t = step(x_t W + b, h_t U, state_t, p)      for t = 0 .. T-1

    Shapes: x (T, B, D), params as in Params, state one (B, H) for each thing carried (zeros
    if not given). All of one float dtype. Nothing that is passed in is written to.
    Returns h (T, B, H), the last state, and the Trace.
    fused: the loop below is what is computed; for some modules fused/ holds code that computes
    it faster. None takes that where there is some, False never, True insists on it.
    checkpoint: k, or True for √T, returns Checkpoints in place of the Trace: the states before
    every k-th step, from which `backward` computes the rest again. Same gradient, less memory.
    Raises TypeError or ValueError that says what was expected and what came.
    Chapter 2; Elman (1990).
    """
    arguments.expect_params(cell, params)
    arguments.expect_sequence(params, x, state)
    if state is None:
        state = _zeros(cell, x.shape[1], params)
    else:
        arguments.expect_state(cell, "state", state, x.shape[1], params)
    if checkpoint is not None:
        run = partial(forward, cell, params, fused=fused)
        return checkpoints.forward(run, x, state, checkpoint)
    if fast := _twin(cell, fused):
        trace = Trace(x, *fast.forward(params, x, state))
        return trace.states.h[1:], cell.state(*(v[-1].copy() for v in trace.states)), trace

    states, gates = [state], []
    for x_t in x:
        x_in = x_t @ params.W + params.b[:, None]
        h_in = state.h @ params.U
        result = cell.step(x_in, h_in, state, params.p)
        if not gates:
            arguments.expect_step_result(cell, result, state)
        state, at_this_step = result
        states.append(state)
        gates.append(at_this_step)

    trace = Trace(x=x, gates=_stack(cell.gates, gates), states=_stack(cell.state, states))
    return trace.states.h[1:], state, trace


def backward(cell, params, trace, dh, dstate=None, *, of_x=True, fused=None):
    """Send the gradient of a loss back through the chain that `forward` traced.

    At each step two gradients meet and add: the one from the output of that step (dh[t])
    and the one that comes back from the step after it. The weights are shared, so their
    gradients are sums over all steps.

    Shapes: dh (T, B, H), the gradient with respect to every output; dstate: the gradient
    with respect to the last state, one (B, H) each (zeros if not given); fused as in `forward`.
    trace: what `forward` returned, a Trace or Checkpoints; for these, flow has the rows of the
    states that were kept. of_x=False leaves the gradient of x out (None), where nobody asks.
    Returns Grads. Raises TypeError or ValueError that says what was expected and what came.
    Chapter 3; Werbos (1990).
    """
    arguments.expect_params(cell, params)
    arguments.expect_trace(cell, params, trace)
    T, B, H = len(trace.x), *trace.states.h.shape[1:]
    arguments.expect_array("dh", dh, (T, B, H), "(T, B, H)", params.W.dtype)
    if dstate is None:
        dstate = _zeros(cell, B, params)
    else:
        arguments.expect_state(cell, "dstate", dstate, B, params)
    if isinstance(trace, checkpoints.Checkpoints):
        run = partial(forward, cell, params, fused=fused)
        run_back = partial(backward, cell, params, of_x=of_x, fused=fused)
        return Grads(*checkpoints.backward(run, run_back, trace, dh, dstate))
    if fast := _twin(cell, fused):
        (dW, dU, db), dx, dstate, flow = fast.backward(params, trace, dh, dstate, of_x)
        return Grads(Params(dW, dU, db, np.zeros_like(params.p)), dx, dstate, flow)

    dW, dU, db, dp = (np.zeros_like(v) for v in params)
    dx = np.zeros_like(trace.x)
    flow = []
    for t in reversed(range(T)):
        dstate = dstate._replace(h=dstate.h + dh[t])
        flow.append(dstate)
        before, after = _row(trace.states, t), _row(trace.states, t + 1)
        back = cell.step_back(dstate, _row(trace.gates, t), before, after, params.p)

        dW += trace.x[t].T @ back.x_in
        dU += before.h.T @ back.h_in
        db += back.x_in.sum(axis=1)
        dp += back.p
        dx[t] = (back.x_in @ params.W.transpose(0, 2, 1)).sum(axis=0)
        through_U = (back.h_in @ params.U.transpose(0, 2, 1)).sum(axis=0)
        dstate = back.state._replace(h=back.state.h + through_U)
    flow.append(dstate)

    return Grads(
        params=Params(W=dW, U=dU, b=db, p=dp),
        x=dx if of_x else None,
        state=dstate,
        flow=_stack(cell.state, flow[::-1]),
    )


def _zeros(cell, B, params):
    return cell.state(*np.zeros((len(cell.state._fields), B, params.U.shape[-1]), params.U.dtype))


def _twin(cell, fused):
    """The faster code for this cell, where there is some and it is wanted."""
    found = None if fused is False else twin(cell)
    if fused and found is None:
        raise ValueError(
            f"fused=True, but there is no fused code for {cell.name} with these functions; "
            "leave fused out and the loop runs."
        )
    return found


def _stack(kind, rows):
    """T NamedTuples of (B, H) become one NamedTuple of (T, B, H)."""
    return kind(*(np.stack(values) for values in zip(*rows, strict=True)))


def _row(stacked, t):
    """Row t of a NamedTuple of (T, B, H)."""
    return type(stacked)(*(values[t] for values in stacked))
