"""How weights begin: rules for one layer's matrix, and rules for the biases.

    init(LSTM, rng, 2, 32, W=glorot, U=orthogonal, b=chrono(100))

A rule for a matrix is a function (rng, rows, columns) -> (rows, columns); `init` calls it once
for every layer. A rule for biases is a function (rng, layers, hidden) -> (K, H), where layers
are the names of the module's layers. Your own functions will do as well.
"""

from functools import partial

import numpy as np

KEEPERS = ("f", "u")  # the gates that multiply the old memory: of the LSTMs, of GRU and MGU


def uniform(rng, rows, columns):
    """Every weight uniform between -1/√columns and 1/√columns. `init` uses it by default.

    For U, and for W, columns is H: one bound for both. PyTorch draws this way. Chapter 2.
    """
    bound = 1 / np.sqrt(columns)
    return rng.uniform(-bound, bound, (rows, columns))


def glorot(rng, rows, columns):
    """Every weight uniform, with variance 2 / (rows + columns).

        bound = √(6 / (rows + columns))

    Chapter 5; Glorot & Bengio (2010).
    """
    bound = np.sqrt(6 / (rows + columns))
    return rng.uniform(-bound, bound, (rows, columns))


def orthogonal(rng, rows, columns):
    """A random rotation (with or without reflection): all its singular values are 1.

        Q R = a matrix of normal numbers;  the result is Q, each column times the sign in R

    Without those signs some rotations would come more often than others. If rows and columns
    differ, the shorter side is orthonormal. Chapter 5; Saxe, McClelland & Ganguli (2013).
    """
    normal = rng.normal(size=(max(rows, columns), min(rows, columns)))
    Q, R = np.linalg.qr(normal)
    Q = Q * np.where(np.diag(R) < 0, -1, 1)
    return Q if rows >= columns else Q.T


def identity(rng, rows, columns):
    """Ones on the diagonal, zeros elsewhere: h U = h. Draws nothing.

    For U of a standard RNN; Le, Jaitly & Hinton (2015) use it with ReLU, not with tanh.
    Chapter 5.
    """
    return np.eye(rows, columns)


def biases(**values):
    """The rule that gives layers these biases and all others 0: `biases(f=5, i=-3)`.

    values: one number for a layer, or H numbers. Returns a rule for `init(..., b=...)`, which
    raises ValueError if the module has no layer of that name. Chapter 7.
    """
    return partial(_biases, values)


def chrono(T_max):
    """The rule for lags up to T_max: memories of many lengths, and gates that begin nearly shut.

        b_f ~ log(uniform(1, T_max - 1))       so that 1 / (1 - f) is between 2 and T_max
        b_i = -b_f                             where there is an input gate; all others 0

    A forget gate that stays at f keeps a memory for about 1 / (1 - f) steps. The paper's formula
    is for LSTMs; in GRU and MGU the gate that keeps is u, and we give it the same bias (for one
    gate of any kind that writes, the paper has -log(uniform(T_min, T_max) - 1): T_min is 2).
    Returns a rule for `init(..., b=...)`, which raises ValueError if the module has no gate that
    keeps. Raises ValueError unless T_max > 2. Chapter 7; Tallec & Ollivier (2018).
    """
    if not T_max > 2:
        raise ValueError(f"T_max is {T_max}; expected more than 2, the longest lag of the task.")
    return partial(_chrono, T_max)


def _biases(values, rng, layers, hidden):
    unknown = set(values) - set(layers)
    if unknown:
        raise ValueError(
            f"biases for {' '.join(sorted(unknown))}; expected layers of this module: "
            f"{' '.join(layers)}."
        )
    return np.stack([np.zeros(hidden) + values.get(name, 0) for name in layers])


def _chrono(T_max, rng, layers, hidden):
    keeper = next((name for name in KEEPERS if name in layers), None)
    if keeper is None:
        raise ValueError(
            f"chrono sets the gate that keeps, f or u; this module has {' '.join(layers)}."
        )
    keep = np.log(rng.uniform(1, T_max - 1, hidden))
    return _biases({keeper: keep} | ({"i": -keep} if "i" in layers else {}), rng, layers, hidden)
