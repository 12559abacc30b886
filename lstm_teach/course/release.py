"""What a student gets: a zip with the notebook, its data, a page that says how, and the version.

The same master, variant and package give the same bytes: nothing in the zip tells when or where
it was made.
"""

import io
import re
import tempfile
import zipfile
from pathlib import Path

import nbformat

from .. import __version__
from . import derive, variants

STARTED = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
README = """\
# {title}

1. Open `{notebook}` in JupyterLab. It needs Python 3.11 or newer and lstm_teach {version}:

   `python -c "import lstm_teach; print(lstm_teach.__version__)"` says which version you have. If it
   is another one, `python -m pip install -r requirements.txt` installs this one; where your
   course has its own way to install it, that way is the right one.

2. Each exercise has a cell with a function to complete. Put your code in place of
   `raise NotImplementedError()`, run the cell, then the check below it. It says *not attempted*,
   *wrong* and why, or *right*. Check as often as you like; hints and checks cost no points.

3. Save the notebook and hand in that one file, under its own name: `{notebook}`.

**What is graded.** The code in the cells that held `raise NotImplementedError()`, with other random
numbers than those of the check. So write all that an exercise needs into its own cell; changes to
other cells do not count, and do no harm. A warning costs nothing. An exercise that does not come
to an end gets no points, and the others keep theirs.
{variant}"""
VARIANT = """
**Variant {number}.** Numbers, inputs and the letters of choices differ from variant to variant.
What is right in another one is, as a rule, wrong here.
"""
SAME = """
**Variant {number}.** It differs from the others in its number alone.
"""


def release(book, name, out, variant=None):
    """Write the students' zip of an exercise into the folder `out`. Returns its path.

    Raises derive.CannotDerive, variants.NoVariant.
    """
    number = None if variant is None else variants.numbered(variant)
    stem = name if number is None else f"{name}_variant_{number}"
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{stem}.zip"
    path.write_bytes(zipped(contents(book, name, number), stem))
    return path


def contents(book, name, variant=None):
    """What a student gets, {file: bytes}. Raises derive.CannotDerive."""
    files = derive.exercise(book, name) if variant is None else _varied(book, name, variant)
    notebook = f"{name}.ipynb" if f"{name}.ipynb" in files else _first_notebook(files)
    readme = README.format(
        title=_title(files[notebook], name),
        notebook=notebook,
        version=__version__,
        variant="" if variant is None else _of_variant(book, name).format(number=variant),
    )
    requirements = f"lstm-teach=={__version__}\n"
    return {"README.md": readme.encode(), "requirements.txt": requirements.encode()} | files


def notebooks(book, name):
    """The notebooks in solutions/NAME."""
    return [nbformat.read(path, as_version=4) for path in derive.notebooks(book, name)]


def _of_variant(book, name):
    masters = notebooks(book, name)
    differs = any(variants.asked(one) or variants.what_varies(one) for one in masters)
    return VARIANT if differs else SAME


def zipped(files, folder="", executable=()):
    """A zip of these files, in one folder if one is named: the same bytes on every machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{file}" if folder else file, STARTED)
            mode = 0o755 if file in executable else 0o644
            entry.create_system, entry.external_attr = 3, mode << 16
            archive.writestr(entry, files[file])  # not compressed: zlib's bytes differ by version
    return packed.getvalue()


def _varied(book, name, number):
    master = Path(book) / "solutions" / name
    if not any(master.glob("*.ipynb")):
        return derive.exercise(book, name)  # which says what there is
    with tempfile.TemporaryDirectory(prefix="lstm-teach-") as scratch:
        for path in master.rglob("*"):
            there = Path(scratch, path.relative_to(master))
            if ".ipynb_checkpoints" in path.parts or not path.is_file():
                continue
            there.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".ipynb":
                notebook = nbformat.read(path, as_version=4)
                nbformat.write(variants.derive(notebook, number), there)
            else:
                there.write_bytes(path.read_bytes())
        return derive.released(Path(scratch), name, Path(book) / derive.CONFIG)


def _first_notebook(files):
    return min(file for file in files if file.endswith(".ipynb"))


def _title(notebook, otherwise):
    """The first heading of the notebook."""
    cells = nbformat.reads(notebook.decode(), as_version=4).cells
    first = cells[0].source if cells and cells[0].cell_type == "markdown" else ""
    found = re.match("# (.+)", first)
    return found.group(1) if found else otherwise
