"""The equations of chapter 08."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


@equation("8.1", r"g_t = \tanh(x_t W_g + h_{t-1} U_g + b_g)")
def the_candidate():
    layer, trace = _layers("g")
    close(trace.gates.g, np.tanh(layer))


@equation("8.2", r"i_t = \sigma(x_t W_i + h_{t-1} U_i + b_i)")
def the_input_gate():
    layer, trace = _layers("i")
    close(trace.gates.i, 1 / (1 + np.exp(-layer)))


@equation("8.3", r"c_t = f_t \odot c_{t-1} + i_t \odot g_t")
def the_new_cell_state():
    _, trace = _layers("i")
    i, f, g, _ = trace.gates
    close(trace.states.c[1:], f * trace.states.c[:-1] + i * g)


@equation("8.4", r"z(1, m) - z(-1, m) = 2w")
def the_value_moves_a_sum_by_the_same_with_and_without_a_flag():
    for w, u, b in np.random.default_rng(0).normal(size=(20, 3)):
        for m in (0, 1):
            close((w * 1 + u * m + b) - (w * -1 + u * m + b), 2 * w)


@equation(
    "8.5",
    r"\operatorname{artanh}(1 - e) \le w \le \operatorname{artanh}(e)"
    r" \quad\Rightarrow\quad e \ge \tfrac12",
)
def one_tanh_is_wrong_by_a_half():
    """No weights do better than a half, each within its bounds; one set of weights reaches it."""
    v, m = np.array([-1, 1, -1, 1]), np.array([0, 0, 1, 1])
    rng = np.random.default_rng(1)
    for w, u, b in rng.normal(scale=2, size=(2000, 3)):
        e = np.abs(np.tanh(w * v + u * m + b) - v * m).max()
        assert e >= 0.5
        if e < 1:
            assert np.arctanh(1 - e) - 1e-12 <= w <= np.arctanh(e) + 1e-12
    close(np.abs(np.tanh(np.arctanh(0.5) * v) - v * m).max(), 0.5)
    for e in np.linspace(0.01, 0.49, 49):
        assert np.arctanh(1 - e) > np.arctanh(e)


@equation("8.6", r"3H \text{ gate values a step}, \qquad 0 < i, f, o < 1")
def gates_are_rows_of_numbers_between_0_and_1():
    _, trace = _layers("i")
    gates = np.concatenate([trace.gates.i, trace.gates.f, trace.gates.o], axis=-1)
    assert gates[0, 0].size == 3 * 4
    assert 0 < gates.min() < gates.max() < 1
    assert (trace.gates.g < 0).any()


@equation(
    "8.7",
    r"c_T - c_1 = \sum_{t=2}^{T} i_t \odot g_t, \qquad |c_T - c_1| \le (T - 1)\, i",
)
def what_drifts_in_with_an_open_forget_gate():
    """The cell of 1997 has f = 1."""
    params, x, state = network(lt.LSTM97, 3, T=30, B=2, D=3, H=4)
    _, _, trace = lt.forward(lt.LSTM97, params, x, state)
    i, g, c = trace.gates.i, trace.gates.g, trace.states.c
    close(c[-1] - c[1], (i[1:] * g[1:]).sum(axis=0), within=1e-13)
    assert (np.abs(c[-1] - c[1]) <= (len(x) - 1) * i[1:].max(axis=0)).all()


@equation("8.8", r"\sqrt{\operatorname{mean}\,(c_T - c_1)^2} = i\, \sqrt{T - 1}")
def coins_wander_with_the_root():
    """The mean over all streams of T - 1 tosses, each stream once."""
    for T in (2, 5, 11):
        streams = np.array(np.meshgrid(*[[-1, 1]] * (T - 1))).reshape(T - 1, -1)
        i = 0.3
        close(np.sqrt(np.mean((i * streams).sum(axis=0) ** 2)), i * np.sqrt(T - 1))


@equation(
    "8.9",
    r"\delta^i_t = dc_t \odot g_t \odot i_t \odot (1 - i_t), \qquad "
    r"\delta^g_t = dc_t \odot i_t \odot (1 - g_t^2)",
)
def the_gradients_of_gate_and_candidate():
    """One step, with dc given; then against finite differences of c'."""
    rng = np.random.default_rng(2)
    x_in, h_in = rng.normal(size=(2, 4, 3, 5))
    state = lt.LSTMState(*rng.normal(size=(2, 3, 5)))
    dc, p = rng.normal(size=(3, 5)), np.zeros((0, 5))
    after, gates = lt.LSTM.step(x_in, h_in, state, p)
    dstate = lt.LSTMState(h=np.zeros_like(dc), c=dc)
    dz = lt.LSTM.step_back(dstate, gates, state, after, p).x_in
    delta_i = dc * gates.g * gates.i * (1 - gates.i)
    delta_g = dc * gates.i * (1 - gates.g**2)
    close(dz[0], delta_i)
    close(dz[2], delta_g)
    for layer, delta in ((0, delta_i), (2, delta_g)):
        nudge = np.zeros_like(x_in)
        nudge[layer] = 1e-5
        ends = [lt.LSTM.step(x_in + way * nudge, h_in, state, p)[0].c for way in (1, -1)]
        close(dc * (ends[0] - ends[1]) / 2e-5, delta, within=1e-9)


def _layers(name):
    """What goes into one layer of a random LSTM before squashing, and the trace."""
    params, x, state = network(lt.LSTM, 8, T=6, B=2, D=3, H=4)
    h, _, trace = lt.forward(lt.LSTM, params, x, state)
    k = lt.LSTM.layers.index(name)
    return x @ params.W[k] + trace.states.h[:-1] @ params.U[k] + params.b[k], trace
