"""The explorers' pictures, drawn with matplotlib: the other side of `slider_latency.py`.

The usual pattern of a course: a function that computes, makes a figure, draws and shows it,
called by ipywidgets' `interact`. It draws what the explorers draw, at the same places, and
nothing is slower than it must be: axes, ticks and mathematical typesetting, the dear parts of
matplotlib, are left out, and all lines, all fillings, all frames are one collection each.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Circle, FancyBboxPatch

import lstm_teach as lt

LINE, TEXT, MUTED = "#23303d", "#16202a", "#4b5a69"
POSITIVE, NEGATIVE = "#bf5300", "#2b62b8"
SIDE = 11

# The LSTM's module. A wire is its corners and its thickness; all but h_before, x and z's
# first end in an arrow.
WIRES = [
    ([(24, 120), (444, 120)], 5),
    ([(24, 520), (224, 520), (224, 500)], 2.5),
    ([(224, 608), (224, 500)], 2.5),
    ([(224, 492), (224, 216), (264, 216)], 2.5),
    ([(224, 288), (264, 288)], 2.5),
    ([(224, 360), (264, 360)], 2.5),
    ([(224, 432), (264, 432)], 2.5),
    ([(328, 216), (464, 216), (464, 140)], 2.5),
    ([(328, 288), (612, 288)], 2.5),
    ([(328, 360), (632, 360), (632, 308)], 2.5),
    ([(328, 432), (716, 432)], 2.5),
    ([(484, 120), (612, 120)], 5),
    ([(632, 268), (632, 140)], 2.5),
    ([(652, 120), (1016, 120)], 5),
    ([(736, 120), (736, 240)], 2.5),
    ([(736, 288), (736, 412)], 2.5),
    ([(756, 432), (1016, 432)], 2.5),
    ([(840, 432), (840, 130)], 2.5),
    ([(840, 110), (840, 16)], 2.5),
]
DOTS = [(224, 288, 5), (224, 360, 5), (224, 432, 5), (736, 120, 8), (840, 432, 5)]
LAYERS = [(296, 216, "σ"), (296, 288, "σ"), (296, 360, "tanh"), (296, 432, "σ")]
CIRCLES = [
    (464, 120, "×", 20),
    (632, 288, "×", 20),
    (632, 120, "+", 20),
    (736, 264, "tanh", 24),
    (736, 432, "×", 20),
]
LABELS = [
    (24, 106, "cₜ₋₁", "cell state"),
    (24, 508, "hₜ₋₁", "output"),
    (240, 568, "xₜ", "input"),
    (160, 304, "[x, h]", ""),
    (160, 324, "", "merged"),
    (244, 501, "", "concatenate"),
    (344, 204, "fₜ", "forget gate"),
    (344, 276, "iₜ", "input gate"),
    (344, 348, "gₜ", "candidate"),
    (344, 420, "oₜ", "output gate"),
    (488, 96, "fₜ × cₜ₋₁", "kept"),
    (516, 216, "iₜ × gₜ", "written"),
    (900, 106, "cₜ", "cell state"),
    (748, 328, "tanh cₜ", ""),
    (748, 348, "", "squashed"),
    (900, 420, "hₜ", "output"),
    (854, 34, "hₜ", "output"),
]
PLACES = {
    "c_before": (24, 132, "h"),
    "h_before": (24, 532, "h"),
    "x": (240, 578, "h"),
    "z": (160, 334, "h"),
    "f": (344, 224, "h"),
    "i": (344, 296, "h"),
    "g": (344, 368, "h"),
    "o": (344, 440, "h"),
    "kept": (488, 140, "h"),
    "written": (644, 188, "v"),
    "c": (900, 132, "h"),
    "tanh_c": (748, 356, "v"),
    "h": (900, 442, "h"),
}


def draw_cell(params, x, t, unit):
    """The LSTM's module at step t with the numbers of the four units on its wires."""
    _, _, trace = lt.forward(lt.LSTM, params, x)
    i, f, g, o = (v[t - 1, 0] for v in trace.gates)
    (h_before, h), (c_before, c) = (v[t - 1 : t + 1, 0] for v in trace.states)
    x_t = trace.x[t - 1, 0]
    values = {"c_before": c_before, "h_before": h_before, "x": x_t, "i": i, "f": f, "g": g, "o": o}
    values |= {"z": np.concatenate([x_t, h_before]), "kept": f * c_before, "written": i * g}
    values |= {"c": c, "tanh_c": np.tanh(c), "h": h}

    ax = new_card(1040, 624)
    ax.add_patch(frame(152, 64, 736, 472, 20))
    ax.axhspan(108, 132, 153 / 1040, 887 / 1040, color="#d9e5f2")
    draw_wires(ax, WIRES, without_arrow={1, 2})
    draw_dots(ax, DOTS)
    ax.plot([211, 237], [496, 496], color=LINE, linewidth=8, solid_capstyle="butt")
    for left, y, sign in LAYERS:
        draw_layer(ax, left, y, sign, 64, 48, 18)
    for centre, y, sign, radius in CIRCLES:
        circle = Circle((centre, y), radius, facecolor="#ffb8cc", edgecolor="#a8265a", zorder=3)
        ax.add_patch(circle)
        ax.text(centre, y, sign, ha="center", va="center", size=11, weight="bold", zorder=4)
    for left, y, name, word in LABELS:
        ax.text(left, y, name, size=14, style="italic", color=TEXT)
        ax.text(left + 9 * len(name) + 4 * bool(name), y, word, size=9, color=MUTED)

    meters = []
    for name, (left, top, orient) in PLACES.items():
        number = None if name == "z" else values[name][0 if name == "x" else unit - 1]
        meters.append((left, top, orient, values[name], number))
    draw_meters(ax, meters)
    plt.show()


