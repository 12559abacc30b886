"""The equations of chapter 10."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation

T, B, D, H = 5, 2, 3, 4


def _run(seed=0):
    """A random LSTM, its trace, the loss's own gradient of every output, and Grads."""
    params, x, state = network(lt.LSTM, seed, T=T, B=B, D=D, H=H)
    dh = np.random.default_rng(seed + 100).normal(size=(T, B, H))
    _, _, trace = lt.forward(lt.LSTM, params, x, state)
    return params, trace, dh, lt.backward(lt.LSTM, params, trace, dh)


def _by_hand(dh, flow, trace, t):
    """do, dc, (di, df, dg) and the four δ of step t, from dh_t and from what the next step sends.

    `flow` holds both: row t + 1 is what arrives behind step t.
    """
    i, f, g, o = (v[t] for v in trace.gates)
    c_before, c = trace.states.c[t], trace.states.c[t + 1]
    do = flow.h[t + 1] * np.tanh(c)
    dc = flow.c[t + 1] + flow.h[t + 1] * o * (1 - np.tanh(c) ** 2)
    inside = dc * g, dc * c_before, dc * i
    slopes = i * (1 - i), f * (1 - f), 1 - g**2
    dz = [d * s for d, s in zip(inside, slopes, strict=True)]
    return do, dc, inside, np.stack([*dz, do * o * (1 - o)])


def _deltas():
    params, trace, dh, grads = _run()
    return np.stack([_by_hand(dh, grads.flow, trace, t)[3] for t in range(T)])


@equation(
    "10.1",
    r"c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad h_t = o_t \odot \tanh(c_t)",
)
def the_module():
    _, trace, _, _ = _run()
    i, f, g, o = trace.gates
    close(trace.states.c[1:], f * trace.states.c[:-1] + i * g)
    close(trace.states.h[1:], o * np.tanh(trace.states.c[1:]))


@equation(
    "10.2",
    r"dh_t = \frac{\partial \ell_t}{\partial h_t} + \sum_{k \in \{i, f, g, o\}} "
    r"\delta^k_{t+1}\, U_k^\top",
)
def two_gradients_meet_at_h():
    params, _, dh, grads = _run()
    dz = _deltas()
    for t in range(T - 1):
        from_next = sum(dz[t + 1, k] @ params.U[k].T for k in range(4))
        close(grads.flow.h[t + 1], dh[t] + from_next, within=1e-13)
    close(grads.flow.h[T], dh[T - 1])


@equation("10.3", r"do_t = dh_t \odot \tanh(c_t)")
def the_output_gate():
    _, trace, dh, grads = _run()
    for t in range(T):
        do, _, _, dz = _by_hand(dh, grads.flow, trace, t)
        o = trace.gates.o[t]
        close(do * o * (1 - o), dz[3])
    step = _step_back(trace, grads, T - 1)
    close(step.x_in[3] / (trace.gates.o[-1] * (1 - trace.gates.o[-1])), do, within=1e-13)


@equation(
    "10.4",
    r"dc_t = \underbrace{dc_{t+1} \odot f_{t+1}}_{\text{from the next step}} + "
    r"\underbrace{dh_t \odot o_t \odot (1 - \tanh^2(c_t))}_{\text{from this step's output}}",
)
def two_gradients_meet_at_c():
    _, trace, dh, grads = _run()
    for t in range(T - 1):
        later = _by_hand(dh, grads.flow, trace, t + 1)[1] * trace.gates.f[t + 1]
        close(grads.flow.c[t + 1], later)
        own = grads.flow.h[t + 1] * trace.gates.o[t] * (1 - np.tanh(trace.states.c[t + 1]) ** 2)
        close(_by_hand(dh, grads.flow, trace, t)[1], later + own)


@equation(
    "10.5",
    r"di_t = dc_t \odot g_t \qquad df_t = dc_t \odot c_{t-1} \qquad dg_t = dc_t \odot i_t",
)
def the_factors_of_c():
    _, trace, dh, grads = _run()
    for t in range(T):
        _, dc, (di, df, dg), _ = _by_hand(dh, grads.flow, trace, t)
        i, f, g, _ = (v[t] for v in trace.gates)
        given = {"i": (i, di), "f": (f, df), "g": (g, dg)}

        def c_of(i=i, f=f, g=g, t=t):
            return f * trace.states.c[t] + i * g

        for name, (value, gradient) in given.items():
            slopes = lt.numerical_gradient(
                lambda v, n=name, dc=dc: np.sum(dc * c_of(**{n: v})), value
            )
            close(gradient, slopes, within=1e-8)


