"""What counts as a number in an answer: a real one, a whole one, one that a float can hold."""

import math

import numpy as np

LONGEST = 1023  # binary digits of a whole number that surely is a float as well


def is_real(value):
    """Whether it is one real number, in an array without axes too; True and False are none."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return value.shape == () and value.dtype.kind in "fiu"
    return kind is not bool and issubclass(kind, (int, float, np.integer, np.floating))


def is_long(value):
    """Whether it is a whole number that no float holds, and that no page should show."""
    return issubclass(type(value), int) and int(value).bit_length() > LONGEST


def as_float(value):
    """A real number as a float: nan where it is none, infinite where it is too large for one."""
    if not is_real(value):
        return math.nan
    if is_long(value):
        return math.copysign(math.inf, value > 0 or -1)
    return float(value)


def is_whole(value):
    """Whether it is a whole number; True and False are none."""
    return issubclass(type(value), (int, np.integer)) and type(value) is not bool


def is_finite(value):
    """Whether it is one real number that a float can hold."""
    return math.isfinite(as_float(value))
