"""Many submissions: graders that die, hang or lie, and a batch that is killed and goes on.

What grades here is tests/course/fakes.py; the processes, the kills and the files are real.
"""

from collections import Counter

import psutil
import pytest
from course import fakes
from course.batches import FAKE, graders, run, scores
from course.fakes import MASTER

from lstm_teach.course import batch, workers
from lstm_teach.course.store import Stop, Store

pytest_plugins = ["course.batch_fixtures"]
pytestmark = pytest.mark.usefixtures("same_code")


def flags(summary):
    return {one["student"]: [flag["flag"] for flag in one["flags"]] for one in summary.records}


# --- a batch --------------------------------------------------------------------------


def test_every_submission_gets_a_record_and_the_batch_its_summary(tmp_path, log):
    said = []
    orders = {f"s{n}": str(n) for n in range(5)}
    summary = run(orders, tmp_path / "out", said, jobs=2)
    assert scores(summary) == {f"s{n}": n for n in range(5)}
    assert len(said) == 5
    assert sorted(line.split()[-3] for line in said) == list("01234")
    assert Store(tmp_path / "out").current() == summary.records
    assert graders() == []
    made = {path.name for path in (tmp_path / "out").iterdir()}
    files = {"summary.html", "summary.png", "summary.json", "marks.csv", "feedback", "records"}
    assert made == files | {".lock"}


def test_what_was_graded_is_not_graded_again_and_what_changed_is(tmp_path, log):
    run({"ada": "1", "bob": "2"}, tmp_path / "out")
    said = []
    summary = run({"ada": "1", "bob": "3", "cy": "4"}, tmp_path / "out", said)
    assert scores(summary) == {"ada": 1, "bob": 3, "cy": 4}
    assert Counter(name for word, name in log() if word == "done") == {"ada": 1, "bob": 2, "cy": 1}
    assert said[-1] == "1 of 3 were graded before."
    last = run({"ada": "1"}, tmp_path / "out")
    assert set(scores(last)) == {"ada"}
    assert last.found["gone"] == ["bob", "cy"]
    assert {path.name for path in (tmp_path / "out/feedback").iterdir()} == {"ada.html"}


def test_a_folder_of_another_assignment_is_refused_and_left_as_it_is(tmp_path):
    run({"ada": "1"}, tmp_path / "out")
    other = MASTER._replace(name="03_other")
    for left in ("summary.json", None):  # also where the run before was stopped
        before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.*") if p.is_file()}
        with pytest.raises(Stop, match="results of 02_the_chain.*submissions of\n?.*03_other"):
            batch.run(other, fakes.handed_in({"bob": "2"}), tmp_path / "out", say=str, **FAKE)
        after = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.*") if p.is_file()}
        assert {**after, tmp_path / "out/.lock": b""} == {**before, tmp_path / "out/.lock": b""}
        if left:
            (tmp_path / "out" / left).unlink()


def test_other_settings_are_another_grading(tmp_path, log):
    for how in ({}, {"seed": "x"}, {"timeout": 9.0}, {"sandbox": False}, {}):
        run({"ada": "1"}, tmp_path / "out", **how)
    assert len([line for line in log() if line[0] == "done"]) == 4


def test_without_a_sandbox_every_line_and_record_says_so(tmp_path):
    said = []
    summary = run({"ada": "1", "bob": "kill"}, tmp_path / "out", said, sandbox=False)
    run({"ada": "1", "bob": "kill"}, tmp_path / "out", said, sandbox=False)
    assert len(said) == 3
    assert all(line.startswith("[NO SANDBOX] ") for line in said)
    assert {record["sandbox"] for record in summary.records} == {"none"}


