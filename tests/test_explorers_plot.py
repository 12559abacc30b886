"""The charts of the explorers: the page and the still pictures draw the same."""

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from lstm_teach.explorers import axes, plot
from tests.page import asking

BOX = (60, 30, 640, 270)


ask = asking("plot")


def drawn_alike(ask, x, y, marks):
    """The marks, drawn by Python, once the page is known to draw the same."""
    p = axes.Plot(*BOX, *(getattr(axes, kind)(*ends) for kind, *ends in (x, y)))
    ours = [
        getattr(plot, re.sub(r"[XY]$", lambda end: f"_{end[0].lower()}", name))(p, *values)
        for name, *values in marks
    ]
    question = {"box": BOX, "x": x, "y": y, "marks": marks}
    (theirs,) = ask(charts=[question])["charts"]
    assert theirs == ours
    for svg in ours:
        ET.fromstring(f"<svg>{svg}</svg>")
    return ours


def test_a_chart_with_a_log_axis_is_the_same_in_the_page_and_in_the_still(ask):
    points = [[t, 0.31**t] for t in range(60)] + [[60, 0.0], [61, math.nan], [62, math.inf]]
    marks = [
        ["frame", "step t", "|w|^t <log>"],
        ["curve", points, 1, 10],
        ["curve", points, 3, 10, 5],
        ["bandY", 0.1, 10, "within a factor 10"],
        ["bandY", 1e30, 1e40],
        ["ruleY", 1.2e-38, "smallest of float32"],
        ["ruleY", 1e-300, "nowhere"],
        ["ruleX", 50, "50 steps", "zero"],
        ["ruleX", 3, "early", 2],
    ]
    out = drawn_alike(ask, ["linear", 0, 62], ["logarithmic", -45, 5], marks)
    assert out[6] == out[4] == ""
    assert "&lt;log&gt;" in out[0]
    assert "10⁻⁴⁰" in out[0]
    assert len(re.findall("lt-marker", out[1])) == 6  # zero and infinity lie on no axis


def test_a_chart_with_linear_axes_is_the_same_in_the_page_and_in_the_still(ask):
    rng = np.random.default_rng(3)
    rows = rng.uniform(-1.1, 1.1, size=(7, 9)).tolist()
    rows[2][3] = math.nan
    points = rng.uniform(-2, 2, size=(12, 2)).tolist()
    marks = [
        ["frame", "u", "b"],
        ["frame"],
        ["cells", rows],
        ["disc", 0, 0, 1.0],
        ["disc", 0.2, -0.1, 0.5, 2],
        *(["markers", points, kind] for kind in (1, 2, 3, 4)),
        ["markers", points, 2, 7],
        ["curve", points, 4],
        ["ruleY", 0, "", "zero"],
        ["bandY", -5, 0, "wrong way", "wrong"],
    ]
    drawn_alike(ask, ["linear", -1.5, 1.5], ["linear", -1.2, 1.25, 5], marks)


@pytest.mark.parametrize("span", [0.04, 0.3, 1, 2.5, 7, 12, 50, 99, 340, 1000])
def test_axes_of_any_length_have_a_few_round_ticks(span, ask):
    for low in (-span, 0, -0.3 * span):
        x, y = ["linear", low, low + span], ["logarithmic", low, low + span]
        drawn_alike(ask, x, y, [["frame", "x", "y"]])
        assert 2 <= len(axes.linear(*x[1:]).ticks) <= 7
        assert len(axes.logarithmic(*y[1:]).ticks) <= 7


def test_numbers_in_sentences_are_the_same_in_the_page(ask):
    numbers = [0.0, 1.0, -0.25, 999.4, 1234.5, 1e300, 5e-324, 0.0999, -3.21e-7, 0.995, 1e100]
    numbers += [math.inf, -math.inf, math.nan]
    ours = [axes.scientific(value) for value in numbers]
    theirs = ask(calls=[["scientific", value] for value in numbers])["calls"]
    assert theirs == ours
    assert ours[:7] == ["0", "1.00", "−0.25", "999.40", "1.2·10³", "1.0·10³⁰⁰", "4.9·10⁻³²⁴"]


def test_the_key_and_the_rounding_are_the_same_in_the_page(ask):
    numbers = [0.125, -0.125, 0.005, -0.004, 3.0, 1e-9, 2.675, 123.456]
    entries = [[1, "w"], [2, "w & z"], [3, "a < b"], [4, "ink"]]
    calls = [["at", value] for value in numbers] + [["key", 10, 20.5, entries]]
    ours = [axes.at(value) for value in numbers] + [plot.key(10, 20.5, entries)]
    assert ask(calls=calls)["calls"] == ours


def test_a_card_is_a_drawing_with_its_words_in_both_themes():
    card = plot.card(300, 200, "A < B", "What is seen.", plot.text(5, 9, "words"))
    root = ET.fromstring(card.svg)
    found = {part.tag.split("}")[1]: part.text for part in root}
    assert found["title"] == "A < B"
    assert found["desc"] == "What is seen."
    assert card.width == 300
    assert "prefers-color-scheme: dark" in card.svg
    assert ".lt-curve" in card.svg
