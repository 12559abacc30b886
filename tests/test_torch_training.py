"""Whole networks, losses and optimisers agree with PyTorch's, padding and both ways included."""

import numpy as np
import pytest
from test_network import drawn

import lstm_teach as lt
from lstm_teach import losses, nested, network, optim

torch = pytest.importorskip("torch", reason="parity with PyTorch needs the `bench` extra: torch")


def laid_out(net, params):
    """Our stacked or two-way LSTM as torch.nn.LSTM and torch.nn.Linear."""
    H, two = net.hidden, net.both_ways
    chains = torch.nn.LSTM(
        net.inputs, H, num_layers=net.layers, bidirectional=two, dtype=torch.float64
    )
    weights = {}
    for k, chain in enumerate(params.chains):
        layer, way = divmod(k, net.directions)
        tail = f"l{layer}" + ("_reverse" if way else "")
        weights[f"weight_ih_{tail}"] = chain.W.swapaxes(1, 2).reshape(4 * H, -1)
        weights[f"weight_hh_{tail}"] = chain.U.swapaxes(1, 2).reshape(4 * H, H)
        weights[f"bias_ih_{tail}"] = chain.b.reshape(4 * H)
        weights[f"bias_hh_{tail}"] = np.zeros(4 * H)
    chains.load_state_dict({name: torch.tensor(v.copy()) for name, v in weights.items()})
    readout = torch.nn.Linear(*params.V.shape, dtype=torch.float64)
    readout.load_state_dict(
        {"weight": torch.tensor(params.V.T.copy()), "bias": torch.tensor(params.b.copy())}
    )
    return chains, readout


@pytest.mark.parametrize("build", [{}, {"layers": 2}, {"layers": 2, "both_ways": True}], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_a_padded_batch_through_a_network_gives_pytorchs_loss_and_gradients(build, seed):
    net, params, batch = drawn(lt.LSTM, seed, T=6, B=4, **build)
    loss, grads, last = network.loss_and_grads(net, params, batch)

    chains, readout = laid_out(net, params)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.tensor(batch.x), torch.tensor(batch.lengths), enforce_sorted=False
    )
    h, (h_last, c_last) = chains(packed)
    h, _ = torch.nn.utils.rnn.pad_packed_sequence(h, total_length=6)
    y, mask = readout(h), torch.tensor(batch.mask.copy())
    theirs = torch.nn.functional.cross_entropy(y[mask], torch.tensor(batch.target.copy())[mask])
    theirs.backward()

    assert loss == pytest.approx(theirs.item(), abs=1e-12)
    for k, state in enumerate(last):
        np.testing.assert_allclose(state.h, h_last[k].detach(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(state.c, c_last[k].detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(grads.V, readout.weight.grad.T, rtol=0, atol=1e-12)
    np.testing.assert_allclose(grads.b, readout.bias.grad, rtol=0, atol=1e-12)
    ours, _ = laid_out(net, grads)
    for name, dv in ours.named_parameters():
        if "bias_hh" not in name:
            truth = dict(chains.named_parameters())[name].grad
            np.testing.assert_allclose(dv.detach(), truth, rtol=0, atol=1e-12)


def test_the_losses_are_pytorchs():
    rng = np.random.default_rng(0)
    y, symbols, numbers = rng.normal(size=(7, 5)), rng.integers(5, size=7), rng.uniform(size=(7, 5))
    of = torch.nn.functional
    pairs = (
        (losses.softmax_cross_entropy, symbols, of.cross_entropy, 1),
        (losses.squared_error, numbers, of.mse_loss, 5),
        (losses.logistic_cross_entropy, numbers, of.binary_cross_entropy_with_logits, 5),
    )
    for ours, target, theirs, outputs in pairs:  # theirs is a mean over the outputs as well
        loss, dy = ours(y, target)
        leaf = torch.tensor(y, requires_grad=True)
        truth = theirs(leaf, torch.tensor(target)) * outputs
        truth.backward()
        assert loss == pytest.approx(truth.item(), abs=1e-13)
        np.testing.assert_allclose(dy, leaf.grad, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (optim.SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
        (optim.Adam(0.03), lambda p: torch.optim.Adam(p, lr=0.03)),
        (optim.RMSprop(0.02, decay=0.9), lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9)),
        (optim.Momentum(0.1, momentum=0.8), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_optimisers_are_pytorchs_with_clipping(ours, theirs):
    rng = np.random.default_rng(1)
    params = (rng.normal(size=(3, 4)), rng.normal(size=5))
    leaves = [torch.tensor(v.copy(), requires_grad=True) for v in params]
    optimiser, memory = theirs(leaves), ours.start(params)
    for _ in range(20):
        grads = nested.each(lambda v: rng.normal(scale=3, size=v.shape), params)
        for leaf, dv in zip(leaves, grads, strict=True):
            leaf.grad = torch.tensor(dv.copy())
        theirs_norm = torch.nn.utils.clip_grad_norm_(leaves, 8.0)
        optimiser.step()
        grads, norm = optim.clip_by_norm(grads, 8.0)
        params, memory = ours(params, grads, memory)
        assert norm == pytest.approx(theirs_norm.item(), rel=1e-12)
    for v, leaf in zip(params, leaves, strict=True):
        np.testing.assert_allclose(v, leaf.detach(), rtol=0, atol=1e-6)
