"""The picture of the cliff: the map with both ways, the lengths of the gradients, the losses.

js/cliff_picture.js draws the same in the page; a test holds both equal.
"""

import math

from .axes import Plot, at, linear, logarithmic, number, round_off, scientific
from .plot import band_y, curve, frame, inside, key, marker, rule_x, rule_y, text

WIDTH = 880  # of the still picture
COLUMNS, ROWS = 96, 60
# Layers of shade: from which loss on, how opaque. Words on all of them keep their contrast.
LAYERS = (
    (0.01, 0.06),
    (0.02, 0.05),
    (0.04, 0.05),
    (0.06, 0.05),
    (0.08, 0.06),
    (0.3, 0.09),
    (1, 0.08),
    (2, 0.08),
)
CLIPPED, PLAIN = 1, 4  # the kinds of the two ways


def drawn(scene, width, ground=lambda p: ""):
    """The height and the marks of the picture, so many pixels wide. ground(p) draws the loss."""
    wide = width >= 680
    west, east, south, north = scene["problem"]["map"]
    right = width - 330 if wide else width - 14
    tall = 350 if wide else math.floor(0.8 * (right - 52) + 0.5)
    land = Plot(52, 64, right, 64 + tall, linear(west, east), linear(south, north))
    left, top = (right + 66, 64) if wide else (58, tall + 178)
    steps = linear(0, scene["problem"]["steps"])
    bare = steps._replace(ticks=[])
    lengths = Plot(left, top, width - 16, top + 130, bare, logarithmic(-6, 4, 5))
    losses = Plot(left, top + 190, width - 16, top + 350, steps, logarithmic(-6, 1, 7))
    body = _land(scene, ground(land), land) + _gradients(scene, lengths) + _fall(scene, losses)
    return max(64 + tall, top + 350) + 50, body


def _edge(problem, p):
    """The edge of the cliff as maps draw it: a line, with teeth on the side that lies low."""
    h0, east = problem["h0"], problem["map"][1]
    west, ends = 1 / (1 - h0 * h0), 24

    def b(u):
        return math.atanh(h0) - h0 * u

    u = [west + (east - west) * n / ends for n in range(1, ends)]
    teeth = " ".join(f"M{at(p.across(one))},{at(p.down(b(one)))} l-3,6" for one in u)
    line = " L".join(f"{at(p.across(one))},{at(p.down(b(one)))}" for one in (west, east))
    return inside(p, f'<path class="lt-line lt-rail" d="M{line} {teeth}"/>')


def _land(scene, ground, p):
    clipped, plain = scene["ways"]
    seen, clip = scene["steps"] + 1, scene["clip"]

    def note(u, b, words, anchor="start"):
        return text(p.across(u), p.down(b), words, anchor, "lt-note")

    def dot(n, u, b):
        x, y = p.across(u), p.down(b)
        return marker(x, y, PLAIN, 2.6) + text(x + 6, y + 15, str(n), "start", "lt-note")

    slope = (p.down(-0.5) - p.down(0)) / (p.across(2) - p.across(1))
    angle = math.atan(slope) * 180 / math.pi
    turn = f"rotate({at(angle)} {at(p.across(2.1))} {at(p.down(-0.47))})"
    cliff = note(2.1, -0.47, "cliff", "middle").replace("<text", f'<text transform="{turn}"')
    size = f'width="{at(p.right - p.left)}" height="{at(p.bottom - p.top)}"'
    return (
        f'<rect class="lt-band" data-kind="goal" x="{at(p.left)}" y="{at(p.top)}" {size}/>'
        + ground
        + frame(p, "u", "b")
        + _edge(scene["problem"], p)
        + note(2.14, 0.24, "high ground: loss over 2", "end")
        + note(0.44, -0.46, "low ground")
        + cliff
        + "".join(dot(n, u, b) for n, (u, b) in enumerate(scene["problem"]["starts"], 1))
        + (_way(clipped["points"][:seen], CLIPPED, p) if clip else "")
        + _way(plain["points"][:seen], PLAIN, p)
        + text(10, 20, "the loss over u and b", style="lt-title")
        + key(190, 16, [(PLAIN, "without clipping")])
        + (key(190, 36, [(CLIPPED, f"clipped to {number(clip)}")]) if clip else "")
    )


