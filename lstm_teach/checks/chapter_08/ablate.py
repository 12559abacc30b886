"""8.6 Take the input gate away, measure, and conclude."""

import numpy as np

from ..chapter_02.step import draw
from ..choice import a_choice
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def moved_without_gate(c_0, i, f, g):
    """How far c_T moves if the input gate is taken away: c_T with i = 1, minus c_T.

    Shapes: c_0 (H,), the cell state at the start; i, f, g (T, H), what gates and candidate were
    at each step. They are kept as they are. Returns an array (H,).
    """
    gated, ungated = c_0, c_0
    for i_t, f_t, g_t in zip(i, f, g, strict=True):
        gated = f_t * gated + i_t * g_t
        ungated = f_t * ungated + g_t
    return ungated - gated


def ablation_verdict():
    """In which of the three cells does it matter that the input gate is taken away, and why?

    Returns a letter and a sentence.
    """
    return "C", (
        "Only in the first cell did the gate keep something out: in the second the candidate is "
        "silent by itself, and in the third the gate was open anyway."
    )


def three_cells(rng, T=200, H=4):
    """i, f, g of three cells over T steps; each keeps what it has, f = 0.99."""
    f, loud = np.full((T, H), 0.99), rng.choice([-0.9, 0.9], (T, H))
    return {
        "gate shut, candidate loud": (np.full((T, H), 0.01), f, loud),
        "gate shut, candidate silent": (np.full((T, H), 0.01), f, loud / 1000),
        "gate open, candidate loud": (np.full((T, H), 0.99), f, loud),
    }


def _cases(rng):
    def amounts(T, H):
        return rng.uniform(0.1, 0.9, (T, H)).round(1)

    sizes = [(1, 1), (2, 2), (3, 2), (4, 3)]
    return [
        Case((draw(rng, H), amounts(T, H), amounts(T, H), draw(rng, T, H) / 2)) for T, H in sizes
    ]


def _run(c_0, i, f, g, step):
    c = c_0
    for i_t, f_t, g_t in zip(i, f, g, strict=True):
        c = step(c, i_t, f_t, g_t)
    return c


def _right(c, i, f, g):
    return f * c + i * g


def _variant(one, other=lambda c, i, f, g: f * c + g, start=1):
    """c_T of `other`, minus c_T of `one`."""

    def answer(c_0, i, f, g):
        return _run(start * c_0, i, f, g, other) - _run(c_0, i, f, g, one)

    return answer


MEASURE_MISTAKES = (
    Mistake(
        "shut in place of open",
        "You take the gate away by setting i to 0, and then nothing is ever written. A gate that "
        "is gone is open: i = 1.",
        "Without a gate the line is `f * c + g`.",
        answers=(_variant(_right, lambda c, i, f, g: f * c),),
    ),
    Mistake(
        "the other way round",
        "You subtract in the other order.",
        "c_T with i = 1 first, minus c_T as it was.",
        answers=(lambda c_0, i, f, g: -moved_without_gate(c_0, i, f, g),),
    ),
    Mistake(
        "the size only",
        "You return the size of the difference. Its sign is asked for too.",
        "No `abs`.",
        answers=(lambda c_0, i, f, g: np.abs(moved_without_gate(c_0, i, f, g)),),
    ),
    Mistake(
        "without the forget gate",
        "You leave the forget gate out: everything that was written is kept whole.",
        "Both runs are `f * c + ...`.",
        answers=(
            lambda c_0, i, f, g: ((1 - i) * g).sum(axis=0),
            _variant(lambda c, i, f, g: c + i * g, lambda c, i, f, g: c + g),
        ),
    ),
    Mistake(
        "the forget gate goes too",
        "You take away both gates. One thing at a time: f stays as it was.",
        "Without the input gate the line is `f * c + g`.",
        answers=(
            _variant(_right, lambda c, i, f, g: c + g),
            _variant(_right, lambda c, i, f, g: g),
        ),
    ),
    Mistake(
        "the last step only",
        "You take the gate away at the last step only. It is to be gone at all T steps.",
        "Two runs from c_0 on, one with the gate and one without.",
        answers=(lambda c_0, i, f, g: ((1 - i) * g)[-1],),
    ),
    Mistake(
        "forgets the new as well",
        "f multiplies what is written at the same step. It stands before the old c alone.",
        "`f_t * c + g_t`, not `f_t * (c + g_t)`.",
        answers=(
            _variant(lambda c, i, f, g: f * (c + i * g), lambda c, i, f, g: f * (c + g)),
            _variant(_right, lambda c, i, f, g: f * (c + g)),
        ),
    ),
    Mistake(
        "without the start in one run",
        "One of your two runs begins at 0, the other at c_0. Then the start is counted as damage.",
        "Begin both at c_0.",
        answers=(_variant(_right, start=0), lambda c_0, i, f, g: _from_zero(c_0, i, f, g)),
    ),
)


def _from_zero(c_0, i, f, g):
    return _run(c_0, i, f, g, lambda c, i, f, g: f * c + g) - _run(0 * c_0, i, f, g, _right)


VERDICT_MISTAKES = (
    Mistake(
        "A: every part matters",
        "A says that it matters in all three. Measure the second and the third cell: hardly "
        "anything moves.",
        "A gate can only matter where it differs from 1 and has something to hold back.",
        misconception=24,
    ),
    Mistake(
        "B: the rest makes up for it",
        "B says that it matters nowhere. Nothing here can make up for it: f and g are kept as they "
        "are.",
        "Look at the first cell.",
    ),
    Mistake(
        "D: a shut gate always matters",
        "D looks at the gate alone. In the second cell it is shut too, and there is next to "
        "nothing behind it.",
        "What is kept out is (1 - i) times g.",
    ),
    Mistake(
        "E: a loud candidate always matters",
        "E looks at the candidate alone. In the third cell the gate let it in all along.",
        "What is kept out is (1 - i) times g.",
    ),
)


def _shown(rng):
    lines = []
    for name, (i, f, g) in three_cells(rng).items():
        moved = np.abs(moved_without_gate(np.ones(4), i, f, g)).mean()
        lines.append(f"{name:<28} c moves by {moved:.3f}")
    return (("Measured just now, mean of four units", "\n".join(lines)),)


ABLATE = Exercise(
    id="8.6",
    title="Take it away and measure",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=moved_without_gate,
            cases=_cases,
            returns=AnArray("moved", "(H,)"),
            mistakes=MEASURE_MISTAKES,
            hint="With T = 1 the answer is (1 - i) g, by hand. Then T = 2.",
        ),
        a_choice(ablation_verdict, "ABCDE", VERDICT_MISTAKES, _shown),
    ),
    hints=(
        "Two runs of the same line from the same start, one with i as it was, one with i = 1.",
        "`f_t * c + i_t * g_t` against `f_t * c + g_t`. For the verdict run the cell that measures "
        "the three.",
        "A loop over `zip(i, f, g)` with two variables that both begin as c_0; return the second "
        "minus the first. What moves c is (1 - i) g.",
    ),
    after="A part matters where it does something. To know where that is, take it away and look.",
    why="Each step without the gate writes (1 - i) g more, and the forget gate carries it on like "
    "everything else. So the gate matters where it is shut and the candidate is not silent. A "
    "network may learn either: to shut the gate, or to keep the candidate quiet. That is why "
    "taking a part away can cost much in one network and nothing in another.",
)