def draw_chain(w, u, b, x, steps):
    """The chain of one unit, rolled up and unrolled, with the numbers at every copy."""
    params = lt.Params(
        W=np.full((1, 1, 1), w), U=np.full((1, 1, 1), u), b=np.full((1, 1), b), p=np.zeros((0, 1))
    )
    _, _, trace = lt.forward(lt.RNN, params, np.array(x[:steps])[:, None, None])
    h, x = trace.states.h[:, 0, 0], trace.x[:, 0, 0]
    z = x * w + h[:-1] * u + b

    start = 296
    ax = new_card(start + 104 * steps + 32, 336)
    wires, dots, meters = [], [], [(start - 56, 160, "h", h[:1], h[0])]
    for n in range(-1, steps):
        left = 48 if n < 0 else start + 104 * n
        fork = left + 82
        ax.add_patch(frame(left, 112, 88, 72, 20))
        draw_layer(ax, left + 58, 148, "tanh", 36, 40, 13)
        ax.plot([left + 22] * 2, [135, 161], color=LINE, linewidth=8, solid_capstyle="butt")
        wires += [
            ([(left, 148), (left + 18, 148)], 2.5),
            ([(left + 26, 148), (left + 40, 148)], 2.5),
        ]
        wires += [([(left + 76, 148), (fork, 148)], 2.5)]
        wires += [([(left + 8, 232), (left + 8, 148), (left + 18, 148)], 2.5)]
        dots.append((fork, 148, 5))
        if n < 0:
            wires += [([(fork, 148), (left + 112, 148), (left + 112, 72)], 2.5)]
            loop = [(fork, 148), (fork, 88), (left - 24, 88), (left - 24, 148), (left, 148)]
            wires += [(loop, 2.5)]
            continue
        wires += [([(fork, 148), (left + 104, 148)], 2.5), ([(fork, 148), (fork, 72)], 2.5)]
        for name, place, y in (("x", left + 8, 254), ("h", fork, 60)):
            ax.text(place, y, f"{name}{lowered(n + 1)}", size=14, style="italic", ha="center")
        ax.text(left + 13, 202, "z", size=11, style="italic", ha="center")
        meters += [(left + 24, 192, "h", z[n : n + 1], z[n])]
        meters += [(left - 16, 264, "h", x[n : n + 1], x[n])]
        meters += [(fork - 24, 8, "h", h[n + 1 : n + 2], h[n + 1])]
    draw_wires(ax, [*wires, ([(start - 56, 148), (start, 148)], 2.5)])
    draw_dots(ax, dots)
    for left, y, name, word in ((48, 254, "xₜ", "input"), (152, 60, "hₜ", "output")):
        ax.text(left, y, name, size=14, style="italic")
        ax.text(left + 24, y, word, size=9, color=MUTED)
    ax.text(start - 56, 136, "h₀", size=14, style="italic")
    ax.text(200, 157, "=", size=22, ha="center")
    for left, y, word in ((72, 78, "next step"), (48, 320, "rolled up"), (start, 320, "unrolled")):
        ax.text(left, y, word, size=9, color=MUTED)
    draw_meters(ax, meters)
    plt.show()


