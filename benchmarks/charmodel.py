"""One training step of a character model, beside PyTorch: time, and the same losses.

    python benchmarks/charmodel.py         under a minute; stores results/charmodel.json and .md

V = 65 symbols, one-hot, H = 128, T = 64, B = 32, float32: LSTM, readout, softmax cross-entropy,
Adam. Both start from the same weights and see the same random text; neither is asked for the
gradient of its input. One thread, CPU time, steps in turn.
"""

import json
import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy loads

from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from measure import clock_for, ratio, rounds  # noqa: E402

import lstm_teach as lt  # noqa: E402
from lstm_teach import network, optim, tasks  # noqa: E402

try:
    import torch
except ImportError:
    raise SystemExit(
        "this comparison needs PyTorch, the extra `bench`: pip install torch"
    ) from None

V, H, T, B, RATE, STEPS = 65, 128, 64, 32, 2e-3, 20
RESULTS = Path(__file__).parent / "results"


def main():
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    symbols = rng.integers(0, V, size=(T + 1, B))
    x, target = np.eye(V, dtype=np.float32)[symbols[:-1]], symbols[1:]
    net = lt.Network(lt.LSTM, inputs=V, hidden=H, outputs=V)
    params = network.init(net, rng, dtype=np.float32)

    ours, theirs = of_package(net, params, x, target), of_torch(params, x, target)
    losses = np.array([(ours(), theirs()) for _ in range(STEPS)])
    difference = float(np.abs(losses[:, 0] - losses[:, 1]).max())
    assert difference < 1e-5, difference
    times = rounds({"torch": theirs, "lstm_teach": ours}, clock=clock_for(1), seconds=20)
    to_torch = ratio(times["lstm_teach"], times["torch"])

    found = {
        "ms": {name: 1e3 * float(np.median(values)) for name, values in times.items()},
        "ratio": to_torch,
        "rounds": len(times["torch"]),
        "largest difference of the losses": difference,
        "losses": losses[:, 0].tolist(),
    }
    met = "met" if to_torch <= 1.1 else "**missed**"
    text = f"""# A training step of a character model

V={V}, H={H}, T={T}, B={B}, float32, one thread, CPU time; medians of {found["rounds"]} rounds.

| | ms a step | ratio | to reach | |
|---|---|---|---|---|
| torch {torch.__version__} | {found["ms"]["torch"]:.1f} | 1 | | |
| lstm_teach | {found["ms"]["lstm_teach"]:.1f} | {to_torch:.2f} | ≤ 1.1 | {met} |

Losses of the first {STEPS} steps, from the same weights: {losses[0, 0]:.4f} to
{losses[-1, 0]:.4f}; the two differ by at most {difference:.1e}.
"""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "charmodel.json").write_text(json.dumps(found, indent=1) + "\n")
    (RESULTS / "charmodel.md").write_text(text)
    print(text)


def of_package(net, params, x, target):
    """A function that takes one step of training and returns the loss before it."""
    batch = tasks.Batch(x, target, np.ones((T, B), bool), np.full(B, T))
    adam = optim.Adam(RATE)
    memory = adam.start(params)

    def step():
        nonlocal params, memory
        loss, grads, _ = network.loss_and_grads(net, params, batch)
        params, memory = adam(params, grads, memory)
        return loss

    return step


def of_torch(params, x, target):
    """The same in PyTorch, eager. Its second bias, a duplicate, is held at zero."""
    lstm, readout = torch.nn.LSTM(V, H), torch.nn.Linear(H, V)
    chain = params.chains[0]
    with torch.no_grad():
        for theirs, ours in ((lstm.weight_ih_l0, chain.W), (lstm.weight_hh_l0, chain.U)):
            theirs.copy_(torch.from_numpy(ours.transpose(0, 2, 1).reshape(4 * H, -1).copy()))
        lstm.bias_ih_l0.copy_(torch.from_numpy(chain.b.reshape(-1)))
        lstm.bias_hh_l0.zero_().requires_grad_(False)
        readout.weight.copy_(torch.from_numpy(params.V.T.copy()))
        readout.bias.zero_()
    learned = [p for p in (*lstm.parameters(), *readout.parameters()) if p.requires_grad]
    adam = torch.optim.Adam(learned, lr=RATE)
    x, target = torch.from_numpy(x), torch.from_numpy(target.reshape(-1))

    def step():
        adam.zero_grad()
        h, _ = lstm(x)
        loss = torch.nn.functional.cross_entropy(readout(h).reshape(-1, V), target)
        loss.backward()
        adam.step()
        return loss.item()

    return step


if __name__ == "__main__":
    main()
