"""5.2 Clip by value, and the angle by which it turns a gradient."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray, ANumber


def clip_by_value(dv, most):
    """Cut every entry of a gradient to the range from -most to most.

    Shapes: dv (n,), most: a number above 0. Returns an array of shape (n,).
    """
    return np.clip(dv, -most, most)


def angle(a, b):
    """The angle between two gradients, in degrees: 0 where they point the same way.

    Shapes: a and b (n,), neither of them all zeros. Returns a number from 0 to 180.
    """
    cosine = np.sum(a * b) / np.sqrt(np.sum(a**2) * np.sum(b**2))
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _value_cases(rng):
    return [
        Case((np.array([5.0, -5.0, 0.5, -0.5]), 2.0)),
        Case((np.array([0.3, -0.2, 0.0]), 1.0)),
        Case((10 * draw(rng, 6), 3.0)),
        Case((draw(rng, 8), 0.5)),
    ]


def _angle_cases(rng):
    pairs = [
        ([3.0, 0.0], [0.0, 2.0]),
        ([1.0, 1.0], [2.0, 0.0]),
        ([1.0, -2.0], [-2.0, 4.0]),
        *((draw(rng, n), draw(rng, n)) for n in (2, 3, 6)),
    ]
    arrows = [rng.normal(size=5).round(3) for _ in range(80)]
    parallel = [(v, 3 * v) for v in arrows[:40]] + [(v, -3 * v) for v in arrows[40:]]
    return [Case((np.array(a), np.array(b))) for a, b in pairs + parallel]


def _signs_lost(dv, most):
    return np.minimum(np.abs(dv), most)


def _by_norm(dv, most):
    return dv * min(1, most / np.sqrt(np.sum(dv**2)))


def _cosine(a, b):
    return np.clip(np.sum(a * b) / np.sqrt(np.sum(a**2) * np.sum(b**2)), -1, 1)


def _lengths_not_divided(a, b):
    return np.degrees(np.arccos(np.clip(np.sum(a * b), -1, 1)))


def _without_roots(a, b):
    return np.degrees(np.arccos(np.clip(np.sum(a * b) / (np.sum(a**2) * np.sum(b**2)), -1, 1)))


def _between_zero_and_ninety(a, b):
    return np.degrees(np.arccos(abs(_cosine(a, b))))


def _nan_for_parallels(cases, outcomes):
    """Whether it fails only where a and b are parallel, and there by leaving arccos' range."""
    bad = [n for n, outcome in enumerate(outcomes) if not _is_number(outcome.value)]
    return bool(bad) and all(abs(_cosine(*cases[n].args)) > 1 - 1e-12 for n in bad)


def _nan_for_opposites(cases, outcomes):
    """Whether it fails only where a and b are opposite."""
    same_way = [n for n, case in enumerate(cases) if _cosine(*case.args) > 0]
    return _nan_for_parallels(cases, outcomes) and all(
        _is_number(outcomes[n].value) for n in same_way
    )


def _is_number(value):
    return isinstance(value, (float, np.floating)) and bool(np.isfinite(value))


VALUE_MISTAKES = (
    Mistake(
        "cuts above only",
        "Entries above `most` are cut; those below -most are not.",
        "There is a floor as well as a ceiling: `np.clip(dv, -most, most)`.",
        answers=(lambda dv, most: np.minimum(dv, most),),
    ),
    Mistake(
        "cuts at zero",
        "Every negative entry becomes 0: those weights could only ever move one way.",
        "The lower limit is -most, not 0.",
        answers=(lambda dv, most: np.clip(dv, 0, most),),
    ),
    Mistake(
        "loses the signs",
        "All entries come out positive: the size is cut, and the sign is lost.",
        "Multiply by `np.sign(dv)`, or let `np.clip` do both sides.",
        answers=(_signs_lost,),
    ),
    Mistake(
        "zero in place of the limit",
        "An entry that is too large becomes 0. It should become `most`, with its sign.",
        "It is cut to the limit, not thrown away.",
        answers=(lambda dv, most: np.where(np.abs(dv) > most, 0, dv),),
    ),
    Mistake(
        "clips by norm",
        "This is clipping by norm: all entries shrink by one factor. By value, entries within the "
        "limit stay as they are.",
        "Look at each entry on its own.",
        answers=(_by_norm, lambda dv, most: dv * min(1, most / np.abs(dv).max())),
        misconception=8,
    ),
)

