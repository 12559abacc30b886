"""The back flow explorer: its numbers, its goal, its still picture, and the same in the page."""

import re
from inspect import getsource

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import BackFlow
from lstm_teach.explorers.backflow import LINES, PRESETS
from lstm_teach.explorers.backflow_picture import WIDTH, cut_picture, flow_picture
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("backflow")
ASTRAY = {"u": 0.9, "k": 4, "inputs": PRESETS["up, then down"]}


def somewhere(count=40):
    rng = np.random.default_rng(31)
    explorers = [on_the_sliders(BackFlow(every=n % 2 == 1), rng) for n in range(count)]
    explorers += [BackFlow(inputs=inputs, k=k) for inputs in PRESETS.values() for k in (1, 5, 12)]
    return [*explorers, BackFlow(**ASTRAY), BackFlow(inputs=[0] * 12, u=2.0, k=3)]


def test_the_whole_gradient_is_the_slope_of_the_loss():
    for explorer in somewhere(8):

        def loss(u, explorer=explorer):
            h, _, _ = lt.forward(lt.RNN, explorer.params._replace(U=u), explorer.x)
            return np.sum(((h if explorer.every else h[-1:]) - 1) ** 2) / 2

        measured = lt.numerical_gradient(loss, explorer.params.U)
        assert lt.relative_error(explorer.full, measured.item()) < 1e-6


def test_the_shares_add_up_to_the_gradient_that_truncated_bptt_gives():
    for explorer in somewhere():
        assert explorer.shares.sum() == pytest.approx(explorer.truncated, rel=1e-12, abs=1e-14)
        assert explorer.way(12).dU == pytest.approx(explorer.full, rel=1e-12, abs=1e-14)
        assert explorer.delta.shape == explorer.shares.shape == (12,)


def test_what_comes_back_to_a_step_is_what_backward_says():
    explorer = BackFlow(u=-1.2, every=True, inputs=PRESETS["noise"])
    grads = lt.backward(lt.RNN, explorer.params, explorer.trace, explorer.errors)
    way = explorer.way(12)
    np.testing.assert_array_equal(way.dh, grads.flow.h[:, 0, 0])
    np.testing.assert_allclose(way.delta[1:], grads.x[:, 0, 0], rtol=1e-14)  # w = 1: dx = δ


def test_a_cut_lets_nothing_through_and_a_span_of_12_cuts_nothing():
    explorer = BackFlow(u=1.1, k=5, inputs=PRESETS["noise"])
    assert (explorer.shares[:10] == 0).all()
    assert (explorer.shares[10:] != 0).all()
    explorer.k = 12
    assert explorer.truncated == explorer.full
    assert (explorer.delta != 0).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"u": 2.1}, "u is 2.1; expected a number from -2 to 2."),
        ({"k": 0}, "k is 0; expected a whole number from 1 to 12."),
        ({"t": 13}, "t is 13; expected a whole number from 1 to 12."),
        ({"inputs": [0, 1]}, "inputs has shape (2,); expected (T,) = (12,)."),
    ],
)
def test_a_setting_that_cannot_be_says_what_was_expected(settings, message):
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        BackFlow(**settings)


def test_the_goal_can_be_reached_with_the_sliders_and_is_not_at_the_start():
    for inputs in PRESETS.values():
        assert not BackFlow(inputs=inputs).goal_reached
    explorer = BackFlow(**ASTRAY)
    assert explorer.goal_reached
    assert explorer.full < -0.05
    assert explorer.truncated > 0.05


@pytest.mark.parametrize(
    ("settings", "opposite", "enough"),
    [
        ({**ASTRAY, "k": 12}, False, True),  # nothing is cut
        ({"u": 1.0, "k": 12, "inputs": [0.0] * 12}, False, False),  # nothing to learn from
        ({"u": 0.1, "k": 1, "inputs": [-1.0] + [0.0] * 10 + [0.5]}, None, False),  # dust
    ],
)
def test_each_half_of_the_goal_can_be_missed(settings, opposite, enough):
    goal = BackFlow(**settings).goal()
    if opposite is not None:
        assert (goal.whole * goal.cut < 0) == opposite
    assert (min(abs(goal.whole), abs(goal.cut)) >= 0.05) == enough
    assert not goal.reached


def test_each_line_of_code_that_it_shows_is_a_line_of_the_package():
    sources = getsource(lt.chain.backward) + getsource(lt.cells.rnn_step_back)
    assert set(LINES) <= {" ".join(line.split()) for line in sources.splitlines()}


def test_the_still_picture_has_the_numbers_of_its_settings():
    explorer = BackFlow(**ASTRAY, t=9)
    still = explorer.still()
    way = explorer.way(4)
    for value in (*way.dh[9:], *way.share[9:]):
        assert f">{value:+.2f}<".replace("-", "−") in still.svg
    assert "dU is −0.39; in spans of 4 steps it is +0.12." in still.description
    assert "Still picture of an interactive figure." in still.description
    assert "dU is −0.59." in BackFlow().still().description


def test_the_page_sends_the_error_back_as_the_package_does(ask):
    explorers = somewhere()
    outputs = ask(calls=[["outputs", e.u, e.inputs] for e in explorers])["calls"]
    calls = [["back", h, e.u, e.every, e.k] for h, e in zip(outputs, explorers, strict=True)]
    ways = ask(calls=calls)["calls"]
    for h, theirs, explorer in zip(outputs, ways, explorers, strict=True):
        np.testing.assert_allclose(h, explorer.trace.states.h[:, 0, 0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(theirs["direct"][1:], explorer.errors[:, 0, 0], atol=1e-12)
        for name, ours in explorer.way(explorer.k)._asdict().items():
            size = max(1, abs(ours).max())
            np.testing.assert_allclose(theirs[name], ours, rtol=0, atol=1e-12 * size)
        assert theirs["dU"] == pytest.approx(explorer.truncated, rel=1e-12, abs=1e-12)


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere()
    scenes = [{name: getattr(e, name) for name in ("u", "inputs", "every", "k")} for e in explorers]
    verdicts = ask(calls=[["astray", scene] for scene in scenes])["calls"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        assert verdict["whole"] == pytest.approx(goal.whole, rel=1e-12, abs=1e-12)
        assert verdict["cut"] == pytest.approx(goal.cut, rel=1e-12, abs=1e-12)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    assert 0 < sum(verdict["reached"] for verdict in verdicts) < len(verdicts)


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    calls, ours = [], []
    for explorer in somewhere(16):
        h = explorer.trace.states.h[:, 0, 0].tolist()
        ways = [explorer.way(k) for k in range(1, 13)]
        whole, cut = ways[-1], ways[explorer.k - 1]
        direct = [0.0, *explorer.errors[:, 0, 0].tolist()]
        over = [way.dU for way in ways]
        scene = {"t": explorer.t, "k": explorer.k, "h": h, "over": over}
        for name, way in (("whole", whole), ("cut", cut)):
            scene[name] = {part: v.tolist() for part, v in way._asdict().items()}
            scene[name]["direct"] = direct
        calls += [["flowPicture", scene, width], ["cutPicture", scene, width, 30]]
        ours.append(flow_picture(explorer.t, explorer.k, h, whole, cut, direct, width))
        ours.append(cut_picture(explorer.k, over, width, 30))
    for theirs, (height, body) in zip(ask(calls=calls)["calls"], ours, strict=True):
        assert_drawn_alike(theirs["body"], body)
        assert theirs["height"] == height
