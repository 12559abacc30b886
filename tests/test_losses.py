"""A loss is its formula, its gradient is its derivative, and padding has no say."""

import math

import numpy as np
import pytest
from drawn import read_only, seeds
from hypothesis import given
from hypothesis import strategies as st

import lstm_teach as lt
from lstm_teach import losses

NUMBERS = (losses.squared_error, losses.logistic_cross_entropy, losses.logistic_squared_error)
ALL = (losses.softmax_cross_entropy, *NUMBERS)
each_loss = pytest.mark.parametrize("loss", ALL, ids=lambda loss: loss.__name__)
shapes = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 4))


def drawn(loss, seed, shape, scale=2.0):
    """Outputs, targets and a mask that counts at least one answer, all read-only."""
    rng = np.random.default_rng(seed)
    y = read_only(rng.normal(scale=scale, size=shape))
    if loss is losses.softmax_cross_entropy:
        target = read_only(rng.integers(shape[-1], size=shape[:-1]), int)
    else:
        target = read_only(rng.uniform(0, 1, shape))
    mask = rng.random(shape[:-1]) < 0.6
    mask.flat[rng.integers(mask.size)] = True
    return y, target, read_only(mask, bool)


def by_hand(loss, y, target):
    """The loss of one answer, in plain Python."""
    logistic = [1 / (1 + math.exp(-v)) for v in y]
    if loss is losses.softmax_cross_entropy:
        return -math.log(math.exp(y[target]) / sum(math.exp(v) for v in y))
    if loss is losses.squared_error:
        return sum((v - d) ** 2 for v, d in zip(y, target, strict=True))
    if loss is losses.logistic_squared_error:
        return sum((v - d) ** 2 for v, d in zip(logistic, target, strict=True))
    return -sum(
        d * math.log(v) + (1 - d) * math.log(1 - v) for v, d in zip(logistic, target, strict=True)
    )


@each_loss
@given(seed=seeds, shape=shapes)
def test_a_loss_is_the_mean_of_its_formula_over_the_counted_answers(loss, seed, shape):
    y, target, mask = drawn(loss, seed, shape)
    found, _ = loss(y, target, mask)
    answers = [
        by_hand(loss, y[at].tolist(), target[at].tolist())
        for at in zip(*mask.nonzero(), strict=True)
    ]
    assert found == pytest.approx(sum(answers) / len(answers), rel=1e-12, abs=1e-14)
    assert isinstance(found, float)


@each_loss
@given(seed=seeds, shape=shapes)
def test_the_gradient_of_a_loss_agrees_with_central_differences(loss, seed, shape):
    y, target, mask = drawn(loss, seed, shape)
    _, dy = loss(y, target, mask)
    numeric = lt.numerical_gradient(lambda v: loss(v, target, mask)[0], y)
    assert lt.relative_error(dy, numeric).max() < 1e-6


@each_loss
@given(seed=seeds, shape=shapes)
def test_what_stands_outside_the_mask_changes_nothing(loss, seed, shape):
    y, target, mask = drawn(loss, seed, shape)
    spoilt_y, spoilt_target = y.copy(), target.copy()
    spoilt_y[~mask] = 1e6
    spoilt_target[~mask] = 99
    before, dy = loss(y, target, mask)
    after, dy_after = loss(spoilt_y, spoilt_target, mask)
    assert before == after
    assert np.array_equal(dy, dy_after)
    assert not dy[~mask].any()


@each_loss
def test_without_a_mask_every_answer_counts(loss):
    y, target, mask = drawn(loss, 0, (3, 2, 4))
    whole, dy = loss(y, target)
    masked, dy_masked = loss(y, target, np.ones_like(mask))
    assert whole == masked
    assert np.array_equal(dy, dy_masked)


@each_loss
def test_outputs_of_a_thousand_overflow_nothing(loss):
    y, target, mask = drawn(loss, 1, (3, 2, 4), scale=1000)
    found, dy = loss(y, target, mask)
    assert np.isfinite(found)
    assert np.isfinite(dy).all()


def test_a_certainty_of_the_wrong_symbol_costs_its_distance_and_not_infinity():
    loss, dy = losses.softmax_cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    assert loss == 1000
    np.testing.assert_allclose(dy, [[1, -1]])
    loss, dy = losses.logistic_cross_entropy(np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]]))
    assert loss == 2000
    np.testing.assert_allclose(dy, [[1, -1]])


@each_loss
def test_networks_side_by_side_have_a_loss_each_and_it_is_their_own(loss):
    parts = [drawn(loss, seed, (4, 3, 2)) for seed in range(5)]
    y, target, mask = (np.stack(values, axis=1) for values in zip(*parts, strict=True))
    found, dy = loss(y, target, mask, side_by_side=True)
    assert found.shape == (5,)
    for s, (y_s, target_s, mask_s) in enumerate(parts):
        alone, dy_alone = loss(y_s, target_s, mask_s)
        assert found[s] == pytest.approx(alone, abs=1e-14)
        np.testing.assert_allclose(dy[:, s], dy_alone, rtol=0, atol=1e-15)


@each_loss
def test_float32_outputs_get_float32_gradients(loss):
    y, target, mask = drawn(loss, 2, (4, 3, 2))
    y, target = y.astype(np.float32), target.astype(np.float32) if loss in NUMBERS else target
    assert loss(y, target, mask)[1].dtype == np.float32
    many = loss(y[:, None], target[:, None], mask[:, None], side_by_side=True)[1]
    assert many.dtype == np.float32


Y = np.zeros((3, 2, 4))


@pytest.mark.parametrize(
    ("loss", "target", "mask", "kind", "words"),
    [
        (ALL[0], np.zeros((3, 2)), None, TypeError, "whole numbers, one symbol"),
        (ALL[0], np.zeros((3, 2, 4), int), None, ValueError, r"expected \(3, 2\)"),
        (ALL[0], np.full((3, 2), 4), None, ValueError, "symbol 4; expected 0 .. 3"),
        (ALL[0], np.full((3, 2), -1), None, ValueError, "symbol -1; expected 0 .. 3"),
        (ALL[1], np.zeros((3, 2)), None, ValueError, r"expected \(3, 2, 4\)"),
        (ALL[2], np.full((3, 2, 4), 1.5), None, ValueError, "from 0 to 1"),
        (ALL[1], Y, np.ones((3, 2)), TypeError, r"mask.astype\(bool\)"),
        (ALL[1], Y, np.ones((2, 3), bool), ValueError, r"expected \(3, 2\)"),
        (ALL[1], Y, np.zeros((3, 2), bool), ValueError, "no answer is counted"),
    ],
)
def test_a_wrong_target_or_mask_is_told_what_is_wrong(loss, target, mask, kind, words):
    with pytest.raises(kind, match=words):
        loss(Y, target, mask)


def test_outputs_that_are_no_floats_are_told_so():
    for y in ([[1.0]], np.zeros((2, 2), int)):
        with pytest.raises(TypeError, match="an array of floats"):
            losses.squared_error(y, np.zeros((2, 2)))
