"""10.3 A cell that nobody has derived for you."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def tanh_outside_back(dh, dc, c_before, gates, c_after, h_after):
    """The way back through the inside of a cell with c = f * c_before + i * g, h = tanh(o * c).

    Shapes: dh, dc (B, H), the gradients of the loss with respect to h_after and, from the step
    after this one, to c_after; c_before, c_after, h_after (B, H); gates (4, B, H), i f g o.
    Returns dz (4, B, H), in the order i f g o, and dc_before (B, H).
    """
    i, f, g, o = gates
    dm = dh * (1 - h_after * h_after)
    do = dm * c_after
    dc = dc + dm * o
    di, df, dg = dc * g, dc * c_before, dc * i
    dz = np.stack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g * g), do * o * (1 - o)])
    return dz, dc * f


RETURNS = SeveralArrays((AnArray("dz", "(4, B, H)"), AnArray("dc_before", "(B, H)")))


def _arguments(rng, B, H):
    i, f, o = rng.uniform(0.1, 0.9, (3, B, H)).round(2)
    g, c_before = draw(rng, B, H).clip(-0.9, 0.9), draw(rng, B, H)
    c_after = (f * c_before + i * g).round(2)
    h_after = np.tanh(o * c_after).round(3)
    return draw(rng, B, H), draw(rng, B, H), c_before, np.stack([i, f, g, o]), c_after, h_after


def _cases(rng):
    dh, dc, *rest = _arguments(rng, 1, 2)
    return [
        Case((dh, np.zeros_like(dc), *rest), "dh", "what goes back from the output of this step"),
        Case((np.zeros_like(dh), dc, *rest), "dc", "what goes back from the step after this one"),
        *(Case(_arguments(rng, *size)) for size in [(1, 1), (2, 3), (3, 2)]),
    ]


def back(
    of_m=lambda dh, h, c: dh * (1 - h * h),
    of_o=lambda dm, dh, h, c: dm * c,
    of_c=lambda dc, dm, dh, o, h, c: dc + dm * o,
    factors=lambda i, g, c_before: (g, c_before, i),
    slopes=lambda i, f, g, o: (i * (1 - i), f * (1 - f), 1 - g * g, o * (1 - o)),
):
    """The answer to 10.3, with each of its rules as an argument."""

    def answer(dh, dc, c_before, gates, c_after, h_after):
        i, f, g, o = gates
        dm = of_m(dh, h_after, c_after)
        dc = of_c(dc, dm, dh, o, h_after, c_after)
        d = [dc * factor for factor in factors(i, g, c_before)]
        d.append(of_o(dm, dh, h_after, c_after))
        return np.stack(d) * np.stack(slopes(*gates)), dc * f

    return answer


MISTAKES = (
    Mistake(
        "the way back of the book's LSTM",
        "These are the gradients of h = o * tanh(c). Here tanh stands outside: h = tanh(o * c).",
        "Give the product a name: m = o * c_after, h = tanh(m). First dm, then do and dc from it.",
        answers=(
            back(
                of_o=lambda dm, dh, h, c: dh * np.tanh(c),
                of_c=lambda dc, dm, dh, o, h, c: dc + dh * o * (1 - np.tanh(c) ** 2),
            ),
        ),
    ),
    Mistake(
        "forgot the outer tanh",
        "The outer tanh is missing on the way back: you go on from dh as if h were o * c.",
        "First `dm = dh * (1 - h_after * h_after)`.",
        answers=(back(of_m=lambda dh, h, c: dh),),
    ),
    Mistake(
        "the slope at c, not at o * c",
        "Your slope is 1 - tanh(c)². What went into this tanh is o * c, and what came out is "
        "h_after.",
        "`1 - h_after * h_after`.",
        answers=(back(of_m=lambda dh, h, c: dh * (1 - np.tanh(c) ** 2)),),
    ),
    Mistake(
        "squashes h again",
        "Your slope is 1 - tanh(h)². But h_after is a tanh already.",
        "`1 - h_after * h_after`.",
        answers=(back(of_m=lambda dh, h, c: dh * (1 - np.tanh(h) ** 2)),),
    ),
    Mistake(
        "the slope on one way only",
        "The slope of the outer tanh is there on one of the ways from m, to o or to c, and missing "
        "on the other. Both begin behind the same tanh.",
        "Compute dm once, and use it for do and for dc.",
        answers=(
            back(of_o=lambda dm, dh, h, c: dh * c),
            back(of_c=lambda dc, dm, dh, o, h, c: dc + dh * o),
        ),
    ),
    Mistake(
        "the output gate sees tanh(c)",
        "Your do is dm * tanh(c). In this cell o is multiplied with c itself.",
        "`do = dm * c_after`.",
        answers=(back(of_o=lambda dm, dh, h, c: dm * np.tanh(c)),),
    ),
    Mistake(
        "one reader of c is left out",
        "c is read twice, by this step's h and by the step after. You count one of the two.",
        "`dc = dc + dm * o`.",
        answers=(
            back(of_c=lambda dc, dm, dh, o, h, c: dc + 0 * dm),
            back(of_c=lambda dc, dm, dh, o, h, c: dm * o),
        ),
        misconception=151,
    ),
    Mistake(
        "forgot the layers' slopes",
        "Your dz are di, df, dg and do. The slopes of the four layers are missing.",
        "Times y (1 - y) for i, f and o, times 1 - y² for g.",
        answers=(back(slopes=lambda *gates: [np.ones_like(one) for one in gates]),),
    ),
)

OTHER_CELL = Exercise(
    id="10.3",
    title="A cell that nobody has derived for you",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=tanh_outside_back,
            cases=_cases,
            returns=RETURNS,
            mistakes=MISTAKES,
            hint="Let `lt.check_gradients` say which argument is wrong, and how far off it is.",
        ),
    ),
    hints=(
        "Split the last line in two: m = o * c, h = tanh(m). Now walk back: h, m, then the two "
        "factors of m.",
        "dm is dh times the slope of tanh, written with h_after. m has two factors, so do and a "
        "gradient for c follow from dm. c has a second reader.",
        "`dm = dh * (1 - h_after * h_after)`, `do = dm * c_after`, `dc = dc + dm * o`. The rest is "
        "as in 10.1.",
    ),
    after="You derived it, and a measurement agrees. That is how every cell of this book was "
    "checked, and how you can check one of your own.",
    why="Only the last line of the cell is new. With m = o * c_after in between, h = tanh(m) gives "
    "dm = dh (1 - h²); the product gives do = dm * c and dm * o for c, which is added to what the "
    "step after sends. From c backwards nothing has changed.",
)
