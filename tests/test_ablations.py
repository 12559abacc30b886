"""An LSTM without one part is what the scalar spec says, and its gradient is right."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import spec
from drawn import network, seeds, sizes
from hypothesis import given, settings
from test_cells_and_chain import expect_the_spec

import lstm_teach as lt
from lstm_teach.ablations import PARTS

GATES = ("i", "f", "o")
BOTH = pytest.mark.parametrize("base", [lt.LSTM, lt.PEEPHOLE], ids=lambda cell: cell.name)
EACH = pytest.mark.parametrize("part", [part for part in PARTS if part != "peepholes"])


@BOTH
@EACH
@settings(max_examples=30)
@given(size=sizes, seed=seeds)
def test_the_chain_without_a_part_is_the_spec(base, part, size, seed):
    cell = lt.ablate(base, part)
    expect_the_spec(cell, spec.ablated_step(part, cell.peepholes), size, seed)


@BOTH
@EACH
@settings(max_examples=5)
@given(size=sizes, seed=seeds)
def test_every_gradient_without_a_part_agrees_with_central_differences(base, part, size, seed):
    rng = np.random.default_rng(seed)
    report = lt.check_gradients(
        lt.ablate(base, part),
        rng,
        steps=size["T"],
        batch=size["B"],
        inputs=size["D"],
        hidden=size["H"],
    )
    assert report.worst < 1e-6, report


@BOTH
@EACH
def test_float32_stays_float32_without_a_part(base, part):
    cell = lt.ablate(base, part)
    params, x, state = network(cell, 0, T=3, B=2, D=2, H=3, dtype=np.float32)
    h, last, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, np.ones_like(h), last)
    found = [h, *last, *trace.gates, *trace.states, *grads.params, grads.x, *grads.state]
    assert {v.dtype for v in found} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("base", "part", "known"),
    [
        (lt.LSTM, "f", lt.LSTM97),
        (lt.LSTM, "coupled", lt.COUPLED),
        (lt.PEEPHOLE, "peepholes", lt.LSTM),
    ],
)
def test_three_of_the_eight_are_old_acquaintances(base, part, known):
    cell = lt.ablate(base, part)
    params, x, state = network(known, 1, T=6, B=2, D=3, H=4)
    for found, truth in zip(
        lt.forward(cell, params, x, state)[1], lt.forward(known, params, x, state)[1], strict=True
    ):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-12)


@BOTH
@pytest.mark.parametrize("gate", GATES)
@given(size=sizes, seed=seeds)
def test_a_gate_taken_away_is_a_gate_that_is_always_open(base, gate, size, seed):
    cell = lt.ablate(base, gate)
    params, x, state = network(cell, seed, **size)
    k = base.layers.index(gate)

    def put_in(values, row, index):
        return np.insert(values, index, row, axis=0)

    opened = lt.Params(
        W=put_in(params.W, 0, k),
        U=put_in(params.U, 0, k),
        b=put_in(params.b, 40, k),
        p=put_in(params.p, 0, base.peepholes.index(gate)) if base.peepholes else params.p,
    )
    found, _, _ = lt.forward(cell, params, x, state)
    truth, _, _ = lt.forward(base, opened, x, state)
    np.testing.assert_allclose(found, truth, rtol=0, atol=1e-12)


def test_what_is_taken_away_costs_no_weights():
    weights = {
        part: sum(
            v.size for v in lt.init(lt.ablate(lt.PEEPHOLE, part), np.random.default_rng(0), 3, 5)
        )
        for part in PARTS
    }
    layer, peephole = 3 * 5 + 5 * 5 + 5, 5
    assert weights == {
        "i": 3 * layer + 2 * peephole,
        "f": 3 * layer + 2 * peephole,
        "o": 3 * layer + 2 * peephole,
        "input activation": 4 * layer + 3 * peephole,
        "output activation": 4 * layer + 3 * peephole,
        "coupled": 3 * layer + 2 * peephole,
        "peepholes": 4 * layer,
    }


@BOTH
@EACH
def test_a_cell_without_a_part_travels_to_another_process(base, part):
    cell = lt.ablate(base, part)
    copy = pickle.loads(pickle.dumps(cell))
    params, x, _ = network(cell, 2, T=3, B=1, D=2, H=2)
    assert np.array_equal(lt.forward(copy, params, x)[0], lt.forward(cell, params, x)[0])


def test_what_cannot_be_taken_away_is_told():
    with pytest.raises(ValueError, match=r"lstm_teach.full_gate_recurrence has init, forward and"):
        lt.ablate(lt.PEEPHOLE, "full gate recurrence")
    with pytest.raises(ValueError, match="LSTM has no peepholes to take away"):
        lt.ablate(lt.LSTM, "peepholes")
    with pytest.raises(ValueError, match="part is 'g'; expected one of i, f, o, input activation"):
        lt.ablate(lt.LSTM, "g")
    for other in (lt.GRU, replace(lt.LSTM, step=lt.PEEPHOLE.step)):
        with pytest.raises(ValueError, match="expected LSTM or PEEPHOLE themselves"):
            lt.ablate(other, "i")
