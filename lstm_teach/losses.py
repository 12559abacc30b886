"""How wrong is an answer? One number, and its gradient with respect to every output.

Each loss takes the raw outputs y of the readout, what they should have been, and a mask that
says where an answer counts. It returns (loss, dy). The loss is a mean over the counted answers,
so that it does not grow with the batch or with the length; within an answer the outputs add up.
"""

import numpy as np

from .activations import logistic, logistic_slope


def softmax_cross_entropy(y, target, mask=None, *, side_by_side=False):
    """The surprise, in nats, at the right symbol, when softmax(y) is what one believes.

        loss = mean over answers of  -log softmax(y)[target]
        dy   = (softmax(y) - onehot(target)) / answers

    The largest y of each answer is subtracted before exp: nothing overflows, and a certainty
    of exp(-1000) costs 1000, not infinity.

    Shapes: y (T, B, N) or any (..., N); target, whole numbers 0 .. N-1, and mask, booleans,
    the same without N. Where the mask is False target is not looked at and dy is 0.
    side_by_side: axis 1 counts independent networks; then there is one loss for each.
    Returns (loss, dy). Raises TypeError or ValueError that says what was expected.
    Chapter 13.
    """
    mask, answers = _counted(y, mask, side_by_side)
    target = _expect_symbols(target, y, mask)
    shifted = y - y.max(axis=-1, keepdims=True)
    right = np.take_along_axis(shifted, target[..., None], axis=-1)
    e = np.exp(shifted)
    total = e.sum(axis=-1, keepdims=True)
    surprise = (np.log(total) - right)[..., 0]
    dy = e / total
    np.put_along_axis(dy, target[..., None], np.exp(right) / total - 1, axis=-1)
    return _mean(surprise, dy, mask, answers, side_by_side)


def squared_error(y, target, mask=None, *, side_by_side=False):
    """The squared distance between the outputs and their targets.

        loss = mean over answers of  Σ (y - target)²
        dy   = 2 * (y - target) / answers

    There is no 1/2 in front: with one output this is the mean squared error.

    Shapes: y and target (T, B, N) or any (..., N); mask, booleans, the same without N.
    side_by_side: axis 1 counts independent networks; then there is one loss for each.
    Returns (loss, dy). Raises TypeError or ValueError that says what was expected. Chapter 5.
    """
    mask, answers = _counted(y, mask, side_by_side)
    target = _expect_numbers(target, y)
    error = np.where(mask[..., None], y - target, 0)
    return _mean((error * error).sum(axis=-1), 2 * error, mask, answers, side_by_side)


def logistic_cross_entropy(y, target, mask=None, *, side_by_side=False):
    """The surprise, in nats, at N yes-or-no answers, when σ(y) is the belief in each yes.

        loss = mean over answers of  Σ  log(1 + exp(y)) - target * y
        dy   = (σ(y) - target) / answers

    Computed as max(y, 0) + log1p(exp(-|y|)) - target * y: nothing overflows.

    Shapes: y and target, numbers from 0 to 1, (T, B, N) or any (..., N); mask, booleans,
    the same without N. side_by_side: axis 1 counts independent networks; then there is one
    loss for each.
    Returns (loss, dy). Raises TypeError or ValueError that says what was expected.
    Chapter 11: several symbols may be right at once.
    """
    mask, answers = _counted(y, mask, side_by_side)
    target = np.where(mask[..., None], _expect_numbers(target, y), 0)
    if target.size and not (target.min() >= 0 and target.max() <= 1):
        raise ValueError(
            f"target runs from {target.min()} to {target.max()}; expected numbers from 0 to 1: "
            "1 for yes, 0 for no."
        )
    surprise = np.maximum(y, 0) + np.log1p(np.exp(-np.abs(y))) - target * y
    return _mean(surprise.sum(axis=-1), logistic(y) - target, mask, answers, side_by_side)


def logistic_squared_error(y, target, mask=None, *, side_by_side=False):
    """The squared distance between σ(y) and its target: the loss of the 1997 experiments.

        loss = mean over answers of  Σ (σ(y) - target)²
        dy   = 2 * (σ(y) - target) * σ(y) * (1 - σ(y)) / answers

    Its gradient vanishes where σ(y) is certain, even certain and wrong: one reason why
    cross-entropy took its place.

    Shapes, mask, side_by_side, returns and errors as in `squared_error`.
    Chapter 6; Hochreiter & Schmidhuber (1997).
    """
    mask, answers = _counted(y, mask, side_by_side)
    shown = logistic(y)
    error = np.where(mask[..., None], shown - _expect_numbers(target, y), 0)
    dy = 2 * error * logistic_slope(shown)
    return _mean((error * error).sum(axis=-1), dy, mask, answers, side_by_side)


def _mean(losses, dy, mask, answers, side_by_side):
    """The mean over counted answers, for each network, and its gradient."""
    axes = (0, *range(2, losses.ndim)) if side_by_side else None
    # where, not a product: outside the mask anything may stand, even nan, and 0 * nan is nan
    loss = np.where(mask, losses, 0).sum(axis=axes) / answers
    share = answers.reshape(1, -1, *[1] * (dy.ndim - 2)) if side_by_side else answers
    dy = np.where(mask[..., None], dy, 0) / share.astype(dy.dtype)
    return (loss if side_by_side else float(loss)), dy


def _counted(y, mask, side_by_side):
    """The mask as booleans, and how many answers it counts (for each network)."""
    if not isinstance(y, np.ndarray) or y.ndim < 1 + 2 * side_by_side or y.dtype.kind != "f":
        raise TypeError(
            f"y is {type(y).__name__} of shape {np.shape(y)}; expected an array of floats "
            f"{'(T, S, B, N)' if side_by_side else '(..., N)'}: the outputs of the readout."
        )
    if mask is None:
        mask = np.ones(y.shape[:-1], bool)
    if getattr(mask, "dtype", None) is not np.dtype(bool):
        raise TypeError(
            f"mask holds {getattr(mask, 'dtype', type(mask).__name__)}; expected booleans: True "
            "where an answer counts. Try mask.astype(bool)."
        )
    if mask.shape != y.shape[:-1]:
        raise ValueError(f"mask has shape {mask.shape}; expected {y.shape[:-1]}, as y without N.")
    answers = mask.sum(axis=(0, *range(2, mask.ndim)) if side_by_side else None)
    if not np.all(answers):
        raise ValueError("mask is False everywhere: no answer is counted, so there is no loss.")
    return mask, answers


def _expect_symbols(target, y, mask):
    if getattr(target, "dtype", np.dtype(object)).kind not in "iu":
        raise TypeError(
            f"target holds {getattr(target, 'dtype', type(target).__name__)}; expected whole "
            "numbers, one symbol for each answer. For numbers use squared_error; for several "
            "symbols at once logistic_cross_entropy."
        )
    if target.shape != y.shape[:-1]:
        raise ValueError(
            f"target has shape {target.shape}; expected {y.shape[:-1]}, as y without its last "
            "axis: one symbol for each answer."
        )
    target = np.where(mask, target, 0)
    N = y.shape[-1]
    if target.min() < 0 or target.max() >= N:
        worst = target.min() if target.min() < 0 else target.max()
        raise ValueError(f"target holds the symbol {worst}; expected 0 .. {N - 1}: y has {N}.")
    return target


def _expect_numbers(target, y):
    if np.shape(target) != y.shape:
        raise ValueError(
            f"target has shape {np.shape(target)}; expected {y.shape}, as y: one number for "
            "each output."
        )
    return target
