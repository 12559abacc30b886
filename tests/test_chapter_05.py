"""Chapter 05: its cliff is one and the same everywhere, and what its exercises claim is so."""

import numpy as np
import pytest
from wrong_answers import run_cell

import lstm_teach as lt
from lstm_teach.checks import EXERCISES, check
from lstm_teach.checks.chapter_05 import cliff
from lstm_teach.checks.chapter_05.readers import kinds


def test_the_cliff_of_the_exercise_is_the_chain_of_the_package():
    u, b = np.array([2.2, 0.7, 1.5]), np.array([0.1, -0.4, -0.2])
    loss, gradient = cliff.loss_and_gradient(u, b)
    for k in range(3):
        params = lt.Params(
            W=np.zeros((1, 1, 1)), U=u[k, None, None, None], b=b[k, None, None], p=np.zeros((0, 1))
        )
        start = lt.RNNState(h=np.full((1, 1), 0.5))
        h, _, trace = lt.forward(lt.RNN, params, np.zeros((20, 1, 1)), start)
        dh = np.zeros_like(h)
        dh[-1] = 2 * (h[-1] + 0.7)
        grads = lt.backward(lt.RNN, params, trace, dh).params
        assert loss[k] == pytest.approx((h[-1, 0, 0] + 0.7) ** 2, rel=1e-9)
        assert gradient[0, k] == pytest.approx(grads.U[0, 0, 0], rel=1e-9)
        assert gradient[1, k] == pytest.approx(grads.b[0, 0], rel=1e-9)


@pytest.mark.parametrize("rate", np.geomspace(0.02, 3, 25))
def test_without_a_limit_no_rate_brings_every_start_down(rate):
    assert check("5.3", lambda: (rate, np.inf)).status == "wrong"
    assert "Without a limit there is none" in EXERCISES["5.3"].after


