"""The network of the 1997 paper, as it stands there: blocks, gates that see gates, short gradient.

    blocks    M memory blocks, each of S cells, with one input gate and one output gate
    units     everything in the hidden layer, in the order i, h, o: M input gates, the outputs
              of C = M S cells, M output gates; what they all say at one step is u
    z         = x W + u U + b                  gates and cells see all units: u of the step before
    i, o      = σ(z_i), σ(z_o)                 one for each block
    g         = 4 σ(z_g) - 2                   in (-2, 2), one for each cell
    c'        = c + i * g                      starts at 0; i is its block's
    h         = o * (2 σ(c') - 1)              o is its block's, what it gates in (-1, 1)
    y         = σ(h V + b_y)                   the readout sees the cells, not the gates

Sizes: T time, B batch, D inputs, M blocks, S cells in a block, C = M S, N outputs. Several
networks side by side (side_by_side.stack) put one more axis first in the weights, and before B
in everything else. Hochreiter & Schmidhuber (1997); chapter 6. Their activations begin at zero
with each sequence, and so do ours.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import arguments
from .activations import logistic, logistic_slope


@dataclass(frozen=True)
class Net97:
    """How a 1997 network is built: D, M, S, N, and which kinds of unit have a bias.

    biases: some of i (input gates), g (cells), o (output gates), y (outputs). The paper's
    experiments differ in this: see the table in tests/test_lstm97.py.
    """

    inputs: int
    blocks: int
    size: int
    outputs: int
    biases: tuple = ("i", "g", "o", "y")

    def __post_init__(self):
        for name in ("inputs", "blocks", "size", "outputs"):
            arguments.expect_size(name, getattr(self, name))
        if not set(self.biases) <= set("igoy"):
            raise ValueError(f"biases is {self.biases!r}; expected some of i, g, o, y.")

    @property
    def cells(self):
        return self.blocks * self.size

    @property
    def units(self):
        return self.cells + 2 * self.blocks

    @property
    def weights(self):
        """How many numbers the network learns."""
        hidden = self.units * (self.inputs + self.units) + self.cells * self.outputs
        sizes = {"i": self.blocks, "g": self.cells, "o": self.blocks, "y": self.outputs}
        return hidden + sum(sizes[kind] for kind in self.biases)


class Params97(NamedTuple):
    """The weights: W (D, units), U (units, units), b (units), V (C, N), b_y (N).

    A bias that the network does not have is 0, and its gradient is 0.
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    V: np.ndarray
    b_y: np.ndarray


class Trace97(NamedTuple):
    """What a forward pass saw: x (T, B, D), u (T, B, units) as it came from the step before,
    the gates i, o (T, B, M) and g (T, B, C), c (T+1, B, C), h (T, B, C), y (T, B, N).
    """

    x: np.ndarray
    u: np.ndarray
    i: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c: np.ndarray
    h: np.ndarray
    y: np.ndarray


def init(net, rng, *, bound=0.1, input_gates=None, output_gates=None, dtype=np.float64):
    """Draw the weights: all uniform between -bound and bound, biases too where there are any.

    input_gates, output_gates: biases for the gates instead, one number for all blocks or M
    numbers; the paper starts some gates nearly shut, with (-3, -6) for instance.
    Returns Params97. Raises ValueError for biases that the network does not have.
    """
    arguments.expect_rng(rng)
    dtype = arguments.expect_float_dtype("dtype", dtype)
    D, units, C, N = net.inputs, net.units, net.cells, net.outputs
    shapes = Params97(W=(D, units), U=(units, units), b=(units,), V=(C, N), b_y=(N,))
    params = _masked(net, Params97(*(rng.uniform(-bound, bound, shape) for shape in shapes)))
    i, _, o = _parts(net, params.b)
    for kind, rows, values in (("i", i, input_gates), ("o", o, output_gates)):
        if values is not None and kind not in net.biases:
            raise ValueError(f"a bias for {kind} came; this network has {net.biases}.")
        if values is not None:
            rows[:] = values
    return Params97(*(v.astype(dtype) for v in params))


def forward(net, params, x, heard=None):
    """Run a 1997 network over a batch of sequences.

    Shapes: x (T, B, D). heard (T, B, units): what all units are told of the step before,
    instead of what was said; the truncated gradient is the gradient of a network that is told
    trace.u whatever its weights are. Returns y (T, B, N) and the Trace97.
    Raises ValueError that says what was expected.
    """
    _expect(net, params, x)
    from_x = x @ params.W + params.b[..., None, :]
    u = np.zeros_like(from_x[0])
    c = np.zeros((*u.shape[:-1], net.cells), u.dtype)
    cs, rows = [c], []
    for t in range(len(x)):
        u = u if heard is None else heard[t]
        i, squashed, o = _parts(net, logistic(from_x[t] + u @ params.U))
        g = 4 * squashed - 2
        c = c + _of_cells(net, i) * g
        h = _of_cells(net, o) * (2 * logistic(c) - 1)
        cs.append(c)
        rows.append((u, i, g, o, h))
        u = np.concatenate([i, h, o], axis=-1)
    u, i, g, o, h = (np.stack(values) for values in zip(*rows, strict=True))
    y = logistic(h @ params.V + params.b_y[..., None, :])
    return y, Trace97(x=x, u=u, i=i, g=g, o=o, c=np.stack(cs), h=h, y=y)


