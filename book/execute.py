"""Run the book's notebooks and store them in their one canonical form.

    python book/execute.py chapters/02_the_chain.ipynb      run in a fresh kernel, store
    python book/execute.py --tidy  chapters/*.ipynb         store without running
    python book/execute.py --check chapters/*.ipynb         write nothing; fail if a file differs

Canonical: a page's outputs and its counts 1..N are kept; times, widget state and everything
that only says which machine or which reader saved the file are not. Two people who run the
same page store the same bytes (pictures drawn by matplotlib apart).
"""

import hashlib
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path

import click
import nbformat
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL_METADATA = ("deletable", "editable", "jupyter", "nbgrader", "tags")
NOTEBOOK_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}

console = Console(stderr=True, highlight=False, soft_wrap=True)


class NotebookError(Exception):
    """A notebook that cannot be read or run; the message is for the person at the keyboard."""


def read(path):
    """The notebook in a file, with a cell id wherever one was missing."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        _give_ids(content["cells"])
        content["nbformat_minor"] = 5
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            notebook = nbformat.reads(json.dumps(content), as_version=4)
            nbformat.validate(notebook)
    except OSError as error:
        raise NotebookError(f"the file cannot be read ({error.strerror}).") from None
    except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError):
        raise NotebookError(
            "this is not a notebook of format 4 (JSON with a list of cells)."
        ) from None
    except (nbformat.ValidationError, Warning) as error:
        raise NotebookError(
            f"the notebook is not well formed: {str(error).splitlines()[0]}"
        ) from None
    return notebook


def canonical(notebook):
    """The text of a notebook in canonical form. The notebook given is not changed."""
    cells = [_canonical_cell(cell) for cell in notebook.cells]
    clean = {"cells": cells, "metadata": NOTEBOOK_METADATA, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.writes(nbformat.from_dict(clean)).rstrip("\n") + "\n"


def run(notebook, folder, advance=lambda cell: None):
    """Run every cell in a fresh kernel of this environment, in `folder`, and keep the outputs.

    advance(cell) is called after each code cell. Raises NotebookError at the first that fails.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    now = [0]

    def started(cell, cell_index):
        now[0] = cell_index

    def done(cell, cell_index, execute_reply):
        advance(cell)

    client = NotebookClient(
        notebook,
        kernel_manager_class=_kernel_of_this_environment(),
        timeout=300,
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        on_cell_execute=started,
        on_cell_executed=done,
    )
    try:
        with tempfile.TemporaryDirectory() as ipython:
            client.execute(env={**os.environ, "IPYTHONDIR": ipython, "OMP_NUM_THREADS": "1"})
    except CellExecutionError as error:
        what = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        what = "it ran for more than 300 seconds"
    except DeadKernelError:
        what = "the kernel died"
    else:
        return
    source = notebook.cells[now[0]].source
    raise NotebookError(f"cell {now[0] + 1} fails: {what}\n\n{_indented(source)}")


def _kernel_of_this_environment():
    """Kernels of the Python that runs this file, whatever kernelspecs the machine has."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec

    class KernelOfThisEnvironment(AsyncKernelManager):
        kernel_spec = KernelSpec(
            resource_dir=RESOURCES, **get_kernel_dict(extra_arguments=["--log-level=ERROR"])
        )

    return KernelOfThisEnvironment


def _give_ids(cells):
    seen = set()
    for number, cell in enumerate(cells, 1):
        if not cell.get("id") or cell["id"] in seen:
            source = "".join(cell.get("source", ""))
            cell["id"] = f"cell-{number:02}-{hashlib.sha256(source.encode()).hexdigest()[:6]}"
        seen.add(cell["id"])


def _canonical_cell(cell):
    clean = {
        "cell_type": cell.cell_type,
        "id": cell.id,
        "metadata": {k: v for k, v in cell.metadata.items() if k in CELL_METADATA and v != {}},
        "source": cell.source.rstrip("\n"),
    }
    if cell.get("attachments"):
        clean["attachments"] = cell.attachments
    if cell.cell_type == "code":
        clean["execution_count"] = cell.execution_count
        outputs = (_canonical_output(output, cell.execution_count) for output in cell.outputs)
        clean["outputs"] = [output for output in outputs if output]
    return clean


def _canonical_output(output, count):
    if output.output_type == "stream":
        return dict(output)
    if output.output_type == "error":  # the rest of a traceback is paths and line numbers
        last = f"{output.ename}: {output.evalue}"
        return {**output, "traceback": [last]}
    # A live widget cannot be stored; what stands beside it (a still picture, a text) can.
    data = {mime: value for mime, value in output.data.items() if mime != WIDGET_VIEW}
    if not data:
        return None
    clean = {"output_type": output.output_type, "data": data, "metadata": output.metadata}
    return clean | ({"execution_count": count} if output.output_type == "execute_result" else {})


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def _progress(total, name):
    columns = (
        TextColumn("{task.description}"),
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    progress = Progress(*columns, console=console, transient=False)
    return progress, progress.add_task(name, total=total)


def _run_and_store(path):
    notebook = read(path)
    total = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)
    progress, task = _progress(total, str(path))
    with progress:
        run(notebook, path.resolve().parent, lambda cell: progress.advance(task))
    path.write_text(canonical(notebook), encoding="utf-8", newline="\n")


def _tidy(path):
    text = canonical(read(path))
    if path.read_bytes() != text.encode():
        path.write_text(text, encoding="utf-8", newline="\n")
        console.print(f"{path}: tidied")


def _check(path):
    text = canonical(read(path))
    if path.read_bytes() != text.encode():
        raise NotebookError(
            f"not in canonical form. Mend it with: python book/execute.py --tidy {path}"
        )


@click.command(help=__doc__.split("\n\n")[0])
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--tidy", "action", flag_value=_tidy, help="Bring to canonical form; run nothing.")
@click.option("--check", "action", flag_value=_check, help="Write nothing; fail if a file differs.")
def main(notebooks, action):
    failures = 0
    for path in notebooks:
        try:
            (action or _run_and_store)(path)
        except NotebookError as error:
            failures += 1
            console.print(f"[bold red]✗[/] {path}: ", end="")
            console.print(str(error), markup=False)
            if not action:
                console.print("Nothing was written.", markup=False)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
