"""2.2 The loop over time."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from .step import MISTAKES as STEP_MISTAKES
from .step import draw, one_term_at_a_time, rnn_step, step_arguments


def rnn_forward(x, h, W, U, b):
    """Run the chain over a batch of sequences and return every h.

    Shapes: x (T, B, D), h (B, H), the state before the first step; W (D, H), U (H, H), b (H,).
    Returns h_1 ... h_T, shape (T, B, H).
    """
    outputs = []
    for x_t in x:
        h = rnn_step(x_t, h, W, U, b)
        outputs.append(h)
    return np.stack(outputs)


def _arguments(rng, T, B, D, H):
    _, *rest = step_arguments(rng, B, D, H)
    return draw(rng, T, B, D), *rest


def _cases(rng):
    terms = (("b", "tanh(b) at every step"), ("x W", "tanh(x_t W)"), ("h U", "tanh(h_{t-1} U)"))
    alone = one_term_at_a_time(_arguments(rng, 3, 1, 2, 2))
    sizes = [(2, 1, 1, 2), (4, 2, 3, 2), (3, 3, 2, 4), (3, 3, 3, 3), (1, 4, 2, 3)]
    return [
        *(Case(args, *term) for args, term in zip(alone, terms, strict=True)),
        *(Case(_arguments(rng, *size)) for size in sizes),
    ]


def _starts_again(x, h, W, U, b):
    return np.stack([rnn_step(x_t, h, W, U, b) for x_t in x])


def _zero_at_every_step(x, h, W, U, b):
    return np.stack([rnn_step(x_t, 0 * h, W, U, b) for x_t in x])


def _from_zero(x, h, W, U, b):
    return rnn_forward(x, 0 * h, W, U, b)


def _only_the_last(x, h, W, U, b):
    return rnn_forward(x, h, W, U, b)[-1]


def _h_0_and_all(x, h, W, U, b):
    return np.concatenate([h[None], rnn_forward(x, h, W, U, b)])


def _one_step_late(x, h, W, U, b):
    return _h_0_and_all(x, h, W, U, b)[:-1]


def _last_step_missing(x, h, W, U, b):
    return rnn_forward(x, h, W, U, b)[:-1]


def _over_the_batch(x, h, W, U, b):
    return rnn_forward(x.transpose(1, 0, 2), h, W, U, b)


def _over_the_batch_stacked_back(x, h, W, U, b):
    return _over_the_batch(x, h, W, U, b).transpose(1, 0, 2)


def _batch_first(x, h, W, U, b):
    return rnn_forward(x, h, W, U, b).transpose(1, 0, 2)


def _backwards(x, h, W, U, b):
    return rnn_forward(x[::-1], h, W, U, b)


def _backwards_turned_round(x, h, W, U, b):
    return _backwards(x, h, W, U, b)[::-1]


def _last_in_every_row(x, h, W, U, b):
    outputs = rnn_forward(x, h, W, U, b)
    return np.stack([outputs[-1]] * len(x))


def _side_by_side(x, h, W, U, b):
    return np.concatenate(list(rnn_forward(x, h, W, U, b)))


def _looped(step):
    def answer(x, h, W, U, b):
        outputs = []
        for x_t in x:
            h = step(x_t, h, W, U, b)
            outputs.append(h)
        return np.stack(outputs)

    return answer


LOOP_MISTAKES = (
    Mistake(
        "starts again at every step",
        "Every step starts from the h that was handed in: what a step computes is not passed on "
        "to the next. That is T separate modules, not a chain.",
        "Give the new h the old name: `h = rnn_step(...)`.",
        answers=(_starts_again,),
    ),
    Mistake(
        "sets h to zero at every step",
        "h is set to zero inside the loop, so every step forgets all that came before it.",
        "The state is set once, before the loop, and never again.",
        answers=(_zero_at_every_step,),
    ),
    Mistake(
        "ignores the h it is given",
        "The chain starts from zeros in place of the h that was handed in. Two halves of a "
        "sequence could then not be joined.",
        "Do not make a new h before the loop: the argument `h` is the state before the first step.",
        answers=(_from_zero,),
    ),
    Mistake(
        "returns only the last h",
        "Only the last h came back, shape (B, H). Every h was asked for: one for each step.",
        "Collect h inside the loop (`outputs.append(h)`), stack after it.",
        answers=(_only_the_last,),
    ),
    Mistake(
        "one step late",
        "The rows are one step late: row 0 is the h that was handed in, and the last h is missing.",
        "Compute the new h first, append it after that.",
        answers=(_one_step_late,),
    ),
    Mistake(
        "returns h_0 as well",
        "There are T + 1 rows: the h that was handed in is among them. Asked for is what is "
        "computed AT the steps, which has T rows.",
        "Begin with an empty list.",
        answers=(_h_0_and_all,),
    ),
    Mistake(
        "leaves out the last step",
        "There are T - 1 rows: the last step is missing.",
        "`for x_t in x` visits every step; `range(T - 1)` does not.",
        answers=(_last_step_missing,),
    ),
    Mistake(
        "loops over the batch",
        "The loop runs over the batch axis as if it were time, so the sequences of a batch flow "
        "into one another. Where T = B the shapes say nothing.",
        "x is (T, B, D): `for x_t in x` takes time, the first axis.",
        answers=(_over_the_batch, _over_the_batch_stacked_back),
        misconception=36,
    ),
    Mistake(
        "returns the batch first",
        "The values are right, the axes are not: this is (B, T, H), with the batch first.",
        "`np.stack(outputs)` puts the list on axis 0, which is time. No transpose is needed.",
        answers=(_batch_first,),
        misconception=36,
    ),
    Mistake(
        "runs from the last step to the first",
        "The chain runs backwards: the last input comes first.",
        "No `reversed`, no `[::-1]`: t goes from 0 to T - 1.",
        answers=(_backwards, _backwards_turned_round),
    ),
    Mistake(
        "the last h in every row",
        "Every row holds the last h. The list was filled with one and the same array, which was "
        "overwritten at each step.",
        "Make a new array at each step (`h = np.tanh(...)`), or append `h.copy()`.",
        answers=(_last_in_every_row,),
    ),
    Mistake(
        "joins the steps into one axis",
        "Time and batch share one axis, shape (T·B, H): the steps were concatenated.",
        "`np.stack` makes a new axis for time; `np.concatenate` does not.",
        answers=(_side_by_side,),
    ),
)

INSIDE_THE_LOOP = tuple(
    Mistake(
        f"in the step: {mistake.name}",
        f"The loop is right. The step inside it is not. {mistake.says}",
        mistake.hint,
        answers=tuple(_looped(step) for step in mistake.answers),
        misconception=mistake.misconception,
    )
    for mistake in STEP_MISTAKES
    if mistake.name != "does not use h"  # is the same as setting h to zero at every step
)

FORWARD = Exercise(
    id="2.2",
    title="The loop over time",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=rnn_forward,
            cases=_cases,
            returns=AnArray("h", "(T, B, H)"),
            mistakes=LOOP_MISTAKES + INSIDE_THE_LOOP,
            hint="Do T = 2 by hand: h_1 from x_1 and the h given, then h_2 from x_2 and h_1.",
        ),
    ),
    hints=(
        "Two things happen at each step: the h of the step before is used, and the new h is kept "
        "for the answer. Which variable carries it, and where is it kept?",
        "`for x_t in x` walks along the first axis, time. Inside: `h = rnn_step(x_t, h, W, U, b)`, "
        "then append h to a list.",
        "outputs = []; in the loop `h = rnn_step(x_t, h, W, U, b)` and `outputs.append(h)`; after "
        "it `return np.stack(outputs)`.",
    ),
    after="The weights appear once, outside the loop: every step uses the same ones, for any T.",
    why="The name h is used again at each step, and that is the chain: the h that one step returns "
    "is the h that the next one gets. Stacking the list puts time on axis 0. Nothing here depends "
    "on T, so one set of weights serves sequences of every length.",
)
