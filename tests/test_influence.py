"""Jacobians are exact, their two paths add up, and the gradient over the lag is told truly."""

import numpy as np
import pytest
from drawn import ALL_CELLS, label, network, random_state, seeds, sizes
from hypothesis import assume, given, settings

import lstm_teach as lt

EVERY_CELL = pytest.mark.parametrize("cell", ALL_CELLS, ids=label)


def traced(cell, seed, **size):
    params, x, state = network(cell, seed, **size)
    return params, lt.forward(cell, params, x, state)[2]


def rounding(*arrays):
    """How far two ways to compute these may be apart: their largest number counts."""
    return 1e-12 * max(1, *(np.abs(v).max() for v in arrays))


@EVERY_CELL
def test_a_jacobian_is_what_the_last_state_does_when_one_number_is_moved(cell):
    T, B, H, eps = 4, 2, 3, 1e-6
    params, trace = traced(cell, 0, T=T, B=B, D=2, H=H)
    J = lt.jacobians(cell, params, trace)
    for t in range(T):
        carried = cell.state(*(v[t] for v in trace.states))
        for asked in cell.state._fields:
            for m in range(H):
                move = np.zeros((B, H))
                move[:, m] = eps
                ends = []
                for way in (move, -move):
                    moved = carried._replace(**{asked: getattr(carried, asked) + way})
                    ends.append(lt.forward(cell, params, trace.x[t:], moved)[1])
                for answers in cell.state._fields:
                    up, down = (getattr(end, answers) for end in ends)
                    found = getattr(getattr(J, answers), asked)[t, :, :, m]
                    np.testing.assert_allclose(found, (up - down) / (2 * eps), rtol=0, atol=1e-8)


@EVERY_CELL
@given(size=sizes, seed=seeds)
def test_at_the_end_the_jacobian_is_the_identity(cell, size, seed):
    params, trace = traced(cell, seed, **size)
    last = lt.whole_jacobian(lt.jacobians(cell, params, trace))[-1]
    assert (last == np.eye(len(cell.state._fields) * size["H"])).all()


@EVERY_CELL
@given(size=sizes, seed=seeds)
def test_the_whole_jacobian_is_the_product_of_its_steps(cell, size, seed):
    params, trace = traced(cell, seed, **size)
    J = lt.whole_jacobian(lt.jacobians(cell, params, trace))
    steps = lt.whole_jacobian(lt.step_jacobians(cell, params, trace))
    product = J[-1]
    for t in reversed(range(size["T"])):
        product = product @ steps[t]
        np.testing.assert_allclose(product, J[t], rtol=0, atol=rounding(J))


@EVERY_CELL
@given(size=sizes, seed=seeds)
def test_a_gradient_is_the_last_gradient_times_the_jacobian(cell, size, seed):
    params, trace = traced(cell, seed, **size)
    dlast = random_state(cell, np.random.default_rng(seed), size["B"], size["H"])
    silent = np.zeros_like(trace.states.h[1:])
    grads = lt.backward(cell, params, trace, silent, dlast)
    J = lt.whole_jacobian(lt.jacobians(cell, params, trace))
    flow = np.concatenate(grads.flow, axis=-1)
    expected = np.einsum("bn,tbnm->tbm", np.concatenate(dlast, axis=-1), J)
    np.testing.assert_allclose(flow, expected, rtol=0, atol=rounding(J, flow))


def product_from(factors):
    """Row t: the product of factors t, t+1, ... to the end; row T: ones."""
    rows = [np.ones_like(factors[0])]
    for factor in factors[::-1]:
        rows.append(rows[-1] * factor)
    return np.array(rows[::-1])


KEEPS = {
    "LSTM": ("c", lambda trace, p: trace.gates.f),
    "LSTM97": ("c", lambda trace, p: np.ones_like(trace.gates.i)),
    "COUPLED": ("c", lambda trace, p: trace.gates.f),
    "GRU": ("h", lambda trace, p: trace.gates.u),
    "MGU": ("h", lambda trace, p: trace.gates.u),
    "RNN": ("h", lambda trace, p: np.zeros_like(trace.gates.g)),
    "PEEPHOLE": (
        "c",  # c' reads c three times: through f's product, and as both gates see it
        lambda trace, p: (
            trace.gates.f
            + trace.states.c[:-1] * lt.logistic_slope(trace.gates.f) * p[1]
            + trace.gates.g * lt.logistic_slope(trace.gates.i) * p[0]
        ),
    ),
}


@EVERY_CELL
@given(size=sizes, seed=seeds)
def test_the_carousel_path_is_the_product_of_what_each_step_keeps(cell, size, seed):
    params, trace = traced(cell, seed, **size)
    name, keeps = KEEPS[cell.name]
    carousel = lt.jacobian_paths(cell, params, trace).carousel
    product = product_from(keeps(trace, params.p))
    expected = product[..., None] * np.eye(size["H"])
    np.testing.assert_allclose(
        getattr(getattr(carousel, name), name), expected, rtol=1e-12, atol=1e-14
    )


