"""The drawings: what is in them, and that it can be read."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from lstm_teach import drawing
from lstm_teach.drawing.chain import compose as compose_chain
from lstm_teach.drawing.labels import Text
from lstm_teach.drawing.lstm import LETTERS
from lstm_teach.drawing.lstm import compose as compose_lstm
from lstm_teach.drawing.notation import compose as compose_notation
from lstm_teach.drawing.palette import FORCED, PALETTE, page_css
from lstm_teach.drawing.rnn import compose as compose_rnn

SKETCHES = {
    "rnn": compose_rnn,
    "lstm": compose_lstm,
    "lstm with letters": lambda: compose_lstm(blank=True),
    "notation": compose_notation,
    "chain of 1": lambda: compose_chain(1),
    "chain of 4": lambda: compose_chain(4),
    "chain of 12": lambda: compose_chain(12),
    "chain of 12 without the loop": lambda: compose_chain(12, rolled=False),
}
LSTM_WIRES = {
    "c_before": 0, "h_before": 1, "x": 1, "merged": 1, "f": 2, "i": 3, "g": 4,
    "kept": 5, "written": 5, "c": 5, "o": 6, "tanh_c": 7, "h": 7,
}  # fmt: skip
RNN_WIRES = {"h_before": 1, "x": 1, "merged": 2, "g": 3, "h": 4}


@pytest.fixture(params=SKETCHES)
def sketch(request):
    return SKETCHES[request.param]()


# --- what is in a drawing ---------------------------------------------------------------


def elements(svg, css_class):
    return [e for e in ElementTree.fromstring(svg).iter() if e.get("class") == css_class]


@pytest.mark.parametrize("make", SKETCHES.values(), ids=SKETCHES)
def test_a_drawing_is_well_formed_and_the_same_every_time(make):
    svg = make().drawing().svg
    ElementTree.fromstring(svg)
    assert make().drawing().svg == svg
    assert len(svg) < 60_000


def test_a_drawing_has_a_title_and_a_description_that_the_root_points_to(sketch):
    root = ElementTree.fromstring(sketch.drawing().svg)
    words = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    assert root.get("role") == "img"
    title, description = (words[name] for name in root.get("aria-labelledby").split())
    assert (title, description) == (sketch.title, sketch.description)
    assert len(description.split()) > 30


def test_a_drawing_refers_to_nothing_by_address(sketch):
    svg = sketch.drawing().svg
    for broken_in_notebooks in (
        "<defs",
        "url(",
        "<use",
        "marker",
        "href",
        "<script",
        "http://www.w3.org/1999",
    ):
        assert broken_in_notebooks not in svg


def test_inline_drawings_have_ids_of_their_own_and_leave_the_style_to_the_page(sketch):
    d = sketch.drawing()
    one, two = d.inline("one"), d.inline("two", role="group")
    ids = [set(re.findall(r'id="([^"]+)"', text)) for text in (one, two)]
    assert ids[0].isdisjoint(ids[1])
    root = ElementTree.fromstring(two)
    assert set(root.get("aria-labelledby").split()) == ids[1]
    assert root.get("role") == "group"
    assert "<style" not in one
    assert "<style" in d.svg


@pytest.mark.parametrize(
    ("compose", "wires"), [(compose_lstm, LSTM_WIRES), (compose_rnn, RNN_WIRES)]
)
def test_every_wire_is_there_once_at_its_stage_with_a_label_and_a_place_for_its_value(
    compose, wires
):
    groups = elements(compose().drawing().svg, "lt-wire")
    assert {g.get("data-wire"): int(g.get("data-stage")) for g in groups} == wires
    assert len(groups) == len(wires)
    for group in groups:
        name = group.get("data-wire")
        (place,) = [e for e in group if e.get("class") == "lt-value"]
        assert place.get("data-value") == name
        assert place.get("data-orient") in {"h", "v"}
        assert len(place) == 0
        assert re.fullmatch(r"translate\(\d+,\d+\)", place.get("transform"))
        assert [e for e in group if e.get("class") == "lt-hit"], f"{name} cannot be pointed at"
        pieces = {t.get("class") for t in group.iter() if t.tag.endswith("tspan")}
        assert {"lt-var", "lt-word"} <= pieces, f"{name} lacks its variable or its word"


def test_the_lstm_module_has_four_layers_and_five_pointwise_operations_at_their_stages():
    svg = compose_lstm().drawing().svg
    nodes = {g.get("data-node"): int(g.get("data-stage")) for g in elements(svg, "lt-node")}
    assert nodes == {
        "merge": 1, "f": 2, "i": 3, "g": 4, "keep": 5, "write": 5, "add": 5, "o": 6, "squash": 7,
        "reveal": 7,
    }  # fmt: skip
    assert len(elements(svg, "lt-layer")) == 4
    assert len(elements(svg, "lt-op")) == 5
    stages = {
        int(e.get("data-stage"))
        for e in ElementTree.fromstring(svg).iter("*")
        if e.get("data-stage")
    }
    assert stages == set(range(8))


def test_the_blank_lstm_module_has_letters_for_names_and_says_where_each_stands():
    sketch = compose_lstm(blank=True)
    wires = {g.get("data-wire"): g for g in elements(sketch.drawing().svg, "lt-wire")}
    assert set(wires) == set(LSTM_WIRES) == {*LETTERS, "x"}
    written = {
        name: {t.text for t in wire.iter() if t.tag.endswith("tspan")}
        for name, wire in wires.items()
    }
    assert written.pop("x") == {"x", "t", "input"}
    assert written == {name: {letter} for name, (letter, _) in LETTERS.items()}
    letters = [letter for letter, _ in LETTERS.values()]
    assert letters == sorted(set(letters))
    assert not set(letters) & set("BCDFGHIKOPTUWX"), "a letter of the text would mislead"
    for letter, place in LETTERS.values():
        assert f"{letter}: {place}." in sketch.description
    for name in ("forget", "gate", "candidate", "cell state", "kept", "written", "squashed"):
        assert name not in sketch.description


def test_each_copy_of_the_chain_is_the_same_module_moved_to_the_right():
    root = ElementTree.fromstring(compose_chain(5).drawing().svg)
    copies = [e for e in root.iter() if e.get("class") == "lt-copy"]
    assert [c.get("data-copy") for c in copies] == list("12345")
    shapes = []
    for copy in copies:
        values = [e.get("data-value") for e in copy.iter() if e.get("class") == "lt-value"]
        assert sorted(values) == ["h", "x", "z"]
        shapes.append([(e.tag, e.get("class"), e.get("width"), e.get("y")) for e in copy.iter()])
        words = "".join(copy.itertext())
        assert f"x{copy.get('data-copy')}" in words
        assert f"h{copy.get('data-copy')}" in words
    assert all(shape == shapes[0] for shape in shapes)


def test_the_chain_lists_the_width_for_every_number_of_copies():
    for steps, rolled in ((1, True), (6, True), (12, True), (12, False)):
        s = compose_chain(steps, rolled)
        root = ElementTree.fromstring(s.drawing().svg)
        widths = [int(w) for w in root.get("data-widths").split()]
        assert len(widths) == steps
        assert widths[-1] == s.width == int(root.get("viewBox").split()[2])
        frames = s.modules[-steps:]
        for width, frame, following in zip(widths, frames, [*frames[1:], None], strict=True):
            assert frame.right < width
            assert following is None or following.left < width + 12 or width < following.right


@pytest.mark.parametrize("steps", [0, -1, 2.0, True, "4"])
def test_the_chain_says_what_number_of_steps_it_expects(steps):
    with pytest.raises(ValueError, match=re.escape(f"steps is {steps!r}; expected a whole number")):
        drawing.chain(steps)


# --- that it can be read ------------------------------------------------------------------


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, two, theme):
    light, dark = sorted((luminance(PALETTE[n][theme]) for n in (one, two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(theme):
    for ground in ("card", "module", "lane"):
        for words in ("text", "muted"):
            assert contrast(words, ground, theme) >= 4.5, (words, ground)
    for shape in ("layer", "op"):
        assert contrast("on-shape", shape, theme) >= 4.5, shape


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_shapes_and_signs_stand_out_from_what_is_behind_them(theme):
    assert contrast("module-edge", "card", theme) >= 3
    for ground in ("card", "module", "lane"):
        for shape in ("line", "layer-edge", "op-edge", "focus", "positive", "negative"):
            assert contrast(shape, ground, theme) >= 3, (shape, ground)


def test_every_colour_has_a_value_in_every_theme_and_every_rule_a_colour():
    css = page_css()
    assert set(FORCED) == set(PALETTE)
    assert set(re.findall(r"var\(--lt-([a-z-]+)\)", css)) <= {*PALETTE, "weight"}
    for name, (light, dark) in PALETTE.items():
        assert css.count(f"--lt-{name}: {light};") >= 2
        assert css.count(f"--lt-{name}: {dark};") >= 2


def test_every_rule_of_the_style_sheet_is_limited_to_drawings():
    rules = re.sub(r"/\*.*?\*/", "", page_css(), flags=re.DOTALL)
    rules = re.sub(r"@media[^{]*\{", "", rules)
    for selectors in re.findall(r"([^{}]+)\{", rules):
        for selector in re.split(r",(?![^(]*\))", selectors):
            assert ".lt-drawing" in selector, selector


def test_labels_are_at_least_as_wide_as_the_book_fonts_draw_them():
    # Measured in Chromium with DejaVu Sans 14 px, wider than the fonts of other systems.
    assert Text(0, 0, word="concatenate").width() >= 87
    assert Text(0, 0, word="forget gate").width() >= 78
    assert Text(0, 0, "h", "t−1").width() >= 33
    assert Text(100, 0, word="xx", anchor="end").box().right == 100


def test_the_room_loads_without_matplotlib():
    code = (
        "import sys; from lstm_teach import drawing; drawing.show(drawing.rnn_module()); "
        "assert 'matplotlib' not in sys.modules; assert 'anywidget' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
