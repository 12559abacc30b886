"""The equations of chapter 05."""

from dataclasses import replace

import numpy as np
from drawn import network

import lstm_teach as lt

from . import close, equation


@equation("5.1", r"L = -\log \frac{1}{N} = \log N")
def an_even_belief_costs_log_n():
    for N in (2, 4, 11):
        for right in range(N):
            loss, _ = lt.losses.softmax_cross_entropy(np.zeros((1, N)), np.array([right]))
            close(loss, np.log(N))
            close(loss, -np.log(1 / N))


@equation("5.2", r"h_t = \tanh(u\, h_{t-1} + b)")
def a_chain_of_one_unit_without_input():
    h, state, u, b = _one_unit(1.7, -0.3)
    for t in range(20):
        close(h[t], np.tanh(u * state[t] + b))


@equation("5.3", r"L = (h_{20} + 0.7)^2")
def the_loss_of_the_last_state():
    h, *_ = _one_unit(0.8, 0.1)
    loss, dy = lt.losses.squared_error(h[-1][None], np.array([[-0.7]]))
    close(loss, (h[-1, 0] + 0.7) ** 2)
    close(dy[0], 2 * (h[-1] + 0.7))


@equation("5.4", r"v' = v - \mathit{rate} \cdot dv")
def a_step_of_gradient_descent():
    v, dv = np.random.default_rng(0).normal(size=(2, 5))
    close(lt.optim.SGD(0.3)(v, dv)[0], v - 0.3 * dv)


@equation("5.5", r"\mathit{norm} = \sqrt{\textstyle\sum dv^2}")
def the_length_of_all_gradients_together():
    grads = _gradients()
    close(lt.optim.norm(grads), np.sqrt(sum((dv**2).sum() for dv in grads)))


@equation("5.6", r"dv' = dv \cdot \min\left(1, \frac{\mathit{most}}{\mathit{norm}}\right)")
def clipping_by_norm():
    grads = _gradients()
    for most in (0.1, 3.0, 1000.0):
        clipped, norm = lt.optim.clip_by_norm(grads, most)
        for dv, cut in zip(grads, clipped, strict=True):
            close(cut, dv * min(1, most / norm))


@equation("5.7", r"dv' = \min(\max(dv, -\mathit{most}),\ \mathit{most})")
def clipping_by_value():
    grads = _gradients()
    for dv, cut in zip(grads, lt.optim.clip_by_value(grads, 0.4), strict=True):
        close(cut, np.minimum(np.maximum(dv, -0.4), 0.4))
        assert np.abs(cut).max() == 0.4


@equation("5.8", r"\cos \alpha = \frac{\sum a\, b}{\sqrt{\sum a^2}\ \sqrt{\sum b^2}}")
def the_angle_between_two_gradients():
    """Two arrows at known angles to an axis; and clipping, which turns or does not turn."""
    for first, second in ((10, 70), (0, 90), (20, 185)):
        a, b = (
            size * np.array([np.cos(np.radians(at)), np.sin(np.radians(at))])
            for size, at in ((2.0, first), (0.5, second))
        )
        close(_cosine(a, b), np.cos(np.radians(second - first)))
    a = np.concatenate([dv.ravel() for dv in _gradients()])
    close(_cosine(a, lt.optim.clip_by_norm(a, 0.1)[0]), 1)
    assert _cosine(a, lt.optim.clip_by_value(a, 0.1)) < 0.99


@equation("5.9", r"m' = \beta_1 m + (1 - \beta_1)\, dv")
def the_running_mean_of_the_gradient():
    adam, v, dv, memory = _adam()
    close(adam(v, dv, memory)[1].mean, adam.beta1 * memory.mean + (1 - adam.beta1) * dv)


@equation("5.10", r"s' = \beta_2 s + (1 - \beta_2)\, dv^2")
def the_running_mean_of_its_square():
    adam, v, dv, memory = _adam()
    close(adam(v, dv, memory)[1].square, adam.beta2 * memory.square + (1 - adam.beta2) * dv**2)


@equation(
    "5.11",
    r"v' = v - \mathit{rate} \cdot \frac{m' / (1 - \beta_1^n)}"
    r"{\sqrt{s' / (1 - \beta_2^n)} + \epsilon}",
)
def the_step_of_adam():
    adam, v, dv, memory = _adam()
    after, (m, s, n) = adam(v, dv, memory)
    assert n == 6
    down = np.sqrt(s / (1 - adam.beta2**6)) + adam.epsilon
    close(after, v - adam.rate * (m / (1 - adam.beta1**6)) / down)


@equation("5.12", r"\lVert h U \rVert = \lVert h \rVert \qquad \text{if } U U^\top = I")
def a_rotation_keeps_lengths():
    rng = np.random.default_rng(4)
    for start in (lt.orthogonal, lt.identity):
        U = start(rng, 6, 6)
        close(U @ U.T, np.eye(6))
        h = rng.normal(size=(10, 6))
        close(np.linalg.norm(h @ U, axis=1), np.linalg.norm(h, axis=1), within=1e-13)


@equation("5.13", r"h_t = \max(0,\ x_t W + h_{t-1} U + b)")
def a_chain_with_relu():
    params, x, state = network(lt.RNN, 5, T=4, B=2, D=3, H=5)
    relu = replace(lt.RNN, step=_relu_step)
    h, _, trace = lt.forward(relu, params, x, state)
    for t in range(4):
        z = x[t] @ params.W[0] + trace.states.h[t] @ params.U[0] + params.b[0]
        close(h[t], np.maximum(0, z))
    assert (h == 0).any()
    assert (h > 0).any()


def _relu_step(x_in, h_in, state, p):
    h = np.maximum(0, x_in[0] + h_in[0])
    return lt.RNNState(h=h), lt.RNNGates(g=h)


def _one_unit(u, b):
    params = lt.Params(
        W=np.zeros((1, 1, 1)), U=np.full((1, 1, 1), u), b=np.full((1, 1), b), p=np.zeros((0, 1))
    )
    start = lt.RNNState(h=np.full((1, 1), 0.5))
    h, _, trace = lt.forward(lt.RNN, params, np.zeros((20, 1, 1)), start)
    return h[:, 0], trace.states.h[:, 0], u, b


def _gradients():
    rng = np.random.default_rng(1)
    return rng.normal(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)


def _cosine(a, b):
    return np.sum(a * b) / (np.sqrt(np.sum(a**2)) * np.sqrt(np.sum(b**2)))


def _adam():
    rng = np.random.default_rng(2)
    v, dv, mean, square = rng.normal(size=(4, 5))
    memory = lt.optim.AdamMemory(mean=mean, square=square**2, n=np.array(5))
    return lt.optim.Adam(0.1, beta1=0.8, beta2=0.95), v, dv, memory
