"""The equations of chapter 02."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


@equation("2.1", r"h_t = \tanh(x_t W + h_{t-1} U + b)")
def the_standard_module():
    params, x, state = network(lt.RNN, 0, T=4, B=2, D=3, H=5)
    W, U, b = params.W[0], params.U[0], params.b[0]
    h, _, trace = lt.forward(lt.RNN, params, x, state)
    for t in range(4):
        close(h[t], np.tanh(x[t] @ W + trace.states.h[t] @ U + b))


@equation("2.2", r"x_t W = W_k \qquad \text{where } x_t \text{ is one-hot with its 1 in place } k")
def a_one_hot_input_looks_up_a_row():
    params, _, _ = network(lt.RNN, 1, T=1, B=1, D=6, H=4)
    silent = params._replace(U=params.U * 0, b=params.b * 0)
    for k in range(6):
        x = np.eye(6)[[k]][None]
        h, _, _ = lt.forward(lt.RNN, silent, x)
        close(np.arctanh(h[0, 0]), params.W[0][k])


@equation(
    "2.3",
    r"[x_t,\ h_{t-1}] \begin{bmatrix} W \\ U \end{bmatrix} = x_t W + h_{t-1} U",
)
def concatenation_is_a_block_matrix():
    params, x, state = network(lt.RNN, 2, T=1, B=3, D=2, H=4)
    merged = np.concatenate([x[0], state.h], axis=1)
    stacked = np.concatenate([params.W[0], params.U[0]], axis=0)
    h, _, _ = lt.forward(lt.RNN, params, x, state)
    close(h[0], np.tanh(merged @ stacked + params.b[0]))


@equation("2.4", r"N = D H + H H + H")
def the_number_of_weights():
    for D, H in ((1, 1), (3, 4), (7, 2)):
        params = lt.init(lt.RNN, np.random.default_rng(0), D, H)
        assert sum(v.size for v in params) == D * H + H * H + H


@equation("2.5", r"y_t = h_t R + r")
def a_readout_is_shared_by_all_steps():
    params, x, state = network(lt.RNN, 3, T=4, B=2, D=3, H=5)
    rng = np.random.default_rng(4)
    R, r = rng.normal(size=(5, 2)), rng.normal(size=2)
    h, _, _ = lt.forward(lt.RNN, params, x, state)
    at_once = h @ R + r
    for t in range(4):
        close(at_once[t], h[t] @ R + r)
