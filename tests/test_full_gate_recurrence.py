"""FGR, whose gates hear gates: it is the spec, its gradient is right, and deaf it is PEEPHOLE."""

import numpy as np
import pytest
import spec
from drawn import random_state, read_only, seeds, sizes
from hypothesis import given, settings

import lstm_teach as lt
from lstm_teach import full_gate_recurrence as fgr
from lstm_teach.optim import Adam
from lstm_teach.train import fit


def drawn(seed, T, B, D, H, dtype=np.float64):
    """Weights, inputs and a starting state at random, all read-only."""
    rng = np.random.default_rng(seed)
    shapes = (v.shape for v in fgr.init(rng, D, H))
    params = fgr.FGRParams(*(read_only(rng.normal(size=shape), dtype) for shape in shapes))
    x = read_only(rng.normal(size=(T, B, D)), dtype)
    return params, x, random_state(fgr.FGR, rng, B, H, dtype)


def everything(h, last, trace):
    return [h, *last, trace.x, *trace.gates, *trace.states]


@given(sizes, seeds)
def test_full_gate_recurrence_is_the_spec(size, seed):
    params, x, state = drawn(seed, **size)
    h, last, trace = fgr.forward(params, x, state)
    weights = [v.tolist() for v in params]
    for row in range(size["B"]):
        start = {name: v[row].tolist() for name, v in state._asdict().items()}
        states, gates = spec.chain(
            spec.full_gate_recurrence_step, x[:, row].tolist(), start, *weights
        )
        pairs = [(h, [s["h"] for s in states[1:]])]
        for name in state._fields:
            truth = [s[name] for s in states]
            pairs += [(getattr(trace.states, name), truth), (getattr(last, name)[None], truth[-1:])]
        for name in trace.gates._fields:
            pairs.append((getattr(trace.gates, name), [g[name] for g in gates]))
        for found, truth in pairs:
            np.testing.assert_allclose(found[:, row], truth, rtol=1e-12, atol=1e-12)


@settings(max_examples=20)
@given(sizes, seeds)
def test_every_gradient_of_full_gate_recurrence_agrees_with_its_slope(size, seed):
    """Every entry of every weight, of x and of the starting state, by central differences."""
    params, x, state = drawn(seed, **size)
    rng = np.random.default_rng(seed)
    dh = rng.normal(size=(size["T"], size["B"], size["H"]))
    dlast = random_state(fgr.FGR, rng, size["B"], size["H"])

    def loss(given):
        h, last, _ = fgr.forward(*given)
        return np.sum(h * dh) + sum(np.sum(v * dv) for v, dv in zip(last, dlast, strict=True))

    _, _, trace = fgr.forward(params, x, state)
    found = fgr.backward(params, trace, dh, dlast)
    claimed = {"x": found.x, **found.params._asdict(), **found.state._asdict()}
    start = {"x": x, **params._asdict(), **state._asdict()}

    def with_new(name, v):
        new = start | {name: v}
        parts = (fgr.FGRParams, fgr.FGRState)
        params, state = (kind(*(new[field] for field in kind._fields)) for kind in parts)
        return params, new["x"], state

    for name, values in start.items():
        wide, narrow = (
            lt.numerical_gradient(lambda v, name=name: loss(with_new(name, v)), values, eps)
            for eps in (5e-4, 2.5e-4)
        )
        error = lt.relative_error(claimed[name], (4 * narrow - wide) / 3).max()
        assert error < 1e-6, (name, error)


