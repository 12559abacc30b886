"""Gradient checking: is the backward pass the derivative of the forward pass?

A loss that falls proves nothing: wrong gradients train too. What settles it is to move one
number a little, run forward twice, and compare the slope seen with the slope claimed.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from .arguments import expect_rng
from .chain import Params, backward, forward, init
from .nested import arrays, each


@dataclass(frozen=True)
class Checked:
    """The comparison for one argument: its worst entry, and both slopes there."""

    name: str
    shape: tuple
    error: float
    where: tuple
    analytic: float
    numeric: float


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradients` found. Print it to read it.

    `worst` is the largest relative error over every entry of every argument; `passed` says
    whether it is below `tolerance`; `checked` holds one Checked for each argument.
    """

    cell: str
    tolerance: float
    checked: tuple

    @property
    def worst(self):
        return max(entry.error for entry in self.checked)

    @property
    def passed(self):
        return self.worst < self.tolerance

    def __str__(self):
        lines = [
            f"Gradient check of {self.cell}: {'right' if self.passed else 'WRONG'}"
            f" (worst relative error {self.worst:.1e}, allowed {self.tolerance:.0e})",
            f"  {'argument':<9} {'shape':<11} {'error':>8}   worst entry: claimed, measured",
        ]
        for entry in self.checked:
            mark = " " if entry.error < self.tolerance else "✗"
            where = f"{list(entry.where)}: " if entry.where else ""
            lines.append(
                f"{mark} {entry.name:<9} {str(entry.shape):<11} {entry.error:8.1e}"
                f"   {where}{entry.analytic:+.6f}, {entry.numeric:+.6f}"
            )
        return "\n".join(lines)

    __repr__ = __str__


def relative_error(analytic, numeric, floor=1e-3):
    """How far apart two gradients are, entry by entry, on a scale that has no units.

        error = |a - n| / max(|a|, |n|, floor)

    The floor keeps an entry that is truly zero from dividing rounding noise by itself.
    Shapes: any two equal shapes; returns that shape. Chapter 3.
    """
    return np.abs(analytic - numeric) / np.maximum(
        np.maximum(np.abs(analytic), np.abs(numeric)), floor
    )


def numerical_gradient(f, values, eps=1e-5):
    """The gradient of f at an array, measured by moving one entry at a time.

        df/dv ≈ (f(v + eps) - f(v - eps)) / (2 eps)         central difference, error ~ eps²

    Shapes: values any shape, float64; f takes such an array and returns a number.
    Returns an array of the shape of values. values is not written to. Chapter 3.
    """
    gradient = np.zeros_like(values)
    for where in np.ndindex(values.shape):
        up, down = values.copy(), values.copy()
        up[where] += eps
        down[where] -= eps
        gradient[where] = (f(up) - f(down)) / (2 * eps)
    return gradient


