"""The standard recurrent network does not learn to add over 100 steps; the LSTM beside it does.

The adding task as later papers pose it (code of Arjovsky, Shah & Bengio, 2016), where who knows
nothing best says 1 and has a mean squared error near 1/6.
"""

from . import report
from .description import Criterion, Experiment

RNN, LSTM = "tanh RNN", "LSTM, chrono start"


def table(by_arm):
    rows = [
        [
            "",
            "learned",
            "sequences, mean (range)",
            "mean squared error of the test",
            "of a constant answer",
            "CPU s a network",
        ]
    ]
    for arm, found in by_arm.items():
        rows.append(
            [
                f"ours: {arm}",
                report.solved(found),
                report.sequences(found),
                report.spread([row["loss"] for row in found if row["lost"] is None], "{:.4f}"),
                report.spread([row["constant"] for row in found], "{:.4f}"),
                report.seconds(found),
            ]
        )
    return rows


def a8(by_arm):
    rows = by_arm[RNN]
    ratios = [row["loss"] / row["constant"] for row in rows if row["lost"] is None]
    return (
        not any(row["solved"] for row in rows)
        and len(ratios) == len(rows)
        and all(0.9 <= ratio <= 1.1 for ratio in ratios),
        f"{report.solved(rows)} learned it; error divided by the constant's: "
        f"{report.spread(ratios, '{:.3f}')}",
    )


EXPERIMENT = Experiment(
    name="tanh_adding",
    title="The standard recurrent network and the adding task",
    source=(
        "Hochreiter & Schmidhuber (1997) say of the adding task, with other numbers, that no "
        "other recurrent network had solved it; Pascanu, Mikolov & Bengio (2013) later solved it "
        "with clipping and a regulariser. The form of the task: code of Arjovsky, Shah & Bengio "
        "(2016)."
    ),
    protocol=(
        "Rows of 100 numbers from [0, 1]; one is marked in each half; the answer at the end is "
        "their sum, and right if it is off by less than 0.08: the same share of its range as 0.04 "
        "in `adding`. Both networks have 32 units, Adam on batches of 64, gradients clipped to "
        "length 1, and up to 96,000 sequences; a check every 3,200 as in `adding`."
    ),
    deviations=(
        "no regulariser for the standard network, and one rate for each network: 0.003 for it, "
        "0.01 for the LSTM. So the table says that the usual recipe fails, not that none works."
    ),
    settings={
        "task": "adding_uniform",
        "sizes": {"lag": 100},
        "hidden": 32,
        "batch": 64,
        "budget": 96_000,
        "check": 3200,
        "rehearsal": 512,
        "test": 2560,
        "allowed": 25,
        "tolerance": 0.08,
    },
    arms={
        RNN: {"cell": "RNN", "biases": {}, "rate": 3e-3},
        LSTM: {"cell": "LSTM", "biases": {"chrono": 100}, "rate": 1e-2},
    },
    table=table,
    criteria=(
        Criterion(
            "A8",
            "no tanh RNN learns it, and the mean squared error of each is within 10 % of a "
            "constant answer's.",
            a8,
        ),
    ),
    quick={"seeds": 1, "sizes": {"lag": 20}, "budget": 6400},
    minutes=2,
)
