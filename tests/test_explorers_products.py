"""The products explorer: its numbers, its goal, its still picture, and the same in the page."""

import math
import re

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import Products
from lstm_teach.explorers.products import ENDS, WIDTH, _picture
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("products")


def test_the_products_are_those_of_the_weight_and_of_the_slope_of_tanh():
    explorer = Products(w=-1.3, z=0.8, steps=120)
    slope = lt.tanh_slope(lt.tanh(0.8))
    assert explorer.slope == slope
    assert explorer.powers.shape == explorer.products.shape == (121,)
    np.testing.assert_allclose(explorer.powers, 1.3 ** np.arange(121), rtol=1e-13)
    np.testing.assert_allclose(explorer.products, (1.3 * slope) ** np.arange(121), rtol=1e-13)


def test_a_product_underflows_to_zero_and_overflows_to_infinity_without_a_warning():
    assert Products(w=0.1, steps=1000).powers[-1] == 0
    assert Products(w=2.5, steps=1000).powers[-1] == math.inf


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"w": 2.6}, "w is 2.6; expected a number from -2.5 to 2.5."),
        ({"z": "0"}, "z is '0'; expected a number from -3 to 3."),
        ({"steps": 5}, "steps is 5; expected a whole number from 10 to 1000."),
    ],
)
def test_a_setting_that_cannot_be_says_what_was_expected(settings, message):
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        Products(**settings)


def test_products_run_no_network_and_say_so():
    with pytest.raises(AttributeError, match="Products runs no network, so it has no trace"):
        Products().trace  # noqa: B018


def test_the_goal_can_be_reached_where_tanh_squashes_but_only_on_a_knifes_edge():
    assert not Products().goal_reached
    stops = [round(n / 100, 2) for n in range(-250, 251)]
    holding = [w for w in stops if Products(w=w, z=0.5).goal_reached]
    assert holding == [w for w in stops if 1.22 <= abs(w) <= 1.33]


@pytest.mark.parametrize(
    ("settings", "squashed", "kept"),
    [({"w": 1.0, "z": 0.0}, False, True), ({"w": 1.0, "z": 0.5}, True, False)],
)
def test_each_half_of_the_goal_can_be_missed_alone(settings, squashed, kept):
    goal = Products(**settings).goal()
    assert (goal.z >= 0.5, 0.1 <= goal.left <= 10) == (squashed, kept)
    assert not goal.reached


def test_the_goal_looks_at_50_steps_however_many_are_shown():
    assert Products(w=1.33, z=0.5, steps=1000).goal_reached


def test_the_lines_stand_where_the_number_types_end():
    below32, below64, above32, above64 = (value for value, _ in ENDS)
    with np.errstate(under="ignore", over="ignore"):
        assert np.float32(below32) > 0
        assert np.float32(below32 / 2.001) == 0
        assert np.isfinite(np.float32(above32))
        assert np.isinf(np.float32(above32 * 1.001))
    assert below64 / 2 == 0
    assert above64 * 1.001 == math.inf
    for value, words in ENDS:
        digits, exponent = f"{value:.1e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        assert words.endswith(f"{digits}·10{raised}")


def test_the_still_picture_has_the_numbers_of_its_settings():
    still = Products(w=1.27, z=0.5, steps=60).still()
    assert "tanh′(z) = 0.79" in still.svg
    assert "50 steps" in still.svg
    assert "w = 1.27, tanh′(z) = 0.79: after 60 steps, w alone has made 1 into" in still.description
    assert "Still picture of an interactive figure." in still.description


def somewhere():
    rng = np.random.default_rng(21)
    return [on_the_sliders(Products(), rng) for _ in range(80)] + [
        Products(w=w, z=z) for w in (-1.22, 1.0, 1.21, 1.22, 1.33, 1.34) for z in (0.0, 0.45, 0.5)
    ]


def test_the_page_multiplies_as_numpy_does(ask):
    explorers = somewhere()
    calls = [["run", e.w * e.slope, e.steps] for e in explorers]
    for theirs, explorer in zip(ask(calls=calls)["calls"], explorers, strict=True):
        assert [float(value) for value in theirs] == explorer.products.tolist()
    slopes = ask(calls=[["slopeAt", e.z] for e in explorers])["calls"]
    np.testing.assert_allclose(slopes, [e.slope for e in explorers], rtol=1e-12)


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere()
    verdicts = ask(calls=[["held", {"w": e.w, "z": e.z}] for e in explorers])["calls"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        assert verdict["z"] == goal.z
        assert verdict["left"] == pytest.approx(goal.left, rel=1e-12)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    assert 0 < sum(verdict["reached"] for verdict in verdicts) < len(verdicts)


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    explorers = somewhere()
    scenes = [{name: getattr(e, name) for name in ("w", "z", "steps")} for e in explorers]
    drawn = ask(calls=[["productsPicture", scene, width] for scene in scenes])["calls"]
    for theirs, explorer in zip(drawn, explorers, strict=True):
        height, ours = _picture(explorer, width)
        assert theirs["height"] == height
        assert_drawn_alike(theirs["body"], ours)
