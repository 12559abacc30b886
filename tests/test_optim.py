"""An optimiser is its formula, written out for one weight; clipping keeps what it promises."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from drawn import read_only, seeds
from hypothesis import given
from hypothesis import strategies as st

from lstm_teach import nested, optim


class Pair(NamedTuple):
    one: np.ndarray
    more: tuple


OPTIMISERS = (
    optim.SGD(0.3),
    optim.Momentum(0.2, momentum=0.8),
    optim.RMSprop(0.05, decay=0.7),
    optim.Adam(0.05, beta1=0.8, beta2=0.95),
)
each_optimiser = pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda o: type(o).__name__)


def structure(rng, dtype=np.float64, scale=1.0):
    """Arrays inside tuples inside a NamedTuple, one of them empty, all read-only."""
    sizes = (2, 3), (4,), (0, 3), ()
    a, b, c, d = (read_only(np.asarray(rng.normal(scale=scale, size=n)), dtype) for n in sizes)
    return Pair(a, (b, (c, d)))


def by_hand(optimiser, v, gradients):
    """What becomes of one weight, in plain Python, formula by formula."""
    o, velocity, square, mean = optimiser, 0.0, 0.0, 0.0
    for n, dv in enumerate(gradients, start=1):
        if isinstance(o, optim.SGD):
            v = v - o.rate * dv
        elif isinstance(o, optim.Momentum):
            velocity = o.momentum * velocity - o.rate * dv
            v = v + velocity
        elif isinstance(o, optim.RMSprop):
            square = o.decay * square + (1 - o.decay) * dv**2
            v = v - o.rate * dv / (math.sqrt(square) + o.epsilon)
        else:
            mean = o.beta1 * mean + (1 - o.beta1) * dv
            square = o.beta2 * square + (1 - o.beta2) * dv**2
            m, s = mean / (1 - o.beta1**n), square / (1 - o.beta2**n)
            v = v - o.rate * m / (math.sqrt(s) + o.epsilon)
    return v


@each_optimiser
@given(seed=seeds, steps=st.integers(1, 12))
def test_an_optimiser_is_its_formula_for_every_single_weight(optimiser, seed, steps):
    rng = np.random.default_rng(seed)
    start = structure(rng)
    gradients = [structure(rng, scale=3) for _ in range(steps)]
    params, memory = start, optimiser.start(start)
    for grads in gradients:
        params, memory = optimiser(params, grads, memory)
    for name, v in nested.named(params).items():
        begun = nested.named(start)[name]
        for at in np.ndindex(v.shape):
            seen = [float(nested.named(grads)[name][at]) for grads in gradients]
            assert v[at] == pytest.approx(by_hand(optimiser, float(begun[at]), seen), rel=1e-12)


@each_optimiser
def test_an_optimiser_writes_to_nothing_and_keeps_the_structure_and_the_dtype(optimiser):
    for dtype in (np.float32, np.float64):
        rng = np.random.default_rng(0)
        params, grads = structure(rng, dtype), structure(rng, dtype)
        memory = nested.each(lambda v: read_only(np.asarray(v), v.dtype), optimiser.start(params))
        for _ in range(3):
            params, memory = optimiser(params, grads, memory)
            params = nested.each(lambda v: read_only(np.asarray(v), v.dtype), params)
        assert type(params) is Pair
        assert {v.dtype for v in nested.arrays(params)} == {np.dtype(dtype)}


def test_adams_first_step_is_nearly_the_rate_whatever_the_size_of_the_gradient():
    adam = optim.Adam(rate=0.1)
    grads = (np.array([1e-4, -1.0, 1e4]),)
    (moved,), memory = adam((np.zeros(3),), grads, adam.start(grads))
    np.testing.assert_allclose(moved, [-0.1, 0.1, -0.1], rtol=1e-3)
    assert memory.n == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optim.SGD(-0.1), "rate is -0.1; expected a number above 0.*minus sign of SGD"),
        (lambda: optim.Adam(rate=0), "rate is 0"),
        (lambda: optim.Adam(beta2=1.0), "beta2 is 1.0; expected a number from 0"),
        (lambda: optim.Momentum(momentum=-0.5), "momentum is -0.5"),
        (lambda: optim.RMSprop(rate=float("nan")), "rate is nan"),
    ],
)
def test_settings_that_cannot_work_are_told_what_is_wrong(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_gradients_of_another_structure_are_told_so():
    with pytest.raises(ValueError, match="a Pair of 2 meets a tuple of 1; expected the same"):
        optim.SGD()(structure(np.random.default_rng(0)), (np.zeros(3),))
    with pytest.raises(ValueError, match="a Pair of 2 meets a ndarray"):
        optim.SGD()(structure(np.random.default_rng(0)), np.zeros(3))


@given(seed=seeds, most=st.floats(0.01, 20))
def test_clipping_by_norm_shortens_and_keeps_the_direction(seed, most):
    grads = structure(np.random.default_rng(seed))
    clipped, before = optim.clip_by_norm(grads, most)
    flat = np.concatenate([v.ravel() for v in nested.arrays(grads)])
    shorter = np.concatenate([v.ravel() for v in nested.arrays(clipped)])
    assert before == pytest.approx(np.linalg.norm(flat), rel=1e-12)
    assert np.linalg.norm(shorter) == pytest.approx(min(before, most), rel=1e-12)
    np.testing.assert_allclose(shorter * before, flat * min(before, most), rtol=1e-10, atol=1e-12)
    if before <= most:
        assert np.array_equal(shorter, flat)


@given(seed=seeds, most=st.floats(0.01, 3))
def test_clipping_by_value_cuts_every_entry_and_leaves_the_small_ones(seed, most):
    grads = structure(np.random.default_rng(seed))
    for cut, v in zip(
        nested.arrays(optim.clip_by_value(grads, most)), nested.arrays(grads), strict=True
    ):
        for after, before in zip(cut.ravel(), v.ravel(), strict=True):
            assert after == max(-most, min(most, before))


def test_a_gradient_too_large_to_be_squared_still_has_a_length_and_a_direction():
    for dtype, huge in ((np.float32, 1e30), (np.float64, 1e200)):
        grads = (np.array([3 * huge, 0.0], dtype), np.array([4 * huge], dtype))
        clipped, before = optim.clip_by_norm(grads, 1.0)
        assert before == pytest.approx(5 * huge, rel=1e-6)
        np.testing.assert_allclose(np.concatenate(clipped), [0.6, 0, 0.8], rtol=1e-6)


def test_the_length_of_no_gradient_is_zero_and_of_nan_is_nan():
    zeros = (np.zeros(3),)
    clipped, before = optim.clip_by_norm(zeros, 1.0)
    assert before == 0
    assert not clipped[0].any()
    for spoilt in (np.nan, np.inf):
        assert not np.isfinite(optim.norm((np.array([1.0, spoilt]),)))


@given(seed=seeds)
def test_networks_side_by_side_are_clipped_each_by_its_own_length(seed):
    rng = np.random.default_rng(seed)
    alone = [(rng.normal(size=(2, 3)), rng.normal(size=4)) for _ in range(3)]
    together = tuple(np.stack(values) for values in zip(*alone, strict=True))
    clipped, lengths = optim.clip_by_norm(together, 2.0, side_by_side=True)
    for s, grads in enumerate(alone):
        own, length = optim.clip_by_norm(grads, 2.0)
        assert lengths[s] == pytest.approx(length, rel=1e-12)
        for found, truth in zip(clipped, own, strict=True):
            np.testing.assert_allclose(found[s], truth, rtol=1e-12)


def test_a_limit_of_zero_is_refused():
    for clip in (optim.clip_by_norm, optim.clip_by_value):
        with pytest.raises(ValueError, match="most is 0; expected a number above 0"):
            clip((np.ones(2),), 0)


def test_every_array_has_the_name_of_its_place():
    params = structure(np.random.default_rng(0))
    assert list(nested.named(params)) == ["one", "more.0", "more.1.0", "more.1.1"]
    assert nested.filled(params, nested.named(params)) is not params
    again = nested.filled(params, nested.named(params))
    assert all(a is b for a, b in zip(nested.arrays(again), nested.arrays(params), strict=True))
