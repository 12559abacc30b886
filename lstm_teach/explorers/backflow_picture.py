"""The still picture of the back flow, as js/backflow_picture.js draws it in the page."""

from ..drawing.plots import signed
from . import plot
from .axes import Plot, at, linear

WIDTH = 880
HIGH = 22  # the longest bar
ENDS = sorted(n * 10.0**d for n in (1, 2, 5) for d in (-2, -1, 0, 1, 2, 3, 4))


def picture(figure, width):
    """The height and the marks of both charts, one above the other."""
    h = figure.trace.states.h[:, 0, 0].tolist()
    ways = [figure.way(k) for k in range(1, len(h))]
    errors = [0.0, *figure.errors[:, 0, 0].tolist()]
    height, flow = flow_picture(figure.t, figure.k, h, ways[-1], ways[figure.k - 1], errors, width)
    below, cuts = cut_picture(figure.k, [way.dU for way in ways], width, height)
    return below, flow + cuts


def flow_picture(t, k, h, whole, cut, direct, width):
    """The copies, and under each what comes back to it. The lists are of steps 0 to 12."""
    wide = width >= 640
    side, last = 128 if wide else 8, len(h) - 1
    pitch = (width - side - 8) / last

    def centre(step):
        return side + pitch * (step - 0.5)

    whole, cut = ([part.tolist() for part in way] for way in (whole, cut))
    error = _largest(whole[0][1:], cut[0][1:])
    rows = [
        ("hₜ", "output", h, h, 1),
        ("dhₜ = ∂L/∂hₜ", "error that arrives", cut[0], whole[0], error),
        ("δₜ = ∂L/∂zₜ", "before the tanh", cut[1], whole[1], error),
        ("δₜ · hₜ₋₁", "its share of dU", cut[2], whole[2], _largest(whole[2], cut[2])),
    ]
    y, out = 64, []
    for n, (name, words, values, full, scale) in enumerate(rows):
        if n == 1:
            out.append(_error_line(y + 10, t, k, direct, centre, pitch))
            y += 22
        so_far = f"so far {signed(sum(values[t:]))}" if n == 3 else ""
        title = name if wide else f"{name}: {words}" + (f", {so_far}" if so_far else "")
        out.append(plot.text(8, y + (22 if wide else 14), title, style="lt-title"))
        if wide:
            out.append(plot.text(8, y + 40, words) + plot.text(8, y + 58, so_far, style="lt-key"))
        y += 0 if wide else 18
        out.append(f'<path class="lt-grid" d="M{at(side)},{at(y + 26)} H{at(width - 8)}"/>')
        for step in range(1 if n == 0 else t, last + 1):
            for value, style in ((full[step], "lt-ghost"), (values[step], "lt-amount")):
                if style == "lt-amount" or value != values[step]:
                    out.append(_amount(centre(step), y + 26, value / scale, pitch, style))
            if wide or step == t:
                style = "lt-note" if not wide else "lt-key" if step == t else "lt-tick"
                middle = max(centre(step), 24)
                out.append(plot.text(middle, y + 62, signed(values[step]), "middle", style))
        y += 68
    y += 8
    for step in range(1, last + 1):
        style = "lt-key" if step == t else "lt-tick"
        out.append(plot.text(centre(step), y + 10, str(step), "middle", style))
    out.append(plot.text(8, y + 10, "step t") if wide else "")
    y += 18
    column = f'x="{at(centre(t) - pitch / 2)}" y="24" width="{at(pitch)}" height="{at(y - 24)}"'
    cuts = [
        f'<path class="lt-rule" data-kind="cut" d="M{at(centre(start) - pitch / 2)},134 V{at(y)}"/>'
        for start, _ in _spans(last, k)[1:]
    ]
    band = f'<rect class="lt-band" data-kind="goal" rx="6" {column}/>'
    return y + 4, "".join([band, _copies(side, width, centre, pitch, direct), *cuts, *out])


