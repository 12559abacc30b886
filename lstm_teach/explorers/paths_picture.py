"""The picture of the paths: the LSTM's module with the ways of the gradient, and its size.

js/paths_picture.js draws the same in the page; a test holds both equal.
"""

import re

from .. import drawing
from ..drawing.lstm import BUS, KEEP, LAYER, ROAD, F, G, I, O
from . import plot
from .axes import Plot, at, linear, logarithmic, round_off
from .plot import curve, frame, key, rule_y, text

WIDTH = 880  # of the still picture
PATHS = {
    "carousel": "carousel c → c",
    "i": "h → U → input gate i",
    "f": "h → U → forget gate f",
    "g": "h → U → candidate g",
    "o": "h → U → output gate o",
}
ROWS = {"i": I, "f": F, "g": G, "o": O}
LOW, HIGH = -20, 15  # where the axis ends, as powers of ten
ENTRY = re.compile(r'class="lt-(wire|node)" data-\w+="(\w+)"')


def lit(on):
    """The wires and the nodes of the module that a gradient on its way from c to c passes."""
    c_to_h = on["i"] or on["f"] or on["g"]  # without one of these, nothing comes back to h
    out = on["o"] and c_to_h
    parts = {
        "c_before": on["carousel"],
        "kept keep": on["carousel"] or on["f"],
        "c add": on["carousel"] or c_to_h,
        "f": on["f"],
        "i": on["i"],
        "g": on["g"],
        "written write": on["i"] or on["g"],
        "o": out,
        "merge merged h_before h reveal tanh_c squash": c_to_h,
    }
    return [name for names, passed in parts.items() if passed for name in names.split()]


def marks(scene):
    """On the module: a cross where a path is cut, and the factor of a step where it is not."""
    out = []
    for name, on in scene["on"].items():
        x, y = (KEEP - 128, ROAD) if name == "carousel" else (BUS + 20, ROWS[name])
        words = f"× {small(scene['factors'][name])}"
        place = (KEEP - 128, ROAD - 22) if name == "carousel" else (LAYER + 72, ROWS[name] + 26)
        cross = f"M{x - 9},{y - 9} l18,18 m0,-18 l-18,18"
        out.append(
            text(*place, words, "middle", "lt-factor")
            if on
            else f'<path class="lt-cut" d="{cross}"/>' + text(*place, "cut", "middle", "lt-factor")
        )
    return "".join(out)


def small(value):
    """A factor in few signs: 0.042, 0.37, 12.3."""
    if value < 0.0995:
        return f"{round_off(value, 1000):.3f}"
    return f"{round_off(value):.2f}" if value < 9.995 else f"{round_off(value, 10):.1f}"


def curves(scene, width):
    """The height and the marks of the chart below the module, so many pixels wide."""
    wide = width >= 640
    top = 76 if wide else 116
    lags = linear(0, len(scene["norms"]) - 1)
    p = Plot(56, top, width - 18, top + 240, lags, logarithmic(LOW, HIGH))
    left, high, low = p.across(46), p.down(1e3), p.down(1e-6)
    ends = [("up", p.top, high), ("down", low, p.bottom)]
    targets = "".join(
        f'<rect class="lt-band" data-kind="goal" x="{at(left)}" y="{at(y)}" '
        f'width="{at(p.right - left)}" height="{at(bottom - y)}"/>'
        for _, y, bottom in ends
    )
    keys = [(1, "the paths that are on"), (3, "all paths"), (2, "product of f, largest unit")]
    places = [(0, 0), (226, 0), (364, 0)] if wide else [(0, 0), (0, 20), (0, 40)]
    along = {name: list(enumerate(scene[name])) for name in ("norms", "whole", "products")}
    body = (
        targets
        + frame(p, "lag T − t")
        + rule_y(p, 1, "", "zero")
        + curve(p, along["products"], 2, 10, 5)
        + curve(p, along["norms"], 1, 10)
        + curve(p, along["whole"], 3, 10, 8)
        + text(left - 6, p.top + 14, "goal: all paths end in here", "end", "lt-note")
        + text(left - 6, p.bottom - 8, "goal: the product ends in here", "end", "lt-note")
        + text(18, 22, "‖∂c_T/∂c_t‖ over the lag T − t", style="lt-title")
        + "".join(key(18 + x, 46 + y, [one]) for (x, y), one in zip(places, keys, strict=True))
    )
    return top + 288, body


def card(scene):
    """The still picture: the module above, the chart below."""
    whole = drawing.lstm_module()
    passed = lit(scene["on"])

    def entry(match):
        style = "lt-flow" if match[2] in passed else "lt-later"
        return match[0].replace(f'"lt-{match[1]}"', f'"lt-{match[1]} {style}"')

    inner = whole.svg.partition('rx="12"/>\n')[2].removesuffix("\n</svg>")
    high = round(WIDTH * 624 / 1040)
    height, chart = curves(scene, WIDTH)
    body = (
        f'<svg width="{WIDTH}" height="{high}" viewBox="0 0 1040 624">'
        f"{ENTRY.sub(entry, inner)}{marks(scene)}</svg>"
        f'<g transform="translate(0,{high})">{chart}</g>'
    )
    words = (
        "Above, the LSTM module with the wires that the gradient passes on its way back, a cross "
        "where a path is cut, and beside each other path what a usual step multiplies by. Below, "
        "over the lag T - t, on a logarithmic axis, ‖∂c_T/∂c_t‖ by the paths that are on as a line "
        "with discs, by all paths as dots with triangles, and the product of the forget gates as "
        "a dashed line with squares."
    )
    return plot.card(WIDTH, high + height, "The gradient's paths through the LSTM", words, body)
