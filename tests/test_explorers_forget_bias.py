"""The forget bias explorer: its factor, its gradient, its goal, and the same in the page."""

import re

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import ForgetBias
from lstm_teach.explorers.forget_bias import INPUTS, LAGS, NETWORK, SEED, UNITS
from lstm_teach.explorers.forget_bias_picture import WIDTH, drawn
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("forget_bias")
TOLERANCE = 1e-12


# --- the network -------------------------------------------------------------------------


def test_the_network_is_one_that_init_makes_with_this_forget_bias():
    explorer = ForgetBias(bias=2.5)
    rng = np.random.default_rng(SEED)
    params = lt.init(lt.LSTM, rng, inputs=INPUTS, hidden=UNITS, b=lt.biases(f=2.5))
    for ours, theirs in zip(explorer.params, params, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=0.0005001)
    assert explorer.x.shape == (LAGS, 1, INPUTS)


def test_the_norms_are_those_of_the_jacobians_and_the_last_is_of_the_first_state():
    explorer = ForgetBias(bias=2.0)
    J = lt.jacobians(lt.LSTM, explorer.params, explorer.trace).c.c[:, 0]
    assert explorer.norms.shape == explorer.powers.shape == explorer.carousel.shape == (LAGS + 1,)
    for lag in (0, 1, 10, 100):
        assert explorer.norms[lag] == pytest.approx(np.linalg.norm(J[LAGS - lag], 2), rel=1e-12)


def test_the_gradient_at_lag_100_agrees_with_a_finite_difference():
    explorer, eps, columns = ForgetBias(bias=3.0), 1e-6, []
    for unit in np.eye(UNITS):
        ends = [
            lt.forward(
                lt.LSTM,
                explorer.params,
                explorer.x,
                lt.LSTMState(h=np.zeros((1, UNITS)), c=sign * eps * unit[None]),
            )[1].c[0]
            for sign in (1, -1)
        ]
        columns.append((ends[0] - ends[1]) / (2 * eps))
    norm = np.linalg.norm(np.stack(columns, axis=1), 2)
    assert explorer.norms[-1] == pytest.approx(norm, rel=1e-6)


def test_f_is_the_logistic_of_the_bias_and_halves_in_a_half_life():
    for bias in (-2.0, 0.0, 4.6, 8.0):
        explorer = ForgetBias(bias=bias)
        assert explorer.f == pytest.approx(1 / (1 + np.exp(-bias)), rel=TOLERANCE)
        assert explorer.f**explorer.half_life == pytest.approx(0.5, rel=TOLERANCE)
        np.testing.assert_allclose(
            explorer.powers, explorer.f ** np.arange(LAGS + 1), rtol=TOLERANCE
        )


def test_the_carousel_is_the_largest_product_of_the_forget_gates_and_close_to_f():
    explorer = ForgetBias(bias=3.5)
    f = explorer.trace.gates.f[::-1, 0]
    products = np.concatenate([[1.0], np.cumprod(f, axis=0).max(axis=-1)])
    np.testing.assert_allclose(explorer.carousel, products, rtol=1e-11)
    for bias in (2.0, 3.0, 4.0, 5.0, 8.0):
        explorer = ForgetBias(bias=bias)
        assert 1 <= explorer.carousel[-1] / explorer.powers[-1] < 2


def test_what_is_measured_lies_above_the_carousel_because_more_comes_back_through_u():
    for bias in (0.0, 1.0, 2.0, 3.0, 4.0, 8.0):
        explorer = ForgetBias(bias=bias)
        assert explorer.norms[-1] > 2.5 * explorer.carousel[-1]
    silent = ForgetBias(bias=3.0)
    params = silent.params._replace(U=np.zeros((4, UNITS, UNITS)))
    J = lt.jacobians(lt.LSTM, params, lt.forward(lt.LSTM, params, silent.x)[2]).c.c[0, 0]
    assert np.array_equal(np.diag(np.diag(J)), J)


# --- the goal ----------------------------------------------------------------------------


def test_the_goal_has_a_lower_and_an_upper_end_on_the_slider():
    stops = [n / 10 for n in range(-20, 81)]
    goals = {bias: ForgetBias(bias=bias).goal() for bias in stops}
    reached = [bias for bias, goal in goals.items() if goal.reached]
    assert reached == [bias for bias in stops if 2.8 <= bias <= 4.5]
    assert not goals[2.7].lasts
    assert goals[2.7].forgets
    assert goals[4.6].lasts
    assert not goals[4.6].forgets
    assert not ForgetBias().goal_reached
    assert ForgetBias(bias=3.8).goal_reached


@pytest.mark.parametrize("bias", [-2.1, 8.1])
def test_a_bias_that_cannot_be_says_what_was_expected(bias):
    message = f"bias is {bias}; expected a number from -2 to 8."
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        ForgetBias(bias=bias)


def test_the_still_picture_has_the_numbers_of_its_settings():
    still = ForgetBias(bias=3.8).still()
    assert "f = 0.9781, half-life 31.3 steps" in still.svg
    assert (
        "b_f = 3.8: f = 0.9781, half-life 31.3 steps. At lag 100 the gradient" in still.description
    )
    assert "measured is 0.66; f to the power of 100 is 0.11." in still.description
    assert "b_f = −2.0: f = 0.1192" in ForgetBias(bias=-2.0).words()


# --- the page ----------------------------------------------------------------------------


def somewhere():
    rng = np.random.default_rng(71)
    explorers = [on_the_sliders(ForgetBias(), rng) for _ in range(20)]
    return explorers + [ForgetBias(bias=b) for b in (-2.0, 0.0, 2.7, 2.8, 3.456789, 4.5, 4.6, 8.0)]


def test_the_page_computes_the_same_gradients(ask):
    explorers = somewhere()
    scenes = ask(calls=[["forgetBiasScene", e.bias, NETWORK] for e in explorers])["calls"]
    for theirs, explorer in zip(scenes, explorers, strict=True):
        ours = explorer.scene()
        assert theirs.keys() == ours.keys()
        for name in ours:
            np.testing.assert_allclose(theirs[name], ours[name], rtol=TOLERANCE, atol=0)


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere()
    verdicts = ask(calls=[["kept", e.scene()] for e in explorers])["calls"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        assert (verdict["left"], verdict["f"]) == goal
        assert (verdict["lasts"], verdict["forgets"]) == (goal.lasts, goal.forgets)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    assert {True, False} == {verdict["reached"] for verdict in verdicts}


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    scenes = [explorer.scene() for explorer in somewhere()]
    pictures = ask(calls=[["forgetBiasPicture", scene, width] for scene in scenes])["calls"]
    for theirs, scene in zip(pictures, scenes, strict=True):
        height, ours = drawn(scene, width)
        assert theirs["height"] == height
        assert_drawn_alike(theirs["body"], ours)
