"""The picture of the scalar cell: its layers over x, and what happens at every step.

js/scalar_picture.js draws the same in the page; a test holds both equal.
"""

from ..activations import logistic, tanh
from ..drawing.plots import signed
from .axes import Plot, at, linear
from .plot import curve, frame, inside, key, markers, rule_x, text

WIDTH = 880  # of the still picture
LAYERS = [(1, "i, input gate"), (2, "f, forget gate"), (3, "g, candidate"), (4, "o, output gate")]
ENDS = (1, 1.5, 2, 5, 10, 20)  # where the axis of c may end
KEPT = 0.1  # how far c may stray, as a part of it


def drawn(scene, width):
    """The height and the marks of the picture, so many pixels wide."""
    wide = width >= 680
    box = (44, 100, 412, 396) if wide else (44, 100, width - 18, 330)
    left, top = (488, 54) if wide else (44, 434)
    curves = _layers(scene, Plot(*box, linear(-1.2, 1.2), linear(-1.1, 1.1)))
    return top + 388, curves + _steps(scene, left, top, width - 18)


def _layers(scene, p):
    """The four layers over x, with h as it is before step t, and where the goal wants i."""
    t, symbols = scene["t"], scene["x"]
    h, wanted = scene["h"][t - 1], symbols[scene["keyStep"] - 1]
    places = [(p.left - 34 + x, 52 + y) for y in (0, 20) for x in (0, 176)]
    out = [frame(p, "x"), rule_x(p, symbols[t - 1])]
    for n, (kind, words) in reversed([*enumerate(LAYERS)]):
        w, u, b = scene["weights"][n]
        squash = tanh if kind == 3 else logistic
        points = [(x / 50, float(squash(w * x / 50 + h * u + b))) for x in range(-60, 61)]
        now = (symbols[t - 1], float(squash(w * symbols[t - 1] + h * u + b)))
        out.append(curve(p, points, kind, 24, 6 * n) + markers(p, [now], kind, 7))
        out.append(key(*places[n], [(kind, words)]))
    out += [_target(p, x, x == wanted) for x in sorted(set(symbols))]
    out.append(text(p.across(wanted), p.down(1) - 8, "key", "middle", "lt-note"))
    title = f"the layers over x (h before step {t}: {signed(h)})"
    return text(p.left - 34, 22, title, style="lt-title") + "".join(out)


def _target(p, x, wanted):
    """A box that the curve of i must pass for this symbol: above 0.9, or below 0.1."""
    low, high = (0.9, 1) if wanted else (0, 0.1)
    left, top = p.across(x - 0.06), p.down(high)
    size = f'width="{at(p.across(x + 0.06) - left)}" height="{at(p.down(low) - top)}"'
    return f'<rect class="lt-target" x="{at(left)}" y="{at(top)}" {size}/>'


def _steps(scene, left, top, right):
    """x, i, c and h of every step, a row of bars each."""
    last, t = len(scene["x"]), scene["t"]
    steps = linear(0.5, last + 0.5, 12)
    reach = 1.15 * max(abs(c) for c in scene["c"])
    end = next(end for end in ENDS if end >= reach)
    rows = [
        ("x", "x, input", scene["x"], linear(-1, 1, 2)),
        ("i", "i, input gate", scene["i"], linear(0, 1, 1)),
        ("c", "c, cell state", scene["c"], linear(-end, end, 3)),
        ("h", "h, output", scene["h"][1:], linear(-1, 1, 2)),
    ]
    out = []
    for n, (name, words, values, axis) in enumerate(rows):
        y = top + 88 * n
        x_axis = steps if n == len(rows) - 1 else steps._replace(ticks=[])
        p = Plot(left, y, right, y + 56, x_axis, axis)
        if n == 0:
            out.append(_column(p, t, top + 3 * 88 + 56))
            place = (p.across(scene["keyStep"]), p.bottom - 7, "key", "middle", "lt-note")
            out.append(text(*place))
        out.append(_bars(p, values) + frame(p, "step t" if n == len(rows) - 1 else ""))
        if name == "c":
            out.append(_band(p, scene["c"], scene["keyStep"]))
        number = signed(values[t - 1])
        out.append(text(left - 34, y - 12, f"{words}: {number}", style="lt-title"))
    return "".join(out)


def _column(p, t, bottom):
    """The strip behind step t."""
    x, wide = p.across(t - 0.5), p.across(t + 0.5) - p.across(t - 0.5)
    size = f'width="{at(wide)}" height="{at(bottom - p.top)}"'
    return f'<rect class="lt-band" data-kind="goal" x="{at(x)}" y="{at(p.top)}" {size}/>'


def _band(p, c, step):
    """From the key symbol to the end: as far as c may stray."""
    kept = c[step - 1]
    lines = [
        f"M{at(p.across(step + 0.5))},{at(p.down(kept * part))} H{at(p.right)}"
        for part in (1 - KEPT, 1 + KEPT)
    ]
    return inside(p, f'<path class="lt-rule" data-kind="zero" d="{" ".join(lines)}"/>')


def _bars(p, values):
    """A bar from 0 to each value: its place and its colour say the sign."""
    zero, out = p.down(0), []
    for n, value in enumerate(values):
        x, y = p.across(n + 0.65), p.down(value)
        size = f'width="{at(p.across(n + 1.35) - x)}" height="{at(abs(y - zero))}"'
        sign = "negative" if value < 0 else "positive"
        place = f'x="{at(x)}" y="{at(min(y, zero))}" {size}'
        out.append(f'<rect class="lt-amount" data-sign="{sign}" {place}/>')
    line = f'<path class="lt-grid" d="M{at(p.left)},{at(zero)} H{at(p.right)}"/>'
    return inside(p, "".join(out)) + line
