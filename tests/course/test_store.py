"""The results folder: whole records, one writer, and a full disk."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from course.fakes import MASTER, record_of

from lstm_teach.course import store
from lstm_teach.course.store import NoResults, NoRoom, Stop, Store


def key(content=b"x", student="ada", flags=(), settings=None, master=MASTER):
    return store.key(master, content, student, list(flags), settings or {"seed": "s"})


def test_a_record_is_read_as_it_was_kept(tmp_path):
    results = Store(tmp_path)
    with results.locked():
        results.keep("k", record_of("Zoë \ud800"))
    assert results.kept("k") == record_of("Zoë \ud800")
    assert [path.name for path in results.records.iterdir()] == ["k.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', "\x00" * 50, "[" * 100_000])
def test_a_file_that_is_not_whole_is_no_record(tmp_path, text):
    results = Store(tmp_path)
    with results.locked():
        (results.records / "k.json").write_text(text)
    assert results.kept("k") is None


def test_a_key_depends_on_all_that_a_mark_depends_on():
    others = [
        key(content=b"y"),
        key(student="bob"),
        key(flags=[{"flag": "late"}]),
        key(settings={"seed": "t"}),
        key(master=MASTER._replace(hash="c" * 64)),
        key(student="\ud800"),
    ]
    assert key() == key()
    assert len({key(), *others}) == 7


def test_the_code_that_judges_is_all_but_what_reports(monkeypatch):
    course = Path(store.__file__).parent
    assert {name for name in store.NOT_JUDGING if not (course / name).exists()} == set()
    before = store.judges()
    monkeypatch.setattr(store, "NOT_JUDGING", store.NOT_JUDGING - {"store.py"})
    assert store.judges() != before


def test_a_second_grader_is_told_of_the_first(tmp_path):
    with Store(tmp_path).locked():
        code = "import sys; from lstm_teach.course.store import Store\n"
        code += "with Store(sys.argv[1]).locked(): pass"
        other = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True
        )
        assert "another grader is at work" in other.stderr
        assert f"process {os.getpid()}" in other.stderr
    with Store(tmp_path).locked():
        pass


def test_the_lock_ends_with_a_killed_process_and_its_half_written_file_is_cleared(tmp_path):
    code = "import os, sys, signal; from lstm_teach.course.store import Store\n"
    code += "with Store(sys.argv[1]).locked() as s:\n"
    code += " (s.records / 'k.json.part').write_text('{'); os.kill(os.getpid(), signal.SIGKILL)"
    dead = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert (tmp_path / "records" / "k.json.part").exists()
    with Store(tmp_path).locked() as results:
        assert list(results.records.iterdir()) == []


def test_a_full_disk_leaves_what_was_there_and_says_so(tmp_path):
    results = Store(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with results.locked():
        results.keep("k", record_of("ada"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
        try:
            with pytest.raises(NoRoom, match="no room left.*\n.*Make room, and give the same"):
                results.keep("k", record_of("bob", flags=["x" * 5000]))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert results.kept("k")["student"] == "ada"
        assert [path.name for path in results.records.iterdir()] == ["k.json"]
        results.keep("k", record_of("bob"))
    assert results.kept("k")["student"] == "bob"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop, match="cannot be written to"), Store(tmp_path / "file").locked():
        pass


def test_there_are_no_results_before_a_run_has_ended(tmp_path):
    for text in (None, "{", '{"records": ["gone"]}', '{"records": 3}', "[]"):
        if text is not None:
            (tmp_path / "summary.json").write_text(text)
        with pytest.raises(NoResults, match="no results that are complete"):
            Store(tmp_path).current()
