"""The table: what was found, as JSON, and as Markdown with the paper's row beside ours."""

import json
import platform
from statistics import fmean, median

import numpy as np

from .. import __version__
from . import records

QUICK = (
    "**A quick run: smaller sizes and budgets than those below. It proves that everything works, "
    "and nothing else.**"
)


def summary(experiment, trials, done, failed, quick):
    """Everything that the table needs, as plain values: what name.json holds.

    done: {trial's name: records}; failed: {trial's name: why}.
    """
    rows = [
        {"arm": trial.arm, **record} for trial in trials for record in done.get(trial.title, ())
    ]
    return {
        "experiment": experiment.name,
        "quick": quick,
        "seeds": sorted({seed for trial in trials for seed in trial.seeds}),
        "arms": {trial.arm: trial.settings for trial in trials},
        "failed": failed,
        "records": rows,
        "versions": {
            "lstm_teach": __version__,
            "code": records.code(),
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def store(experiment, found, out):
    """Write name.json and name.md; return the path of the latter."""
    table = out / f"{experiment.name}.md"
    records.write(table.with_suffix(".json"), _as_json(found))
    records.write(table, markdown(experiment, found))
    return table


def _as_json(found):
    """Each record on a line of its own."""
    rest = {name: value for name, value in found.items() if name != "records"}
    lines = (json.dumps(record, allow_nan=False) for record in found["records"])
    return json.dumps(rest, indent=1)[:-2] + ',\n "records": [\n' + ",\n".join(lines) + "\n ]\n}\n"


def markdown(experiment, found):
    """The table as a page. It needs nothing but what name.json holds."""
    by_arm = {arm: [] for arm in found["arms"]}
    for record in found["records"]:
        by_arm[record["arm"]].append(record)
    options = " --quick" if found["quick"] else ""
    if len(found["seeds"]) != len(experiment.seeds_of(None, found["quick"])):
        options += f" --seeds {len(found['seeds'])}"
    seconds = sum(record["seconds"] for record in found["records"])
    versions = found["versions"]
    first, last = found["seeds"][0], found["seeds"][-1]
    parts = [
        f"# {experiment.title}",
        *([QUICK] if found["quick"] else []),
        experiment.protocol,
        f"*Source:* {experiment.source}",
        _rows(experiment.table(by_arm)),
        *verdicts(experiment, found, by_arm),
        f"*Deviations:* {experiment.deviations}",
        *(f"**Failed:** {trial}: {why}" for trial, why in found["failed"].items()),
        f"Made by `lstm-teach experiment {experiment.name}{options}`: {len(found['records'])} "
        f"networks, {f'seeds {first} to {last}' if last else 'seed 0'}, {seconds / 60:.1f} minutes "
        f"of one core. lstm_teach {versions['lstm_teach']}, NumPy {versions['numpy']}, "
        f"Python {versions['python']}.",
    ]
    return "\n\n".join(parts) + "\n"


def verdicts(experiment, found, by_arm):
    """A sentence for each criterion: met, not met, or not to be judged by this run."""
    if not experiment.criteria:
        yield "*Criterion:* none was set."
    for criterion in experiment.criteria:
        said = f"*Criterion {criterion.name}:* {criterion.words}"
        if found["quick"]:
            yield f"{said} Not judged: this is a quick run."
        elif len(found["seeds"]) != experiment.seeds:
            seeds = f"{len(found['seeds'])} seeds, not {experiment.seeds}"
            yield f"{said} Not judged: this run has {seeds}."
        elif found["failed"]:
            yield f"{said} Not judged: {len(found['failed'])} trials failed."
        else:
            met, what = criterion.judge(by_arm)
            yield f"{said} **{'Met' if met else 'Not met'}**: {what}."


def news(answer):
    """How a trial ended, in a few words."""
    if "failed" in answer:
        return f"failed: {answer['failed']}"
    rows = answer["records"]
    seconds = f"{sum(row['seconds'] for row in rows):.1f} s"
    if len(rows) > 1:
        return f"{solved(rows)} solved, {seconds}"
    (row,) = rows
    if "longest" in row:
        return f"right up to n = {row['longest']}, {seconds}"
    if row["solved"]:
        return f"solved after {row['sequences']:,} sequences, {seconds}"
    return f"not solved in {row['sequences']:,} sequences, {seconds}"


# --- what the cells of a table say ----------------------------------------------------------


def solved(rows):
    """How many are solved: "9 of 10"."""
    return f"{sum(row['solved'] for row in rows)} of {len(rows)}"


def sequences(rows):
    """How long those that are solved took: the mean, and from the fastest to the slowest."""
    return spread([row["sequences"] for row in rows if row["solved"]], "{:,.0f}")


def wrong(rows):
    """How many answers of the test were wrong: the median, and the most."""
    if not rows:
        return "–"
    counts, tested = [row["wrong"] for row in rows], rows[0]["tested"]
    return f"{median(counts):g}, at most {max(counts)}, of {tested:,}"


def seconds(rows):
    """Seconds of one core that a network took, in the mean."""
    return f"{fmean(row['seconds'] for row in rows):.1f}" if rows else "–"


def spread(values, form="{:g}"):
    """The mean, and in brackets the least and the most; a dash for nothing."""
    if not values:
        return "–"
    least, most = (form.format(v) for v in (min(values), max(values)))
    return least if least == most else f"{form.format(fmean(values))} ({least} – {most})"


def _rows(rows):
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
