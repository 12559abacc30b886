"""Live values as they look in a still picture: the same squares that js/controls.js draws.

A value from -1 to 1 fills its square from below (positive) or from above (negative): its
place, its length and its colour all say the sign.
"""

import re

from ..drawing.plots import signed

PLACE = re.compile(
    r'(<g class="lt-copy" data-copy="(?P<copy>\d+)">)'
    r'|<g class="lt-value" data-value="(?P<name>\w+)" data-orient="(?P<orient>[hv])"[^>]*>'
)
WIDTH = 48  # of a row of squares


def filled(svg, values):
    """An SVG drawing with its value places filled.

    values: {(copy, name): (numbers, number)}, or (numbers, number, label); copy is None where
    the drawing has no copies, number is the one to write out (None for none), label a name
    to put beside the place.
    """
    copy = None

    def fill(match):
        nonlocal copy
        if match["copy"]:
            copy = int(match["copy"])
            return match[0]
        numbers, number, *label = values.get((copy, match["name"]), ((), None))
        name = f'<text x="-11" y="10" font-style="italic">{label[0]}</text>' if label else ""
        return match[0] + squares(numbers, number, match["orient"]) + name

    return PLACE.sub(fill, svg)


def squares(numbers, number, orient):
    """One square for each number, in a row ("h") or a column ("v"), and one number as text.

    A single number gets a bar instead: to the right of its middle, or to the left.
    """
    parts, side = [], WIDTH / max(len(numbers), 4)
    for n, value in enumerate(numbers):
        x, y = (n * side, 0) if orient == "h" else (0, n * side)
        part = min(abs(value), 1)
        if len(numbers) == 1:
            frame, size = WIDTH, part * WIDTH / 2
            box = (WIDTH / 2 - (size if value < 0 else 0), y, size, side)
            middle = f"M{WIDTH / 2:g},-2 v{side + 4:g}"
            parts.append(f'<path d="{middle}" style="stroke:var(--lt-muted)"/>')
        else:
            frame, size = side, part * side
            box = (x, y if value < 0 else y + side - size, side, size)
        colour = "negative" if value < 0 else "positive"
        parts.append(_rect(f"fill:var(--lt-{colour})", *box))
        parts.append(_rect("fill:none;stroke:var(--lt-muted)", x, y, frame, side))
    if number is not None:
        place = 'x="24" y="27" text-anchor="middle"' if orient == "h" else 'x="20" y="29"'
        parts.append(f'<text {place} font-size="14">{signed(number)}</text>')
    return "".join(parts)


def _rect(style, x, y, width, height):
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" style="{style}"/>'
    )
