"""The tables: what was measured, in Markdown, and beside it what was to be reached."""

from measure import geometric_mean

# cell, dtype: the largest geometric mean of the ratios to PyTorch, and the largest ratio.
LIMITS = {
    ("LSTM", "float64"): (0.45, 0.9),
    ("LSTM", "float32"): (0.95, 1.25),
    ("RNN", "float32"): (0.45, 0.9),
    ("GRU", "float32"): (0.45, 0.9),
}
WHAT = {"forward": "forward", "both": "forward and back"}


def markdown(found):
    parts = ["# How fast the engine is", _machine(found["machine"])]
    parts += _targets(found)
    for threads in sorted({job["threads"] for job in found["jobs"]}):
        for kind in ("LSTM", "RNN", "GRU"):
            for dtype in ("float64", "float32"):
                parts += _speed(found, kind, dtype, threads)
    parts += [*_latency(found), *_long(found), *_scaling(found)]
    return "\n\n".join(parts) + "\n"


def _machine(facts):
    lines = "\n".join(f"- {name}: {value}" for name, value in facts.items() if value is not None)
    return (
        f"{lines}\n\n"
        "Times are medians over rounds in which all rivals are timed in turn, in one process; "
        "ratios are medians of the rounds' ratios. With one thread the clock is the process's CPU "
        "time, so that what else the machine does is not counted; with more it is wall time. Equal "
        "results (outputs and all gradients) were asserted before timing. PyTorch's forward is "
        "without a graph. Sizes are T, B, D, H."
    )


def _speed_jobs(found, kind, dtype, threads):
    return [
        job
        for job in found["jobs"]
        if job["job"] == "speed"
        and (job["kind"], job["dtype"], job["threads"]) == (kind, dtype, threads)
    ]


def _speed(found, kind, dtype, threads):
    rows = _speed_jobs(found, kind, dtype, threads)
    if not rows:
        return []
    parts, first = [], rows[0]["answer"]["first"]
    clock = "CPU time" if threads == 1 else "wall time"
    for what, words in WHAT.items():
        table = [["", *(",".join(map(str, job["sizes"])) for job in rows), "mean"]]
        table.append(
            [f"{first}, ms", *(f"{job['answer']['ms'][first][what]:.2f}" for job in rows), ""]
        )
        for name in rows[0]["answer"]["ratio"]:
            if name != first:
                ratios = [job["answer"]["ratio"][name][what] for job in rows]
                table.append([name, *map(_two, ratios), _two(geometric_mean(ratios))])
        if "to products only" in rows[0]["answer"]:
            ratios = [job["answer"]["to products only"][what] for job in rows]
            table.append(
                ["lstm_teach / products only", *map(_two, ratios), _two(geometric_mean(ratios))]
            )
        title = f"## {kind}, {dtype}, {words}, {threads} thread{'s' * (threads > 1)} ({clock})"
        parts += [title, f"Ratios to {first}; the mean is geometric.", _table(table)]
    return parts


def _targets(found):
    rows = [["", "measured", "to reach", ""]]

    def add(name, value, limit, unit=""):
        met = "met" if value <= limit else "**missed**"
        rows.append([name, f"{value:.3g}{unit}", f"≤ {limit:g}{unit}", met])

    for (kind, dtype), (mean, most) in LIMITS.items():
        jobs = [
            j for j in _speed_jobs(found, kind, dtype, 1) if j["answer"]["first"] != "lstm_teach"
        ]
        if jobs:
            ratios = [job["answer"]["ratio"]["lstm_teach"]["both"] for job in jobs]
            add(f"{kind} {dtype} / PyTorch, geometric mean", geometric_mean(ratios), mean)
            add(f"{kind} {dtype} / PyTorch, largest", max(ratios), most)
    for dtype in ("float64", "float32"):
        for job in _speed_jobs(found, "LSTM", dtype, 1):
            if job["sizes"][-1] == 256:
                floor = job["answer"]["to products only"]["both"]
                add(f"LSTM {dtype}, H = 256 / products only", floor, 1.25)
    for answer in _answers(found, "latency"):
        for dtype, times in answer.items():
            add(f"forward trace, T=20 B=1 H=8, {dtype}", times["lstm_teach"], 200, " µs")
    recomputed = "lstm_teach, checkpoint=True"
    for job in found["jobs"]:
        if job["job"] == "long_memory" and job["name"] == recomputed:
            add("10,000 steps with checkpoints, memory", job["answer"] / 2**20, 60, " MiB")
    for answer in _answers(found, "long_time"):
        if "torch.nn.LSTM" in answer:
            add("10,000 steps with checkpoints / PyTorch", answer[recomputed]["ratio"], 1.2)
    return ["## To reach (one thread, forward and back)", _table(rows)]


def _latency(found):
    parts = []
    for answer in _answers(found, "latency"):
        names = list(answer["float64"])
        table = [["", *names]]
        table += [[dtype, *(f"{times[n]:.0f}" for n in names)] for dtype, times in answer.items()]
        parts += ["## A forward trace, T=20, B=1, D=2, H=8: microseconds", _table(table)]
    return parts


def _long(found):
    memory = {j["name"]: j["answer"] for j in found["jobs"] if j["job"] == "long_memory"}
    parts = []
    for answer in _answers(found, "long_time"):
        table = [["", "ms", "ratio", "peak memory, MiB"]]
        for name, row in answer.items():
            peak = f"{memory[name] / 2**20:.0f}" if name in memory else ""
            table.append([name, f"{row['ms']:.0f}", _two(row["ratio"]), peak])
        parts += [
            "## Long sequences: LSTM float32, T=10,000, B=16, D=2, H=64, forward and back",
            "Memory: how far one cold pass, in a process of its own, raised the resident memory "
            "above inputs and libraries. truncated_bptt computes another, truncated gradient.",
            _table(table),
        ]
    return parts


def _scaling(found):
    parts = []
    for answer in _answers(found, "scaling"):
        table = [["", "", "sizes", "ms", "exponent", "of the last three"]]
        for letter, rivals in answer.items():
            for name, row in rivals.items():
                sizes = " ".join(map(str, row["sizes"]))
                times = " ".join(f"{ms:.3g}" for ms in row["ms"])
                exponents = map(_two, row["exponent, all and last three"])
                table.append([letter, name, sizes, times, *exponents])
        title = "## Growth: LSTM float32, forward and back; time ~ sizeⁿ"
        others = "T: B=8, D=16, H=32. B: T=50, D=16, H=64. H: T=50, B=16, D=16."
        parts += [title, others, _table(table)]
    return parts


def _answers(found, name):
    return [job["answer"] for job in found["jobs"] if job["job"] == name]


def _two(value):
    return f"{value:.2f}"


def _table(rows):
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
