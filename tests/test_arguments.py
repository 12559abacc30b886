"""Bad input gets a sentence: what was expected, what came, what to do."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import network

import lstm_teach as lt

T, B, D, H = 5, 2, 3, 4
PARAMS, X, STATE = network(lt.LSTM, 0, T, B, D, H)


@pytest.mark.parametrize(
    ("x", "kind", "words"),
    [
        (
            np.zeros((T, D)),
            ValueError,
            ["(5, 3)", "2 axes", "(T, B, D) with D = 3", "x[:, None, :]"],
        ),
        (np.zeros(T), ValueError, ["(5,)", "1 axes", "x[:, None, None]"]),
        (np.zeros((1, T, B, D)), ValueError, ["4 axes", "Time comes first"]),
        (np.zeros((T, B, 7)), ValueError, ["(5, 2, 7)", "D = 3", "inputs of that size"]),
        (np.zeros((D, B, 7)), ValueError, ["(3, 2, 7)", "D = 3", "They come last"]),
        (np.zeros((B, T, D)), ValueError, ["(2, 5, 3)", "Did you put the batch first?"]),
        (np.zeros((0, B, D)), ValueError, ["no steps", "T ≥ 1"]),
        (np.zeros((T, 0, D)), ValueError, ["no sequences", "B ≥ 1"]),
        (np.zeros((T, B, D), int), TypeError, ["int64", "x.astype(float)"]),
        (np.zeros((T, B, D), bool), TypeError, ["bool", "x.astype(float)"]),
        (np.zeros((T, B, D), np.float32), TypeError, ["float32", "float64", "x.astype(float64)"]),
        (np.zeros((T, B, D), np.float16), TypeError, ["float16", "float64 or float32"]),
        (np.zeros((T, B, D)).tolist(), TypeError, ["a list", "np.array(x, float)"]),
        (None, TypeError, ["None", "a NumPy array"]),
    ],
)
def test_a_wrong_x_is_told_what_is_wrong(x, kind, words):
    with pytest.raises(kind) as caught:
        lt.forward(lt.LSTM, PARAMS, x, STATE)
    for word in ["x", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_told_where_it_stands(value):
    x = X.copy()
    x[3, 1, 2] = value
    with pytest.raises(ValueError, match=r"x\[3, 1, 2\] is (nan|inf|-inf); expected finite"):
        lt.forward(lt.LSTM, PARAMS, x, STATE)


def test_a_batch_that_is_not_the_states_batch_is_named():
    with pytest.raises(
        ValueError, match=r"state.h has shape \(2, 4\); expected \(B, H\) = \(3, 4\)"
    ):
        lt.forward(lt.LSTM, PARAMS, np.zeros((T, 3, D)), STATE)


def test_weights_of_another_cell_are_recognised():
    rnn_params, _, _ = network(lt.RNN, 0, T, B, D, H)
    with pytest.raises(
        ValueError, match="W has 1 layer.*expected 4 for LSTM: i f g o.*another cell"
    ):
        lt.forward(lt.LSTM, rnn_params, X)


def test_what_a_step_only_notes_is_not_counted_as_a_layer():
    with pytest.raises(ValueError, match="W has 4 layer.*expected 3 for GRU: r u g. Were"):
        lt.forward(lt.GRU, PARAMS, X)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"U": np.zeros((4, H, H + 1))},
            r"U has shape \(4, 4, 5\); expected \(K, H, H\) = \(4, 4, 4\)",
        ),
        ({"b": np.zeros(H)}, r"b has shape \(4,\); expected \(K, H\) = \(4, 4\)"),
        ({"p": np.zeros((1, H))}, r"p has shape \(1, 4\); expected \(P, H\) = \(0, 4\)"),
        ({"W": np.zeros((4, H))}, r"W has shape \(4, 4\); expected \(K, D, H\)"),
        ({"b": np.full((4, H), np.nan)}, r"b\[0, 0\] is nan"),
    ],
)
def test_weights_of_wrong_shape_are_named(change, words):
    with pytest.raises(ValueError, match=words):
        lt.forward(lt.LSTM, PARAMS._replace(**change), X)


def test_weights_of_mixed_dtypes_are_named():
    mixed = PARAMS._replace(U=PARAMS.U.astype(np.float32))
    with pytest.raises(TypeError, match="U holds float32 but the weights are float64"):
        lt.forward(lt.LSTM, mixed, X)


def test_params_that_are_no_params_are_named():
    with pytest.raises(TypeError, match=r"params is a tuple; expected Params\(W, U, b, p\)"):
        lt.forward(lt.LSTM, tuple(PARAMS), X)


def test_the_state_of_another_cell_is_recognised():
    with pytest.raises(TypeError, match=r"RNNState\(h\); expected LSTMState\(h, c\)"):
        lt.forward(lt.LSTM, PARAMS, X, lt.zero_state(lt.RNN, B, H))


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, "should return .*a pair; it returned None"),
        (STATE, r"a pair; it returned LSTMState\(h, c\)"),
        ((STATE, STATE), r"LSTMGates\(i, f, g, o\) was expected, LSTMState\(h, c\) came"),
        (
            (STATE, lt.LSTMGates(*[np.zeros(H)] * 4)),
            r"LSTMGates.i has shape \(4,\), expected \(B, H\)",
        ),
    ],
)
def test_a_step_of_the_readers_own_that_returns_something_else_is_told_what(result, words):
    with pytest.raises((TypeError, ValueError), match=words):
        lt.forward(replace(lt.LSTM, step=lambda *_: result), PARAMS, X, STATE)


def test_backward_recognises_the_trace_of_another_cell():
    rnn_params, _, _ = network(lt.RNN, 0, T, B, D, H)
    _, _, trace = lt.forward(lt.RNN, rnn_params, X)
    for wrong in (trace, STATE, None):
        with pytest.raises(TypeError, match="expected the Trace of LSTM"):
            lt.backward(lt.LSTM, PARAMS, wrong, np.zeros((T, B, H)))


def test_backward_wants_a_gradient_for_every_output():
    _, _, trace = lt.forward(lt.LSTM, PARAMS, X, STATE)
    with pytest.raises(
        ValueError, match=r"dh has shape \(2, 4\); expected \(T, B, H\) = \(5, 2, 4\)"
    ):
        lt.backward(lt.LSTM, PARAMS, trace, np.zeros((B, H)))
    with pytest.raises(TypeError, match="dstate is a ndarray"):
        lt.backward(lt.LSTM, PARAMS, trace, np.zeros((T, B, H)), np.zeros((B, H)))


@pytest.mark.parametrize("rng", [0, None, np.random.RandomState(0)])
def test_a_seed_in_place_of_a_generator_is_told_how_to_make_one(rng):
    with pytest.raises(TypeError, match=r"np.random.default_rng\(0\)"):
        lt.init(lt.RNN, rng, 2, 3)


@pytest.mark.parametrize(("size", "kind"), [(0, ValueError), (2.0, TypeError), (True, TypeError)])
def test_sizes_are_whole_numbers_from_one(size, kind):
    with pytest.raises(kind, match=r"hidden is .*; expected a whole number, 1 or more"):
        lt.init(lt.RNN, np.random.default_rng(0), 2, size)
    with pytest.raises(kind, match=r"batch is .*; expected a whole number, 1 or more"):
        lt.zero_state(lt.RNN, size, 3)


@pytest.mark.parametrize("dtype", [int, "float16", "words", complex, None])
def test_dtypes_are_float64_or_float32(dtype):
    with pytest.raises(TypeError, match=r"expected np.float64 or np.float32"):
        lt.init(lt.RNN, np.random.default_rng(0), 2, 3, dtype=dtype)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lt.nothing  # noqa: B018
