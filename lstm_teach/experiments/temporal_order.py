"""Which of two marks came first, 40 to 50 steps after the one and 50 before the end?

Protocol: Hochreiter & Schmidhuber (1997), experiment 6a and Table 9. The network of today with
the chrono start of Tallec & Ollivier (2018); what other starts do is `gate_biases`, what the
network of 1997 does is `order_1997`.
"""

from . import report
from .description import Criterion, Experiment

CHRONO = "LSTM, chrono start"
SETTINGS = {
    "task": "temporal_order",
    "sizes": {"length": 100},
    "cell": "LSTM",
    "hidden": 16,
    "biases": {"chrono": 100},
    "batch": 32,
    "rate": 1e-2,
    "budget": 25_600,
    "check": 1600,
    "rehearsal": 512,
    "test": 2560,
    "allowed": 3,
    "tolerance": 0.3,
}


def table(by_arm):
    rows = by_arm[CHRONO]
    return [
        ["", "learned", "sequences, mean (range)", "wrong of a fresh test", "CPU s a network"],
        [
            "1997: no forget gate, truncated gradient, one by one",
            "all of 20",
            "31,390",
            "1 of 2,560",
            "–",
        ],
        [
            f"ours: {CHRONO}, Adam",
            report.solved(rows),
            report.sequences(rows),
            report.wrong(rows),
            report.seconds(rows),
        ],
    ]


def a4(by_arm):
    rows = by_arm[CHRONO]
    return sum(row["solved"] for row in rows) >= 9, report.solved(rows)


EXPERIMENT = Experiment(
    name="temporal_order",
    title="The order of two marks in 100 symbols",
    source="Hochreiter & Schmidhuber (1997), experiment 6a, Table 9.",
    protocol=(
        "Rows of 100 to 110 symbols; two of them, far apart, are X or Y; the answer at the end is "
        "one of the four orders, and right if each of the four outputs is off by less than 0.3. A "
        "network learns until, at a check every 1,600 sequences, at most 1 of 512 rehearsed "
        "sequences is wrong and then at most 3 of 2,560 fresh ones. Each test is used once."
    ),
    deviations=(
        "forget gates, 16 units, b_f = log U(1, 99) and b_i = -b_f, Adam (rate 0.01) on batches "
        "of 32, the whole gradient clipped to length 1, float32; cross-entropy of a softmax. The "
        "paper: 156 weights, one sequence a step, rate 0.5, squared error of logistic outputs, "
        "and it stops when the mean error is below 0.1 and the last 2,000 sequences were right."
    ),
    settings=SETTINGS,
    arms={CHRONO: {}},
    table=table,
    criteria=(
        Criterion(
            "A4",
            "at least 9 of 10 networks get all but 3 of 2,560 fresh sequences right within 25,600 "
            "sequences.",
            a4,
        ),
    ),
    quick={"seeds": 2, "sizes": {"length": 20}, "budget": 6400, "check": 800},
    minutes=0.2,
)
