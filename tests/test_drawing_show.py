"""What reaches the notebook: `show`, its words, and the house style of plots."""

import base64
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

import lstm_teach as lt
from lstm_teach.drawing import book_style, trace_heatmap
from lstm_teach.drawing.plots import COLOURS, DASHES, MARKERS

matplotlib.use("agg")

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture
def plt():
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


class Images(HTMLParser):
    """Collects the attributes of every <img> in a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def mime(picture):
    return picture._repr_mimebundle_()


def image(picture):
    (found,) = Images(mime(picture)["text/html"]).found
    return found


# --- drawings and SVG ---------------------------------------------------------------------


@pytest.mark.parametrize("make", ["rnn_module", "lstm_module", "notation", "chain"])
def test_a_drawing_shows_itself_as_an_image_with_its_description(make):
    d = getattr(lt.drawing, make)()
    for thing in (d, lt.show(d)):
        img = image(thing)
        assert img["alt"] == d.description
        kind, data = img["src"].split(",")
        assert kind == "data:image/svg+xml;base64"
        assert base64.b64decode(data).decode() == d.svg
    assert mime(d)["text/plain"] == f"<drawing: {d.title}>"
    assert mime(lt.show(d))["text/plain"] == f"<figure: {d.description}>"
    assert mime(lt.show(d)) == mime(lt.show(d))


def test_alt_given_to_show_wins_over_the_description():
    picture = lt.show(lt.drawing.rnn_module(), alt="One layer.")
    assert image(picture)["alt"] == "One layer."
    assert repr(picture) == "<figure: One layer.>"


def test_the_words_of_alt_cannot_become_markup():
    alt = """<b>"h" & 'c'</b> --> x > 0"""
    picture = lt.show(SVG, alt=alt)
    assert image(picture)["alt"] == alt
    assert "<b>" not in mime(picture)["text/html"]


def test_alt_is_one_line_of_text():
    assert image(lt.show(SVG, alt="  one\n   two "))["alt"] == "one two"


def test_the_image_in_the_page_knows_its_own_dark_colours():
    d = lt.drawing.lstm_module()
    assert d.svg.index("--lt-card: #ffffff") < d.svg.index("prefers-color-scheme: dark")
    html = mime(d)["text/html"]
    for switch in ('[data-jp-theme-light="false"] .lt-figure', '[data-theme="dark"] .lt-figure'):
        assert switch in html
    assert "color-scheme:dark" in html
    assert ElementTree.fromstring(d.svg).find("{*}rect").attrib["width"] == "100%"


def test_a_wide_drawing_scrolls_inside_its_own_frame_and_keeps_its_letters_readable():
    html = mime(lt.drawing.chain(12))["text/html"]
    width = lt.drawing.chain(12).width
    assert f"max-width:{width}px" in html
    smallest = int(re.search(r"min-width:(\d+)px", html)[1]) / width
    assert smallest * 14 >= 9.5
    assert '<div style="overflow-x:auto" tabindex="0"' in html


# --- matplotlib ---------------------------------------------------------------------------


def test_a_figure_becomes_a_png_of_twice_its_width_and_is_closed(plt):
    figure, ax = plt.subplots(figsize=(5, 2))
    ax.plot([0, 1])
    picture = lt.show(figure, alt="A line goes up.")
    assert not plt.fignum_exists(figure.number)
    img = image(picture)
    assert img["alt"] == "A line goes up."
    assert img["class"] == "lt-plot"
    assert "width:500px;max-width:100%" in img["style"]
    png = base64.b64decode(img["src"].split(",")[1])
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 1000
    assert mime(picture)["text/plain"] == "<figure: A line goes up.>"


def test_the_same_figure_gives_the_same_bytes(plt):
    def draw():
        figure, ax = plt.subplots(figsize=(2, 1))
        ax.plot([0, 1])
        return mime(lt.show(figure, alt="a"))

    assert draw() == draw()


# --- errors that teach --------------------------------------------------------------------


def test_show_asks_for_alt_and_leaves_the_figure_open(plt):
    figure = plt.figure()
    for missing in (None, "", "   ", 3):
        with pytest.raises(ValueError, match="show needs alt: one or two sentences"):
            lt.show(figure, alt=missing)
    with pytest.raises(ValueError, match="show needs alt"):
        lt.show(SVG)
    assert plt.fignum_exists(figure.number)


def test_show_refuses_an_empty_alt_for_a_drawing_too():
    with pytest.raises(ValueError, match="show needs alt"):
        lt.show(lt.drawing.rnn_module(), alt=" ")


def test_show_says_what_it_expected_and_what_came(plt):
    _, ax = plt.subplots()
    with pytest.raises(TypeError, match=r"given Axes; expected a Drawing.*show\(ax.figure"):
        lt.show(ax, alt="a")
    with pytest.raises(TypeError, match=r"given chain; .*forget the brackets"):
        lt.show(lt.drawing.chain)
    with pytest.raises(TypeError, match="given ndarray; expected a Drawing"):
        lt.show(np.zeros(3), alt="a")
    with pytest.raises(ValueError, match="'figure.png', which is no SVG"):
        lt.show("figure.png", alt="a")


def test_show_refuses_an_svg_that_is_not_well_formed():
    with pytest.raises(ValueError, match="not well-formed XML: .*line 1"):
        lt.show("<svg><g></svg>", alt="a")


# --- the house style ----------------------------------------------------------------------


def test_the_book_style_ends_with_its_context_and_tells_lines_apart_three_ways(plt):
    before = dict(matplotlib.rcParams)
    with book_style():
        _, ax = plt.subplots()
        lines = [ax.plot([0, k])[0] for k in range(len(COLOURS))]
    assert dict(matplotlib.rcParams) == before
    assert len({line.get_color() for line in lines}) == len(COLOURS)
    assert len({line.get_marker() for line in lines}) == len(MARKERS) == len(COLOURS)
    assert len({repr(dash) for dash in DASHES}) == len(COLOURS)
    assert plt.rcParamsDefault["font.size"] < 13


def test_a_heatmap_shows_time_from_left_to_right_and_writes_the_numbers():
    values = np.array([[0.0, -0.5], [0.25, 1.0], [0.5, -1.0]])
    figure = trace_heatmap(values, steps=["start", "a", "b"], title="h")
    ax = figure.axes[0]
    np.testing.assert_array_equal(ax.images[0].get_array(), values.T)
    assert ax.images[0].get_clim() == (-1, 1)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["start", "a", "b"]
    assert {t.get_text() for t in ax.texts} == {"0.00", "−0.50", "+0.25", "+1.00", "+0.50", "−1.00"}
    lt.show(figure, alt="closed")


def test_a_heatmap_of_gates_runs_from_0_to_1_and_one_of_states_is_centred_on_0():
    for gate, limits, colours in ((True, (0, 1), "cividis"), (False, (-3, 3), "RdBu_r")):
        values = np.full((30, 20), 0.5) if gate else np.full((30, 20), -3.0)
        figure = trace_heatmap(values, gate=gate)
        picture = figure.axes[0].images[0]
        assert picture.get_clim() == limits
        assert picture.cmap.name == colours
        assert not figure.axes[0].texts
        lt.show(figure, alt="closed")


def test_numbers_in_a_heatmap_stand_out_from_their_fields():
    figure = trace_heatmap(np.linspace(-1, 1, 32).reshape(8, 4))
    ax = figure.axes[0]
    picture = ax.images[0]
    for text in ax.texts:
        t, unit = text.get_position()
        field = luminance(picture.cmap(picture.norm(picture.get_array()[unit, t])))
        ink = luminance(matplotlib.colors.to_rgb(text.get_color()))
        light, dark = max(field, ink), min(field, ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    lt.show(figure, alt="closed")


def luminance(colour):
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour[:3]]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", COLOURS)
def test_lines_stand_out_from_the_page(colour):
    assert 1.05 / (luminance(matplotlib.colors.to_rgb(colour)) + 0.05) >= 4.5


def test_a_heatmap_says_what_it_expected():
    with pytest.raises(ValueError, match=r"three axes; expected \(T, H\).*values\[:, 0\]"):
        trace_heatmap(np.zeros((4, 1, 3)))
    with pytest.raises(ValueError, match=r"shape \(4,\); expected \(T, H\)"):
        trace_heatmap(np.zeros(4))
    with pytest.raises(ValueError, match="no finite number"):
        trace_heatmap(np.array([[0.0, np.nan]]))
    with pytest.raises(ValueError, match="steps has 2 labels; expected 3"):
        trace_heatmap(np.zeros((3, 1)), steps="ab")
