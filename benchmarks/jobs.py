"""What the benchmark asks: each job is a function of its settings and returns plain numbers.

engine.py runs them in child processes, so that the number of threads is set before NumPy and
PyTorch load, and so that memory is measured in a process of its own.
"""

import numpy as np
from measure import clock_for, growth, peak_memory, ratio, rounds
from rivals import CELLS, expect_equal, of_torch, problem, rivals, torch

import lstm_teach as lt

SIZES = (
    (20, 1, 2, 8),
    (100, 1, 2, 8),
    (100, 32, 2, 32),
    (25, 50, 65, 100),
    (100, 32, 64, 128),
    (28, 128, 28, 128),
    (1000, 16, 2, 64),
    (50, 64, 128, 256),
)
LONG = (10_000, 16, 2, 64)


def speed(kind, dtype, sizes, threads, seconds):
    """All rivals at one size: milliseconds, and ratios to the first of them."""
    found = rivals(kind, dtype, *sizes)
    worst = expect_equal([r for r in found if r.name != "products only"], dtype)
    answer = {"worst difference": worst, "first": found[0].name, "ms": {}, "ratio": {}}
    for what in ("forward", "both"):
        calls = {rival.name: getattr(rival, what) for rival in found}
        times = rounds(calls, clock=clock_for(threads), seconds=seconds)
        answer["rounds"] = len(times[found[0].name])
        for name, values in times.items():
            answer["ms"].setdefault(name, {})[what] = 1e3 * float(np.median(values))
            to_first = ratio(values, times[found[0].name])
            answer["ratio"].setdefault(name, {})[what] = to_first
        if "products only" in times:
            to_floor = ratio(times["lstm_teach"], times["products only"])
            answer.setdefault("to products only", {})[what] = to_floor
    return answer


def latency(seconds):
    """A forward trace with all gates, for a figure under a slider: microseconds."""
    answer = {}
    for dtype in ("float64", "float32"):
        p = problem("LSTM", dtype, 20, 1, 2, 8)
        calls = {
            "lstm_teach": lambda p=p: lt.forward(p.cell, p.params, p.x),
            "readable loop": lambda p=p: lt.forward(p.cell, p.params, p.x, fused=False),
        }
        if torch:
            calls["torch.nn.LSTM (h only)"] = of_torch(p).forward
        times = rounds(calls, clock=clock_for(1), seconds=seconds)
        answer[dtype] = {name: 1e6 * float(np.median(values)) for name, values in times.items()}
    return answer


def _long_runs(sizes):
    """The ways along a long sequence, LSTM float32, forward and back."""
    p = problem("LSTM", "float32", *sizes)
    checkpoint, span = True, 100

    def recomputed():
        _, _, kept = lt.forward(p.cell, p.params, p.x, checkpoint=checkpoint)
        return lt.backward(p.cell, p.params, kept, p.dh)

    def truncated():
        return lt.truncated_bptt(
            p.cell, p.params, p.x, lambda h, t: p.dh[t : t + len(h)], span=span
        )

    def in_one_piece():
        _, _, trace = lt.forward(p.cell, p.params, p.x)
        return lt.backward(p.cell, p.params, trace, p.dh)

    runs = {"torch.nn.LSTM": of_torch(p).both} if torch else {}
    return runs | {
        "lstm_teach": in_one_piece,
        "lstm_teach, checkpoint=True": recomputed,
        "lstm_teach, truncated_bptt, span=100": truncated,
    }


def long_time(seconds):
    """How long the ways along a long sequence take: milliseconds, and ratios to the first."""
    runs = _long_runs(LONG)
    whole, again = (runs[name]() for name in ("lstm_teach", "lstm_teach, checkpoint=True"))
    for value, truth in zip(again.params, whole.params, strict=True):
        assert np.abs(value - truth).max(initial=0) <= 1e-4 * np.abs(truth).max(initial=1)
    times = rounds(runs, clock=clock_for(1), seconds=seconds, least=5)
    first = next(iter(times.values()))
    return {
        name: {"ms": 1e3 * float(np.median(values)), "ratio": ratio(values, first)}
        for name, values in times.items()
    }


def long_memory(name):
    """Bytes beside what was given, at the peak of one cold forward and back."""
    warm, run = (_long_runs(sizes)[name] for sizes in ((10, *LONG[1:]), LONG))
    warm()
    return peak_memory(run)


def scaling(seconds):
    """The exponents of T, B and H in the time of forward and back, LSTM float32."""
    sweeps = {
        "T": [(T, 8, 16, 32) for T in (10, 30, 100, 300, 1000)],
        "B": [(50, B, 16, 64) for B in (1, 4, 16, 64, 256)],
        "H": [(50, 16, 16, H) for H in (8, 16, 32, 64, 128, 256, 512)],
    }
    answer = {}
    for letter, all_sizes in sweeps.items():
        times = {}
        for sizes in all_sizes:
            found = rivals("LSTM", "float32", *sizes)
            calls = {r.name: r.both for r in found if r.name.startswith(("torch", "lstm_teach"))}
            for name, values in rounds(calls, clock=clock_for(1), seconds=seconds).items():
                times.setdefault(name, []).append(float(np.median(values)))
        values = [sizes["TBDH".index(letter)] for sizes in all_sizes]
        answer[letter] = {
            name: {
                "sizes": values,
                "ms": [1e3 * s for s in of_name],
                "exponent, all and last three": growth(values, of_name),
            }
            for name, of_name in times.items()
        }
    return answer


def all_jobs(threads, seconds):
    """(function name, settings) of everything that is timed with so many threads."""
    jobs = [
        ("speed", dict(kind=k, dtype=d, sizes=s, threads=threads, seconds=seconds))
        for k in CELLS
        for d in ("float64", "float32")
        for s in SIZES
    ]
    if threads == 1:
        jobs += [(name, dict(seconds=seconds)) for name in ("latency", "long_time", "scaling")]
    return jobs


def memory_jobs():
    return [("long_memory", dict(name=name)) for name in _long_runs((2, 1, 1, 1))]
