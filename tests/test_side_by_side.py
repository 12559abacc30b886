"""Networks side by side never meet: each computes and learns what it would have alone."""

from functools import partial

import numpy as np
import pytest
from drawn import CELLS, read_only, seeds, sizes
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_teach as lt
from lstm_teach import losses, nested, network, optim, side_by_side, tasks
from lstm_teach.train import fit

BUILDS = (
    {"one_answer": True},
    {"layers": 2},
    {"both_ways": True, "one_answer": True},
    {"embedding": 3, "both_ways": True, "layers": 2},
)


def close(found, truth, atol):
    for a, b in zip(nested.arrays(found), nested.arrays(truth), strict=True):
        assert np.shape(a) == np.shape(b)
        np.testing.assert_allclose(a, b, rtol=0, atol=atol)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
@settings(max_examples=20)
@given(size=sizes, seed=seeds, S=st.integers(1, 4))
def test_chains_side_by_side_are_each_chain_alone(cell, size, seed, S):
    rng = np.random.default_rng(seed)
    T, B, D, H = size.values()

    def values(*shape):
        return read_only(rng.normal(size=shape))

    shapes = [v.shape for v in lt.init(cell, rng, D, H)]
    params = lt.Params(*(values(S, *shape) for shape in shapes))
    x, dh = values(T, S, B, D), values(T, S, B, H)
    state, dstate = (cell.state(*(values(S, B, H) for _ in cell.state._fields)) for _ in "ab")
    h, last, trace = side_by_side.forward(cell, params, x, state)
    grads = side_by_side.backward(cell, params, trace, dh, dstate)
    for s in range(S):
        own = side_by_side.alone((params, state, dstate), s)
        h_own, last_own, trace_own = lt.forward(cell, own[0], x[:, s], own[1])
        close((h[:, s], side_by_side.alone(last, s)), (h_own, last_own), 1e-13)
        close(nested.each(lambda v, s=s: v[:, s], trace), trace_own, 1e-13)
        truth = lt.backward(cell, own[0], trace_own, dh[:, s], own[2])
        close(
            side_by_side.alone((grads.params, grads.state), s), (truth.params, truth.state), 1e-12
        )
        close(
            nested.each(lambda v, s=s: v[:, s], (grads.x, grads.flow)), (truth.x, truth.flow), 1e-12
        )


def learners(cell, S, seed, **build):
    """S networks of one kind, with weights of their own, and a task of padded sequences."""
    net = lt.Network(cell, 3, 4, 3, **build)
    rngs = np.random.default_rng(seed).spawn(S)
    return net, [network.init(net, rng) for rng in rngs], rngs


def counting(rng, symbols):
    batch = tasks.anbn(rng, 3, longest=4)
    return batch._replace(x=batch.x.argmax(axis=-1)) if symbols else batch


