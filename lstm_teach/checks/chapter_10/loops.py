"""The known ways to get exercise 10.2 wrong: the right loop with one of its rules changed."""

import numpy as np

from ..exercise import Mistake
from .step_backward import lstm_step_backward


def walk(
    order=lambda T: range(T - 1, -1, -1),
    own=lambda dh, later: dh + later,
    given=lambda dh, later: later,
    carried=lambda dh, dc: (dh, dc),
    old=lambda c, t: c[t],
    new=lambda c, t: c[t + 1],
    came_in=lambda h, t: h[t],
    share=lambda so_far, now: so_far + now,
    size=lambda T, B: 1,
    rows=lambda dx: dx,
    start=lambda dh_0, dc_0: (dh_0, dc_0),
    late=False,
):
    """The loop of exercise 10.2, with each of its rules as an argument.

    `late`: dc goes back only after dh has been overwritten.
    """

    def answer(dh, x, h, c, gates, W, U):
        dx, sums = np.zeros_like(x), [np.zeros_like(W), np.zeros_like(U), np.zeros(U.shape[:2])]
        dh_later, dc_later = np.zeros_like(h[0]), np.zeros_like(c[0])
        for t in order(len(x)):
            inputs = x[t], came_in(h, t), old(c, t), gates[:, t], new(c, t), W, U
            dc = given(dh[t], dc_later)
            back = lstm_step_backward(own(dh[t], dh_later), dc, *inputs)
            if late:
                back = (back[0], lstm_step_backward(back[3], dc, *inputs)[1], *back[2:])
            dx[t], (dh_later, dc_later) = back[2], carried(back[3], back[1])
            sums = [share(so_far, now) for so_far, now in zip(sums, back[4:], strict=True)]
        count = size(*x.shape[:2])
        return rows(dx), *start(dh_later, dc_later), *(total / count for total in sums)

    return answer


MISTAKES = (
    Mistake(
        "nothing is passed back in time",
        "What a step sends back never arrives: each step knows its own loss only. The expected "
        "numbers of a well-known course were once those of this mistake.",
        "Two things go from turn to turn of the loop: dh_before and dc_before.",
        answers=(
            walk(own=lambda dh, later: dh, given=lambda dh, later: 0 * later),
            walk(carried=lambda dh, dc: (0 * dh, 0 * dc)),
        ),
        misconception=11,
    ),
    Mistake(
        "the carousel is not passed back",
        "dh is carried from step to step, dc is not. The line along the top of the module, the one "
        "that the LSTM was built for, carries no gradient in your loop.",
        "Hand the dc_before of one turn to the next turn as its dc.",
        answers=(
            walk(given=lambda dh, later: 0 * later),
            walk(carried=lambda dh, dc: (dh, 0 * dc)),
        ),
        misconception=151,
    ),
    Mistake(
        "the truncated gradient of 1997",
        "dc is carried from step to step, dh is not. That is a gradient with a history: the paper "
        "of 1997 cut exactly these paths, through the four layers. Here the full one is wanted.",
        "`dh[t] + dh_later` goes into the step.",
        answers=(
            walk(own=lambda dh, later: dh),
            walk(carried=lambda dh, dc: (0 * dh, dc)),
        ),
        misconception=4,
    ),
    Mistake(
        "only what comes back counts",
        "After the last step your loop forgets dh[t]: only what came back counts. h_t is read by "
        "the loss of its own step too.",
        "`dh[t] + dh_later`, at every step.",
        answers=(lambda dh, *rest: walk()(_last_only(dh), *rest),),
        misconception=11,
    ),
    Mistake(
        "dh is overwritten before dc is computed",
        "Your dc_before is computed with the dh that belongs to the step before. A tutorial of a "
        "well-known library had its two lines in this order for years.",
        "Compute everything that needs the old dh, then overwrite it.",
        answers=(walk(late=True),),
    ),
    Mistake(
        "the loss is added to dc",
        "You add dh[t] to dc as well. The loss looks at h, not at c: what it says of c arrives "
        "through h = o * tanh(c), inside the step.",
        "The dc of the step is what the step after sent, and nothing else.",
        answers=(
            walk(given=lambda dh, later: dh + later),
            walk(own=lambda dh, later: later, given=lambda dh, later: dh + later),
        ),
    ),
    Mistake(
        "overwrites the weights' gradients",
        "dW, dU and db are overwritten at every step. The weights are used at every step: their "
        "shares add.",
        "Start from zeros before the loop; inside it `dW = dW + ...`.",
        answers=(walk(share=lambda so_far, now: now),),
        misconception=11,
    ),
    Mistake(
        "walks from the first step to the last",
        "Your loop begins at the first step. A step needs what the later steps send back, so the "
        "last one comes first.",
        "`for t in reversed(range(len(x)))`.",
        answers=(walk(order=range),),
    ),
    Mistake(
        "leaves out the first step",
        "The step t = 0 is missing.",
        "`reversed(range(T))` ends with 0; `range(T - 1, 0, -1)` ends with 1.",
        answers=(walk(order=lambda T: range(T - 1, 0, -1)),),
    ),
    Mistake(
        "the c of one step too early",
        "Your c_after is c[t]. c has T + 1 rows, row 0 before the first step: what step t made is "
        "c[t + 1].",
        "c[t] comes in, c[t + 1] goes out.",
        answers=(walk(new=lambda c, t: c[t]),),
        misconception=19,
    ),
    Mistake(
        "the c of one step too late",
        "Your c_before is c[t + 1], which is what step t made. What came in is c[t].",
        "c[t] comes in, c[t + 1] goes out.",
        answers=(walk(old=lambda c, t: c[t + 1]),),
    ),
    Mistake(
        "the h of one step too late in dU",
        "Your dU uses h[t + 1]. What came in through U at step t is h[t].",
        "h[t] comes in, h[t + 1] goes out.",
        answers=(walk(came_in=lambda h, t: h[t + 1]),),
    ),
    Mistake(
        "dh_0 and dc_0 exchanged",
        "Your dh_0 and dc_0 are exchanged.",
        "The step returns dc_before before dh_before; you return dh_0 before dc_0.",
        answers=(walk(start=lambda dh_0, dc_0: (dc_0, dh_0)),),
    ),
    Mistake(
        "the mean over the steps",
        "dW, dU and db are means over the steps. The shares add.",
        "No division by T.",
        answers=(walk(size=lambda T, B: T),),
    ),
    Mistake(
        "dx in the order of the loop",
        "The rows of your dx are in the order in which the loop made them, last step first.",
        "Write into `dx[t]`, or turn the list round before you stack it.",
        answers=(walk(rows=lambda dx: dx[::-1]),),
    ),
)


def _last_only(dh):
    only = np.zeros_like(dh)
    only[-1] = dh[-1]
    return only
