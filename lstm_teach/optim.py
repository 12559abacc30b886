"""From gradients to better weights: optimisers and clipping.

An optimiser is a pure function with settings:

    params, memory = optimiser(params, grads, memory)

What it remembers from step to step is a value of its own, begun by `optimiser.start(params)`
and handed back each time: nothing is hidden, so it can be saved, compared and looked at. params
is any structure of NamedTuples and tuples of arrays; grads has the same one.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .nested import arrays, each


@dataclass(frozen=True)
class SGD:
    """Gradient descent: a step down the slope.

        v' = v - rate * dv

    Returns (params, memory); the memory is empty. Chapter 3.
    """

    rate: float = 0.1

    def __post_init__(self):
        _expect_positive(self, "rate")

    def start(self, params):
        return ()

    def __call__(self, params, grads, memory=()):
        return each(lambda v, dv: v - self.rate * dv, params, grads), memory


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with a heavy ball: part of the last step is taken again.

        velocity' = momentum * velocity - rate * dv
        v'        = v + velocity'

    Returns (params, memory); the memory is the velocity, begun at 0. Chapter 5.
    """

    rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self):
        _expect_positive(self, "rate")
        _expect_fraction(self, "momentum")

    def start(self, params):
        return each(np.zeros_like, params)

    def __call__(self, params, grads, memory):
        velocity = each(lambda m, dv: self.momentum * m - self.rate * dv, memory, grads)
        return each(np.add, params, velocity), velocity


@dataclass(frozen=True)
class RMSprop:
    """Each weight's step, divided by how large its gradients have lately been.

        square' = decay * square + (1 - decay) * dv²
        v'      = v - rate * dv / (√square' + epsilon)

    epsilon stands outside the root, as in PyTorch; others put it inside.
    Returns (params, memory); the memory is square, begun at 0.
    Chapter 5; used so by Tallec & Ollivier (2018), rate 1e-3, decay 0.9.
    """

    rate: float = 1e-3
    decay: float = 0.9
    epsilon: float = 1e-8

    def __post_init__(self):
        _expect_positive(self, "rate", "epsilon")
        _expect_fraction(self, "decay")

    def start(self, params):
        return each(np.zeros_like, params)

    def __call__(self, params, grads, memory):
        square = each(
            lambda s, dv: self.decay * s + (1 - self.decay) * dv * dv,
            memory,
            grads,
        )
        params = each(
            lambda v, dv, s: v - self.rate * dv / (np.sqrt(s) + self.epsilon),
            params,
            grads,
            square,
        )
        return params, square


class AdamMemory(NamedTuple):
    """What Adam remembers: both running means, each of the structure of params, and n."""

    mean: tuple
    square: tuple
    n: np.ndarray


@dataclass(frozen=True)
class Adam:
    """Running means of the gradient and of its square, each freed of its start at 0.

        n'      = n + 1
        mean'   = beta1 * mean   + (1 - beta1) * dv
        square' = beta2 * square + (1 - beta2) * dv²
        v'      = v - rate * (mean' / (1 - beta1ⁿ')) / (√(square' / (1 - beta2ⁿ')) + epsilon)

    Both means begin at 0 and are too small at first; the divisions by 1 - betaⁿ' undo exactly
    that. So the first step moves each weight by nearly the rate, whatever its gradient's size.
    Returns (params, memory); the memory is an AdamMemory. Chapter 5; Kingma & Ba (2015).
    """

    rate: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self):
        _expect_positive(self, "rate", "epsilon")
        _expect_fraction(self, "beta1", "beta2")

    def start(self, params):
        zeros = each(np.zeros_like, params)
        return AdamMemory(mean=zeros, square=zeros, n=np.array(0))

    def __call__(self, params, grads, memory):
        n = memory.n + 1
        # float(): a NumPy float64 here would turn float32 weights into float64
        whole1, whole2 = float(1 - self.beta1**n), float(1 - self.beta2**n)
        mean = each(
            lambda m, dv: self.beta1 * m + (1 - self.beta1) * dv,
            memory.mean,
            grads,
        )
        square = each(
            lambda s, dv: self.beta2 * s + (1 - self.beta2) * (dv * dv),
            memory.square,
            grads,
        )
        params = each(
            lambda v, m, s: v - self.rate * (m / whole1) / (np.sqrt(s / whole2) + self.epsilon),
            params,
            mean,
            square,
        )
        return params, AdamMemory(mean=mean, square=square, n=np.asarray(n))


def norm(grads, *, side_by_side=False):
    """The length of all gradients taken as one vector: √ Σ dv².

    The largest entry is taken out before squaring, so that a gradient of 1e30 in float32 has
    a length and not infinity. side_by_side: axis 0 of every array counts independent networks;
    then there is one length for each. Returns a float, or an array (S,). Chapter 5.
    """
    rows = [_rows(dv, side_by_side) for dv in arrays(grads) if dv.size]
    largest = np.max([np.abs(row).max(axis=-1) for row in rows], axis=0).astype(float)
    scale = np.where(largest > 0, largest, 1)[..., None]
    with np.errstate(invalid="ignore"):  # inf / inf: a length that is not a number says so
        total = sum(np.square(row / scale).sum(axis=-1) for row in rows)
    length = scale[..., 0] * np.sqrt(total)
    return length if side_by_side else float(length)


def clip_by_norm(grads, most, *, side_by_side=False):
    """Shorten the gradient to length `most` if it is longer; its direction stays.

        dv' = dv * min(1, most / norm)

    All arrays count as one vector. side_by_side: axis 0 of every array counts independent
    networks, and each is shortened by its own length.
    Returns (grads, norm before). Chapter 5; Pascanu, Mikolov & Bengio (2013).
    """
    _expect_limit("most", most)
    length = norm(grads, side_by_side=side_by_side)
    factor = np.minimum(1, most / np.maximum(length, most))

    def shorten(dv):
        share = factor.reshape(-1, *[1] * (dv.ndim - 1)) if side_by_side else factor
        return dv * share.astype(dv.dtype)

    return each(shorten, grads), length


def clip_by_value(grads, most):
    """Cut every entry to the range from -most to most; the direction may change.

        dv' = min(max(dv, -most), most)

    Returns the clipped gradients. Chapter 5.
    """
    _expect_limit("most", most)
    return each(lambda dv: np.clip(dv, -most, most), grads)


def _rows(dv, side_by_side):
    return dv.reshape(len(dv), -1) if side_by_side else dv.reshape(-1)


def _expect_limit(name, value):
    if not value > 0:
        raise ValueError(f"{name} is {value}; expected a number above 0: the largest allowed.")


def _expect_positive(settings, *names):
    for name in names:
        value = getattr(settings, name)
        if not value > 0:
            raise ValueError(
                f"{name} is {value}; expected a number above 0. The way down is already in the "
                f"minus sign of {type(settings).__name__}'s formula."
            )


def _expect_fraction(settings, *names):
    for name in names:
        value = getattr(settings, name)
        if not 0 <= value < 1:
            raise ValueError(f"{name} is {value}; expected a number from 0 up to, not with, 1.")
