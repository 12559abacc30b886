"""1.2 The slopes, written in terms of the output."""

import numpy as np

from ...activations import logistic
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def logistic_slope(y):
    """The slope of the logistic function where its output is y.

    y is an array of any shape, its numbers between 0 and 1. Returns an array of that shape.
    """
    return y * (1 - y)


def tanh_slope(y):
    """The slope of tanh where its output is y.

    y is an array of any shape, its numbers between -1 and 1. Returns an array of that shape.
    """
    return 1 - y * y


def _logistic_outputs(rng):
    return [
        Case((np.array([0.1, 0.5, 0.8]),)),
        Case((rng.uniform(0.05, 0.95, 4).round(2),)),
        Case((rng.uniform(0.05, 0.95, (2, 3)).round(2),)),
    ]


def _tanh_outputs(rng):
    return [
        Case((np.array([-0.6, 0.0, 0.8]),)),
        Case((rng.uniform(-0.95, 0.95, 4).round(2),)),
        Case((rng.uniform(-0.95, 0.95, (2, 3)).round(2),)),
    ]


LOGISTIC_MISTAKES = (
    Mistake(
        "takes y for the input",
        "Your function squashes y once more: it gives the slope at the input y. But y is the "
        "output; it has been squashed already.",
        "No exponential is needed here. With y = σ(z) the slope is y (1 - y).",
        answers=(lambda y: logistic(y) * (1 - logistic(y)),),
    ),
    Mistake(
        "the slope of tanh",
        "Your answer is 1 - y², the slope of tanh.",
        "The logistic function has slope y (1 - y): 1/4 where y = 1/2.",
        answers=(lambda y: 1 - y**2,),
    ),
    Mistake(
        "one factor only",
        "Your answer is one factor of the product. At one end of the curve it is 1, but there the "
        "logistic function is flat.",
        "The slope must be 0 at y = 0 and at y = 1: one factor for each end.",
        answers=(lambda y: 1 - y, lambda y: y + 0.0),
    ),
    Mistake(
        "the wrong sign",
        "Your answer is negative, the slope of a curve that falls. The logistic function rises "
        "everywhere.",
        "y (1 - y), not y (y - 1).",
        answers=(lambda y: y * (y - 1),),
    ),
    Mistake(
        "a square too many",
        "Your answer squares a factor: y² (1 - y), y (1 - y²) or (1 - y)². Where y = 1/2 the slope "
        "must be 1/4.",
        "Two factors, each once: y and 1 - y.",
        answers=(lambda y: y**2 * (1 - y), lambda y: y * (1 - y**2), lambda y: (1 - y) ** 2),
    ),
)

TANH_MISTAKES = (
    Mistake(
        "takes y for the input of tanh",
        "Your function takes the tanh of y: it gives the slope at the input y. But y is the output "
        "of tanh already.",
        "No `np.tanh` is needed here. With y = tanh(z) the slope is 1 - y².",
        answers=(lambda y: 1 - np.tanh(y) ** 2,),
    ),
    Mistake(
        "the slope of the logistic function",
        "Your answer is y (1 - y), the slope of the logistic function. Where y = 0, tanh is "
        "steepest, and yours is 0.",
        "The slope of tanh is 1 where y = 0, and 0 where y is -1 or 1.",
        answers=(lambda y: y * (1 - y),),
    ),
    Mistake(
        "the square is missing",
        "Your answer is 1 - y: right for y = 0 and y = 1 and nowhere else. For y = -1 it gives 2, "
        "and tanh is flat there.",
        "The slope is the same for y and for -y. A square does that.",
        answers=(lambda y: 1 - y,),
    ),
    Mistake(
        "plus in place of minus",
        "Your answer is 1 + y²: it grows towards the ends of the curve, where tanh is flat.",
        "1 - y².",
        answers=(lambda y: 1 + y**2,),
    ),
    Mistake(
        "the square in another place",
        "Your answer is (1 - y)², or the root of 1 - y². The square belongs to y alone.",
        "`1 - y * y`.",
        answers=(lambda y: (1 - y) ** 2, lambda y: np.sqrt(1 - y**2)),
    ),
)

SLOPES = Exercise(
    id="1.2",
    title="Slopes from the output",
    minutes=6,
    points=2,
    parts=(
        FunctionPart(
            reference=logistic_slope,
            cases=_logistic_outputs,
            returns=AnArray("slope", "of y"),
            mistakes=LOGISTIC_MISTAKES,
            hint="Try y = 0, 1/2 and 1: the slope must be 0, 1/4 and 0.",
        ),
        FunctionPart(
            reference=tanh_slope,
            cases=_tanh_outputs,
            returns=AnArray("slope", "of y"),
            mistakes=TANH_MISTAKES,
            hint="Try y = -1, 0 and 1: the slope must be 0, 1 and 0.",
        ),
    ),
    hints=(
        "The argument is the output y, not the input z. Where on the curves are they flat, and "
        "which y belongs to these places?",
        "The logistic function is flat at y = 0 and y = 1, tanh at y = -1 and y = 1. Each slope is "
        "a product of two factors that are zero there.",
        "`return y * (1 - y)`, and `return 1 - y * y`, which is (1 - y)(1 + y).",
    ),
    after="A forward pass keeps its outputs. With these two lines a backward pass has its slopes "
    "for the price of a product.",
    why="With e = exp(-z) and y = 1 / (1 + e), the slope is e / (1 + e)², which is y times e / (1 "
    "+ e), and e / (1 + e) is 1 - y. For tanh(z) = 2 σ(2 z) - 1 the slope is 4 s (1 - s) with s = "
    "σ(2 z) = (1 + y) / 2, and 4 s (1 - s) = (1 + y)(1 - y) = 1 - y².",
)
