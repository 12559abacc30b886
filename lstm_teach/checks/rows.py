"""Reading rows of numbers that somebody made up."""

import math

import numpy as np

from .exercise import Finding
from .real import as_float
from .returned import described

COUNTS = {2: "two", 3: "three", 4: "four"}


def row_of(value, count):
    """The entries of a row of `count`, in a tuple, a list or an array of one axis; or None."""
    kind = type(value)
    if kind not in (tuple, list, np.ndarray) or (kind is np.ndarray and value.ndim != 1):
        return None
    return tuple(value) if len(value) == count else None


def numbers_of(function, value, names, endless=""):
    """Floats, one for each of the names; or a Finding that says what came.

    The number of the name `endless` may be infinite.
    """
    row, count = row_of(value, len(names)), COUNTS[len(names)]
    if row is None:
        return Finding(
            f"`{function}` gave {described(value)}; expected {count} numbers, "
            f"{', '.join(names[:-1])} and {names[-1]}.",
            hint=f"Its last line should read `return {', '.join(names)}`, with your numbers.",
        )
    numbers = tuple(map(as_float, row))
    for name, entry, number in zip(names, row, numbers, strict=True):
        if math.isnan(number) or (math.isinf(number) and name != endless):
            example = ", ".join(f"{n}.0" for n in range(1, len(names) + 1))
            return Finding(
                f"{name} is {described(entry)}; expected a finite number.",
                hint=f"{count.capitalize()} plain numbers, such as `return {example}`.",
            )
    return numbers
