"""Where things are in a drawing: nothing overlaps, arrows meet shapes, lines cross at bridges."""

from itertools import combinations

import pytest
from test_drawing import SKETCHES, compose_lstm, elements

from lstm_teach.drawing.labels import Box, Text
from lstm_teach.drawing.vocabulary import Sketch


@pytest.fixture(params=SKETCHES)
def sketch(request):
    return SKETCHES[request.param]()


def overlap(a, b, gap=0):
    return (
        a.left < b.right + gap
        and b.left < a.right + gap
        and a.top < b.bottom + gap
        and b.top < a.bottom + gap
    )


def strips(line):
    """The rectangles that the straight parts of a line fill (all lines are level or upright)."""
    half = line.thickness / 2
    for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
        assert x1 == x2 or y1 == y2, f"{line.wire} runs at a slant"
        flat = y1 == y2
        dx, dy = (0, half) if flat else (half, 0)
        yield Box(min(x1, x2) - dx, min(y1, y2) - dy, max(x1, x2) + dx, max(y1, y2) + dy)


def collisions(sketch):
    things = [(f"node {name}", box) for name, box in sketch.nodes]
    things += [(f"value {name}", box) for name, box in sketch.values]
    things += [(f"label {t.var}{t.sub} {t.word}", t.box()) for t in sketch.texts]
    found = [
        (a, b) for (a, box_a), (b, box_b) in combinations(things, 2) if overlap(box_a, box_b, 1)
    ]
    for line in sketch.lines:
        for strip in strips(line):
            for name, box in things:
                # A wire may touch a node, where it ends; words and values keep their distance.
                if overlap(strip, box, -1.5 if name.startswith("node") else 2):
                    found.append((f"wire {line.wire}", name))
    for lane in sketch.lanes:
        for name, box in things:
            if not name.startswith("node") and overlap(lane, box):
                found.append(("the lane", name))
    for frame in sketch.modules:
        for name, box in things:
            inside = (
                frame.left < box.left
                and box.right < frame.right
                and frame.top < box.top
                and box.bottom < frame.bottom
            )
            if overlap(frame, box) and not inside:
                found.append(("the frame", name))
    return found


def test_nothing_overlaps_anything(sketch):
    assert collisions(sketch) == []


def test_the_overlap_test_sees_a_label_on_a_wire_and_a_value_on_a_node():
    s = Sketch(200, 100, "", "")
    s.wire("a", 1, [(10, 50), (150, 50)], labels=[Text(20, 52, "a")], value=(130, 40, "h"))
    s.layer("b", 1, 140, 50, "tanh")
    kinds = {frozenset(word.split()[0] for word in pair) for pair in collisions(s)}
    assert {frozenset({"wire", "label"}), frozenset({"node", "value"})} <= kinds


def test_everything_is_on_the_card(sketch):
    boxes = [box for _, box in sketch.nodes + sketch.values] + [t.box() for t in sketch.texts]
    boxes += [strip for line in sketch.lines for strip in strips(line)] + sketch.modules
    for box in boxes:
        assert box.left >= 4
        assert box.right <= sketch.width - 4
        assert box.top >= 4
        assert box.bottom <= sketch.height - 4


def test_arrow_heads_end_exactly_at_a_shape_or_in_the_open(sketch):
    for line in sketch.lines:
        x, y = line.points[-1]
        touched = [box for _, box in sketch.nodes if on_edge(box, x, y)]
        touched += [box for box in sketch.modules if on_edge(box, x, y)]
        within = [box for _, box in sketch.nodes if inside(box, x, y)]
        if line.arrow and not touched:
            assert not within
            frames = [box for box in sketch.modules if inside(box, x, y)]
            assert not frames, f"{line.wire} ends in an arrow that points at nothing"


def on_edge(box, x, y):
    level = x in (box.left, box.right) and box.top <= y <= box.bottom
    upright = y in (box.top, box.bottom) and box.left <= x <= box.right
    return level or upright


def inside(box, x, y):
    return box.left < x < box.right and box.top < y < box.bottom


def test_wires_cross_only_at_bridges(sketch):
    for one, two in combinations(sketch.lines, 2):
        for a in zip(one.points, one.points[1:], strict=False):
            for b in zip(two.points, two.points[1:], strict=False):
                point = crossing(a, b) or crossing(b, a)
                assert point is None or point in sketch.bridges, f"{one.wire} x {two.wire}"


def crossing(level, upright):
    """Where a level and an upright stretch cross away from their ends, or None."""
    (x1, y), (x2, y_too) = level
    (x, y1), (x_too, y2) = upright
    if (
        y == y_too
        and x == x_too
        and min(x1, x2) < x < max(x1, x2)
        and min(y1, y2) < y < max(y1, y2)
    ):
        return (x, y)
    return None


def test_the_output_of_the_lstm_passes_beneath_the_cell_state_with_a_gap():
    s = compose_lstm()
    ((x, y),) = s.bridges
    (h,) = [g for g in elements(s.drawing().svg, "lt-wire") if g.get("data-wire") == "h"]
    d = [e.get("d") for e in h if e.get("class") == "lt-line"][1]
    assert f"L{x},{y + 12} M{x},{y - 12}" in d


def test_lengths_are_whole_pixels(sketch):
    for line in sketch.lines:
        assert all(float(v).is_integer() for point in line.points for v in point)
    for _, box in sketch.nodes + sketch.values:
        assert all(float(v).is_integer() for v in box)
