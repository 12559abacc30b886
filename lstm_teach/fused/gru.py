"""The GRU's fast twin: eleven calls of NumPy a step forward, nine back."""

import numpy as np
from numpy import add, copyto, dot, matmul, multiply, subtract, tanh

from ..cells import RNNState
from ..gated import GRUGates
from .shared import Sums, borrow, give_back, rows_of_inputs, spans, stacked_weights

# A step's blocks lie in the order m r u g: m r u are what h is multiplied for, r u g are what
# x is multiplied for, and r u are the gates. Each of these threes and twos is side by side.
M, R, UP, G = range(4)


def forward(params, x, state):
    """r u g m and h at every step, by the equations of `gru_step`. Returns gates and states."""
    (T, B, _), H = x.shape, state.h.shape[-1]
    rows, weights = (
        rows_of_inputs(x, state.h),
        stacked_weights(params, [0, 1], halved=2),
    )
    U_g = np.ascontiguousarray(params.U[2])
    blocks = np.empty((T, 4, B, H), x.dtype)
    g = blocks[:, G]
    matmul(x, params.W[2], out=g)
    add(g, params.b[2], out=g)
    h = rows[:, :, :H]

    product, z = matmul, blocks[:, R:G]
    if B == 1:  # the blocks of a single sequence are one row, so one plain product does
        product, z = dot, z.reshape(T, 1, 2 * H)
        weights = weights.transpose(1, 0, 2).reshape(-1, 2 * H)

    half, spare = np.array(0.5, x.dtype), np.empty((B, H), x.dtype)
    r_u, m, r, u = blocks[:, R:G], blocks[:, M], blocks[:, R], blocks[:, UP]
    views = rows[:T], z, r_u, m, r, u, g, h[:T], h[1:]
    for row, z_t, gates, m_t, r_t, u_t, g_t, h_before, h_after in zip(*views, strict=True):
        product(row, weights, z_t)
        dot(h_before, U_g, m_t)
        tanh(gates, gates)
        multiply(gates, half, gates)
        add(gates, half, gates)
        multiply(r_t, m_t, spare)
        add(g_t, spare, g_t)
        tanh(g_t, g_t)
        subtract(h_before, g_t, spare)  # u h + (1 - u) g = g + u (h - g)
        multiply(spare, u_t, spare)
        add(g_t, spare, h_after)
    return GRUGates(r=r, u=u, g=g, m=m), RNNState(h=h)


def backward(params, trace, dh, dstate, of_x=True):
    """The gradients of `gru_step_back` at every step, from the last span of steps to the first.

    A span: what needs no later step (`_slopes`), the recurrence, the sums over its steps.
    """
    T, B, H = dh.shape
    n, all_spans = spans(T, B)
    slopes, spare, dz, steps = scratch = borrow(key := (__name__, n, B, H, dh.dtype), _scratch)
    U_back = params.U[[2, 0, 1]].transpose(0, 2, 1).reshape(3 * H, H)
    sums, flow = Sums(params, trace.x, of_x), np.empty((T + 1, B, H), dh.dtype)
    back, kept = dstate.h.copy(), np.empty_like(dstate.h)

    for start, end in all_spans:
        m, h = end - start, trace.states.h[start:end]
        gates = GRUGates(*(v[start:end] for v in trace.gates))
        _slopes(gates, h, slopes[:, :m], spare[:m])
        views = (v[::-1] for v in (dh[start:end], flow[start + 1 : end + 1], gates.u))
        for (dm, dr, du, dg, apart, together, dz_t), dh_t, dh_after, u in zip(
            reversed(steps[:m]), *views, strict=True
        ):
            add(dh_t, back, dh_after)
            multiply(dm, dh_after, dm)
            multiply(dr, dh_after, dr)
            multiply(du, dh_after, du)
            multiply(dg, dh_after, dg)
            copyto(together, apart)  # why, is said in lstm.py
            dot(dz_t, U_back, back)
            multiply(dh_after, u, kept)
            add(back, kept, back)
        dz_span = dz[:m].reshape(m * B, 4 * H)
        sums.add(start, end, h, dx_in=dz_span[:, H:], dh_in=dz_span[:, : 3 * H])
    flow[0] = back

    give_back(key, scratch)
    return (
        sums.weights(layers_of_dU=[1, 2, 0]),
        sums.dx,
        RNNState(h=back),
        RNNState(h=flow),
    )


def _scratch(n, B, H, dtype):
    """Arrays for one span of n steps, and for each step its views of them."""
    slopes, spare, dz = (np.empty(s, dtype) for s in ((4, n, B, H), (n, B, H), (n, B, 4, H)))
    for_h = dz.reshape(n, B, 4 * H)[:, :, : 3 * H]
    views = *slopes, slopes.swapaxes(0, 1), dz.swapaxes(1, 2), for_h
    return slopes, spare, dz, list(zip(*views, strict=True))


def _slopes(gates, h, of_dh, spare):
    """Factors of dh' that are known beforehand, written to of_dh in the order m r u g.

    dz_g = dh' * (1 - u) (1 - g²)
    dm   = dz_g * r
    dz_r = dz_g * m r (1 - r)
    dz_u = dh' * (h - g) u (1 - u)
    """
    r, u, g, m = gates
    of_m, of_r, of_u, of_g = of_dh
    subtract(1, u, spare)
    subtract(h, g, of_u)
    multiply(of_u, u, of_u)
    multiply(of_u, spare, of_u)
    multiply(g, g, of_g)
    subtract(1, of_g, of_g)
    multiply(of_g, spare, of_g)
    multiply(of_g, r, of_m)
    subtract(1, r, of_r)
    multiply(of_r, m, of_r)
    multiply(of_r, of_m, of_r)
