"""Every displayed equation has a number, is evaluated, and says what was evaluated."""

import re
from pathlib import Path

import nbformat
import pytest
from equations import EQUATIONS

CHAPTERS = sorted((Path(__file__).parent.parent / "chapters").glob("*.ipynb"))
DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
NUMBER = re.compile(r"\\tag\{(\d+\.\d+)\}")


def displayed(source):
    """The displayed equations of a piece of Markdown: (number or None, LaTeX without it)."""
    for match in DISPLAYED.finditer(source):
        number = NUMBER.search(match[1])
        yield number and number[1], " ".join(NUMBER.sub("", match[1]).split())


def on_the_pages():
    for chapter in CHAPTERS:
        for cell in nbformat.read(chapter, as_version=4).cells:
            if cell.cell_type == "markdown":
                for number, latex in displayed(cell.source):
                    yield chapter.stem, number, latex


PAGES = list(on_the_pages())


@pytest.mark.parametrize(("chapter", "number", "latex"), PAGES)
def test_a_displayed_equation_is_numbered_registered_and_unchanged(chapter, number, latex):
    assert number, f"an equation of {chapter} has no \\tag{{..}}: {latex}"
    assert number.split(".")[0] == str(int(chapter[:2])), f"{number} stands in {chapter}"
    assert number in EQUATIONS, f"nothing evaluates equation {number}: add it to tests/equations/"
    assert latex == " ".join(EQUATIONS[number][0].split())


@pytest.mark.parametrize("number", EQUATIONS)
def test_a_registered_equation_holds(number):
    EQUATIONS[number][1]()


def test_numbers_are_used_once_and_none_is_evaluated_that_no_page_shows():
    numbers = [number for _, number, _ in PAGES]
    assert sorted(numbers) == sorted(set(numbers))
    assert set(numbers) == set(EQUATIONS)


def test_an_equation_without_a_number_is_found():
    assert list(displayed("$$a = b$$ and $$c = d \\tag{9.1}$$")) == [
        (None, "a = b"),
        ("9.1", "c = d"),
    ]
