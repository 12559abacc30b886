"""Charts for the still pictures: frames, curves, points, reference lines, cells.

js/plot.js draws the same charts in the page: the same functions return the same SVG text, and
a test holds both equal. Lengths are pixels, values are in the units of the axes. Kinds 1 to 4
differ in colour, dash and marker; all colours are in plot.css.
"""

from functools import cache
from html import escape
from pathlib import Path

from ..drawing import Drawing
from ..drawing.palette import standalone_css
from .axes import at, round_off

LEVELS = 12  # shades of a cell


def _path(style, kind, d):
    return f'<path class="{style}" data-kind="{kind}" d="{d}"/>'


def text(x, y, words, anchor="start", style="lt-tick"):
    """Words at (x, baseline y)."""
    place = f'x="{at(x)}" y="{at(y)}" text-anchor="{anchor}"'
    return f'<text class="{style}" {place}>{escape(words, quote=False)}</text>'


def frame(p, x_label="", y_label=""):
    """The axes with their ticks and names, and a faint line across at each tick of y."""
    out = []
    for share, words in p.y.ticks:
        y = p.bottom - (p.bottom - p.top) * share
        out.append(f'<path class="lt-grid" d="M{at(p.left)},{at(y)} H{at(p.right)}"/>')
        out.append(text(p.left - 7, y + 4.5, words, "end"))
    for share, words in p.x.ticks:
        x = p.left + (p.right - p.left) * share
        out.append(f'<path class="lt-axis" d="M{at(x)},{at(p.bottom)} v5"/>')
        out.append(text(x, p.bottom + 19, words, "middle"))
    ends = f"M{at(p.left)},{at(p.top)} V{at(p.bottom)} H{at(p.right)}"
    out.append(f'<path class="lt-axis" d="{ends}"/>')
    if x_label:
        out.append(text((p.left + p.right) / 2, p.bottom + 38, x_label, "middle", "lt-axis-name"))
    if y_label:
        out.append(text(p.left - 7, p.top - 10, y_label, "start", "lt-axis-name"))
    return "".join(out)


def curve(p, points, kind=1, every=0, first=0):
    """A line through points (x, y), cut off at the frame. A NaN breaks it; every: a marker at
    each so many points, from number `first` on."""
    parts, pen = [], "M"
    for x, y in points:
        if x != x or y != y:
            pen = "M"
            continue
        parts.append(f"{pen}{at(p.across(x))},{at(p.down(y))}")
        pen = "L"
    line = _path("lt-curve", kind, " ".join(parts))
    chosen = [point for n, point in enumerate(points) if every and n % every == first]
    return inside(p, line) + markers(p, chosen, kind)


def markers(p, points, kind=1, size=4.5):
    """A marker at each point (x, y) that lies on the axes: ● ■ ▲ ◆ for kinds 1 to 4."""
    seen = [(x, y) for x, y in points if p.x.holds(x) and p.y.holds(y)]
    return "".join(marker(p.across(x), p.down(y), kind, size) for x, y in seen)


def marker(x, y, kind=1, r=4.5):
    """One marker at a pixel."""
    shape = {
        1: ("m", -1, 0, "a", 1, 1, "0 1 0", 2, 0, "a", 1, 1, "0 1 0", -2, 0),
        2: ("m", -1, -1, "h", 2, "v", 2, "h", -2),
        3: ("m", 0, -1.2, "l", 1.2, 2.1, "h", -2.4),
        4: ("m", 0, -1.4, "l", 1.4, 1.4, "l", -1.4, 1.4, "l", -1.4, -1.4),
    }[kind]
    d = " ".join(part if isinstance(part, str) else at(part * r) for part in shape)
    return _path("lt-marker", kind, f"M{at(x)},{at(y)} {d} Z")


def rule_y(p, value, words="", kind="limit"):
    """A dashed line across at a value of y, its words above its right end. kind: "limit",
    "zero" (solid), or 1 to 4. Nothing where the value is off the axis."""
    if not p.y.holds(value):
        return ""
    y = p.down(value)
    line = _path("lt-rule", kind, f"M{at(p.left)},{at(y)} H{at(p.right)}")
    return line + (text(p.right - 4, y - 6, words, "end", "lt-note") if words else "")


