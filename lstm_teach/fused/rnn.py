"""The RNN's fast twin: two calls of NumPy a step forward, three back."""

import numpy as np
from numpy import add, dot, multiply, subtract, tanh

from ..cells import RNNGates, RNNState
from .shared import Sums, borrow, give_back, rows_of_inputs, spans, stacked_weights


def forward(params, x, state):
    """g and h at every step: h' = g = tanh([h, x, 1] [U; W; b]). Returns gates and states."""
    rows = rows_of_inputs(x, state.h)
    (weights,) = stacked_weights(params, layers=[0], halved=0)
    h = rows[:, :, : weights.shape[1]]
    z = np.empty(state.h.shape, x.dtype)
    for row, h_after in zip(rows[:-1], h[1:], strict=True):
        dot(row, weights, z)
        tanh(z, h_after)
    return RNNGates(g=h[1:].copy()), RNNState(h=h)


def backward(params, trace, dh, dstate, of_x=True):
    """dz = dh' * (1 - g²) and dh = dz Uᵀ, from the last span of steps to the first.

    The slopes 1 - g² of a span are known beforehand.
    """
    T, B, H = dh.shape
    n, all_spans = spans(T, B)
    dz, steps = scratch = borrow(key := (__name__, n, B, H, dh.dtype), _scratch)
    U_back = np.ascontiguousarray(params.U[0].T)
    sums, flow = Sums(params, trace.x, of_x), np.empty((T + 1, B, H), dh.dtype)
    back = dstate.h.copy()

    for start, end in all_spans:
        m, g = end - start, trace.gates.g[start:end]
        multiply(g, g, dz[:m])
        subtract(1, dz[:m], dz[:m])
        views = dh[start:end][::-1], flow[start + 1 : end + 1][::-1]
        for dz_t, dh_t, dh_after in zip(reversed(steps[:m]), *views, strict=True):
            add(dh_t, back, dh_after)
            multiply(dz_t, dh_after, dz_t)
            dot(dz_t, U_back, back)
        dz_span = dz[:m].reshape(m * B, H)
        sums.add(start, end, trace.states.h[start:end], dz_span, dz_span)
    flow[0] = back

    give_back(key, scratch)
    return sums.weights(), sums.dx, RNNState(h=back), RNNState(h=flow)


def _scratch(n, B, H, dtype):
    """An array for one span of n steps, and its views, one for each step."""
    dz = np.empty((n, B, H), dtype)
    return dz, list(dz)
