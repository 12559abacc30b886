"""What students get: a zip, the same bytes every time, and no solution or hidden test in it."""

import io
import zipfile
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from course.own import DOUBLE, master_of, with_test, written

from lstm_teach import __version__
from lstm_teach.cli import commands
from lstm_teach.course import derive, release, variants

ROOT = Path(__file__).parent.parent.parent
NAME = "02_the_chain"


def run(*words):
    return CliRunner().invoke(commands, ["course", "release", *map(str, words)])


def unzipped(path):
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_the_zip_holds_the_notebook_a_page_and_the_exact_version(tmp_path):
    result = run(NAME, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    files = unzipped(tmp_path / "out" / f"{NAME}.zip")
    assert sorted(files) == [
        f"{NAME}/{f}" for f in (f"{NAME}.ipynb", "README.md", "requirements.txt")
    ]
    assert (
        files[f"{NAME}/{NAME}.ipynb"] == (ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes()
    )
    assert files[f"{NAME}/requirements.txt"].decode() == f"lstm-teach=={__version__}\n"
    page = files[f"{NAME}/README.md"].decode()
    assert page.startswith("# Exercises to chapter 02: the chain\n")
    assert __version__ in page
    assert len(page.splitlines()) < 40
    assert "{" not in page


def test_the_same_release_has_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        release.release(ROOT, NAME, tmp_path / folder, 7)
    one, two = ((tmp_path / f / f"{NAME}_variant_7.zip").read_bytes() for f in ("one", "two"))
    assert one == two


def test_data_beside_the_master_is_in_the_zip():
    packed = release.zipped({"a.ipynb": b"{}", "data/x.csv": b"1"}, "folder")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["folder/a.ipynb", "folder/data/x.csv"]
        assert {entry.date_time for entry in archive.infolist()} == {release.STARTED}


def test_a_variant_is_released_without_solutions_and_hidden_tests(tmp_path):
    result = run(NAME, "--out", tmp_path, "--variant", 7)
    assert result.exit_code == 0, result.output
    assert "other random inputs in 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7;" in result.output
    assert "other numbers or letters in 2.7. Grade it" in result.output
    assert "Grade it with --variant 7" in result.output
    stem = f"{NAME}_variant_7"
    files = unzipped(tmp_path / f"{stem}.zip")
    text = files[f"{stem}/{NAME}.ipynb"].decode()
    assert 'lt.check(\\"2.1/7\\", rnn_step)' in text
    for secret in ("HIDDEN", "require_right", "SOLUTION", "np.tanh(x @ W"):
        assert secret not in text
    assert "**Variant 7.**" in files[f"{stem}/README.md"].decode()


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A course with an exercise of its own."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "00_start_here.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    written(tmp_path, with_test("assert double(2) == 4"))
    return tmp_path


def test_a_variant_of_an_exercise_of_ones_own_is_said_to_be_the_same(book):
    result = run("own", "--out", "to", "--variant", 7)
    assert result.exit_code == 0, result.output
    assert "Variant 7: nothing differs but the number on its first page" in result.output
    page = unzipped(book / "to" / "own_variant_7.zip")["own_variant_7/README.md"].decode()
    assert "It differs from the others in its number alone." in page
    assert "wrong here" not in page


def test_where_some_exercises_are_the_books_it_is_said_which(book):
    both = master_of(
        ("solution", DOUBLE), ("grade", "double(1)", 1), ("grade", "lt.check('2.4', double)", 1)
    )
    written(book, both)
    result = run("own", "--out", "to", "--variant", 7)
    assert "other random inputs in 2.4; other numbers or letters in no exercise." in result.output
    assert "Exercises of your own are the same in all. Grade it with --variant 7" in result.output
    page = unzipped(book / "to" / "own_variant_7.zip")["own_variant_7/README.md"].decode()
    assert "wrong here" in page


def test_a_variant_has_the_grade_ids_of_the_plain_exercise():
    plain, varied = (
        nbformat.reads(release.contents(ROOT, NAME, n)[f"{NAME}.ipynb"].decode(), as_version=4)
        for n in (None, 7)
    )
    ids = [
        [c.metadata.nbgrader.grade_id for c in notebook.cells if "nbgrader" in c.metadata]
        for notebook in (plain, varied)
    ]
    assert ids[0] == ids[1]


def test_releasing_touches_neither_masters_nor_exercises(tmp_path):
    before = derive.exercise(ROOT, NAME)
    stamp = (ROOT / "solutions" / NAME / f"{NAME}.ipynb").stat().st_mtime_ns
    release.release(ROOT, NAME, tmp_path, 7)
    assert derive.exercise(ROOT, NAME) == before
    assert (ROOT / "solutions" / NAME / f"{NAME}.ipynb").stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing", "--variant", "7"], "There are: 01_squashing"),
        (["nothing"], "There are: 01_squashing"),
        ([NAME, "--variant", "seven"], "a variant is a whole number from 1 to 999999999"),
    ],
)
def test_what_cannot_be_released_is_said(tmp_path, words, said):
    result = run(*words, "--out", tmp_path)
    assert result.exit_code == 1
    assert said in result.output
    assert list(tmp_path.iterdir()) == []


def test_an_out_that_is_a_file_is_said(tmp_path):
    (tmp_path / "out").write_text("")
    result = run(NAME, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "is a file" in result.output


def test_the_master_of_a_variant_is_a_master():
    plain, varied = variants.master(NAME), variants.master(NAME, "7")
    assert varied.variant == 7
    assert [g.grade_id for g in varied.grades] == [g.grade_id for g in plain.grades]
    assert [g.exercise for g in varied.grades] == [f"{g.exercise}/7" for g in plain.grades]
    assert varied.hash != plain.hash
