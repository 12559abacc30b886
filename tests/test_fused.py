"""The fast twins give what the readable loop gives, on any input, and keep nothing of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from drawn import network, random_state, read_only, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_teach as lt
from lstm_teach import fused
from lstm_teach.fused import lstm as lstm_twin

TWINNED = (lt.RNN, lt.LSTM, lt.GRU)
by_name = pytest.mark.parametrize("cell", TWINNED, ids=lambda cell: cell.name)

# Sizes that meet every road through the twins: one sequence, small and not, and several.
sizes = st.fixed_dictionaries(
    {
        "T": st.integers(1, 12),
        "B": st.sampled_from([1, 1, 2, 3, 7]),
        "D": st.integers(1, 4),
        "H": st.sampled_from([1, 2, 5, lstm_twin.SMALL, lstm_twin.SMALL + 1]),
    }
)
dtypes = st.sampled_from([np.float64, np.float32])
LAYOUTS = {
    "in a row": lambda v: v,
    "batch first": lambda v: read_only(v.transpose(1, 0, 2).copy(), v.dtype).transpose(1, 0, 2),
    "features first": lambda v: read_only(v.transpose(2, 1, 0).copy(), v.dtype).transpose(2, 1, 0),
    "every other": lambda v: read_only(np.repeat(v, 2, axis=-1), v.dtype)[..., ::2],
    "backwards": lambda v: read_only(v[::-1], v.dtype)[::-1],
}


def both_ways(cell, params, x, state, dh, dstate=None):
    """Everything forward and backward give, by name: from the twin, and from the loop."""
    found = []
    for way in (True, False):
        h, last, trace = lt.forward(cell, params, x, state, fused=way)
        grads = lt.backward(cell, params, trace, dh, dstate, fused=way)
        parts = {"last": last, "gates": trace.gates, "states": trace.states}
        parts |= {"d": grads.params, "dstate": grads.state, "flow": grads.flow}
        named = {f"{a}.{b}": v for a, part in parts.items() for b, v in part._asdict().items()}
        found.append({"h": h, "dx": grads.x, **named})
    return found


def expect_equal(fast, slow):
    assert fast.keys() == slow.keys()
    for name, truth in slow.items():
        value, scale = fast[name], max(1, np.abs(truth).max(initial=0))
        assert (value.shape, value.dtype) == (truth.shape, truth.dtype), name
        atol = scale * (1e-12 if truth.dtype == np.float64 else 1e-5)
        np.testing.assert_allclose(value, truth, rtol=0, atol=atol, err_msg=name)


@by_name
@given(
    size=sizes,
    seed=seeds,
    dtype=dtypes,
    layouts=st.tuples(*[st.sampled_from(sorted(LAYOUTS))] * 2),
    scale=st.sampled_from([0, 1, 3, 30]),
    gradient_of_the_end=st.booleans(),
)
def test_a_twin_is_the_loop(cell, size, seed, dtype, layouts, scale, gradient_of_the_end):
    params, x, state = network(cell, seed, **size, dtype=dtype)
    # Weights as large as `init` draws them, and in float32 no state beyond 3: elsewhere the sums
    # x W + b + h U themselves have lost the digits that are compared.
    params = lt.Params(*(read_only(v / np.sqrt(size["H"]), dtype) for v in params))
    scale = scale if dtype == np.float64 else min(scale, 3)
    rng = np.random.default_rng(seed)
    dh = read_only(rng.normal(size=(size["T"], size["B"], size["H"])), dtype)
    state = cell.state(*(read_only(scale * v, dtype) for v in state))
    end = random_state(cell, rng, size["B"], size["H"], dtype) if gradient_of_the_end else None
    x, dh = (LAYOUTS[layout](v) for layout, v in zip(layouts, (x, dh), strict=True))
    expect_equal(*both_ways(cell, params, x, state, dh, end))


@by_name
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("T", "B", "H"), [(700, 1, 3), (700, 1, 20), (300, 4, 3), (3, 600, 2)])
def test_a_sequence_longer_than_one_span_is_the_loop_too(cell, dtype, T, B, H):
    """The backward pass takes 512 rows at a time: here the last span is a short one, or B > 512."""
    params = lt.init(cell, np.random.default_rng(0), 2, H, dtype=dtype)
    _, x, state = network(cell, 0, T, B, 2, H, dtype)
    dh = np.random.default_rng(1).normal(size=(T, B, H)).astype(dtype)
    expect_equal(*both_ways(cell, params, x, state, dh))


@by_name
def test_full_gates_and_huge_weights_raise_no_warning_and_change_nothing(cell):
    """Both tails of σ and tanh. Warnings are errors here: an overflow would be seen."""
    params, x, state = network(cell, 0, T=6, B=2, D=3, H=4)
    dh = np.ones((6, 2, 4))
    for scale in (1e3, 1e6):
        huge = params._replace(W=scale * params.W, b=scale * params.b)
        expect_equal(*both_ways(cell, huge, x, state, dh))


def everything(cell, params, x, state, dh):
    """Every array that a forward and a backward pass give, except x itself."""
    h, last, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, dh)
    return [
        h,
        *last,
        *trace.gates,
        *trace.states,
        *grads.params,
        grads.x,
        *grads.flow,
        *grads.state,
    ]


@by_name
@pytest.mark.parametrize(("B", "H"), [(1, 4), (3, 4), (20, 30)])
def test_what_was_returned_is_never_overwritten_by_a_later_call(cell, B, H):
    """Scratch arrays are used again from call to call; nothing that a caller holds may be."""
    params, x, state = network(cell, 0, 40, B, 3, H)
    _, other_x, other_state = network(cell, 1, 40, B, 3, H)
    dh = np.random.default_rng(2).normal(size=(40, B, H))
    first = everything(cell, params, x, state, dh)
    copies = [v.copy() for v in first]
    second = everything(cell, params, other_x, other_state, 2 * dh)
    for array, copy in zip(first, copies, strict=True):
        assert np.array_equal(array, copy)
        assert not any(np.shares_memory(array, other) for other in second)
        assert not any(np.shares_memory(array, given) for given in (*params, x, *state, dh))


@by_name
def test_the_last_state_and_the_first_gradient_stand_apart_from_the_rows_they_equal(cell):
    """As in the loop: who writes into a state that was returned does not rewrite the trace."""
    params, x, state = network(cell, 0, T=5, B=2, D=3, H=4)
    _, last, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, np.ones((5, 2, 4)))
    for apart, rows in ((last, trace.states), (grads.state, grads.flow)):
        for value in apart:
            assert not any(np.shares_memory(value, v) for v in rows)


@by_name
def test_a_trace_of_the_loop_goes_back_through_the_twin_and_the_other_way_round(cell):
    params, x, state = network(cell, 3, T=9, B=2, D=3, H=4)
    dh = np.random.default_rng(0).normal(size=(9, 2, 4))
    traces = [lt.forward(cell, params, x, state, fused=way)[2] for way in (True, False)]
    truth = lt.backward(cell, params, traces[1], dh, fused=False)
    for trace in traces:
        for array in (*trace.gates, *trace.states):
            array.flags.writeable = False
        for way in (True, False):
            found = lt.backward(cell, params, trace, dh, fused=way)
            for name, value in found.params._asdict().items():
                np.testing.assert_allclose(value, getattr(truth.params, name), atol=1e-12)


@by_name
def test_threads_that_work_at_the_same_sizes_do_not_disturb_each_other(cell):
    problems = [(*network(cell, seed, 30, 2, 3, 8), np.ones((30, 2, 8))) for seed in range(8)]
    alone = [everything(cell, *problem) for problem in problems]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            together = pool.map(lambda problem: everything(cell, *problem), problems)
            for found, truth in zip(together, alone, strict=True):
                assert all(np.array_equal(a, b) for a, b in zip(found, truth, strict=True))


@by_name
def test_a_twin_serves_only_the_functions_it_copies(cell):
    assert fused.twin(cell) is not None
    assert fused.twin(replace(cell, name="the same, called otherwise")) is fused.twin(cell)
    for part in ("step", "step_back"):
        mine = replace(cell, **{part: partial(getattr(cell, part))})
        assert fused.twin(mine) is None
        params, x, state = network(cell, 0, T=2, B=2, D=3, H=4)
        with pytest.raises(ValueError, match=f"no fused code for {cell.name} with these functions"):
            lt.forward(mine, params, x, state, fused=True)
        _, _, trace = lt.forward(mine, params, x, state)
        with pytest.raises(ValueError, match="leave fused out"):
            lt.backward(mine, params, trace, np.ones((2, 2, 4)), fused=True)


def test_cells_without_a_twin_run_in_the_loop():
    for cell in (lt.PEEPHOLE, lt.COUPLED, lt.LSTM97, lt.MGU):
        assert fused.twin(cell) is None


@by_name
def test_a_step_that_is_wrong_gives_what_it_gives_and_not_what_the_twin_would(cell):
    def silent(x_in, h_in, state, p):
        after, gates = cell.step(x_in, h_in, state, p)
        return after._replace(h=np.zeros_like(after.h)), gates

    params, x, state = network(cell, 0, T=3, B=2, D=3, H=4)
    assert not lt.forward(replace(cell, step=silent), params, x, state)[0].any()


@by_name
def test_a_trace_made_with_other_weights_is_refused(cell):
    params, x, state = network(cell, 0, T=3, B=2, D=3, H=4)
    _, _, trace = lt.forward(cell, params, x, state)
    for D, H, dtype in ((2, 4, np.float64), (3, 5, np.float64), (3, 4, np.float32)):
        other, _, _ = network(cell, 0, T=3, B=2, D=D, H=H, dtype=dtype)
        for way in (True, False) if cell in TWINNED else (None,):
            with pytest.raises(ValueError, match=r"trace holds x .* made with other weights\?"):
                lt.backward(cell, other, trace, np.ones((3, 2, H), dtype), fused=way)


@by_name
@settings(max_examples=20)
@given(seed=seeds, T=st.integers(1, 5), B=st.integers(1, 3))
def test_the_gradients_of_a_twin_are_those_of_central_differences(cell, seed, T, B):
    rng = np.random.default_rng(seed)
    report = lt.check_gradients(cell, rng, steps=T, batch=B, inputs=2, hidden=3, fused=True)
    assert report.worst < 1e-6, report
