"""Words aⁿbⁿ: how far beyond the longest word it learned from does a network count?

Protocol: Weiss, Goldberg & Yahav (2018): positive examples only, next symbol to be predicted.
The LSTM can count in c; the squashed state of a GRU has no such place.
"""

from statistics import median

from . import report
from .description import Criterion, Experiment

LONGEST = (10, 40)


def arm(cell, longest):
    return f"{cell}, n up to {longest}"


def table(by_arm):
    rows = [
        ["", "longest right n: median", "least, most", "10 % beyond what it saw", "CPU s a network"]
    ]
    rows += [["Weiss et al. (2018): LSTM, n up to 99", "1,000 is right", "–", "–", "–"]]
    rows += [["Weiss et al. (2018): GRU, n up to 99", "1,000 is not", "–", "–", "–"]]
    for name, found in by_arm.items():
        right = [row["longest"] for row in found]
        most = int(name.rpartition(" ")[2])
        rows.append(
            [
                f"ours: {name}",
                f"{median(right):g}" if right else "–",
                f"{min(right)}, {max(right)}" if right else "–",
                f"{sum(n >= 1.1 * most for n in right)} of {len(right)}",
                report.seconds(found),
            ]
        )
    return rows


def a11(by_arm):
    found, met = [], True
    for longest in LONGEST:
        lstm, gru = (
            [row["longest"] for row in by_arm[arm(cell, longest)]] for cell in ("LSTM", "GRU")
        )
        beyond = sum(n >= 1.1 * longest for n in lstm)
        met = met and beyond >= 0.75 * len(lstm) and median(lstm) > median(gru)
        found.append(
            f"n up to {longest}: {beyond} of {len(lstm)}, median {median(lstm):g} against "
            f"{median(gru):g}"
        )
    return met, "; ".join(found)


EXPERIMENT = Experiment(
    name="counting",
    title="Counting: the words aⁿbⁿ",
    source="code of Weiss, Goldberg & Yahav (2018).",
    protocol=(
        "Words # aⁿ bⁿ #, n drawn from 1 to 10 or from 1 to 40; at each step the next symbol is "
        "to be predicted. After learning, one word of each n up to 200 is read; it is right if at "
        "every step the legal next symbols are the most active outputs. Counted is the longest n "
        "up to which all words are right."
    ),
    deviations=(
        "much shorter words (theirs: n < 100) and smaller networks, because the question is who "
        "goes beyond what it has seen; Adam, rate 0.01, batches of 32; float32. 8 units and "
        "38,400 words for n up to 10, 10 units and 80,000 words for n up to 40. LSTM with forget "
        "bias 1; GRU in the form of PyTorch."
    ),
    settings={
        "task": "anbn",
        "batch": 32,
        "rate": 1e-2,
        "words": 200,
        "test": 200,
        "allowed": 0,
        "check": 0,
    },
    arms={
        arm(cell, longest): {
            "cell": cell,
            "sizes": {"longest": longest},
            "biases": {"f": 1} if cell == "LSTM" else {},
            "hidden": hidden,
            "budget": budget,
        }
        for longest, hidden, budget in zip(LONGEST, (8, 10), (38_400, 80_000), strict=True)
        for cell in ("LSTM", "GRU")
    },
    table=table,
    criteria=(
        Criterion(
            "A11",
            "for n up to 10 and up to 40, at least three quarters of the LSTMs are right up to "
            "1.1 times the longest n they saw, and their median is above the GRU's.",
            a11,
        ),
    ),
    quick={"seeds": 1, "budget": 9600, "words": 60, "test": 60},
    minutes=3,
)