@pytest.mark.parametrize("most", [0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("rate", [0.6, 0.7, 0.8, 0.9, 1.0])
def test_a_whole_region_of_settings_solves_the_cliff(rate, most):
    assert check("5.3", lambda: (rate, most)).status == "right"


@pytest.mark.parametrize(
    ("settings", "mistake"),
    [
        ((0.05, 0.05), "the steps are too short"),
        ((0.5, 0.05), "the steps are too short"),
        ((0.1, 1.0), "the rate is too small"),
        ((0.3, 0.5), "the rate is too small"),
        ((1.0, np.inf), "the limit is too high"),
        ((0.7, 3.0), "the limit is too high"),
        ((2.0, 1.0), "the steps are too long"),
        ((5.0, 0.02), "the steps are too long"),
        ((0.5, -1.0), "not above zero"),
    ],
)
def test_each_way_to_miss_the_valley_has_its_name(settings, mistake):
    assert check("5.3", lambda: settings).mistake == mistake


@pytest.mark.parametrize("value", ["0.5, 0.7", (0.5,), 7, (0.5, None), (np.nan, 1.0), [[0.5, 0.7]]])
def test_settings_that_are_not_two_numbers_are_told_so(value):
    result = check("5.3", value)
    assert result.status == "wrong"
    assert "expected" in result.says


def test_the_labels_of_the_readers_are_true():
    x = np.random.default_rng(1).normal(size=(7, 3))
    for seed in range(20):
        found = kinds(np.random.default_rng(seed))
        assert len(found) == 9
        for kind in found:
            read = kind()
            first, again = read(x), read(x)
            whole, pieces = kind()(x), kind()(x, [2, 5])
            assert np.allclose(first, again, atol=1e-9) is not kind.leaks
            assert np.allclose(whole, pieces, atol=1e-9) is not kind.drops
            assert np.abs(first - again).max() > 1e-4 or not kind.leaks


@pytest.mark.parametrize(
    ("x", "cuts", "said"),
    [
        (np.zeros((2, 4, 3)), (), r"shape \(T, 3\)"),
        (np.zeros((4, 2)), (), r"shape \(T, 3\)"),
        (np.zeros((4, 3)), [4], "between 1 and T - 1 = 3"),
        (np.zeros((4, 3)), 0, "between 1 and T - 1 = 3"),
    ],
)
def test_a_reader_says_what_it_expects(x, cuts, said):
    with pytest.raises(ValueError, match=said):
        kinds(np.random.default_rng(0))[0]()(x, cuts)


def test_the_verdicts_on_readers_cannot_be_learned_by_heart():
    truth = [
        case.args[0].leaks for case in EXERCISES["5.7"].parts[0].cases(np.random.default_rng(0))
    ]

    def reciting():
        remaining = list(truth)

        def leaks(new_reader):
            read = new_reader()
            read(np.ones((3, 3))), read(np.ones((3, 3)))
            return remaining.pop(0)

        return leaks

    drops = EXERCISES["5.7"].parts[1].reference
    assert check("5.7", reciting(), drops).status == "right"
    assert {check("5.7", reciting(), drops, seed=seed).status for seed in (1, 2, 3)} == {"wrong"}


def test_the_numbers_that_the_exercises_name_are_so():
    adam = EXERCISES["5.5"].parts[0].reference
    one, zero = np.ones(1), np.zeros(1)
    _, m, s = adam(zero, one, zero, zero, 1, 1.0)
    assert "3.16 times too long" in _says("5.5", "no corrections")
    assert f"{m[0] / np.sqrt(s[0]):.2f}" == "3.16"
    assert "more than thirty times" in _says("5.5", "corrects the mean only")
    assert 30 < 1 / np.sqrt(s[0]) < 32
    assert "ten times too short" in _says("5.5", "corrects the square only")
    assert f"{m[0]:.1f}" == "0.1"
    assert "0.9**100 is 3e-5" in EXERCISES["5.6"].hints[2]
    assert f"{0.9**100:.0e}" == "3e-05"


def _says(id, name):
    (mistake,) = (m for part in EXERCISES[id].parts for m in part.mistakes if m.name == name)
    return mistake.says


def test_the_functions_of_the_exercises_are_those_of_the_package():
    reference = {part.name: part.reference for e in EXERCISES.values() for part in e.parts}
    rng = np.random.default_rng(3)
    grads = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
    for most in (0.5, 100.0):
        ours, _ = lt.optim.clip_by_norm(grads, most)
        for a, b in zip(reference["clip_by_norm"](*grads, most), ours, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)
    adam = lt.optim.Adam(0.1)
    v, memory = rng.normal(size=4), adam.start(np.zeros(4))
    theirs, m, s = v, np.zeros(4), np.zeros(4)
    for n in range(1, 6):
        dv = rng.normal(size=4)
        v, memory = adam(v, dv, memory)
        theirs, m, s = reference["adam_step"](theirs, dv, m, s, n, 0.1)
        np.testing.assert_allclose(theirs, v, rtol=1e-12)


def test_a_long_lag_share_is_that_of_the_package():
    gradient_left = EXERCISES["5.6"].parts[0].reference
    rng = np.random.default_rng(0)
    U, dh = lt.uniform(rng, 4, 4), rng.normal(size=4)
    linear = run_cell("""
        from dataclasses import replace

        def step(x_in, h_in, state, p):
            h = x_in[0] + h_in[0]
            return lt.RNNState(h=h), lt.RNNGates(g=h)

        def step_back(dstate, gates, before, after, p):
            dz = dstate.h[None]
            return lt.StepGrads(dz, dz, lt.RNNState(h=0 * before.h), np.zeros_like(p))

        LINEAR = replace(lt.RNN, name="linear", step=step, step_back=step_back)
    """)["LINEAR"]
    params = lt.Params(np.zeros((1, 1, 4)), U[None], np.zeros((1, 4)), np.zeros((0, 4)))
    start = lt.RNNState(h=rng.normal(size=(1, 4)))
    _, _, trace = lt.forward(linear, params, np.zeros((9, 1, 1)), start)
    back = lt.backward(linear, params, trace, np.zeros((9, 1, 4)), lt.RNNState(h=dh[None]))
    for lag in (0, 1, 9):
        length = np.linalg.norm(back.flow.h[9 - lag])
        assert gradient_left(U, dh, lag) == pytest.approx(length / np.linalg.norm(dh), rel=1e-12)