@pytest.mark.parametrize("optimiser", [optim.Adam(0.03), optim.Momentum(0.1)], ids=repr)
@pytest.mark.parametrize(
    ("cell", "build"),
    [*((lt.LSTM, build) for build in BUILDS), *((cell, BUILDS[0]) for cell in CELLS)],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_networks_trained_side_by_side_are_each_trained_alone(cell, build, optimiser, monkeypatch):
    """Equal to 1e-12 after 30 updates: own data, own clipping, in groups of 2 and of 1."""
    monkeypatch.setattr(side_by_side, "at_once", lambda *sizes: 2)
    S, settings = 3, {"steps": 30, "clip": 0.5}
    net, params, rngs = learners(cell, S, 0, **build)
    sample = partial(counting, symbols=net.embedding > 0)
    *_, together = fit(net, side_by_side.stack(params), sample, optimiser, rngs, **settings)
    net, params, rngs = learners(cell, S, 0, **build)
    for s in range(S):
        *_, alone = fit(net, params[s], sample, optimiser, rngs[s], **settings)
        close(side_by_side.alone(together.params, s), alone.params, 1e-12)
        assert together.loss[s] == pytest.approx(alone.loss, abs=1e-12)
        assert together.norm[s] == pytest.approx(alone.norm, abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_size_of_the_groups_changes_no_number(size, monkeypatch):
    net, params, rngs = learners(lt.LSTM, 5, 1)
    batch = tasks.side_by_side([counting(rng, symbols=False) for rng in rngs])
    whole = network.loss_and_grads(net, side_by_side.stack(params), batch)
    monkeypatch.setattr(side_by_side, "at_once", lambda *sizes: size)
    close(network.loss_and_grads(net, side_by_side.stack(params), batch), whole, 1e-14)


@pytest.mark.parametrize("size", [1, 3])
def test_a_network_that_is_lost_does_not_disturb_its_neighbours(size, monkeypatch):
    monkeypatch.setattr(side_by_side, "at_once", lambda *sizes: size)
    net, params, rngs = learners(lt.LSTM, 3, 2, loss=losses.softmax_cross_entropy)
    params[1] = params[1]._replace(V=np.full_like(params[1].V, np.inf))
    *_, together = fit(
        net,
        side_by_side.stack(params),
        partial(counting, symbols=False),
        optim.Adam(0.1),
        rngs,
        steps=5,
    )
    assert together.lost.tolist() == [False, True, False]
    assert together.ended.tolist() == [0, 1, 0]
    assert np.isnan(together.loss).tolist() == [False, True, False]
    close(side_by_side.alone(together.params, 1), params[1], 0)
    net, params, rngs = learners(lt.LSTM, 3, 2)
    for s in (0, 2):
        *_, alone = fit(
            net, params[s], partial(counting, symbols=False), optim.Adam(0.1), rngs[s], steps=5
        )
        close(side_by_side.alone(together.params, s), alone.params, 1e-12)


def test_each_network_stops_alone_with_the_weights_it_had():
    def stop(step):
        return np.asarray(step.loss) < 0.9

    net, params, rngs = learners(lt.LSTM, 4, 3)
    settings = {"steps": 60, "stop": stop}
    sample, adam = partial(counting, symbols=False), optim.Adam(0.03)
    *_, together = fit(net, side_by_side.stack(params), sample, adam, rngs, **settings)
    assert len(set(together.ended.tolist())) > 1
    assert together.number == max(together.ended)
    net, params, rngs = learners(lt.LSTM, 4, 3)
    for s in range(4):
        *_, alone = fit(net, params[s], sample, adam, rngs[s], **settings)
        assert alone.number == alone.ended == together.ended[s]
        close(side_by_side.alone(together.params, s), alone.params, 1e-12)


def test_networks_go_together_where_that_was_measured_to_be_faster():
    assert side_by_side.at_once(lt.LSTM, 30, 1, 8) == 30
    assert side_by_side.at_once(lt.LSTM, 3, 1, 8) == 1
    assert side_by_side.at_once(lt.LSTM, 30, 32, 16) == 1
    assert side_by_side.at_once(lt.PEEPHOLE, 30, 32, 16) == 4
    assert side_by_side.at_once(lt.PEEPHOLE, 3, 1, 8) == 3
    assert side_by_side.at_once(lt.PEEPHOLE, 30, 64, 128) == 1


def test_a_stack_comes_apart_into_what_it_was_made_of():
    _, params, _ = learners(lt.LSTM, 3, 4, layers=2)
    stacked = side_by_side.stack(params)
    assert side_by_side.stacked(stacked)
    assert not side_by_side.stacked(params[0])
    for s in range(3):
        close(side_by_side.alone(stacked, s), params[s], 0)


def test_batches_of_unequal_length_are_padded_to_the_longest():
    rngs = np.random.default_rng(0).spawn(4)
    batches = [tasks.embedded_reber(rng, 3) for rng in rngs]
    together = tasks.side_by_side(batches)
    T = max(len(batch.x) for batch in batches)
    assert together.x.shape == (T, 4, 3, 7)
    for s, batch in enumerate(batches):
        for padded, own in zip(together[:3], batch[:3], strict=True):
            np.testing.assert_array_equal(padded[: len(own), s], own)
            assert not padded[len(own) :, s].any()
        np.testing.assert_array_equal(together.lengths[s], batch.lengths)


def test_weights_and_inputs_for_different_numbers_of_networks_are_told_so():
    _, params, _ = learners(lt.LSTM, 3, 5)
    chains = side_by_side.stack([p.chains[0] for p in params])
    with pytest.raises(ValueError, match=r"expected \(T, S, B, D\) with S = 3 networks and D = 3"):
        side_by_side.forward(lt.LSTM, chains, np.zeros((5, 2, 4, 3)))
    with pytest.raises(ValueError, match=r"hold \[3, 3, 2, 3\] networks; expected one number"):
        side_by_side.forward(lt.LSTM, chains._replace(b=chains.b[:2]), np.zeros((5, 3, 4, 3)))
