"""The products explorer: what many steps make of 1, with a weight alone and through tanh."""

import math
from typing import NamedTuple

import numpy as np

from ..activations import tanh, tanh_slope
from ..drawing.plots import signed
from . import plot
from .axes import Plot, linear, logarithmic, scientific
from .base import Explorer, module, style
from .traits import Setting

KEPT_STEPS, SQUASHED, FACTOR = 50, 0.5, 10  # the goal
LOWS = (-2, -5, -10, -20, -50, -100, -200, -340)  # where the axis may end, as powers of ten
HIGHS = (2, 5, 10, 20, 50, 100, 200, 320)
WIDTH = 880  # of the still picture

# Beyond these a number of that type is 0, or infinite.
ENDS = [
    (float(np.finfo(np.float32).smallest_subnormal), "float32: 0 below 1.4·10⁻⁴⁵"),
    (float(np.finfo(np.float64).smallest_subnormal), "float64: 0 below 4.9·10⁻³²⁴"),
    (float(np.finfo(np.float32).max), "float32: ∞ above 3.4·10³⁸"),
    (float(np.finfo(np.float64).max), "float64: ∞ above 1.8·10³⁰⁸"),
]


class Held(NamedTuple):
    """How well 50 steps through tanh hold a number. z: |z|; left: what they make of 1."""

    z: float
    left: float

    @property
    def reached(self):
        return self.z >= SQUASHED and 1 / FACTOR <= self.left <= FACTOR


class Products(Explorer):
    """Many steps in a row, each times a weight: |w|^t, and |w·tanh′(z)|^t through tanh.

    Settings: w (the weight, -2.5 to 2.5), z (what tanh hears, the same at each step) and steps
    (10 to 1000). Its goal: where tanh squashes, |z| at least 0.5, find a w with which 50 steps
    keep 1 within a factor of 10.

        explorer = Products(w=1.2)
        explorer.products              (steps + 1,): |w·tanh′(z)|^t for t = 0, 1, ... steps

    Chapter 1.
    """

    _esm = module("products")
    _css = style()
    title = "products of many steps"
    drawn_from = ("w", "z")

    w = Setting(0.9, -2.5, 2.5, 0.01, "w, the weight")
    z = Setting(0.0, -3, 3, 0.05, "z, what tanh hears")
    steps = Setting(50, 10, 1000, 10, "steps", whole=True)

    @property
    def slope(self):
        """tanh′(z), from the output of tanh."""
        return float(tanh_slope(tanh(self.z)))

    @property
    def powers(self):
        """|w|^t for t = 0 .. steps, (steps + 1,)."""
        return _run(self.w, self.steps)

    @property
    def products(self):
        """|w·tanh′(z)|^t for t = 0 .. steps, (steps + 1,)."""
        return _run(self.w * self.slope, self.steps)

    def goal(self):
        """The verdict on holding 1 through 50 squashed steps, a Held."""
        return Held(z=abs(self.z), left=float(_run(self.w * self.slope, KEPT_STEPS)[-1]))

    def picture(self):
        """The slope of tanh at z, and beside it what the steps make of 1."""
        height, body = _picture(self, WIDTH)
        words = (
            "Left: tanh with its tangent at z. Right: over the steps t, on a logarithmic axis, "
            "|w|^t as a line with discs and |w·tanh′(z)|^t as a dashed line with squares."
        )
        return plot.card(WIDTH, height, "Products of many steps", words, body), {}

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        alone, through = (scientific(float(run[-1])) for run in (self.powers, self.products))
        return (
            f"w = {signed(self.w).replace('+', '')}, tanh′(z) = {scientific(self.slope)}: after "
            f"{self.steps} steps, w alone has made 1 into {alone}, and w·tanh′(z) into {through}."
        )


def _run(factor, steps):
    """1, and what it is after each step: the product as a program computes it, step by step."""
    with np.errstate(over="ignore"):
        return np.cumprod([1.0] + [abs(factor)] * steps)


def _picture(figure, width):
    """The height and the marks of the picture, as js/products_picture.js draws it."""
    wide = width >= 640
    left = (44, 54, 264, 290) if wide else (44, 54, width - 20, 200)
    right = (332, 54, width - 20, 290) if wide else (58, 306, width - 20, 516)
    body = _slope(figure, Plot(*left, linear(-3, 3), linear(-1.2, 1.2, 5)))
    return (336 if wide else 562), body + _sizes(figure, right)


def _slope(figure, p):
    y, slope = math.tanh(figure.z), figure.slope
    reach = 1.3 / math.sqrt(1 + 4 * slope * slope)  # the tangent is about as long at any slope
    tangent = [(figure.z + side * reach, y + side * reach * slope) for side in (-1, 1)]
    points = [(n / 10, math.tanh(n / 10)) for n in range(-30, 31)]
    return (
        plot.frame(p, "z")
        + plot.curve(p, points, 0)
        + plot.curve(p, tangent, 2)
        + plot.markers(p, [(figure.z, y)], 2, 6)
        + plot.text(p.left - 34, 20, "tanh, and its slope at z", style="lt-title")
        + plot.text(p.left - 34, 40, f"tanh′(z) = {scientific(slope)}", style="lt-key")
    )


def _sizes(figure, box):
    runs = [run.tolist() for run in (figure.powers, figure.products)]
    sizes = [math.log10(v) for run in runs for v in run if 0 < v < math.inf]
    low = next(end for end in LOWS if end <= min(sizes))
    high = next(end for end in HIGHS if end >= max(sizes))
    p = Plot(*box, linear(0, figure.steps), logarithmic(low, high, 7))
    every = -(-figure.steps // 10)
    alone, through = (list(enumerate(run)) for run in runs)
    keys = [(1, "|w|ᵗ"), (2, "|w·tanh′(z)|ᵗ")]
    start, top = box[0] - 38, box[1] - 34
    return (
        plot.band_y(p, 1 / FACTOR, FACTOR)
        + plot.frame(p, "steps t")
        + "".join(plot.rule_y(p, value, words) for value, words in ENDS)
        + (plot.rule_x(p, KEPT_STEPS, "50 steps") if figure.steps > KEPT_STEPS else "")
        + plot.curve(p, alone, 1, every)
        + plot.curve(p, through, 2, every, every // 2)
        + plot.text(start, top, "what t steps make of 1", style="lt-title")
        + plot.key(start, top + 16, keys[:1])
        + plot.key(start + 110, top + 16, keys[1:])
    )
