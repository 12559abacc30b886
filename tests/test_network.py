"""A network is its chains and its readout, wired as the page says, forward and backward."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from drawn import CELLS, read_only, seeds, sizes
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_teach as lt
from lstm_teach import chain, losses, nested, network
from lstm_teach.tasks import Batch

LOSSES = (losses.softmax_cross_entropy, losses.squared_error, losses.logistic_cross_entropy)
BUILDS = (
    {},
    {"one_answer": True},
    {"layers": 3},
    {"both_ways": True},
    {"both_ways": True, "one_answer": True, "layers": 2},
    {"embedding": 2},
    {"embedding": 3, "layers": 2, "both_ways": True},
)
each_build = pytest.mark.parametrize("build", BUILDS, ids=str)
each_cell_and_build = pytest.mark.parametrize(
    ("cell", "build"),
    [*((lt.LSTM, build) for build in BUILDS), *((cell, {"layers": 2}) for cell in CELLS)],
    ids=lambda value: getattr(value, "name", str(value)),
)


def drawn(cell, seed, T=5, B=3, D=4, H=3, N=2, padded=True, loss=LOSSES[0], **build):
    """A network with random weights (biases too) and a batch for it, all read-only."""
    rng = np.random.default_rng(seed)
    net = lt.Network(cell, D, H, N, loss=loss, **build)
    params = nested.each(lambda v: read_only(rng.normal(size=v.shape)), network.init(net, rng))
    lengths = rng.integers(1, T + 1, B) if padded else np.full(B, T)
    x = (
        read_only(rng.integers(D, size=(T, B)), int)
        if net.embedding
        else rng.normal(size=(T, B, D))
    )
    if loss is losses.softmax_cross_entropy:
        target = rng.integers(N, size=(T, B))
    else:
        target = rng.uniform(size=(T, B, N))
    mask = np.arange(T)[:, None] < lengths
    parts = (read_only(v, v.dtype) for v in (x, target, mask, lengths))
    return net, params, Batch(*parts)


def inner_product(one, other):
    return sum(np.sum(a * b) for a, b in zip(nested.arrays(one), nested.arrays(other), strict=True))


@pytest.mark.parametrize(
    ("cell", "build", "loss"),
    [
        *((lt.LSTM, build, LOSSES[0]) for build in BUILDS),
        *((lt.LSTM, {}, loss) for loss in LOSSES[1:]),
        *((cell, {"layers": 2}, LOSSES[0]) for cell in CELLS),
    ],
    ids=lambda value: getattr(value, "name", getattr(value, "__name__", str(value))),
)
def test_the_gradient_of_every_single_weight_agrees_with_central_differences(cell, build, loss):
    net, params, batch = drawn(cell, 0, T=4, B=2, D=2, H=2, loss=loss, **build)
    _, grads, _ = network.loss_and_grads(net, params, batch)
    weights = nested.named(params)

    def of(name):
        def loss_of(v):
            moved = nested.filled(params, weights | {name: v})
            return network.loss_and_grads(net, moved, batch)[0]

        return loss_of

    for name, dv in nested.named(grads).items():
        assert dv.shape == weights[name].shape
        if dv.size:
            numeric = lt.numerical_gradient(of(name), weights[name])
            assert lt.relative_error(dv, numeric).max() < 1e-6, name


@each_cell_and_build
@settings(max_examples=10)
@given(size=sizes, seed=seeds)
def test_the_slope_along_a_random_direction_is_the_gradients_at_any_size(cell, build, size, seed):
    net, params, batch = drawn(cell, seed, **size, **build)
    _, grads, _ = network.loss_and_grads(net, params, batch)
    report = lt.gradients.check_random_direction(
        lambda p: network.loss_and_grads(net, p, batch)[0],
        grads,
        params,
        np.random.default_rng(seed),
    )
    assert report.passed, report


@each_cell_and_build
def test_the_gradients_of_inputs_and_states_agree_with_central_differences(cell, build):
    net, params, batch = drawn(cell, 1, padded=False, **build)
    rng = np.random.default_rng(2)
    H, B = net.hidden, 3

    def some_state():
        return tuple(
            cell.state(*(rng.normal(size=(B, H)) for _ in cell.state._fields))
            for _ in params.chains
        )

    state, dstate = some_state(), some_state()
    y, _, trace = network.forward(net, params, batch.x, state)
    dy = rng.normal(size=y.shape)
    grads = network.backward(net, params, trace, dy, dstate)

    def loss(x, state):
        y, last, _ = network.forward(net, params, x, state)
        return np.sum(y * dy) + inner_product(last, dstate)

    for name, v in nested.named(state).items():
        moved = lt.numerical_gradient(
            lambda v, name=name: loss(
                batch.x, nested.filled(state, nested.named(state) | {name: v})
            ),
            v,
        )
        assert lt.relative_error(nested.named(grads.state)[name], moved).max() < 1e-6
    if net.embedding:
        assert grads.x is None
    else:
        moved = lt.numerical_gradient(lambda x: loss(x, state), batch.x)
        assert lt.relative_error(grads.x, moved).max() < 1e-6


@each_build
@settings(max_examples=30)
@given(seed=seeds)
def test_a_padded_row_is_its_own_run_without_padding(build, seed):
    """Outputs, last states, loss and gradients: the padding has no say, whatever stands in it."""
    net, params, batch = drawn(lt.LSTM, seed, **build)
    y, last, _ = network.forward(net, params, batch.x, lengths=batch.lengths)
    loss, grads, _ = network.loss_and_grads(net, params, batch)
    total, gathered = 0.0, nested.each(np.zeros_like, params)
    for row, length in enumerate(batch.lengths):
        own = Batch(*(v[:length, row : row + 1] for v in batch[:3]), batch.lengths[row : row + 1])
        y_own, last_own, _ = network.forward(net, params, own.x)
        shown = y[:, row : row + 1] if net.one_answer else y[:length, row : row + 1]
        np.testing.assert_allclose(shown, y_own, rtol=0, atol=1e-13)
        for found, truth in zip(nested.arrays(last), nested.arrays(last_own), strict=True):
            np.testing.assert_allclose(found[row : row + 1], truth, rtol=0, atol=1e-13)
        answers = 1 if net.one_answer else length
        loss_own, grads_own, _ = network.loss_and_grads(net, params, own)
        total += loss_own * answers
        gathered = nested.each(lambda a, b, n=answers: a + n * b, gathered, grads_own)
    answers = len(batch.lengths) if net.one_answer else batch.lengths.sum()
    assert loss == pytest.approx(total / answers, abs=1e-12)
    for found, truth in zip(nested.arrays(grads), nested.arrays(gathered), strict=True):
        np.testing.assert_allclose(found, truth / answers, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_the_readout_is_h_V_plus_b_written_with_scalars(cell):
    net, params, batch = drawn(cell, 3)
    y, _, _ = network.forward(net, params, batch.x)
    h, _, _ = lt.forward(cell, params.chains[0], batch.x)
    for t, row, n in np.ndindex(y.shape):
        truth = params.b[n] + sum(h[t, row, j] * params.V[j, n] for j in range(net.hidden))
        assert y[t, row, n] == pytest.approx(truth, abs=1e-13)


def test_chains_on_top_of_each_other_read_the_h_of_the_one_below():
    net, params, batch = drawn(lt.LSTM, 4, layers=2)
    _, last, trace = network.forward(net, params, batch.x)
    below, last_below, _ = lt.forward(lt.LSTM, params.chains[0], batch.x)
    above, last_above, _ = lt.forward(lt.LSTM, params.chains[1], below)
    assert np.array_equal(trace.read, above)
    assert np.array_equal(last[0].c, last_below.c)
    assert np.array_equal(last[1].h, last_above.h)


def test_both_ways_is_a_second_chain_that_reads_from_the_end():
    net, params, batch = drawn(lt.LSTM, 5, both_ways=True)
    _, last, trace = network.forward(net, params, batch.x)
    ahead, _, _ = lt.forward(lt.LSTM, params.chains[0], batch.x)
    back, last_back, _ = lt.forward(lt.LSTM, params.chains[1], batch.x[::-1].copy())
    np.testing.assert_array_equal(trace.read, np.concatenate([ahead, back[::-1]], axis=-1))
    np.testing.assert_array_equal(last[1].h, last_back.h)


def test_one_answer_shows_each_chain_where_it_stops():
    """The chain from the end has read everything at step 0, and only one symbol at the last."""
    net, params, batch = drawn(lt.LSTM, 6, both_ways=True, one_answer=True)
    _, last, trace = network.forward(net, params, batch.x, lengths=batch.lengths)
    np.testing.assert_array_equal(trace.read[0], np.concatenate([last[0].h, last[1].h], axis=-1))


@given(seed=seeds)
def test_one_answer_is_many_answers_of_which_the_last_counts(seed):
    net, params, batch = drawn(lt.LSTM, seed, one_answer=True)
    only_last = batch._replace(mask=np.arange(5)[:, None] == batch.lengths - 1)
    one = network.loss_and_grads(net, params, batch)
    many = network.loss_and_grads(replace(net, one_answer=False), params, only_last)
    for found, truth in zip(nested.arrays(one), nested.arrays(many), strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-13)


def test_an_embedding_is_the_product_of_one_hot_vectors_and_E():
    net, params, batch = drawn(lt.LSTM, 7, embedding=3, layers=2, D=6)
    y, _, _ = network.forward(net, params, batch.x)
    numbers = replace(net, embedding=0, inputs=3)
    truth, _, _ = network.forward(numbers, params, np.eye(6)[batch.x] @ params.E)
    np.testing.assert_allclose(y, truth, rtol=0, atol=1e-13)


@given(seed=seeds, cut=st.integers(1, 5))
def test_states_handed_on_make_two_halves_the_whole(seed, cut):
    net, params, batch = drawn(lt.LSTM, seed, T=6, layers=2, padded=False)
    whole, end, _ = network.forward(net, params, batch.x)
    first, middle, _ = network.forward(net, params, batch.x[:cut])
    second, last, _ = network.forward(net, params, batch.x[cut:], middle)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, rtol=0, atol=1e-13)
    for found, truth in zip(nested.arrays(last), nested.arrays(end), strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-13)


def test_loss_and_grads_returns_the_last_states_and_starts_from_those_it_is_given():
    net, params, batch = drawn(lt.LSTM, 8, T=6, layers=2, padded=False)
    halves = [Batch(*(v[t : t + 3] for v in batch[:3]), np.full(3, 3)) for t in (0, 3)]
    whole, _, end = network.loss_and_grads(net, params, batch)
    first, _, middle = network.loss_and_grads(net, params, halves[0])
    second, _, last = network.loss_and_grads(net, params, halves[1], middle)
    assert (first + second) / 2 == pytest.approx(whole, abs=1e-13)
    for found, truth in zip(nested.arrays(last), nested.arrays(end), strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-13)


@each_build
def test_float32_weights_and_inputs_stay_float32(build):
    net, params, batch = drawn(lt.LSTM, 9, **build)
    params = nested.each(lambda v: v.astype(np.float32), params)
    x = batch.x if net.embedding else batch.x.astype(np.float32)
    y, last, trace = network.forward(net, params, x, lengths=batch.lengths)
    grads = network.backward(net, params, trace, np.ones_like(y))
    kinds = {v.dtype for v in (y, *nested.arrays((last, grads.params, grads.state, grads.flow)))}
    assert kinds == {np.dtype(np.float32)}


def test_init_draws_each_chain_with_the_function_it_is_given():
    net = lt.Network(lt.LSTM, 4, 9, 2, layers=2, both_ways=True, embedding=3)
    start = partial(chain.init, forget_bias=3.0)
    params = network.init(net, np.random.default_rng(0), start=start, dtype=np.float32)
    assert [p.W.shape[1] for p in params.chains] == [3, 3, 18, 18]
    assert all((p.b[1] == 3).all() for p in params.chains)
    assert (params.E.shape, params.V.shape, params.b.shape) == ((4, 3), (18, 2), (2,))
    assert {v.dtype for v in nested.arrays(params)} == {np.dtype(np.float32)}
    assert 0.9 / 3 < np.abs(params.V).max() <= 1 / 3
    again = network.init(net, np.random.default_rng(0), start=start, dtype=np.float32)
    assert all(map(np.array_equal, nested.arrays(params), nested.arrays(again)))


NET, PARAMS, BATCH = drawn(lt.LSTM, 0, layers=2)
WORDS, WORD_PARAMS, WORD_BATCH = drawn(lt.LSTM, 0, embedding=2)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ((NET, PARAMS.chains[0], BATCH.x), TypeError, "expected NetworkParams with 2 chain"),
        ((NET, WORD_PARAMS, BATCH.x), TypeError, "expected NetworkParams with 2 chain"),
        ((NET, PARAMS, BATCH.x, [1, 2]), TypeError, "state is list; expected a tuple"),
        ((WORDS, WORD_PARAMS, np.zeros((5, 3))), TypeError, "whole numbers from 0 to 3"),
        ((WORDS, WORD_PARAMS, np.full((5, 3), 4)), ValueError, "whole numbers from 0 to 3"),
        ((NET, PARAMS, BATCH.x[:, :, :2]), ValueError, r"\(T, B, D\) with D = 4"),
    ],
)
def test_arguments_that_do_not_belong_together_are_told_so(arguments, kind, words):
    with pytest.raises(kind, match=words):
        network.forward(*arguments)


@pytest.mark.parametrize("lengths", [np.array([1, 2]), np.array([0, 1, 2]), np.array([1, 2, 6])])
def test_lengths_that_do_not_fit_are_told_so(lengths):
    with pytest.raises(ValueError, match="the real steps of each sequence"):
        network.forward(NET, PARAMS, BATCH.x, lengths=lengths)


def test_a_gradient_for_last_states_does_not_go_with_lengths():
    y, last, trace = network.forward(NET, PARAMS, BATCH.x, lengths=np.array([5, 4, 3]))
    with pytest.raises(ValueError, match="dstate came together with lengths"):
        network.backward(NET, PARAMS, trace, y, last)


@pytest.mark.parametrize("name", ["inputs", "hidden", "outputs", "layers", "embedding"])
def test_the_sizes_of_a_network_are_whole_numbers_from_one(name):
    with pytest.raises(ValueError, match=f"{name} is -1; expected a whole number"):
        replace(NET, **{name: -1})
