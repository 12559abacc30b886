"""The index of misconceptions: it is complete, and each of its cells can be run and can fail."""

import re
from pathlib import Path

import nbformat
import pytest

from lstm_teach.checks import EXERCISES

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
ROW = re.compile(
    r"^\| (\d+) \| “(.+?)” \| (.+?) \| \[[^]]+\]\((\S+?)#cell-id=(\S+?)\) \|$", re.MULTILINE
)
SECTION = re.compile(r"Easily got wrong\n(.*)", re.DOTALL)
SAID = re.compile(r"^\*\*[\"“](.+?)[\"”]\*\*", re.MULTILINE)


def read(name):
    return nbformat.read(CHAPTERS / name, as_version=4)


INDEX = ROW.findall("\n".join(cell.source for cell in read("C_misconceptions.ipynb").cells))


def said_in_the_chapters():
    """(chapter, sentence) for every wrong sentence in a section "Easily got wrong"."""
    for path in sorted(CHAPTERS.glob("[0-9]*.ipynb")):
        for cell in read(path.name).cells:
            section = SECTION.search(cell.source) if cell.cell_type == "markdown" else None
            for sentence in SAID.findall(section[1]) if section else ():
                yield path.name, sentence


@pytest.mark.parametrize(("number", "said", "so", "chapter", "cell"), INDEX)
def test_each_is_refuted_in_its_chapter_by_a_cell_that_could_fail(number, said, so, chapter, cell):
    assert (chapter, said) in set(said_in_the_chapters())
    (shows,) = [one for one in read(chapter).cells if one.id == cell]
    assert shows.cell_type == "code"
    assert "assert" in shows.source or shows.outputs, "the cell shows nothing"


def test_every_wrong_sentence_of_a_chapter_is_in_the_index():
    indexed = {(chapter, said) for _, said, _, chapter, _ in INDEX}
    assert set(said_in_the_chapters()) - indexed == set()
    assert INDEX


def test_the_numbers_are_used_once():
    numbers = [int(number) for number, *_ in INDEX]
    assert len(set(numbers)) == len(numbers)


def test_every_number_that_a_check_names_is_in_the_index():
    named = {
        mistake.misconception
        for exercise in EXERCISES.values()
        for part in exercise.parts
        for mistake in part.mistakes
    } - {None}
    assert named - {int(number) for number, *_ in INDEX} == set()
