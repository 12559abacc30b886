"""The lists of shares of exercise 4.6: how the parts of a gradient fall with the lag."""

import numpy as np


def _falling(rng, T, rate):
    """T shares or a few more of one unit, that fall by about the factor `rate` a step."""
    T, rate = T + int(rng.integers(4)), rate * rng.uniform(0.8, 1.1)
    return (rng.uniform(0.8, 1.2, T) * rate ** np.arange(T))[:, None, None]


def _behind(rng, first):
    """A first share, and behind it shares in one of its entries that fall slowly."""
    T, rate = int(rng.integers(32, 37)), rng.uniform(0.62, 0.7)
    shares = np.zeros((T, *first.shape))
    shares[:, 0, 0] = 1e-3 * rate ** np.arange(T)
    shares[0] += first
    return shares


def lists_of_shares(rng):
    """[(shares, label)]: each of the known mistakes gives another lag than the right one."""
    silent = _falling(rng, 12, 0.12)
    silent[2] = 0.0  # one step without a share, and more behind it
    signs = _falling(rng, 38, 0.55)
    signs[1::2] *= -1
    two = rng.normal(size=(16, 2, 2)) * rng.uniform(0.15, 0.25) ** np.arange(16)[:, None, None]
    against = _falling(rng, 14, 0.1)
    against[1] = -0.999 * against[0]  # the first two nearly cancel: the sum is small
    found = [
        (_falling(rng, 12, 0.1), "shares that fall by about ten a step"),
        (silent, "one share that is zero"),
        (signs, "shares of alternating sign"),
        (_falling(rng, 4, 0.5), "a few shares, all of which count"),
        (_falling(rng, 48, 0.65), "many shares that fall slowly"),
        (_falling(rng, 40, 0.25), "shares that fall far below float64's last digit too"),
        (two, "two units"),
        (against, "two shares that nearly cancel"),
        (1000 * _falling(rng, 12, 0.1), "large shares"),
        (1e-6 * _falling(rng, 12, 0.1), "small shares"),
        (_behind(rng, np.eye(3)), "a first share on the diagonal, the others in one entry"),
        (_behind(rng, np.ones((3, 3))), "a first share in all entries, the others in one"),
    ]
    order = [0, *rng.permutation(np.arange(1, len(found)))]
    return [(_digits(found[n][0]), found[n][1]) for n in order]


def _digits(shares):
    """Three digits each, so that an example can be pasted."""
    return np.array([float(f"{v:.2e}") for v in shares.ravel()]).reshape(shares.shape)
