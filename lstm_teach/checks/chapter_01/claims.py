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
    """Four right claims and seven wrong ones, in random order, each curve with a scale of its own.

    So neither the values of f nor the right slopes can be known beforehand.
    """
    off = 1.01 + 0.005 * rng.random()
    found = [
        ("tanh(a z), slope a (1 - y²)", np.tanh, lambda y: 1 - y * y, ""),
        ("logistic(a z), slope a y (1 - y)", _logistic, lambda y: y * (1 - y), ""),
        (
            "logistic(a z), slope a (1/4 - (y - 1/2)²)",
            _logistic,
            lambda y: 0.25 - (y - 0.5) ** 2,
            "",
        ),
        (
            "a z / √(1 + (a z)²), slope a (1 - y²)^1.5",
            _algebraic,
            lambda y: (1 - y * y) ** 1.5,
            "",
        ),
        ("tanh(a z), slope a (1 - y)", np.tanh, lambda y: 1 - y, "wrong"),
        (
            "tanh(a z), slope a (1 - tanh(y)²), which takes y for the input",
            np.tanh,
            lambda y: 1 - np.tanh(y) ** 2,
            "wrong",
        ),
        (
            "logistic(a z), slope a (1 - y²), that of tanh",
            _logistic,
            lambda y: 1 - y * y,
            "wrong",
        ),
        (
            "tanh(a z), slope a (1 - y²) for positive y and a for the others",
            np.tanh,
            lambda y: 1 - np.maximum(y, 0) ** 2,
            "wrong",
        ),
        (
            "tanh(a z), slope a (1 - y²) for negative y and a for the others",
            np.tanh,
            lambda y: 1 - np.minimum(y, 0) ** 2,
            "wrong",
        ),
        (
            "tanh(a z), slope a (1 - y²), about 1 % too large",
            np.tanh,
            lambda y: off * (1 - y * y),
            "slight",
        ),
        (
            "tanh(a z), slope a (1 - y²) but never below 0.05 a",
            np.tanh,
            lambda y: np.maximum(1 - y * y, 0.05),
            "slight",
        ),
    ]
    return [_made(*found[n], a=rng.uniform(0.9, 1.5)) for n in rng.permutation(len(found))]


def _made(label, curve, slope, wrong, a):
    """The Claim that curve(a z) has slope a slope(y)."""
    claim = Claim(
        f"{label}, a = {a:.2f} ({'wrong' if wrong else 'right'})",
        Watched(lambda z: curve(a * z), "f"),
        Watched(lambda y: a * slope(y), "slope"),
        bool(wrong),
        wrong == "slight",
    )
    claim.f.claim = claim
    return claim
