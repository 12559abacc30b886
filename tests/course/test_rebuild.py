"""Masters are read, and submissions rebuilt from them, whatever has happened to the file."""

import copy
import json
import pickle
import random
from pathlib import Path

import nbformat
import pytest

from lstm_teach.course import reading
from lstm_teach.course import rebuild as rebuilding
from lstm_teach.course.master import Master, MasterMissing
from lstm_teach.course.reading import TooMuch, names_bound, names_imported, names_used, parsed
from lstm_teach.course.rebuild import MOST_READ, Unreadable, rebuild

ROOT = Path(__file__).parents[2]
HOME = ROOT / "solutions" / "02_the_chain" / "02_the_chain.ipynb"
MASTER = Master.read("02_the_chain")
RELEASED = nbformat.read(ROOT / "exercises" / "02_the_chain" / "02_the_chain.ipynb", 4)
ANSWER = "def rnn_step(x, h, W, U, b):\n    return np.tanh(x @ W + h @ U + b)"


def notebook(change=lambda made: None):
    made = copy.deepcopy(RELEASED)
    cell(made, "rnn-step").source = ANSWER
    change(made)
    return json.dumps(made).encode()


def cell(made, grade_id):
    return next(c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def code(source, **facts):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **facts}


def flags(rebuilt):
    return {one.flag for one in rebuilt.flags}


# --- masters ------------------------------------------------------------------------------------


def test_a_master_is_found_by_name_by_number_and_by_path():
    assert {Master.read(where).hash for where in ("02_the_chain", "02", HOME)} == {MASTER.hash}


@pytest.mark.parametrize("where", ["22_nothing", "", "exercises/none.ipynb", ROOT / "README.md"])
def test_what_is_no_master_is_said_in_words(where):
    with pytest.raises(MasterMissing) as said:
        Master.read(where)
    assert len(said.value.message) > 20


def test_a_master_knows_its_marks_and_what_they_ask_for():
    one = MASTER.grades[2]
    assert (one.grade_id, one.points, one.exercise) == ("merge-check", 3, "2.3")
    assert one.title == "Merging lines is one block matrix"
    assert one.names == ("block_matrix", "merged_step")
    assert "require_right" in one.hidden
    assert "require_right" not in one.seen
    assert MASTER.max_score == sum(grade.points for grade in MASTER.grades) == 18
    assert MASTER.before("latch-check") == ["latch", "hold"]
    assert MASTER.solution_of("hold_time") == "hold"


def test_what_is_marked_by_hand_is_told_apart():
    (by_hand,) = Master.read("04_vanishing").manual
    assert (by_hand.grade_id, by_hand.points, by_hand.by_hand) == ("explain-marks", 2, True)


def test_the_hash_follows_what_counts_and_nothing_else():
    made = nbformat.read(HOME, 4)
    made.cells[0].source += "another text"
    made.metadata["kernelspec"] = {}
    assert Master.of(made, "02_the_chain").hash == MASTER.hash
    assert Master.of(made, "02_the_chain", variant=7).hash != MASTER.hash
    cell(made, "rnn-step-check").metadata.nbgrader.points = 3
    assert Master.of(made, "02_the_chain").hash != MASTER.hash


def test_a_master_travels_to_other_processes():
    assert pickle.loads(pickle.dumps(MASTER)) == MASTER


def test_a_master_may_have_data_beside_it(tmp_path):
    folder = tmp_path / "one"
    (folder / "data").mkdir(parents=True)
    (folder / "one.ipynb").write_bytes(HOME.read_bytes())
    (folder / "data" / "weather.csv").write_text("1,2")
    (folder / ".hidden").write_text("")
    assert list(Master.read(folder).files) == ["data/weather.csv"]


@pytest.mark.parametrize(
    ("bytes_", "word"),
    [
        (b"{", "not a notebook"),
        (b'{"cells": []}', "worth points"),
        (b'{"cells": [{"cell_type": "code"}]}', "not a notebook"),
    ],
)
def test_a_broken_master_is_refused_in_words(bytes_, word):
    with pytest.raises(MasterMissing, match=word):
        Master.of(bytes_, "broken")


