"""The equations of chapter 04."""

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


def chain(seed, T=8, B=2, H=4):
    params, x, state = network(lt.RNN, seed, T=T, B=B, D=3, H=H)
    return params, lt.forward(lt.RNN, params, x, state)[2]


def norms(params, trace):
    """The largest singular value of ∂h_T/∂h_t for every t and every sequence."""
    return lt.largest_singular_value(lt.jacobians(lt.RNN, params, trace).h.h)


@equation(
    "4.1",
    r"J_t = \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2)\, U^\top",
)
def the_jacobian_of_a_step():
    params, trace = chain(0)
    steps = lt.step_jacobians(lt.RNN, params, trace).h.h
    h = trace.states.h
    for t in range(8):
        for b in range(2):
            close(steps[t, b], np.diag(1 - h[t + 1, b] ** 2) @ params.U[0].T)
            before = [h[t, b] + 1e-6 * sign * np.eye(4) for sign in (1, -1)]
            moved = [
                np.tanh(trace.x[t, b] @ params.W[0] + v @ params.U[0] + params.b) for v in before
            ]
            close(steps[t, b], (moved[0] - moved[1]).T / 2e-6, within=1e-8)


@equation(
    "4.2",
    r"\frac{\partial h_T}{\partial h_t} = J_T\, J_{T-1} \cdots J_{t+1}, \qquad "
    r"dh_t = dh_T\, \frac{\partial h_T}{\partial h_t}",
)
def the_jacobian_of_many_steps_is_a_product():
    params, trace = chain(1)
    steps = lt.step_jacobians(lt.RNN, params, trace).h.h
    whole = lt.jacobians(lt.RNN, params, trace).h.h
    dh = np.zeros((8, 2, 4))
    dh[-1] = np.random.default_rng(2).normal(size=(2, 4))
    flow = lt.backward(lt.RNN, params, trace, dh).flow.h
    for b in range(2):
        product = np.eye(4)
        for t in range(8, -1, -1):
            close(whole[t, b], product, within=1e-12)
            close(flow[t, b], dh[-1, b] @ product, within=1e-12)
            product = product @ steps[t - 1, b]


@equation(
    "4.3",
    r"\frac{\partial h_T}{\partial h_t} = (U^\top)^{T-t} \qquad \text{in a linear chain}",
)
def in_a_linear_chain_the_product_is_a_power():
    params, _, _ = network(lt.RNN, 3, T=1, B=1, D=3, H=4)
    silent = params._replace(b=params.b * 0)
    _, _, trace = lt.forward(lt.RNN, silent, np.zeros((6, 1, 3)))
    assert not trace.states.h.any()  # at rest the slope of tanh is 1: the chain is linear there
    whole = lt.jacobians(lt.RNN, silent, trace).h.h[:, 0]
    for t in range(7):
        close(whole[t], np.linalg.matrix_power(params.U[0].T, 6 - t), within=1e-10)


@equation(
    "4.4",
    r"\left\lVert \frac{\partial h_T}{\partial h_t} \right\rVert \le "
    r"\bigl(\gamma\, \sigma_{\max}(U)\bigr)^{T-t}",
)
def the_largest_singular_value_bounds_the_product():
    slopes = np.linspace(-9, 9, 20001)
    assert lt.tanh_slope(np.tanh(slopes)).max() == 1
    assert lt.logistic_slope(lt.logistic(slopes)).max() == 0.25
    for seed in range(20):
        params, trace = chain(seed)
        sigma = lt.largest_singular_value(params.U[0])
        allowed = sigma ** np.arange(8, -1, -1)
        assert (norms(params, trace) <= allowed[:, None] * (1 + 1e-12)).all()
    for seed in range(20):  # logistic units: the slope is at most a quarter
        rng = np.random.default_rng(seed)
        U, h, product = rng.normal(size=(4, 4)), rng.uniform(size=4), np.eye(4)
        for q in range(1, 9):
            h = lt.logistic(rng.normal(size=4) + h @ U)
            product = np.diag(lt.logistic_slope(h)) @ U.T @ product
            allowed = (lt.largest_singular_value(U) / 4) ** q
            assert lt.largest_singular_value(product) <= allowed * (1 + 1e-12)


@equation(
    "4.5",
    r"\left| \frac{\partial (h_T)_n}{\partial (h_t)_m} \right| \le "
    r"\frac{1}{H} \bigl(\gamma H a\bigr)^{T-t}",
)
def the_largest_weight_bounds_each_entry():
    for seed in range(20):
        params, trace = chain(seed)
        a = np.abs(params.U).max()
        whole = np.abs(lt.jacobians(lt.RNN, params, trace).h.h)
        for t in range(8):
            assert whole[t].max() <= (4 * a) ** (8 - t) / 4 * (1 + 1e-12)
    alike = np.full((4, 4), 0.3)  # all weights equal, all slopes 1: the bound is reached
    for lag in range(1, 6):
        close(np.linalg.matrix_power(alike, lag), np.full((4, 4), (4 * 0.3) ** lag / 4))


@equation("4.6", r"\rho(U)^k \le \lVert U^k \rVert \le \sigma_{\max}(U)^k")
def powers_lie_between_the_two_numbers():
    for seed in range(20):
        U = np.random.default_rng(seed).normal(size=(5, 5))
        rho, sigma = lt.spectral_radius(U), lt.largest_singular_value(U)
        for k in range(1, 12):
            size = lt.largest_singular_value(np.linalg.matrix_power(U, k))
            assert rho**k * (1 - 1e-10) <= size <= sigma**k * (1 + 1e-10)
    Q = lt.orthogonal(np.random.default_rng(0), 5, 5)
    close([lt.spectral_radius(Q), lt.largest_singular_value(Q)], 1, within=1e-12)


@equation("4.7", r"\frac{\partial L}{\partial U} = \sum_{t=1}^{T} h_{t-1}^\top\, \delta_t")
def the_gradient_is_a_sum_of_shares():
    params, trace = chain(5)
    dh = np.random.default_rng(6).normal(size=(8, 2, 4))
    grads = lt.backward(lt.RNN, params, trace, dh)
    h = trace.states.h
    delta = grads.flow.h[1:] * (1 - h[1:] ** 2)
    total = sum(h[t - 1].T @ delta[t - 1] for t in range(1, 9))  # row t - 1 belongs to step t
    close(total, grads.params.U[0], within=1e-12)


@equation(
    "4.8",
    r"\frac{\partial h_T}{\partial h_t} = \bigl(u\,(1 - h^{*2})\bigr)^{T-t} \qquad "
    r"\text{where } h^* = \tanh(u\, h^*)",
)
def a_latch_at_rest_multiplies_by_one_number():
    for u in (1.2, 2.0, 3.0):
        rest = 1.0
        for _ in range(3000):
            rest = np.tanh(u * rest)
        params = lt.Params(
            *(np.full(s, u) for s in ((1, 1, 1), (1, 1, 1))), np.zeros((1, 1)), np.zeros((0, 1))
        )
        state = lt.RNNState(np.array([[rest]]))
        _, _, trace = lt.forward(lt.RNN, params, np.zeros((6, 1, 1)), state)
        whole = lt.jacobians(lt.RNN, params, trace).h.h[:, 0, 0, 0]
        close(whole, (u * (1 - rest**2)) ** np.arange(6, -1, -1), within=1e-12)
        assert u * (1 - rest**2) < 1
