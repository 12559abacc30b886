"""Predicting the next symbol of embedded Reber strings, outer T or P included.

Protocol: Hochreiter & Schmidhuber (1997), experiment 1 and Table 1: 256 strings to learn from,
256 others, and success is that at every step of all 512 the legal next symbols are the most
active outputs.
"""

from . import report
from .description import Criterion, Experiment

LSTM = "LSTM, forget bias 1"


def table(by_arm):
    rows = by_arm[LSTM]
    return [
        ["", "learned", "strings, mean (range)", "CPU s a network"],
        ["1997: RTRL, 3 units (quoted there)", "some", "173,000", "–"],
        ["1997: Elman network, 15 units (quoted there)", "0 %", "more than 200,000", "–"],
        ["1997: recurrent cascade correlation (quoted there)", "50 %", "182,000", "–"],
        ["1997: LSTM, 4 blocks of 1, rate 0.1", "100 % of 30", "39,740", "–"],
        ["1997: LSTM, 3 blocks of 2, rate 0.5", "100 % of 30", "8,440", "–"],
        [f"ours: {LSTM}, Adam", report.solved(rows), report.sequences(rows), report.seconds(rows)],
    ]


def a5(by_arm):
    rows = by_arm[LSTM]
    return sum(row["solved"] for row in rows) >= 9, report.solved(rows)


EXPERIMENT = Experiment(
    name="embedded_reber",
    title="Embedded Reber strings",
    source="Hochreiter & Schmidhuber (1997), experiment 1, Table 1.",
    protocol=(
        "256 strings of the embedded Reber grammar to learn from and 256 others, drawn anew for "
        "each seed. At each step the next symbol is to be predicted. A network learns until, at a "
        "check every 800 strings, the legal next symbols are its most active outputs at every "
        "step of all 512 strings."
    ),
    deviations=(
        "forget gates, 16 units, Adam (rate 0.01) on batches of 32 drawn from the 256 strings, "
        "the whole gradient clipped to length 1, float32; cross-entropy of a softmax. The two "
        "sets of strings may share some. The paper: 264 or 276 weights, one string a step; three "
        "pairs of sets with ten first weights each."
    ),
    settings={
        "task": "embedded_reber",
        "sizes": {},
        "cell": "LSTM",
        "hidden": 16,
        "biases": {"f": 1},
        "batch": 32,
        "rate": 1e-2,
        "budget": 48_000,
        "check": 800,
        "strings": 256,
        "test": 512,
        "allowed": 0,
    },
    arms={LSTM: {}},
    table=table,
    criteria=(
        Criterion(
            "A5",
            "at least 9 of 10 networks have the legal symbols on top in all 512 strings within "
            "48,000 strings.",
            a5,
        ),
    ),
    quick={"seeds": 2, "budget": 4800},
    minutes=0.2,
)
