"""The picture of the spectrum: the eigenvalues in the plane, the gradient over the lag, the slopes.

js/spectrum_picture.js draws the same in the page; a test holds both equal.
"""

from .axes import Plot, at, linear, logarithmic
from .plot import curve, disc, frame, key, markers, rule_y, text

WIDTH = 880  # of the still picture
REACH = 2.2  # of the plane
ROUNDING = 2**-23  # what float32 cannot add to 1


def drawn(scene, width):
    """The height and the marks of the picture, so many pixels wide."""
    wide = width >= 680
    side = 290 if wide else min(width - 64, 290)
    left, top = (392, 82) if wide else (52, side + 206)
    reach = linear(-REACH, REACH, 4)
    plane = Plot(44, 62, 44 + side, 62 + side, reach, reach)
    lags = linear(0, len(scene["tanh"]) - 1)
    norms = Plot(left, top, width - 18, top + 230, lags._replace(ticks=[]), logarithmic(-12, 12))
    slopes = Plot(left, top + 262, width - 18, top + 302, lags, linear(0, 1, 1))
    body = (
        _eigenvalues(scene, plane)
        + _gradient_lines(scene, norms, wide)
        + _slope_bars(scene["slopes"], slopes)
    )
    return top + 350, body


def _eigenvalues(scene, p):
    radius, sigma_max = scene["radius"], scene["sigmaMax"]
    x, y = at(p.across(0)), at(p.down(0))
    rx, ry = at(p.across(1) - p.across(0)), at(p.down(0) - p.down(1))
    words = f"spectral radius {radius:.2f}, σ max {sigma_max:.2f}"
    return (
        f'<ellipse class="lt-band" data-kind="goal" cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"/>'
        + frame(p, "real part")
        + disc(p, 0, 0, 1)
        + disc(p, 0, 0, sigma_max, 3)
        + markers(p, scene["points"], 4)
        + text(10, 22, "eigenvalues of U", style="lt-title")
        + text(10, 42, words, style="lt-key")
    )


def _gradient_lines(scene, p, wide):
    bound = [scene["sigmaMax"] ** k for k in range(len(scene["tanh"]))]
    start, high = p.left - 38, p.top - (60 if wide else 80)
    keys = [(1, "tanh"), (2, "linear"), (3, "bound: σ maxᵏ")]
    places = [(0, 0), (104, 0), (304, 0)] if wide else [(0, 0), (104, 0), (0, 20)]
    title, lost = "‖∂h_T/∂h_t‖ over the lag T − t", "below: lost in float32 beside 1"
    return (
        _target(scene["radius"], p)
        + frame(p)
        + rule_y(p, 1, "", "zero")
        + rule_y(p, ROUNDING)
        + text(p.left + 8, p.down(ROUNDING) - 6, lost, style="lt-note")
        + curve(p, list(enumerate(bound)), 3, 10, 8)
        + curve(p, list(enumerate(scene["linear"])), 2, 10, 5)
        + curve(p, list(enumerate(scene["tanh"])), 1, 10)
        + text(start, high, title, style="lt-title")
        + "".join(
            key(start + x, high + 22 + y, [one]) for (x, y), one in zip(places, keys, strict=True)
        )
    )


def _target(radius, p):
    """Where the goal wants the lines, once the radius is where it must be."""
    if radius <= 0.95:
        return rule_y(p, 10, "goal: linear above 10")
    if radius < 1.2:
        return ""
    x, y = p.across(47), p.down(1e-3)
    box = f'x="{at(x)}" y="{at(y)}" width="{at(p.right - x)}" height="{at(p.bottom - y)}"'
    note = text(x - 6, p.bottom - 8, "goal: tanh ends in here", "end", "lt-note")
    return f'<rect class="lt-band" data-kind="goal" {box}/>{note}'


def _slope_bars(slopes, p):
    """The mean slope at each step back, a bar each."""
    bars = []
    for k, slope in enumerate(slopes):
        x, wide = p.across(k), p.across(k + 1) - p.across(k)
        top, bottom = at(p.down(slope)), at(p.bottom)
        bars.append(f"M{at(x)},{bottom} V{top} h{at(wide)} V{bottom} Z")
    words = "mean slope tanh′ of the 16 units in that step"
    return (
        f'<path class="lt-marker" data-kind="1" d="{" ".join(bars)}"/>'
        + frame(p, "lag T − t", "")
        + text(p.left - 38, p.top - 10, words, style="lt-key")
    )
