"""The known ways to get exercise 3.3 wrong: the right loop with one of its rules changed."""

import numpy as np

from ...activations import logistic_slope, tanh_slope
from ..exercise import Mistake


def walk(
    dz=lambda own, later, slope: (own + later) * slope,
    slope=lambda before, after: tanh_slope(after),
    through=lambda dz, U: dz @ U.T,
    came_in=lambda before, after: before,
    share=lambda so_far, now: so_far + now,
    bias=lambda dz: dz.sum(axis=0),
    order=lambda T: range(T - 1, -1, -1),
    dh_0=lambda from_later, dz: from_later,
    size=lambda T, B: 1,
    dx_rows=lambda dx: dx,
):
    """The loop of exercise 3.3, with each of its rules as an argument."""

    def answer(dh, x, h, W, U):
        T, B = x.shape[:2]
        dx, from_later = np.zeros_like(x), np.zeros_like(h[0])
        dW, dU, db, now = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U)), np.zeros_like(h[0])
        for t in order(T):
            now = dz(dh[t], from_later, slope(h[t], h[t + 1]))
            dx[t], from_later = now @ W.T, through(now, U)
            dW, dU = share(dW, x[t].T @ now), share(dU, came_in(h[t], h[t + 1]).T @ now)
            db = share(db, bias(now))
        count = size(T, B)
        return dx_rows(dx), dh_0(from_later, now), dW / count, dU / count, db / count

    return answer


def _added(so_far, now):
    """The sum, also where `so_far` is the zeros of another shape."""
    return so_far + now if np.any(so_far) else now


def _last_error_only(dh, x, h, W, U):
    only = np.zeros_like(dh)
    only[-1] = dh[-1]
    return walk()(only, x, h, W, U)


