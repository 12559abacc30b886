"""Weights begin as their rule says, and begin the same way twice."""

import numpy as np
import pytest
from drawn import ALL_CELLS, label, seeds
from hypothesis import given
from hypothesis import strategies as st

import lstm_teach as lt

side = st.integers(1, 12)
RULES = (lt.uniform, lt.glorot, lt.orthogonal, lt.identity)


@given(seeds, side, side)
def test_orthogonal_is_orthogonal_along_its_shorter_side(seed, rows, columns):
    Q = lt.orthogonal(np.random.default_rng(seed), rows, columns)
    assert Q.shape == (rows, columns)
    short = Q.T @ Q if rows >= columns else Q @ Q.T
    np.testing.assert_allclose(short, np.eye(min(rows, columns)), rtol=0, atol=1e-14)


def test_orthogonal_favours_no_rotation():
    """Of 4,000 draws in the plane, the first column's angle fills four quarters alike."""
    rng = np.random.default_rng(0)
    first = np.array([lt.orthogonal(rng, 2, 2)[:, 0] for _ in range(4000)])
    quarters, _ = np.histogram(np.arctan2(first[:, 1], first[:, 0]), 4, (-np.pi, np.pi))
    assert (np.abs(quarters - 1000) < 120).all()  # four standard deviations


def test_an_orthogonal_U_keeps_every_length():
    params = lt.init(lt.RNN, np.random.default_rng(0), 2, 20, U=lt.orthogonal)
    assert lt.largest_singular_value(params.U[0]) == pytest.approx(1)
    assert lt.spectral_radius(params.U[0]) == pytest.approx(1)


@given(seeds, side, side)
def test_uniform_and_glorot_stay_within_their_bounds(seed, rows, columns):
    rng = np.random.default_rng(seed)
    assert np.abs(lt.uniform(rng, rows, columns)).max() <= 1 / np.sqrt(columns)
    assert np.abs(lt.glorot(rng, rows, columns)).max() <= np.sqrt(6 / (rows + columns))


def test_glorot_has_the_variance_it_is_named_for():
    draws = lt.glorot(np.random.default_rng(0), 300, 100)
    assert draws.var() == pytest.approx(2 / 400, rel=0.03)
    assert abs(draws.mean()) < 3 * np.sqrt(2 / 400 / draws.size)


def test_an_identity_U_hands_on_h_as_it_is():
    params = lt.init(lt.RNN, np.random.default_rng(0), 2, 4, U=lt.identity)
    h = np.random.default_rng(1).normal(size=(3, 4))
    assert (h @ params.U[0] == h).all()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_same_rng_state_gives_the_same_matrix_and_only_identity_repeats_itself(rule):
    rng = np.random.default_rng(5)
    first, second = rule(rng, 6, 6), rule(rng, 6, 6)
    assert (rule(np.random.default_rng(5), 6, 6) == first).all()
    assert (first == second).all() == (rule is lt.identity)


@given(seeds, st.floats(2.01, 1e4))
def test_chrono_draws_b_f_so_that_memories_last_from_2_to_T_max_steps(seed, T_max):
    params = lt.init(lt.LSTM, np.random.default_rng(seed), 1, 30, b=lt.chrono(T_max))
    i, f, g, o = params.b
    steps = 1 / (1 - lt.logistic(f))
    assert (steps >= 2 * (1 - 1e-9)).all()
    assert (steps <= T_max * (1 + 1e-9)).all()
    assert (i == -f).all()
    assert not np.stack([g, o]).any()


def test_chrono_spreads_memories_evenly_over_the_lags():
    params = lt.init(lt.LSTM, np.random.default_rng(0), 1, 4000, b=lt.chrono(100))
    steps = np.exp(params.b[1]) + 1
    counts, _ = np.histogram(steps, 4, (2, 100))
    assert (np.abs(counts - 1000) < 120).all()


@pytest.mark.parametrize(("cell", "keeper"), [(lt.COUPLED, "f"), (lt.GRU, "u"), (lt.MGU, "u")])
def test_chrono_sets_the_gate_that_keeps_where_there_is_no_input_gate(cell, keeper):
    params = lt.init(cell, np.random.default_rng(0), 1, 5, b=lt.chrono(50))
    for name, b in zip(cell.layers, params.b, strict=True):
        assert (b > 0).all() if name == keeper else not b.any()


def test_chrono_needs_a_gate_that_keeps_and_a_lag_beyond_2():
    for cell in (lt.RNN, lt.LSTM97):
        with pytest.raises(ValueError, match="the gate that keeps, f or u; this module has"):
            lt.init(cell, np.random.default_rng(0), 1, 2, b=lt.chrono(50))
    for wrong in (2, 1, 0, -5, np.nan):
        with pytest.raises(ValueError, match="expected more than 2"):
            lt.chrono(wrong)


def test_biases_set_the_layers_they_name():
    params = lt.init(lt.LSTM, np.random.default_rng(0), 2, 3, b=lt.biases(f=5, i=[-1, -2, -3]))
    assert params.b.tolist() == [[-1, -2, -3], [5, 5, 5], [0, 0, 0], [0, 0, 0]]
    with pytest.raises(ValueError, match="biases for f z; expected layers of this module: r u g"):
        lt.init(lt.GRU, np.random.default_rng(0), 2, 3, b=lt.biases(f=1, z=2, u=3))


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_a_rule_for_biases_leaves_the_matrices_as_they_were(cell):
    plain = lt.init(cell, np.random.default_rng(3), 2, 4)
    named = lt.init(cell, np.random.default_rng(3), 2, 4, b=lt.biases(g=1), dtype=np.float32)
    assert (plain.W.astype(np.float32) == named.W).all()
    assert (plain.U.astype(np.float32) == named.U).all()
    assert {v.dtype for v in named} == {np.dtype(np.float32)}
    assert not plain.p.any()


def test_a_rule_of_the_readers_own_that_gives_something_else_is_told_what():
    def wrong(rng, rows, columns):
        return np.zeros((rows, columns + 1))

    with pytest.raises(ValueError, match=r"U has shape \(1, 3, 4\); expected \(K, H, H\)"):
        lt.init(lt.RNN, np.random.default_rng(0), 2, 3, U=wrong)
