"""What the two benchmarks of grading write: the machine, a table, the file."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "course"
PACKAGES = ("lstm-teach", "nbgrader", "jupyter-client", "ipykernel", "numpy")


def load():
    """How many processes wanted a core, on average over the last minute."""
    return os.getloadavg()[0]


def machine():
    """The machine and the versions, in two sentences."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, Python "
        f"{platform.python_version()}; {versions}. The load of the machine over the last minute "
        "stands beside what it may have slowed down."
    )


def table(rows):
    """A Markdown table; the first row is its head."""
    head, *body = [" | ".join(map(str, row)) for row in rows]
    rule = " | ".join(["---"] * len(rows[0]))
    return "\n".join(f"| {line} |" for line in (head, rule, *body))


def stored(name, text):
    """Write a result where the others are."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text + "\n")