def truncated_gradient(net, params, trace, dy):
    """The paper's gradient: an error that leaves a cell through its gates or input is dropped.

        dc[t] = Σ over s ≥ t of what step s says about c       the constant error carousel

    Nothing goes back through u, so c is the only way back in time, and along it each error stays
    as it is: backpropagation through time is one cumulative sum. All steps are done at once.

    Shapes: dy (T, B, N). Returns Params97 of gradients. Hochreiter & Schmidhuber (1997).
    """
    dh, dV, db_y = _readout_back(params, trace, dy)
    told, dz_o = _shown_back(net, trace.o, trace.c[1:], dh)
    dc = told[::-1].cumsum(axis=0)[::-1]
    dz = np.concatenate([*_written_back(net, trace.i, trace.g, dc), dz_o], axis=-1)
    return _masked(net, _weights_back(trace, dz, dV, db_y))


def full_gradient(net, params, trace, dy):
    """The gradient of the network as it is: errors also go back through what units say.

        du = dz U^T                            the summands that the truncated gradient drops

    Shapes and return as in `truncated_gradient`. Graves & Schmidhuber (2005).
    """
    dh_y, dV, db_y = _readout_back(params, trace, dy)
    U_back = params.U.swapaxes(-1, -2)
    dc, du, dzs = np.zeros_like(trace.c[0]), np.zeros_like(trace.u[0]), []
    for t in reversed(range(len(trace.x))):
        di, dh, do = _parts(net, du)
        told, dz_o = _shown_back(net, trace.o[t], trace.c[t + 1], dh_y[t] + dh)
        dc = dc + told
        dz_i, dz_g = _written_back(net, trace.i[t], trace.g[t], dc)
        dz_i = dz_i + di * logistic_slope(trace.i[t])
        dz_o = dz_o + do * logistic_slope(trace.o[t])
        dzs.append(np.concatenate([dz_i, dz_g, dz_o], axis=-1))
        du = dzs[-1] @ U_back
    return _masked(net, _weights_back(trace, np.stack(dzs[::-1]), dV, db_y))


def _readout_back(params, trace, dy):
    """From dy to dh, dV, db_y."""
    dz = dy * logistic_slope(trace.y)
    return dz @ params.V.swapaxes(-1, -2), _sum_over_time(trace.h, dz), dz.sum(axis=(0, -2))


def _shown_back(net, o, c, dh):
    """What a step says about the c it showed, and dz_o."""
    shown = 2 * logistic(c) - 1
    told = dh * _of_cells(net, o) * (1 - shown * shown) / 2
    return told, _of_blocks(net, dh * shown) * logistic_slope(o)


def _written_back(net, i, g, dc):
    """dz_i and dz_g, from the gradient for the c they wrote to."""
    return _of_blocks(net, dc * g) * logistic_slope(i), dc * _of_cells(net, i) * (1 - g * g / 4)


def _weights_back(trace, dz, dV, db_y):
    return Params97(
        W=_sum_over_time(trace.x, dz),
        U=_sum_over_time(trace.u, dz),
        b=dz.sum(axis=(0, -2)),
        V=dV,
        b_y=db_y,
    )


def _sum_over_time(rows, dz):
    """The gradient for a matrix that was used at every step: Σ rows_t^T dz_t."""
    return (rows.swapaxes(-1, -2) @ dz).sum(axis=0)


def _parts(net, units):
    """Views of the units by name: i, the cells' (g or h), o."""
    start, end = net.blocks, net.blocks + net.cells
    return units[..., :start], units[..., start:end], units[..., end:]


def _of_cells(net, gates):
    """A gate's value for each cell of its block: (..., M) becomes (..., C)."""
    return np.repeat(gates, net.size, axis=-1)


def _of_blocks(net, cells):
    """The way back of `_of_cells`: the cells of a block add up, (..., C) becomes (..., M)."""
    return cells.reshape(*cells.shape[:-1], net.blocks, net.size).sum(axis=-1)


def _masked(net, params):
    """The same weights or gradients with 0 for the biases that the network does not have."""
    b = params.b.copy()
    for kind, part in zip("igo", _parts(net, b), strict=True):
        part *= kind in net.biases
    return params._replace(b=b, b_y=params.b_y * ("y" in net.biases))


def _expect(net, params, x):
    if params.W.shape[-2:] != (net.inputs, net.units):
        raise ValueError(
            f"W has shape {params.W.shape}; expected (D, units) = {(net.inputs, net.units)}. "
            "Make the weights with lstm97.init(net, rng)."
        )
    axes = params.W.ndim + 1
    if x.ndim != axes or x.shape[-1] != net.inputs or 0 in x.shape:
        letters = "(T, B, D)" if axes == 3 else "(T, S, B, D), S networks side by side,"
        raise ValueError(f"x has shape {x.shape}; expected {letters} with D = {net.inputs}.")
