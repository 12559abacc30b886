"""The network of 1997: its sizes are the paper's, and so is where its gradient stops."""

import numpy as np
import pytest
import spec
from drawn import read_only, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_teach as lt
from lstm_teach import lstm97, side_by_side

GATES, HIDDEN, ALL = ("i", "o"), ("i", "g", "o"), ("i", "g", "o", "y")


@pytest.mark.parametrize(
    ("experiment", "net", "weights"),
    [
        ("1, embedded Reber, 4 blocks of 1", lstm97.Net97(7, 4, 1, 7, GATES), 264),
        ("1, embedded Reber, 3 blocks of 2", lstm97.Net97(7, 3, 2, 7, GATES), 276),
        ("2c, long lag with 50 distractors", lstm97.Net97(54, 2, 1, 2, ()), 364),
        ("2c, 100 distractors", lstm97.Net97(104, 2, 1, 2, ()), 664),
        ("2c, 200 distractors", lstm97.Net97(204, 2, 1, 2, ()), 1264),
        ("2c, 500 distractors", lstm97.Net97(504, 2, 1, 2, ()), 3064),
        ("2c, 1000 distractors", lstm97.Net97(1004, 2, 1, 2, ()), 6064),
        ("3, two sequences", lstm97.Net97(1, 3, 1, 1, HIDDEN), 102),
        ("4 and 5, adding and multiplying", lstm97.Net97(2, 2, 2, 1, ALL), 93),
        ("6a, order of two symbols", lstm97.Net97(8, 2, 2, 4, ALL), 156),
        ("6b, order of three symbols", lstm97.Net97(8, 3, 2, 8, ALL), 308),
    ],
)
def test_the_networks_have_as_many_weights_as_the_papers_tables_say(experiment, net, weights):
    assert net.weights == weights, experiment
    params = lstm97.init(net, np.random.default_rng(0), bound=1)
    assert sum(np.count_nonzero(v) for v in params) == weights
    x = np.random.default_rng(1).normal(size=(4, 3, net.inputs))
    y, trace = lstm97.forward(net, params, x)
    learned = lstm97.full_gradient(net, params, trace, np.ones_like(y))
    assert sum(np.count_nonzero(v) for v in learned) == weights


shapes = st.fixed_dictionaries(
    {
        name: st.integers(1, most)
        for name, most in (("inputs", 3), ("blocks", 3), ("size", 3), ("outputs", 2))
    }
    | {"biases": st.lists(st.sampled_from(ALL), unique=True).map(tuple)}
)


def drawn(shape, seed, T=4, B=2, dtype=np.float64):
    """A network with weights of every size, and a batch, all read-only."""
    net, rng = lstm97.Net97(**shape), np.random.default_rng(seed)
    params = lstm97.init(net, rng, bound=2)
    params = lstm97.Params97(*(read_only(v, dtype) for v in params))
    dy = rng.normal(size=(T, B, net.outputs))
    return net, params, read_only(rng.normal(size=(T, B, net.inputs)), dtype), dy.astype(dtype)


@given(shapes, seeds)
def test_the_1997_network_is_the_spec(shape, seed):
    net, params, x, _ = drawn(shape, seed)
    y, trace = lstm97.forward(net, params, x)
    weights = [v.tolist() for v in params]
    for row in range(x.shape[1]):
        truth = spec.net97(x[:, row].tolist(), net.blocks, net.size, *weights)
        np.testing.assert_allclose(y[:, row], [s["y"] for s in truth], rtol=0, atol=1e-12)
        for name in "igoh":
            found = getattr(trace, name)[:, row]
            np.testing.assert_allclose(found, [s[name] for s in truth], rtol=0, atol=1e-12)
        np.testing.assert_allclose(trace.c[1:, row], [s["c"] for s in truth], rtol=0, atol=1e-12)
        assert not trace.c[0].any()
        assert not trace.u[0].any()


def slopes(net, params, x, dy, heard=None):
    """The gradient of Σ y * dy by central differences; heard freezes what units hear."""

    def loss(changed):
        return np.sum(lstm97.forward(net, changed, x, heard)[0] * dy)

    measured = [
        lt.numerical_gradient(lambda v, name=name: loss(params._replace(**{name: v})), value)
        for name, value in params._asdict().items()
    ]
    return lstm97.Params97(*measured)


def without_missing_biases(net, grads):
    """A bias that the network does not have has a slope all the same; nobody learns it."""
    kinds = np.repeat(["i", "g", "o"], [net.blocks, net.cells, net.blocks])
    has = np.isin(kinds, net.biases)
    return grads._replace(b=grads.b * has, b_y=grads.b_y * ("y" in net.biases))


@settings(max_examples=30)
@given(shapes, seeds)
def test_the_truncated_gradient_is_that_of_a_network_whose_recurrence_is_frozen(shape, seed):
    net, params, x, dy = drawn(shape, seed)
    _, trace = lstm97.forward(net, params, x)
    found = lstm97.truncated_gradient(net, params, trace, dy)
    truth = without_missing_biases(net, slopes(net, params, x, dy, heard=trace.u))
    for name in found._fields:
        apart = np.abs(getattr(found, name) - getattr(truth, name)).max()
        assert apart < 1e-8, (name, apart)


@settings(max_examples=30)
@given(shapes, seeds)
def test_the_full_gradient_is_that_of_the_network(shape, seed):
    net, params, x, dy = drawn(shape, seed)
    _, trace = lstm97.forward(net, params, x)
    found = lstm97.full_gradient(net, params, trace, dy)
    truth = without_missing_biases(net, slopes(net, params, x, dy))
    for name in found._fields:
        error = lt.relative_error(getattr(found, name), getattr(truth, name)).max()
        assert error < 1e-6, (name, error)


