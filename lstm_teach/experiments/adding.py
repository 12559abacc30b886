"""Adding two marked numbers in a row of 100, or of 500, with the LSTM of today.

Protocol: Hochreiter & Schmidhuber (1997), experiment 4 and Table 7: sequences of T to 1.1 T
pairs, one answer at the end, right if off by less than 0.04. Ours is the question what the same
task costs with forget gates, Adam and the chrono start of Tallec & Ollivier (2018); their own
version of the task has another input (see `tanh_adding`).
"""

from . import report
from .description import Criterion, Experiment

PAPER = {100: ("74,000", "1 of 2,560"), 500: ("209,000", "0 of 2,560")}


def arm(lag):
    return f"T = {lag}, LSTM with chrono start"


def table(by_arm):
    rows = [["", "learned", "sequences, mean (range)", "wrong of a fresh test", "CPU s a network"]]
    for lag, (sequences, wrong) in PAPER.items():
        ours = by_arm.get(arm(lag), [])
        rows.append([f"1997: T = {lag}, LSTM of then", "10 trials", sequences, wrong, "–"])
        rows.append(
            [
                f"ours: {arm(lag)}",
                report.solved(ours),
                report.sequences(ours),
                report.wrong(ours),
                report.seconds(ours),
            ]
        )
    return rows


def a3(by_arm):
    rows = by_arm[arm(100)]
    most = max(row["seconds"] for row in rows)
    return (
        sum(row["solved"] for row in rows) >= 9 and most <= 30,
        f"{report.solved(rows)}, the slowest in {most:.1f} s",
    )


def a9(by_arm):
    rows = by_arm[arm(500)]
    return sum(row["solved"] for row in rows) >= len(rows) * 2 / 3, report.solved(rows)


EXPERIMENT = Experiment(
    name="adding",
    title="Adding two numbers in a row of 100, and of 500",
    source="Hochreiter & Schmidhuber (1997), experiment 4, Table 7.",
    protocol=(
        "Rows of T to 1.1 T numbers from [-1, 1]; two are marked; the answer at the end is 0.5 + "
        "(X1 + X2) / 4, and right if it is off by less than 0.04. A network learns until, at a "
        "check every 3,200 sequences, at most 6 of 512 rehearsed sequences are wrong and then at "
        "most 25 of 2,560 fresh ones: 99 % are right. Each test is used once."
    ),
    deviations=(
        "forget gates, 32 units, b_f = log U(1, T - 1) and b_i = -b_f, Adam (rate 0.01) on "
        "batches of 64, the whole gradient clipped to length 1, float32; squared error of a "
        "linear output. The paper: 93 weights, one sequence a step, rate 0.5, and it stops when "
        "the mean error is below 0.01 and the last 2,000 sequences were right."
    ),
    settings={
        "task": "adding",
        "cell": "LSTM",
        "hidden": 32,
        "batch": 64,
        "rate": 1e-2,
        "check": 3200,
        "rehearsal": 512,
        "test": 2560,
        "allowed": 25,
        "tolerance": 0.04,
    },
    arms={
        arm(lag): {"sizes": {"lag": lag}, "biases": {"chrono": lag}, "budget": budget}
        for lag, budget in ((100, 64_000), (500, 80_000))
    },
    table=table,
    criteria=(
        Criterion(
            "A3",
            "with T = 100, at least 9 of 10 networks get 99 % of 2,560 fresh sequences right "
            "within 64,000 sequences and 30 seconds of one core.",
            a3,
        ),
        Criterion(
            "A9",
            "with T = 500, at least two thirds of the networks do within 80,000 sequences.",
            a9,
        ),
    ),
    quick={
        "seeds": 2,
        "arms": (arm(100),),
        "sizes": {"lag": 10},
        "biases": {"chrono": 10},
        "budget": 12_800,
        "check": 1600,
    },
    minutes=4,
)
