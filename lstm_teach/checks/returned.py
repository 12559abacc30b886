"""What a function has to return: one class for each kind of answer.

Each has `stages`, the questions asked of a returned value in order (each gives a Finding or
None), `same(value, expected)`, and `exhibits(value, expected)`, how the two differ.
"""

import math
from dataclasses import dataclass

import numpy as np

from .exercise import Finding
from .real import as_float, is_finite, is_long, is_real, is_whole


def described(value):
    """A short name for what came: "None", "a list of 3", "an array of shape (2, 3)"."""
    kind = type(value)
    if value is None:
        return "None"
    if issubclass(kind, np.ndarray):
        return f"an array of shape {value.shape}"
    if kind in (list, tuple):
        return f"a {kind.__name__} of {len(value)}"
    if is_long(value):
        return f"a whole number of about {int(value.bit_length() * math.log10(2)) + 1} digits"
    if kind in (bool, int, float, str):
        return f"{value!r:.60}, {_article(kind.__name__)}"
    return _article(kind.__name__)


def number(value):
    """A number as the messages print it."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def rows(array):
    """A small array as the messages print it."""
    text = np.array2string(array, precision=4, suppress_small=True, separator=", ", threshold=60)
    return text.replace("\n\n", "\n")


@dataclass(frozen=True)
class AnArray:
    """A float array: `name` is its name in the text, `letters` its shape in letters."""

    name: str
    letters: str

    @property
    def stages(self):
        return (self._kind, self._shape, self._dtype, self._finite)

    def same(self, value, expected):
        return (
            issubclass(type(value), np.ndarray)
            and value.shape == expected.shape
            and value.dtype.kind in "fiu"
            and np.allclose(value, expected, rtol=1e-6, atol=1e-8)
        )

    def exhibits(self, value, expected):
        if value.shape != expected.shape:
            return (("Expected", rows(expected)), ("Got", f"an array of shape {value.shape}"))
        close = np.isclose(value, expected, rtol=1e-6, atol=1e-8)
        where = tuple(int(n) for n in np.argwhere(~close)[0])
        first = f"{self.name}[{', '.join(map(str, where))}]"
        right, got = (f"{v[where]:+.4f}" for v in (expected, value))
        if right == got:
            right, got = (f"{v[where]:+.10g}" for v in (expected, value))
        return (
            ("Expected", rows(expected)),
            ("Got", rows(value)),
            ("First difference", f"{first}: expected {right}, got {got}"),
        )

    def _kind(self, function, value, expected, printed):
        kind = type(value)
        if issubclass(kind, np.ndarray):
            return None
        if value is None:
            return nothing_returned(function, printed)
        wanted = f"expected one array of shape {self.letters}"
        hint = "Return one NumPy array."
        if kind is list:
            hint = "`np.stack(your_list)` turns a list of equal arrays into one array."
        elif kind is tuple:
            hint = "Return one array only. A comma after `return` makes a tuple."
        elif issubclass(kind, (bool, int, float, complex, np.generic)):
            hint = "Did a sum or an index swallow the axes? Look at the shape after each operation."
        elif kind.__name__ == "generator":
            hint = "`yield` makes a generator. Collect the rows, then return one array."
        return Finding(f"`{function}` returned {described(value)}; {wanted}.", hint=hint)

    def _shape(self, function, value, expected, printed):
        if value.shape == expected.shape:
            return None
        hint = "Write the shape of each product beside it: (B, D) times (D, H) is (B, H)."
        if value.ndim == expected.ndim and sorted(value.shape) == sorted(expected.shape):
            hint = f"The right axes, in another order. The order here is {self.letters}."
        elif value.ndim == expected.ndim and value.shape[1:] == expected.shape[1:]:
            rows = "row too many" if len(value) > len(expected) else "row too few"
            hint = f"There is at least one {rows}. What does the first row belong to, and the last?"
        elif value.ndim < expected.ndim:
            hint = "An axis is gone. Which line takes it away?"
        elif value.ndim > expected.ndim:
            hint = "There is an axis too many. Which line adds it?"
        return Finding(
            f"`{function}` returned shape {value.shape}; expected {self.letters}, "
            f"here {expected.shape}.",
            hint=hint,
        )

    def _dtype(self, function, value, expected, printed):
        if value.dtype == expected.dtype:
            return None
        return Finding(
            f"The shape is right. The numbers are {value.dtype}; what you were given is "
            f"{expected.dtype}, so {expected.dtype} was expected.",
            hint="An array made with `dtype=int`, or `astype`, or `np.empty_like` of integers, "
            "rounds what is put into it.",
        )

    def _finite(self, function, value, expected, printed):
        if np.isfinite(value).all():
            return None
        where = tuple(int(n) for n in np.argwhere(~np.isfinite(value))[0])
        return Finding(
            f"{self.name}{list(where)} is {value[where]}. What went in is finite, so what comes "
            "out should be.",
            hint="An `np.empty` that was not filled, a division by zero or a logarithm does this.",
        )


@dataclass(frozen=True)
class AWholeNumber:
    """A count."""

    name: str

    @property
    def stages(self):
        return (self._kind,)

    def same(self, value, expected):
        return issubclass(type(value), (int, np.integer)) and int(value) == expected

    def exhibits(self, value, expected):
        got = described(value) if is_long(value) else str(value)
        return (("Expected", str(expected)), ("Got", got))

    def _kind(self, function, value, expected, printed):
        if is_whole(value):
            return None
        if value is None:
            return nothing_returned(function, printed)
        return Finding(
            f"`{function}` returned {described(value)}; {self.name} is a whole number, an `int`.",
            hint="`*` and `+` keep integers whole; `/` makes a float."
            if issubclass(type(value), float)
            else "Return one number.",
        )


@dataclass(frozen=True)
class ANumber:
    """A real number. `floor`: below it in size, two numbers count as the same."""

    name: str
    floor: float = 1e-12

    @property
    def stages(self):
        return (self._kind, self._finite)

    def same(self, value, expected):
        return math.isclose(as_float(value), expected, rel_tol=1e-6, abs_tol=self.floor)

    def exhibits(self, value, expected):
        return (("Expected", f"{float(expected):.6g}"), ("Got", f"{as_float(value):.6g}"))

    def _kind(self, function, value, expected, printed):
        if is_real(value):
            return None
        if value is None:
            return nothing_returned(function, printed)
        return Finding(
            f"`{function}` returned {described(value)}; {self.name} is one number, a `float`.",
            hint="Which axes are still there? Sum them up, take their norm, or pick one entry."
            if issubclass(type(value), np.ndarray)
            else "Return one number.",
        )

    def _finite(self, function, value, expected, printed):
        if is_finite(value):
            return None
        came = described(value) if is_long(value) else float(value)
        return Finding(
            f"`{function}` returned {came}. What went in is finite, so what comes out should be.",
            hint="A division by zero, a logarithm of zero or an overflow does this.",
        )


@dataclass(frozen=True)
class AVerdict:
    """True or False."""

    name: str

    @property
    def stages(self):
        return (self._kind,)

    def same(self, value, expected):
        return issubclass(type(value), (bool, np.bool_)) and bool(value) == expected

    def exhibits(self, value, expected):
        return (("Expected", str(expected)), ("Got", str(value)))

    def _kind(self, function, value, expected, printed):
        kind = type(value)
        if issubclass(kind, (bool, np.bool_)):
            return None
        if value is None:
            return nothing_returned(function, printed)
        return Finding(
            f"`{function}` returned {described(value)}; {self.name} is True or False.",
            hint="`np.allclose(a, b)` compares two arrays and gives one answer; `a == b` gives one "
            "for each entry."
            if issubclass(kind, np.ndarray)
            else "Return `True` or `False`.",
        )


def nothing_returned(function, printed):
    """The finding for a function that returned None."""
    if printed.strip():
        return Finding(
            f"`{function}` printed something and returned None. `print` shows a value to you; "
            "`return` hands it on to whoever called.",
            hint="Write `return` where you wrote `print`.",
            mistake="prints instead of returning",
        )
    return Finding(
        f"`{function}` returned None: it came to its end without a `return`.",
        hint="Its last line should begin with `return`, indented as far as the function's body.",
        mistake="returns nothing",
    )


def _article(name):
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
