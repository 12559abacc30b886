"""6.5 The truncated gradient of 1997: a cumulative sum."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def truncated_back(dh, i, g, o, c):
    """The truncated gradient of the cell without a forget gate, for all steps at once.

    Shapes: dh (T, B, H), what the readout says about h; gates i, g, o (T, B, H); c (T+1, B, H),
    its row 0 is where we started. Returns dc, dz_i, dz_g, dz_o, each (T, B, H).
    """
    tanh_c = np.tanh(c[1:])
    told = dh * o * (1 - tanh_c**2)
    dc = np.cumsum(told[::-1], axis=0)[::-1]
    return dc, dc * g * i * (1 - i), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)


def back_arguments(rng, T, B, H):
    """dh, i, g, o, c as a run of the cell could have left them."""
    i, o = rng.uniform(0.1, 0.9, (2, T, B, H)).round(1)
    g = (rng.uniform(0.2, 0.9, (T, B, H)) * rng.choice([-1, 1], (T, B, H))).round(1)
    start = rng.uniform(0.1, 0.5, (1, B, H)).round(1)
    c = np.concatenate([start, start + (i * g).cumsum(axis=0)]).round(2)
    return rng.normal(size=(T, B, H)).round(1), i, g, o, c


def _cases(rng):
    dh, i, g, o, c = back_arguments(rng, 3, 1, 2)
    at_the_end, at_the_start = np.zeros_like(dh), np.zeros_like(dh)
    at_the_end[-1], at_the_start[0] = 1, 1
    return [
        Case(back_arguments(rng, 1, 1, 2)),
        Case((at_the_end, i, g, o, c)),
        Case((at_the_start, i, g, o, c)),
        *(Case(back_arguments(rng, *sizes)) for sizes in ((2, 1, 2), (3, 2, 2), (3, 3, 3))),
    ]


def _variant(
    ride=lambda told: np.cumsum(told[::-1], axis=0)[::-1],
    seen=lambda c: c[1:],
    told_by=lambda dh, o, tanh_c: dh * o * (1 - tanh_c**2),
    slopes=(lambda y: y * (1 - y), lambda y: 1 - y * y, lambda y: y * (1 - y)),
    exchange=False,
    error_of_o=lambda dh, tanh_c, dc: dh * tanh_c,
):
    """The way back with one thing changed."""

    def answer(dh, i, g, o, c):
        tanh_c = np.tanh(seen(c))
        dc = ride(told_by(dh, o, tanh_c))
        slope_i, slope_g, slope_o = slopes
        di, dg = (dc * i, dc * g) if exchange else (dc * g, dc * i)
        do = error_of_o(dh, tanh_c, dc)
        return dc, di * slope_i(i), dg * slope_g(g), do * slope_o(o)

    return answer


def _later_only(told):
    after = np.cumsum(told[::-1], axis=0)[::-1]
    return after - told


_FLAT = (lambda y: 1.0,) * 3
_LOGISTIC = (lambda y: y * (1 - y),) * 3

MISTAKES = (
    Mistake(
        "sums from the wrong end",
        "Your sum runs forward: dc of a step adds up what *earlier* steps said. An error comes "
        "from later.",
        "Turn around, sum, turn around: `told[::-1].cumsum(axis=0)[::-1]`.",
        answers=(_variant(lambda told: np.cumsum(told, axis=0)),),
    ),
    Mistake(
        "not turned back",
        "You summed from the end, and did not turn the result round again: its first row belongs "
        "to the last step.",
        "`[::-1]` a second time.",
        answers=(_variant(lambda told: np.cumsum(told[::-1], axis=0)),),
    ),
    Mistake(
        "no carousel",
        "Each step hears only its own error: nothing travels in time.",
        "dc_t is the sum of what step t and all later steps said.",
        answers=(_variant(lambda told: told),),
    ),
    Mistake(
        "without its own step",
        "Your dc_t adds up the later steps and leaves out step t itself.",
        "The sum begins at s = t.",
        answers=(_variant(_later_only),),
    ),
    Mistake(
        "the whole sum at every step",
        "Every step gets the sum over all steps. What a step before t said about its own c cannot "
        "concern c_t.",
        "A cumulative sum, not a sum.",
        answers=(_variant(lambda told: np.broadcast_to(told.sum(axis=0), told.shape).copy()),),
    ),
    Mistake(
        "sums over the batch",
        "You sum over the sequences of the batch, which never meet. Time is axis 0.",
        "`axis=0`.",
        answers=(
            _variant(lambda told: np.cumsum(told[:, ::-1], axis=1)[:, ::-1]),
            _variant(lambda told: np.cumsum(told[::-1], axis=1)[::-1]),
        ),
    ),
    Mistake(
        "fades on the way",
        "Your error gets smaller on its way back. There is no forget gate here, and nothing else "
        "on the carousel that could multiply it.",
        "Along c the factor is exactly 1.",
        seen=lambda cases, outcomes: _fades(cases, outcomes),
    ),
    Mistake(
        "the cell state of the step before",
        "You take c[:-1], what came into each step. What was shown is what came out.",
        "`c[1:]`: c has one row more than the gates.",
        answers=(_variant(seen=lambda c: c[:-1]),),
    ),
    Mistake(
        "forgets the second tanh",
        "The slope of tanh(c) is missing: dh reaches c through the output gate *and* through tanh.",
        "told = dh · o · (1 - tanh²c).",
        answers=(_variant(told_by=lambda dh, o, tanh_c: dh * o),),
    ),
    Mistake(
        "forgets the output gate",
        "The output gate is missing on the way to c. What was not shown is not told either.",
        "told = dh · o · (1 - tanh²c).",
        answers=(_variant(told_by=lambda dh, o, tanh_c: dh * (1 - tanh_c**2)),),
    ),
    Mistake(
        "i and g exchanged",
        "In c' = c + i g the error for i is dc · g, and the one for g is dc · i. You have them the "
        "other way round.",
        "Each factor hears dc times the *other* one.",
        answers=(_variant(exchange=True),),
    ),
    Mistake(
        "no slopes of the layers",
        "You stop at the layers' outputs: these are di, dg, do. Asked for are the gradients of z, "
        "of what goes into the layers.",
        "Times i (1 - i), 1 - g², o (1 - o).",
        answers=(_variant(slopes=_FLAT),),
    ),
    Mistake(
        "the candidate with a logistic slope",
        "You use y (1 - y) for all three layers. The candidate is squashed by tanh.",
        "1 - g².",
        answers=(_variant(slopes=_LOGISTIC),),
    ),
    Mistake(
        "the output gate rides along",
        "Your output gate hears dc, the whole ride. It had no part in c; it only showed it, at its "
        "own step.",
        "dz_o = dh · tanh(c) · o (1 - o), with the dh of the same step.",
        answers=(
            _variant(error_of_o=lambda dh, tanh_c, dc: dc * tanh_c),
            _variant(error_of_o=lambda dh, tanh_c, dc: np.cumsum(dh[::-1], 0)[::-1] * tanh_c),
        ),
    ),
    Mistake(
        "the output gate without the tanh",
        "The output gate multiplies tanh(c), not c.",
        "dz_o = dh · tanh(c) · o (1 - o).",
        answers=(_variant(error_of_o=lambda dh, tanh_c, dc: dh * np.arctanh(tanh_c)),),
    ),
)


def _fades(cases, outcomes):
    """Whether one error at the end comes out smaller the further back it goes."""
    (number,) = [
        n
        for n, case in enumerate(cases)
        if len(case.args[0]) == 3 and case.args[0][-1].all() and not case.args[0][:-1].any()
    ]
    value = outcomes[number].value
    if type(value) not in (tuple, list) or len(value) != 4:
        return False
    dc = value[0]
    if type(dc) is not np.ndarray or dc.shape != cases[number].args[0].shape:
        return False
    return bool((np.diff(np.abs(dc), axis=0) > 0).all())


TRUNCATED = Exercise(
    id="6.5",
    title="The truncated gradient",
    minutes=20,
    points=4,
    parts=(
        FunctionPart(
            reference=truncated_back,
            cases=_cases,
            returns=SeveralArrays(
                tuple(AnArray(name, "(T, B, H)") for name in ("dc", "dz_i", "dz_g", "dz_o"))
            ),
            mistakes=MISTAKES,
            hint="Begin with dc alone: what each step tells c, then the sum from the end. Return "
            "None for what is not written yet.",
        ),
    ),
    hints=(
        "Three questions, one after the other: what does step t tell c_t through h_t? What does "
        "c_t hear in all? What do i, g, o hear from that?",
        "told = dh · o · (1 - tanh²c), with c[1:]. dc is its cumulative sum from the end. i hears "
        "dc · g, g hears dc · i, and o hears dh · tanh(c); then the slope of each layer.",
        "`dc = told[::-1].cumsum(axis=0)[::-1]`, `dz_i = dc * g * i * (1 - i)`, "
        "`dz_g = dc * i * (1 - g**2)`, `dz_o = dh * np.tanh(c[1:]) * o * (1 - o)`.",
    ),
    after="Backpropagation through time without a loop over time. Chapter 10 puts back the ways "
    "that were cut.",
    why="Since c' = c + i g has no factor before c, an error goes from c' to c unchanged, so dc_t "
    "is what step t says plus dc_{t+1}: a cumulative sum from the end. i and g of step t are heard "
    "through c_t only, o through h_t only. The errors that i, g and o would hand on to h_{t-1} are "
    "dropped: that is the truncation.",
)
