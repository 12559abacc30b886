"""Whatever comes back from an answer, it is the answer that is judged: no check breaks down."""

import enum
from collections import OrderedDict, defaultdict, namedtuple
from inspect import signature
from itertools import count

import numpy as np
import pytest

from lstm_teach.checks import EXERCISES
from lstm_teach.checks.exercise import Finding, FunctionPart
from lstm_teach.checks.judge import NOT_ATTEMPTED, judge

SECONDS = 1.0
PARTS = [(exercise, part) for exercise in EXERCISES.values() for part in exercise.parts]
every_part = pytest.mark.parametrize(
    ("exercise", "part"), PARTS, ids=[f"{e.id} {p.name}" for e, p in PARTS]
)


class Colour(enum.IntEnum):
    RED = 1


class Nothing:
    """Has no length, no order, no number."""


NASTY = {
    "a whole number that no float holds": 10**400,
    "and one that no text shows": -(10**5000),
    "an array of objects": np.full((2, 3), None, object),
    "an array of functions": np.array([len, max], object),
    "an array without axes": np.array(1.0),
    "an object without axes": np.array(None, object),
    "an empty array": np.zeros(0),
    "an array of texts": np.array(["a", "b"]),
    "an array of dates": np.zeros(2, "M8[D]"),
    "an array of records": np.zeros(2, [("a", float), ("b", int)]),
    "an array of longdoubles": np.ones((2, 3), np.longdouble),
    "thirty axes": np.zeros((1,) * 30),
    "a longdouble": np.longdouble(2) ** 5000,
    "nan": np.nan,
    "infinity": -np.inf,
    "a complex number": 1j,
    "NumPy's complex number": np.complex128(1),
    "bool": True,
    "a small integer": np.int8(1),
    "a large integer": np.uint64(2**64 - 1),
    "enum": Colour.RED,
    "None": None,
    "nothing": Nothing(),
    "text": "abc",
    "empty text": "",
    "list": [],
    "nested list": [[[[]]]],
    "ragged list": [[1, 2], [3]],
    "tuple": (),
    "pair": (1, 2),
    "dict": {},
    "dict of arrays": {"i": np.zeros(3), "f": None},
    "set": {1},
    "range": range(3),
    "generator": (n for n in ()),
    "class": int,
    "function": len,
}


def arrays_of_its_shape(array):
    yield np.full(array.shape, None, object)
    yield from (np.ones(array.shape, kind) for kind in ("c16", "?", "i8", "f2", "g", "U3"))
    yield from (np.full(array.shape, number) for number in (np.nan, np.inf, 1e308, 0.0))
    yield array.T.copy()
    yield array[None]
    yield array.tolist()


def spoiled(value):
    """The value with one thing in it replaced."""
    if isinstance(value, np.ndarray):
        yield from arrays_of_its_shape(value)
    elif isinstance(value, (tuple, list)):
        for place, one in enumerate(value):
            one_of_many = place > 0 and isinstance(one, np.ndarray)
            for other in (*(() if one_of_many else NASTY.values()), *spoiled(one)):
                yield (*value[:place], other, *value[place + 1 :])
        yield (*value, 1)
        yield value[:-1]
    elif isinstance(value, dict):
        first = next(iter(value))
        for other in (*NASTY.values(), *spoiled(value[first])):
            yield value | {first: other}
        yield value | {(1, 2): 3}
        yield {str(key).upper(): one for key, one in value.items()}


def replies(part):
    """Functions in place of the answer: each gives one nasty thing, or one spoiled right thing."""
    example = part.reference
    if isinstance(part, FunctionPart):
        case = part.cases(np.random.default_rng(0))[0]
        value = example(*case.args)
        number = len(list(spoiled(value)))
        for n in range(number):
            yield lambda *args, n=n: nth(spoiled(example(*args)), n)
    else:
        yield from (lambda other=other: other for other in spoiled(example()))
    yield from (lambda *args, other=other: other for other in NASTY.values())


def nth(values, n):
    return next((value for place, value in enumerate(values) if place == n), None)


def stopping(function, after):
    """The function, which raises from the call number `after` on."""
    calls = count()

    def answer(*args):
        if next(calls) >= after:
            raise ValueError("no more")
        return function(*args)

    return answer


def verdict(part, function):
    function.__signature__ = signature(part.reference)
    found = judge(part, function, 0, SECONDS)
    assert found == NOT_ATTEMPTED or isinstance(found, (Finding, tuple))
    if isinstance(found, Finding):
        assert isinstance(found.says, str)
    return found


@every_part
def test_whatever_an_answer_gives_the_check_copes(exercise, part):
    for function in replies(part):
        verdict(part, function)


@every_part
@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_answer_may_stop_with_an_error_at_any_call(exercise, part, after):
    verdict(part, stopping(part.reference, after))


@pytest.mark.parametrize("after", range(1, 50, 6))
def test_four_ways_that_stop_later_are_no_trouble(after):
    (part,) = EXERCISES["3.5"].parts
    verdict(part, lambda: tuple(stopping(one, after) for one in part.reference()))


def in_classes_of_their_own(value):
    """The same, as a namedtuple, an OrderedDict, an np.str_, an array without axes."""
    if isinstance(value, str):
        return np.str_(value)
    if isinstance(value, dict):
        made = {np.str_(key): in_classes_of_their_own(one) for key, one in value.items()}
        return OrderedDict(made) if len(made) % 2 else defaultdict(list, made)
    if isinstance(value, (tuple, list)):
        names = [f"n{place}" for place in range(len(value))]
        return namedtuple("Own", names)(*map(in_classes_of_their_own, value))
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        return np.array(value)
    return value


@every_part
def test_a_right_answer_in_a_class_of_its_own_is_right(exercise, part):
    def answer(*args):
        return in_classes_of_their_own(part.reference(*args))

    assert isinstance(verdict(part, answer), tuple)
