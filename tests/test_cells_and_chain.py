"""The package computes what tests/spec.py states, for any sizes, and writes to no argument."""

from dataclasses import replace

import numpy as np
import pytest
import spec
from drawn import ALL_CELLS, label, network, seeds, sizes
from hypothesis import given

import lstm_teach as lt


def everything(trace):
    """All the arrays in a trace, by name."""
    return {**trace.gates._asdict(), **{f"state_{k}": v for k, v in trace.states._asdict().items()}}


def expect_the_spec(cell, step, size, seed):
    """Every number of a chain of this cell is that of the scalar step, at every step."""
    params, x, state = network(cell, seed, **size)
    h, last, trace = lt.forward(cell, params, x, state)
    weights = [v.tolist() for v in params]
    for row in range(size["B"]):
        start = {name: v[row].tolist() for name, v in state._asdict().items()}
        states, gates = spec.chain(step, x[:, row].tolist(), start, *weights)
        pairs = [(h, [s["h"] for s in states[1:]])]
        for name in cell.state._fields:
            truth = [s[name] for s in states]
            pairs += [(getattr(trace.states, name), truth), (getattr(last, name)[None], truth[-1:])]
        for name in cell.gates._fields:
            pairs.append((getattr(trace.gates, name), [g[name] for g in gates]))
        for found, truth in pairs:
            np.testing.assert_allclose(found[:, row], truth, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
@given(size=sizes, seed=seeds)
def test_the_chain_is_the_spec(cell, size, seed):
    expect_the_spec(cell, spec.STEPS[cell.name], size, seed)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
@given(size=sizes, seed=seeds)
def test_two_halves_of_a_sequence_chained_are_the_whole(cell, size, seed):
    size["T"] += 1
    params, x, state = network(cell, seed, **size)
    whole, last, _ = lt.forward(cell, params, x, state)
    cut = size["T"] // 2
    first, middle, _ = lt.forward(cell, params, x[:cut], state)
    second, end, _ = lt.forward(cell, params, x[cut:], middle)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, rtol=0, atol=1e-12)
    for found, truth in zip(end, last, strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
@given(size=sizes, seed=seeds)
def test_a_row_of_a_batch_is_its_own_run(cell, size, seed):
    params, x, state = network(cell, seed, **size)
    together, _, _ = lt.forward(cell, params, x, state)
    for row in range(size["B"]):
        alone_state = cell.state(*(v[row : row + 1] for v in state))
        alone, _, _ = lt.forward(cell, params, x[:, row : row + 1], alone_state)
        np.testing.assert_allclose(together[:, row : row + 1], alone, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_what_is_at_a_step_has_T_rows_and_what_is_carried_has_one_more(cell):
    params, x, state = network(cell, 0, T=5, B=2, D=3, H=4)
    h, last, trace = lt.forward(cell, params, x, state)
    assert h.shape == (5, 2, 4)
    assert {v.shape for v in trace.gates} == {(5, 2, 4)}
    assert {v.shape for v in trace.states} == {(6, 2, 4)}
    assert trace.gates._fields == cell.gates._fields
    for first, final, started, ended in zip(
        *[(v[0] for v in trace.states), (v[-1] for v in trace.states), state, last], strict=True
    ):
        assert np.array_equal(first, started)
        assert np.array_equal(final, ended)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_a_chain_starts_from_zeros_when_no_state_is_given(cell):
    params, x, _ = network(cell, 1, T=3, B=2, D=2, H=3)
    silent, _, _ = lt.forward(cell, params, x)
    started, _, _ = lt.forward(cell, params, x, lt.zero_state(cell, 2, 3))
    assert np.array_equal(silent, started)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_backward_writes_to_none_of_its_arguments(cell):
    params, x, state = network(cell, 2, T=4, B=2, D=3, H=3)
    h, last, trace = lt.forward(cell, params, x, state)
    dh = np.ones_like(h)
    for array in (*trace.gates, *trace.states, dh, *last):
        array.flags.writeable = False
    grads = lt.backward(cell, params, trace, dh, last)
    again = lt.backward(cell, params, trace, dh, last)
    assert all((a == b).all() for a, b in zip(grads.params, again.params, strict=True))


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_float32_stays_float32_forth_and_back(cell):
    params, x, state = network(cell, 2, T=4, B=2, D=3, H=3, dtype=np.float32)
    h, last, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, np.ones_like(h), last)
    arrays = [
        h,
        *last,
        *everything(trace).values(),
        *grads.params,
        grads.x,
        *grads.state,
        *grads.flow,
    ]
    assert {v.dtype for v in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_float32_agrees_with_float64_to_single_precision(cell):
    params, x, state = network(cell, 3, T=6, B=2, D=3, H=4)
    exact, _, _ = lt.forward(cell, params, x, state)
    single = lt.Params(*(v.astype(np.float32) for v in params))
    state32 = cell.state(*(v.astype(np.float32) for v in state))
    rough, _, _ = lt.forward(cell, single, x.astype(np.float32), state32)
    np.testing.assert_allclose(rough, exact, rtol=0, atol=1e-5)


def test_the_same_rng_state_gives_the_same_weights_and_the_next_draw_gives_others():
    rng = np.random.default_rng(7)
    first, second = lt.init(lt.LSTM, rng, 3, 4), lt.init(lt.LSTM, rng, 3, 4)
    again = lt.init(lt.LSTM, np.random.default_rng(7), 3, 4)
    assert np.array_equal(first.W, again.W)
    assert not np.array_equal(first.W, second.W)


def test_init_draws_within_its_bound_and_sets_only_the_forget_bias():
    params = lt.init(lt.LSTM, np.random.default_rng(0), 50, 40, forget_bias=2.5)
    bound = 1 / np.sqrt(40)
    for weights in (params.W, params.U):
        assert np.abs(weights).max() <= bound
        assert np.abs(weights).max() > 0.99 * bound
        assert abs(weights.mean()) < 0.05 * bound
    i, f, g, o = params.b
    assert (f == 2.5).all()
    assert not np.stack([i, g, o]).any()
    assert not lt.init(lt.RNN, np.random.default_rng(0), 2, 3).b.any()


def test_a_step_of_the_readers_own_drops_into_the_chain():
    def my_step(x_in, h_in, state, p):
        z_i, z_f, z_g, z_o = x_in + h_in
        i, f, o = (1 / (1 + np.exp(-z)) for z in (z_i, z_f, z_o))
        c = f * state.c + i * np.tanh(z_g)
        return lt.LSTMState(o * np.tanh(c), c), lt.LSTMGates(i, f, np.tanh(z_g), o)

    params, x, state = network(lt.LSTM, 4, T=5, B=2, D=2, H=3)
    mine, _, _ = lt.forward(replace(lt.LSTM, step=my_step), params, x, state)
    ours, _, _ = lt.forward(lt.LSTM, params, x, state)
    np.testing.assert_allclose(mine, ours, rtol=0, atol=1e-14)


@given(seeds)
def test_slopes_are_the_derivatives_of_the_squashing_functions(seed):
    z = np.random.default_rng(seed).normal(scale=3, size=20)
    eps = 1e-6
    for squash, slope in ((lt.logistic, lt.logistic_slope), (lt.tanh, lt.tanh_slope)):
        seen = (squash(z + eps) - squash(z - eps)) / (2 * eps)
        np.testing.assert_allclose(slope(squash(z)), seen, rtol=0, atol=1e-9)


def test_the_logistic_function_is_its_definition_and_never_overflows():
    z = np.linspace(-30, 30, 601)
    np.testing.assert_allclose(lt.logistic(z), 1 / (1 + np.exp(-z)), rtol=0, atol=1e-15)
    np.testing.assert_allclose(lt.tanh(z), 2 * lt.logistic(2 * z) - 1, rtol=0, atol=1e-15)
    assert lt.logistic(np.array([-1e308, 0.0, 1e308])).tolist() == [0.0, 0.5, 1.0]


def test_softmax_sums_to_one_and_ignores_a_common_shift():
    z = np.random.default_rng(0).normal(size=(3, 5))
    p = lt.softmax(z)
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=0, atol=1e-15)
    np.testing.assert_allclose(lt.softmax(z + 1000), p, rtol=0, atol=1e-12)
    np.testing.assert_allclose(p, np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True), atol=1e-15)