def test_names_are_read_without_running():
    source = "import os.path as p, sys\nfrom a import b\nx, (y, *z) = f(1)\n%matplotlib inline\n"
    source += "def g(q):\n    inner = h(q)\n    return inner\nclass C: pass\nfor k in x: pass"
    assert names_bound(source) == {"p", "sys", "b", "x", "y", "z", "g", "C", "k"}
    assert names_used(source) == {"f", "h"}
    assert names_bound("def broken(:\n  pass\ndef f(x):") == {"broken", "f"}
    makes = "def f():\n    global g\n    g = 1\n"
    assert names_bound(f"from os import *\n{makes}[k for k in x]") == {"f", "g", "*"}
    assert names_bound("%%writefile -a x.py\nimport os") == {"os"}
    assert names_bound("%%writefile helper.py\nimport os") == {"helper.py"}
    assert names_imported("import os, sys\nsys = 3") == {"os"}


def test_a_local_of_one_function_is_no_local_of_another():
    source = "def f(x):\n    return stack(x)\ndef g(x):\n    stack = x\n    return stack"
    assert names_used(source) == {"stack"}


SUM = "x = " + " + ".join(["y"] * 1500)
BRANCHES = "if q == 0:\n    pass\n" + "".join(f"elif q == {i}:\n    pass\n" for i in range(1, 1200))


@pytest.mark.parametrize(("source", "used"), [(SUM, "y"), (BRANCHES, "q")], ids=["sum", "elif"])
def test_a_deep_source_is_read(source, used):
    assert names_used(source) == {used}
    assert parsed(source) is not None


@pytest.mark.parametrize(
    "source",
    ["#" + "x" * 500_001, "x = " + " + ".join(["y"] * 20_000), "x = " + "-" * 90_000 + "1"],
    ids=["long", "deep", "minus"],
)
def test_what_is_too_much_to_read_is_told_apart_from_what_is_no_python(source):
    with pytest.raises(TooMuch):
        parsed(source)
    assert names_bound(f"def f(): pass\n{source}") == {"f"}
    assert names_used(source) == set()


@pytest.mark.parametrize(
    "source", ["x = (", "x = \0", "x = " + "9" * 5000, "(" * 90_000], ids=lambda text: text[:6]
)
def test_what_is_no_python_is_none(source):
    assert parsed(source) is None


@pytest.mark.parametrize("filler", ["a", " ", "a ", "a,", "%", "?", ".", "import ", "\n%%", "sys "])
def test_reading_takes_no_longer_than_the_source_is_long(filler):
    """A pattern that goes back and forth would take hours here."""
    source = filler * (400_000 // len(filler)) + "("
    names_bound(source)
    names_bound("x = !\n" + source)


# --- submissions --------------------------------------------------------------------------------


def test_only_the_solution_cells_are_taken():
    def spoil(made):
        cell(made, "rnn-step-check").source = "print('right')"
        cell(made, "setup").source = "import os"
        made.cells.append(code("os._exit(0)"))

    found = rebuild(notebook(spoil), MASTER)
    assert set(found.sources) == set(MASTER.solutions)
    assert found.sources["rnn-step"] == ANSWER
    assert "_exit" not in str(found.sources)
    assert flags(found) == {"edited_cell"}


def test_an_untouched_release_has_no_flags():
    assert rebuild(json.dumps(RELEASED).encode(), MASTER).flags == []


def test_the_last_copy_counts_and_a_person_hears_of_copies_that_differ():
    def copy_first(made):
        one = copy.deepcopy(cell(made, "rnn-step"))
        one.source = "def rnn_step(): pass"
        made.cells.insert(3, one)

    found = rebuild(notebook(copy_first), MASTER)
    assert found.sources["rnn-step"] == ANSWER
    (flag,) = found.flags
    assert (flag.flag, flag.person) == ("duplicate_cell", True)


def test_the_halves_of_a_split_cell_are_taken_together():
    def split(made):
        one = cell(made, "merge")
        other = copy.deepcopy(one)
        one.source, tail = one.source.split("def merged_step")
        other.source = f"def merged_step{tail}"
        made.cells.insert(made.cells.index(one) + 1, other)

    source = rebuild(notebook(split), MASTER).sources["merge"]
    assert names_bound(source) == {"block_matrix", "merged_step"}


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "without ids"])
def test_a_notebook_without_metadata_is_put_together_again(ids):
    def strip(made):
        for one in made.cells:
            one.metadata.pop("nbgrader", None)
            if not ids:
                one.pop("id")

    found = rebuild(notebook(strip), MASTER)
    assert found.sources["rnn-step"] == ANSWER
    assert None not in found.sources.values()
    assert flags(found) == {"no_metadata"}


