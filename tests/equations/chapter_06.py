"""The equations of chapter 06."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


def carried(leak, x, c=0.0):
    for x_t in x:
        c = leak * c + x_t
    return c


def cell(seed, T=12, B=2, H=4):
    params, x, state = network(lt.LSTM97, seed, T=T, B=B, D=3, H=H)
    return params, x, state, lt.forward(lt.LSTM97, params, x, state)[2]


@equation("6.1", r"c_t = c_{t-1} + x_t, \qquad \frac{\partial c_T}{\partial c_t} = 1")
def the_carousel_adds_and_hands_back_unchanged():
    params, _, _, trace = cell(0)
    close(trace.states.c[1:], trace.states.c[:-1] + trace.gates.i * trace.gates.g)
    along = lt.jacobian_paths(lt.LSTM97, params, trace).carousel.c.c
    assert (along == np.eye(4)).all()


@equation(
    "6.2",
    r"c_t = \lambda\, c_{t-1} + x_t, \qquad c_T = \sum_{t=1}^{T} \lambda^{T-t}\, x_t, \qquad "
    r"\frac{\partial c_T}{\partial c_t} = \lambda^{T-t}",
)
def a_leak_is_a_power():
    x = np.random.default_rng(1).normal(size=9)
    for leak in (0.5, 0.97, 1.0, 1.1):
        close(carried(leak, x), sum(leak ** (9 - t) * x[t - 1] for t in range(1, 10)), 1e-12)
        for t in range(10):  # the state after step t, moved to both sides
            ends = [carried(leak, x[t:], c) for c in (1e-3, -1e-3)]
            close((ends[0] - ends[1]) / 2e-3, leak ** (9 - t), within=1e-10)
    # and the LSTM with a forget gate held at the leak does the same along c
    params, x, state = network(lt.LSTM, 2, T=9, B=1, D=3, H=4)
    held = params.b.copy()
    held[1] = np.log(0.97 / 0.03)
    params = params._replace(b=held, U=params.U * 0, W=params.W * [[[1]], [[0]], [[1]], [[1]]])
    trace = lt.forward(lt.LSTM, params, x, state)[2]
    along = lt.jacobian_paths(lt.LSTM, params, trace).carousel.c.c[:, 0]
    for t in range(10):
        close(along[t], 0.97 ** (9 - t) * np.eye(4), within=1e-12)


@equation(
    "6.3",
    r"\lambda^{n} = \tfrac12 \quad\text{for}\quad n = \frac{\ln \tfrac12}{\ln \lambda}",
)
def after_a_half_life_half_is_left():
    for leak in (0.1, 0.5, 0.9, 0.999):
        close(leak ** (np.log(0.5) / np.log(leak)), 0.5, within=1e-12)


@equation("6.4", r"c_T = w\, x_1 + w \sum_{t=2}^{T} x_t")
def one_weight_multiplies_key_and_noise():
    x = np.random.default_rng(3).normal(size=41)
    for w in (0.01, 1.0, -3.0):
        close(carried(1.0, w * x), w * x[0] + w * x[1:].sum(), within=1e-11)


@equation(
    "6.5",
    r"\begin{aligned} "
    r"i_t &= \sigma(x_t W_i + h_{t-1} U_i + b_i) \qquad "
    r"o_t = \sigma(x_t W_o + h_{t-1} U_o + b_o) \\ "
    r"g_t &= \tanh(x_t W_g + h_{t-1} U_g + b_g) \\ "
    r"c_t &= c_{t-1} + i_t \odot g_t \\ "
    r"h_t &= o_t \odot \tanh(c_t) \end{aligned}",
)
def the_cell_of_1997():
    params, x, state, trace = cell(4)
    h, c = state.h, state.c
    for t in range(12):
        z_i, z_g, z_o = (x[t] @ params.W[k] + h @ params.U[k] + params.b[k] for k in range(3))
        i, o, g = 1 / (1 + np.exp(-z_i)), 1 / (1 + np.exp(-z_o)), np.tanh(z_g)
        c = c + i * g
        h = o * np.tanh(c)
        close(trace.gates.i[t], i, within=1e-12)
        close(trace.gates.g[t], g, within=1e-12)
        close(trace.gates.o[t], o, within=1e-12)
        close(trace.states.c[t + 1], c, within=1e-12)
        close(trace.states.h[t + 1], h, within=1e-12)


@equation(
    "6.6",
    r"4\,\sigma(z) - 2 = 2 \tanh\tfrac{z}{2}, \qquad 2\,\sigma(c) - 1 = \tanh\tfrac{c}{2}",
)
def the_squashings_of_the_paper_are_tanh():
    z = np.linspace(-30, 30, 601)
    close(4 * lt.logistic(z) - 2, 2 * np.tanh(z / 2))
    close(2 * lt.logistic(z) - 1, np.tanh(z / 2))
    net = lt.lstm97.Net97(inputs=2, blocks=3, size=1, outputs=1)
    weights = lt.lstm97.init(net, np.random.default_rng(5), bound=1.0)
    x = np.random.default_rng(6).normal(size=(7, 2, 2))
    _, trace = lt.lstm97.forward(net, weights, x)
    z_g = x @ weights.W[:, 3:6] + trace.u @ weights.U[:, 3:6] + weights.b[3:6]
    close(trace.g, 2 * np.tanh(z_g / 2))
    close(trace.h, trace.o * np.tanh(trace.c[1:] / 2))


@equation(
    "6.7",
    r"\mathit{told}_t = dh_t \odot o_t \odot (1 - \tanh^2 c_t), \qquad "
    r"dc_t = \sum_{s=t}^{T} \mathit{told}_s",
)
def the_truncated_gradient_is_a_cumulative_sum():
    params, _, _, trace = cell(7)
    dh = np.random.default_rng(8).normal(size=trace.gates.o.shape)
    told = dh * trace.gates.o * (1 - np.tanh(trace.states.c[1:]) ** 2)
    cut = params._replace(U=np.zeros_like(params.U))
    passed_on = lt.backward(lt.LSTM97, cut, trace, dh).flow.c
    for t in range(12):
        close(passed_on[t], sum(told[s] for s in range(t, 12)), within=1e-12)


@equation(
    "6.8",
    r"|c_t| \le |c_0| + \sum_{s=1}^{t} i_s \le |c_0| + t",
)
def the_cell_state_grows_by_one_a_step_at_most():
    _, _, state, trace = cell(9, T=50)
    for t in range(1, 51):
        middle = np.abs(state.c) + trace.gates.i[:t].sum(axis=0)
        assert (np.abs(trace.states.c[t]) <= middle + 1e-12).all()
        assert (middle <= np.abs(state.c) + t).all()
    always = lt.Params(
        np.zeros((3, 1, 1)), np.zeros((3, 1, 1)), np.full((3, 1), 30.0), np.zeros((0, 1))
    )
    trace = lt.forward(lt.LSTM97, always, np.zeros((50, 1, 1)))[2]
    close(trace.states.c.ravel(), np.arange(51.0), within=1e-9)  # and the bound is reached
