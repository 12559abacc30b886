"""How a wire runs: round corners, arrow heads that end exactly where they point, bridges."""

CORNER = 16  # radius of a bend in a wire
UNDERPASS = 12  # how far a wire stops short of the one that it passes beneath


def path(points, under=()):
    """Straight lines with round corners through the points, with a gap at each underpass."""
    out = [f"M{xy(points[0])}"]
    for k in range(1, len(points) - 1):
        before, corner, after = points[k - 1 : k + 2]
        room_in = length_between(before, corner) / (1 if k == 1 else 2)
        room_out = length_between(corner, after) / (1 if k == len(points) - 2 else 2)
        r = min(CORNER, room_in, room_out)
        out.append(f"L{xy(toward(corner, before, r))}")
        out.append(f"Q{xy(corner)} {xy(toward(corner, after, r))}")
    for x, y in under:
        (x1, y1), (x2, y2) = points[-2:]
        if min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) < y < max(y1, y2):
            out.append(f"L{xy(toward((x, y), points[-2], UNDERPASS))}")
            out.append(f"M{xy(toward((x, y), points[-1], UNDERPASS))}")
    out.append(f"L{xy(points[-1])}")
    return " ".join(out)


def head(tip, tail, length, half):
    """A filled arrow head whose tip is exactly at `tip`."""
    bx, by = toward(tip, tail, length)
    dx, dy = (tip[0] - bx) / length * half, (tip[1] - by) / length * half
    return f"M{xy(tip)} L{xy((bx - dy, by + dx))} L{xy((bx + dy, by - dx))} Z"


def toward(start, goal, distance):
    """The point at this distance from start on the way to goal."""
    share = distance / length_between(start, goal)
    return (start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share)


def length_between(a, b):
    """The distance of two points."""
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def rails(x, y):
    """The rails of a bridge: a level wire passes over an upright one at (x, y)."""
    return " ".join(
        f"M{xy((x - 14, y + side * 12))} l4,{-side * 4} h20 l4,{side * 4}" for side in (-1, 1)
    )


def plain(number):
    """The number as SVG wants it: at most two decimals, none that are not needed."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def xy(point):
    """The point as SVG wants it."""
    return f"{plain(point[0])},{plain(point[1])}"
