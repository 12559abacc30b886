"""Variants: other numbers in the text, the check and the solution, and all three agree."""

import ast
import inspect
import re
from pathlib import Path

import nbformat
import pytest
from wrong_answers import run_cell

from lstm_teach import checks
from lstm_teach.checks import EXERCISES
from lstm_teach.checks.variant import in_other_words, variation_of
from lstm_teach.course import variants

ROOT = Path(__file__).parent.parent.parent
NAMES = sorted(folder.name for folder in (ROOT / "solutions").iterdir() if folder.is_dir())
NUMBERS = (1, 2, 7, 2026, 999_999_999)
WITH_WORDS = [id for id, exercise in EXERCISES.items() if exercise.vary]
CHOICES = [id for id, exercise in EXERCISES.items() if any(part.letters for part in exercise.parts)]
VARYING = sorted({*WITH_WORDS, *CHOICES})


def master(name):
    return nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)


def master_of(id):
    return master(next(name for name in NAMES if int(name[:2]) == int(id.split(".")[0])))


def solved(notebook, id):
    """(the source of the solution cells of an exercise, its text, its check)."""
    here, code, text, check = False, [], [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            here = cell.source.startswith(f"## {id} ")
        if not here:
            continue
        facts = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            text.append(cell.source)
        elif facts.get("solution"):
            code.append(cell.source)
        elif facts.get("grade"):
            check = cell.source
    return "\n".join(code), "\n".join(text), check


def answers(id, number=None):
    """The solutions of the master, plain or in a variant, in the order of the parts."""
    notebook = master_of(id)
    if number:
        notebook = variants.derive(notebook, number)
    names = run_cell(solved(notebook, id)[0])
    exercise = checks.find(f"{id}/{number}" if number else id)
    return [names[part.name] for part in exercise.parts]


# --- what varies --------------------------------------------------------------------------------


def test_at_least_eight_exercises_of_many_chapters_have_other_numbers():
    assert len(WITH_WORDS) >= 8
    assert len({id.split(".")[0] for id in WITH_WORDS}) >= 8


def test_every_chapter_with_a_master_has_something_that_varies():
    for name in NAMES:
        assert variants.what_varies(master(name)), name


@pytest.mark.parametrize("id", WITH_WORDS)
def test_every_word_that_varies_stands_in_the_notebook_or_in_the_check(id):
    exercise = EXERCISES[id]
    module = inspect.getsource(inspect.getmodule(exercise.vary))
    text = "\n".join(solved(master_of(id), id)) + module.replace(
        inspect.getsource(exercise.vary), ""
    )
    text += "\n".join(cell.source for cell in master_of(id).cells)
    shifts = ("c_", "f_", "g_", "h_", "i_", "o_", "x_", "step ", "Step ", "copy ", "Copy ")
    for word in variation_of(exercise, 1).words:
        if not word.startswith(shifts):
            assert in_other_words(text, {word: "\0"}).count("\0"), word


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("id", VARYING)
def test_the_solution_of_the_variant_is_right_there_and_the_plain_one_is_not(id, number):
    there = f"{id}/{number}"
    assert checks.check(there, *answers(id, number)).status == "right"
    copied = checks.check(there, *answers(id))
    assert copied.status == "wrong"
    assert copied.mistake != "the check itself failed"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("id", VARYING)
def test_notebook_and_check_of_a_variant_have_one_solution(id, number):
    code, _, check = solved(variants.derive(master_of(id), number), id)
    exercise = checks.find(f"{id}/{number}")
    shown = "\n".join(part.solution for part in exercise.parts)
    assert _definitions(code) == _definitions(shown)
    assert check.startswith(f"lt.{exercise.call}\n")
    assert f'check("{id}/{number}"' in check


def _definitions(text):
    return [ast.dump(node) for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("id", CHOICES)
def test_each_letter_of_a_choice_keeps_its_words(id, number):
    exercise, varied = EXERCISES[id], checks.find(f"{id}/{number}")
    variation = variation_of(exercise, number)
    rows = dict(variants.ROW.findall(solved(master_of(id), id)[1]))
    there = dict(variants.ROW.findall(solved(variants.derive(master_of(id), number), id)[1]))
    names = {
        m.name[0]: m.name[1:] for part in exercise.parts if part.letters for m in part.mistakes
    }
    for old, new in variation.letters.items():
        assert there[new] == variation.text(rows[old])
        given = [*answers(id, number)[:-1], (new, "because it is so")]
        result = checks.check(varied.id, *given)
        if old in names:
            assert result.mistake == new + variation.text(names[old])
            assert not re.match(rf"{old} (says|is|would)\b", result.says) or old == new
        else:
            assert result.status == "right"
            assert old != new


# --- the text says what the check asks for ------------------------------------------------------


def constants(id, number):
    return checks.find(f"{id}/{number}").parts[0].reference.__globals__


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("id", "constant", "words"),
    [
        ("1.5", "Z", "In a chain where z = {} goes into tanh"),
        ("1.6", "HALVINGS", "multiplied by 0.5, {} times; then by 2, {} times"),
        ("2.7", "STEPS", "gives h_1 ... h_{}."),
        ("2.7", "FIRST", "First, x_{} and x_"),
        ("3.8", "SPAN", "We train in spans of {}: steps 1 to {}, then"),
        ("4.3", "U_AT_LEAST", "Find u, at least {}, and b"),
        ("9.8", "SHUT", "$o_{} = 0$"),
    ],
)
def test_the_text_names_the_constant_of_the_check(id, constant, words, number):
    text = solved(variants.derive(master_of(id), number), id)[1]
    value = constants(id, number)[constant]
    assert words.replace("{}", f"{value:g}") in text
    plain = EXERCISES[id].parts[0].reference.__globals__[constant]
    assert value != plain


@pytest.mark.parametrize("number", NUMBERS)
def test_hints_and_messages_of_a_variant_speak_of_its_numbers(number):
    varied = checks.find(f"1.6/{number}")
    halvings = constants("1.6", number)["HALVINGS"]
    assert f"{halvings} times?" in varied.hints[2]
    assert "200" not in " ".join([*varied.hints, varied.why, varied.parts[0].solution])
    assert f'lt.hint("1.6/{number}")' in checks.check(varied.id, lambda: ("A", "no")).message


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("id", "old"),
    [
        ("1.5", "tanh'(1)"),
        ("1.6", "200 times"),
        ("2.7", "x_1 ... x_8"),
        ("3.8", "spans of 5"),
        ("4.3", "at least 1.5"),
        ("5.4", "2e-10"),
        ("5.5", "0.9ⁿ"),
        ("5.5", "0.999"),
        ("6.8", "c = 40"),
        ("7.6", "after 40 steps"),
        ("8.2", "10,000"),
        ("9.4", "weight of set, weight of reset"),
        ("9.8", "o_4 = 0"),
    ],
)
def test_no_number_of_the_plain_exercise_is_left(id, old, number):
    def all_of(exercise, notebook):
        code, text, _ = solved(notebook, id)
        parts = [part.solution for part in exercise.parts]
        return "\n".join([code, text, *parts, *exercise.hints, exercise.after, exercise.why])

    assert old in all_of(EXERCISES[id], master_of(id))
    varied = variants.derive(master_of(id), number)
    assert old not in all_of(checks.find(f"{id}/{number}"), varied)


