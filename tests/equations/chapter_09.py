"""The equations of chapter 09."""

from dataclasses import replace

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


@equation("9.1", r"h_t = o_t \odot \tanh(c_t)")
def the_output():
    params, x, state = network(lt.LSTM, 90, T=5, B=2, D=3, H=4)
    h, _, trace = lt.forward(lt.LSTM, params, x, state)
    close(h, trace.gates.o * np.tanh(trace.states.c[1:]))


@equation("9.2", r"|c_t| \le |c_{t-1}| + 1, \qquad |h_t| < 1")
def the_cell_state_grows_by_one_a_step_at_most_and_the_output_is_bounded():
    params, x, state = network(lt.LSTM, 91, T=60, B=3, D=2, H=4)
    params = params._replace(W=8 * params.W, U=8 * params.U)
    h, _, trace = lt.forward(lt.LSTM, params, x, state)
    size = np.abs(trace.states.c)
    assert (size[1:] <= size[:-1] + 1).all()
    assert size.max() > 2
    assert np.abs(h).max() < 1


STEP = (
    r"\begin{aligned} i_t &= \sigma(x_t W_i + h_{t-1} U_i + b_i) \\ "
    r"f_t &= \sigma(x_t W_f + h_{t-1} U_f + b_f) \\ "
    r"g_t &= \tanh(x_t W_g + h_{t-1} U_g + b_g) \\ "
    r"o_t &= \sigma(x_t W_o + h_{t-1} U_o + b_o) \\ "
    r"c_t &= f_t \odot c_{t-1} + i_t \odot g_t \\ "
    r"h_t &= o_t \odot \tanh(c_t) \end{aligned}"
)


@equation("9.3", STEP)
def the_whole_step():
    params, x, state = network(lt.LSTM, 92, T=4, B=2, D=3, H=5)
    _, _, trace = lt.forward(lt.LSTM, params, x, state)
    for t, x_t in enumerate(x):
        h, c = trace.states.h[t], trace.states.c[t]
        z_i, z_f, z_g, z_o = (
            x_t @ W + h @ U + b for W, U, b in zip(params.W, params.U, params.b, strict=True)
        )
        c = lt.logistic(z_f) * c + lt.logistic(z_i) * np.tanh(z_g)
        close(trace.states.c[t + 1], c)
        close(trace.states.h[t + 1], lt.logistic(z_o) * np.tanh(c))


@equation(
    "9.4",
    r"[z_i,\ z_f,\ z_g,\ z_o] = [x_t,\ h_{t-1}] \begin{bmatrix} W_i & W_f & W_g & W_o \\ "
    r"U_i & U_f & U_g & U_o \end{bmatrix} + [b_i,\ b_f,\ b_g,\ b_o]",
)
def one_product_for_all_four_layers():
    params, x, state = network(lt.LSTM, 93, T=1, B=2, D=3, H=4)
    _, _, trace = lt.forward(lt.LSTM, params, x, state)
    stacked = np.block([list(params.W), list(params.U)])
    z = np.hstack([x[0], state.h]) @ stacked + np.hstack(list(params.b))
    for name, squash, z_k in zip("ifgo", "σσtσ", np.split(z, 4, axis=1), strict=True):
        value = np.tanh(z_k) if squash == "t" else lt.logistic(z_k)
        close(getattr(trace.gates, name)[0], value)


@equation("9.5", r"N = 4\,(H\,(D + H) + H)")
def the_number_of_weights_of_an_lstm():
    for D, H in ((1, 1), (3, 4), (7, 2)):
        params = lt.init(lt.LSTM, np.random.default_rng(0), D, H)
        assert sum(v.size for v in params) == 4 * (H * (D + H) + H)


@equation(
    "9.6",
    r"o = 0: \quad c_t = \sigma(x_t W_f + b_f) \odot c_{t-1} + "
    r"\sigma(x_t W_i + b_i) \odot \tanh(x_t W_g + b_g)",
)
def with_the_output_gate_shut_only_the_input_is_heard():
    def shut(x_in, h_in, state, p):
        after, gates = lt.LSTM.step(x_in, h_in, state, p)
        return after._replace(h=0 * after.h), gates._replace(o=0 * gates.o)

    params, x, state = network(lt.LSTM, 94, T=6, B=2, D=3, H=4)
    state = state._replace(h=0 * state.h)
    _, _, trace = lt.forward(replace(lt.LSTM, step=shut), params, x, state)
    c = state.c
    for t, x_t in enumerate(x):
        z_i, z_f, z_g, _ = x_t @ params.W + params.b[:, None]
        c = lt.logistic(z_f) * c + lt.logistic(z_i) * np.tanh(z_g)
        close(trace.states.c[t + 1], c)
