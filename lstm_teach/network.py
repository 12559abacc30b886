"""A network: an embedding perhaps, one or more chains on top of each other, and a readout.

    x  ->  E[x]  ->  chain  ->  ...  ->  chain  ->  y = h V + b

`Network` says how it is built; its weights are a value of their own, `NetworkParams`. The three
functions are the chain's, one storey up: `init`, `forward`, `backward`. Give them weights that
hold several networks (side_by_side.stack) and axis S appears before B everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import arguments, chain, finite, losses, side_by_side, wiring
from .cells import Cell


@dataclass(frozen=True)
class Network:
    """How a network is built.

    cell: the repeating module. inputs: D, or the number of symbols where there is an embedding.
    hidden: H, outputs: N. loss: one of lstm_teach.losses. layers: chains on top of each other;
    each reads the h of the one below. both_ways: each layer also has a chain that reads the
    sequence from its end; the two h are joined. embedding: how many numbers a symbol becomes
    (0: x is numbers already). one_answer: read out only at the end of each sequence
    (many-to-one) and not at every step (many-to-many). Chapters 2, 12, 13.
    """

    cell: Cell
    inputs: int
    hidden: int
    outputs: int
    loss: Callable = losses.softmax_cross_entropy
    layers: int = 1
    both_ways: bool = False
    embedding: int = 0
    one_answer: bool = False

    def __post_init__(self):
        for name in ("inputs", "hidden", "outputs", "layers"):
            arguments.expect_size(name, getattr(self, name))
        if self.embedding:
            arguments.expect_size("embedding", self.embedding)

    @property
    def directions(self):
        return 2 if self.both_ways else 1


class NetworkParams(NamedTuple):
    """The weights of a network.

    E (inputs, embedding), empty without an embedding; chains: Params, one for each layer and
    direction (layer 0, layer 0 from the end, layer 1, ...); V (H or 2H, N) and b (N): the readout.
    """

    E: np.ndarray
    chains: tuple
    V: np.ndarray
    b: np.ndarray


class NetworkTrace(NamedTuple):
    """What a forward pass saw: x, lengths, one Trace a chain, and the h that was read out."""

    x: np.ndarray
    lengths: np.ndarray
    chains: tuple
    read: np.ndarray


class NetworkGrads(NamedTuple):
    """Gradients: params: NetworkParams; x (None if x is symbols); state and flow, one a chain."""

    params: NetworkParams
    x: np.ndarray
    state: tuple
    flow: tuple


def init(network, rng, *, start=chain.init, dtype=np.float64):
    """Draw the weights of a network at random.

        E ~ uniform(-1, 1)     V ~ uniform(-1/√H, 1/√H)     b = 0
        each chain: start(cell, rng, inputs, hidden, dtype=dtype)

    start: chain.init, or what you put in its place:
    `functools.partial(chain.init, forget_bias=3)`.
    Returns NetworkParams. Raises TypeError or ValueError that says what was expected. Chapter 2.
    """
    arguments.expect_rng(rng)
    dtype = arguments.expect_float_dtype("dtype", dtype)
    H, H_read = network.hidden, network.hidden * network.directions
    E = rng.uniform(-1, 1, (network.inputs if network.embedding else 0, network.embedding))
    D, chains = network.embedding or network.inputs, []
    for _ in range(network.layers):
        for _ in range(network.directions):
            chains.append(start(network.cell, rng, D, H, dtype=dtype))
        D = H_read
    bound = 1 / np.sqrt(H)
    V = rng.uniform(-bound, bound, (H_read, network.outputs))
    return NetworkParams(
        E=E.astype(dtype), chains=tuple(chains), V=V.astype(dtype), b=np.zeros(len(V.T), dtype)
    )


def forward(network, params, x, state=None, *, lengths=None):
    """Run a network over a batch of sequences.

    Shapes: x (T, B, D), or whole numbers (T, B) for an embedding; lengths (B,): how many steps
    of each sequence are real, the rest is padding (default: all). A chain that reads from the
    end starts at each sequence's own end. state: one state a chain (zeros if not given).
    Returns y (T, B, N), or (1, B, N) where the network gives one answer; the last states, each
    sequence's own (after its last real step); and the NetworkTrace.
    Raises TypeError or ValueError that says what was expected and what came, and NotFinite
    where a layer hands nan or infinity to the next. Chapters 2, 12.
    """
    wiring.expect_arguments(network, params, x, state, lengths)
    many = side_by_side.stacked(params)
    run = side_by_side.forward if many else chain.forward
    below = wiring.looked_up(params.E, x) if network.embedding else x
    states, traces = [], []
    for layer in range(network.layers):
        shown = []
        for way in range(network.directions):
            k = len(traces)
            seen = wiring.turned(below, lengths) if way else below
            begin = None if state is None else state[k]
            h, _, trace = run(network.cell, params.chains[k], seen, begin)
            states.append(wiring.last_state(trace.states, lengths))
            traces.append(trace)
            shown.append(wiring.turned(h, lengths) if way else h)
        below = np.concatenate(shown, axis=-1) if network.both_ways else shown[0]
        if not many and layer < network.layers - 1 and not np.isfinite(below).all():
            _name_where_it_began(network, traces)
    read = wiring.answers(below, lengths, network.both_ways) if network.one_answer else below
    y = wiring.product(read, params.V) + params.b[..., None, :]
    return y, tuple(states), NetworkTrace(x, lengths, tuple(traces), read)


def backward(network, params, trace, dy, dstate=None, *, of_x=True):
    """Send the gradient of a loss back through the network that `forward` traced.

    Shapes: dy as y; dstate: the gradients with respect to the last states, one a chain (zeros
    if not given; not with lengths). of_x=False leaves the gradient of x out (None).
    Returns NetworkGrads. Raises ValueError that says what was expected. Chapters 3, 12.
    """
    if dstate is not None and trace.lengths is not None:
        raise ValueError(
            "dstate came together with lengths; expected one of them: sequences that end at "
            "different steps have no common last state to start from."
        )
    run = side_by_side.backward if side_by_side.stacked(params) else chain.backward
    lengths, H = trace.lengths, network.hidden
    dbelow = wiring.product(dy, params.V.swapaxes(-1, -2))
    if network.one_answer:
        dbelow = wiring.answers_back(dbelow, len(trace.x), lengths, network.both_ways)
    backs = [None] * len(trace.chains)
    for layer in reversed(range(network.layers)):
        dseen, asked = 0, of_x or layer > 0 or network.embedding > 0
        for way in range(network.directions):
            k = layer * network.directions + way
            dh = dbelow[..., way * H : (way + 1) * H]
            dh = wiring.turned(dh, lengths) if way else dh
            dlast = None if dstate is None else dstate[k]
            backs[k] = run(network.cell, params.chains[k], trace.chains[k], dh, dlast, of_x=asked)
            if asked:
                dseen = dseen + (wiring.turned(backs[k].x, lengths) if way else backs[k].x)
        dbelow = dseen
    dparams = NetworkParams(
        E=wiring.looked_up_back(params.E, trace.x, dbelow) if network.embedding else params.E,
        chains=tuple(back.params for back in backs),
        V=wiring.product_back(trace.read, dy, params.V),
        b=dy.sum(axis=(0, -2)),
    )
    dx = dbelow if of_x and not network.embedding else None
    state, flow = (tuple(getattr(back, part) for back in backs) for part in ("state", "flow"))
    return NetworkGrads(params=dparams, x=dx, state=state, flow=flow)


def loss_and_grads(network, params, batch, state=None):
    """The loss of a network on a batch, and its gradient for every weight.

    batch: x, target, mask (T, B) and lengths (B,), as lstm_teach.tasks makes them. A network
    with one answer is asked at the end of each sequence, and looks at target and mask there.
    Returns loss, grads: NetworkParams, and the last states: hand them to the next call to carry
    them on. For networks side by side there is a loss for each, (S,).
    Raises as `forward` does. Raises NotFinite, which says where it began, if the loss or a
    gradient is not finite; among networks side by side that one's loss is nan instead, and its
    neighbours never notice. Chapters 3, 11.
    """
    if side_by_side.stacked(params):
        return side_by_side.in_groups(_loss_and_grads, network, params, batch, state)
    return _loss_and_grads(network, params, batch, state)


def _loss_and_grads(network, params, batch, state):
    many = side_by_side.stacked(params)
    lengths = None if (batch.lengths == len(batch.x)).all() else batch.lengths
    with np.errstate(over="ignore", invalid="ignore"):  # looked for, and named, below
        y, last, trace = forward(network, params, batch.x, state, lengths=lengths)
        target, mask = batch.target, batch.mask
        if network.one_answer:
            target, mask = wiring.ends(target, lengths), wiring.ends(mask, lengths)
        loss, dy = network.loss(y, target, mask, side_by_side=many)
        if not many and not (np.isfinite(loss) and np.isfinite(dy).all()):
            _name_where_it_began(network, trace.chains)
            raise finite.NotFinite(f"the loss is {loss}; the chains were finite, y is not.", "y")
        grads = backward(network, params, trace, dy, of_x=False)
    if not many and not finite.all_finite(grads.params):
        for k in reversed(range(len(grads.flow))):
            finite.expect_finite_flow(grads.flow[k], _layer(network, k), network.cell)
        raise finite.NotFinite("a gradient of the weights is not finite; dh and dc are.", "params")
    return loss, grads.params, last


def _name_where_it_began(network, traces):
    for k, trace in enumerate(traces):
        finite.expect_finite_trace(trace, _layer(network, k), network.cell)


def _layer(network, k):
    layer, way = divmod(k, network.directions)
    return f"layer {layer}" + (", read from the end" if way else "")
