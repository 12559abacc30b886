"""The command `lstm-teach`: `lab` opens the book, `doctor` says whether this machine can,
`experiment` makes a paper's table again, `course` grades a class.

Importing this module costs no more than click; each command loads what it needs when it runs.
"""

import errno
import os
import socket
import sys
from pathlib import Path

import click

from . import __version__
from .course.commands import course

FIRST_PAGE = Path("chapters") / "00_start_here.ipynb"
PORT = 8888
# A reader's JupyterLab goes without nbgrader's menus for instructors; `jupyter lab` has them.
READERS_LAB = str(Path(__file__).parent / "lab_config")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lstm-teach")
def commands():
    """The textbook on recurrent networks and LSTMs that you can run."""


@commands.command()
@click.option("--no-browser", is_flag=True, help="Start the server; print the address only.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=PORT,
    show_default=True,
    help="Where JupyterLab listens; if it is taken, the next free one.",
)
def lab(no_browser, port):
    """Open the book in JupyterLab. Ctrl-C stops it."""
    book = find_book(Path.cwd())
    free = next_free_port(port)
    if free != port:
        click.echo(f"Port {port} is in use; taking {free}.")
    _warn_of_a_foreign_kernel()
    click.echo(f"Opening {FIRST_PAGE.as_posix()} in JupyterLab, port {free}. Ctrl-C stops it.")
    _serve(book, free, no_browser)


@commands.command()
@click.option("--plain", is_flag=True, help="One finding a line, no table and no colour.")
def doctor(plain):
    """Say whether everything the book needs is here, and how to mend what is not."""
    from .doctor import examine

    findings = examine(find_book(Path.cwd(), otherwise=None))
    (_show_plain if plain else _show_table)(findings)
    sys.exit(any(finding.status == "wrong" for finding in findings))


@commands.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="Print what experiments there are.")
@click.option("--seeds", type=click.IntRange(1), help="How many; 0, 1, 2, ... in any case.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on this dask.distributed cluster.")
@click.option("--quick", is_flag=True, help="Prove in seconds that it works; no result.")
@click.option("--out", type=click.Path(file_okay=False), help="The folder for results.")
def experiment(name, listed, seeds, jobs, scheduler, quick, out):
    """Make a paper's table again. Without NAME: print what there is.

    Stop it whenever you like: the same command goes on from there.
    """
    from .experiments import command

    if listed or name is None:
        return command.listing()
    if scheduler and jobs > 1:
        raise click.UsageError("--jobs is for this machine and --scheduler for a cluster.")
    here = Path.cwd()
    book = find_book(here, otherwise=None)
    if book not in (here, *here.parents):
        book = None  # it lies beside the package, and the reader stands elsewhere
    sys.exit(
        command.run(name, book, seeds=seeds, jobs=jobs, scheduler=scheduler, quick=quick, out=out)
    )


commands.add_command(course)


def find_book(start, **otherwise):
    """The folder that holds chapters/00_start_here.ipynb.

    Looked for from `start` upwards, then beside the installed package. Where there is none:
    the argument `otherwise`, if it is given, else a message that says where to go.
    """
    beside_the_package = Path(__file__).resolve().parent.parent
    for folder in (start, *start.parents, beside_the_package):
        if (folder / FIRST_PAGE).is_file():
            return folder
    if otherwise:
        return otherwise["otherwise"]
    raise click.ClickException(
        f"there is no book here: neither {start} nor a folder above it holds "
        f"{FIRST_PAGE.as_posix()}.\nGo to the folder that you cloned the book into "
        "and give the command again."
    )


def next_free_port(port):
    """The first port from `port` on that nobody listens on."""
    for candidate in range(port, min(port + 100, 65536)):
        with socket.socket() as probe:
            if os.name != "nt":  # there it would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except PermissionError:
                raise click.ClickException(
                    f"port {candidate} is reserved on this machine; choose one from 1024 on, "
                    f"such as --port {PORT}."
                ) from None
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return candidate
    raise click.ClickException(f"no port is free from {port} on; choose another with --port.")


def _serve(book, port, no_browser):
    """Become the JupyterLab server, until it is told to stop."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # our kernel before the user's others
    beside = os.path.dirname(sys.executable)  # so that Lab's terminal finds lstm-teach
    _put_first("PATH", beside)
    _put_first("JUPYTER_CONFIG_PATH", READERS_LAB)
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise click.ClickException(
            f"JupyterLab cannot be loaded ({error}).\nlstm-teach doctor says how to mend it."
        ) from None
    options = [
        f"--ServerApp.root_dir={book}",
        f"--LabApp.default_url=/lab/tree/{FIRST_PAGE.as_posix()}",
        f"--ServerApp.port={port}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C is enough
        "--LabApp.news_url=None",  # nothing is fetched from anywhere
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--log-level=WARN",
        "--LabApp.log_level=WARN",
    ]
    if no_browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # a container; elsewhere Jupyter refuses
        options.append("--allow-root")
    os.chdir(book)
    LabApp.launch_instance(options)


def _put_first(variable, folder):
    """Put a folder before what a search path holds already."""
    before = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join([folder, *filter(None, [before])])


def _warn_of_a_foreign_kernel():
    from .doctor import kernel_python

    where = kernel_python()
    if where is None or not where.samefile(sys.executable):
        click.secho(
            "Notebooks will start in another Python than this one"
            f" ({where or 'no kernel named python3 was found'}).\n"
            "If a page cannot import lstm_teach: lstm-teach doctor",
            fg="yellow",
        )


def _show_plain(findings):
    """Print one finding a line."""
    for finding in findings:
        click.echo(f"{finding.status:<8}  {finding.what}: {finding.said}")
        if finding.mend:
            click.echo(f"          mend: {finding.mend}")
    click.echo(_verdict(findings))


def _show_table(findings):
    """Print the findings as a table, then the commands, then the verdict."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    signs = {
        "ok": Text("✓ ok", "green"),
        "optional": Text("– optional", "yellow"),
        "wrong": Text("✗ wrong", "bold red"),
    }
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "looked at", "found"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        table.add_row(signs[finding.status], Text(finding.what), Text(finding.said))
    console.print(table)
    for finding in findings:
        if finding.mend:
            console.print(f"\n{finding.what}: {finding.said}. To mend it:", markup=False)
            console.print(f"    {finding.mend}", markup=False, soft_wrap=True, style="bold")
    console.print()
    wrong = any(finding.status == "wrong" for finding in findings)
    console.print(Text(_verdict(findings), "bold red" if wrong else "green"))


def _verdict(findings):
    wrong = sum(finding.status == "wrong" for finding in findings)
    if not wrong:
        return "All is well: lstm-teach lab opens the book."
    return f"{wrong} thing{'s' if wrong > 1 else ''} to mend, from the top."


def main():
    """The entry point: `commands`, with a sentence in place of any traceback."""
    try:
        commands()
    except Exception as error:
        click.echo(
            f"lstm-teach stopped: {type(error).__name__}: {error}\n"
            "lstm-teach doctor tells what is wrong with an installation; if it finds nothing, "
            "please report this message with what you did.",
            err=True,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