MISTAKES = (
    Mistake(
        "never passed back in time",
        "What a step sends back to the one before it never arrives: each step knows its own loss "
        "only. The expected numbers of a well-known course were once those of this mistake.",
        "Carry dh_before to the next turn of the loop, and add it to dh[t] there.",
        answers=(
            walk(dz=lambda own, later, slope: own * slope),
            walk(
                dz=lambda own, later, slope: own * slope,
                dh_0=lambda from_later, dz: np.zeros_like(from_later),
            ),
        ),
        misconception=11,
    ),
    Mistake(
        "only what comes back counts",
        "After the last step, your loop forgets dh[t]: only what came back from later counts. Each "
        "h_t has two readers, the loss of its own step and the step after it; they add.",
        "`total = dh[t] + from_later`, at every step.",
        answers=(_last_error_only,),
        misconception=11,
    ),
    Mistake(
        "overwrites the weights' gradients",
        "dW, dU and db are overwritten at every step, so what you return is the share of the step "
        "that came last in the loop. The weights are used at every step: their shares add.",
        "Start from zeros before the loop; inside it `dW = dW + ...`.",
        answers=(walk(share=lambda so_far, now: now),),
        misconception=11,
    ),
    Mistake(
        "the slope on the second summand only",
        "The slope of tanh multiplies one of the two summands, not both: brackets are missing. "
        "A course printed an LSTM so in 2018 (jinzishuai/learn2deeplearn, issue 44).",
        "Add first, `total = dh[t] + from_later`, on a line of its own. Then take the step back.",
        answers=(
            walk(dz=lambda own, later, slope: own + later * slope),
            walk(dz=lambda own, later, slope: own * slope + later),
        ),
    ),
    Mistake(
        "forgot the slope of tanh",
        "The slope of tanh is missing: your dz is dh itself.",
        "dz = total times `1 - h[t + 1] * h[t + 1]`.",
        answers=(walk(slope=lambda before, after: np.ones_like(after)),),
    ),
    Mistake(
        "squashes what is squashed already",
        "Your slope is 1 - tanh(h)². But h is a tanh already: its slope is 1 - h².",
        "No `np.tanh` in the way back.",
        answers=(walk(slope=lambda before, after: tanh_slope(np.tanh(after))),),
    ),
    Mistake(
        "the slope of the logistic function",
        "Your slope is y (1 - y), which belongs to the logistic function. That of tanh is 1 - y².",
        "`1 - h[t + 1] * h[t + 1]`.",
        answers=(walk(slope=lambda before, after: logistic_slope(after)),),
    ),
    Mistake(
        "divides by the slope",
        "You divide by the slope of tanh. A small change of z becomes a change of h that is slope "
        "times as large; so a gradient for h becomes one for z by multiplying.",
        "`total * (1 - h[t + 1] * h[t + 1])`.",
        answers=(walk(slope=lambda before, after: 1 / tanh_slope(after)),),
    ),
    Mistake(
        "the h of one step too early",
        "Your slope is taken at h[t]. h has T + 1 rows, row 0 before the first step: what step t "
        "put out is row t + 1.",
        "x[t] and dh[t] go with h[t] coming in and h[t + 1] going out.",
        answers=(walk(slope=lambda before, after: tanh_slope(before)),),
    ),
    Mistake(
        "the h of one step too late in dU",
        "Your dU uses h[t + 1]. What came in through U at step t is h[t]: h has T + 1 rows, row 0 "
        "before the first step.",
        "x[t] and dh[t] go with h[t] coming in and h[t + 1] going out.",
        answers=(walk(came_in=lambda before, after: after),),
    ),
    Mistake(
        "walks from the first step to the last",
        "Your loop begins at the first step. The gradient of a step needs what the later steps "
        "send back, so the last step comes first.",
        "`for t in reversed(range(len(x)))`.",
        answers=(walk(order=range),),
    ),
    Mistake(
        "leaves out the first step",
        "The step t = 0 is missing: its shares, its dx and its way to dh_0.",
        "`reversed(range(T))` ends with 0; `range(T - 1, 0, -1)` ends with 1.",
        answers=(walk(order=lambda T: range(T - 1, 0, -1)),),
    ),
    Mistake(
        "U not transposed",
        "You send dz back through U where the way back is its transpose.",
        "Forward `h @ U`, back `dz @ U.T`.",
        answers=(walk(through=lambda dz, U: dz @ U),),
    ),
    Mistake(
        "does not go through U",
        "What you carry back is dz. The signal went through U on its way forward, so its gradient "
        "goes through U on its way back.",
        "`dz @ U.T` is what the step before hears.",
        answers=(walk(through=lambda dz, U: dz),),
    ),
    Mistake(
        "dh_0 stops before U",
        "Your dh_0 is dz of the first step. From there one line leads on to h_0, through U.",
        "What is carried after the last turn of the loop is dh_0.",
        answers=(walk(dh_0=lambda from_later, dz: dz),),
    ),
    Mistake(
        "bias summed over the wrong axis",
        "Your db sums over the units and leaves one number for each sequence. b has one number for "
        "each unit; every sequence and every step used it.",
        "At each step `dz.sum(axis=0)`, added up over the steps.",
        answers=(
            walk(bias=lambda dz: dz.sum(axis=1), share=lambda so_far, now: _added(so_far, now)),
        ),
    ),
    Mistake(
        "the mean over the steps",
        "dW, dU and db are means over the steps. A weight that is used T times moves the loss T "
        "times: the shares add.",
        "No division by T.",
        answers=(walk(size=lambda T, B: T),),
    ),
    Mistake(
        "the mean over the batch",
        "dW, dU and db are divided by the number of sequences. If the loss is a mean, dh has that "
        "factor in it already.",
        "No division by B.",
        answers=(walk(size=lambda T, B: B),),
    ),
    Mistake(
        "dx in the order of the loop",
        "The rows of your dx are in the order in which the loop made them, last step first.",
        "Write into `dx[t]`, or turn the list round before you stack it.",
        answers=(walk(dx_rows=lambda dx: dx[::-1]),),
    ),
)
