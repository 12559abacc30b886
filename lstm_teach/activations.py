"""The squashing functions of the book and their slopes.

Each slope is written in terms of the function's output: the forward pass has already
computed that output, so the backward pass needs nothing else.
"""

import numpy as np


def logistic(z):
    """Squash any number into the open interval (0, 1): the logistic function, σ.

        σ(z) = 1 / (1 + exp(-z)) = (1 + tanh(z / 2)) / 2

    The second form is the one computed: it cannot overflow. It is exact to about 1e-16 in
    absolute terms. Float64 has no number between 1 - 1e-16 and 1, so beyond |z| = 37 the
    result is 0 or 1 itself.

    Shapes: z any shape; returns the same shape and dtype. Chapter 1.
    """
    return 0.5 * np.tanh(0.5 * z) + 0.5


def logistic_slope(y):
    """The slope dσ/dz of the logistic function, from its output y = σ(z).

        dσ/dz = y * (1 - y)          at most 1/4, where z = 0

    Shapes: y any shape; returns the same shape and dtype. Chapter 1.
    """
    return y * (1 - y)


def tanh(z):
    """Squash any number into the open interval (-1, 1): the hyperbolic tangent.

        tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z)) = 2 σ(2 z) - 1

    Shapes: z any shape; returns the same shape and dtype. Chapter 1.
    """
    return np.tanh(z)


def tanh_slope(y):
    """The slope of tanh, from its output y = tanh(z).

        dtanh/dz = 1 - y * y         at most 1, where z = 0

    Shapes: y any shape; returns the same shape and dtype. Chapter 1.
    """
    return 1 - y * y


def softmax(z):
    """Turn the last axis into probabilities that sum to 1.

        softmax(z)_k = exp(z_k) / Σ_j exp(z_j)

    The largest z of each row is subtracted first: that changes no result, and no
    exponential can overflow.

    Shapes: z (..., N) with N ≥ 1; returns the same shape and dtype. Chapter 1.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
