"""Which symbol came first? Accuracy against the lag, for the standard network and the LSTM.

The book's own task and its own question: what the first bias of the forget gate is worth.
No paper's table; chapters 5 and 7.
"""

from statistics import fmean

from .description import Experiment

LAGS = (5, 10, 20, 40, 80)
NETWORKS = {
    "tanh RNN": {"cell": "RNN", "biases": {}},
    **{f"LSTM, b_f = {bias}": {"cell": "LSTM", "biases": {"f": bias}} for bias in (0, 1, 3, 5)},
}


def arm(network, lag):
    return f"{network}, lag {lag}"


def table(by_arm):
    lags = [lag for lag in LAGS if any(name.endswith(f", lag {lag}") for name in by_arm)]
    rows = [["accuracy: mean (range)", *(f"lag {lag}" for lag in lags)]]
    for network in NETWORKS:
        cells = []
        for lag in lags:
            right = [1 - row["wrong"] / row["tested"] for row in by_arm.get(arm(network, lag), ())]
            same = right and f"{min(right):.2f}" == f"{max(right):.2f}"
            cells.append(
                "–"
                if not right
                else f"{fmean(right):.2f}"
                + ("" if same else f" ({min(right):.2f} – {max(right):.2f})")
            )
        rows.append([network, *cells])
    return rows


EXPERIMENT = Experiment(
    name="recall",
    title="Recall: accuracy against the lag",
    source=(
        "the book's own; a many-to-one cousin of experiment 2c in Hochreiter & Schmidhuber (1997)."
    ),
    protocol=(
        "The first of 4 symbols is asked for `lag` steps later, past random distractors; chance "
        "is 0.25. All networks: 16 units, Adam (rate 0.005) on batches of 32, gradients clipped "
        "to length 1, float32, and the same budget: 64,000 sequences, or until, at a check every "
        "1,600, all of 512 rehearsed and 1,024 fresh sequences are right. Accuracy is that of the "
        "last test."
    ),
    deviations="none: there is no paper to deviate from. b_i, b_g and b_o begin at 0.",
    settings={
        "task": "recall",
        "hidden": 16,
        "batch": 32,
        "rate": 5e-3,
        "budget": 64_000,
        "check": 1600,
        "rehearsal": 512,
        "test": 1024,
        "allowed": 0,
    },
    arms={
        arm(network, lag): {"sizes": {"lag": lag}, **settings}
        for lag in LAGS
        for network, settings in NETWORKS.items()
    },
    table=table,
    quick={
        "seeds": 1,
        "budget": 3200,
        "arms": tuple(arm(network, lag) for lag in LAGS[:2] for network in NETWORKS),
    },
    minutes=6,
)
