"""The equations of chapter 07."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


@equation("7.1", r"f_t = \sigma(x_t W_f + h_{t-1} U_f + b_f)")
def the_forget_gate_is_a_layer():
    params, x, trace = _run()
    f = lt.LSTM.gates._fields.index("f")
    for t in range(len(x)):
        z = x[t] @ params.W[f] + trace.states.h[t] @ params.U[f] + params.b[f]
        close(trace.gates.f[t], lt.logistic(z))


@equation("7.2", r"c_t = f_t \odot c_{t-1} + i_t \odot g_t")
def what_is_kept_and_what_is_written():
    _, x, trace = _run()
    f, i, g, c = trace.gates.f, trace.gates.i, trace.gates.g, trace.states.c
    for t in range(len(x)):
        close(c[t + 1], f[t] * c[t] + i[t] * g[t])


@equation(
    "7.3",
    r"\frac{\partial c_T}{\partial c_t} = \prod_{s=t+1}^{T} f_s \qquad \text{(along the carousel)}",
)
def the_product_of_the_forget_gates():
    """Along the carousel the Jacobian is diagonal; row s - 1 of the trace holds the gates of s."""
    params, x, trace = _run()
    T = len(x)
    straight = lt.jacobian_paths(lt.LSTM, params, trace).carousel.c.c
    for t in range(T + 1):
        product = trace.gates.f[t:T].prod(axis=0)
        for b in range(x.shape[1]):
            close(straight[t, b], np.diag(product[b]))


@equation("7.4", r"n = \frac{\ln \tfrac12}{\ln f}, \qquad f = \sigma(b_f)")
def after_a_half_life_half_is_left():
    """On a cell with constant gates: the number of steps from the formula, then the real decay."""
    for b in (0.0, 1.0, 3.0):
        f = lt.logistic(np.float64(b))
        n = np.log(0.5) / np.log(f)
        close(f**n, 0.5)
        kept = _left(b, steps=200)
        close(kept, f ** np.arange(201), within=1e-12)
        assert kept[int(np.floor(n))] >= 0.5 - 1e-12
        assert kept[int(np.floor(n)) + 1] < 0.5


@equation("7.5", r"b_f = \ln(\mathcal U(1,\ T_{max} - 1)), \qquad b_i = -b_f")
def the_chrono_rule():
    rng, same = np.random.default_rng(3), np.random.default_rng(3)
    b = lt.chrono(50)(rng, lt.LSTM.gates._fields, 4000)
    i, f, g, o = b
    close(f, np.log(same.uniform(1, 49, 4000)))
    close(i, -f)
    close(g, 0)
    close(o, 0)
    assert np.exp(f).min() >= 1
    assert np.exp(f).max() <= 49
    assert abs(np.exp(f).mean() - 25) < 1


@equation(
    "7.6",
    r"c_t = f \odot c_{t-1} + (1 - f) \odot g_t, \qquad |c_t| \le \max(|c_{t-1}|,\ 1)",
)
def a_running_mean_of_candidates():
    """Only the biases of i and f count: their weights are zero, as they nearly are at the start."""
    params, x, state = network(lt.LSTM, 8, T=60, B=3, D=2, H=4)
    W, U, b = params.W.copy(), params.U.copy(), lt.chrono(30)(_rng(), lt.LSTM.gates._fields, 4)
    W[:2], U[:2] = 0, 0
    _, _, trace = lt.forward(lt.LSTM, params._replace(W=W, U=U, b=b), x, state)
    f, g, c = trace.gates.f, trace.gates.g, trace.states.c
    close(trace.gates.i, 1 - f)
    close(c[1:], f * c[:-1] + (1 - f) * g)
    assert (np.abs(c[1:]) <= np.maximum(np.abs(c[:-1]), 1) + 1e-14).all()


def _run():
    params, x, state = network(lt.LSTM, 7, T=5, B=2, D=3, H=4)
    _, _, trace = lt.forward(lt.LSTM, params, x, state)
    return params, x, trace


def _left(b, steps):
    """c of a cell that nothing is written to, and whose forget bias is b."""
    params = lt.init(lt.LSTM, _rng(), 1, 1, b=lt.biases(f=b))
    params = params._replace(W=0 * params.W, U=0 * params.U)
    full = lt.LSTMState(h=np.zeros((1, 1)), c=np.ones((1, 1)))
    _, _, trace = lt.forward(lt.LSTM, params, np.zeros((steps, 1, 1)), full)
    return trace.states.c[:, 0, 0]


def _rng():
    return np.random.default_rng(0)
