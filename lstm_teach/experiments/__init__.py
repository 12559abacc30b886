"""The papers' tables, made again: one file a table, and a runner that can be stopped at any time.

    lstm-teach experiment            what there is, and how long each takes
    lstm-teach experiment adding     runs one; stopped and started again it goes on
    find("adding")                   the same as a value: an Experiment

    description.py   what an experiment is, and its trials
    modern.py        a trial: one network of today learns a task, and is examined
    as_in_1997.py    a trial: networks of 1997 side by side, with their truncated gradient
    problems.py      the tasks as these experiments pose and judge them
    runner.py        run what is missing, keep what is done, write the table
    workers.py       where trials run: here, on this machine's cores, on a cluster
    records.py       one file for each trial that is done
    report.py        the table

Everything else is a table. Its docstring gives the protocol and its source.
"""

from importlib import import_module

NAMES = (
    "temporal_order",
    "embedded_reber",
    "adding",
    "tanh_adding",
    "counting",
    "recall",
    "gate_biases",
    "order_1997",
    "adding_1997",
)


def find(name):
    """The Experiment of this name. Raises LookupError that lists the names."""
    name = name.replace("-", "_")
    if name not in NAMES:
        raise LookupError(f"there is no experiment {name}; there are: {', '.join(NAMES)}.")
    return import_module(f".{name}", __name__).EXPERIMENT
