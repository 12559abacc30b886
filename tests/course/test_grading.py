"""Honest notebooks get what they earned; whatever a submission does, a record comes of it."""

import copy
import json
from pathlib import Path

import jsonschema
import nbformat
import pytest
from course.corpus.making import answers, full, lost, notebook, to_bytes
from course.own import DOUBLE, hidden, master_of, with_test
from course.rooms import some_kernels
from wrong_answers import WRONG

from lstm_teach.course import grading, playing, record, testing
from lstm_teach.course.grading import grade
from lstm_teach.course.master import STUB, Master

ROOT = Path(__file__).parents[2]
NAMES = sorted(folder.name for folder in (ROOT / "solutions").iterdir() if folder.is_dir())
MASTER = Master.read("02_the_chain")
SCHEMA = jsonschema.Draft202012Validator(json.loads(record.SCHEMA.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def kernels():
    with some_kernels() as found:
        yield found


def graded(source, kernels, master=MASTER, student="anna", timeout=60.0):
    made = grade(source, master, kernels, student=student, seed="secret", timeout=timeout)
    SCHEMA.validate(made)
    assert record.problems(made) == []
    return made


def marks(made):
    return {one["name"]: one["score"] for one in made["tests"] if one["status"] != "by_hand"}


def statuses(made):
    return {one["name"]: one["status"] for one in made["tests"]}


@pytest.mark.parametrize("name", NAMES)
def test_the_masters_own_solutions_get_all_points_and_a_blank_none(kernels, name):
    master = Master.read(name)
    by_hand = sum(one.points for one in master.manual)
    for student in ("anna", "bob")[: 1 + (name in NAMES[::3])]:
        source = (ROOT / "solutions" / name / f"{name}.ipynb").read_bytes()
        made = graded(source, kernels, master, student)
        assert made["score"] == master.max_score - by_hand, made
        assert (made["status"], made["flags"], made["needs_a_person"]) == ("graded", [], False)
    source = (ROOT / "exercises" / name / f"{name}.ipynb").read_bytes()
    made = graded(source, kernels, master)
    assert (made["score"], made["flags"]) == (0, [])
    assert set(statuses(made).values()) <= {"not_attempted", "by_hand"}


ASKED = {  # exercises that hand functions over, take functions, objects or sequences
    "01_squashing": ("1.3", "1.4"),
    "03_through_time": ("3.4", "3.5", "3.6"),
    "05_training": ("5.7",),
    "06_carousel": ("6.7",),
    "07_forget_gate": ("7.7",),
    "10_backward": ("10.4", "10.7", "10.8"),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_known_mistake_has_the_name_that_the_check_gives_it(kernels, name):
    """Each wrong answer stands behind the right ones, in the last cell of its exercise."""
    master = Master.read(name)
    made = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", as_version=4)
    expected = {}
    for one in master.grades:
        if one.exercise in ASKED[name]:
            mistake, text = list(WRONG[one.exercise].items())[1]
            expected[one.grade_id] = mistake
            last = master.before(one.grade_id)[-1]
            for cell in made.cells:
                if cell.metadata.get("nbgrader", {}).get("grade_id") == last:
                    solutions = "\n\n".join(master.solutions.values())
                    cell.source = f"{solutions}\n\n{as_cell(text)}"
    found = {one["name"]: one for one in graded(to_bytes(made), kernels, master)["tests"]}
    assert {name: found[name]["mistake"] for name in expected} == expected
    assert {found[name]["score"] for name in expected} == {0}


def test_a_known_mistake_in_one_function_is_told_though_the_other_is_missing(kernels):
    made = graded(answers(merge="def block_matrix(W, U):\n    return W + U[: len(W)]")(), kernels)
    merge = next(one for one in made["tests"] if one["name"] == "merge-check")
    assert (merge["status"], merge["score"]) == ("failed", 0)
    assert "block_matrix" in merge["says"]
    half = "def block_matrix(W, U):\n    return np.concatenate([W, U])"
    made = graded(answers(merge=half)(), kernels)
    merge = next(one for one in made["tests"] if one["name"] == "merge-check")
    assert (merge["status"], merge["score"]) == ("failed", 0)
    assert "does not define `merged_step`" in merge["says"]


def as_cell(text):
    from textwrap import dedent

    return dedent(text).strip("\n")


# --- what it costs to break something -----------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "word"),
    [
        ("{right}\nimport os\nos._exit(3)", "ended Python"),
        ("def rnn_step(x, h, W, U, b):\n    import os\n    os._exit(3)", "ended Python"),
        ("def rnn_step(x, h, W, U, b):\n    return (lambda f: f(f))(lambda f: f(f))", "error"),
        ("def rnn_step(x, h, W, U, b)\n    return x", "SyntaxError"),
        ("{right}\nexit()", ""),
        ("{right}\nraise SystemExit", ""),
    ],
    ids=["exit above", "exit inside", "recursion", "syntax", "exit", "SystemExit"],
)
def test_what_breaks_costs_its_own_points_only(kernels, step, word):
    made = graded(answers(rnn_step=step)(), kernels)
    first = made["tests"][0]
    expected = lost("rnn-step") if word else full()
    assert marks(made) == expected
    if word:
        assert word in first["says"] + first["output"]


def test_a_function_that_does_not_end_costs_its_own_points(kernels, monkeypatch):
    from lstm_teach.course import distant

    monkeypatch.setattr(distant, "CPU_SECONDS", 1.0)
    loop = "def count_parameters(T, D, H):\n    while True:\n        pass"
    made = graded(answers(count=loop)(), kernels)
    assert marks(made) == lost("count")
    count = next(one for one in made["tests"] if one["name"] == "count-check")
    assert count["mistake"] == "does not end"


def test_a_cell_that_swallows_interrupts_is_left_out_and_the_rest_graded(kernels, monkeypatch):
    monkeypatch.setattr(playing, "CELL_SECONDS", 1.0)
    stubborn = (
        "def deaf(depth):\n    while True:\n        try:\n            deaf(depth - 1) if depth "
    )
    stubborn += "else time.sleep(9)\n        except BaseException: pass\nimport time\ndeaf(3)"
    made = graded(answers(batch=f"{{right}}\n{stubborn}")(), kernels)
    assert marks(made) == lost("batch")
    assert made["status"] == "graded"


def test_when_the_time_is_over_what_was_earned_stays(kernels):
    nap = "{right}\nimport time\ntime.sleep(30)"
    naps = dict.fromkeys(("merge", "count", "batch", "hold", "order"), nap)
    made = graded(answers(**naps)(), kernels, timeout=5.0)
    assert made["status"] == "partly"
    assert marks(made)["rnn-step-check"] == 2
    assert "not_run" in statuses(made).values()
    assert made["seconds"] < 15


def test_stderr_warnings_and_a_flood_of_output_cost_nothing(kernels):
    noise = "import sys, warnings\nprint('x' * 10**7)\nprint('e', file=sys.stderr)\n"
    noise += "warnings.warn('careful')\nnp.log(np.zeros(1))\n"
    noise += "from IPython.display import display\nfor n in range(2000): display(n)\n"
    made = graded(answers(rnn_step=noise + "{right}")(), kernels)
    assert marks(made) == full()


def test_threads_left_behind_change_nothing(kernels):
    thread = "{right}\nimport threading\ndef _talk():\n    while True: print('still here')\n"
    thread += "threading.Thread(target=_talk, daemon=True).start()"
    assert marks(graded(answers(order=thread)(), kernels)) == full()


# --- what is hidden -----------------------------------------------------------------------------


BY_HEART = """
import hashlib
def count_parameters(T, D, H):
    return {table}.get((T, D, H), 0)
"""


def test_an_answer_by_heart_fails_on_other_numbers_and_is_told_only_that(kernels):
    import numpy as np

    from lstm_teach.checks import EXERCISES

    table = {}
    for seed in (0, 2026):  # what stands in the notebook, and what stands in the master
        for case in EXERCISES["2.4"].parts[0].cases(np.random.default_rng(seed)):
            T, D, H = map(int, case.args)
            table[T, D, H] = D * H + H * H + H
    made = graded(answers(count=BY_HEART.replace("{table}", repr(table)))(), kernels)
    count = next(one for one in made["tests"] if one["name"] == "count-check")
    assert (count["status"], count["visibility"]) == ("failed", "hidden")
    assert (count["says"], count["exhibits"]) == (testing.OTHER_NUMBERS, [])
    assert "paste" not in json.dumps(count)


CARRIES = """
_seen = []
def rnn_step(x, h, W, U, b):
    _seen.append(float(x.flat[0]))
    return np.tanh(x @ W + h @ U + b)
"""


def test_what_a_function_learns_of_the_hidden_numbers_is_not_shown(kernels):
    """A later answer may only bring out what the seen check asked."""
    back = "def count_parameters(T, D, H):\n    return [*_seen]"
    made = graded(answers(rnn_step=CARRIES, count=back)(), kernels)
    again = graded(answers(rnn_step=CARRIES, count=back)(), kernels, student="bob")
    assert marks(made) == lost("count")
    assert made["tests"] == again["tests"]


def test_a_hidden_part_sees_the_notebook_as_it_was_at_its_place(kernels):
    """A name that a later cell uses for something else does no harm."""
    one = "def _twice(z):\n    return np.tanh(z)\n{right}"
    one = one.replace(
        "{right}", "def rnn_step(x, h, W, U, b):\n    return _twice(x @ W + h @ U + b)"
    )
    made = graded(answers(rnn_step=one, count="{right}\n_twice = None")(), kernels)
    assert marks(made) == full()


def test_each_student_and_exercise_has_numbers_of_its_own():
    seeds = {
        testing.seed_of(*parts)
        for parts in [("a", "anna", "x"), ("b", "anna", "x"), ("a", "bob", "x"), ("a", "anna", "y")]
    }
    assert len(seeds) == 4
    assert testing.seed_of("a", "anna", "x") in seeds


# --- masters of others --------------------------------------------------------------------------


OWN = master_of(
    ("set-up", "import numpy as np\nfrom math import isclose\nnear = lambda a, b: isclose(a, b)"),
    ("solution", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    (
        "grade",
        "assert near(double(2.5), 5.0), 'twice two and a half is five'\n"
        "### BEGIN HIDDEN TESTS\nfor x in np.random.default_rng().normal(size=3):\n"
        "    assert near(double(x), 2 * x)\n### END HIDDEN TESTS",
        4,
    ),
    ("manual", "words = 'because'", 3),
    ("grade", "assert sorted(words) == sorted('eau')", 1),
)


def answered(source):
    made = copy.deepcopy(OWN)
    made.cells[1].source = source
    return to_bytes(made)


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        ("def double(x):\n    return x + x", "passed", ""),
        ("def double(x):\n    return 3 * x", "failed", "twice two and a half is five"),
        ("def double(x):\n    return 5.0", "failed", testing.OTHER_NUMBERS),
        ("def double(x):\n    return missing", "failed", "NameError"),
        ("def triple(x):\n    return 5.0", "failed", "does not define `double`"),
        ("", "not_attempted", "missing"),
    ],
)
def test_plain_asserts_of_an_instructors_own_work_too(kernels, source, status, says):
    made = graded(answered(source), kernels, Master.of(OWN, "own"))
    assert (made["tests"][0]["status"], made["tests"][0]["score"]) == (
        status,
        4 * (status == "passed"),
    )
    assert says in made["tests"][0]["says"]


def test_what_a_person_marks_is_kept_for_that_person(kernels):
    made = graded(answered("double = abs"), kernels, Master.of(OWN, "own"))
    by_hand = made["tests"][1]
    assert (by_hand["status"], by_hand["score"], by_hand["max_score"]) == ("by_hand", 0, 3)
    assert by_hand["output"] == "words = 'because'"


def test_a_test_that_never_ends_with_an_answer_is_given_up(kernels, monkeypatch):
    endless = copy.deepcopy(OWN)
    endless.cells[2].source = "n = 0\nwhile double(1.0) == 2 or True:\n    n += 1"
    made = graded(to_bytes(OWN), kernels, Master.of(endless, "own"), timeout=2.0)
    assert made["tests"][0]["score"] == 0
    assert made["tests"][0]["status"] in ("error", "not_run")


def of_own(kernels, master, source=None, **about):
    """The first test of a record: of the master's own solution, or of another source."""
    made = copy.deepcopy(master)
    if source is not None:
        answer = next(c for c in made.cells if c.metadata["nbgrader"].get("solution"))
        answer.source = source
    return graded(to_bytes(made), kernels, Master.of(master, "own", **about))["tests"][0]


@pytest.mark.parametrize(
    ("seen", "unseen"),
    [
        ("x = 3\nassert double(x) == 6", "assert double(x + 1) == 8"),
        (
            "def twice(f, x):\n    return f(f(x))\nassert twice(double, 1) == 4",
            "assert twice(double, 2) == 8",
        ),
        (
            "import numpy as np\nrng = np.random.default_rng(0)",
            "assert double(rng.integers(9)) >= 0",
        ),
        (
            "class Near(float):\n    pass\nassert double(Near(1)) == 2",
            "assert double(Near(5)) == 10",
        ),
    ],
    ids=["a number", "a function", "an import", "a class"],
)
def test_the_hidden_part_sees_what_the_visible_part_has_made(kernels, seen, unseen):
    master = with_test(hidden(seen, unseen))
    assert of_own(kernels, master)["status"] == "passed"
    wrong = of_own(kernels, master, "def double(x):\n    return {1: 2, 2: 4, 3: 6}.get(x, -9)")
    assert (wrong["status"], wrong["says"]) == ("failed", testing.OTHER_NUMBERS)


CHECKED = "def looked_at(seed):\n    lt.check('2.4', double, seed=seed).require_right()\n"


def test_a_check_in_a_helper_of_the_visible_part_draws_the_students_numbers(kernels, monkeypatch):
    import lstm_teach

    seeds, check = [], lstm_teach.check
    monkeypatch.setattr(
        lstm_teach, "check", lambda *args, seed=0: (seeds.append(seed), check(*args, seed=seed))[1]
    )
    answer = "def double(T, D, H):\n    ### BEGIN SOLUTION\n    return D * H + H * H + H\n"
    answer += "    ### END SOLUTION"
    for helper in (CHECKED, "import lstm_teach as lt\n" + CHECKED):
        seeds.clear()
        master = with_test(hidden(helper + "looked_at(1)", "looked_at(2)"), answer)
        assert of_own(kernels, master)["status"] == "passed"
        assert seeds[0] == 1
        assert seeds[1:] == [testing.seed_of("secret", "anna", "grade-1")]


@pytest.mark.parametrize("ends", ["raise SystemExit", "import sys; sys.exit(0)", "exit()"])
def test_a_test_that_would_end_python_has_failed(kernels, ends):
    one = of_own(kernels, with_test(f"double(1)\n{ends}"))
    assert (one["status"], one["score"]) in [("failed", 0), ("error", 0)]


def test_a_set_up_cell_that_would_end_python_ends_alone(kernels):
    cells = [("set-up", "n = 2\nraise SystemExit"), ("solution", DOUBLE)]
    master = master_of(*cells, ("grade", "assert double(n) == 4", 1))
    assert of_own(kernels, master)["status"] == "passed"


def test_a_test_of_the_main_program_is_run(kernels):
    master = with_test("if __name__ == '__main__':\n    assert double(2) == 4")
    assert of_own(kernels, master)["status"] == "passed"
    assert of_own(kernels, master, "double = abs")["status"] == "failed"


@pytest.mark.parametrize(
    "source",
    ["def double(x):\n    # your code here\n    raise NotImplementedError()", STUB],
)
def test_an_answer_that_is_still_empty_is_not_attempted(kernels, source):
    one = of_own(kernels, with_test("assert double(2) == 4"), source)
    assert (one["status"], one["score"]) == ("not_attempted", 0)
    assert one["says"] == testing.UNFINISHED


READ = "[int(n) for n in open('data/numbers.txt').read().split()]"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "numbers.txt").write_text("1 2 4")
    return {"data/numbers.txt": tmp_path / "numbers.txt"}


