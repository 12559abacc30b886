"""The picture of the forget bias: the logistic curve at the bias, and the gradient over the lag.

js/forget_bias_picture.js draws the same in the page; a test holds both equal.
"""

import math

from .axes import Plot, at, linear, logarithmic, round_off
from .plot import curve, frame, key, markers, rule_y, text

WIDTH = 880  # of the still picture
LEFT, FORGETS = 0.1, 0.99  # the goal: of the gradient, and what f stays below
LOWS = (-3, -6, -12)  # where the axis may end, as powers of ten
ROUNDING = 2**-23  # what float32 cannot add to 1


def half_life_words(half_life):
    """The half-life as a sentence has it."""
    return f"half-life {round_off(half_life, 10):.1f} steps"


def drawn(scene, width):
    """The height and the marks of the picture, so many pixels wide."""
    wide = width >= 680
    left = (44, 72, 270, 300) if wide else (44, 72, width - 20, 222)
    right = (348, 72, width - 20, 300) if wide else (58, 370, width - 20, 600)
    least = min(*scene["powers"], *scene["norms"])
    low = next((end for end in LOWS if 10.0**end <= least), LOWS[-1])
    return (346 if wide else 646), (
        _gate(scene, Plot(*left, linear(-2, 8), linear(0, 1.1)))
        + _gradient(scene, Plot(*right, linear(0, 100), logarithmic(low, 1, 7)), wide)
    )


def _gate(scene, p):
    bias, f = scene["bias"], scene["f"]
    points = [(n / 10, 0.5 * math.tanh(n / 20) + 0.5) for n in range(-20, 81)]
    told = f"f = {f:.4f}, {half_life_words(scene['halfLife'])}"
    return (
        frame(p, "forget bias b_f")
        + rule_y(p, FORGETS)
        + curve(p, points, 0)
        + curve(p, [(bias, 0), (bias, f), (-2, f)], 2)
        + markers(p, [(bias, f)], 2, 6)
        + text(p.right - 4, p.down(FORGETS) + 26, "goal: below 0.99", "end", "lt-note")
        + text(p.left - 34, 20, "the forget gate: f = σ(b_f)", style="lt-title")
        + text(p.left - 34, 46, told, style="lt-key")
    )


def _gradient(scene, p, wide):
    x, y = p.across(97), p.down(LEFT)
    box = f'x="{at(x)}" y="{at(p.top)}" width="{at(p.right - x)}" height="{at(y - p.top)}"'
    start, high = p.left - 48, p.top - (30 if wide else 50)
    beside = (start + 226, high) if wide else (start, high + 20)
    lost = "lost in float32 beside 1" if wide else "lost in float32"
    return (
        f'<rect class="lt-band" data-kind="goal" {box}/>'
        + frame(p, "lag T − t")
        + rule_y(p, 1, "", "zero")
        + rule_y(p, ROUNDING, lost)
        + curve(p, list(enumerate(scene["powers"])), 2, 10, 5)
        + curve(p, list(enumerate(scene["norms"])), 1, 10)
        + text(p.right - 4, y + 17, "goal: ends up here", "end", "lt-note")
        + text(start, high - 22, "the gradient of c over the lag", style="lt-title")
        + key(start, high, [(1, "‖∂c_T/∂c_t‖, measured")])
        + key(*beside, [(2, "fⁿ, n the lag: the gate alone")])
    )
