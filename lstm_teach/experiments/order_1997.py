"""The network of 1997, learning as in 1997: temporal order with the truncated gradient.

Protocol: Hochreiter & Schmidhuber (1997), experiment 6a, Tables 9 and 10, literally, but for
what stands under *Deviations*. All networks advance side by side.
"""

from . import report
from .description import Criterion, Experiment

NET = "2 blocks of 2, 156 weights"


def table(by_arm):
    rows = by_arm[NET]
    return [
        [
            "",
            "learned",
            "sequences, mean (range)",
            "wrong of 2,560 fresh ones, mean",
            "CPU s a network",
        ],
        ["1997, Table 9", "20 of 20", "31,390", "1", "–"],
        [
            f"ours: {NET}",
            report.solved(rows),
            report.sequences(rows),
            report.spread([row["wrong"] for row in rows if row["solved"]], "{:.3g}"),
            report.seconds(rows),
        ],
    ]


def a6(by_arm):
    rows = by_arm[NET]
    learned = [row for row in rows if row["solved"]]
    wrong = sum(row["wrong"] for row in learned) / max(1, len(learned))
    return (
        len(learned) >= 18 and wrong <= 3,
        f"{report.solved(rows)}, {wrong:.2f} wrong in the mean",
    )


EXPERIMENT = Experiment(
    name="order_1997",
    title="The order of two marks, with the network and the gradient of 1997",
    source="Hochreiter & Schmidhuber (1997), experiment 6a, Tables 9 and 10.",
    protocol=(
        "Memory blocks without forget gates, gates that see gates, g in (-2, 2), h in (-1, 1), "
        "logistic outputs; input gates begin at -2 and -4, all other weights in (-0.1, 0.1); rate "
        "0.5, one sequence a step, the truncated gradient of the squared error at the end. "
        "Learning ends when the mean error over the last 2,000 sequences is below 0.1 and each of "
        "them had all four outputs off by less than 0.3; then 2,560 fresh sequences are asked."
    ),
    deviations=(
        "the error is half the sum of squares (the paper's rate may belong to the whole sum: a "
        "factor of 2 in the rate); its mean is taken over the last 2,000 sequences, where the "
        "paper does not say; at most 60,000 sequences."
    ),
    settings={
        "task": "temporal_order",
        "sizes": {"length": 100},
        "blocks": 2,
        "size": 2,
        "input_gates": [-2, -4],
        "bound": 0.1,
        "rate": 0.5,
        "tolerance": 0.3,
        "average": 0.1,
        "budget": 60_000,
        "test": 2560,
    },
    arms={NET: {}},
    table=table,
    criteria=(
        Criterion(
            "A6",
            "at least 18 of 20 networks learn it within 60,000 sequences, and those get at most 3 "
            "of 2,560 wrong in the mean.",
            a6,
        ),
    ),
    quick={"seeds": 3, "sizes": {"length": 10}, "budget": 2500, "test": 256},
    minutes=5,
    seeds=20,
    learner="as_in_1997",
    together=True,
)
