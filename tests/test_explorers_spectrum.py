"""The spectrum explorer: its matrices, its gradients, its goal, and the same in the page."""

import re

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import Spectrum
from lstm_teach.explorers.spectrum import BASES, DECADES, LAGS, UNITS
from lstm_teach.explorers.spectrum_picture import WIDTH, drawn
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("spectrum")
TOLERANCE = 1e-12


# --- the matrices ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BASES)
def test_the_spectral_radius_is_what_its_slider_says_and_shear_leaves_the_eigenvalues(kind):
    for shear in (0.0, 0.5, 1.0):
        explorer = Spectrum(kind=kind, radius=1.3, shear=shear)
        assert lt.spectral_radius(explorer.U) == pytest.approx(1.3, abs=1e-9)
        assert abs(explorer.eigenvalues).max() == pytest.approx(1.3, abs=1e-12)
        for value in explorer.eigenvalues:
            assert abs(np.linalg.eigvals(explorer.U) - value).min() < 1e-9


def test_shear_makes_the_largest_singular_value_grow():
    sizes = [Spectrum(radius=1.0, shear=n / 20).sigma_max for n in range(21)]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 1.5
    # A random matrix is out of shape already: shear has to undo a little of that first.
    random = [Spectrum(kind="random", radius=1.0, shear=shear).sigma_max for shear in (0.0, 1.0)]
    assert 1.5 < random[0] < random[1] - 0.3


def test_without_shear_the_orthogonal_matrix_stretches_nothing():
    explorer = Spectrum(radius=1.0)
    np.testing.assert_allclose(explorer.U @ explorer.U.T, np.eye(UNITS), atol=1e-14)
    np.testing.assert_allclose(explorer.linear, np.ones(LAGS + 1), rtol=1e-12)


# --- the gradients -----------------------------------------------------------------------


def test_the_gradients_are_the_norms_of_the_jacobians():
    explorer = Spectrum(radius=1.1, gain=0.4, shear=0.3)
    J = lt.jacobians(lt.RNN, explorer.params, explorer.trace).h.h[:, 0]
    assert explorer.tanh.shape == explorer.linear.shape == (LAGS + 1,)
    for lag in (0, 1, 7, 50):
        norm = np.linalg.norm(J[LAGS - lag], 2)
        assert explorer.tanh[lag] == pytest.approx(norm, rel=1e-12)
        power = np.linalg.matrix_power(explorer.U, lag)
        assert explorer.linear[lag] == pytest.approx(np.linalg.norm(power, 2), rel=1e-10)


def test_one_gradient_agrees_with_a_finite_difference():
    explorer = Spectrum(radius=1.2, gain=0.3)
    eps, columns = 1e-6, []
    for unit in np.eye(UNITS):
        ends = []
        for sign in (1, -1):
            start = lt.RNNState(h=sign * eps * unit[None])
            ends.append(lt.forward(lt.RNN, explorer.params, explorer.x, start)[1].h[0])
        columns.append((ends[0] - ends[1]) / (2 * eps))
    norm = np.linalg.norm(np.stack(columns, axis=1), 2)
    assert explorer.tanh[-1] == pytest.approx(norm, rel=1e-6)


def test_without_inputs_tanh_is_linear_and_gain_takes_the_slopes_down():
    silent = Spectrum(radius=1.3, gain=0.0)
    np.testing.assert_allclose(silent.tanh, silent.linear, rtol=1e-10)
    assert (silent.slopes == 1).all()
    means = [Spectrum(radius=1.3, gain=gain).slopes.mean() for gain in (0.0, 0.5, 1.0, 2.0)]
    assert means == sorted(means, reverse=True)


def test_no_gradient_is_above_the_bound_and_none_of_the_linear_chain_below_the_radius():
    for kind in BASES:
        explorer = Spectrum(kind=kind, radius=1.2, gain=0.6, shear=0.6)
        lags = np.arange(LAGS + 1)
        bound = explorer.sigma_max**lags * (1 + 1e-9)
        assert (explorer.tanh <= bound).all()
        assert (explorer.linear <= bound).all()
        assert (explorer.linear >= 1.2**lags * (1 - 1e-9)).all()


# --- the goal ----------------------------------------------------------------------------


def test_at_the_start_the_rule_still_holds():
    goal = Spectrum().goal()
    assert goal.radius > 1
    assert goal.last > 1000
    assert not Spectrum().goal_reached


@pytest.mark.parametrize("kind", BASES)
def test_both_counter_examples_are_within_the_sliders(kind):
    vanished = Spectrum(kind=kind, radius=1.2, gain=1.0)
    assert vanished.goal().vanishes
    assert not vanished.goal().grows
    assert vanished.goal_reached
    grown = Spectrum(kind=kind, radius=0.95, gain=0.0, shear=1.0)
    assert grown.goal().grows
    assert not grown.goal().vanishes
    assert grown.goal_reached


