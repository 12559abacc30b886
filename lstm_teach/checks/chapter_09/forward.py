"""9.3 The loop over time, with two things to carry."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays
from .step import MISTAKES as STEP_MISTAKES
from .step import lstm_step, one_gate_at_a_time, step_arguments


def lstm_forward(x, h, c, W, U, b):
    """Run the LSTM over a batch of sequences and return every h and every c.

    Shapes: x (T, B, D); h, c (B, H), the state before the first step; W (4, D, H),
    U (4, H, H), b (4, H). Returns h_1 ... h_T and c_1 ... c_T, each (T, B, H).
    """
    outputs, cells = [], []
    for x_t in x:
        h, c = lstm_step(x_t, h, c, W, U, b)
        outputs.append(h)
        cells.append(c)
    return np.stack(outputs), np.stack(cells)


def _arguments(rng, T, B, D, H):
    _, *rest = step_arguments(rng, B, D, H)
    return draw(rng, T, B, D), *rest


def _cases(rng):
    alone = one_gate_at_a_time(_arguments(rng, 3, 1, 2, 2))
    terms = [(args, term, f"at the first step {gives}") for args, term, gives in alone]
    sizes = [(2, 1, 1, 2), (4, 2, 3, 2), (3, 3, 2, 4), (3, 3, 3, 3), (1, 4, 2, 3)]
    return [*(Case(*case) for case in terms), *(Case(_arguments(rng, *size)) for size in sizes)]


def _looped(step, carry=lambda new, first: new):
    """The loop with another step, or with another way to hand (h, c) on."""

    def answer(x, h, c, W, U, b):
        first, state, rows = (h, c), (h, c), []
        for x_t in x:
            new = step(x_t, *state, W, U, b)
            rows.append(new)
            state = carry(new, first)
        return tuple(np.stack(v) for v in zip(*rows, strict=True))

    return answer


RUN = _looped(lstm_step)


def _changed(after=lambda h, c: (h, c), before=lambda x, h, c: (x, h, c)):
    """The right loop, with what goes in or what comes out changed."""

    def answer(x, h, c, W, U, b):
        return after(*RUN(*before(x, h, c), W, U, b))

    return answer


def _late(x, h, c, W, U, b):
    hs, cs = RUN(x, h, c, W, U, b)
    return np.concatenate([h[None], hs[:-1]]), np.concatenate([c[None], cs[:-1]])


def _early_too(x, h, c, W, U, b):
    hs, cs = RUN(x, h, c, W, U, b)
    return np.concatenate([h[None], hs]), np.concatenate([c[None], cs])


def _turned(x):
    return x.transpose(1, 0, 2)


LOOP_MISTAKES = (
    Mistake(
        "c is not carried",
        "Every step starts from the c that was handed in; only h is passed on. An LSTM without its "
        "carousel: what step 1 wrote is gone at step 2.",
        "Two things are carried: `h, c = lstm_step(x_t, h, c, W, U, b)`.",
        answers=(_looped(lstm_step, lambda new, first: (new[0], first[1])),),
    ),
    Mistake(
        "h is not carried",
        "c is passed on from step to step, h is not: the gates hear the same old h at every step.",
        "Two things are carried: `h, c = lstm_step(x_t, h, c, W, U, b)`.",
        answers=(_looped(lstm_step, lambda new, first: (first[0], new[1])),),
    ),
    Mistake(
        "starts again at every step",
        "Every step starts from the h and c that were handed in. That is T separate modules, not a "
        "chain.",
        "Give the results the names `h` and `c` inside the loop.",
        answers=(_looped(lstm_step, lambda new, first: first),),
    ),
    Mistake(
        "h and c change places on the way",
        "Your step's two results are unpacked in the wrong order: what comes out as h goes on as "
        "c. Both are (B, H), so nothing complains.",
        "`h, c = lstm_step(...)`, in this order.",
        answers=(_looped(lstm_step, lambda new, first: new[::-1]),),
    ),
    Mistake(
        "ignores the state it is given",
        "Your loop starts from zeros. It should start from the h and c that it is given.",
        "No `np.zeros` is needed here.",
        answers=(
            _changed(before=lambda x, h, c: (x, 0 * h, 0 * c)),
            _changed(before=lambda x, h, c: (x, h, 0 * c)),
        ),
    ),
    Mistake(
        "returns only the last step",
        "You return the last h and c. Asked for are those of all T steps.",
        "Append both to lists inside the loop; `np.stack` both after it.",
        answers=(_changed(lambda h, c: (h[-1], c[-1])), _changed(lambda h, c: (h, c[-1]))),
    ),
    Mistake(
        "one step late",
        "Your rows are those of the step before: the state you started from stands in row 0.",
        "Append after the step, not before it.",
        answers=(_late,),
    ),
    Mistake(
        "returns the start as well",
        "You return T + 1 rows: the state before the first step is among them.",
        "Begin with empty lists.",
        answers=(_early_too,),
    ),
    Mistake(
        "returns h twice",
        "Both of your results are h. The second should be c, the cell state.",
        "Two lists: one for h, one for c.",
        answers=(_changed(lambda h, c: (h, h)),),
    ),
    Mistake(
        "loops over the batch",
        "Your loop runs over the batch, as if it were time. Where T = B the shapes fit.",
        "The first axis of x is time: `for x_t in x`.",
        answers=(
            _changed(before=lambda x, h, c: (_turned(x), h, c)),
            _changed(lambda h, c: (_turned(h), _turned(c)), lambda x, h, c: (_turned(x), h, c)),
        ),
        misconception=36,
    ),
)

IN_THE_STEP = tuple(
    Mistake(
        f"in the step: {mistake.name}",
        f"The loop is right. In its step: {mistake.says}",
        mistake.hint,
        answers=tuple(_looped(answer) for answer in mistake.answers),
        misconception=mistake.misconception,
    )
    for mistake in STEP_MISTAKES
    if mistake.name
    in (
        "tanh of the old c",
        "no tanh on the way out",
        "the new c is squashed",
        "i and f exchanged",
        "the order i f o g",
        "no forget gate",
        "one bias for all layers",
    )
)

FORWARD = Exercise(
    id="9.3",
    title="The loop, with two things to carry",
    minutes=8,
    points=2,
    parts=(
        FunctionPart(
            reference=lstm_forward,
            cases=_cases,
            returns=SeveralArrays((AnArray("h", "(T, B, H)"), AnArray("c", "(T, B, H)"))),
            mistakes=LOOP_MISTAKES + IN_THE_STEP,
            hint="Follow two steps by hand: what goes into the second one?",
        ),
    ),
    hints=(
        "The loop of exercise 2.2, with two things handed from step to step in place of one.",
        "Two empty lists. For each `x_t`: one step, whose results become the new `h` and `c`; "
        "append both. At the end `np.stack` both lists.",
        "`h, c = lstm_step(x_t, h, c, W, U, b)` inside `for x_t in x`, and `return "
        "np.stack(outputs), np.stack(cells)`.",
    ),
    after="The chain is the one of chapter 2. Only the module is another, and the state is a pair.",
    why="Both h and c go into the next step: c along the carousel, h into the four layers. Forget "
    "to hand on either, and the shapes still fit and the code still runs.",
)
