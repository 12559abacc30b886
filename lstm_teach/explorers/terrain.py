"""The ground of a map: a height at each corner of a grid, drawn as layers of shade.

js/terrain.js draws the same in the page; a test holds both equal.
"""

from .axes import at


def terrain(p, heights, layers):
    """SVG text: each layer covers what is above its height, with straight edges between corners.

    heights: rows from the bottom upwards. layers: (from which height on, how opaque) each.
    """
    wide = (p.right - p.left) / (len(heights[0]) - 1)
    high = (p.bottom - p.top) / (len(heights) - 1)

    def x(c):
        return p.left + c * wide

    def shapes(height):
        for r, (lower, upper) in enumerate(zip(heights, heights[1:], strict=False)):
            bottom, top = p.bottom - r * high, p.bottom - (r + 1) * high
            below, above = _stretches(lower, height), _stretches(upper, height)
            if len(below) != len(above):
                yield _cell_by_cell(lower, upper, height, x, bottom, top)
                continue
            for (a, b), (c, d) in zip(below, above, strict=True):
                yield f"M{at(x(a))},{at(bottom)}H{at(x(b))}L{at(x(d))},{at(top)}H{at(x(c))}z"

    return "".join(
        f'<path class="lt-cell" fill-opacity="{shade}" d="{"".join(shapes(height))}"/>'
        for height, shade in layers
    )


def _stretches(row, height):
    """Where along a row the ground is at least so high: (from, to) in columns."""
    edges = [0] if row[0] >= height else []
    for c, (before, now) in enumerate(zip(row, row[1:], strict=False)):
        if (before >= height) != (now >= height):
            edges.append(c + (height - before) / (now - before))
    if row[-1] >= height:
        edges.append(len(row) - 1)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _cell_by_cell(lower, upper, height, x, bottom, top):
    """The same between two rows where a stretch begins or ends: whole cells, parts of cells."""

    def whole(c):
        return min(lower[c], lower[c + 1], upper[c], upper[c + 1]) >= height

    found, end = [], 0
    while end < len(lower) - 1:
        c, end = end, end + 1
        while whole(c) and end < len(lower) - 1 and whole(end):
            end += 1
        square = (
            (c, bottom, lower[c]),
            (end, bottom, lower[end]),
            (end, top, upper[end]),
            (c, top, upper[c]),
        )
        part = []
        for n, (a, y, loss) in enumerate(square):
            b, other_y, other = square[(n + 1) % 4]
            if loss >= height:
                part.append((x(a), y))
            if (loss >= height) != (other >= height):
                share = (height - loss) / (other - loss)
                part.append((x(a + share * (b - a)), y + share * (other_y - y)))
        if part:
            found.append(f"M{'L'.join(f'{at(px)},{at(py)}' for px, py in part)}z")
    return "".join(found)
