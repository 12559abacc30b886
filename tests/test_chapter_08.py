"""Chapter 08: what its checks compute is so, and so are the numbers in its explanations."""

import numpy as np
import pytest

import lstm_teach as lt
from lstm_teach.checks import EXERCISES, check
from lstm_teach.checks.chapter_08 import key, one_tanh, three_cells
from lstm_teach.checks.chapter_08.ablate import moved_without_gate


def test_one_tanh_that_the_check_finds_is_as_near_as_it_says():
    rng = np.random.default_rng(0)
    found = 0
    for table in rng.uniform(-1, 1, (300, 4)):
        near = one_tanh.one_tanh_near(table)
        if near:
            w, u, b = near
            written = np.tanh(w * one_tanh.V + u * one_tanh.M + b)
            assert np.abs(written - table).max() <= one_tanh.FAR + 1e-9
            found += 1
    assert 50 < found < 250


def test_where_the_check_finds_no_tanh_a_search_finds_none():
    rng = np.random.default_rng(1)
    w, u, b = rng.normal(scale=2, size=(3, 20_000, 1))
    reached = np.tanh(w * one_tanh.V + u * one_tanh.M + b)
    beyond = [t for t in rng.uniform(-1, 1, (200, 4)) if one_tanh.one_tanh_near(t) is None]
    assert len(beyond) > 50
    for table in beyond:
        assert np.abs(reached - table).max(axis=1).min() > one_tanh.FAR


def test_the_unit_of_the_key_exercise_is_an_lstm_of_the_package():
    rows = (0.5, 4.0, -2.0), (1.5, 0.3, 0.1)
    (w_i, u_i, b_i), (w_g, u_g, b_g) = rows
    W = np.zeros((4, 2, 1))
    W[0, :, 0], W[2, :, 0] = (w_i, u_i), (w_g, u_g)
    b = np.array([[b_i], [40.0], [b_g], [0.0]])
    params = lt.Params(W=W, U=np.zeros((4, 1, 1)), b=b, p=np.zeros((0, 1)))
    _, v, m = next(key.streams(np.random.default_rng(2)))
    _, _, trace = lt.forward(lt.LSTM, params, np.stack([v, m], axis=-1)[:, None])
    i, g = key.layers(rows, v, m)
    np.testing.assert_allclose(trace.states.c[1:, 0, 0], np.cumsum(i * g), rtol=0, atol=1e-12)


@pytest.mark.parametrize("b", [-9.0, -9.5, -10.0, -12.0])
@pytest.mark.parametrize("w", [4.0, 5.0, 20.0])
def test_a_whole_region_of_gates_opens_for_the_key_only(b, w):
    assert check("8.3", ((0, 19.9, b), (w, 0, 0))).status == "right"


def test_the_bias_of_minus_three_is_too_weak_for_the_key_exercise():
    assert "500 · 0.047 is 24" in EXERCISES["8.3"].why
    assert round(500 * float(lt.logistic(np.array(-3.0)))) == 24
    assert check("8.3", ((0, 20, -3), (5, 0, 0))).mistake == "not shut enough"


def test_the_numbers_about_how_shut_are_so():
    bias = EXERCISES["8.5"].parts[0].reference
    assert "For 400 steps and a tenth that is -8.3" in EXERCISES["8.5"].after
    assert f"{bias(400, 0.1):.1f}" == "-8.3"
    assert "A bias of -3 is shut for two steps" in EXERCISES["8.5"].after
    gate = float(lt.logistic(np.array(-3.0)))
    assert 2 * gate < 0.1 < 3 * gate
    assert "about 2.3" in EXERCISES["8.5"].why
    assert f"{bias(400, 0.1) - bias(4000, 0.1):.1f}" == "2.3"


def test_only_in_the_first_of_the_three_cells_does_the_gate_matter():
    for seed in range(20):
        cells = three_cells(np.random.default_rng(seed))
        moved = [np.abs(moved_without_gate(np.ones(4), *cell)).mean() for cell in cells.values()]
        assert moved[0] > 0.5 > 0.2 > max(moved[1:])


def test_an_open_gate_wanders_as_the_exercise_says():
    rng = np.random.default_rng(3)
    ends = rng.choice([-0.5, 0.5], (10_000, 400)).sum(axis=0)
    assert "0.5 · √10,000 = 50" in EXERCISES["8.2"].why
    assert 45 < ends.std() < 55
