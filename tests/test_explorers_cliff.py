"""The cliff explorer: its landscape, descent with and without clipping, its goal, and the page."""

import re

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import Cliff
from lstm_teach.explorers.axes import Plot, linear
from lstm_teach.explorers.cliff import (
    CLIPS,
    PROBLEM,
    RATES,
    chains,
    descend,
    landscape,
    surface,
)
from lstm_teach.explorers.cliff_picture import COLUMNS, LAYERS, ROWS, WIDTH, drawn
from lstm_teach.explorers.terrain import terrain
from tests.page import asking, assert_drawn_alike

ask = asking("cliff")
TOLERANCE = 1e-12
STARTS = len(PROBLEM["starts"])


def loss(u, b):
    """The loss of one chain, without the package."""
    h = PROBLEM["h0"]
    for _ in range(PROBLEM["copies"]):
        h = np.tanh(u * h + b)
    return (h - PROBLEM["target"]) ** 2


# --- the landscape -----------------------------------------------------------------------


def test_the_landscape_is_the_loss_of_the_chain_and_its_gradient_is_its_slope():
    rng = np.random.default_rng(41)
    points = rng.uniform([0.4, -0.8], [2.2, 0.4], size=(30, 2))
    losses, grads = landscape(chains(points))
    for n, (u, b) in enumerate(points):
        assert losses[n] == pytest.approx(loss(u, b), rel=1e-12)
        slopes = lt.numerical_gradient(lambda at: loss(*at), points[n], eps=1e-7)
        found = [grads.U[n].item(), grads.b[n].item()]
        np.testing.assert_allclose(found, slopes, rtol=1e-4, atol=1e-7)


def test_on_the_line_with_the_teeth_the_loss_falls_off_a_cliff():
    h0 = PROBLEM["h0"]
    for u in (1.5, 1.8, 2.1):
        edge = np.arctanh(h0) - h0 * u
        assert loss(u, edge + 0.02) > 1.9
        assert loss(u, edge - 0.02) < 0.1
        _, grads = landscape(chains([[u, edge]]))
        assert abs(grads.b.item()) > 50
    assert 2 < loss(2.0, 0.3) < 2.9  # as the map says
    assert loss(0.5, -0.5) < PROBLEM["low"]


# --- descent -----------------------------------------------------------------------------


def by_hand(start, rate, clip):
    """Gradient descent on one chain with `forward` and `backward`."""
    (u, b), points, losses, lengths = start, [], [], []
    x, state = np.zeros((PROBLEM["copies"], 1, 1)), lt.RNNState(h=np.array([[PROBLEM["h0"]]]))
    for _ in range(PROBLEM["steps"] + 1):
        params = lt.Params(
            np.zeros((1, 1, 1)), np.full((1, 1, 1), u), np.full((1, 1), b), np.zeros((0, 1))
        )
        h, _, trace = lt.forward(lt.RNN, params, x, state)
        dh = np.zeros_like(h)
        dh[-1] = 2 * (h[-1] - PROBLEM["target"])
        grads = lt.backward(lt.RNN, params, trace, dh).params
        du, db = grads.U.item(), grads.b.item()
        points.append([u, b])
        losses.append((h[-1].item() - PROBLEM["target"]) ** 2)
        lengths.append(np.hypot(du, db))
        factor = min(1, clip / lengths[-1]) if clip and lengths[-1] > 0 else 1
        u, b = u - rate * factor * du, b - rate * factor * db
    return np.array(points), np.array(losses), np.array(lengths[:-1])


