"""The LSTM's fast twin: eight calls of NumPy a step forward, ten back."""

from typing import NamedTuple

import numpy as np
from numpy import add, copyto, dot, matmul, multiply, subtract, tanh

from ..cells import LSTMGates, LSTMState
from .shared import Sums, borrow, give_back, spans, stacked_weights

# A step's blocks lie in the order o i f g c: the three gates side by side, and i f beside g c,
# so that one call squashes all gates and one call multiplies both i * g and f * c.
O, I, F, G, C = range(5)

# Up to so many numbers in all its h, a forward pass is so short that making views takes a
# quarter of it; they are kept from call to call, and what was computed is copied out.
FEW = 2**15

# Up to this H a single sequence goes back by its steps' Jacobians; see `_back_by_jacobians`.
SMALL = 16


def forward(params, x, state):
    """i f g o, h and c at every step, by the equations of `lstm_step`.

    Returns gates and states: views of two arrays that were made for this call.
    """
    (T, B, D), H = x.shape, state.h.shape[-1]
    product, weights = matmul, stacked_weights(params, [3, 0, 1, 2], halved=3)
    if B == 1:  # the blocks of a single sequence are one row, so one plain product does
        product, weights = dot, weights.transpose(1, 0, 2).reshape(-1, 4 * H)

    few = T * B * H <= FEW
    key = (__name__, T, B, D, H, x.dtype)
    rows, blocks, steps = kept = borrow(key, _kept) if few else _arrays(*key[1:])
    rows[:T, :, H:-1], rows[0, :, :H], blocks[0, C] = x, state.h, state.c

    half = np.array(0.5, x.dtype)
    pair, tanh_c = np.empty((2, B, H), x.dtype), np.empty((B, H), x.dtype)
    i_g, f_c = pair
    for row, z, layers, gates, i_f, g_c, o, c_after, h_after in steps:
        product(row, weights, z)
        tanh(layers, layers)
        multiply(gates, half, gates)
        add(gates, half, gates)
        multiply(i_f, g_c, pair)
        add(i_g, f_c, c_after)
        tanh(c_after, tanh_c)
        multiply(o, tanh_c, h_after)

    if few:
        rows, blocks = rows.copy(), blocks.copy()
        give_back(key, kept)
    at = blocks[:T]
    gates = LSTMGates(i=at[:, I], f=at[:, F], g=at[:, G], o=at[:, O])
    return gates, LSTMState(h=rows[:, :, :H], c=blocks[:, C])


def _arrays(T, B, D, H, dtype):
    """[h, x, 1] (T+1, B, H + D + 1), the blocks (T+1, 5, B, H), and each step's views of them."""
    rows, blocks = np.empty((T + 1, B, H + D + 1), dtype), np.empty((T + 1, 5, B, H), dtype)
    rows[:, :, -1] = 1
    at = blocks[:T]
    layers = at[:, :C]
    z = layers.reshape(T, 1, 4 * H) if B == 1 else layers
    views = rows[:T], z, layers, at[:, :G], at[:, I:G], at[:, G:], at[:, O]
    return rows, blocks, zip(*views, blocks[1:, C], rows[1:, :, :H], strict=True)


def _kept(*sizes):
    rows, blocks, steps = _arrays(*sizes)
    return rows, blocks, list(steps)


def backward(params, trace, dh, dstate, of_x=True):
    """The gradients of `lstm_step_back` at every step, from the last span of steps to the first.

    A span: what needs no later step (`_slopes`), the recurrence, the sums over its steps.
    """
    T, B, H = dh.shape
    n, all_spans = spans(T, B)
    scratch = borrow(key := (__name__, n, B, H, dh.dtype), _scratch)
    recur = _back_by_jacobians if scratch.small else _back_by_steps
    U_back = params.U.transpose(0, 2, 1).reshape(4 * H, H)
    sums = Sums(params, trace.x, of_x)

    flow = np.empty((T + 1, 2, B, H), dh.dtype)
    flow[T, 1] = dstate.c
    back = dstate.h
    for start, end in all_spans:
        m = end - start
        gates = LSTMGates(*(v[start:end] for v in trace.gates))
        states = LSTMState(*(v[start : end + 1] for v in trace.states))
        _slopes(gates, states, scratch.slopes[:, :m], scratch.through_h[:m], scratch.spare[:m])
        back = recur(flow[start : end + 1], dh[start:end], back, gates.f, scratch, U_back)
        dz = scratch.dz[:m].reshape(m * B, 4 * H)
        sums.add(start, end, states.h[:-1], dz, dz)
    flow[0, 0] = back

    give_back(key, scratch)
    dstate, flow = LSTMState(*flow[0].copy()), LSTMState(h=flow[:, 0], c=flow[:, 1])
    return sums.weights(), sums.dx, dstate, flow


class Scratch(NamedTuple):
    """The arrays of one span of n steps; `steps` holds, for each step, its views of them."""

    slopes: np.ndarray  # (4, n, B, H), layers i f g o: factors of dc or dh', in the end dz
    through_h: np.ndarray  # (n, B, H)
    spare: np.ndarray  # (n, B, H)
    dz: np.ndarray  # (n, B, 4, H), the layers of a sequence side by side
    steps: list
    small: "Small"  # or None


class Small(NamedTuple):
    """What `_back_by_jacobians` needs besides. Entries that are 0 or 1 in each J are so already."""

    J: np.ndarray  # (n, 2 H + 1, 2 H + 1)
    rows: np.ndarray  # (n + 1, 2 H + 1): [dh, dc, 1]
    of_row: np.ndarray  # (2, 4, n, H): factors of dh' and dc' in the dz of each layer