ANGLE_MISTAKES = (
    Mistake(
        "radians",
        "Your angle is in radians.",
        "`np.degrees` turns radians into degrees.",
        answers=(lambda a, b: np.arccos(_cosine(a, b)),),
    ),
    Mistake(
        "the cosine, not the angle",
        "You return the cosine of the angle.",
        "`np.arccos` leads from the cosine to the angle, `np.degrees` to degrees.",
        answers=(_cosine, lambda a, b: np.degrees(_cosine(a, b))),
    ),
    Mistake(
        "the sine in place of the cosine",
        "Your angle is 90° where it should be 0°, and 0° where it should be 90°.",
        "A product of 0 belongs to a right angle: that is arccos, not arcsin.",
        answers=(lambda a, b: np.degrees(np.arcsin(_cosine(a, b))),),
    ),
    Mistake(
        "lengths not divided out",
        "You do not divide by the lengths of a and b, so a longer arrow has another angle.",
        "The product must be divided by both lengths.",
        answers=(_lengths_not_divided,),
    ),
    Mistake(
        "lengths without a root",
        "You divide by the squares of the lengths.",
        "A length is the root of the sum of squares.",
        answers=(_without_roots,),
    ),
    Mistake(
        "opposite counts as the same",
        "Two opposite arrows get the angle 0. A step the other way is not the same step.",
        "Leave the sign of the product as it is: below zero means more than 90°.",
        answers=(_between_zero_and_ninety,),
    ),
    Mistake(
        "cuts the cosine above only",
        "For two opposite arrows you get nan: rounding made the cosine a little smaller than -1, "
        "and you cut it at 1 only.",
        "`np.clip(cosine, -1, 1)` cuts on both sides.",
        seen=_nan_for_opposites,
    ),
    Mistake(
        "leaves the range of arccos",
        "For two parallel arrows you get nan: rounding made the cosine a little larger than 1, and "
        "arccos knows no such number.",
        "`np.clip(cosine, -1, 1)` before `np.arccos`.",
        seen=_nan_for_parallels,
    ),
)

VALUE = Exercise(
    id="5.2",
    title="Clip by value, and the angle",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=clip_by_value,
            cases=_value_cases,
            returns=AnArray("dv'", "(n,)"),
            mistakes=VALUE_MISTAKES,
            hint="Try dv = [5, -5, 0.5, -0.5] with most = 2: 2, -2, 0.5, -0.5 should come back.",
        ),
        FunctionPart(
            reference=angle,
            cases=_angle_cases,
            returns=ANumber("an angle", floor=1e-4),
            mistakes=ANGLE_MISTAKES,
            hint="Try two arrows whose angle you know, such as [3, 0] and [0, 2].",
        ),
    ),
    hints=(
        "By value means: no entry knows of the others. For the angle: the product Σ a b of two "
        "arrows depends on their lengths and on the angle between them.",
        "`np.clip` cuts on both sides. Σ a b divided by both lengths is the cosine of the angle; "
        "then `np.arccos`, then degrees.",
        "`np.clip(dv, -most, most)`. `cosine = np.sum(a * b) / np.sqrt(np.sum(a**2) * "
        "np.sum(b**2))`, cut to the range from -1 to 1, then `np.degrees(np.arccos(cosine))`.",
    ),
    after="By norm the angle is 0 for every limit. By value it depends on how unequal the entries "
    "are.",
    why="Clipping by value treats every entry alike and so the gradient as a whole unfairly: what "
    "was large is cut, what was small stays. In the extreme, with a tiny limit, every entry is "
    "plus or minus the limit, and only the signs of the gradient are left. The cosine is cut to "
    "[-1, 1] because rounding can push it beyond by 1e-16, where arccos is nan.",
)
