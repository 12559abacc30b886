"""3.4 The gradient check."""

import numpy as np

from ..chapter_02.forward import rnn_forward
from ..exercise import Case, Exercise, FunctionPart
from ..returned import AnArray, AVerdict
from .backward import rnn_backward, run_arguments
from .claims import CHECK_MISTAKES, claims
from .slopes import SLOPE_MISTAKES, Loss


def measured_gradient(f, v):
    """The gradient of f at v, measured: move one number of v at a time, up and down.

    f takes an array of the shape of v and returns one number. Returns an array of that shape.
    """
    eps = 1e-5
    gradient = np.zeros_like(v)
    for where in np.ndindex(v.shape):
        up, down = v.copy(), v.copy()
        up[where] += eps
        down[where] -= eps
        gradient[where] = (f(up) - f(down)) / (2 * eps)
    return gradient


def grad_check(f, v, claimed):
    """Is `claimed` the gradient of f at v?

    True if |claimed - measured| / max(|claimed|, |measured|, 1e-3) is below 1e-6 for every
    number of v, False otherwise.
    """
    measured = measured_gradient(f, v)
    size = np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), 1e-3)
    return bool((np.abs(claimed - measured) / size).max() < 1e-6)


def chain_loss(rng, scale=1.0, offset=0.0):
    """The loss of a small chain as a function of U, and its gradient, without rounding of h."""
    dh, x, h, W, U = run_arguments(rng, 4, 2, 3, 2)
    h_0, b = h[0], rng.uniform(0.2, 1.0, 2)

    def loss(U):
        return offset + scale * np.sum(dh * rnn_forward(x, h_0, W, U, b))

    states = np.concatenate([h_0[None], rnn_forward(x, h_0, W, U, b)])
    return loss, U, scale * rnn_backward(dh, x, states, W, U)[3]


def _slope_cases(rng):
    row = rng.uniform(0.5, 1.5, 3).round(1)
    grid = rng.uniform(0.5, 1.5, (2, 3)).round(1)
    loss, U, _ = chain_loss(rng)
    raised, V, _ = chain_loss(rng, offset=100.0)
    losses = [
        Loss("f(v) = Σ v³, three numbers", lambda v: np.sum(v**3), row),
        Loss("f(v) = Σ v² + the product of all v, 2 x 3 numbers", _mixed, grid),
        Loss("the loss of a chain as a function of U", loss, U),
        Loss("the loss of a chain, about 100, as a function of U", raised, V),
    ]
    return [Case((f, f.at), label=f.label) for f in losses]


def _mixed(v):
    return np.sum(v * v) + np.prod(v)


def _check_cases(rng):
    found = [
        Case((Loss(label, f, v), v, claimed), label=label)
        for label, f, v, claimed in claims(rng, chain_loss)
    ]
    return [found[n] for n in rng.permutation(len(found))]


GRAD_CHECK = Exercise(
    id="3.4",
    title="The gradient check",
    minutes=18,
    points=3,
    parts=(
        FunctionPart(
            reference=measured_gradient,
            cases=_slope_cases,
            returns=AnArray("gradient", "the shape of v"),
            mistakes=SLOPE_MISTAKES,
            hint="Try it on `lambda v: np.sum(v * v)`, whose gradient is 2 v.",
        ),
        FunctionPart(
            reference=grad_check,
            cases=_check_cases,
            returns=AVerdict("the verdict"),
            mistakes=CHECK_MISTAKES,
            hint="Print the relative error for a right claim and for a wrong one. On which side of "
            "1e-6 are they?",
        ),
    ),
    hints=(
        "Move one number, ask f twice, divide by the way between the two places. Then the next "
        "number, from a fresh copy.",
        "`for where in np.ndindex(v.shape)`: `up, down = v.copy(), v.copy()`; `up[where] += eps`, "
        "`down[where] -= eps`. For the check: a relative error for each number, then the largest.",
        "`gradient[where] = (f(up) - f(down)) / (2 * eps)` with eps = 1e-5. Then `size = "
        "np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), 1e-3)` and `(np.abs(claimed - "
        "measured) / size).max() < 1e-6`.",
    ),
    after="Now no backward pass needs to be believed. The cell below turns this check on your own "
    "loop from 3.3.",
    why="The central difference is off by about ε² and by rounding divided by ε; at 1e-5 both are "
    "near 1e-10. The relative error has no units, so one limit serves gradients of a million and "
    "of a thousandth; the floor of 1e-3 keeps a true zero from dividing rounding by itself. And it "
    "has to be the largest error: a mean, a sum or a length can hide one.",
)