def test_a_test_may_read_the_files_beside_the_master(kernels, files):
    before = Path.cwd()
    test = hidden(f"assert double({READ}[1]) == 4", f"assert double({READ}[2]) == 8")
    assert of_own(kernels, with_test(test), files=files)["status"] == "passed"
    assert Path.cwd() == before


def test_what_a_set_up_cell_reads_is_the_masters_whatever_an_answer_makes_of_it(kernels, files):
    master = master_of(
        ("set-up", f"numbers = {READ}"),
        ("solution", DOUBLE),
        ("grade", "assert double(sum(numbers)) == 14", 1),
    )
    assert of_own(kernels, master, files=files)["status"] == "passed"
    spoilt = "numbers = [14]\ndouble = abs"
    assert of_own(kernels, master, spoilt, files=files)["status"] == "failed"


@pytest.mark.parametrize("value", ["{1, 2}", "frozenset({1, 2})", "b'12'", "({1}, [b'2'])"])
def test_sets_and_bytes_come_out_of_the_sandbox(kernels, value):
    answer = f"def double(x):\n    ### BEGIN SOLUTION\n    return {value}\n    ### END SOLUTION"
    assert of_own(kernels, with_test(f"assert double(1) == {value}", answer))["status"] == "passed"


def test_the_title_of_what_a_person_marks_is_the_heading_and_no_word_of_the_answer(kernels):
    text = nbformat.v4.new_markdown_cell("# Own\n\n## Why is that?\n\nExplain it.")
    master = master_of(("manual", "### BEGIN SOLUTION\n'Because.'\n### END SOLUTION", 3))
    titles = [Master.of(master, "own").grades[0].title]
    master.cells.insert(0, text)
    titles.append(Master.of(master, "own").grades[0].title)
    assert titles == ["manual-0", "Why is that?"]
    task = nbformat.v4.new_markdown_cell("### Draw it\n\n### BEGIN MARK SCHEME\n# Two lines")
    about = {"task": True, "points": 1, "grade_id": "task"}
    task.metadata["nbgrader"] = about
    master.cells.append(task)
    assert Master.of(master, "own").grades[1].title == "Draw it"
    assert "Because" not in json.dumps(graded(to_bytes(OWN), kernels, Master.of(master, "own")))


# --- and our own faults -------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")
def test_a_fault_of_ours_is_a_failed_record_and_no_exception(kernels, monkeypatch, caplog):
    def fault(*_):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(grading, "rebuild", fault)
    made = graded(to_bytes(notebook({})), kernels)
    assert (made["status"], made["score"], made["needs_a_person"]) == ("failed", 0, True)
    assert "fault of ours" in made["flags"][0]["says"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("source", [b"", b"{", b"null", b"\xff\xfe\x00" * 9, b"[" * 10**6])
def test_what_is_no_notebook_is_a_failed_record(kernels, source):
    made = graded(source, kernels)
    assert (made["status"], made["score"], made["needs_a_person"]) == ("failed", 0, True)
    assert "unreadable" in made["flags"][0]["says"]


def test_what_is_known_about_the_file_goes_into_the_record(kernels):
    flags = [{"flag": "late", "says": "Two days late.", "person": True}]
    made = grade(b"", MASTER, kernels, student="zoë", seed="s", flags=flags)
    SCHEMA.validate(made)
    assert (made["student"], made["flags"][0]["flag"]) == ("zoë", "late")
    assert (made["master_sha256"], made["sandbox"]) == (MASTER.hash, kernels.kind)