def cut_picture(k, over, width, top=0):
    """dU over the length of the spans; over[k - 1] belongs to k."""
    whole = over[-1]
    end = next(end for end in ENDS if end >= max(map(abs, over)))
    p = Plot(60, top + 58, width - 16, top + 218, linear(1, len(over), 12), linear(-end, end, 5))
    wrong = (0, end) if whole < 0 else (-end, 0)
    return top + 262, (
        ("" if whole == 0 else plot.band_y(p, *wrong, "wrong way", "wrong"))
        + plot.frame(p, "k, steps of a span")
        + plot.rule_x(p, k)
        + plot.rule_y(p, 0, "", "zero")
        + plot.rule_y(p, whole, "", 1)
        + plot.curve(p, list(enumerate(over, 1)), 2, 1)
        + plot.markers(p, [(k, over[k - 1])], 2, 8)
        + plot.text(20, top + 18, "dU, cut into spans of k steps", style="lt-title")
        + f'<path class="lt-rule" data-kind="1" d="M20,{at(top + 37)} h28"/>'
        + plot.text(54, top + 41, f"whole {signed(whole)}", style="lt-key")
        + plot.marker(170, top + 37, 2, 6)
        + plot.text(184, top + 41, f"cut {signed(over[k - 1])}", style="lt-key")
    )


def _largest(*lists):
    return max(abs(value) for values in lists for value in values) or 1


def _spans(last, k):
    """The first and last step of each span."""
    return [(start + 1, min(start + k, last)) for start in range(0, last, k)]


def _copies(side, width, centre, pitch, direct):
    """The tanh layers on their thread, and an arrow where a loss looks at an output."""
    half = min(22, pitch / 2 - 4)
    line = f'<path class="lt-line" d="M{at(side)},44 H{at(width - 14)}"/>'
    out = [line + _head(width - 6, 44, 9, 0)]
    for step, error in list(enumerate(direct))[1:]:
        x = centre(step)
        box = f'x="{at(x - half)}" y="30" width="{at(2 * half)}" height="28" rx="5"'
        words = "tanh" if half > 18 else ""
        out.append(f'<rect class="lt-layer" {box}/>')
        out.append(f'<text class="lt-sign" x="{at(x)}" y="48.5" font-size="13">{words}</text>')
        if error != 0:
            out.append(f'<path class="lt-error" d="M{at(x)},8 V18"/>')
            out.append(_head(x, 27, 0, 9, "lt-error-head"))
    style = "lt-note" if pitch < 40 else "lt-key"
    return "".join(out) + plot.text(centre(len(direct) - 1) - 9, 17, "loss", "end", style)


def _error_line(y, t, k, direct, centre, pitch):
    """The way of the error: from each loss back to step t, or to the cut before it. Where the
    error of a step's own loss meets what comes back, they add."""
    out = []
    for start, end in _spans(len(direct) - 1, k):
        if end >= t and direct[end] != 0:
            stop = max(start, t)
            x = centre(stop) - 0.42 * pitch
            line = f"M{at(centre(end) + 0.38 * pitch)},{at(y)} H{at(x + 8)}"
            out.append(f'<path class="lt-error" d="{line}"/>')
            out.append(_head(x, y, -9, 0, "lt-error-head"))
            out += [_sum(centre(step), y) for step in range(stop, end) if direct[step] != 0]
    return "".join(out)


def _sum(x, y):
    return (
        f'<circle class="lt-op" cx="{at(x)}" cy="{at(y)}" r="8"/>'
        f'<text class="lt-sign" x="{at(x)}" y="{at(y + 5)}" font-size="15">+</text>'
    )


def _head(x, y, dx, dy, style="lt-head"):
    """An arrow head with its tip at (x, y), pointing along (dx, dy)."""
    left, right = (-dx - dy / 2, -dy + dx / 2), (-dx + dy / 2, -dy - dx / 2)
    corners = " ".join(f"L{at(x + a)},{at(y + b)}" for a, b in (left, right))
    return f'<path class="{style}" d="M{at(x)},{at(y)} {corners} Z"/>'


def _amount(x, zero, part, pitch, style):
    size, wide = abs(part) * HIGH, min(24, 0.6 * pitch)
    sign = "negative" if part < 0 else "positive"
    top = zero if part < 0 else zero - size
    box = f'x="{at(x - wide / 2)}" y="{at(top)}" width="{at(wide)}" height="{at(size)}"'
    return f'<rect class="{style}" data-sign="{sign}" {box}/>'