@EVERY_CELL
@given(size=sizes, seed=seeds)
def test_the_two_paths_add_up_and_gate_paths_are_those_that_take_a_gate(cell, size, seed):
    """Gate paths by their own recursion: first time through U now, or straight now and U later."""
    params, trace = traced(cell, seed, **size)
    total, carousel, gates = (lt.whole_jacobian(J) for J in lt.jacobian_paths(cell, params, trace))
    cut = params._replace(U=np.zeros_like(params.U))
    steps = lt.whole_jacobian(lt.step_jacobians(cell, params, trace))
    straight = lt.whole_jacobian(lt.step_jacobians(cell, cut, trace))
    expected = np.zeros_like(gates[-1])
    for t in reversed(range(size["T"])):
        expected = expected @ straight[t] + total[t + 1] @ (steps[t] - straight[t])
        np.testing.assert_allclose(gates[t], expected, rtol=0, atol=rounding(total))
    np.testing.assert_allclose(carousel + gates, total, rtol=0, atol=rounding(total))


def test_gate_paths_can_outgrow_a_carousel_that_forgets():
    """∂c_T/∂c_t is not the product of the forget gates: what goes through U may be far larger."""
    rng = np.random.default_rng(0)
    params = lt.init(lt.LSTM, rng, 1, 16, forget_bias=0)
    params = params._replace(U=8 * params.U)
    _, _, trace = lt.forward(lt.LSTM, params, rng.normal(size=(60, 1, 1)))
    paths = lt.jacobian_paths(lt.LSTM, params, trace)
    straight, through_gates = (np.linalg.norm(J.c.c[0, 0]) for J in (paths.carousel, paths.gates))
    assert straight < 1e-3
    assert through_gates > 1


@EVERY_CELL
@given(size=sizes, seed=seeds)
def test_flow_is_the_length_of_the_gradient_k_steps_before_the_end(cell, size, seed):
    params, trace = traced(cell, seed, **size)
    silent = np.zeros_like(trace.states.h[1:])
    dlast = random_state(cell, np.random.default_rng(seed), size["B"], size["H"])
    grads = lt.backward(cell, params, trace, silent, dlast)
    lengths = lt.flow(grads)
    assert type(lengths) is cell.state
    for name in cell.state._fields:
        found = getattr(lengths, name)
        assert found.shape == (size["T"] + 1, size["B"])
        for k in range(size["T"] + 1):
            for row in range(size["B"]):
                dv = getattr(grads.flow, name)[size["T"] - k, row]
                assert found[k, row] == pytest.approx(sum(v * v for v in dv.tolist()) ** 0.5)


@settings(max_examples=50)
@given(seeds)
def test_no_stretch_is_larger_than_the_largest_singular_value_nor_growth_than_the_radius(seed):
    rng = np.random.default_rng(seed)
    M, v = rng.normal(size=(2, 4, 4)), rng.normal(size=(2, 4, 1))
    most = lt.largest_singular_value(M)
    radius = lt.spectral_radius(M)
    assert most.shape == radius.shape == (2,)
    stretch = np.linalg.norm(M @ v, axis=(1, 2)) / np.linalg.norm(v, axis=(1, 2))
    assert (stretch <= most + 1e-12).all()
    assert (radius <= most + 1e-12).all()
    assume((np.abs(radius) > 1e-3).all())
    power = np.linalg.norm(np.linalg.matrix_power(M / radius[:, None, None], 4096), axis=(1, 2))
    assert (np.abs(np.log(power)) / 4096 < 0.01).all()  # Gelfand: |M^k|^(1/k) goes to the radius


def test_a_matrix_that_only_shears_has_radius_one_and_stretches_more():
    shear = np.array([[1.0, 3.0], [0.0, 1.0]])
    assert lt.spectral_radius(shear) == 1
    assert lt.largest_singular_value(shear) == pytest.approx((3 + 13**0.5) / 2)


def test_a_trace_that_is_not_of_every_step_of_this_cell_is_named():
    params, x, state = network(lt.LSTM, 0, T=6, B=2, D=3, H=4)
    _, _, kept = lt.forward(lt.LSTM, params, x, state, checkpoint=2)
    for look in (lt.jacobians, lt.step_jacobians, lt.jacobian_paths):
        with pytest.raises(TypeError, match="expected a Trace of every step"):
            look(lt.LSTM, params, kept)
        with pytest.raises(TypeError, match="trace is None; expected the Trace of LSTM"):
            look(lt.LSTM, params, None)