@given(sizes, seeds)
def test_gates_that_hear_no_gates_are_those_of_peephole_forth_and_back(size, seed):
    """Nine matrices of zeros: forth it is PEEPHOLE bit for bit, back to rounding."""
    params, x, state = drawn(seed, **size)
    deaf = params._replace(U_gates=np.zeros_like(params.U_gates))
    shared, begin = lt.Params(*params[:4]), lt.LSTMState(h=state.h, c=state.c)
    h, last, trace = fgr.forward(deaf, x, state)
    h_p, last_p, trace_p = lt.forward(lt.PEEPHOLE, shared, x, begin)
    pairs = zip([h, last.h, last.c, *trace.gates], [h_p, *last_p, *trace_p.gates], strict=True)
    assert all(np.array_equal(found, truth) for found, truth in pairs)

    dlast = fgr.FGRState(last.h, last.c, *np.zeros((3, *last.h.shape)))
    grads = fgr.backward(deaf, trace, np.ones_like(h), dlast)
    grads_p = lt.backward(lt.PEEPHOLE, shared, trace_p, np.ones_like(h), last_p)
    for found, truth in zip(
        [*grads.params[:4], grads.x, grads.state.h, grads.state.c],
        [*grads_p.params, grads_p.x, *grads_p.state],
        strict=True,
    ):
        np.testing.assert_allclose(found, truth, rtol=1e-12, atol=1e-12)


def test_the_candidate_hears_no_gates():
    params, x, state = drawn(0, T=1, B=2, D=3, H=4)
    loud = params._replace(U_gates=params.U_gates + 1)
    _, _, trace = fgr.forward(params, x, state)
    _, _, louder = fgr.forward(loud, x, state)
    assert np.array_equal(trace.gates.g, louder.gates.g)
    for gate in "ifo":
        assert np.abs(getattr(trace.gates, gate) - getattr(louder.gates, gate)).max() > 0.01


@given(sizes, seeds)
def test_two_halves_chained_are_the_whole_where_gates_hear_gates(size, seed):
    size["T"] += 1
    params, x, state = drawn(seed, **size)
    whole, last, _ = fgr.forward(params, x, state)
    cut = size["T"] // 2
    first, middle, _ = fgr.forward(params, x[:cut], state)
    second, end, _ = fgr.forward(params, x[cut:], middle)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, rtol=0, atol=1e-12)
    for found, truth in zip(end, last, strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-12)


@given(sizes, seeds)
def test_a_row_of_a_batch_is_its_own_run_where_gates_hear_gates(size, seed):
    params, x, state = drawn(seed, **size)
    together, _, _ = fgr.forward(params, x, state)
    for row in range(size["B"]):
        alone_state = fgr.FGRState(*(v[row : row + 1] for v in state))
        alone, _, _ = fgr.forward(params, x[:, row : row + 1], alone_state)
        np.testing.assert_allclose(together[:, row : row + 1], alone, rtol=0, atol=1e-12)


def test_full_gate_recurrence_learns_nine_matrices_more_than_peephole():
    D, H, rng = 3, 5, np.random.default_rng(0)
    params = fgr.init(rng, D, H, forget_bias=2)
    weights = sum(v.size for v in params)
    assert weights == sum(v.size for v in lt.init(lt.PEEPHOLE, rng, D, H)) + 9 * H * H
    assert weights == 4 * (D * H + H * H + H) + 3 * H + 9 * H * H
    assert all(np.count_nonzero(v) == v.size for v in (params.W, params.U, params.U_gates))
    assert np.abs(params.U_gates).max() <= 1 / np.sqrt(H)
    assert params.b.sum(axis=1).tolist() == [0, 2 * H, 0, 0]