def rule_x(p, value, words="", kind="limit"):
    """The same upright at a value of x, its words at the top, to its right (or its left)."""
    if not p.x.holds(value):
        return ""
    x = p.across(value)
    line = _path("lt-rule", kind, f"M{at(x)},{at(p.top)} V{at(p.bottom)}")
    late = p.x.share(value) > 0.6
    place = (x - 6, p.top + 13, words, "end") if late else (x + 6, p.top + 13, words, "start")
    return line + (text(*place, "lt-note") if words else "")


def band_y(p, low, high, words="", kind="goal"):
    """The values of y from low to high as a tinted strip. kind: "goal" or "wrong"."""
    top, bottom = max(p.down(high), p.top), min(p.down(low), p.bottom)
    if bottom <= top:
        return ""
    box = (
        f'x="{at(p.left)}" y="{at(top)}" width="{at(p.right - p.left)}" height="{at(bottom - top)}"'
    )
    note = text(p.left + 8, bottom - 6, words, "start", "lt-note") if words else ""
    return f'<rect class="lt-band" data-kind="{kind}" {box}/>{note}'


def cells(p, rows):
    """Values -1 to 1 as shaded squares that fill the frame, the first row at the bottom. The
    shade says the size, the colour the sign; NaN stays empty."""
    wide, high = (p.right - p.left) / len(rows[0]), (p.bottom - p.top) / len(rows)
    shades = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value == value:
                level = int(round_off(min(abs(value), 1) * LEVELS, 1))
                square = f"M{at(p.left + c * wide)},{at(p.bottom - (r + 1) * high)}"
                key = ("negative" if value < 0 else "positive", level)
                shades.setdefault(key, []).append(f"{square}h{at(wide)}v{at(high)}h{at(-wide)}z")
    out = []
    for (sign, level), squares in sorted(shades.items()):
        shade = f'data-sign="{sign}" fill-opacity="{at(level / LEVELS)}"'
        d = "".join(squares)
        out.append(f'<path class="lt-cell" {shade} d="{d}"/>')
    return "".join(out)


def disc(p, x, y, radius, kind="limit"):
    """A circle around (x, y), its radius in the units of the axes."""
    rx, ry = p.across(x + radius) - p.across(x), p.down(y) - p.down(y + radius)
    place = f'cx="{at(p.across(x))}" cy="{at(p.down(y))}" rx="{at(rx)}" ry="{at(ry)}"'
    return inside(p, f'<ellipse class="lt-disc" data-kind="{kind}" {place}/>')


def inside(p, svg):
    """What is drawn, cut off at the frame."""
    x, y, width, height = map(at, (p.left, p.top, p.right - p.left, p.bottom - p.top))
    size = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<svg {size} viewBox="{x} {y} {width} {height}">{svg}</svg>'


def key(x, y, entries, lower=20):
    """What each kind of line means: (kind, words), one below the other from (x, y) on."""
    out = []
    for n, (kind, words) in enumerate(entries):
        line = y + n * lower
        out.append(_path("lt-curve", kind, f"M{at(x)},{at(line)} h34"))
        out.append(marker(x + 17, line, kind))
        out.append(text(x + 42, line + 4.5, words, "start", "lt-key"))
    return "".join(out)


@cache
def css():
    """The rules of charts, for a page and for a card."""
    return Path(__file__).with_name("plot.css").read_text(encoding="utf-8")


def card(width, height, title, description, body):
    """A Drawing of this size around the marks (SVG text): what a figure's `picture` returns."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lt-drawing" viewBox="0 0 {at(width)} '
        f'{at(height)}" width="{at(width)}" height="{at(height)}" role="img" '
        f'aria-labelledby="lt-title lt-desc">\n<style>{standalone_css()}{css()}</style>'
        f'<title id="lt-title">{escape(title)}</title>'
        f'<desc id="lt-desc">{escape(description)}</desc>\n'
        f'<rect class="lt-card" width="100%" height="100%" rx="12"/>\n{body}\n</svg>'
    )
    return Drawing(svg, title, description)
