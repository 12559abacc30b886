"""The trial: what the master's own solution does not pass, or an empty answer does, stops all."""

import json
from pathlib import Path

import nbformat
import pytest
from course import fakes
from course.own import DOUBLE, at_work_in, hidden, master_of, run, with_test, written
from course.sandboxes import needs_sandbox

from lstm_teach.course import batch, derive, testing, trial, variants, workers
from lstm_teach.course.master import Master
from lstm_teach.course.sandbox import Limits, probe
from lstm_teach.course.store import Stop

pytest_plugins = ["course.batch_fixtures"]
ROOT = Path(__file__).parents[2]
NAMES = derive.names(ROOT)


def tried(masters):
    """{master's name: the faults} of a trial of all of them."""
    tasks = [task for master in masters for task in trial.tasks(master)]
    names = ("lstm_teach.course.grading:grade", "lstm_teach.course.sandbox:Kernels")
    setup = workers.Setup(*names, Limits(), probe().works, None, "a trial", 60.0)
    found = {(master.name, master.variant): [] for master in masters}
    for task, answer in workers.here(iter(tasks), setup, 2):
        found[task.master.name, task.master.variant] += trial.faults(task, answer)
    return found


def faults(test, answer=DOUBLE):
    (found,) = tried([Master.of(with_test(test, answer), "own")]).values()
    return found


@pytest.mark.slow
def test_every_master_of_the_book_and_its_variants_pass():
    masters = [variants.master(name, number) for name in NAMES for number in (None, 1, 2, 3)]
    found = tried(masters)
    assert len(found) == 4 * len(NAMES)
    assert {name: says for name, says in found.items() if says} == {}


STACK = """class Stack:
    ### BEGIN SOLUTION
    def push(self, x):
        self.x = x
    ### END SOLUTION"""
CASES = {
    "a method": ("s = Stack()\ns.push(3)", STACK, "'Stack' object has no attribute 'push'"),
    "a change in place": ("x = [1]\ndouble(x)\nassert x == [2]", DOUBLE, "at `assert x == [2]`"),
    "wrong itself": ("assert double(2) == 5, 'Five.'", DOUBLE, "Five."),
    "hidden": (hidden("assert double(2) == 4", "assert double(3) == 7"), DOUBLE, "hidden part"),
    "display": ("display(double(2))", DOUBLE, "does not define `display`"),
    "await": ("await double(2)", DOUBLE, "'await' outside function"),
    "ends": ("double(1)\nraise SystemExit", DOUBLE, "the test raised SystemExit (at `raise"),
}


def test_what_the_masters_own_solution_does_not_pass_is_named_and_why():
    masters = [
        Master.of(with_test(test, answer), name) for name, (test, answer, _) in CASES.items()
    ]
    found = tried(masters)
    for name, (_, _, word) in CASES.items():
        says = " ".join(found[name, None])
        assert "Your own solution does not pass the test grade-1" in says
        assert word in says


def around(body, after):
    """An answer with a marked region, and what the guide puts behind it."""
    return f"{body}\n\n{after}"


REMEDIES = {
    "a method": (
        around(STACK, "def pushed(x):\n    s = Stack()\n    s.push(x)\n    return s.x"),
        "assert pushed(3) == 3",
    ),
    "a change in place": (
        "def grow(x):\n    ### BEGIN SOLUTION\n    x.append(2)\n    ### END SOLUTION\n\n"
        "def grown(x):\n    grow(x)\n    return x",
        "assert grown([1]) == [1, 2]",
    ),
    "printed": (
        around(
            DOUBLE.replace("return", "print('twice', x) or"),
            "import contextlib, io\ndef printed(x):\n    text = io.StringIO()\n"
            "    with contextlib.redirect_stdout(text):\n        double(x)\n"
            "    return text.getvalue()",
        ),
        "assert printed(3) == 'twice 3\\n'",
    ),
    "a plot": (
        "import matplotlib.pyplot as plt\n"
        "def drawn(x):\n    ax = plt.figure().subplots()\n    ### BEGIN SOLUTION\n"
        "    ax.plot(x, x)\n    ### END SOLUTION\n    return ax.lines[0].get_ydata()",
        "assert list(drawn([1.0, 2.0])) == [1, 2]",
    ),
    "an exception": (
        "def double(x):\n    ### BEGIN SOLUTION\n    raise ValueError('no')\n    ### END SOLUTION",
        "try:\n    double(1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError",
    ),
}


def test_the_remedies_of_the_guide_pass():
    masters = [Master.of(with_test(test, a), name) for name, (a, test) in REMEDIES.items()]
    assert tried(masters) == {(name, None): [] for name in REMEDIES}


def test_what_the_hidden_part_says_is_told_to_the_instructor_alone():
    master = Master.of(with_test(CASES["hidden"][0]), "own")
    setup = workers.Setup(
        "lstm_teach.course.grading:grade",
        "lstm_teach.course.sandbox:Kernels",
        Limits(),
        probe().works,
        master,
        "",
        60.0,
    )
    task = workers.Task("", trial.handed_in(master, empty=False), "ada", ())
    ((_, answer),) = workers.here(iter([task]), setup, 1)
    assert answer["record"]["tests"][0]["says"] == testing.OTHER_NUMBERS


