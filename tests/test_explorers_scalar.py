"""The scalar cell explorer: its numbers, its goal, its still picture, and the same in the page."""

import re

import numpy as np
import pytest
import traitlets

from lstm_teach.explorers import ScalarCell
from lstm_teach.explorers.scalar import INPUTS, KEY_STEP, PRESETS, WEIGHTS
from lstm_teach.explorers.scalar_picture import WIDTH, drawn
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("scalar")
GUARDED = {"w_i": 14, "u_i": 0, "b_i": -10, "b_f": 6}


def test_the_numbers_are_those_of_an_lstm_in_plain_python():
    explorer = ScalarCell(w_i=3, u_i=-2, b_i=0.5, w_f=-1, u_f=1, u_g=2, b_g=-0.5, w_o=2, u_o=1)
    h = c = 0.0
    for t, x in enumerate(INPUTS):
        z = {
            k: x * getattr(explorer, f"w_{k}")
            + h * getattr(explorer, f"u_{k}")
            + getattr(explorer, f"b_{k}")
            for k in "ifgo"
        }
        i, f, o = (1 / (1 + np.exp(-z[k])) for k in "ifo")
        c = f * c + i * np.tanh(z["g"])
        h = o * np.tanh(c)
        assert explorer.trace.gates.i[t, 0, 0] == pytest.approx(i, abs=1e-14)
        assert explorer.trace.states.c[t + 1, 0, 0] == pytest.approx(c, abs=1e-14)
        assert explorer.trace.states.h[t + 1, 0, 0] == pytest.approx(h, abs=1e-14)
    assert [v.shape for v in explorer.params] == [(4, 1, 1), (4, 1, 1), (4, 1), (0, 1)]


def test_the_key_symbol_comes_once_and_is_the_largest():
    assert INPUTS[KEY_STEP - 1] == max(INPUTS)
    assert INPUTS.count(max(INPUTS)) == 1
    assert min(INPUTS) < 0


# --- the goal ----------------------------------------------------------------------------


def test_the_goal_is_not_reached_at_the_start_and_with_no_preset_but_with_the_sliders():
    assert not ScalarCell().goal_reached
    for preset in PRESETS.values():
        assert not ScalarCell(**preset).goal_reached
    explorer = ScalarCell(**GUARDED)
    assert explorer.goal_reached
    i, c = explorer.trace.gates.i[:, 0, 0], explorer.trace.states.c[1:, 0, 0]
    assert i[KEY_STEP - 1] > 0.9
    assert np.delete(i, KEY_STEP - 1).max() < 0.1
    assert abs(c[KEY_STEP:] / c[KEY_STEP - 1] - 1).max() <= 0.1


@pytest.mark.parametrize(
    ("settings", "opens", "shuts", "keeps"),
    [
        ({"w_i": 10, "b_i": -8}, False, True, True),  # not wide enough
        ({"w_i": 14, "b_i": -6, "w_g": 0, "b_g": 3}, True, False, False),  # everybody comes in
        ({"w_i": 14, "b_i": -6, "w_g": 0, "b_g": 0.0}, True, False, False),  # nothing is written
        ({"b_f": 3}, True, True, False),  # it forgets
        ({"w_i": 10, "b_i": -7, "b_f": 8}, True, True, False),  # shut, and still it leaks
        ({"w_g": 0.5}, True, True, False),  # too little is written
    ],
)
def test_each_part_of_the_goal_can_be_missed(settings, opens, shuts, keeps):
    goal = ScalarCell(**GUARDED | settings).goal()
    assert (goal.opens, goal.shuts, goal.keeps) == (opens, shuts, keeps)
    assert not goal.reached


def test_a_cell_that_wrote_nothing_has_not_kept_it():
    goal = ScalarCell(**GUARDED | {"w_g": 0.0}).goal()
    assert (goal.written, goal.strayed) == (0, np.inf)
    assert not goal.keeps


def test_the_present_h_can_shut_the_gate():
    explorer = ScalarCell(**PRESETS["shut by its own h"])
    first, later = (explorer.trace.gates.i[INPUTS.index(0.4) + n, 0, 0] for n in (0, 3))
    assert INPUTS[INPUTS.index(0.4) + 3] == 0.4
    assert first > 0.9
    assert later < 0.1


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_says_every_weight_and_each_stands_on_its_slider(preset):
    assert list(PRESETS[preset]) == WEIGHTS
    explorer = ScalarCell(**PRESETS[preset])
    for name in WEIGHTS:
        slider = explorer.sliders[name]
        assert (getattr(explorer, name) - slider["low"]) % slider["step"] == 0


