"""Every gradient is the derivative of the forward pass, and a wrong one is found out."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import ALL_CELLS, label, network, random_state, seeds, sizes
from hypothesis import given, settings

import lstm_teach as lt
from lstm_teach import nested


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
@settings(max_examples=25, deadline=None)
@given(size=sizes, seed=seeds)
def test_every_gradient_agrees_with_central_differences_at_any_size(cell, size, seed):
    report = lt.check_gradients(
        cell,
        np.random.default_rng(seed),
        steps=size["T"],
        batch=size["B"],
        inputs=size["D"],
        hidden=size["H"],
    )
    assert report.worst < 1e-6, report


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_every_argument_is_checked(cell):
    names = [entry.name for entry in lt.check_gradients(cell).checked]
    weights = ["W", "U", "b", *(["p"] if cell.peepholes else [])]
    assert names == [*weights, "x", *(f"state.{field}" for field in cell.state._fields)]


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_flow_is_the_gradient_with_respect_to_the_state_carried_into_each_step(cell):
    """Cut the chain at t: the gradient of the rest with respect to its initial state is flow[t]."""
    T, B, D, H = 5, 2, 3, 4
    params, x, state = network(cell, 0, T, B, D, H)
    rng = np.random.default_rng(1)
    dh, dlast = rng.normal(size=(T, B, H)), random_state(cell, rng, B, H)
    _, _, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, dh, dlast)
    for t in range(T):
        carried = cell.state(*(v[t] for v in trace.states))
        _, _, rest = lt.forward(cell, params, x[t:], carried)
        of_the_rest = lt.backward(cell, params, rest, dh[t:], dlast).state
        direct = dh[t - 1] if t else 0
        for name in cell.state._fields:
            truth = getattr(of_the_rest, name) + (direct if name == "h" else 0)
            np.testing.assert_allclose(getattr(grads.flow, name)[t], truth, rtol=0, atol=1e-12)
    for name in cell.state._fields:
        np.testing.assert_array_equal(getattr(grads.flow, name)[0], getattr(grads.state, name))


def rnn_without_slope(dstate, gates, before, after, p):
    back = lt.RNN.step_back(dstate, gates, before, after, p)
    return back._replace(x_in=dstate.h[None], h_in=dstate.h[None])


def lstm_that_forgets_the_way_through_h(dstate, gates, before, after, p):
    return lt.LSTM.step_back(dstate._replace(h=np.zeros_like(dstate.h)), gates, before, after, p)


def lstm_with_no_flow_through_c(dstate, gates, before, after, p):
    back = lt.LSTM.step_back(dstate, gates, before, after, p)
    return back._replace(state=back.state._replace(c=np.zeros_like(back.state.c)))


def lstm_whose_gates_swap_their_slopes(dstate, gates, before, after, p):
    i, f, g, o = gates
    return lt.LSTM.step_back(dstate, lt.LSTMGates(f, i, g, o), before, after, p)


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (lt.RNN, rnn_without_slope),
        (lt.LSTM, lstm_that_forgets_the_way_through_h),
        (lt.LSTM, lstm_with_no_flow_through_c),
        (lt.LSTM, lstm_whose_gates_swap_their_slopes),
    ],
    ids=lambda value: getattr(value, "__name__", None) or value.name,
)
def test_a_wrong_backward_pass_is_found_out(cell, wrong):
    report = lt.check_gradients(replace(cell, step_back=wrong))
    assert not report.passed
    assert "WRONG" in str(report)
    assert "✗" in str(report)


def test_a_right_report_names_the_cell_its_worst_error_and_every_argument():
    text = str(lt.check_gradients(lt.LSTM))
    assert text.startswith("Gradient check of LSTM: right (worst relative error")
    for name in ("W", "U", "b", "x", "state.h", "state.c"):
        assert f"\n  {name} " in text
    assert "✗" not in text


def test_nan_in_a_gradient_is_wrong_and_not_overlooked():
    def nan_somewhere(dstate, gates, before, after, p):
        back = lt.RNN.step_back(dstate, gates, before, after, p)
        spoilt = back.x_in.copy()
        spoilt[0, 0, 0] = np.nan
        return back._replace(x_in=spoilt)

    report = lt.check_gradients(replace(lt.RNN, step_back=nan_somewhere))
    assert not report.passed
    assert report.worst == np.inf


def test_the_check_gives_the_same_numbers_twice():
    assert str(lt.check_gradients(lt.LSTM)) == str(lt.check_gradients(lt.LSTM))


def test_the_numerical_gradient_of_a_cubic_is_three_x_squared():
    x = np.array([-1.0, 0.5, 2.0])
    x.flags.writeable = False
    found = lt.numerical_gradient(lambda v: np.sum(v**3), x)
    np.testing.assert_allclose(found, 3 * x**2, rtol=0, atol=1e-9)


def test_relative_error_has_a_floor_for_entries_that_are_truly_zero():
    error = lt.relative_error(np.array([0.0, 1.0, 2.0]), np.array([1e-12, 1.0, 1.0]))
    np.testing.assert_allclose(error, [1e-9, 0, 0.5])


def layers_of_a_polynomial():
    """f over a nest of every kind of holder, its gradient, and where it is taken."""
    rng = np.random.default_rng(4)
    at = {
        "first": [rng.normal(size=(3, 2)), (rng.normal(size=4),)],
        "second": lt.RNNState(h=rng.normal(size=(2, 2))),
    }

    def f(v):
        a, (b,) = v["first"]
        return np.sum(a**3) + np.sum(b**2) * np.sum(v["second"].h)

    a, (b,) = at["first"]
    h = at["second"].h
    gradient = {
        "first": [3 * a**2, (2 * b * h.sum(),)],
        "second": lt.RNNState(h=np.full_like(h, np.sum(b**2))),
    }
    return f, gradient, at


def test_a_random_direction_finds_a_right_gradient_right_in_any_nest_of_arrays():
    f, gradient, at = layers_of_a_polynomial()
    report = lt.check_random_direction(f, gradient, at, name="a polynomial")
    assert report.worst < 1e-9, report
    assert report.passed
    assert [entry.shape for entry in report.checked] == [(14,)] * 3
    assert str(report).startswith("Gradient check of a polynomial: right")


@pytest.mark.parametrize("entry", range(14))
def test_a_random_direction_finds_one_wrong_entry_wherever_it_is(entry):
    f, gradient, at = layers_of_a_polynomial()
    for values in nested.arrays(gradient):
        if 0 <= entry < values.size:
            values.flat[entry] += 0.01
        entry -= values.size
    assert not lt.check_random_direction(f, gradient, at).passed


def test_a_random_direction_takes_nan_for_wrong():
    f, gradient, at = layers_of_a_polynomial()
    gradient["first"][0][0, 0] = np.nan
    report = lt.check_random_direction(f, gradient, at)
    assert not report.passed
    assert report.worst == np.inf


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_a_random_direction_checks_a_chain_too_large_to_move_entry_by_entry(cell):
    params, x, state = network(cell, 0, T=12, B=3, D=8, H=24)
    params = lt.Params(*(v / 5 for v in params))
    dh = np.random.default_rng(1).normal(size=(12, 3, 24))
    _, _, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, dh)

    def loss(at):
        return np.sum(lt.forward(cell, *at)[0] * dh)

    at, gradient = (params, x, state), (grads.params, grads.x, grads.state)
    assert lt.check_random_direction(loss, gradient, at).passed
    wrong = (grads.params._replace(b=grads.params.b * 1.001), grads.x, grads.state)
    assert not lt.check_random_direction(loss, wrong, at).passed
