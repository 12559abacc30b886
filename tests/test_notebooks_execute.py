"""book/execute.py: a notebook is run in a fresh kernel and stored in one form."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def execute(*arguments):
    answer = subprocess.run(
        [sys.executable, ROOT / "book" / "execute.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert "Traceback" not in answer.stderr
    return answer.returncode, answer.stderr


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_running_twice_stores_the_same_bytes_and_nothing_of_the_machine(tmp_path):
    path = write(
        tmp_path / "page.ipynb",
        "import ipywidgets, pathlib\nprint(pathlib.Path('page.ipynb').exists())",
        "ipywidgets.IntSlider(3)",
        "6 * 7",
        "1 / 0",
    )
    page = nbformat.read(path, as_version=4)
    page.cells[3].metadata.tags = ["raises-exception"]
    page.cells[2].metadata = {"collapsed": True, "execution": {"iopub.execute_input": "now"}}
    page.metadata = {"widgets": {"state": {}}, "kernelspec": {"name": "mine", "display_name": "M"}}
    nbformat.write(page, path)
    assert execute("--check", path)[0] == 1

    assert execute(path)[0] == 0
    first = path.read_bytes()
    assert execute(path)[0] == 0
    assert path.read_bytes() == first
    assert execute("--check", path)[0] == 0

    page = json.loads(first)
    assert first.endswith(b"}\n")
    assert (page["nbformat"], page["nbformat_minor"]) == (4, 5)
    assert page["metadata"]["kernelspec"]["display_name"] == "Python 3 (ipykernel)"
    assert set(page["metadata"]) == {"kernelspec", "language_info"}
    assert [cell["execution_count"] for cell in page["cells"]] == [1, 2, 3, 4]
    assert [cell["id"] for cell in page["cells"]] == ["cell-0", "cell-1", "cell-2", "cell-3"]
    assert page["cells"][0]["outputs"][0]["text"] == ["True\n"]
    assert page["cells"][1]["outputs"][0]["data"] == {"text/plain": ["IntSlider(value=3)"]}
    assert page["cells"][2]["metadata"] == {}
    assert page["cells"][3]["outputs"][0]["traceback"] == ["ZeroDivisionError: division by zero"]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("print(1)\n[][2]", "IndexError: list index out of range"),
        ("import os\nos._exit(1)", "the kernel died"),
    ],
)
def test_a_failing_cell_is_named_and_nothing_is_written(tmp_path, source, what):
    path = write(tmp_path / "page.ipynb", "1", source, "2")
    before = path.read_bytes()
    code, said = execute(path)
    assert code == 1
    assert "page.ipynb" in said
    assert f"cell 2 fails: {what}" in said
    assert source.splitlines()[-1] in said
    assert "Nothing was written" in said
    assert path.read_bytes() == before


def test_tidying_keeps_the_outputs_that_can_be_seen_and_drops_the_rest(tmp_path):
    still = nbformat.v4.new_output(
        "display_data", {"text/html": "<img>", "text/plain": "W", WIDGET_VIEW: {"model_id": "1"}}
    )
    live = nbformat.v4.new_output("display_data", {WIDGET_VIEW: {"model_id": "1"}})
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("w", execution_count=7, outputs=[still, live])],
        metadata={"widgets": {"state": {}}},
    )
    path = tmp_path / "page.ipynb"
    nbformat.write(page, path)
    assert execute("--tidy", path)[0] == 0
    assert execute("--check", path)[0] == 0
    (cell,) = nbformat.read(path, as_version=4).cells
    assert [output.data for output in cell.outputs] == [{"text/html": "<img>", "text/plain": "W"}]
    assert cell.execution_count == 7


def test_a_cell_without_an_id_gets_one_that_stays(tmp_path):
    path = write(tmp_path / "page.ipynb", "1", "1")
    page = json.loads(path.read_text())
    for cell in page["cells"]:
        del cell["id"]
    page["nbformat_minor"] = 4
    ids = set()
    for _ in range(2):
        path.write_text(json.dumps(page))
        assert execute("--tidy", path)[0] == 0
        ids.add(tuple(cell.id for cell in nbformat.read(path, as_version=4).cells))
    ((one, two),) = ids
    assert one != two


def test_what_is_no_notebook_is_refused_in_a_sentence(tmp_path):
    text = tmp_path / "text.ipynb"
    text.write_text("hello")
    listing = tmp_path / "list.ipynb"
    listing.write_text("[1, 2]")
    paths = [text, listing, tmp_path / "none.ipynb"]
    for action in ((), ("--tidy",), ("--check",)):
        code, said = execute(*action, *paths)
        assert code == 1
        assert all(f"{path.name}: " in said for path in paths)
