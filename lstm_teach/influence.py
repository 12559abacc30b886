"""Influence: how the last state answers to every earlier one, exactly, and by which path.

A backward pass that starts from a unit vector returns one row of a Jacobian. Start H copies of
the chain from the H unit vectors, as a batch, and one pass returns all rows, for all lags.
"""

from typing import NamedTuple

import numpy as np

from . import arguments
from .chain import Trace, backward, zero_state
from .nested import each


class JacobianPaths(NamedTuple):
    """A Jacobian and its two parts: total = carousel + gates. Each as `jacobians` returns it.

    carousel: what went only from c to c (in a GRU from h to h, past its layers).
    gates: what went through the matrix U, and so through a gate or candidate, at least once.
    """

    total: NamedTuple
    carousel: NamedTuple
    gates: NamedTuple


def jacobians(cell, params, trace):
    """How the last state depends on the state at every step: ∂s_T/∂s_t, exactly.

        J = jacobians(LSTM, params, trace)
        J.c.h[t, b]                            the matrix ∂c_T/∂h_t of sequence b

    Row n, column m of J.c.h[t, b] is ∂(c_T)_n / ∂(h_t)_m; t goes from 0 to T, where J.h.h and
    J.c.c are the identity.

    Shapes: trace as `forward` returned it, T steps, B sequences. Returns the module's state type
    twice: for what answers, and in it for what is asked, (T+1, B, H, H).
    Raises TypeError or ValueError that says what was expected. Chapters 4, 10.
    """
    _expect_every_step(cell, params, trace)
    T, B, H = trace.states.h[1:].shape
    copies = each(lambda v: np.repeat(v, H, axis=1), trace)
    silent = np.zeros((T, B * H, H), params.W.dtype)
    units = np.tile(np.eye(H, dtype=params.W.dtype), (B, 1))

    def answers(name):
        start = zero_state(cell, B * H, H, dtype=params.W.dtype)._replace(**{name: units})
        flow = backward(cell, params, copies, silent, start).flow
        return cell.state(*(v.reshape(T + 1, B, H, H) for v in flow))

    return cell.state(*(answers(name) for name in cell.state._fields))


def jacobian_paths(cell, params, trace):
    """The Jacobians ∂s_T/∂s_t, split by the way that the influence took.

    With U = 0 in the backward pass, and the gates as they were, only the carousel is left; in
    an LSTM it is the product of the forget gates, J.c.c[t] = diag(f[t] * ... * f[T-1]). The
    truncated gradient of 1997 follows this path alone. What is left over took gate paths.
    The difference is exact to rounding: about 1e-16 of the larger part.

    Shapes as in `jacobians`. Returns JacobianPaths. Chapter 10; Hochreiter & Schmidhuber (1997).
    """
    total = jacobians(cell, params, trace)
    carousel = jacobians(cell, params._replace(U=np.zeros_like(params.U)), trace)
    gates = each(lambda both, straight: both - straight, total, carousel)
    return JacobianPaths(total=total, carousel=carousel, gates=gates)


def step_jacobians(cell, params, trace):
    """The Jacobian of every single step, ∂s_{t+1}/∂s_t, whose product is that of the whole.

    The T steps of B sequences are T B sequences of one step.

    Shapes: trace as in `jacobians`. Returns the module's state type twice, (T, B, H, H): row t
    is the step from t to t + 1. Chapter 4.
    """
    _expect_every_step(cell, params, trace)
    T, B, H = trace.states.h[1:].shape
    one_step = Trace(
        x=trace.x.reshape(1, T * B, -1),
        gates=each(lambda v: v.reshape(1, T * B, H), trace.gates),
        states=each(
            lambda v: np.stack([v[:-1].reshape(T * B, H), v[1:].reshape(T * B, H)]), trace.states
        ),
    )
    J = jacobians(cell, params, one_step)
    return each(lambda v: v[0].reshape(T, B, H, H), J)


def whole_jacobian(jacobian):
    """The blocks of a Jacobian laid side by side: one matrix for the whole state.

        [[∂h_T/∂h_t, ∂h_T/∂c_t], [∂c_T/∂h_t, ∂c_T/∂c_t]]       for a module that carries h and c

    Shapes: blocks (..., H, H) as `jacobians` returns them; returns (..., n H, n H).
    """
    return np.concatenate([np.concatenate(row, axis=-1) for row in jacobian], axis=-2)


def spectral_radius(matrix):
    """The largest |eigenvalue|: how fast powers of the matrix grow in the long run.

    Shapes: matrix (..., n, n); returns (...). Chapter 4.
    """
    return np.abs(np.linalg.eigvals(matrix)).max(axis=-1)


def largest_singular_value(matrix):
    """How much the matrix can stretch a vector at most, in one application.

    Never below the spectral radius. A chain of steps that each stretch by less than 1 must
    forget; steps that could stretch by more than 1 need not explode.

    Shapes: matrix (..., m, n); returns (...). Chapter 4.
    """
    return np.linalg.svd(matrix, compute_uv=False)[..., 0]


def _expect_every_step(cell, params, trace):
    arguments.expect_trace(cell, params, trace)
    if not isinstance(trace, Trace):
        raise TypeError(
            f"trace is {type(trace).__name__}; expected a Trace of every step: "
            "run forward without checkpoint."
        )