def _way(points, kind, p):
    """One way on the map; where it ends outside, a mark at the edge says where it is."""

    def pixel(u, b):
        x = p.left + (u - p.x.low) / (p.x.high - p.x.low) * (p.right - p.left)
        return x, p.bottom - (b - p.y.low) / (p.y.high - p.y.low) * (p.bottom - p.top)

    def holds(x, y):
        return p.left <= x <= p.right and p.top <= y <= p.bottom

    pixels = [pixel(*point) for point in points]
    pieces = [_cut(*pair, p) for pair in zip(pixels, pixels[1:], strict=False)]
    pieces = [piece for piece in pieces if piece]
    d = " ".join(f"M{at(x)},{at(y)} L{at(to_x)},{at(to_y)}" for (x, y), (to_x, to_y) in pieces)
    line = f'<path class="lt-curve" data-kind="{kind}" d="{d}"/>'
    line += "".join(marker(x, y, kind, 2.6) for x, y in pixels if holds(x, y))
    if holds(*pixels[-1]):
        return line + marker(*pixels[-1], kind, 6.5)
    x, y = pieces[-1][1] if pieces else (p.left, p.top)
    late = x > (p.left + p.right) / 2
    u, b = points[-1]
    low = min(max(y + (18 if kind == PLAIN else 36), p.top + 18), p.bottom - 8)
    words = f"to u = {number(round_off(u, 10))}, b = {number(round_off(b, 10))}"
    place = (x + (-12 if late else 12), low, words, "end" if late else "start")
    return line + marker(x, y, kind, 6.5) + text(*place, "lt-note")


def _cut(start, end, p):
    """The part of a piece of way that lies on the map (Liang and Barsky's rule), or None."""
    (x, y), (to_x, to_y) = start, end
    dx, dy = to_x - x, to_y - y
    begin, last = 0, 1
    for slope, room in (
        (-dx, x - p.left),
        (dx, p.right - x),
        (-dy, y - p.top),
        (dy, p.bottom - y),
    ):
        if slope == 0 and room < 0:
            return None
        if slope < 0:
            begin = max(begin, room / slope)
        if slope > 0:
            last = min(last, room / slope)
    if begin > last:
        return None
    return (x + begin * dx, y + begin * dy), (x + last * dx, y + last * dy)


def _gradients(scene, p):
    (clipped, plain), clip = scene["ways"], scene["clip"]
    met, free = ([*enumerate(way["lengths"][: scene["steps"]])] for way in (clipped, plain))
    longest = f"longest: {scientific(max(plain['lengths']))} without clipping"
    return (
        frame(p)
        + (rule_y(p, clip, f"clip {number(clip)}") if clip else "")
        + (curve(p, met, CLIPPED, 10) if clip else "")
        + curve(p, free, PLAIN, 10, 5)
        + text(p.left - 48, p.top - 44, "length of the gradient", style="lt-title")
        + text(p.left - 48, p.top - 24, longest, style="lt-key")
    )


def _fall(scene, p):
    (clipped, plain), seen = scene["ways"], scene["steps"]
    with_clip, free = ([*enumerate(way["losses"][: seen + 1])] for way in (clipped, plain))
    return (
        band_y(p, 1e-6, scene["problem"]["low"], "goal: ends in here")
        + frame(p, "steps of descent")
        + (rule_x(p, seen) if seen < scene["problem"]["steps"] else "")
        + (curve(p, with_clip, CLIPPED, 10) if scene["clip"] else "")
        + curve(p, free, PLAIN, 10, 5)
        + text(p.left - 48, p.top - 14, "loss", style="lt-title")
    )
