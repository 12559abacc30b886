"""What is measured side by side: each rival solves the same Problem, forward and back.

A rival is two functions without arguments, `forward` and `both`, and `answers()`: what it
computes, in lstm_teach's shapes, so that equal results can be asserted before any timing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import NamedTuple

import numpy as np

import lstm_teach as lt

try:
    import torch
except ImportError:
    torch = None

CELLS = {"LSTM": lt.LSTM, "RNN": lt.RNN, "GRU": lt.GRU}


class Problem(NamedTuple):
    """One chain, one batch, and the gradient that comes from above. State: zeros."""

    cell: lt.Cell
    params: lt.Params
    x: np.ndarray
    dh: np.ndarray


@dataclass(frozen=True)
class Rival:
    name: str
    forward: Callable
    both: Callable
    answers: Callable


def problem(kind, dtype, T, B, D, H):
    rng = np.random.default_rng(0)
    params = lt.init(CELLS[kind], rng, D, H, dtype=dtype)
    params = params._replace(b=rng.normal(size=params.b.shape).astype(dtype))
    x, dh = (rng.normal(size=(T, B, n)).astype(dtype) for n in (D, H))
    return Problem(CELLS[kind], params, x, dh)


def of_package(name, p, fused):
    """lstm_teach itself: its fast path, or its readable loop."""

    def forward():
        return lt.forward(p.cell, p.params, p.x, fused=fused)

    def both():
        h, _, trace = forward()
        return h, lt.backward(p.cell, p.params, trace, p.dh, fused=fused)

    def answers():
        h, grads = both()
        W, U, b, _ = grads.params
        return {"h": h, "dW": W, "dU": U, "db": b, "dx": grads.x}

    return Rival(name, forward, both, answers)


def of_torch(p):
    """torch.nn.LSTM, RNN or GRU, eager, on the CPU: autograd for every weight and for x."""
    (K, D, H), kind = p.params.W.shape, p.cell.name
    module = getattr(torch.nn, kind)(D, H).to(getattr(torch, p.x.dtype.name))
    with torch.no_grad():
        for weights, ours in ((module.weight_ih_l0, p.params.W), (module.weight_hh_l0, p.params.U)):
            weights.copy_(torch.from_numpy(ours.transpose(0, 2, 1).reshape(K * H, -1).copy()))
        module.bias_ih_l0.copy_(torch.from_numpy(p.params.b.reshape(-1)))
        module.bias_hh_l0.zero_()
    x, dh = torch.from_numpy(p.x.copy()).requires_grad_(True), torch.from_numpy(p.dh)

    def forward():
        with torch.inference_mode():
            return module(x)

    def both():
        for given in (x, *module.parameters()):
            given.grad = None
        h, _ = module(x)
        h.backward(dh)
        return h

    def answers():
        h, layers = both().detach().numpy(), (K, H, -1)
        dW, dU = (
            w.grad.numpy().reshape(layers) for w in (module.weight_ih_l0, module.weight_hh_l0)
        )
        db = module.bias_ih_l0.grad.numpy().reshape(K, H)
        return {
            "h": h,
            "dW": dW.transpose(0, 2, 1),
            "dU": dU.transpose(0, 2, 1),
            "db": db,
            "dx": x.grad.numpy(),
        }

    return Rival(f"torch.nn.{kind}", forward, both, answers)


def of_textbook(p):
    """An LSTM as books write it: for each gate its own two products a step, everything in lists."""
    W, U, b = (dict(zip("ifgo", part, strict=True)) for part in p.params[:3])
    T, B, _ = p.x.shape
    zeros = np.zeros((B, p.params.U.shape[-1]), p.x.dtype)

    def sigma(z):
        return 1 / (1 + np.exp(-z))

    def forward():
        h, c, seen = zeros, zeros, []
        for x in p.x:
            i = sigma(x @ W["i"] + h @ U["i"] + b["i"])
            f = sigma(x @ W["f"] + h @ U["f"] + b["f"])
            g = np.tanh(x @ W["g"] + h @ U["g"] + b["g"])
            o = sigma(x @ W["o"] + h @ U["o"] + b["o"])
            c_after = f * c + i * g
            h_after = o * np.tanh(c_after)
            seen.append((x, h, c, i, f, g, o, c_after, h_after))
            h, c = h_after, c_after
        return seen

    def both():
        seen = forward()
        dW, dU, db = ({k: np.zeros_like(v) for k, v in part.items()} for part in (W, U, b))
        dx, dh_next, dc_next = [], zeros, zeros
        for t in reversed(range(T)):
            x, h, c, i, f, g, o, c_after, _ = seen[t]
            tanh_c = np.tanh(c_after)
            dh = p.dh[t] + dh_next
            dc = dc_next + dh * o * (1 - tanh_c * tanh_c)
            dz = {
                "i": dc * g * i * (1 - i),
                "f": dc * c * f * (1 - f),
                "g": dc * i * (1 - g * g),
                "o": dh * tanh_c * o * (1 - o),
            }
            for k in "ifgo":
                dW[k] += x.T @ dz[k]
                dU[k] += h.T @ dz[k]
                db[k] += dz[k].sum(axis=0)
            dx.append(sum(dz[k] @ W[k].T for k in "ifgo"))
            dh_next = sum(dz[k] @ U[k].T for k in "ifgo")
            dc_next = dc * f
        return seen, dW, dU, db, dx[::-1]

    def answers():
        seen, *of_weights, dx = both()
        dW, dU, db = (np.stack([part[k] for k in "ifgo"]) for part in of_weights)
        h = np.stack([step[-1] for step in seen])
        return {"h": h, "dW": dW, "dU": dU, "db": db, "dx": np.stack(dx)}

    return Rival("textbook", forward, both, answers)


def of_products(p):
    """The floor: the matrix products of an LSTM and nothing else. It answers nothing.

    Forward in the better of two forms (one product a step with x in it, or x beforehand); back,
    one product a step, and one each for dU, dW and dx of the whole sequence.
    """
    (T, B, D), H = p.x.shape, p.params.U.shape[-1]
    rng = np.random.default_rng(0)

    def some(*shape):
        return rng.normal(size=shape).astype(p.x.dtype)

    rows, weights, U, U_back = some(B, H + D), some(H + D, 4 * H), some(H, 4 * H), some(4 * H, H)
    h, z, dh = some(B, H), some(B, 4 * H), some(B, H)
    x, dz, hs = p.x.reshape(-1, D), some(T * B, 4 * H), some(T * B, H)
    W, W_back, of_x = some(D, 4 * H), some(4 * H, D), some(T * B, 4 * H)

    def joined():
        for _ in range(T):
            np.dot(rows, weights, z)

    def apart():
        np.dot(x, W, of_x)
        for _ in range(T):
            np.dot(h, U, z)

    def quickest():
        times = {run: min(_seconds(run) for _ in range(5)) for run in (joined, apart)}
        return min(times, key=times.get)

    forward = quickest()

    def both():
        forward()
        for _ in range(T):
            np.dot(z, U_back, dh)
        return hs.T @ dz, x.T @ dz, dz @ W_back

    return Rival("products only", forward, both, dict)


def _seconds(run):
    start = process_time()
    run()
    return process_time() - start


def rivals(kind, dtype, T, B, D, H):
    """All that can be measured for one cell, dtype and size; torch first where there is one."""
    p = problem(kind, dtype, T, B, D, H)
    found = [of_torch(p)] if torch else []
    found += [of_package("lstm_teach", p, True), of_package("readable loop", p, False)]
    if kind == "LSTM":
        found += [of_textbook(p), of_products(p)]
    return found


def expect_equal(found, dtype):
    """Raise AssertionError unless all rivals give the same h and the same gradients.

    Returns the largest difference, relative to the largest entry of each array.
    """
    truth, worst = found[0].answers(), 0.0
    for rival in found[1:]:
        for name, value in rival.answers().items():
            off = np.abs(value - truth[name]).max() / np.abs(truth[name]).max()
            assert off < (1e-4 if dtype == "float32" else 1e-11), (rival.name, name, off)
            worst = max(worst, float(off))
    return worst
