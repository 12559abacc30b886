"""Where masters are: by name in a folder solutions/, or by the path of a notebook."""

from pathlib import Path

import click

NOT_DATA = {".ipynb", ".pyc", ".db"}


class MasterMissing(click.ClickException):
    """There is no such master, or it is not one. The message says what is there."""


def found(where):
    """The path of the master of this name, or at this path. Raises MasterMissing."""
    path = Path(where)
    if path.is_file():
        return path
    for folder in (path, *(place / "solutions" / str(where) for place in _places())):
        notebooks = sorted(folder.glob("*.ipynb")) if folder.is_dir() else []
        if len(notebooks) == 1:
            return notebooks[0]
        named = folder / f"{folder.name}.ipynb"
        if named in notebooks:
            return named
    known = sorted(
        {p.parent.name for place in _places() for p in (place / "solutions").glob("*/*.ipynb")}
    )
    if (name := whole(str(where), known)) != str(where):
        return found(name)
    there = f"There are: {', '.join(known)}." if known else "There is no folder solutions/ here."
    raise MasterMissing(
        f"There is no master {str(where)!r}. {there} Give a name, or the path of a master notebook."
    )


def whole(name, known):
    """The known name that this is the beginning of, as 02 is of 02_the_chain; or itself."""
    alike = [one for one in known if one.startswith(f"{name}_")]
    return alike[0] if name not in known and len(alike) == 1 else name


def _places():
    """Where masters are looked for: here, and in the repository of this package."""
    return (Path.cwd(), Path(__file__).resolve().parents[2])


def beside(path):
    """The files beside a master that its students get too."""
    return {
        str(file.relative_to(path.parent)): file
        for file in sorted(path.parent.rglob("*"))
        if file.is_file()
        and not file.is_symlink()
        and file.suffix not in NOT_DATA
        and not any(part.startswith((".", "__")) for part in file.relative_to(path.parent).parts)
    }
