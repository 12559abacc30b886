"""The readers of exercise 5.7: programs that read sequences in pieces, some with a wrong state."""

import numpy as np

D, H = 3, 4


class Kind:
    """A kind of reader. Called, it makes a new one; it keeps what all of them have read."""

    def __init__(self, label, leaks, drops, after_piece, after_sequence, rounding=0.0):
        self.label, self.leaks, self.drops = label, leaks, drops
        self.after_piece, self.after_sequence = after_piece, after_sequence
        self.rounding, self.log = rounding, []

    def __call__(self, *_):
        return Reader(self)


class Reader:
    """Reads one sequence at each call: read(x, cuts) gives every h."""

    def __init__(self, kind):
        self.kind, self.h, self.calls = kind, np.zeros(H), []
        kind.log.append(self.calls)

    def __call__(self, x, cuts=()):
        x = np.array(x, float)
        if x.ndim != 2 or x.shape[1] != D or len(x) == 0:
            raise ValueError(f"read expects x of shape (T, 3) with T ≥ 1; got shape {x.shape}")
        cuts = [int(cut) for cut in np.atleast_1d(np.array(cuts, float)).ravel()]
        if any(not 0 < cut < len(x) for cut in cuts):
            raise ValueError(f"cuts are steps between 1 and T - 1 = {len(x) - 1}; got {cuts}")
        self.calls.append((x, tuple(cuts)))
        W, U, b = self.kind.weights
        outputs = []
        for t, x_t in enumerate(x):
            if t in cuts:
                self.h = self.kind.after_piece(self.h)
            self.h = np.tanh(x_t @ W + self.h @ U + b)
            outputs.append(self.h)
        outputs = np.stack(outputs) * (1 + self.kind.rounding * (len(self.calls) + len(cuts)))
        self.h = self.kind.after_sequence(self.h)
        return outputs


def kinds(rng):
    """Three right kinds and six wrong ones, with weights of their own, in random order."""
    weights = rng.normal(size=(D, H)), rng.normal(size=(H, H)) / 2, rng.normal(size=H)
    keep, reset = (lambda h: h), (lambda h: 0 * h)
    one_unit = np.eye(H)[rng.integers(H)]
    found = [
        Kind("a right reader", False, False, keep, reset),
        Kind("another right reader", False, False, lambda h: h.copy(), lambda h: np.zeros(H)),
        Kind("a right reader with rounding errors of 1e-13", False, False, keep, reset, 1e-13),
        Kind("a reader that never resets its state", True, False, keep, keep),
        Kind("a reader that resets all units but one", True, False, keep, lambda h: h * one_unit),
        Kind(
            "a reader that starts a sequence with half the old state",
            True,
            False,
            keep,
            lambda h: h / 2,
        ),
        Kind("a reader that resets its state at every cut", False, True, reset, reset),
        Kind(
            "a reader that loses one unit at every cut",
            False,
            True,
            lambda h: h * (1 - one_unit),
            reset,
        ),
        Kind("a reader that resets at the cuts and not between sequences", True, True, reset, keep),
    ]
    for kind in found:
        kind.weights = weights
    return [found[n] for n in rng.permutation(len(found))]