@pytest.mark.parametrize(
    "settings",
    [
        {"radius": 1.2, "gain": 0.0},  # nothing saturates
        {"radius": 1.15, "gain": 2.0},  # it vanishes, but the radius is too close to 1
        {"radius": 0.95, "shear": 0.0},  # nothing stretches
        {"radius": 1.0, "shear": 1.0},  # it grows, but the radius is not below 1
    ],
)
def test_each_half_of_a_counter_example_can_be_missed(settings):
    assert not Spectrum(**settings).goal_reached


def test_a_kind_that_does_not_exist_is_answered_with_those_that_do():
    message = "kind is 'normal'; expected 'orthogonal' or 'random'."
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        Spectrum(kind="normal")


# --- the still picture -------------------------------------------------------------------


def test_the_still_picture_has_the_numbers_of_its_settings():
    explorer = Spectrum(radius=0.9, gain=0.2, shear=0.9)
    still = explorer.still()
    assert "spectral radius 0.90, σ max 1.56" in still.svg
    assert "goal: linear above 10" in still.svg
    assert still.svg.count("lt-marker") >= UNITS
    assert "Spectral radius 0.90, largest singular value 1.56; at lag 50: tanh" in still.description
    assert "Still picture of an interactive figure." in still.description


# --- the page ----------------------------------------------------------------------------


def somewhere(count=60):
    rng = np.random.default_rng(31)
    return [on_the_sliders(Spectrum(), rng) for _ in range(count)] + [
        Spectrum(kind=kind, radius=radius, gain=gain, shear=shear)
        for kind in BASES
        for radius in (0.95, 1.2)
        for gain in (0.0, 1.0)
        for shear in (0.0, 1.0)
    ]


def in_the_page(ask, explorers):
    """The scenes that the page makes of the explorers' settings."""
    calls = [
        [
            "spectrumScene",
            {"radius": e.radius, "gain": e.gain, "shear": e.shear},
            e.bases[e.kind],
            DECADES,
            e.noise,
        ]
        for e in explorers
    ]
    return ask(calls=calls)["calls"]


def test_the_page_computes_the_same_gradients_slopes_and_eigenvalues(ask):
    """Relative to 1e-12. Where U can stretch by more than 1e15 the chain is chaotic: there the last
    digit of a state grows as any small change does."""
    explorers = somewhere()
    for theirs, explorer in zip(in_the_page(ask, explorers), explorers, strict=True):
        ours = explorer.scene()
        floor = 1e-15 * np.maximum.accumulate(ours["linear"])
        assert theirs["sigmaMax"] == pytest.approx(ours["sigmaMax"], rel=TOLERANCE)
        np.testing.assert_allclose(theirs["points"], ours["points"], rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(theirs["slopes"], ours["slopes"], rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(theirs["linear"], ours["linear"], rtol=TOLERANCE)
        errors = abs(np.array(theirs["tanh"]) - ours["tanh"])
        assert (errors <= TOLERANCE * np.maximum(ours["tanh"], floor)).all()


def test_the_page_finds_the_largest_singular_value_of_any_matrix(ask):
    rng = np.random.default_rng(32)
    matrices = [
        rng.normal(size=(n, n)) * 10.0**size for n in (1, 2, 5, 16) for size in (-200, 0, 90)
    ]
    matrices += [np.eye(16), np.zeros((4, 4)), np.diag([3.0, 3.0, 1.0]), np.ones((6, 6))]
    found = ask(calls=[["largestSingularValue", M.tolist()] for M in matrices])["calls"]
    np.testing.assert_allclose(
        found, [np.linalg.norm(M, 2) for M in matrices], rtol=TOLERANCE, atol=0
    )


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere(120)
    goals = [explorer.goal() for explorer in explorers]
    verdicts = ask(calls=[["counterExample", *goal] for goal in goals])["calls"]
    for verdict, goal, explorer in zip(verdicts, goals, explorers, strict=True):
        assert (verdict["vanishes"], verdict["grows"]) == (goal.vanishes, goal.grows)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    for half in ("vanishes", "grows"):
        assert 0 < sum(verdict[half] for verdict in verdicts) < len(verdicts)


@pytest.mark.parametrize("width", [WIDTH, 350])
def test_the_page_and_the_still_draw_the_same_picture(width, ask):
    scenes = [explorer.scene() for explorer in somewhere(20)]
    pictures = ask(calls=[["spectrumPicture", scene, width] for scene in scenes])["calls"]
    for theirs, scene in zip(pictures, scenes, strict=True):
        height, ours = drawn(scene, width)
        assert theirs["height"] == height
        assert_drawn_alike(theirs["body"], ours)