def test_a_cell_that_defines_nothing_is_found_by_its_likeness():
    def strip(made):
        one = cell(made, "order")
        one.metadata.pop("nbgrader")
        one.pop("id")
        one.source = one.source.replace("def prediction()", "def predicition()")

    found = rebuild(notebook(strip), MASTER)
    assert "predicition" in found.sources["order"]


def test_a_missing_cell_is_said_and_another_notebook_is_for_a_person():
    found = rebuild(notebook(lambda made: made.cells.remove(cell(made, "count"))), MASTER)
    assert found.sources["count"] is None
    assert flags(found) == {"missing_cell"}
    other = (ROOT / "exercises" / "09_whole_cell" / "09_whole_cell.ipynb").read_bytes()
    assert "other_notebook" in {f.flag for f in rebuild(other, MASTER).flags if f.person}


def test_answers_in_one_anothers_cells_are_put_where_they_belong():
    def exchange(made):
        one, other = cell(made, "rnn-step"), cell(made, "count")
        one.source, other.source = other.source, one.source

    found = rebuild(notebook(exchange), MASTER)
    assert found.sources["rnn-step"] == ANSWER
    assert "def count_parameters" in found.sources["count"]
    assert flags(found) == {"exchanged_cells"}


def test_a_cell_that_became_text_is_taken_as_code():
    found = rebuild(notebook(lambda m: cell(m, "rnn-step").update(cell_type="markdown")), MASTER)
    assert found.sources["rnn-step"] == ANSWER
    assert flags(found) == {"not_code"}


@pytest.mark.parametrize("version", [1, 99, None, "three"])
def test_the_version_of_the_metadata_does_not_matter(version):
    def change(made):
        for one in made.cells:
            if "nbgrader" in one.metadata:
                one.metadata.nbgrader["schema_version"] = version

    found = rebuild(notebook(change), MASTER)
    assert (found.sources["rnn-step"], found.flags) == (ANSWER, [])


def test_a_notebook_of_another_variant_is_said_to_be_one():
    def vary(made):
        for one in made.cells:
            one.source = one.source.replace('", rnn', '/7", rnn')

    (flag,) = rebuild(notebook(vary), MASTER).flags
    assert (flag.flag, flag.person) == ("other_variant", True)
    assert "variant 7" in flag.says
    assert "plain" in flag.says


def test_raised_points_are_said():
    change = rebuild(
        notebook(lambda m: cell(m, "count-check").metadata.nbgrader.update(points=99)), MASTER
    )
    assert flags(change) == {"points_changed"}


def test_lines_windows_bom_and_utf_16_are_read():
    def lines(made):
        for one in made.cells:
            one["source"] = one["source"].replace("\n", "\r\n").splitlines(keepends=True)

    text = notebook(lines).decode()
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"):
        assert rebuild(text.encode(encoding), MASTER).sources["rnn-step"] == ANSWER


def test_format_3_is_read():
    old = nbformat.convert(nbformat.from_dict(json.loads(notebook())), 3)
    assert rebuild(json.dumps(old).encode(), MASTER).sources["rnn-step"] == ANSWER


