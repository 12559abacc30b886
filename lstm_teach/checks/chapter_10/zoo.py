"""The machines of the bug zoo: LSTMs in NumPy, three of them well, seven with a published bug.

Each is a pair of functions. `forward(x, W, U, b)` gives h; `backward(dh, x, W, U, b)` runs the
chain for itself and gives dx, dW, dU, db. All start from a state of zeros.
"""

import numpy as np

from ...activations import logistic
from ...cells import LSTM
from ...chain import Params
from ...chain import backward as chain_backward
from ...chain import forward as chain_forward

WELL = "well"
ILLS = (
    "brackets",
    "no way back",
    "overwritten",
    "one bias",
    "wrong bias gradient",
    "no tanh",
    "axes",
)


def spec(x, W, U, b):
    """What every machine should give: the outputs, and a function dh -> dx, dW, dU, db."""
    params = Params(W, U, b, np.zeros((0, U.shape[-1])))
    h, _, trace = chain_forward(LSTM, params, x)

    def back(dh):
        grads = chain_backward(LSTM, params, trace, dh)
        return grads.x, *grads.params[:3]

    return h, back


def _run(x, W, U, b, ill):
    """What a machine keeps of a run: h and c with T + 1 rows, and for each step its gates."""
    h, c, kept = [np.zeros((x.shape[1], U.shape[-1]))], [np.zeros((x.shape[1], U.shape[-1]))], []
    used = b[[3, 3, 2, 3]] if ill == "one bias" else b
    for x_t in x:
        z_i, z_f, z_g, z_o = x_t @ W + h[-1] @ U + used[:, None]
        i, f, g, o = logistic(z_i), logistic(z_f), np.tanh(z_g), logistic(z_o)
        c.append(f * c[-1] + i * g)
        h.append(o * (c[-1] if ill == "no tanh" else np.tanh(c[-1])))
        kept.append((i, f, g, o))
    return h, c, kept


def _forward(x, W, U, b, ill):
    if ill == "axes":
        return np.stack(_run(x.swapaxes(0, 1), W, U, b, ill)[0][1:]).swapaxes(0, 1)
    return np.stack(_run(x, W, U, b, ill)[0][1:])


def _backward(dh, x, W, U, b, ill):
    if ill == "axes":
        dx, *rest = _backward(dh.swapaxes(0, 1), x.swapaxes(0, 1), W, U, b, WELL)
        return dx.swapaxes(0, 1), *rest
    h, c, kept = _run(x, W, U, b, ill)
    dx, dW, dU, db = (np.zeros_like(v) for v in (x, W, U, b))
    dh_later, dc_later = np.zeros_like(h[0]), np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        i, f, g, o = kept[t]
        shown = c[t + 1] if ill == "no tanh" else np.tanh(c[t + 1])
        slope = 1.0 if ill == "no tanh" else 1 - shown * shown
        total = dh[t] if ill == "no way back" else dh[t] + dh_later
        dc_later = 0 * dc_later if ill == "no way back" else dc_later
        through = total * o * slope
        slopes = i * (1 - i), f * (1 - f), 1 - g * g
        factors = g, c[t], i
        dz = [(dc_later + through) * v * s for v, s in zip(factors, slopes, strict=True)]
        if ill == "brackets":
            pairs = zip(factors, slopes, strict=True)
            dz = [dc_later * v + through * v * s for v, s in pairs]
        dz = np.stack([*dz, total * shown * o * (1 - o)])
        dh_later = (dz @ U.swapaxes(1, 2)).sum(axis=0)
        through = dh_later * o * slope if ill == "overwritten" else through
        dc_later = (dc_later + through) * f
        dx[t] = (dz @ W.swapaxes(1, 2)).sum(axis=0)
        dW, dU, db = dW + x[t].T @ dz, dU + h[t].T @ dz, db + dz.sum(axis=1)
    if ill == "wrong bias gradient":
        db = db[[1, 1, 2, 3]]
    return dx, dW, dU, db


def _one_by_one(dh, x, W, U, b):
    rows = [slice(n, n + 1) for n in range(x.shape[1])]
    parts = [_backward(dh[:, n], x[:, n], W, U, b, WELL) for n in rows]
    dx, *weights = zip(*parts, strict=True)
    return np.concatenate(dx, axis=1), *(sum(share) for share in weights)


def _rounded(dh, x, W, U, b):
    return tuple(v * (1 + 3e-10) for v in _backward(dh, x, W, U, b, WELL))


class Machine:
    """A machine and its state of health. It keeps the sizes and biases that it was run on."""

    def __init__(self, health, run_back=None):
        self.health, self.ran = health, []
        self._run_back = run_back or (lambda *inputs: _backward(*inputs, health))

    def forward(self, x, W, U, b):
        """The outputs h (T, B, H) for x (T, B, D), W (4, D, H), U (4, H, H), b (4, H)."""
        inputs = _expect(None, x, W, U, b)[1:]
        self.ran.append(("forward", inputs[0].shape, inputs[3]))
        return _forward(*inputs, self.health)

    def backward(self, dh, x, W, U, b):
        """dx, dW, dU, db of the loss Σ dh * h; dh is (T, B, H), the rest as in forward."""
        inputs = _expect(dh, x, W, U, b)
        self.ran.append(("backward", inputs[1].shape, inputs[4]))
        return self._run_back(*inputs)


def _expect(dh, *inputs):
    x, W, U, b = (np.array(v, float) for v in inputs)
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"the machine expects x of shape (T, B, D); got shape {x.shape}")
    (T, B, D), H = x.shape, b.shape[-1] if b.ndim else 0
    dh = np.zeros((T, B, H)) if dh is None else np.array(dh, float)
    wanted = {"dh": (T, B, H), "W": (4, D, H), "U": (4, H, H), "b": (4, H)}
    for (name, shape), value in zip(wanted.items(), (dh, W, U, b), strict=True):
        if value.shape != shape:
            raise ValueError(f"the machine expects {name} of shape {shape}; got {value.shape}")
    return dh, x, W, U, b


def machines(seed=0):
    """The ten machines of the zoo, in an order that depends on the seed."""
    found = [Machine(WELL), Machine(WELL, _one_by_one), Machine(WELL, _rounded)]
    found += [Machine(health) for health in ILLS]
    return [found[n] for n in np.random.default_rng(seed).permutation(len(found))]