@given(shapes, seeds)
def test_truncated_and_full_gradient_are_one_where_units_hear_nothing(shape, seed):
    net, params, x, dy = drawn(shape, seed)
    params = params._replace(U=np.zeros_like(params.U))
    _, trace = lstm97.forward(net, params, x)
    for short, full in zip(
        lstm97.truncated_gradient(net, params, trace, dy),
        lstm97.full_gradient(net, params, trace, dy),
        strict=True,
    ):
        np.testing.assert_allclose(short, full, rtol=1e-10, atol=1e-12)


def test_truncated_and_full_gradient_differ_where_they_hear():
    net, params, x, dy = drawn({"inputs": 2, "blocks": 2, "size": 2, "outputs": 1}, 0, T=6)
    _, trace = lstm97.forward(net, params, x)
    short = lstm97.truncated_gradient(net, params, trace, dy)
    full = lstm97.full_gradient(net, params, trace, dy)
    assert (short.V == full.V).all()
    assert np.abs(short.W - full.W).max() > 0.01


def test_an_error_rides_the_carousel_unchanged_over_any_lag():
    """A cell that wrote once gets the same truncated gradient 1 and 1,000 steps later."""
    net = lstm97.Net97(1, 1, 1, 1)
    params = lstm97.init(net, np.random.default_rng(0), bound=1)
    gates_only_by_input = params._replace(U=np.zeros_like(params.U), b=np.array([-800.0, 0, 0]))
    write = gates_only_by_input._replace(W=np.array([[1600.0, 1.0, 0.0]]))
    found = []
    for lag in (1, 1000):
        x = np.zeros((lag + 1, 1, 1))
        x[0] = 1
        _, trace = lstm97.forward(net, write, x)
        dy = np.zeros((lag + 1, 1, 1))
        dy[-1] = 1
        found.append(lstm97.truncated_gradient(net, write, trace, dy).W[0, 1])
    assert found[0] == found[1] != 0


@settings(max_examples=30)
@given(shapes, seeds, st.integers(1, 3))
def test_networks_side_by_side_are_each_alone(shape, seed, networks):
    alone = [drawn(shape, seed + s, B=1) for s in range(networks)]
    net = alone[0][0]
    params = side_by_side.stack([params for _, params, _, _ in alone])
    x, dy = (np.stack([parts[k] for parts in alone], axis=1) for k in (2, 3))
    y, trace = lstm97.forward(net, params, x)
    for gradient in (lstm97.truncated_gradient, lstm97.full_gradient):
        together = gradient(net, params, trace, dy)
        for s, (_, params_s, x_s, dy_s) in enumerate(alone):
            y_s, trace_s = lstm97.forward(net, params_s, x_s)
            np.testing.assert_allclose(y[:, s], y_s, rtol=0, atol=1e-12)
            for found, truth in zip(together, gradient(net, params_s, trace_s, dy_s), strict=True):
                np.testing.assert_allclose(found[s], truth, rtol=1e-10, atol=1e-12)


def test_float32_stays_float32_in_the_1997_network():
    shape = {"inputs": 2, "blocks": 2, "size": 2, "outputs": 3}
    net, params, x, dy = drawn(shape, 1, dtype=np.float32)
    _, trace = lstm97.forward(net, params, x)
    arrays = [*trace]
    for gradient in (lstm97.truncated_gradient, lstm97.full_gradient):
        arrays += gradient(net, params, trace, dy)
    assert {v.dtype for v in arrays} == {np.dtype(np.float32)}


def test_squashing_is_between_minus_two_and_two_for_what_enters_and_one_for_what_leaves():
    net, params, x, _ = drawn({"inputs": 3, "blocks": 2, "size": 2, "outputs": 1}, 3, T=50)
    _, trace = lstm97.forward(net, params, 10 * x)
    assert 1.9 < np.abs(trace.g).max() <= 2
    assert 0.9 < np.abs(trace.h).max() <= 1


def test_init_starts_gates_where_it_is_told():
    net = lstm97.Net97(2, 2, 2, 1)
    params = lstm97.init(net, np.random.default_rng(0), input_gates=(-3, -6), output_gates=-1)
    assert params.b[:2].tolist() == [-3, -6]
    assert params.b[-2:].tolist() == [-1, -1]
    assert np.abs(params.b[2:-2]).max() <= 0.1
    again = lstm97.init(net, np.random.default_rng(0), input_gates=(-3, -6), output_gates=-1)
    assert all((a == b).all() for a, b in zip(params, again, strict=True))


def test_wrong_sizes_are_told():
    net = lstm97.Net97(2, 2, 2, 1)
    params = lstm97.init(net, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"x has shape \(3, 2\); expected \(T, B, D\) with D = 2"):
        lstm97.forward(net, params, np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"x has shape \(3, 1, 5\); expected \(T, B, D\)"):
        lstm97.forward(net, params, np.zeros((3, 1, 5)))
    with pytest.raises(ValueError, match=r"W has shape \(2, 8\); expected \(D, units\) = \(2, 6\)"):
        lstm97.forward(lstm97.Net97(2, 2, 1, 1), params, np.zeros((3, 1, 2)))
    with pytest.raises(ValueError, match="biases is .*; expected some of i, g, o, y"):
        lstm97.Net97(2, 2, 2, 1, biases=("f",))
    with pytest.raises(ValueError, match="a bias for o came; this network has"):
        lstm97.init(
            lstm97.Net97(2, 2, 2, 1, biases=("i",)), np.random.default_rng(0), output_gates=-1
        )
    with pytest.raises(ValueError, match="blocks is 0; expected a whole number, 1 or more"):
        lstm97.Net97(2, 0, 2, 1)
