"""Which first biases of the gates let a network learn over a long lag? Both gates matter.

The task is temporal order (Hochreiter & Schmidhuber 1997, experiment 6a). Tallec & Ollivier (2018)
start the forget gates open for lags up to T_max and the input gates as far closed; here the two
halves are taken apart.
"""

from . import report, temporal_order
from .description import Criterion, Experiment

CHRONO_HALF, CHRONO = "b_f = log U(1, 99), b_i = 0", "b_f = log U(1, 99), b_i = -b_f"


def arm(forget, write):
    return f"b_f = {forget}, b_i = {write}"


STARTS = ((0, 0), (1, 0), (2, 0), (3, 0), (5, 0), (1, -3), (5, -3))


def table(by_arm):
    rows = [["first biases", "learned", "sequences, mean (range)", "loss of those that did not"]]
    for name, found in by_arm.items():
        losses = [row["loss"] for row in found if not row["solved"] and row["lost"] is None]
        rows.append(
            [name, report.solved(found), report.sequences(found), report.spread(losses, "{:.3f}")]
        )
    return rows


def count(by_arm, name):
    return sum(row["solved"] for row in by_arm[name])


def a7_chrono(by_arm):
    return count(by_arm, CHRONO) >= 9, report.solved(by_arm[CHRONO])


def a7_usual(by_arm):
    return count(by_arm, arm(1, 0)) <= 2, report.solved(by_arm[arm(1, 0)])


def a7_both(by_arm):
    both, one = count(by_arm, arm(5, -3)), count(by_arm, arm(5, 0))
    return both >= 8 and both > one, f"{both} against {one}"


EXPERIMENT = Experiment(
    name="gate_biases",
    title="First biases of the gates, and the order of two marks",
    source=(
        "the task: Hochreiter & Schmidhuber (1997), experiment 6a; the chrono start: Tallec & "
        "Ollivier (2018). The 1997 networks had no forget gate, as if it were always open, and "
        "input gates that began nearly closed. The comparison is ours."
    ),
    protocol=(
        "As `temporal_order`, with 32,000 sequences for each network. Only first biases differ; "
        "networks of one seed begin with the same other weights and see the same sequences. Who "
        "knows nothing has a loss of log 4 = 1.386."
    ),
    deviations=(
        "as in `temporal_order`. One task, one size and one rate: a start that fails here may do "
        "with other settings or more time."
    ),
    settings=temporal_order.SETTINGS | {"budget": 32_000},
    arms={
        **{arm(f, i): {"biases": {"f": f, "i": i}} for f, i in STARTS},
        CHRONO_HALF: {"biases": {"chrono": 100, "i": 0}},
        CHRONO: {"biases": {"chrono": 100}},
    },
    table=table,
    criteria=(
        Criterion("A7, chrono", "at least 9 of 10 with the chrono start learn it.", a7_chrono),
        Criterion("A7, usual", "at most 2 of 10 with b_f = 1 and b_i = 0 do.", a7_usual),
        Criterion(
            "A7, both gates",
            "at least 8 of 10 with b_f = 5 and b_i = -3 do, and more than with b_i = 0.",
            a7_both,
        ),
    ),
    quick={"seeds": 1, "sizes": {"length": 20}, "budget": 3200},
    minutes=4,
)
