"""Long sequences: recomputing from checkpoints changes no number; truncation says what it cuts."""

import tracemalloc

import numpy as np
import pytest
from drawn import ALL_CELLS, label, network, random_state, seeds, sizes
from hypothesis import given
from hypothesis import strategies as st

import lstm_teach as lt

by_name = pytest.mark.parametrize("cell", ALL_CELLS, ids=label)


@by_name
@given(size=sizes, seed=seeds, every=st.one_of(st.just(True), st.integers(1, 8)))
def test_checkpoints_give_the_same_outputs_and_the_same_gradient(cell, size, seed, every):
    params, x, state = network(cell, seed, **size)
    T, rng = size["T"], np.random.default_rng(seed)
    dh = rng.normal(size=(T, size["B"], size["H"]))
    dstate = random_state(cell, rng, size["B"], size["H"])
    h, last, trace = lt.forward(cell, params, x, state)
    grads = lt.backward(cell, params, trace, dh, dstate)
    h_again, last_again, kept = lt.forward(cell, params, x, state, checkpoint=every)
    again = lt.backward(cell, params, kept, dh, dstate)

    at = [*range(0, T, kept.every), T]
    assert len(kept.states.h) == len(at)
    for found, truth in (
        (h_again, h),
        *zip(last_again, last, strict=True),
        *zip(again.params, grads.params, strict=True),
        (again.x, grads.x),
        *zip(again.state, grads.state, strict=True),
        *((a, b[at]) for a, b in zip(kept.states, trace.states, strict=True)),
        *((a, b[at]) for a, b in zip(again.flow, grads.flow, strict=True)),
    ):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-12)


def test_true_means_the_square_root_of_the_length():
    params, x, state = network(lt.RNN, 0, T=50, B=1, D=1, H=2)
    assert lt.forward(lt.RNN, params, x, state, checkpoint=True)[2].every == 8


@pytest.mark.parametrize("every", [0, -3, 2.5, False, "often"])
def test_a_checkpoint_that_is_no_number_of_steps_is_refused(every):
    params, x, state = network(lt.RNN, 0, T=5, B=1, D=1, H=2)
    with pytest.raises((TypeError, ValueError), match="checkpoint is .*expected a whole number"):
        lt.forward(lt.RNN, params, x, state, checkpoint=every)


def test_the_checkpoints_of_another_cell_are_recognised():
    params, x, state = network(lt.RNN, 0, T=5, B=2, D=1, H=2)
    kept = lt.forward(lt.RNN, params, x, state, checkpoint=True)[2]
    lstm_params, _, _ = network(lt.LSTM, 0, T=5, B=2, D=1, H=2)
    with pytest.raises(TypeError, match="expected the Trace of LSTM"):
        lt.backward(lt.LSTM, lstm_params, kept, np.ones((5, 2, 2)))
    with pytest.raises(ValueError, match="Was it made with other weights"):
        lt.backward(lt.RNN, params, kept._replace(every=2), np.ones((5, 2, 2)))


def peak(function):
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cell", [lt.RNN, lt.LSTM, lt.GRU, lt.PEEPHOLE], ids=lambda c: c.name)
def test_with_checkpoints_memory_beside_h_grows_as_the_root_of_the_length(cell):
    """Sixteen times as long needs at most 4 times as much, and a trace 16 times as much."""
    params = lt.init(cell, np.random.default_rng(0), 1, 32)

    def run(T, checkpoint):
        x, dh = np.zeros((T, 2, 1)), np.ones((T, 2, 32))
        beside = dh.nbytes + x.nbytes * 2  # h and dx, which are asked for whole, and the input
        used = peak(
            lambda: lt.backward(
                cell, params, lt.forward(cell, params, x, checkpoint=checkpoint)[2], dh
            )
        )
        return used - beside

    run(256, True)  # what is kept for later calls is paid for once
    assert run(4096, True) < 6 * run(256, True)
    assert run(4096, True) < run(4096, None) / 5


@by_name
@given(size=sizes, seed=seeds, span=st.integers(1, 7))
def test_truncation_is_the_sum_of_spans_that_take_their_state_as_given(cell, size, seed, span):
    params, x, state = network(cell, seed, **size)
    T, rng = size["T"], np.random.default_rng(seed)
    dh = rng.normal(size=(T, size["B"], size["H"]))
    last, grads = lt.truncated_bptt(
        cell, params, x, lambda h, t: dh[t : t + len(h)], state, span=span
    )

    _, whole_last, trace = lt.forward(cell, params, x, state)
    dW = np.zeros_like(params.W)
    for n, start in enumerate(range(0, T, span)):
        steps = slice(start, start + span)
        given_state = cell.state(*(v[start] for v in trace.states))
        _, _, part = lt.forward(cell, params, x[steps], given_state)
        alone = lt.backward(cell, params, part, dh[steps])
        dW += alone.params.W
        np.testing.assert_allclose(grads.x[steps], alone.x, rtol=0, atol=1e-12)
        for found, truth in zip(grads.flow, alone.state, strict=True):
            np.testing.assert_allclose(found[n], truth, rtol=0, atol=1e-12)
    np.testing.assert_allclose(grads.params.W, dW, rtol=0, atol=1e-11)
    for found, truth in zip(last, whole_last, strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", ALL_CELLS, ids=label)
def test_a_span_as_long_as_the_sequence_cuts_nothing_and_a_shorter_one_cuts_credit(cell):
    params, x, state = network(cell, 0, T=6, B=2, D=3, H=4)
    dh = np.zeros((6, 2, 4))
    dh[-1] = 1
    _, _, trace = lt.forward(cell, params, x, state)
    whole = lt.backward(cell, params, trace, dh)

    def cut(span):
        return lt.truncated_bptt(cell, params, x, lambda h, t: dh[t : t + len(h)], state, span=span)

    for name, truth in whole.params._asdict().items():
        np.testing.assert_allclose(getattr(cut(6)[1].params, name), truth, rtol=0, atol=1e-14)
    of_x = cut(4)[1].x
    assert not of_x[:4].any()
    np.testing.assert_allclose(of_x[4:], whole.x[4:], rtol=0, atol=1e-14)
    assert np.abs(whole.x[:4]).max() > 1e-6


def test_the_slope_is_asked_for_each_span_with_its_outputs_and_its_first_step():
    params, x, state = network(lt.LSTM, 0, T=7, B=2, D=3, H=4)
    h, _, _ = lt.forward(lt.LSTM, params, x, state)
    asked = []

    def slope(h_of_span, start):
        asked.append((start, len(h_of_span)))
        np.testing.assert_allclose(h_of_span, h[start : start + 3], rtol=0, atol=1e-14)
        return 2 * h_of_span

    lt.truncated_bptt(lt.LSTM, params, x, slope, state, span=3)
    assert asked == [(0, 3), (3, 3), (6, 1)]


@pytest.mark.parametrize("span", [0, 2.0, None])
def test_a_span_is_a_whole_number_from_one(span):
    params, x, state = network(lt.RNN, 0, T=5, B=1, D=1, H=2)
    with pytest.raises((TypeError, ValueError), match="span is .*expected a whole number"):
        lt.truncated_bptt(lt.RNN, params, x, lambda h, t: h, state, span=span)