def test_a_submission_that_cannot_be_read_gets_a_record_with_the_reason(tmp_path):
    from lstm_teach.course.submissions import Submission, Unreadable

    gone = Submission("ada", "ada", (), Unreadable("too_large", "it has 9 bytes"))
    summary = batch.run(MASTER, [gone], tmp_path, say=str, **FAKE)
    (record,) = summary.records
    assert (record["status"], record["needs_a_person"], record["score"]) == ("failed", True, 0)
    assert record["flags"] == [{"flag": "too_large", "says": "it has 9 bytes"}]
    assert [test["says"] for test in record["tests"]] == ["it has 9 bytes"] * 2
    assert record["max_score"] == MASTER.max_score


def test_flags_of_the_finding_come_into_the_record_and_call_a_person(tmp_path):
    late = run({"ada": "1"}, tmp_path / "a", flags=[{"flag": "late", "says": "It is late."}])
    same = run({"ada": "1"}, tmp_path / "b", flags=[{"flag": "same_name", "says": "Twice."}])
    assert flags(late) == {"ada": ["late"]}
    assert not late.records[0]["needs_a_person"]
    assert same.records[0]["needs_a_person"]


def test_a_news_line_carries_no_commands_to_the_terminal(tmp_path):
    said = []
    run({"\x1b[2J\u202eada\n": "1"}, tmp_path / "out", said)
    assert all(sign.isprintable() for sign in said[0])


# --- graders that do not behave -------------------------------------------------------


def test_a_submission_that_kills_its_grader_twice_fails_and_the_batch_goes_on(tmp_path, log):
    orders = {"ada": "1", "bob": "kill", "cy": f"kill once {tmp_path / 'once'} 3", "dan": "2"}
    summary = run(orders, tmp_path / "out", jobs=2)
    assert scores(summary) == {"ada": 1, "bob": 0, "cy": 3, "dan": 2}
    assert flags(summary) == {"ada": [], "bob": ["killed_grader"], "cy": [], "dan": []}
    begun = Counter(name for word, name in log() if word == "begin")
    assert begun == {"ada": 1, "bob": 2, "cy": 2, "dan": 1}


def test_a_submission_beyond_its_deadline_is_cut_off_once(tmp_path, log, monkeypatch):
    monkeypatch.setattr(workers, "GRACE", 1)
    summary = run({"ada": "hang", "bob": "2"}, tmp_path / "out", timeout=0.1)
    assert scores(summary) == {"ada": 0, "bob": 2}
    assert flags(summary) == {"ada": ["deadline"], "bob": []}
    assert Counter(name for word, name in log() if word == "begin") == {"ada": 1, "bob": 1}
    assert graders() == []


def test_an_error_of_the_grader_or_a_giant_record_costs_one_submission(tmp_path):
    summary = run({"ada": "raise", "bob": "giant", "cy": "2", "dan": "no number"}, tmp_path)
    expected = {"ada": ["grader_error"], "bob": ["grader_error"], "cy": []}
    assert flags(summary) == expected | {"dan": ["grader_error"]}


def test_what_a_killed_grader_started_is_killed_too(tmp_path):
    grader = workers.Grader()
    kernels = "course.fakes:KernelsWithAChild"
    grader.start(workers.Setup("course.fakes:grade", kernels, None, True, MASTER, "", 60))
    started = psutil.Process(grader.process.pid).children(recursive=True)
    assert [one.name() for one in started] == ["sleep"]
    grader.kill()
    assert grader.process.poll() is not None
    assert psutil.wait_procs(started, timeout=10)[1] == []
    grader.close()


def test_where_there_is_no_sandbox_the_batch_stops_and_says_what_is_missing(tmp_path):
    with pytest.raises(Stop, match="apt-get install bubblewrap"):
        run({"ada": "1"}, tmp_path, kernels="course.fakes:NoKernels")
    with pytest.raises(Stop, match="ModuleNotFoundError"):
        run({"ada": "1"}, tmp_path, grade="no_such:grade")


def test_a_grader_that_cannot_start_at_first_is_started_again(tmp_path, log):
    summary = run({"ada": "1"}, tmp_path / "out", kernels="course.fakes:KernelsAtSecondTry")
    assert scores(summary) == {"ada": 1}
    assert flags(summary) == {"ada": []}
