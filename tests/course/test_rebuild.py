"""Masters are read, and submissions rebuilt from them, whatever has happened to the file."""

import copy
import json
import pickle
import random
from pathlib import Path

import nbformat
import pytest

from lstm_teach.course.master import Master, MasterMissing
from lstm_teach.course.reading import names_bound, names_used
from lstm_teach.course.rebuild import Unreadable, rebuild

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


def test_a_helper_in_a_cell_of_ones_own_is_taken_along():
    def helped(made):
        cell(made, "rnn-step").source = "def rnn_step(x, h, W, U, b):\n    return squash(x @ W)"
        made.cells += [code("def squash(z):\n    return np.tanh(twice * z)"), code("twice = 2")]
        made.cells.append(code("unrelated = 1"))

    source = rebuild(notebook(helped), MASTER).sources["rnn-step"]
    assert source.index("twice = 2") < source.index("def squash") < source.index("def rnn_step")
    assert "unrelated" not in source


def test_an_answer_in_a_new_cell_below_the_stub_counts():
    def below(made):
        cell(made, "rnn-step").source = cell(RELEASED, "rnn-step").source
        made.cells.insert(6, code(ANSWER))

    found = rebuild(notebook(below), MASTER)
    assert found.sources["rnn-step"].endswith(ANSWER)
    assert flags(found) == {"extra_cell"}


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
