"""The equations of chapter 01."""

import math

import numpy as np

import lstm_teach as lt

from . import close, equation

z = np.linspace(-6, 6, 49)


@equation("1.1", r"\sigma(z) = \frac{1}{1 + e^{-z}}")
def the_logistic_function():
    close(lt.logistic(z), [1 / (1 + math.exp(-v)) for v in z], 1e-15)


@equation("1.2", r"\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}")
def the_hyperbolic_tangent():
    up, down = np.exp(z), np.exp(-z)
    close(lt.tanh(z), (up - down) / (up + down), 1e-15)


@equation("1.3", r"\tanh(z) = 2\,\sigma(2 z) - 1")
def they_are_one_curve():
    close(lt.tanh(z), 2 * lt.logistic(2 * z) - 1, 1e-15)


@equation("1.4", r"\frac{d\sigma}{dz} = y\,(1 - y) \qquad \text{with } y = \sigma(z)")
def the_slope_of_the_logistic_function():
    y = lt.logistic(z)
    close(lt.logistic_slope(y), y * (1 - y))
    close(y * (1 - y), slope(lt.logistic, 1e-5), 1e-10)


@equation("1.5", r"\frac{d\tanh}{dz} = 1 - y^2 \qquad \text{with } y = \tanh(z)")
def the_slope_of_tanh():
    y = lt.tanh(z)
    close(lt.tanh_slope(y), 1 - y**2)
    close(1 - y**2, slope(lt.tanh, 1e-5), 1e-10)


def slope(f, eps):
    return (f(z + eps) - f(z - eps)) / (2 * eps)


@equation(
    "1.6",
    r"\frac{df}{dz} \approx \frac{f(z + \varepsilon) - f(z - \varepsilon)}{2\,\varepsilon}",
)
def a_slope_is_measured_from_both_sides():
    close(slope(np.sin, 1e-5), np.cos(z), 1e-10)
    for eps in (1e-1, 1e-2):  # the error falls with the square of the step
        close(slope(np.sin, eps) - np.cos(z), -(eps**2) / 6 * np.cos(z), eps**4)
    close(lt.numerical_gradient(lambda v: np.sin(v).sum(), z), np.cos(z), 1e-9)


@equation("1.7", r"\frac{dh_T}{dh_0} = \prod_{t=1}^{T} w\,(1 - h_t^2)")
def slopes_multiply_along_a_chain():
    for w in (0.7, 1.2, -2.0):
        params = lt.Params(
            np.zeros((1, 1, 1)), np.full((1, 1, 1), w), np.zeros((1, 1)), np.zeros((0, 1))
        )
        x = np.zeros((8, 1, 1))

        def last(h_0, params=params, x=x):
            return lt.forward(lt.RNN, params, x, lt.RNNState(np.array([[h_0]])))[0][:, 0, 0]

        h = last(0.3)
        product = np.prod(w * (1 - h**2))
        close(product, (last(0.3 + 1e-5)[-1] - last(0.3 - 1e-5)[-1]) / 2e-5, 1e-8)
        _, _, trace = lt.forward(lt.RNN, params, x, lt.RNNState(np.array([[0.3]])))
        dh = np.zeros((8, 1, 1))
        dh[-1] = 1
        close(lt.backward(lt.RNN, params, trace, dh).state.h[0, 0], product)


@equation("1.8", r"T_{1/2} = \frac{\ln \frac{1}{2}}{\ln a}")
def a_half_life():
    for a in (0.3, 0.5, 0.9, 0.99):
        close(a ** (math.log(0.5) / math.log(a)), 0.5)


@equation("1.9", r"\log_{10} \prod_{t=1}^{T} a_t = \sum_{t=1}^{T} \log_{10} a_t")
def a_logarithm_turns_the_product_into_a_sum():
    slopes = lt.tanh_slope(lt.tanh(np.random.default_rng(0).normal(size=50)))
    close(np.log10(np.prod(slopes)), np.log10(slopes).sum(), 1e-12)


scores = np.random.default_rng(1).normal(size=(4, 5))


@equation("1.10", r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}")
def softmax():
    for row, p in zip(scores, lt.softmax(scores), strict=True):
        total = sum(math.exp(v) for v in row)
        close(p, [math.exp(v) / total for v in row], 1e-15)
        close(p.sum(), 1)


@equation("1.11", r"\frac{e^{z_k - m}}{\sum_j e^{z_j - m}} = \frac{e^{z_k}}{\sum_j e^{z_j}}")
def a_common_summand_cancels():
    for m in (-3.0, 0.7, 1000.0):
        close(lt.softmax(scores - m), lt.softmax(scores), 1e-12)


@equation("1.12", r"L = -\log p_k = \log \sum_j e^{z_j} - z_k")
def the_cross_entropy():
    for k in range(5):
        right = np.full(4, k)
        loss, _ = lt.losses.softmax_cross_entropy(scores, right)
        close(loss, -np.log(lt.softmax(scores)[:, k]).mean(), 1e-14)
        close(loss, (np.log(np.exp(scores).sum(axis=1)) - scores[:, k]).mean(), 1e-14)


@equation("1.13", r"\frac{\partial L}{\partial z_j} = p_j - [\,j = k\,]")
def belief_minus_truth():
    for row in scores:
        for k in range(5):
            belief = lt.softmax(row) - (np.arange(5) == k)
            _, dz = lt.losses.softmax_cross_entropy(row[None], np.array([k]))
            close(dz[0], belief)
            measured = lt.numerical_gradient(
                lambda v, k=k: lt.losses.softmax_cross_entropy(v[None], np.array([k]))[0], row
            )
            close(measured, belief, 1e-9)
