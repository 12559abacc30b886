"""`lstm-teach course grade` and `course export`: from submissions to marks.

Importing this module costs no more than click; each command loads what it needs when it runs.
"""

import os
from pathlib import Path

import click

from .needed import book_here, needs_the_extra

LONGEST = 86_400  # seconds for one submission: a day
FORMATS = ("nbgrader", "csv", "canvas", "gradescope", "prairielearn", "github", "gradescope-zip")
NO_SANDBOX = "[NO SANDBOX] "


def _seconds(_context, _option, value):
    """A time that ends: no infinity, and not "no number" either, which is in no range."""
    if not 1 <= value <= LONGEST:
        raise click.BadParameter(f"expected seconds from 1 to {LONGEST}; {value:g} came.")
    return value


@click.command()
@click.argument("name")
@click.argument("submissions", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for results; the same folder again goes on where it stopped.",
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on this dask.distributed cluster.")
@click.option(
    "--timeout",
    type=float,
    callback=_seconds,
    default=60,
    show_default=True,
    help="Seconds for one submission.",
)
@click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(256, 1_000_000),
    help="Megabytes for one submission.  [default: 1536]",
)
@click.option(
    "--seed",
    default="",
    metavar="TEXT",
    help="Hidden inputs are drawn from it.  [default: a secret of OUT's own]",
)
@click.option("--variant", metavar="SEED", help="The variant that was released.")
@click.option(
    "--unsafe-no-sandbox",
    is_flag=True,
    help="Run students' code with your own rights. Only for code you trust.",
)
def grade(
    name, submissions, out, jobs, scheduler, timeout, memory_mb, seed, variant, unsafe_no_sandbox
):
    """Grade SUBMISSIONS of the exercise NAME: every one, whatever is in it.

    NAME: an exercise of the book, or the path of a master notebook of your own.
    SUBMISSIONS: a folder of notebooks, nbgrader's submitted/STUDENT/ASSIGNMENT/, or the zip that
    Canvas, Moodle or Gradescope gives you.

    Stop it when you like: the same command goes on from there. Afterwards open
    OUT/summary.html; OUT/marks.csv has the marks, OUT/feedback a page for each student.

    \b
    lstm-teach course grade 02_the_chain submissions.zip --out results --jobs 4
    lstm-teach course grade 02_the_chain submitted --out results --variant 7
    """
    needs_the_extra()
    if scheduler and jobs > 1:
        raise click.UsageError("--jobs is for this machine and --scheduler for a cluster.")
    if out.resolve().is_relative_to(submissions.resolve()):
        raise click.UsageError(
            f"--out {out} lies inside the submissions, where the next run would take it for a "
            "student's. Choose a folder beside them."
        )
    if unsafe_no_sandbox:
        _echo("Students' code runs with your rights: it can read, change, send and delete.", True)
    summary = _graded(
        name,
        variant,
        submissions,
        out,
        jobs=jobs,
        scheduler=scheduler,
        timeout=timeout,
        memory_mb=memory_mb,
        sandbox=not unsafe_no_sandbox,
        seed=seed,
    )
    _echo(_printed(summary.table()), unsafe_no_sandbox)
    _echo(f"Open {out / 'summary.html'}. Marks: {out / 'marks.csv'}.", unsafe_no_sandbox)


def _graded(name, variant, submissions, out, *, memory_mb, seed, **settings):
    from . import variants
    from .batch import run
    from .sandbox import Limits
    from .submissions import find

    try:
        master = variants.master(name, variant)
    except variants.NoVariant as error:
        raise click.ClickException(str(error)) from None
    limits = Limits(memory_mb=memory_mb) if memory_mb else Limits()
    found = find(submissions, master)
    settings |= {"limits": limits, "seed": seed or _secret(out), "say": click.echo, "trial": True}
    return run(master, found, out, **settings)


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Choice(FORMATS), required=True, help="For which system.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="File or folder to write."
)
@click.option(
    "--roster", type=click.Path(exists=True, path_type=Path), help="canvas: its own export."
)
@click.option("--variant", metavar="SEED", help="gradescope-zip: the variant that was released.")
@click.option("--unsafe-no-sandbox", is_flag=True, help="gradescope-zip: grade without a sandbox.")
def export(results, target, out, roster, variant, unsafe_no_sandbox):
    """Hand the marks in RESULTS, the --out of `course grade`, to another system.

    \b
    --to nbgrader        --out gradebook.db: the course's nbgrader gradebook
    --to csv             --out marks.csv: nbgrader's columns
    --to canvas          --out canvas.csv: Canvas's gradebook import; --roster is its export
    --to gradescope      --out FOLDER: a results.json for each student
    --to prairielearn    --out FOLDER: a results.json for each student
    --to github          --out FOLDER: what GitHub Classroom's reporter reads
    --to gradescope-zip  --out autograder.zip; RESULTS is then the NAME of an exercise

    \b
    lstm-teach course export results --to csv --out marks.csv
    lstm-teach course export 02_the_chain --to gradescope-zip --out autograder.zip
    """
    needs_the_extra()
    _refuse_what_has_no_effect(target, roster, variant, unsafe_no_sandbox)
    from . import exports

    open_marks = ""
    try:
        if target == "gradescope-zip":
            made = exports.autograder(book_here(), str(results), out, variant, unsafe_no_sandbox)
        else:
            made = exports.export(results, target, out, roster=roster)
            open_marks = exports.unfinished(results)
    except exports.CannotExport as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written to: {error.strerror}.") from None
    click.echo(made)
    if open_marks:
        click.echo(open_marks, err=True)


def _refuse_what_has_no_effect(target, roster, variant, unsafe):
    """Raise where an option is given that this export does not look at."""
    if roster and target != "canvas":
        raise click.UsageError(f"--roster is for --to canvas; --to {target} does not use it.")
    if target != "gradescope-zip" and (variant or unsafe):
        option = "--variant" if variant else "--unsafe-no-sandbox"
        raise click.UsageError(
            f"{option} is for --to gradescope-zip; these results are graded already."
        )


def _secret(out):
    """The seed of a results folder, drawn at the first run and kept: OUT/seed.txt."""
    import secrets

    from .store import write

    path = out / "seed.txt"
    if not path.is_file():
        write(path, secrets.token_hex(16) + "\n")
    return path.read_text(encoding="utf-8").strip()


def _printed(shown):
    """What rich shows, as text."""
    import io

    from rich.console import Console

    width = Console().width if os.isatty(1) else 120
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    return console.file.getvalue().rstrip()


def _echo(text, unsafe=False):
    """Print text; without a sandbox each line of it says so."""
    for line in str(text).split("\n"):
        click.echo(f"{NO_SANDBOX}{line}" if unsafe else line)
