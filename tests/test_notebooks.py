"""How a chapter is stored, and that nbval would notice if what is stored were not true."""

import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
MASTERS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
INSTALLS = re.compile(
    r"[%!]\s*(pip|conda|mamba)\b|\b(pip|conda) install"
    r"|urlopen|urlretrieve|requests\.|\bwget\b|\bcurl\b"
)
MAY_DIFFER = {"nbval-ignore-output", "nbval-skip"}


def faults(page, size=0):
    """What a reviewer would send a chapter back for, each in words. `size`: its file in bytes."""
    code = [cell for cell in page.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "not run from top to bottom in a fresh kernel: the counts are not 1..N"
    if "widgets" in page.metadata:
        yield "widget state is stored"
    if size >= 500_000:
        yield f"{size} bytes; fewer than 500,000 are allowed"
    if len(page.cells) > 45:
        yield f"{len(page.cells)} cells; at most 45 are allowed"
    if code and len(code[0].source.splitlines()) > 4:
        yield "the set-up cell has more than 4 lines"
    for cell in code:
        if not cell.source.strip():
            yield f"{cell.id}: an empty cell"
        if INSTALLS.search(cell.source):
            yield f"{cell.id}: installs or downloads something"
        tags = set(cell.metadata.get("tags", ()))
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in tags:
                yield f"{cell.id}: an error is stored"
            if output.get("name") == "stderr":
                yield f"{cell.id}: a warning is stored"
            if "widget-view" in json.dumps(output):
                yield f"{cell.id}: a widget is stored, which nobody can see"


def read(path):
    return nbformat.read(path, as_version=4)


def named(path):
    return path.stem


@pytest.fixture(params=CHAPTERS, ids=named)
def chapter(request):
    return request.param


def test_there_are_chapters_and_masters():
    assert {"00_start_here", "02_the_chain"} <= {path.stem for path in CHAPTERS}
    assert {"02_the_chain"} <= {path.stem for path in MASTERS}


@pytest.mark.parametrize("path", CHAPTERS + MASTERS, ids=named)
def test_a_notebook_is_stored_in_canonical_form(path):
    answer = subprocess.run(
        [sys.executable, "book/execute.py", "--check", path.relative_to(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr


def test_a_chapter_is_stored_as_a_reviewer_expects(chapter):
    assert list(faults(read(chapter), chapter.stat().st_size)) == []


def test_most_of_what_a_chapter_prints_is_compared(chapter):
    code = [cell for cell in read(chapter).cells if cell.cell_type == "code"]
    free = [cell.id for cell in code if MAY_DIFFER & set(cell.metadata.get("tags", ()))]
    free += [cell.id for cell in code if "NBVAL" in cell.source]
    assert len(free) <= len(code) / 10, free


@pytest.mark.parametrize("path", MASTERS, ids=named)
def test_a_master_holds_no_outputs(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert (cell.execution_count, cell.outputs) == (None, []), cell.id


# --- the reviewer is awake ------------------------------------------------------------


def strip(page):
    for cell in page.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def run_one_cell_twice(page):
    code = [cell for cell in page.cells if cell.cell_type == "code"]
    code[1].execution_count = len(code) + 1


def store_widget_state(page):
    page.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {}}


def store_an_error(page):
    page.cells[-1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]


def store_a_warning(page):
    page.cells[-1].outputs = [nbformat.v4.new_output("stream", name="stderr", text="careful")]


def store_a_widget(page):
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "W()"}
    page.cells[-1].outputs = [nbformat.v4.new_output("display_data", data)]


def lengthen_the_setup(page):
    page.cells[0].source = "a = 1\n" * 5


def install_something(page):
    page.cells[-1].source = "%pip install torch"


def empty_a_cell(page):
    page.cells[-1].source = ""


def add_cells(page):
    page.cells += [nbformat.v4.new_markdown_cell("more") for _ in range(50)]


DAMAGE = {
    strip: "counts",
    run_one_cell_twice: "counts",
    store_widget_state: "widget state",
    store_an_error: "an error",
    store_a_warning: "a warning",
    store_a_widget: "a widget",
    lengthen_the_setup: "set-up cell",
    install_something: "installs",
    empty_a_cell: "empty",
    add_cells: "cells",
}


def small_page():
    """A page whose every cell prints something exact, stored as it would come out."""
    new, output = nbformat.v4, nbformat.v4.new_output
    html = '<img alt="two bars" src="data:image/png;base64,{}">'
    shown = output("display_data", {"text/html": html.format("AAAA"), "text/plain": "<figure>"})
    cells = [
        ("print(6 * 7)", output("stream", name="stdout", text="42\n")),
        ("[1.5, 2.5]", output("execute_result", {"text/plain": "[1.5, 2.5]"}, execution_count=2)),
        (
            "from IPython.display import display\n"
            "data = {'text/html': '" + html.format("AAAA") + "', 'text/plain': '<figure>'}\n"
            "display(data, raw=True)",
            shown,
        ),
    ]
    return new.new_notebook(
        cells=[
            new.new_code_cell(source, outputs=[stored], execution_count=count)
            for count, (source, stored) in enumerate(cells, start=1)
        ]
    )


def test_a_faultless_page_is_let_through():
    assert list(faults(small_page(), size=499_999)) == []
    assert any("bytes" in fault for fault in faults(small_page(), size=500_000))


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_page_is_sent_back(damage):
    page = small_page()
    damage(page)
    assert any(DAMAGE[damage] in fault for fault in faults(page))


# --- nbval is awake -------------------------------------------------------------------


def nbval(folder):
    """{page: [outcome of each cell]} from pytest with this project's own settings."""
    report = folder / "report.xml"
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", "-p", "no:cacheprovider"]
        + ["--rootdir", ".", f"--junit-xml={report}", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    from xml.etree import ElementTree

    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        page = re.split(r"[./]", case.get("classname").removesuffix(".ipynb"))[-1]
        failed = case.find("failure") is not None or case.find("error") is not None
        outcomes.setdefault(page, []).append("failed" if failed else "passed")
    return outcomes, answer


def change(page, cell, old, new):
    page = copy.deepcopy(page)
    (stored,) = page.cells[cell].outputs
    text = json.dumps(stored)
    assert old in text
    page.cells[cell].outputs = [nbformat.from_dict(json.loads(text.replace(old, new)))]
    return page


def test_nbval_fails_where_a_stored_output_is_wrong_and_only_there(tmp_path):
    right = small_page()
    pages = {
        "right": right,
        "wrong_number": change(right, 0, "42", "43"),
        "wrong_result": change(right, 1, "2.5", "2.6"),
        "wrong_html": change(right, 2, "two bars", "three bars"),
        "other_picture": change(right, 2, "AAAA", "BBBB"),
    }
    lost = copy.deepcopy(right)
    lost.cells[0].outputs = []
    pages["lost_output"] = lost
    for name, page in pages.items():
        nbformat.write(page, tmp_path / f"{name}.ipynb")
    outcomes, answer = nbval(tmp_path)
    assert answer.returncode == 1, answer.stdout
    assert outcomes == {
        "right": ["passed", "passed", "passed"],
        "wrong_number": ["failed", "passed", "passed"],
        "wrong_result": ["passed", "failed", "passed"],
        "wrong_html": ["passed", "passed", "failed"],
        "other_picture": ["passed", "passed", "passed"],
        "lost_output": ["failed", "passed", "passed"],
    }


def test_nbval_fails_on_a_chapter_with_one_number_changed(tmp_path):
    page = read(ROOT / "chapters" / "00_start_here.ipynb")
    code = [cell for cell in page.cells if cell.cell_type == "code"]
    number, printed = next(
        (number, output)
        for number, cell in enumerate(code)
        for output in cell.outputs
        if output.get("name") == "stdout" and re.search(r"\d", output.text)
    )
    printed.text = re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), printed.text, count=1)
    nbformat.write(page, tmp_path / "changed.ipynb")
    outcomes, answer = nbval(tmp_path)
    wrong = [place for place, outcome in enumerate(outcomes["changed"]) if outcome == "failed"]
    assert number in wrong, answer.stdout