def check_gradients(
    cell, rng=None, *, steps=4, batch=2, inputs=3, hidden=3, tolerance=1e-6, fused=None
):
    """Compare every gradient that `backward` gives for a cell with central differences.

        loss = Σ h_t * a_t + Σ state_T * a_T        with random a: every output counts, and
                                                    so does everything left in the state

    Checked: W, U, b, p, x and the initial state, each at random non-zero values (a bias of
    zero would hide a wrong bias gradient), against two central differences whose errors in
    eps² cancel. Any cell will do, yours too:
    `check_gradients(dataclasses.replace(LSTM, step_back=mine))`.

    Shapes: T = steps, B = batch, D = inputs, H = hidden, each ≥ 1. rng: a Generator, by
    default np.random.default_rng(0). fused: as in `forward`; False checks the readable loop.
    Returns a GradientReport. Chapter 3.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    expect_rng(rng)
    shapes = [v.shape for v in init(cell, rng, inputs, hidden)]
    params = Params(*(rng.normal(size=shape) for shape in shapes))
    state = cell.state(*(rng.normal(size=(batch, hidden)) for _ in cell.state._fields))
    x = rng.normal(size=(steps, batch, inputs))
    dh = rng.normal(size=(steps, batch, hidden))
    dstate = cell.state(*(rng.normal(size=(batch, hidden)) for _ in cell.state._fields))

    def loss(params, x, state):
        h, last, _ = forward(cell, params, x, state, fused=fused)
        return np.sum(h * dh) + sum(np.sum(v * dv) for v, dv in zip(last, dstate, strict=True))

    _, _, trace = forward(cell, params, x, state, fused=fused)
    grads = backward(cell, params, trace, dh, dstate, fused=fused)

    checked = []
    for name in params._fields:
        numeric = _sharper(
            lambda v, name=name: loss(params._replace(**{name: v}), x, state), getattr(params, name)
        )
        checked.append(_compare(name, getattr(grads.params, name), numeric))
    checked.append(_compare("x", grads.x, _sharper(lambda v: loss(params, v, state), x)))
    for name in state._fields:
        numeric = _sharper(
            lambda v, name=name: loss(params, x, state._replace(**{name: v})), getattr(state, name)
        )
        checked.append(_compare(f"state.{name}", getattr(grads.state, name), numeric))
    return GradientReport(cell.name, tolerance, tuple(entry for entry in checked if entry))


def check_random_direction(
    f, gradient, at, rng=None, *, directions=3, eps=1e-5, tolerance=1e-6, name="f"
):
    """Compare a gradient with the slope of f along random directions: two calls of f for each.

        Σ gradient * v  ≈  (f(at + eps v) - f(at - eps v)) / (2 eps)

    One direction v moves every number at once, so a network of any size is checked in the time
    of a few forward passes. What it finds wrong is wrong; it does not say where.

    at: arrays (float64) in any nest of NamedTuples, tuples, lists and dictionaries, such as
    NetworkParams; gradient: the same structure; f takes that structure, returns a number. v has
    length 1. rng: a Generator, by default np.random.default_rng(0).
    Returns a GradientReport, one line a direction. Chapter 3.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    expect_rng(rng)
    size, checked = sum(v.size for v in arrays(at)), []
    for n in range(directions):
        normal = each(lambda values: rng.normal(size=values.shape), at)
        v = each(partial(np.multiply, 1 / _length(normal)), normal)
        up = each(lambda values, dv: values + eps * dv, at, v)
        down = each(lambda values, dv: values - eps * dv, at, v)
        claimed = sum(arrays(each(lambda a, dv: float(np.sum(a * dv)), gradient, v)))
        seen = float(f(up) - f(down)) / (2 * eps)
        error = float(relative_error(claimed, seen))
        error = np.inf if np.isnan(error) else error
        checked.append(Checked(f"way {n + 1}", (size,), error, (), claimed, seen))
    return GradientReport(name, tolerance, tuple(checked))


def flow(grads):
    """How long the gradient of each carried value is, over the lag: ‖dh‖ and ‖dc‖.

    Row k stands k steps before the end: flow(grads).h[k, b] = ‖∂L/∂h_{T-k}‖ of sequence b. It
    shows what survives k steps where the loss looks at the last step only. Like Grads.flow, h
    and c are counted as two carriers.

    Shapes: grads as `backward` returns it; returns the module's state type, (T+1, B) each.
    Chapters 4, 7.
    """
    return each(lambda v: np.linalg.norm(v, axis=-1)[::-1], grads.flow)


def _length(nested):
    return float(np.sqrt(sum(np.sum(v * v) for v in arrays(nested))))


def _sharper(f, values, eps=5e-4):
    """Two central differences, weighted so that their errors in eps² cancel: error ~ eps⁴."""
    wide, narrow = numerical_gradient(f, values, eps), numerical_gradient(f, values, eps / 2)
    return (4 * narrow - wide) / 3


def _compare(name, analytic, numeric):
    if numeric.size == 0:
        return None
    if np.shape(analytic) != numeric.shape:
        raise ValueError(
            f"the gradient of {name} has shape {np.shape(analytic)}; expected {numeric.shape}, "
            f"the shape of {name}."
        )
    error = relative_error(analytic, numeric)
    where = np.unravel_index(np.argmax(np.where(np.isnan(error), np.inf, error)), error.shape)
    worst = float(np.where(np.isnan(error[where]), np.inf, error[where]))
    return Checked(
        name,
        numeric.shape,
        worst,
        tuple(int(n) for n in where),
        float(analytic[where]),
        float(numeric[where]),
    )
