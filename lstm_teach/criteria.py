"""When is a sequence answered rightly? The papers' rules, one answer a sequence.

Every rule is written so that nan is wrong: it asks whether each output IS right, never
whether one is wrong, because every comparison with nan is False.
"""

import numpy as np

from . import wiring


def within(y, batch, tolerance):
    """Is every output of every counted answer off by less than the tolerance?

        |y - target| < tolerance

    The rule of the 1997 experiments: 0.04 for adding, 0.3 for temporal order, on the outputs
    that were trained: for classes, hand in softmax(y) or σ(y).

    Shapes: y (T, B, N), or (1, B, N) of a network with one answer; where target is symbols they
    count as one-hot vectors. Returns (B,) booleans. Chapter 11.
    """
    target, mask = _due(y, batch)
    if target.ndim < y.ndim:
        target = target[..., None] == np.arange(y.shape[-1])
    right = (np.abs(y - target) < tolerance).all(axis=-1)
    return (right | ~mask).all(axis=0)


def most_likely(y, batch):
    """Is the largest output the right symbol, at every counted answer?

    Shapes: y (T, B, N), or (1, B, N) of a network with one answer. Returns (B,) booleans.
    Chapter 5.
    """
    target, mask = _due(y, batch)
    right = (y.argmax(axis=-1) == target) & np.isfinite(y).all(axis=-1)
    return (right | ~mask).all(axis=0)


def legal_on_top(y, legal, mask):
    """Are the legal next symbols the most active outputs, at every counted answer?

        smallest y of a legal symbol > largest y of any other

    The rule of 1997's Reber experiment. legal: `tasks.reber.legal_next(batch)`.

    Shapes: y and legal (T, B, N), mask (T, B). Returns (B,) booleans. Chapter 11.
    """
    least = np.where(legal, y, np.inf).min(axis=-1)
    most = np.where(legal, -np.inf, y).max(axis=-1)
    return ((least > most) | ~mask).all(axis=0)


def _due(y, batch):
    """The targets and the mask that belong to y."""
    if len(y) == len(batch.x):
        return batch.target, batch.mask
    return wiring.ends(batch.target, batch.lengths), wiring.ends(batch.mask, batch.lengths)
