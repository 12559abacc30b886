"""The leak explorer: its memory, its gradient, its stream, its goal, and the same in the page."""

import math
import re

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import Leak
from lstm_teach.explorers.leak import LAGS, LEAKY, STEPS
from lstm_teach.explorers.leak_picture import WIDTH, drawn
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("leak")
TOLERANCE = 1e-12


def test_memory_and_gradient_are_the_powers_of_the_leak():
    for leak in (0.0, 0.5, 0.97, 1.0, 1.05):
        explorer = Leak(leak=leak)
        powers = leak ** np.arange(LAGS + 1)
        assert explorer.memory.shape == explorer.gradient.shape == (LAGS + 1,)
        np.testing.assert_allclose(explorer.memory, powers, rtol=TOLERANCE)
        np.testing.assert_allclose(explorer.gradient, powers, rtol=TOLERANCE)


def test_the_stream_is_the_recurrence_and_comes_to_its_limit():
    explorer, c = Leak(leak=0.9), 0.0
    assert explorer.stream.shape == (STEPS + 1,)
    for t in range(STEPS + 1):
        assert explorer.stream[t] == pytest.approx(c, rel=TOLERANCE)
        c = 0.9 * c + 1
    assert explorer.limit == pytest.approx(10)
    assert explorer.stream[-1] == pytest.approx(10, rel=1e-8)
    assert Leak(leak=1.0).stream.tolist() == list(range(STEPS + 1))
    assert Leak(leak=1.0).limit == Leak(leak=1.05).limit == math.inf


def test_the_way_back_through_a_leaky_carousel_is_its_gradient():
    rng = np.random.default_rng(61)
    params = lt.init(LEAKY, rng, inputs=2, hidden=3)
    x = rng.normal(size=(6, 2, 2))
    trace = lt.forward(LEAKY, params, x)[2]
    J = lt.jacobians(LEAKY, params, trace).h.h
    for t in range(7):
        power = np.linalg.matrix_power(params.U[0].T, 6 - t)
        np.testing.assert_allclose(J[t], np.stack([power, power]), rtol=0, atol=1e-14)


def test_the_carousel_of_an_lstm_whose_forget_gate_stays_at_the_leak_has_the_same_gradient():
    leak = 0.97
    rng = np.random.default_rng(62)
    rule = lt.biases(f=math.log(leak / (1 - leak)))
    params = lt.init(lt.LSTM, rng, inputs=1, hidden=1, b=rule)
    params.W[1], params.U[1] = 0, 0  # the forget gate hears its bias alone
    trace = lt.forward(lt.LSTM, params, rng.normal(size=(LAGS, 1, 1)))[2]
    carousel = lt.jacobian_paths(lt.LSTM, params, trace).carousel.c.c.ravel()[::-1]
    np.testing.assert_allclose(Leak(leak=leak).gradient, carousel, rtol=1e-11)


def test_half_is_left_after_a_half_life():
    for leak in (0.3, 0.9, 0.995):
        assert leak ** Leak(leak=leak).half_life == pytest.approx(0.5, rel=TOLERANCE)
    assert Leak(leak=0.0).half_life == 0
    assert Leak(leak=1.0).half_life == Leak(leak=1.01).half_life == math.inf


@pytest.mark.parametrize("leak", [-0.1, 1.06, float("nan")])
def test_a_leak_that_cannot_be_says_what_was_expected(leak):
    message = f"leak is {leak}; expected a number from 0 to 1.05."
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        Leak(leak=leak)


def test_the_goal_lies_between_forgetting_and_piling_up():
    stops = [n / 200 for n in range(211)]
    goals = {leak: Leak(leak=leak).goal() for leak in stops}
    assert [leak for leak, goal in goals.items() if goal.reached] == [0.97, 0.975]
    assert [leak for leak, goal in goals.items() if goal.remembers][0] == 0.97
    assert [leak for leak, goal in goals.items() if goal.bounded][-1] == 0.975
    assert not Leak().goal_reached
    assert Leak(leak=0.97).goal_reached


def test_the_still_picture_has_the_numbers_of_its_settings():
    still = Leak(leak=0.9).still()
    for words in ("half-life 6.6 steps", "c₂₀₀ = 10.00; limit 10.00"):
        assert words in still.svg
    assert "λ = 0.900: half-life 6.6 steps;" in still.description
    assert "2.7·10⁻⁵ is left after 100 steps. After 200 ones, c is 10.00." in still.description
    assert "nothing is lost" in Leak(leak=1.0).words()
    assert "doubled every 14.2 steps" in Leak(leak=1.05).words()
    assert "no limit" in Leak(leak=1.0).still().svg


def somewhere():
    rng = np.random.default_rng(63)
    explorers = [on_the_sliders(Leak(), rng) for _ in range(30)]
    return explorers + [
        Leak(leak=v) for v in (0, 0.9658, 0.9662, 0.975, 0.9755, 0.9999, 1, 1.005, 1.05)
    ]


def test_the_page_computes_the_same_curves(ask):
    explorers = somewhere()
    scenes = ask(calls=[["leakScene", e.leak] for e in explorers])["calls"]
    for theirs, explorer in zip(scenes, explorers, strict=True):
        ours = explorer.scene()
        assert theirs.keys() == ours.keys()
        for name in ours:
            found = np.array(theirs[name], float)
            np.testing.assert_allclose(found, ours[name], rtol=TOLERANCE, atol=0)


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere()
    verdicts = ask(calls=[["balance", e.scene()] for e in explorers])["calls"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        assert (verdict["remembers"], verdict["bounded"]) == (goal.remembers, goal.bounded)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
        assert float(verdict["half_life"]) == goal.half_life
        assert verdict["highest"] == goal.highest
    assert {True, False} == {verdict["reached"] for verdict in verdicts}


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    scenes = [explorer.scene() for explorer in somewhere()]
    pictures = ask(calls=[["leakPicture", scene, width] for scene in scenes])["calls"]
    for theirs, scene in zip(pictures, scenes, strict=True):
        height, ours = drawn(scene, width)
        assert theirs["height"] == height
        assert_drawn_alike(theirs["body"], ours)
