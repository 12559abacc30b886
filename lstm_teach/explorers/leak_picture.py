"""The picture of the leak: what is left over the lag, and c on a stream without end.

js/leak_picture.js draws the same in the page; a test holds both equal.
"""

import math

from .axes import Plot, at, linear, round_off, scientific
from .plot import band_y, curve, frame, key, rule_x, rule_y, text

WIDTH = 880  # of the still picture
KEEP, HIGHEST = 20, 40  # the goal: steps of half-life, and what c stays below
TOP = 120  # of the stream's axis


def steps_to_half(leak):
    """How many steps halve what is kept; infinite where it is not halved."""
    if leak >= 1:
        return math.inf
    return math.log(0.5) / math.log(leak) if leak > 0 else 0.0


def half_life_words(leak):
    """The half-life as a sentence has it."""
    if leak == 1:
        return "nothing is lost"
    if leak > 1:
        return f"doubled every {round_off(math.log(2) / math.log(leak), 10):.1f} steps"
    return f"half-life {round_off(steps_to_half(leak), 10):.1f} steps"


def drawn(scene, width):
    """The height and the marks of the picture, so many pixels wide."""
    wide = width >= 680
    middle = math.floor(width / 2) if wide else width - 16
    left = (52, 72, middle - 22, 300) if wide else (52, 92, middle, 292)
    right = (middle + 52, 72, width - 16, 300) if wide else (52, 410, middle, 610)
    body = _fading(scene, Plot(*left, linear(0, 100), linear(0, 1.5, 4)), wide)
    return (346 if wide else 656), body + _piling(
        scene, Plot(*right, linear(0, 200), linear(0, TOP))
    )


def _fading(scene, p, wide):
    x, y = p.across(0), p.down(0.5)
    size = f'width="{at(p.across(KEEP) - x)}" height="{at(p.bottom - y)}"'
    start, high = p.left - 42, p.top - (30 if wide else 50)
    beside = (start + 170, high) if wide else (start, high + 20)
    half, words = scene["halfLife"], half_life_words(scene["leak"])
    return (
        f'<rect class="lt-band" data-kind="wrong" x="{at(x)}" y="{at(y)}" {size}/>'
        + frame(p, "lag T − t")
        + (rule_x(p, half, words, 4) if half > 0 else "")
        + rule_y(p, 0.5, "goal: above ½ until lag 20")
        + curve(p, list(enumerate(scene["memory"])), 1, 10)
        + curve(p, list(enumerate(scene["gradient"])), 2, 10, 5)
        + text(start, high - 22, "what is left: memory and gradient", style="lt-title")
        + key(start, high, [(1, "of a pulse, in c")])
        + key(*beside, [(2, "of an error: ∂c_T/∂c_t")])
    )


def _piling(scene, p):
    limit, end = scene["limit"], scene["stream"][-1]
    heads = f"limit {scientific(limit)}" if limit < math.inf else "no limit"
    return (
        band_y(p, 0, HIGHEST)
        + frame(p, "steps t")
        + rule_y(p, HIGHEST, "goal: stays below 40")
        + (rule_y(p, limit, "", 4) if limit < math.inf else "")
        + curve(p, list(enumerate(scene["stream"])), 1, 20)
        + (text(p.left + 8, p.down(limit) - 6, "limit", style="lt-note") if limit < TOP else "")
        + text(p.left - 42, p.top - 52, "c on a stream of ones, never reset", style="lt-title")
        + text(p.left - 42, p.top - 30, f"c₂₀₀ = {scientific(end)}; {heads}", style="lt-key")
    )