@equation(
    "10.6",
    r"\begin{aligned} \delta^i_t &= di_t \odot i_t \odot (1 - i_t) & \qquad \delta^f_t &= df_t "
    r"\odot f_t \odot (1 - f_t) \\ \delta^g_t &= dg_t \odot (1 - g_t^2) & \qquad \delta^o_t &= "
    r"do_t \odot o_t \odot (1 - o_t) \end{aligned}",
)
def the_four_slopes():
    _, trace, dh, grads = _run()
    for t in range(T):
        close(_step_back(trace, grads, t).x_in, _by_hand(dh, grads.flow, trace, t)[3])


@equation(
    "10.7",
    r"dW_k = \sum_{t=1}^{T} x_t^\top \delta^k_t \qquad dU_k = \sum_{t=1}^{T} h_{t-1}^\top "
    r"\delta^k_t \qquad db_k = \sum_{t=1}^{T} \sum_{\text{batch}} \delta^k_t",
)
def twelve_gradients():
    _, trace, _, grads = _run()
    dz = _deltas()
    for k in range(4):
        close(grads.params.W[k], sum(trace.x[t].T @ dz[t, k] for t in range(T)), within=1e-13)
        of_U = sum(trace.states.h[t].T @ dz[t, k] for t in range(T))
        close(grads.params.U[k], of_U, within=1e-13)
        close(grads.params.b[k], dz[:, k].sum(axis=(0, 1)), within=1e-13)


@equation(
    "10.8",
    r"\frac{\partial c_T}{\partial c_t}\Big|_{\text{carousel}} = "
    r"\operatorname{diag}(f_{t+1} \odot f_{t+2} \odot \cdots \odot f_T)",
)
def the_carousel():
    params, trace, _, _ = _run()
    carousel = lt.jacobian_paths(lt.LSTM, params, trace).carousel.c.c
    for t in range(T + 1):
        for b in range(B):
            close(carousel[t, b], np.diag(np.prod(trace.gates.f[t:, b], axis=0)))


@equation(
    "10.9",
    r"\operatorname{diag}(a^k_t)\; U_k^\top \operatorname{diag}\big(o_{t-1} \odot "
    r"(1 - \tanh^2(c_{t-1}))\big) \quad \text{with} \quad \begin{aligned} a^i_t &= g_t \odot i_t "
    r"\odot (1 - i_t) \\ a^f_t &= c_{t-1} \odot f_t \odot (1 - f_t) \\ a^g_t &= i_t \odot "
    r"(1 - g_t^2) \end{aligned}",
)
def one_gate_path():
    params, trace, _, _ = _run()
    t, b = 3, 1  # the path from c[t] over h[t] into step t, to c[t + 1]
    i, f, g, _ = (v[t, b] for v in trace.gates)
    c, o_before = trace.states.c[t, b], trace.gates.o[t - 1, b]
    a = {"i": g * i * (1 - i), "f": c * f * (1 - f), "g": i * (1 - g**2)}
    down = np.diag(o_before * (1 - np.tanh(c) ** 2))
    for k, layer in enumerate(lt.LSTM.layers[:3]):
        claimed = np.diag(a[layer]) @ params.U[k].T @ down

        def reached(moved, k=k):
            h = o_before * np.tanh(moved)  # only layer k hears of the move, and c itself does not
            z = trace.x[t, b] @ params.W + params.b + trace.states.h[t, b] @ params.U
            z[k] = trace.x[t, b] @ params.W[k] + params.b[k] + h @ params.U[k]
            return lt.logistic(z[1]) * c + lt.logistic(z[0]) * np.tanh(z[2])

        for n in range(H):
            slopes = lt.numerical_gradient(lambda v, n=n, k=k: reached(v, k)[n], c)
            close(claimed[n], slopes, within=1e-8)


@equation(
    "10.10",
    r"dh_t = \frac{\partial \ell_t}{\partial h_t} \qquad \text{truncated, 1997}",
)
def the_truncated_gradient():
    params, trace, dh, _ = _run()
    cut = lt.backward(lt.LSTM, params._replace(U=np.zeros_like(params.U)), trace, dh)
    close(cut.flow.h[1:], dh)
    later, of_W = np.zeros((B, H)), 0
    for t in reversed(range(T)):
        flow = lt.LSTMState(*([None] * (t + 1) + [v] for v in (dh[t], later)))
        _, dc, _, dz = _by_hand(dh, flow, trace, t)
        later, of_W = dc * trace.gates.f[t], of_W + trace.x[t].T @ dz
    close(cut.params.W, of_W, within=1e-13)


def _step_back(trace, grads, t):
    def row(stacked, n):
        return type(stacked)(*(v[n] for v in stacked))

    arriving = row(grads.flow, t + 1)
    before, after = row(trace.states, t), row(trace.states, t + 1)
    return lt.LSTM.step_back(arriving, row(trace.gates, t), before, after, np.zeros((0, H)))
