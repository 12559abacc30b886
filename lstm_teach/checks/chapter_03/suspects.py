"""The backward passes of exercise 3.6, right and wrong."""

import numpy as np

from ..chapter_02.forward import rnn_forward
from .backward import rnn_backward
from .loops import walk


class Forward:
    """The chain. It counts how often it was run."""

    def __init__(self):
        self.runs = 0

    def __call__(self, x, h_0, W, U, b):
        self.runs += 1
        return rnn_forward(*(np.array(v, float) for v in (x, h_0, W, U, b)))


class Suspect:
    """A backward pass, right or wrong. It keeps the inputs that it was run on."""

    def __init__(self, label, wrong, compute):
        self.label, self.wrong, self.compute = label, wrong, compute
        self.forward, self.ran_on = Forward(), []

    def __call__(self, dh, x, h_0, W, U, b):
        inputs = [np.array(v, float) for v in (dh, x, h_0, W, U, b)]
        _expect(*inputs)
        self.ran_on.append(inputs)
        return self.compute(*inputs)


def _expect(dh, x, h_0, W, U, b):
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"backward expects x of shape (T, B, D); got shape {x.shape}")
    (T, B, D), H = x.shape, b.shape[-1] if b.ndim else 0
    wanted = {"dh": (T, B, H), "h_0": (B, H), "W": (D, H), "U": (H, H), "b": (H,)}
    for (name, shape), value in zip(wanted.items(), (dh, h_0, W, U, b), strict=True):
        if value.shape != shape:
            raise ValueError(f"backward expects {name} of shape {shape}; got shape {value.shape}")


def suspects(rng):
    """Three right backward passes and eight wrong ones, in random order."""

    def states(x, h_0, W, U, b):
        return np.concatenate([h_0[None], rnn_forward(x, h_0, W, U, b)])

    def through(backward):
        return lambda dh, x, h_0, W, U, b: backward(dh, x, states(x, h_0, W, U, b), W, U)

    def sequence_by_sequence(dh, x, h_0, W, U, b):
        rows = [slice(n, n + 1) for n in range(x.shape[1])]
        parts = [through(rnn_backward)(dh[:, n], x[:, n], h_0[n], W, U, b) for n in rows]
        dx, dh_0, *weights = zip(*parts, strict=True)
        return np.concatenate(dx, 1), np.concatenate(dh_0), *(sum(share) for share in weights)

    def rounded(dh, x, h_0, W, U, b):
        return tuple(v * (1 + 3e-10) for v in through(rnn_backward)(dh, x, h_0, W, U, b))

    def without_the_bias(dh, x, h_0, W, U, b):
        return through(rnn_backward)(dh, x, h_0, W, U, 0 * b)

    def last_error_only(dh, x, h, W, U):
        only = np.zeros_like(dh)
        only[-1] = dh[-1]
        return rnn_backward(only, x, h, W, U)

    def first_share_missing(dh, x, h, W, U):
        from_zero = h.copy()
        from_zero[0] = 0
        return rnn_backward(dh, x, from_zero, W, U)

    def last_dx_only(dh, x, h, W, U):
        dx, *rest = rnn_backward(dh, x, h, W, U)
        return dx[::-1], *rest

    def no_way_to_the_start(dh, x, h, W, U):
        dx, dh_0, *rest = rnn_backward(dh, x, h, W, U)
        return dx, 0 * dh_0, *rest

    found = [
        Suspect("a right backward pass", False, through(rnn_backward)),
        Suspect("a right one that takes the sequences one by one", False, sequence_by_sequence),
        Suspect("a right one with rounding errors of 3e-10", False, rounded),
        Suspect(
            "one that never passes the gradient back in time",
            True,
            through(walk(dz=lambda own, later, slope: own * slope)),
        ),
        Suspect("one that runs the chain again and forgets the bias", True, without_the_bias),
        Suspect(
            "one with the mean over the batch in its weights",
            True,
            through(walk(size=lambda T, B: B)),
        ),
        Suspect(
            "one with the mean over time in its weights", True, through(walk(size=lambda T, B: T))
        ),
        Suspect("one that counts the error of the last step only", True, through(last_error_only)),
        Suspect("one that leaves h_0 out of dU", True, through(first_share_missing)),
        Suspect("one with dx in the wrong order", True, through(last_dx_only)),
        Suspect("one that says dh_0 is zero", True, through(no_way_to_the_start)),
    ]
    return [found[n] for n in rng.permutation(len(found))]
