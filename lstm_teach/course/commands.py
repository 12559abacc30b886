"""`lstm-teach course …`: exercises from masters, releases, grading, exports.

Importing this module costs no more than click; each command loads what it needs when it runs.
"""

from importlib.util import find_spec
from pathlib import Path

import click

from . import marks
from .needed import EXTRA, book_here, needs_the_extra

EXAMPLES = """
\b
A course, from the first day to the marks:
  lstm-teach course doctor                        can this machine grade strangers' code?
  lstm-teach course release 02_the_chain --out to_students
  lstm-teach course grade 02_the_chain downloads/submissions.zip --out results
  lstm-teach course export results --to csv --out marks.csv

The guide, book/instructors_guide.md, walks through it in ten minutes.
"""


class CourseGroup(click.Group):
    """The commands of a course: what is missing and what goes wrong is said in a sentence."""

    def invoke(self, context):
        from .store import Stop

        try:
            return super().invoke(context)
        except Stop as stop:
            raise click.ClickException(str(stop)) from None


@click.group(cls=CourseGroup, epilog=EXAMPLES)
def course():
    """Give the exercises to a class, grade what comes back, export the marks."""


@course.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; fail where something is not up to date, or a test is not right.",
)
def derive(names, check):
    """Make exercises/ from solutions/, as nbgrader does; all of them, or those named.

    With --check each master is tried too: its own solution must pass its tests, an empty one none.

    \b
    lstm-teach course derive 02_the_chain     one exercise
    lstm-teach course derive --check          are all up to date?
    """
    needs_the_extra()
    from . import derive as deriving
    from .finding import whole
    from .trial import try_all

    book = book_here()
    known = deriving.names(book)
    stale, names = 0, [whole(name, known) for name in names] or known
    for name in names:
        try:
            changes = (deriving.check if check else deriving.derive)(book, name)
        except deriving.CannotDerive as error:
            raise click.ClickException(str(error)) from None
        stale += bool(changes)
        for change in changes:
            click.echo(f"exercises/{name}/{change.file}: {change.how}")
    if check:
        try_all([master for name in names for master in deriving.masters(book, name)])
    if not stale:
        click.echo("exercises/ is what its masters make.")
    elif check:
        raise click.ClickException(
            f"{stale} of the exercises {'is' if stale == 1 else 'are'} not what the masters make.\n"
            "lstm-teach course derive makes them anew; edit solutions/, never exercises/."
        )
    else:
        click.echo(f"Made anew: {stale}.")


@course.command()
@click.argument("name")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to put the zip into.",
)
@click.option("--variant", metavar="SEED", help="Other numbers: any whole number from 1.")
def release(name, out, variant):
    """Make the zip that students get: notebook, data, a page that says how, the exact version.

    With --variant, inputs, numbers and letters of choices are others in the book's exercises, so
    that an answer copied from another variant fails. Grade with the same --variant.

    \b
    lstm-teach course release 02_the_chain --out to_students
    lstm-teach course release 02_the_chain --out to_students --variant 7
    """
    needs_the_extra()
    from . import derive as deriving
    from . import release as releasing
    from . import variants
    from .finding import whole

    book = book_here()
    name = whole(name, deriving.names(book))
    try:
        path = releasing.release(book, name, out, variant)
    except (deriving.CannotDerive, variants.NoVariant) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written to: {error.strerror}.") from None
    click.echo(f"{path} is ready to be handed out.")
    if variant:
        click.echo(variants.told(releasing.notebooks(book, name), variant))


@course.command()
def doctor():
    """Say whether this machine can grade strangers' code safely, and how to mend it."""
    from .sandbox import probe

    found = probe()
    for name, ok, says, remedy in found.findings:
        click.echo(f"{'ok' if ok else 'slower' if found.works else 'missing':<7}  {name}: {says}")
        if not ok and remedy:
            click.echo(f"         mend: {remedy}")
    for name in EXTRA:
        there = find_spec(name) is not None
        click.echo(
            f"{'ok     ' if there else 'missing'}  {name}: {'installed' if there else 'not'}"
        )
    needs_the_extra()
    if not found.works:
        raise click.ClickException("students' code cannot be confined here; see above.")
    click.echo("All is well: lstm-teach course grade can start.")


course.add_command(marks.grade)
course.add_command(marks.export)
