"""The tasks as the experiments pose them: sizes, loss, and the rule that says what is right."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from .. import criteria, losses, tasks
from ..activations import softmax
from ..tasks import counting, reber


class Problem(NamedTuple):
    """A task for a network.

    draw: the task; inputs, outputs: D and N; one_answer: read out only at the end.
    right: a function of outputs y, their batch and a tolerance; returns (B,) booleans, and
    False where y is nan.
    """

    draw: Callable
    inputs: int
    outputs: int
    loss: Callable
    one_answer: bool
    right: Callable


def _near(y, batch, tolerance):
    return criteria.within(y, batch, tolerance)


def _nearly_sure(y, batch, tolerance):
    """Each class has nearly its probability, 0 or 1: the rule of 1997 for softmax outputs."""
    return criteria.within(softmax(y), batch, tolerance)


def _first(y, batch, tolerance):
    return criteria.most_likely(y, batch)


def _legal_reber(y, batch, tolerance):
    return criteria.legal_on_top(y, reber.legal_next(batch), batch.mask)


def _legal_word(y, batch, tolerance):
    return criteria.legal_on_top(y, counting.legal_next(batch), batch.mask)


_classes = losses.softmax_cross_entropy
PROBLEMS = {
    "adding": Problem(tasks.adding, 2, 1, losses.squared_error, True, _near),
    "adding_uniform": Problem(tasks.adding_uniform, 2, 1, losses.squared_error, True, _near),
    "temporal_order": Problem(tasks.temporal_order, 8, 4, _classes, True, _nearly_sure),
    "recall": Problem(tasks.recall, 9, 4, _classes, True, _first),
    "embedded_reber": Problem(tasks.embedded_reber, 7, 7, _classes, False, _legal_reber),
    "anbn": Problem(tasks.anbn, 3, 3, _classes, False, _legal_word),
}
PIECE = 256  # sequences looked at together: more would leave the processor's cache


class Exam(NamedTuple):
    """What a network learns from, and what it is asked.

    sample: a function of rng that draws a batch to learn from; rehearsal: batches that are
    looked at again and again while it learns; test: a function that returns the batches that
    decide.
    """

    sample: Callable
    rehearsal: list
    test: Callable


def exam(settings, rng):
    """The Exam of a trial. The numbers come from `rng`, apart from those for learning.

    Three kinds. words: one test word aⁿbⁿ of each n up to settings["words"]. strings: so many
    fixed ones to learn from and as many others; the test is all of them. Else all sequences
    are fresh, those of each test too, so that no test is ever seen twice.
    """
    draw, batch = PROBLEMS[settings["task"]].draw, settings["batch"]
    draw = partial(draw, **settings["sizes"])
    if "words" in settings:
        return Exam(partial(draw, batch=batch), [], lambda: [_words(rng, settings["words"])])
    if "strings" in settings:
        ours, others = (draw(rng, settings["strings"]) for _ in range(2))
        return Exam(partial(_some, ours, batch), [ours], lambda: [ours, others])

    def fresh(sequences):
        sizes = [PIECE] * (sequences // PIECE) + [sequences % PIECE]
        return [draw(rng, size) for size in sizes if size]

    return Exam(
        partial(draw, batch=batch),
        fresh(settings["rehearsal"]) if settings["rehearsal"] else [],
        partial(fresh, settings["test"]),
    )


def _some(strings, batch, rng):
    """A batch drawn from fixed strings, as long as the longest drawn."""
    rows = rng.integers(len(strings.lengths), size=batch)
    T = strings.lengths[rows].max()
    return tasks.Batch(*(v[:T, rows] for v in strings[:3]), strings.lengths[rows])


def _words(rng, longest):
    """The words aⁿbⁿ for n = 1 .. longest, one of each."""
    words = [tasks.anbn(rng, 1, longest=n, shortest=n) for n in range(1, longest + 1)]
    together = tasks.side_by_side(words)
    return tasks.Batch(*(v[:, :, 0] for v in together[:3]), together.lengths[:, 0])


def constant_loss(batches):
    """The mean squared error of who always says the mean of these batches' right answers."""
    answers = np.concatenate([batch.target[batch.mask] for batch in batches])
    return float(np.square(answers - answers.mean()).mean())
