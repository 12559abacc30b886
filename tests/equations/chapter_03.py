"""The equations of chapter 03."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


def _run(seed, T, B, D, H):
    """A chain with a loss at every step, and the gradients that `lt.backward` gives."""
    params, x, state = network(lt.RNN, seed, T=T, B=B, D=D, H=H)
    y = np.random.default_rng(seed + 100).normal(size=(T, B, H))
    h, _, trace = lt.forward(lt.RNN, params, x, state)
    grads = lt.backward(lt.RNN, params, trace, 2 * (h - y))
    return params, x, state, y, trace, grads


def _two_steps():
    """The numbers of section 1: w, u, b, x, h (three rows), y, δ (two rows), and Grads."""
    params, x, state, y, trace, grads = _run(0, T=2, B=1, D=1, H=1)
    w, u, b = (float(v.squeeze()) for v in params[:3])
    h = trace.states.h[:, 0, 0]
    dh = grads.flow.h[1:, 0, 0]
    return (w, u, b), x[:, 0, 0], h, y[:, 0, 0], dh, dh * (1 - h[1:] ** 2), grads


@equation("3.1", r"L = (h_1 - y_1)^2 + (h_2 - y_2)^2")
def the_loss_of_two_steps():
    _, _, h, y, dh, _, _ = _two_steps()

    def loss(h_1, h_2):
        return (h_1 - y[0]) ** 2 + (h_2 - y[1]) ** 2

    close(loss(*h[1:]), lt.losses.squared_error(h[1:, None], y[:, None])[0] * 2)
    close((loss(h[1], h[2] + 1e-5) - loss(h[1], h[2] - 1e-5)) / 2e-5, dh[1], within=1e-9)


@equation("3.2", r"dh_2 = 2\,(h_2 - y_2) \qquad \delta_2 = dh_2\,(1 - h_2^2)")
def the_last_step_back():
    _, _, h, y, dh, dz, grads = _two_steps()
    close(dh[1], 2 * (h[2] - y[1]))
    close(dz[1], dh[1] * (1 - h[2] ** 2))
    close(dz.sum(), grads.params.b.item())


@equation("3.3", r"dh_1 = 2\,(h_1 - y_1) + u\,\delta_2")
def a_number_with_two_readers():
    (_, u, _), _, h, y, dh, dz, _ = _two_steps()
    close(dh[0], 2 * (h[1] - y[0]) + u * dz[1])


@equation("3.4", r"du = \delta_1 h_0 + \delta_2 h_1")
def a_weight_with_two_uses():
    _, x, h, _, _, dz, grads = _two_steps()
    close(grads.params.U.item(), dz[0] * h[0] + dz[1] * h[1])
    close(grads.params.W.item(), dz[0] * x[0] + dz[1] * x[1])


@equation(
    "3.5",
    r"\begin{aligned} \text{to a weight:} \quad & x_t^\top \delta_t \qquad h_{t-1}^\top \delta_t "
    r"\qquad \textstyle\sum_{\text{batch}} \delta_t \\ \text{to an input:} \quad & "
    r"\delta_t W^\top \qquad \delta_t U^\top \end{aligned}",
)
def one_step_back_in_matrices():
    params, x, state, _, trace, grads = _run(1, T=1, B=3, D=2, H=4)
    dz = grads.flow.h[1] * lt.tanh_slope(trace.states.h[1])
    close(grads.params.W[0], x[0].T @ dz)
    close(grads.params.U[0], state.h.T @ dz)
    close(grads.params.b[0], dz.sum(axis=0))
    close(grads.x[0], dz @ params.W[0].T)
    close(grads.state.h, dz @ params.U[0].T)


@equation(
    "3.6",
    r"dh_t = \frac{\partial \ell_t}{\partial h_t} + \delta_{t+1} U^\top "
    r"\qquad \text{with } \delta_{T+1} = 0",
)
def two_readers_at_every_step():
    params, _, _, y, trace, grads = _run(2, T=5, B=3, D=2, H=4)
    own = 2 * (trace.states.h[1:] - y)
    dh = grads.flow.h[1:]
    dz = dh * lt.tanh_slope(trace.states.h[1:])
    for t in range(4):
        close(dh[t], own[t] + dz[t + 1] @ params.U[0].T)
    close(dh[4], own[4])


@equation("3.7", r"\delta_t = dh_t \odot (1 - h_t \odot h_t)")
def through_the_squashing():
    _, x, _, _, trace, grads = _run(3, T=4, B=2, D=3, H=3)
    h = trace.states.h[1:]
    dz = grads.flow.h[1:] * (1 - h * h)
    close(grads.params.b[0], dz.sum(axis=(0, 1)))


@equation(
    "3.8",
    r"dW = \sum_{t=1}^{T} x_t^\top \delta_t \qquad dU = \sum_{t=1}^{T} h_{t-1}^\top \delta_t "
    r"\qquad db = \sum_{t=1}^{T} \sum_{\text{batch}} \delta_t",
)
def shares_add_over_time():
    _, x, _, _, trace, grads = _run(4, T=5, B=3, D=2, H=4)
    h = trace.states.h
    dz = grads.flow.h[1:] * lt.tanh_slope(h[1:])
    close(grads.params.W[0], sum(x[t].T @ dz[t] for t in range(5)), within=1e-13)
    close(grads.params.U[0], sum(h[t].T @ dz[t] for t in range(5)), within=1e-13)
    close(grads.params.b[0], sum(dz[t].sum(axis=0) for t in range(5)), within=1e-13)


def _loss_of_u():
    """L as a function of one entry of U, and its gradient from `lt.backward`."""
    params, x, state, y, _, grads = _run(5, T=4, B=2, D=2, H=3)

    def loss(v):
        U = params.U.copy()
        U[0, 0, 1] = v
        h, _, _ = lt.forward(lt.RNN, params._replace(U=U), x, state)
        return np.sum((h - y) ** 2)

    return loss, params.U[0, 0, 1], grads.params.U[0, 0, 1]


def _third(loss, v, eps=1e-2):
    """The third derivative of the loss, measured."""
    up, down = loss(v + eps), loss(v - eps)
    return (loss(v + 2 * eps) - 2 * up + 2 * down - loss(v - 2 * eps)) / (2 * eps**3)


@equation(
    "3.9",
    r"\frac{\partial L}{\partial v} \approx "
    r"\frac{L(v + \varepsilon) - L(v - \varepsilon)}{2\,\varepsilon}",
)
def a_central_difference():
    loss, v, claimed = _loss_of_u()
    measured = lt.numerical_gradient(lambda one: loss(one[0]), np.array([v]))[0]
    close(measured, (loss(v + 1e-5) - loss(v - 1e-5)) / 2e-5)
    close(measured, claimed, within=1e-8)


@equation(
    "3.10",
    r"\frac{L(v + \varepsilon) - L(v - \varepsilon)}{2\,\varepsilon} - L'(v) \approx "
    r"\frac{\varepsilon^2}{6}\,L'''(v)",
)
def the_curve_bends():
    loss, v, claimed = _loss_of_u()
    third = _third(loss, v)
    for eps in (1e-2, 3e-3, 1e-3):
        error = (loss(v + eps) - loss(v - eps)) / (2 * eps) - claimed
        np.testing.assert_allclose(error, eps**2 / 6 * third, rtol=1e-2)


@equation(
    "3.11",
    r"\text{error} \approx \frac{\varepsilon^2}{6}\,|L'''| + \frac{r\,|L|}{\varepsilon} "
    r"\qquad \text{smallest at} \quad "
    r"\varepsilon = \sqrt[3]{\frac{3\,r\,|L|}{|L'''|}}",
)
def the_digits_run_out():
    loss, v, claimed = _loss_of_u()
    L, third, r = loss(v), abs(_third(loss, v)), 1e-16
    best = np.cbrt(3 * r * L / third)

    def modelled(eps):
        return eps**2 / 6 * third + r * L / eps

    around = best * np.logspace(-1, 1, 201)
    close(around[modelled(around).argmin()] / best, 1, within=0.02)
    assert 1e-6 < best < 1e-4
    for eps in (1e-11, 1e-9, 1e-3):  # the measured error is of the size that the model says
        where = v + np.linspace(-0.1, 0.1, 41)
        off = [
            (loss(one + eps) - loss(one - eps)) / (2 * eps)
            - (loss(one + 1e-5) - loss(one - 1e-5)) / 2e-5
            for one in where
        ]
        assert modelled(eps) / 10 < np.abs(off).mean() < modelled(eps) * 10


@equation("3.12", r"e = \frac{|a - n|}{\max(|a|, |n|, 10^{-3})}")
def a_relative_error():
    a, n = np.array([2.0, -3.0, 1e-5, 0.0]), np.array([2.5, -3.0, 0.0, 0.0])
    error = [abs(x - y) / max(abs(x), abs(y), 1e-3) for x, y in zip(a, n, strict=True)]
    close(lt.relative_error(a, n), error)
