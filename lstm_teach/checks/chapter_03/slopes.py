"""Exercise 3.4, measuring: functions that remember where they were asked, and known mistakes."""

import numpy as np

from ..exercise import Mistake


class Loss:
    """A function of one array. It keeps how far from `at` it was asked each time."""

    def __init__(self, label, f, at):
        self.label, self.f, self.at, self.moves = label, f, at, []

    def __call__(self, v):
        v = np.array(v, float)
        if v.shape != self.at.shape:
            raise ValueError(f"f expects an array of shape {self.at.shape}; got shape {v.shape}")
        self.moves.append(v - self.at)
        return float(self.f(v))


def _moves(cases):
    """For each case with more than one number: the moves, one array a call."""
    return [case.args[0].moves for case in cases if case.args[0].at.size > 1]


def never_asks(cases, outcomes):
    return not any(case.args[0].moves for case in cases)


def _one_way_only(cases, outcomes):
    """Some call without a move, and all others in one and the same direction."""
    found = _moves(cases)
    return all(
        moves
        and any(not move.any() for move in moves)
        and (all((move >= 0).all() for move in moves) or all((move <= 0).all() for move in moves))
        for moves in found
    )


def _all_at_once(cases, outcomes):
    return all(moves and all(move.all() for move in moves if move.any()) for moves in _moves(cases))


def _not_put_back(cases, outcomes):
    return all(
        len({np.count_nonzero(move) for move in moves} - {0}) > 1
        and max(np.count_nonzero(move) for move in moves) >= moves[0].size - 1
        for moves in _moves(cases)
    )


def _steps(cases):
    return [np.abs(move).max() for moves in _moves(cases) for move in moves if move.any()]


def _too_small(cases, outcomes):
    steps = _steps(cases)
    return bool(steps) and max(steps) < 5e-7


def _too_large(cases, outcomes):
    steps = _steps(cases)
    return bool(steps) and min(steps) > 5e-4


def _into_v(cases, outcomes):
    return any(one.kind == "raised" and "read-only" in one.text for one in outcomes)


def measured(f, v, eps=1e-5):
    gradient = np.zeros_like(v)
    for where in np.ndindex(v.shape):
        step = np.zeros_like(v)
        step[where] = eps
        gradient[where] = (f(v + step) - f(v - step)) / (2 * eps)
    return gradient


SLOPE_MISTAKES = (
    Mistake(
        "never asks f",
        "Your function never calls f. The slope of a function cannot be measured without it.",
        "Call f at two places that differ in one number.",
        seen=never_asks,
    ),
    Mistake(
        "moves the caller's own numbers",
        "You write into v itself. Even if you put each number back, v belongs to the caller, and "
        "an error in between would leave it changed.",
        "`up = v.copy()`, then write into `up`.",
        seen=_into_v,
    ),
    Mistake(
        "does not put the number back",
        "After a number has been moved it stays moved, so later slopes are measured somewhere "
        "else.",
        "Make a fresh `v.copy()` for each entry, inside the loop.",
        seen=_not_put_back,
    ),
    Mistake(
        "moves all numbers at once",
        "All numbers of v move together, so you measure one slope, in one direction. The gradient "
        "has one slope for each number.",
        "`for where in np.ndindex(v.shape)` visits each entry; move that one alone.",
        seen=_all_at_once,
    ),
    Mistake(
        "one-sided difference",
        "You compare f(v + ε) with f(v). This difference is off by ε times half the curvature: "
        "five digits at best where two sides give ten.",
        "`(f(up) - f(down)) / (2 * eps)`, one step up and one step down.",
        seen=_one_way_only,
    ),
    Mistake(
        "the step is too small",
        "Your step is too small: the two values of f agree in nearly all their digits, and the "
        "rounding of the last ones is divided by ε. This is the left flank of the V.",
        "1e-5 is a good step for a central difference in float64.",
        seen=_too_small,
    ),
    Mistake(
        "the step is too large",
        "Your step is too large: within it the curve bends. This is the right flank of the V.",
        "1e-5 is a good step for a central difference in float64.",
        seen=_too_large,
    ),
    Mistake(
        "divides by one step, not two",
        "Your slopes are twice too large: from v - ε to v + ε is a way of 2 ε.",
        "Divide by `2 * eps`.",
        answers=(lambda f, v: 2 * measured(f, v),),
    ),
    Mistake(
        "the change, not the slope",
        "You return how much f changes. The slope is that change divided by the way, 2 ε.",
        "Divide by `2 * eps`.",
        answers=tuple(lambda f, v, eps=eps: 2 * eps * measured(f, v) for eps in (1e-4, 1e-5, 1e-6)),
    ),
    Mistake(
        "down minus up",
        "Your slopes have the wrong sign.",
        "f(up) - f(down), in this order.",
        answers=(lambda f, v: -measured(f, v),),
    ),
    Mistake(
        "the gradient lost its shape",
        "The slopes are right, in one long row. A gradient has the shape of the thing itself.",
        "`gradient = np.zeros_like(v)`, filled at `gradient[where]`.",
        answers=(lambda f, v: measured(f, v).ravel(),),
    ),
)