def test_the_letters_of_one_variant_are_not_exchanged_alike_everywhere():
    of_five = [variation_of(EXERCISES[id], 7).letters for id in CHOICES]
    assert len({tuple(letters.values()) for letters in of_five if len(letters) == 5}) > 3


# --- the notebook -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_check_hint_and_solution_asks_for_the_variant(name):
    text = "\n".join(cell.source for cell in variants.derive(master(name), 7).cells)
    asked = re.findall(r'lt\.(?:check|hint|solution)\("([^"]+)"', text)
    assert asked
    assert all(id.endswith("/7") for id in asked)
    assert "*This is variant 7.*" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_variant_keeps_every_cell_and_its_metadata(name):
    plain, varied = master(name), variants.derive(master(name), 7)
    for one, other in zip(plain.cells, varied.cells, strict=True):
        assert (one.id, one.cell_type, one.metadata) == (other.id, other.cell_type, other.metadata)
        ast.parse(other.source) if other.cell_type == "code" else None
    assert nbformat.writes(varied) == nbformat.writes(variants.derive(master(name), 7))
    assert nbformat.writes(plain) == nbformat.writes(master(name)), "the master is not touched"


def test_two_variants_differ():
    texts = {
        nbformat.writes(variants.derive(master("02_the_chain"), number))
        .replace(f"/{number}", "")
        .replace(f"variant {number}", "")
        for number in range(1, 6)
    }
    assert len(texts) == 5


def test_an_exercise_of_the_instructors_own_stays_as_it_is():
    cells = [
        nbformat.v4.new_markdown_cell("# Own exercises"),
        nbformat.v4.new_markdown_cell("## 77.1 200 halvings\n\n| **A** | one |"),
        nbformat.v4.new_code_cell('lt.check("77.1", 200)'),
    ]
    varied = variants.derive(nbformat.v4.new_notebook(cells=cells), 7)
    assert [cell.source for cell in varied.cells[1:]] == [cell.source for cell in cells[1:]]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "", "07", "1" * 10, None])
def test_what_is_no_variant_is_said(number):
    with pytest.raises(variants.NoVariant, match="a whole number from 1"):
        variants.derive(master("02_the_chain"), number)


# --- checks of a variant ------------------------------------------------------------------------


def test_a_variant_of_an_exercise_without_constants_draws_other_inputs():
    def learned(seen):
        def rnn_step(x, h, W, U, b):
            seen.append(b.tolist())
            return x @ W

        return rnn_step

    plain, there, again = [], [], []
    for id, seen in (("2.1", plain), ("2.1/7", there), ("2.1/7", again)):
        checks.check(id, learned(seen))
    assert plain != there
    assert there == again


@pytest.mark.parametrize("id", ["2.1/0", "2.1/", "2.1/7/7", "2.1/x", "99.1/7", "/7"])
def test_an_id_that_names_no_variant_is_said(id):
    result = checks.check(id, lambda: None)
    assert result.status == "not attempted"
    assert "There is no exercise" in result.says
    with pytest.raises(KeyError):
        checks.find(id)


def test_progress_counts_what_was_right_in_a_variant():
    checks.check("2.1/7", EXERCISES["2.1"].parts[0].reference)
    assert "✓ 2.1 right" in checks.progress(2).says