@pytest.mark.parametrize("test", ["", "def test():\n    assert double(2) == 4", "double"])
def test_a_test_that_gives_its_points_to_an_empty_answer_is_named(test):
    assert faults(test) == [
        "The test grade-1 gives its points to an empty answer too. Does it run anything?"
    ]


def test_an_ordinary_test_has_no_faults():
    assert faults(hidden("x = 3\nassert double(x) == 6", "assert double(x + 1) == 8")) == []


def test_what_is_marked_by_hand_is_not_tried():
    assert trial.tasks(Master.of(master_of(("manual", "1", 3)), "own")) == []
    both = master_of(("manual", "'why'", 3), ("solution", DOUBLE), ("grade", "double(1)", 0))
    assert tried([Master.of(both, "own")]) == {("own", None): []}


# --- in a batch -----------------------------------------------------------------------------------


RIGHT = with_test("assert double(2) == 4")


class Looked(fakes.Kernels):
    """Kernels that nothing runs in."""


def judged(source, master, kernels, *, student="", seed="", timeout=60.0, flags=()):
    """As grade: the solution passes but for masters called bad."""
    fakes._log(f"begin {student}")
    right = b"END SOLUTION" in source and master.name != "bad"
    found = fakes.a_test("grade-1", status="passed" if right else "failed", score=2 * right)
    return fakes.record_of(student, tests=[found], score=2.0 * right, max_score=2)


def graded(name, out, **how):
    """Grade three students by a master; the seconds are nobody's."""
    master = Master.of(RIGHT, name)
    source = trial.handed_in(master, empty=False).decode()
    ways = {"grade": "course.test_trial:judged", "kernels": "course.test_trial:Looked"}
    submissions = fakes.handed_in(dict.fromkeys(("ada", "bob", "eve"), source))
    ways |= {"limits": fakes.LIMITS, "say": lambda line: None, "trial": True}
    return batch.run(master, submissions, out, **ways | how)


@pytest.mark.parametrize("jobs", [1, 3])
def test_nobody_is_graded_by_a_master_that_fails_its_trial(tmp_path, same_code, jobs):
    with pytest.raises(Stop) as stopped:
        graded("bad", tmp_path / "out", jobs=jobs)
    assert "nobody was graded" in str(stopped.value)
    assert "Your own solution does not pass the test grade-1" in str(stopped.value)
    assert "What crosses the sandbox are numbers" in str(stopped.value)
    assert list((tmp_path / "out" / "records").iterdir()) == []


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_master_is_tried_once_and_again_when_something_has_changed(
    tmp_path, same_code, log, jobs
):
    summary = graded("own", tmp_path / "out", jobs=jobs)
    assert [record["student"] for record in summary.records] == ["ada", "bob", "eve"]
    assert sorted(" ".join(words) for words in log())[:2] == [
        "begin ada",
        "begin an empty answer",
    ]
    assert len(log()) == 5
    graded("own", tmp_path / "out", jobs=jobs)
    assert len(log()) == 5
    for record in (tmp_path / "out" / "records").iterdir():
        record.unlink()
    graded("own", tmp_path / "out", jobs=jobs)
    assert len(log()) == 8
    graded("own", tmp_path / "out", jobs=jobs, seed="another")
    assert len(log()) == 13


@pytest.mark.slow
def test_a_cluster_tries_the_master_too(tmp_path, same_code):
    from distributed import LocalCluster

    with LocalCluster(1, threads_per_worker=2, dashboard_address="127.0.0.1:0") as workers:
        address = {"scheduler": workers.scheduler_address}
        with pytest.raises(Stop, match="does not pass the test grade-1"):
            graded("bad", tmp_path / "bad", **address)
        assert len(graded("own", tmp_path / "own", **address).records) == 3


# --- in the commands ------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path, monkeypatch):
    return at_work_in(tmp_path, monkeypatch)


def test_derive_check_tries_every_master(book):
    written(book, with_test("double(2).real"))
    assert run("derive").exit_code == 0
    result = run("derive", "--check")
    assert result.exit_code == 0, result.output
    written(book, with_test("assert double(2) == 5"), "wrong")
    written(book, with_test(""), "nothing")
    assert run("derive").exit_code == 0
    result = run("derive", "--check")
    assert result.exit_code == 1
    assert "wrong: Your own solution does not pass the test grade-1" in result.output
    assert "nothing: The test grade-1 gives its points to an empty answer too" in result.output
    assert "own: " not in result.output.replace("your own: ", "")


@pytest.mark.slow
@pytest.mark.parametrize("unsafe", [[], ["--unsafe-no-sandbox"]])
def test_grade_stops_before_anybody_is_graded(book, unsafe):
    if not unsafe:
        needs_sandbox()
    (book / "submissions").mkdir()
    path = written(book, with_test("assert double(2) == 5"))
    for name in ("ada", "bob"):
        nbformat.write(nbformat.read(path, 4), book / "submissions" / f"{name}.ipynb")
    result = run("grade", "own", "submissions", "--out", "results", *unsafe)
    assert result.exit_code == 1
    assert "nobody was graded" in result.output
    assert "does not pass the test grade-1: An assertion failed. (at `assert" in result.output
    written(book, with_test("assert double(2) == 4"))
    result = run("grade", "own", "submissions", "--out", "results", *unsafe)
    assert result.exit_code == 0, result.output
    records = [json.loads(p.read_text()) for p in (book / "results" / "records").iterdir()]
    assert [record["score"] for record in records] == [2, 2]
