"""The claims of exercise 1.4: which slope a squashing function has. Some of them are wrong."""

from dataclasses import dataclass

import numpy as np


class Watched:
    """A function of one array that keeps the places it was asked for, and what it returned."""

    def __init__(self, compute, name):
        self.compute, self.__name__, self.places, self.returned = compute, name, [], []
        self.claim = None

    def __call__(self, values):
        values = np.asarray(values, float)
        result = self.compute(values)
        self.places.append(values.ravel().copy())
        self.returned.append(np.ravel(result).copy())
        return result


@dataclass
class Claim:
    """A squashing function, a slope claimed for it, and whether the claim is wrong.

    slight: wrong by little, or only in the flat part.
    """

    label: str
    f: Watched
    slope: Watched
    wrong: bool
    slight: bool = False


def _logistic(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def _algebraic(z):
    return z / np.sqrt(1 + z * z)


def claims(rng):
    """Four right claims and six wrong ones, in random order."""
    off = 1.01 + 0.005 * rng.random()
    found = [
        ("tanh, slope 1 - y² (right)", np.tanh, lambda y: 1 - y * y, False, False),
        ("logistic, slope y (1 - y) (right)", _logistic, lambda y: y * (1 - y), False, False),
        (
            "logistic, slope 1/4 - (y - 1/2)² (right)",
            _logistic,
            lambda y: 0.25 - (y - 0.5) ** 2,
            False,
            False,
        ),
        (
            "z / √(1 + z²), slope (1 - y²)^1.5 (right)",
            _algebraic,
            lambda y: (1 - y * y) ** 1.5,
            False,
            False,
        ),
        ("tanh, slope 1 - y (wrong)", np.tanh, lambda y: 1 - y, True, False),
        (
            "tanh, slope 1 - tanh(y)², which takes y for the input (wrong)",
            np.tanh,
            lambda y: 1 - np.tanh(y) ** 2,
            True,
            False,
        ),
        (
            "logistic, slope 1 - y², that of tanh (wrong)",
            _logistic,
            lambda y: 1 - y * y,
            True,
            False,
        ),
        (
            "tanh, slope 1 - y² for positive y and 1 for the others (wrong)",
            np.tanh,
            lambda y: 1 - np.maximum(y, 0) ** 2,
            True,
            False,
        ),
        (
            "tanh, slope 1 - y², about 1 % too large (wrong)",
            np.tanh,
            lambda y: off * (1 - y * y),
            True,
            True,
        ),
        (
            "tanh, slope 1 - y² but never below 0.05 (wrong)",
            np.tanh,
            lambda y: np.maximum(1 - y * y, 0.05),
            True,
            True,
        ),
    ]
    made = []
    for n in rng.permutation(len(found)):
        label, f, slope, wrong, slight = found[n]
        claim = Claim(label, Watched(f, "f"), Watched(slope, "slope"), wrong, slight)
        claim.f.claim = claim
        made.append(claim)
    return made
