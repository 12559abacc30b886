"""The book's tasks: generators of sequences with known right answers.

    batch = recall(rng, 32, lag=20)          a Batch: x, target, mask, lengths
    describe(recall, lag=20)                 prints one example

Each takes (rng, batch, sizes) and draws B fresh examples: with two NumPy generators in the same
state, the same ones. `functools.partial(recall, batch=32, lag=20)` is what `train.fit` samples.
"""

from . import counting, reber, text
from .arithmetic import adding, adding_uniform, multiplication
from .batch import Batch, describe, pieces, side_by_side
from .counting import anbn, anbncn, parity
from .long_lag import (
    noise_free_2a,
    noise_free_2b,
    noise_free_2c,
    two_sequences_3a,
    two_sequences_3b,
    two_sequences_3c,
)
from .memory import copying, latch, recall
from .order import temporal_order
from .reber import continual_reber, embedded_reber

__all__ = [
    "Batch",
    "adding",
    "adding_uniform",
    "anbn",
    "anbncn",
    "continual_reber",
    "copying",
    "counting",
    "describe",
    "embedded_reber",
    "latch",
    "multiplication",
    "noise_free_2a",
    "noise_free_2b",
    "noise_free_2c",
    "parity",
    "pieces",
    "reber",
    "recall",
    "side_by_side",
    "temporal_order",
    "text",
    "two_sequences_3a",
    "two_sequences_3b",
    "two_sequences_3c",
]