@pytest.mark.parametrize(("rate", "clip"), [(0.1, 0.0), (0.3, 0.5), (1.0, 1.0)])
def test_the_ways_are_gradient_descent_with_forward_and_backward(rate, clip):
    explorer = Cliff(rate=rate, clip=clip, start=2)
    points, losses, lengths = by_hand(PROBLEM["starts"][1], rate, clip)
    # A face of the cliff multiplies a difference in the last digit by some hundreds, each time.
    np.testing.assert_allclose(explorer.path, points, rtol=0, atol=1e-6)
    np.testing.assert_allclose(explorer.losses, losses, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(explorer.lengths, lengths, rtol=1e-4, atol=1e-6)


def test_what_python_answers_has_the_shapes_it_says():
    explorer = Cliff(rate=1.0, clip=0.5)
    assert explorer.path.shape == explorer.plain.shape == (61, 2)
    assert explorer.losses.shape == explorer.plain_losses.shape == (61,)
    assert explorer.lengths.shape == explorer.plain_lengths.shape == (60,)
    assert explorer.ends.shape == (5,)
    assert explorer.ends[0] == explorer.losses[-1]
    assert (explorer.path[0] == explorer.plain[0]).all()
    off = Cliff(rate=1.0)
    assert (off.path == off.plain).all()
    assert (off.plain == explorer.plain).all()


def test_clipping_shortens_every_step_and_turns_none():
    explorer = Cliff(rate=1.0, clip=0.5)
    steps = np.linalg.norm(np.diff(explorer.path, axis=0), axis=1)
    assert steps.max() <= 0.5 * (1 + 1e-12)
    assert explorer.lengths.max() > 50
    first = explorer.lengths.argmax()
    straight, thrown = (np.diff(way, axis=0)[first] for way in (explorer.path, explorer.plain))
    cosine = straight @ thrown / np.linalg.norm(straight) / np.linalg.norm(thrown)
    assert cosine == pytest.approx(1)


def test_at_the_start_one_gradient_throws_the_weights_away_for_good():
    explorer = Cliff()
    assert explorer.clip == 0
    worst = explorer.plain_lengths.argmax()
    assert explorer.plain_lengths[worst] > 50
    assert abs(explorer.plain[worst + 1]).max() > 40
    assert (explorer.plain[worst + 2 :] == explorer.plain[-1]).all()  # no slope, no way back
    assert explorer.plain_losses[-1] == pytest.approx(0.09)


# --- the goal ----------------------------------------------------------------------------


def test_the_goal_cannot_be_reached_without_clipping_and_can_with_it():
    counts = {(r, c): sum(descend(r, c).losses[-1] < 0.01) for r in RATES for c in (0.0, 0.5)}
    assert max(counts[rate, 0.0] for rate in RATES) == 1
    for rate in (0.7, 1.0, 1.5, 2.0, 3.0):
        assert counts[rate, 0.5] == STARTS
    assert not Cliff().goal_reached
    assert Cliff(clip=0.5).goal_reached


def test_between_the_stops_luck_alone_brings_no_more_than_three_starts_down():
    """A step may happen to jump across the face of the cliff. Three of five is the best seen."""
    most = max(sum(descend(rate, 0.0).losses[-1] < 0.01) for rate in np.linspace(0.02, 3, 25))
    assert most <= 3


@pytest.mark.parametrize(
    "settings",
    [
        {"rate": 0.05, "clip": 0.5},  # too slow
        {"rate": 0.5, "clip": 0.03},  # steps too short
        {"rate": 1.0, "clip": 20.0},  # as good as not clipped
    ],
)
def test_the_goal_can_be_missed_on_either_side(settings):
    assert not Cliff(**settings).goal_reached


def test_four_of_five_are_not_enough():
    explorer = Cliff(rate=0.5, clip=2.0)
    assert explorer.goal().count == 4
    assert not explorer.goal_reached


def test_a_rate_of_zero_is_refused_and_a_clip_of_zero_is_off():
    message = "rate is 0; expected a number from 0.02 to 3."
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        Cliff(rate=0)
    message = "clip is -1; expected a number from 0 to 100."
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        Cliff(clip=-1)
    assert Cliff(rate=0.37, clip=0.44).rate == 0.37  # any number between, from code
    assert Cliff(clip=0).words().endswith("Clipping is off.")


# --- the still picture -------------------------------------------------------------------


def test_the_still_picture_has_the_numbers_of_its_settings():
    still = Cliff(rate=1.0, clip=0.5, start=1).still()
    for words in ("clipped to 0.5", "without clipping", "to u = −23.2, b = −46.6", "cliff"):
        assert words in still.svg
    assert "longest gradient 52.54 at step 14" in still.description
    assert "Clipped to 0.5: loss 0.002." in still.description
    assert len(still.svg) < 80_000


def test_the_map_is_darker_where_the_loss_is_higher():
    shades = [shade for _, shade in LAYERS]
    thresholds = [height for height, _ in LAYERS]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] == PROBLEM["low"]
    assert all(0 < shade < 1 for shade in shades)
    heights = np.array(surface())
    assert heights.shape == (ROWS + 1, COLUMNS + 1)
    assert heights[-1, -1] > 2.5
    assert heights[0, -1] < 0.1