def test_full_gate_recurrence_starts_from_zeros_and_notes_T_and_T_plus_1_rows():
    params, x, _ = drawn(1, T=5, B=2, D=3, H=4)
    found = everything(*fgr.forward(params, x))
    given = fgr.forward(params, x, lt.zero_state(fgr.FGR, 2, 4))
    assert all(np.array_equal(v, w) for v, w in zip(found, everything(*given), strict=True))
    _, _, trace = given
    assert {v.shape for v in trace.gates} == {(5, 2, 4)}
    assert {v.shape for v in trace.states} == {(6, 2, 4)}
    flow = fgr.backward(params, trace, np.ones((5, 2, 4))).flow
    assert flow._fields == trace.states._fields
    assert {v.shape for v in flow} == {(6, 2, 4)}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_full_gate_recurrence_writes_to_no_argument_and_keeps_the_float_dtype(dtype):
    params, x, state = drawn(2, T=4, B=2, D=3, H=3, dtype=dtype)
    h, last, trace = fgr.forward(params, x, state)
    dh = np.ones_like(h)
    for array in (*everything(h, last, trace), dh):
        array.flags.writeable = False
    grads, again = (fgr.backward(params, trace, dh, last) for _ in range(2))
    assert all((a == b).all() for a, b in zip(grads.params, again.params, strict=True))
    found = [*everything(h, last, trace), *grads.params, grads.x, *grads.state, *grads.flow]
    found += fgr.init(np.random.default_rng(0), 3, 3, dtype=dtype)
    assert {v.dtype for v in found} == {np.dtype(dtype)}


def test_full_gate_recurrence_learns_with_a_readout_and_fit():
    """`fit` takes a function: here the h of the last step, read out, should be the first input."""
    rng = np.random.default_rng(0)
    params = {"chain": fgr.init(rng, 1, 4), "V": rng.uniform(-0.5, 0.5, (4, 1))}
    x = rng.uniform(-1, 1, (3, 64, 1))
    batch = lt.tasks.Batch(x, x[0], np.ones(64, bool), np.full(64, 3))

    def loss_and_grads(params, batch, state):
        h, _, trace = fgr.forward(params["chain"], batch.x)
        wrong = h[-1] @ params["V"] - batch.target
        dy = 2 * wrong / wrong.size
        dh = np.zeros_like(h)
        dh[-1] = dy @ params["V"].T
        grads = fgr.backward(params["chain"], trace, dh)
        return np.mean(wrong**2), {"chain": grads.params, "V": h[-1].T @ dy}, None

    steps = list(fit(loss_and_grads, params, [batch], Adam(0.03), steps=60))
    assert steps[0].loss > 0.3
    assert steps[-1].loss < 0.01


def test_what_does_not_fit_full_gate_recurrence_is_told():
    params, x, state = drawn(3, T=2, B=1, D=2, H=3)
    h, last, trace = fgr.forward(params, x, state)
    with pytest.raises(TypeError, match=r"params is Params.*expected FGRParams\(W, U, b, p, U_g"):
        fgr.forward(lt.Params(*params[:4]), x)
    with pytest.raises(ValueError, match=r"U_gates has shape \(3, 3, 3\); expected \(3, 3, H, H\)"):
        fgr.forward(params._replace(U_gates=params.U_gates[0]), x)
    with pytest.raises(ValueError, match=r"p has shape \(2, 3\); expected \(P, H\) = \(3, 3\)"):
        fgr.backward(params._replace(p=params.p[:2]), trace, h)
    with pytest.raises(ValueError, match=r"x has shape \(2, 1, 3\); expected \(T, B, D\) with D"):
        fgr.forward(params, h)
    with pytest.raises(TypeError, match=r"state is LSTMState\(h, c\); expected FGRState\(h, c, i"):
        fgr.forward(params, x, lt.LSTMState(h=state.h, c=state.c))
    with pytest.raises(ValueError, match=r"dh has shape \(1, 3\); expected \(T, B, H\) = \(2, 1"):
        fgr.backward(params, trace, last.h)
    with pytest.raises(ValueError, match=r"dstate.o has shape \(2, 3\); expected \(B, H\) = "):
        fgr.backward(params, trace, h, state._replace(o=np.zeros((2, 3))))
    with pytest.raises(TypeError, match=r"trace is .*; expected the Trace of FGR"):
        fgr.backward(params, lt.forward(lt.PEEPHOLE, lt.Params(*params[:4]), x)[2], h)
