"""PyTorch's recurrent layers compute what our modules compute, once the weights are laid out."""

import numpy as np
import pytest
from drawn import LOOPED, label, network, read_only, seeds, sizes
from hypothesis import given, settings

import lstm_teach as lt

torch = pytest.importorskip("torch", reason="parity with PyTorch needs the `bench` extra: torch")

THEIRS = pytest.mark.parametrize("cell", [lt.RNN, lt.LSTM, lt.GRU, *LOOPED], ids=label)


def to_torch(cell, params):
    """Our weights in PyTorch's layout: layers on top of each other, each matrix transposed.

    The order of the layers is ours: i f g o is PyTorch's, and r u g is its r z n. PyTorch's
    second bias is zero.
    """
    K, D, H = params.W.shape
    layer = getattr(torch.nn, cell.name)(D, H, dtype=torch.float64)
    laid_out = {
        "weight_ih_l0": params.W.swapaxes(1, 2).reshape(K * H, D),
        "weight_hh_l0": params.U.swapaxes(1, 2).reshape(K * H, H),
        "bias_ih_l0": params.b.reshape(K * H),
        "bias_hh_l0": np.zeros(K * H),
    }
    layer.load_state_dict({name: torch.tensor(v.copy()) for name, v in laid_out.items()})
    return layer


def from_torch(layer, K):
    """PyTorch's weights and their two biases in our layout: W, U, b_ih, b_hh."""
    W, U, b_ih, b_hh = (v.detach().numpy() for v in layer.parameters())
    H = U.shape[1]
    matrices = (v.reshape(K, H, -1).swapaxes(1, 2) for v in (W, U))
    return (*matrices, b_ih.reshape(K, H), b_hh.reshape(K, H))


def run(layer, x, state):
    """PyTorch's outputs, last state, and the leaves whose gradients will be asked for."""
    x = torch.tensor(x.copy(), requires_grad=True)
    start = [torch.tensor(v[None].copy(), requires_grad=True) for v in state]
    h, last = layer(x, tuple(start) if len(start) > 1 else start[0])
    return h, last if isinstance(last, tuple) else (last,), [x, *start]


@THEIRS
@settings(max_examples=30)
@given(size=sizes, seed=seeds)
def test_forth_and_back_pytorch_and_we_agree(cell, size, seed):
    params, x, state = network(cell, seed, **size)
    h, last, trace = lt.forward(cell, params, x, state)
    rng = np.random.default_rng(seed)
    dh = rng.normal(size=h.shape)
    dlast = cell.state(*(rng.normal(size=v.shape) for v in last))
    grads = lt.backward(cell, params, trace, dh, dlast)

    layer = to_torch(cell, params)
    theirs, their_last, leaves = run(layer, x, state)
    loss = (theirs * torch.tensor(dh)).sum()
    for v, dv in zip(their_last, dlast, strict=True):
        loss = loss + (v[0] * torch.tensor(dv)).sum()
    loss.backward()

    np.testing.assert_allclose(h, theirs.detach().numpy(), rtol=0, atol=1e-12)
    K = len(cell.layers)
    for parameter in layer.parameters():
        parameter.data = parameter.grad
    dW, dU, db_ih, _ = from_torch(layer, K)
    dx, *dstate = (v.grad.numpy() for v in leaves)
    pairs = [(grads.params.W, dW), (grads.params.U, dU), (grads.params.b, db_ih), (grads.x, dx)]
    pairs += zip(grads.state, (v[0] for v in dstate), strict=True)
    for found, truth in pairs:
        np.testing.assert_allclose(found, truth, rtol=1e-10, atol=1e-11)


@THEIRS
@given(size=sizes, seed=seeds)
def test_only_the_sum_of_pytorchs_two_biases_counts_but_for_the_candidate_of_the_gru(
    cell, size, seed
):
    torch.manual_seed(seed)
    layer = getattr(torch.nn, cell.name)(size["D"], size["H"], dtype=torch.float64)
    _, x, state = network(cell, seed, **size)
    W, U, b_ih, b_hh = from_torch(layer, len(cell.layers))
    if cell.name == "GRU":
        layer.bias_hh_l0.data[2 * size["H"] :] = 0
    params = lt.Params(W=W, U=U, b=b_ih + b_hh, p=np.zeros((0, size["H"])))
    h, _, _ = lt.forward(cell, params, x, state)
    np.testing.assert_allclose(h, run(layer, x, state)[0].detach().numpy(), rtol=0, atol=1e-12)


@given(size=sizes, seed=seeds)
def test_a_unit_that_is_always_1_carries_the_bias_inside_pytorchs_reset(size, seed):
    """The docstring's way to run any PyTorch GRU in ours: one more unit, whose row of U is b_hn."""
    B, D, H = size["B"], size["D"], size["H"]
    torch.manual_seed(seed)
    layer = torch.nn.GRU(D, H, dtype=torch.float64)
    _, x, state = network(lt.GRU, seed, **size)
    W, U, b_ih, b_hh = from_torch(layer, 3)
    inside = b_hh[2]

    more = lt.Params(
        np.zeros((3, D, H + 1)),
        np.zeros((3, H + 1, H + 1)),
        np.zeros((3, H + 1)),
        np.zeros((0, H + 1)),
    )
    more.W[:, :, :H], more.U[:, :H, :H] = W, U
    more.b[:2, :H], more.b[2, :H] = (b_ih + b_hh)[:2], b_ih[2]
    more.U[2, H, :H] = inside
    more.b[1, H] = 40
    start = lt.RNNState(h=read_only(np.concatenate([state.h, np.ones((B, 1))], axis=1)))

    h, _, _ = lt.forward(lt.GRU, more, x, start)
    assert (h[..., H] == 1).all()
    theirs = run(layer, x, state)[0].detach().numpy()
    np.testing.assert_allclose(h[..., :H], theirs, rtol=0, atol=1e-12)
    assert np.abs(inside).max() > 0
