"""One module is another under a condition: theorems of the book, each a test of its name."""

import numpy as np
import spec
from drawn import network, read_only, seeds, sizes
from hypothesis import given

import lstm_teach as lt

ALWAYS_OPEN = 40.0  # σ(40) is 1 to the last bit of a float64


def with_layers(params, cell, rows, **biases):
    """Weights for `cell`: each layer's (W_k, U_k, b_k) from rows, some biases set anew; no p."""
    W, U, b = (np.stack(v) for v in zip(*(rows[name] for name in cell.layers), strict=True))
    for name, value in biases.items():
        b[cell.layers.index(name)] = value
    return lt.Params(W=W, U=U, b=b, p=params.p[:0])


def rows_of(params, cell):
    return dict(zip(cell.layers, zip(params.W, params.U, params.b, strict=True), strict=True))


def negated(row):
    return tuple(-v for v in row)


def same(a, b, tolerance=1e-12):
    for found, truth in zip(a, b, strict=True):
        np.testing.assert_allclose(found, truth, rtol=0, atol=tolerance)


@given(sizes, seeds)
def test_coupled_is_an_lstm_whose_input_gate_is_the_negated_forget_gate(size, seed):
    params, x, state = network(lt.COUPLED, seed, **size)
    rows = rows_of(params, lt.COUPLED)
    as_lstm = with_layers(params, lt.LSTM, rows | {"i": negated(rows["f"])})
    coupled, _, _ = lt.forward(lt.COUPLED, params, x, state)
    lstm, _, trace = lt.forward(lt.LSTM, as_lstm, x, state)
    same([coupled], [lstm])
    same([trace.gates.i], [1 - trace.gates.f])


@given(sizes, seeds)
def test_peepholes_of_weight_zero_are_an_lstm_forth_and_back(size, seed):
    params, x, state = network(lt.LSTM, seed, **size)
    blind = params._replace(p=np.zeros((3, size["H"])))
    h, last, trace = lt.forward(lt.LSTM, params, x, state)
    h_p, last_p, trace_p = lt.forward(lt.PEEPHOLE, blind, x, state)
    same([h, *last], [h_p, *last_p])
    grads = lt.backward(lt.LSTM, params, trace, np.ones_like(h), last)
    grads_p = lt.backward(lt.PEEPHOLE, blind, trace_p, np.ones_like(h), last)
    same(
        [*grads.params[:3], grads.x, *grads.state], [*grads_p.params[:3], grads_p.x, *grads_p.state]
    )


@given(sizes, seeds)
def test_lstm97_is_the_limit_of_an_lstm_whose_forget_bias_grows(size, seed):
    params, x, state = network(lt.LSTM97, seed, **size)
    rows = rows_of(params, lt.LSTM97)
    silent = tuple(np.zeros_like(v) for v in rows["g"])
    truth, _, _ = lt.forward(lt.LSTM97, params, x, state)
    for forget_bias, apart in ((20, 1e-4), (ALWAYS_OPEN, 1e-12)):
        near = with_layers(params, lt.LSTM, rows | {"f": silent}, f=forget_bias)
        found, _, _ = lt.forward(lt.LSTM, near, x, state)
        same([found], [truth], tolerance=apart)


@given(sizes, seeds)
def test_an_lstm_with_i_zero_and_f_one_keeps_c_for_ever(size, seed):
    """The carousel: whatever comes in, c and its gradient stay as they are, bit for bit."""
    params, x, state = network(lt.LSTM, seed, **size)
    rows = rows_of(params, lt.LSTM)
    deaf = tuple(np.zeros_like(v) for v in rows["i"])
    shut = -800.0  # σ(-800) is 0, not merely small
    held = with_layers(params, lt.LSTM, rows | {"i": deaf, "f": deaf}, i=shut, f=ALWAYS_OPEN)
    _, last, trace = lt.forward(lt.LSTM, held, x, state)
    assert (trace.states.c == state.c).all()
    dlast = last._replace(h=np.zeros_like(last.h), c=np.ones_like(last.c))
    flow = lt.backward(lt.LSTM, held, trace, np.zeros(trace.states.h[1:].shape), dlast).flow
    assert (flow.c == 1).all()