@pytest.mark.parametrize("source", [7, None, [["x"]], {"a": 1}, [1, 2]], ids=str)
def test_a_source_that_is_no_text_is_empty(source):
    found = rebuild(notebook(lambda m: cell(m, "count").update(source=source)), MASTER)
    assert found.sources["count"] == ""
    assert found.sources["rnn-step"] == ANSWER


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'{"cells": 3}',
        b'{"worksheets": [7, {"cells": 1}], "cells": null',
        b"<html>Please log in</html>",
        b"\x80\x81\xff" * 100,
        b'{"a":' * 100_000,
        b'{"cells": [' + b"{}," * 6000 + b"{}]}",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_notebook_is_unreadable_and_says_so(data):
    with pytest.raises(Unreadable, match="unreadable|MB"):
        rebuild(data, MASTER)


def test_a_huge_notebook_is_read_without_its_outputs_and_a_larger_one_refused(monkeypatch):
    from lstm_teach.course import unpacking

    big = {"output_type": "stream", "name": "stdout", "text": "x" * 20_000_000}
    data = notebook(lambda made: cell(made, "count").update(outputs=[big]))
    assert rebuild(data, MASTER).sources["rnn-step"] == ANSWER
    monkeypatch.setattr(unpacking, "LARGEST", 1_000_000)
    with pytest.raises(Unreadable, match="19 MB; more than"):
        rebuild(data, MASTER)


def many(source, how_many=4900):
    """Put so many cells of this source, {n} a number in it, above an answer that needs n0."""

    def add(made):
        cell(made, "rnn-step").source = "def rnn_step(x):\n    return n0 + np.tanh(x)"
        cells = [nbformat.from_dict(code(source.replace("{n}", str(n)))) for n in range(how_many)]
        made.cells = [*made.cells[:2], *cells, *made.cells[2:]]

    return add


@pytest.mark.parametrize(
    "source",
    ["n{n} = n{n}0", "n0 = n{n}", "def f{n}():\n    return n0", "from os{n} import *", "np = {n}"],
)
def test_each_of_many_cells_is_read_once(source, monkeypatch):
    read, really = [], reading._read
    monkeypatch.setattr(
        reading, "_read", lambda text, *way: read.append(text) or really(text, *way)
    )
    rebuild(notebook(many(source)), MASTER)
    assert len(read) < 4900 + 600


def test_likenesses_without_number_are_not_all_looked_for(monkeypatch):
    compared = []
    monkeypatch.setattr(rebuilding, "_is_like", lambda *cells: compared.append(cells))

    def strip(made):
        many("# {n}")(made)
        for one in made.cells:
            one["metadata"] = {}
            one.pop("id", None)
            one["source"] = one["source"].replace("def ", "")

    rebuild(notebook(strip), MASTER)
    assert 0 < len(compared) <= rebuilding.MOST_COMPARED * len(MASTER.solutions)


def test_copies_without_number_are_not_all_read():
    def copy_often(made):
        one = cell(made, "merge")
        made.cells += [copy.deepcopy(one) for _ in range(4000)]

    assert "duplicate_cell" in flags(rebuild(notebook(copy_often), MASTER))


def test_cells_of_more_characters_than_are_read_are_for_a_person():
    found = rebuild(notebook(many("x = 1\n" * (MOST_READ // 60), 11)), MASTER)
    (flag,) = (one for one in found.flags if one.flag == "unread_source")
    assert flag.person
    assert found.sources["rnn-step"]


def test_no_damage_of_any_kind_raises_anything_but_unreadable():
    """Values at random places of the notebook become others: 300 times."""
    rng = random.Random(0)
    values = [None, 0, -1, 1e999, "", "x", [], {}, [None], {"a": {}}, True, "\ud800"]
    for _ in range(300):
        made = json.loads(notebook())
        for _ in range(rng.randrange(1, 30)):
            place = made
            while True:
                keys = list(place) if isinstance(place, dict) else list(range(len(place)))
                if not keys:
                    break
                key = rng.choice(keys)
                if isinstance(place[key], dict | list) and rng.random() < 0.85:
                    place = place[key]
                    continue
                place[key] = copy.deepcopy(rng.choice(values))
                break
        try:
            found = rebuild(json.dumps(made).encode(), MASTER)
        except Unreadable:
            continue
        assert set(found.sources) == set(MASTER.solutions)
        assert all(s is None or isinstance(s, str) for s in found.sources.values())
