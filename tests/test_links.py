"""Every link of the book leads somewhere: to a file, a heading or a cell that is there."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(<?([^)\s>]+)>?\)")
FENCE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
CELL = "cell-id="


def markdown(path):
    """The Markdown of a file or notebook, without what is code in it."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    return FENCE.sub("", text)


def headings(path):
    """The anchors that JupyterLab and GitHub give a file's headings, in lower case."""
    titles = re.findall(r"^#+ +(.+?) *$", markdown(path), re.MULTILINE)
    plain = [re.sub(r"[*_`]", "", title) for title in titles]
    anchors = {title.replace(" ", "-").lower() for title in plain}
    return anchors | {re.sub(r"[^\w\- ]", "", title).replace(" ", "-").lower() for title in plain}


def broken(path, root=ROOT):
    """The links of a page that lead nowhere, each with what is missing."""
    for link in LINK.findall(markdown(path)):
        if re.match(r"[a-z]+:", link):
            if not link.startswith(("https://", "mailto:")):
                yield f"{link}: neither a file nor https"
            continue
        file, _, fragment = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.is_relative_to(root) or not target.exists():
            yield f"{link}: there is no such file in this repository"
        elif fragment.startswith(CELL):
            ids = {cell.id for cell in nbformat.read(target, as_version=4).cells}
            if fragment.removeprefix(CELL) not in ids:
                yield f"{link}: no cell has this id"
        elif fragment and fragment.lower() not in headings(target):
            yield f"{link}: no heading of this name"


def pages():
    """All Markdown files and notebooks that a clone holds, or would hold when all is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.ipynb"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    names = listed.stdout.split() if listed.returncode == 0 else []
    found = [ROOT / name for name in names] or [
        *ROOT.glob("*.md"),
        *(
            path
            for folder in ("chapters", "exercises", "solutions")
            for path in ROOT.glob(f"{folder}/**/*.ipynb")
        ),
    ]
    return sorted(path for path in found if path.exists())


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page):
    assert list(broken(page)) == []


def test_the_pages_are_found():
    names = {page.relative_to(ROOT).as_posix() for page in pages()}
    assert {"README.md", "chapters/02_the_chain.ipynb"} <= names


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("other.md", None),
        ("other.md#A-second-part", None),
        ("other.md#a-second-part", None),
        ("page.ipynb#cell-id=shown", None),
        ("#Here", None),
        ("https://example.org", None),
        ("missing.md", "no such file"),
        ("../outside.md", "no such file"),
        ("other.md#A-third-part", "no heading"),
        ("page.ipynb#cell-id=gone", "no cell"),
        ("http://example.org", "https"),
    ],
)
def test_a_broken_link_is_found_and_a_whole_one_let_through(tmp_path, link, fault):
    folder = tmp_path / "book"
    folder.mkdir()
    (tmp_path / "outside.md").write_text("")
    (folder / "other.md").write_text("# Other\n\n## A second *part*\n")
    cell = nbformat.v4.new_code_cell("1", id="shown")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "page.ipynb")
    page = folder / "start.md"
    page.write_text(f"# Here\n\nSee [this]({link}), not `[that](gone.md)`.\n")
    found = list(broken(page, root=folder))
    assert (found == []) if fault is None else (len(found) == 1 and fault in found[0])