def new_card(width, height):
    """An empty card without axes, in pixels from its top left corner."""
    _, ax = plt.subplots(figsize=(width / 100, height / 100))
    ax.set(xlim=(0, width), ylim=(height, 0), position=(0, 0, 1, 1))
    ax.axis("off")
    return ax


def frame(x, y, width, height, radius):
    """The tinted frame of a module."""
    style = f"round,pad=0,rounding_size={radius}"
    return FancyBboxPatch(
        (x, y), width, height, style, facecolor="#eef3f8", edgecolor="#71839a", zorder=0
    )


def draw_layer(ax, x, y, sign, width, height, size):
    """A learned layer: a yellow box."""
    corner = (x - width / 2, y - height / 2)
    style = "round,pad=0,rounding_size=6"
    yellow = {"facecolor": "#ffd866", "edgecolor": "#7d6000", "zorder": 3}
    ax.add_patch(FancyBboxPatch(corner, width, height, style, **yellow))
    ax.text(x, y, sign, ha="center", va="center", size=0.7 * size, weight="bold", zorder=4)


def draw_wires(ax, wires, without_arrow=()):
    """All wires, as one collection, and their arrow heads, as another."""
    routes, thick = zip(*wires, strict=True)
    ax.add_collection(LineCollection(routes, linewidths=thick, colors=LINE))
    heads = []
    for n, route in enumerate(routes):
        if n not in without_arrow:
            end = np.array(route[-1], float)
            along = end - route[-2]
            along /= np.hypot(*along)
            back, aside = end - 11 * along, 5 * along[::-1]
            heads.append([end, back + aside, back - aside])
    ax.add_collection(PolyCollection(heads, facecolors=LINE))


def draw_dots(ax, dots):
    """Where a line forks, the vector is copied."""
    x, y, radius = np.array(dots).T
    ax.scatter(x, y, (1.44 * radius) ** 2, color=LINE, zorder=2)


def draw_meters(ax, meters):
    """Squares filled from below or from above, a bar for a single number, and one number."""
    fills, colours, frames = [], [], []
    for left, top, orient, values, number in meters:
        wide = 4 * SIDE if len(values) == 1 else SIDE
        for n, value in enumerate(values):
            x, y = (left + n * SIDE, top) if orient == "h" else (left, top + n * SIDE)
            size = min(abs(value), 1)
            if len(values) == 1:
                middle = x + wide / 2
                fills.append(
                    box(middle - (size * wide / 2) * (value < 0), y, size * wide / 2, SIDE)
                )
            else:
                fills.append(box(x, y if value < 0 else y + SIDE * (1 - size), SIDE, SIDE * size))
            colours.append(NEGATIVE if value < 0 else POSITIVE)
            frames.append(box(x, y, wide, SIDE))
        if number is not None:
            x, y = (left + 22, top + 27) if orient == "h" else (left + 34, top + 26)
            ax.text(x, y, f"{number:+.2f}", size=9, ha="center", color=TEXT)
    ax.add_collection(PolyCollection(fills, facecolors=colours, zorder=3))
    ax.add_collection(PolyCollection(frames, facecolors="none", edgecolors=MUTED, zorder=3))


def box(x, y, width, height):
    """The corners of a rectangle."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def lowered(number):
    """A number in small digits below the line."""
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))