def test_the_first_preset_is_the_start():
    assert next(iter(PRESETS.values())) == {name: getattr(ScalarCell(), name) for name in WEIGHTS}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"w_i": 21}, "w_i is 21; expected a number from -20 to 20."),
        ({"u_g": -11}, "u_g is -11; expected a number from -10 to 10."),
        ({"b_o": "1"}, "b_o is '1'; expected a number from -15 to 15."),
        ({"t": 0}, "t is 0; expected a whole number from 1 to 12."),
    ],
)
def test_a_setting_that_cannot_be_says_what_was_expected(settings, message):
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        ScalarCell(**settings)


# --- the still picture -------------------------------------------------------------------


def test_the_still_picture_has_the_numbers_of_its_settings():
    explorer = ScalarCell(**GUARDED, t=7)
    still = explorer.still()
    c, h = (v[7, 0, 0] for v in (explorer.trace.states.c, explorer.trace.states.h))
    before = explorer.trace.states.h[6, 0, 0]
    assert f"c, cell state: +{c:.2f}" in still.svg
    assert f"h, output: +{h:.2f}" in still.svg
    assert f"(h before step 7: +{before:.2f})" in still.svg
    assert still.svg.count('class="lt-target"') == len(set(INPUTS))
    assert "The input gate is 0.98 for the key symbol and at most 0.01" in still.description


def test_the_boxes_of_the_goal_stand_where_the_goal_wants_the_gate():
    """The curve of i passes all boxes where the goal says so, with h as it is at the start."""
    _, body = drawn(ScalarCell(**GUARDED, t=1).scene(), WIDTH)
    boxes = re.findall(
        r'lt-target" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="(.*?)"', body
    )
    curve = re.search(r'class="lt-curve" data-kind="1" d="(M.*? L.*?)"', body)[1]
    points = [tuple(map(float, point[1:].split(","))) for point in curve.split()]
    for x, y, width, height in (map(float, box) for box in boxes):
        ends = [b for a, b in points if abs(a - (x + width / 2)) < 1.6]
        assert ends
        assert all(y - 0.5 <= end <= y + height + 0.5 for end in ends)


# --- the page ----------------------------------------------------------------------------


def somewhere(count=60):
    rng = np.random.default_rng(51)
    near = [
        GUARDED | {"b_i": b / 2, "w_i": w, "b_f": f}
        for b in (-24, -20, -16)
        for w in (12, 14, 18)
        for f in (4, 6)
    ]
    anywhere = [on_the_sliders(ScalarCell(), rng) for _ in range(count)]
    return anywhere + [ScalarCell(**settings) for settings in [*PRESETS.values(), GUARDED, *near]]


def test_the_page_computes_the_same_gates_and_states(ask):
    explorers = somewhere()
    calls = [
        ["scalarScene", {n: getattr(e, n) for n in e.settings()}, e.inputs, e.key_step]
        for e in explorers
    ]
    for theirs, explorer in zip(ask(calls=calls)["calls"], explorers, strict=True):
        ours = explorer.scene()
        assert {name: theirs[name] for name in ("t", "keyStep", "weights", "x")} == {
            name: ours[name] for name in ("t", "keyStep", "weights", "x")
        }
        for name in "ich":
            np.testing.assert_allclose(theirs[name], ours[name], rtol=0, atol=1e-12)


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere(150)
    verdicts = ask(calls=[["guarded", e.scene()] for e in explorers])["calls"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        for name in goal._fields:
            assert float(verdict[name]) == pytest.approx(getattr(goal, name), rel=1e-12), name
        for name in ("opens", "shuts", "keeps", "reached"):
            assert verdict[name] == getattr(goal, name), name
        assert verdict["reached"] == explorer.goal_reached
    for name in ("opens", "shuts", "keeps", "reached"):
        assert 0 < sum(verdict[name] for verdict in verdicts) < len(verdicts)


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    scenes = [explorer.scene() for explorer in somewhere(30)]
    pictures = ask(calls=[["scalarPicture", scene, width] for scene in scenes])["calls"]
    for theirs, scene in zip(pictures, scenes, strict=True):
        height, ours = drawn(scene, width)
        assert theirs["height"] == height
        assert_drawn_alike(theirs["body"], ours)