@given(sizes, seeds)
def test_coupled_never_lets_c_out_of_minus_one_to_one(size, seed):
    params, x, _ = network(lt.COUPLED, seed, **size)
    _, _, trace = lt.forward(lt.COUPLED, params, x)
    assert np.abs(trace.states.c).max() <= 1


def test_lstm97_counts_without_bound():
    T = 500
    params = lt.Params(
        np.zeros((3, 1, 1)), np.zeros((3, 1, 1)), np.full((3, 1), 5.0), np.zeros((0, 1))
    )
    _, last, _ = lt.forward(lt.LSTM97, params, np.zeros((T, 1, 1)))
    assert last.c.item() > 0.99 * T


@given(sizes, seeds)
def test_an_mgu_is_a_gru_whose_reset_gate_is_the_negated_update_gate(size, seed):
    params, x, state = network(lt.MGU, seed, **size)
    rows = rows_of(params, lt.MGU)
    as_gru = with_layers(params, lt.GRU, rows | {"r": negated(rows["u"])})
    mgu, _, _ = lt.forward(lt.MGU, params, x, state)
    gru, _, trace = lt.forward(lt.GRU, as_gru, x, state)
    same([mgu, trace.gates.r], [gru, 1 - trace.gates.u])


@given(sizes, seeds)
def test_a_gru_that_neither_resets_nor_keeps_is_the_standard_module(size, seed):
    params, x, state = network(lt.GRU, seed, **size)
    rows = rows_of(params, lt.GRU)
    deaf = tuple(np.zeros_like(v) for v in rows["r"])
    plain = with_layers(params, lt.GRU, rows | {"r": deaf, "u": deaf}, r=ALWAYS_OPEN, u=-800.0)
    gru, _, _ = lt.forward(lt.GRU, plain, x, state)
    rnn, _, _ = lt.forward(lt.RNN, with_layers(params, lt.RNN, rows), x, state)
    same([gru], [rnn])


def reset_before(params, x, state):
    """h of every step of the GRU that resets before the product, from tests/spec.py."""
    runs = []
    for row in range(x.shape[1]):
        start = {"h": state.h[row].tolist()}
        weights = [v.tolist() for v in params]
        states, _ = spec.chain(spec.gru_reset_before_step, x[:, row].tolist(), start, *weights)
        runs.append([s["h"] for s in states[1:]])
    return np.array(runs).swapaxes(0, 1)


@given(sizes, seeds)
def test_resetting_before_or_after_the_product_is_one_where_U_of_the_candidate_is_diagonal(
    size, seed
):
    params, x, state = network(lt.GRU, seed, **size)
    diagonal = params.U * np.array([np.ones_like(params.U[0])] * 2 + [np.eye(size["H"])])
    params = params._replace(U=read_only(diagonal))
    after, _, _ = lt.forward(lt.GRU, params, x, state)
    same([after], [reset_before(params, x, state)])


def test_resetting_before_or_after_the_product_are_two_modules_in_general():
    params, x, state = network(lt.GRU, 0, T=4, B=2, D=3, H=3)
    after, _, _ = lt.forward(lt.GRU, params, x, state)
    assert np.abs(after - reset_before(params, x, state)).max() > 0.1


@given(sizes, seeds)
def test_a_gate_that_writes_is_one_that_keeps_with_its_weights_negated(size, seed):
    """Weights made for h' = (1 - v) * h + v * g run in our GRU once the row of v is negated."""
    params, x, state = network(lt.GRU, seed, **size)
    rows = rows_of(params, lt.GRU)
    W, U, b = rows["u"]
    converted = with_layers(params, lt.GRU, rows | {"u": negated(rows["u"])})
    h, _, trace = lt.forward(lt.GRU, converted, x, state)
    before, g = trace.states.h[:-1], trace.gates.g
    v = lt.logistic(x @ W + before @ U + b)
    same([h], [(1 - v) * before + v * g])
