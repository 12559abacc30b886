"""What `lstm-teach experiment` does, once it is known what is asked for."""

from pathlib import Path

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from . import NAMES, find, report, runner, workers

QUICK = "quick"


def listing():
    """Print what experiments there are."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("experiment", no_wrap=True)
    table.add_column("minutes", justify="right")
    table.add_column("seeds", justify="right")
    table.add_column("what it is")
    for name in NAMES:
        found = find(name)
        table.add_row(name, f"{found.minutes:g}", str(found.seeds), found.title)
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "\nMinutes are those of one core. lstm-teach experiment NAME runs one of them, "
        "with --jobs 4 on four cores, with --quick in seconds."
    )


def run(name, book, *, seeds, jobs, scheduler, quick, out):
    """Run an experiment and print its table. Returns the exit code.

    book: the folder of the book, or None; it says where results go unless `out` does.
    """
    try:
        experiment = find(name)
    except LookupError as error:
        raise click.UsageError(str(error)) from None
    out = Path(out) if out else default_folder(book, quick)
    try:
        outcome = runner.run(
            experiment,
            out,
            seeds=seeds,
            quick=quick,
            jobs=jobs,
            scheduler=scheduler,
            say=click.echo,
        )
    except workers.NoWorkers as error:
        raise click.ClickException(str(error)) from None
    except runner.Stopped as stopped:
        click.echo(
            f"\nStopped. {stopped.done} of {stopped.total} trials are done and kept in "
            f"{out / experiment.name}.\nThe same command goes on from there.",
            err=True,
        )
        return 130
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(Markdown(report.markdown(experiment, outcome.found)))
    else:
        click.echo(report.markdown(experiment, outcome.found))
    click.echo(f"Stored: {outcome.table} and {outcome.table.with_suffix('.json').name}")
    if outcome.failed:
        click.echo(
            f"{len(outcome.failed)} trials failed; the same command tries them again.", err=True
        )
    return int(bool(outcome.failed))


def default_folder(book, quick):
    """Where results go: with the book's own in a clone, else into ./results."""
    folder = Path("results") if book is None else book / "benchmarks" / "results" / "experiments"
    return folder / QUICK if quick else folder
