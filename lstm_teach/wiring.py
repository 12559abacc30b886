"""The wires between a network's chains: turn round, pick the end, look up, multiply.

Every function works for one network, with arrays (T, B, ...), and for several side by side,
with (T, S, B, ...); lengths are (B,) or (S, B), or None where no sequence is padded.
"""

import numpy as np


def turned(x, lengths):
    """Each sequence from its own end to its start; padding stays where it is.

    Turning twice changes nothing, so this is also its own way back for gradients.
    """
    if lengths is None:
        return x[::-1]
    t = np.arange(len(x)).reshape(-1, *[1] * lengths.ndim)
    return np.take_along_axis(x, _wide(np.where(t < lengths, lengths - 1 - t, t), x), axis=0)


def ends(values, lengths):
    """The row of each sequence's last real step: (T, B, ...) becomes (1, B, ...)."""
    if lengths is None:
        return values[-1:]
    return np.take_along_axis(values, _wide(lengths[None] - 1, values), axis=0)


def last_state(states, lengths):
    """The state after each sequence's last real step, from states of (T+1, B, H)."""
    return type(states)(*(ends(v, None if lengths is None else lengths + 1)[0] for v in states))


def answers(h, lengths, both_ways):
    """What a network with one answer reads out: (1, B, H), or (1, B, 2H).

    Each chain shows all it has read where it stops: one at the end, the other at the start.
    """
    end = ends(h, lengths)
    if not both_ways:
        return end
    H = h.shape[-1] // 2
    return np.concatenate([end[..., :H], h[:1, ..., H:]], axis=-1)


def answers_back(dread, T, lengths, both_ways):
    """The gradient for every h, from the gradient for what `answers` picked."""
    dh = np.zeros((T, *dread.shape[1:]), dread.dtype)
    H = dread.shape[-1] // (2 if both_ways else 1)
    last = np.full(dread.shape[1:-1], T) if lengths is None else lengths
    np.put_along_axis(dh[..., :H], _wide(last[None] - 1, dread), dread[..., :H], axis=0)
    dh[0, ..., H:] = dread[0, ..., H:]
    return dh


def looked_up(E, symbols):
    """The row of E for each symbol: the product of its one-hot vector and E, without zeros."""
    return E[symbols] if E.ndim == 2 else E[_own(E), symbols]


def looked_up_back(E, symbols, dx):
    """The gradient for E: each row gathers what came back to all places of its symbol."""
    dE = np.zeros_like(E)
    np.add.at(dE, symbols if E.ndim == 2 else (_own(E), symbols), dx)
    return dE


def product(h, V):
    """h V for all steps at once."""
    if V.ndim == 2:
        return (h.reshape(-1, h.shape[-1]) @ V).reshape(*h.shape[:-1], -1)
    rows = _networks_first(h) @ V
    return rows.reshape(len(V), len(h), -1, V.shape[-1]).swapaxes(0, 1)


def product_back(h, dy, V):
    """The gradient for V in y = h V: hᵀ dy, summed over all steps and sequences."""
    if V.ndim == 2:
        return h.reshape(-1, h.shape[-1]).T @ dy.reshape(-1, dy.shape[-1])
    return _networks_first(h).swapaxes(-1, -2) @ _networks_first(dy)


def expect_arguments(network, params, x, state, lengths):
    """Raise TypeError or ValueError unless these belong together in a forward pass."""
    chains = network.layers * network.directions
    if (
        getattr(params, "_fields", None) != ("E", "chains", "V", "b")
        or len(params.chains) != chains
    ):
        raise TypeError(
            f"params is {type(params).__name__}; expected NetworkParams with {chains} chain(s). "
            "Make one with network.init(network, rng)."
        )
    if state is not None and (not isinstance(state, tuple) or len(state) != chains):
        raise TypeError(
            f"state is {type(state).__name__}; expected a tuple with one state for each of "
            f"{chains} chain(s), as forward returns it."
        )
    if network.embedding:
        expected = (
            f"expected whole numbers from 0 to {network.inputs - 1}, (T, B): "
            "the embedding looks symbols up."
        )
        if getattr(x, "dtype", np.dtype(object)).kind not in "iu":
            raise TypeError(f"x holds {getattr(x, 'dtype', type(x).__name__)}; {expected}")
        if x.size == 0 or x.min() < 0 or x.max() >= network.inputs:
            held = f"{x.min()} to {x.max()}" if x.size else "nothing"
            raise ValueError(f"x has shape {x.shape} and holds {held}; {expected}")
    if lengths is not None:
        T, rows = len(x), x.shape[1:] if network.embedding else x.shape[1:-1]
        if np.shape(lengths) != rows or np.min(lengths) < 1 or np.max(lengths) > T:
            raise ValueError(
                f"lengths is {np.asarray(lengths).tolist()}; expected {rows} whole numbers from "
                f"1 to T = {T}: the real steps of each sequence."
            )


def _wide(index, values):
    """An index (T, B) with axes of one added until it can pick from values."""
    return index.reshape(index.shape + (1,) * (values.ndim - index.ndim))


def _own(E):
    """0 .. S-1 as a column: the symbols of network s are looked up in E[s]."""
    return np.arange(len(E))[:, None]


def _networks_first(h):
    return h.swapaxes(0, 1).reshape(h.shape[1], -1, h.shape[-1])
