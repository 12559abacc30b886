"""The marks in other systems: each export against a schema of the documented format."""

import base64
import json

import pytest
from made_records import STUDENTS, graded, made, results_folder, run, schema

from lstm_teach.course.exports import github, gradescope, prairielearn, words
from lstm_teach.course.master import Master


@pytest.fixture(scope="module")
def records():
    return made()


@pytest.fixture
def results(records, tmp_path):
    return results_folder(tmp_path / "results", records)


@pytest.mark.parametrize(
    ("name", "results_of"),
    [("gradescope", gradescope.results), ("prairielearn", prairielearn.results)]
    + [("github", github.results)],
)
def test_each_record_becomes_what_the_schema_allows(records, name, results_of):
    schema(name).check_schema(schema(name).schema)
    for one in records:
        schema(name).validate(results_of(one))


@pytest.mark.parametrize("name", ["gradescope", "prairielearn", "github"])
def test_the_schemas_refuse_what_those_systems_would(records, name):
    found = {
        "gradescope": gradescope.results,
        "prairielearn": prairielearn.results,
        "github": github.results,
    }[name](records[2])
    for spoiled in (
        {**found, "score": "3"},
        {**found, "tests": {}},
        {**found, "surprise": 1},
        {key: value for key, value in found.items() if key not in ("score", "tests", "status")},
    ):
        assert not schema(name).is_valid(spoiled)


def test_scores_are_those_of_the_record(records):
    for one in records:
        machine = sum(test["score"] for test in words.by_machine(one))
        assert gradescope.results(one)["score"] == machine == one["score"]
        assert sum(test["score"] for test in github.results(one)["tests"]) == one["score"]
        if one["status"] != "failed":
            most = sum(test["max_score"] for test in words.by_machine(one))
            assert prairielearn.results(one)["score"] == pytest.approx(one["score"] / most)


def test_what_a_person_marks_is_left_to_the_person(records):
    ids = [test["name"] for test in records[0]["tests"] if test["status"] == "by_hand"]
    assert ids
    found = gradescope.results(records[0])
    assert len(found["tests"]) == len(records[0]["tests"]) - len(ids)
    assert "2 more are given by a person" in found["output"]


def test_no_hidden_test_is_told(records):
    for results_of in (gradescope.results, prairielearn.results, github.results):
        text = json.dumps(results_of(records[0]))
        assert "seed 5" not in text
        assert "Expected: \\n[1 2]" in text or "Expected:\\n[1 2]" in text
    assert gradescope.results(records[0])["stdout_visibility"] == "hidden"


def test_a_student_reads_the_message_and_the_hint_and_no_commands_to_a_terminal(records):
    told = gradescope.results(records[0])["tests"][1]["output"]
    assert told.startswith("The rows are in another order.")
    assert "Hint: Which axis is time?" in told
    assert "Python said:\nprinted" in told
    assert "\x1b" not in json.dumps(gradescope.results(records[0]), ensure_ascii=False)


def test_what_could_not_be_read_is_not_gradable(records):
    assert prairielearn.results(records[-1]) == {
        "gradable": False,
        "format_errors": ["This is no notebook."],
    }
    assert github.results(records[-1])["status"] == "error"


def test_no_sandbox_is_said():
    made = graded(Master.read("04_vanishing"), "ada") | {"sandbox": "none"}
    assert "without a sandbox" in gradescope.results(made)["output"]


def test_the_reporter_of_github_classroom_finds_its_variable(records):
    found = github.results(records[2])
    name, _, encoded = github.variable(found).partition("=")
    assert name == "LSTM-TEACH_RESULTS"
    assert json.loads(base64.b64decode(encoded)) == found


@pytest.mark.parametrize("target", ["gradescope", "prairielearn", "github"])
def test_each_student_has_a_file_of_their_own_inside_the_folder(results, tmp_path, target):
    out = tmp_path / "deep" / "out"
    result = run(results, "--to", target, "--out", out)
    assert result.exit_code == 0, result.output
    made = sorted(path for path in tmp_path.rglob("*.json") if results not in path.parents)
    assert len(made) == len(STUDENTS) + 1
    assert {path.parent for path in made} == {out}
    assert len({path.name.casefold() for path in made}) == len(made)
    for path in made:
        schema(target).validate(json.loads(path.read_text("utf-8")))


# --- what cannot be exported ---------------------------------------------------------------------


def test_a_folder_without_results_is_said(tmp_path):
    result = run(tmp_path, "--to", "csv", "--out", tmp_path / "marks.csv")
    assert result.exit_code == 1
    assert "holds no results" in result.output
    assert not (tmp_path / "marks.csv").exists()


def test_an_unknown_exercise_is_said(tmp_path):
    result = run("nothing", "--to", "gradescope-zip", "--out", tmp_path / "a.zip")
    assert result.exit_code == 1
    assert "01_squashing" in result.output


def test_an_out_that_is_a_file_where_a_folder_is_needed_is_said(results, tmp_path):
    (tmp_path / "out").write_text("mine")
    result = run(results, "--to", "github", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "is a file" in result.output
    assert (tmp_path / "out").read_text() == "mine"