def test_a_slope_is_drawn_as_layers_that_end_where_it_passes_their_height():
    p = Plot(0, 0, 100, 40, linear(0, 1), linear(0, 1))
    rows = [[0.0, 1.0, 2.0, 3.0, 4.0]] * 3
    svg = terrain(p, rows, [(1.5, 0.5), (9, 0.5)])
    assert svg.count("M37.5,40H100L100,20H37.5z") == 1
    assert svg.count("M37.5,20H100L100,0H37.5z") == 1
    assert svg.endswith('d=""/>')


# --- the page ----------------------------------------------------------------------------


def test_the_page_has_the_same_loss_and_gradient_at_every_point(ask):
    rng = np.random.default_rng(42)
    points = np.concatenate(
        [
            rng.uniform([0.4, -0.8], [2.2, 0.4], size=(200, 2)),
            rng.normal(size=(40, 2)) * 30,
            descend(1.0, 0.5).points[:, 0],
        ]
    )
    losses, grads = landscape(chains(points))
    found = ask(calls=[["lossAt", point, PROBLEM] for point in points.tolist()])["calls"]
    for n, theirs in enumerate(found):
        gradient = np.array([grads.U[n].item(), grads.b[n].item()])
        # Near the edge the chain itself multiplies the last digit by the gradient's length.
        steep = 1 + np.linalg.norm(gradient)
        assert abs(theirs["loss"] - losses[n]) <= TOLERANCE * steep
        assert np.abs(np.array(theirs["gradient"]) - gradient).max() <= TOLERANCE * steep**2


def test_the_page_goes_the_same_ways(ask):
    """To 1e-12 until a way meets the face of the cliff, where the last digit is blown up too."""
    settings = [(rate, clip) for rate in RATES[4::3] for clip in (0.0, 0.1, 0.5, 2.0)]
    calls = [["descend", s, *two, PROBLEM] for two in settings for s in PROBLEM["starts"]]
    answers = iter(ask(calls=calls)["calls"])
    compared = 0
    for rate, clip in settings:
        way = descend(rate, clip)
        for n in range(STARTS):
            theirs = next(answers)
            met = np.flatnonzero(way.lengths[:, n] > 1)
            upto = met[0] if len(met) else PROBLEM["steps"]
            compared += upto
            for name in ("points", "losses", "lengths"):
                ours = getattr(way, name)[:upto, n]
                np.testing.assert_allclose(theirs[name][:upto], ours, rtol=0, atol=TOLERANCE)
            assert (theirs["losses"][-1] < 0.01) == (way.losses[-1, n] < 0.01), (rate, clip, n)
    assert compared > 1000


def test_the_page_and_python_judge_alike(ask):
    settings = [(rate, clip) for rate in RATES[1::3] for clip in (*CLIPS[1::4], 0.0)]
    verdicts = ask(calls=[["robust", *two, PROBLEM] for two in settings])["calls"]
    for verdict, (rate, clip) in zip(verdicts, settings, strict=True):
        goal = Cliff(rate=rate, clip=clip).goal()
        assert verdict["count"] == goal.count, (rate, clip)
        assert verdict["reached"] == goal.reached
    assert 0 < sum(verdict["reached"] for verdict in verdicts) < len(verdicts)


def test_the_page_and_the_still_have_the_same_ground(ask):
    (heights,) = ask(calls=[["surface", PROBLEM, COLUMNS, ROWS]])["calls"]
    np.testing.assert_allclose(heights, surface(), rtol=0, atol=1e-11)
    box, ends = (52, 64, 550, 414), PROBLEM["map"]
    chart = {"box": box, "x": ["linear", *ends[:2]], "y": ["linear", *ends[2:]]}
    ((theirs,),) = ask(charts=[chart | {"marks": [["terrain", heights, LAYERS]]}])["charts"]
    p = Plot(*box, linear(*ends[:2]), linear(*ends[2:]))
    assert_drawn_alike(theirs, terrain(p, surface(), LAYERS))


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    explorers = [
        Cliff(rate=rate, clip=clip, start=start, steps=steps)
        for rate, clip, start, steps in (
            (1.0, 0.0, 1, 60),
            (1.0, 0.5, 1, 60),
            (0.5, 1.0, 3, 17),
            (3.0, 10.0, 4, 60),
            (0.02, 0.03, 5, 0),
        )
    ]
    scenes = [explorer.scene() for explorer in explorers]
    pictures = ask(calls=[["cliffPicture", scene, width] for scene in scenes])["calls"]
    for theirs, scene in zip(pictures, scenes, strict=True):
        height, ours = drawn(scene, width)
        assert theirs["height"] == height
        assert_drawn_alike(theirs["body"], ours)
