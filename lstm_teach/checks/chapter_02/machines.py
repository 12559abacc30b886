"""The machines of exercise 2.5: in some of them the sequences of a batch influence one another."""

import numpy as np

D, H = 3, 4


class Machine:
    """A chain to be tested, right or wrong. It keeps the batches that it was run on."""

    def __init__(self, label, mixes, compute):
        self.label, self.mixes, self.compute, self.ran_on = label, mixes, compute, []

    def __call__(self, x):
        x = np.array(x, float)
        if x.ndim != 3 or x.shape[2] != D or 0 in x.shape:
            raise ValueError(f"run expects x of shape (T, B, 3) with T, B ≥ 1; got shape {x.shape}")
        self.ran_on.append(x)
        return self.compute(x)


def machines(rng):
    """Four right machines and five wrong ones, with weights of their own, in random order."""
    W, U, b = rng.normal(size=(D, H)), rng.normal(size=(H, H)), rng.normal(size=H)

    def chain(x, h=None):
        h = np.zeros((x.shape[1], H)) if h is None else h
        outputs = []
        for x_t in x:
            h = np.tanh(x_t @ W + h @ U + b)
            outputs.append(h)
        return np.stack(outputs)

    def row_by_row(x):
        return np.concatenate([chain(x[:, n : n + 1]) for n in range(x.shape[1])], axis=1)

    def rounded(x):
        return chain(x) * (1 + 1e-13 * np.arange(x.shape[1])[:, None])

    def over_the_batch(x):
        return chain(x.transpose(1, 0, 2)).transpose(1, 0, 2)

    def over_the_batch_from_the_end(x):
        return over_the_batch(x[:, ::-1])[:, ::-1]

    def reshaped(x):
        T, B, _ = x.shape
        return chain(x.reshape(B, T, D).transpose(1, 0, 2)).transpose(1, 0, 2).reshape(T, B, H)

    def state_handed_on(x):
        outputs, h = [], np.zeros((1, H))
        for n in range(x.shape[1]):
            outputs.append(chain(x[:, n : n + 1], h))
            h = outputs[-1][-1]
        return np.concatenate(outputs, axis=1)

    def last_row_for_all(x):
        return chain(x, np.tile(np.tanh(x[0, -1] @ W), (x.shape[1], 1)))

    found = [
        Machine("a right machine, the chain of this chapter", False, chain),
        Machine("a right machine that runs the sequences one by one", False, row_by_row),
        Machine("a right machine that reads time backwards", False, lambda x: chain(x[::-1])[::-1]),
        Machine("a right machine with rounding errors of 1e-13", False, rounded),
        Machine("a machine that loops over the batch as if it were time", True, over_the_batch),
        Machine(
            "a machine that loops over the batch from its last sequence to its first",
            True,
            over_the_batch_from_the_end,
        ),
        Machine("a machine that reshapes where it should transpose", True, reshaped),
        Machine(
            "a machine that hands the state of a sequence on to the next", True, state_handed_on
        ),
        Machine("a machine that starts every sequence from the last one's", True, last_row_for_all),
    ]
    return [found[n] for n in rng.permutation(len(found))]
