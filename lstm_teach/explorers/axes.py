"""The axes of the charts, and numbers as charts write them.

js/axes.js is the same for the page; a test holds both equal.
"""

import math
from typing import NamedTuple

FAR = 9  # a point outside the axes is drawn at most so many lengths of the axis away
SIZES = [m * d for d in (0.01, 0.1, 1, 10, 100, 1000) for m in (1, 2, 5)]


class Axis(NamedTuple):
    """From low to high; log: both are exponents of ten. ticks: (share, words) each."""

    low: float
    high: float
    ticks: list
    log: bool = False

    def share(self, value):
        """0 at low, 1 at high, and beyond for what lies outside."""
        if self.log:
            value = math.log10(value) if value > 0 else -math.inf
        return min(max((value - self.low) / (self.high - self.low), -FAR), 1 + FAR)

    def holds(self, value):
        """Whether the value lies on the axis."""
        return -1e-9 <= self.share(value) <= 1 + 1e-9


def linear(low, high, most=6):
    """An axis from low to high with at most about `most` ticks at round numbers."""
    return Axis(low, high, _ticks(low, high, most, number))


def logarithmic(low, high, most=6):
    """An axis from 10^low to 10^high with ticks at powers of ten."""
    return Axis(low, high, _ticks(low, high, most, power, 1), log=True)


def _ticks(low, high, most, words, least=0):
    """The share of each round number between low and high, and its words."""
    sizes = (size for size in SIZES if size >= least and (high - low) / size <= most)
    size = next(sizes, high - low)
    first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
    stops = (round_off(n * size, 1e4) for n in range(first, last + 1))
    return [((stop - low) / (high - low), words(stop)) for stop in stops]


class Plot(NamedTuple):
    """A rectangle of pixels with an axis along two of its sides."""

    left: float
    top: float
    right: float
    bottom: float
    x: Axis
    y: Axis

    def across(self, value):
        """The pixel of a value of the x axis."""
        return self.left + (self.right - self.left) * self.x.share(value)

    def down(self, value):
        """The pixel of a value of the y axis."""
        return self.bottom - (self.bottom - self.top) * self.y.share(value)


def round_off(value, parts=100):
    """To the next hundredth, halves upwards: in JavaScript and Python alike."""
    return math.floor(value * parts + 0.5) / parts


def at(value):
    """A number as SVG wants it."""
    return f"{round_off(value) + 0.0}".removesuffix(".0")


def number(value):
    """A number as a tick writes it."""
    return at(value).replace("-", "−")


def raised(exponent):
    """An exponent: ⁻¹²."""
    return str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def power(exponent):
    """A power of ten as a tick writes it."""
    return {0: "1", 1: "10"}.get(exponent) or f"10{raised(exponent)}"


def scientific(value):
    """A number of any size in a sentence: 0.35, 5.2·10⁻⁷."""
    if value != value or abs(value) == math.inf:
        return "no number" if value != value else ("−∞" if value < 0 else "∞")
    sign, size = "−" if value < 0 else "", abs(value)
    if size == 0:
        return "0"
    if 0.1 <= size < 999.5:
        return sign + f"{round_off(size):.2f}"
    digits, exponent = f"{size:.1e}".split("e")
    return f"{sign}{digits}·10{raised(exponent)}"
