"""What the commands of a course need before they start: the packages, and the book."""

from importlib.util import find_spec
from pathlib import Path

import click

EXTRA = ("nbgrader", "distributed")


def needs_the_extra():
    """Raise where the packages of the extra `course` are missing."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise click.ClickException(
            f"{' and '.join(missing)} must be installed for this. In the book's folder:\n"
            '    python -m pip install -e ".[course]"'
        )


def book_here():
    """The folder of the book. Raises click.ClickException where there is none."""
    from ..cli import find_book

    return find_book(Path.cwd())