def _scratch(n, B, H, dtype):
    shapes = (4, n, B, H), (n, B, H), (n, B, H), (n, B, 4, H)
    slopes, through_h, spare, dz = (np.empty(shape, dtype) for shape in shapes)
    if B == 1 and H <= SMALL:
        width = 2 * H + 1
        J, rows = np.zeros((n, width, width), dtype), np.ones((n + 1, width), dtype)
        J[:, -1, -1] = 1
        steps = list(zip(rows[1:], J, rows[:-1], strict=True))
        small = Small(J, rows, np.zeros((2, 4, n, H), dtype))
        return Scratch(slopes, through_h, spare, dz, steps, small)
    apart, together = (slopes.swapaxes(0, 1), dz.swapaxes(1, 2)), dz.reshape(n, B, 4 * H)
    steps = list(zip(*slopes, through_h, *apart, together, strict=True))
    return Scratch(slopes, through_h, spare, dz, steps, None)


def _slopes(gates, states, of_z, of_c, spare):
    """Factors of the backward pass that are known beforehand, written to of_z and of_c.

    dc   = dc' + dh' * of_c         of_c = o (1 - tanh(c')²)
    dz_i = dc * of_z[i]             of_z[i] = g i (1 - i)
    dz_f = dc f * of_z[f]           of_z[f] = c (1 - f)           dc f is what goes on to c
    dz_g = dc * of_z[g]             of_z[g] = i (1 - g²)
    dz_o = dh' * of_z[o]            of_z[o] = tanh(c') o (1 - o)
    """
    i, f, g, o = gates
    of_i, of_f, of_g, of_o = of_z
    tanh(states.c[1:], spare)
    multiply(o, spare, of_o)
    multiply(of_o, spare, of_c)
    subtract(o, of_c, of_c)
    subtract(1, o, spare)
    multiply(of_o, spare, of_o)
    multiply(i, g, spare)
    subtract(1, i, of_i)
    multiply(of_i, spare, of_i)
    multiply(spare, g, of_g)
    subtract(i, of_g, of_g)
    subtract(1, f, of_f)
    multiply(of_f, states.c[:-1], of_f)


def _back_by_steps(flow, dh, back, f, scratch, U_back):
    """The recurrence of a span. `back` is dz Uᵀ: of the step after it, then of its first step.

    The product wants the layers of a sequence side by side, (B, 4 H); the pointwise calls want
    them apart, (4, B, H), where they run without a gap. To copy costs less than to do without.
    """
    m = len(dh)
    back, dc, dc_after = back.copy(), np.empty_like(back), flow[m, 1]
    views = (v[::-1] for v in (dh, flow[1:, 0], flow[:m, 1], f))
    for of_step, dh_t, dh_after, dc_before, f_t in zip(
        reversed(scratch.steps[:m]), *views, strict=True
    ):
        dz_i, dz_f, dz_g, dz_o, of_c, apart, side_by_side, dz = of_step
        add(dh_t, back, dh_after)
        multiply(dh_after, of_c, dc)
        add(dc, dc_after, dc)
        multiply(dc, f_t, dc_before)
        multiply(dz_i, dc, dz_i)
        multiply(dz_f, dc_before, dz_f)
        multiply(dz_g, dc, dz_g)
        multiply(dz_o, dh_after, dz_o)
        copyto(side_by_side, apart)
        dot(dz, U_back, back)
        dc_after = dc_before
    return back


def _back_by_jacobians(flow, dh, back, f, scratch, U_back):
    """The same for one small sequence, where calling NumPy is what takes the time.

        [dh, dc, 1] = [dh', dc', 1] J           J (2 H + 1, 2 H + 1), another one at every step

    The way back is linear in the gradients, and the 1 lets in what comes from above. All J are
    built in a few calls; then a step is one product. The work grows as H² a step, hence SMALL.
    """
    m, _, H = dh.shape
    of_z, of_c, f = scratch.slopes[:, :m, 0], scratch.through_h[:m, 0], f[:, 0]
    J, rows, of_row = scratch.small
    J, of_row = J[:m], of_row[:, :, :m]
    of_z[1] *= f  # now dz = dc * of_z for i f g
    of_row[1, :3], of_row[0, 3] = of_z[:3], of_z[3]
    multiply(of_z[:3], of_c, of_row[0, :3])
    U_of_unit = U_back.reshape(4, H, H).swapaxes(0, 1)
    to_dh = matmul(of_row.transpose(3, 0, 2, 1), U_of_unit[:, None])  # (H, 2, m, H)
    J[:, :-1, :H].reshape(m, 2, H, H)[...] = to_dh.transpose(2, 1, 0, 3)
    diagonal = 2 * H + 2  # from one entry of a diagonal to the next
    J = J.reshape(m, -1)
    J[:, H : H * diagonal : diagonal] = f * of_c  # dc from dh'
    J[:, H * diagonal : 2 * H * diagonal : diagonal] = f  # dc from dc'
    J[0, -1 - 2 * H : -1 - H], J[1:, -1 - 2 * H : -1 - H] = 0, dh[:-1, 0]

    rows[m, :H], rows[m, H:-1] = dh[-1, 0] + back[0], flow[m, 1, 0]
    for after, J_t, before in reversed(scratch.steps[:m]):
        dot(after, J_t, before)
    flow[:, :, 0] = rows[: m + 1, :-1].reshape(m + 1, 2, H)

    of_z[:3] *= flow[1:, 0, 0] * of_c + flow[1:, 1, 0]
    of_z[3] *= flow[1:, 0, 0]
    scratch.dz[:m, 0] = of_z.swapaxes(0, 1)
    return flow[0, 0].copy()
