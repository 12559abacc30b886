"""One test of a master, run outside: the grader's own code, with the student's functions in it.

What students saw of the test is run first, then what was hidden, with numbers of this student's
own; it sees what the first part has made, as in one cell. A test that did not positively come to
its end is worth nothing.
"""

import contextlib
import ctypes
import hashlib
import hmac
import io
import threading
import traceback
from dataclasses import dataclass, field, replace

from lstm_teach.checks import NotRight

from .conversation import Died, OutOfTime, Silent
from .namespace import Missing, Names
from .plain import plain
from .workplace import with_files

OTHER_NUMBERS = "Your answer passes the check you saw and fails on other numbers."
TEST = "<test>"
UNFINISHED = "Nothing is written here yet: your code still raises NotImplementedError."
STOP_SECONDS = 5.0


class Stuck(Exception):
    """A test of ours goes on for ever with this answer."""


class _Stop(BaseException):
    """Sent into a test that takes too long."""


@dataclass
class Verdict:
    """What a test found: a status as in the record, and what to say."""

    status: str
    says: str = ""
    hint: str = ""
    mistake: str | None = None
    exhibits: list = field(default_factory=list)
    visibility: str = "visible"
    broken: bool = False
    missing: str = ""


def seed_of(course, student, grade_id):
    """The seed of one student's hidden numbers: nobody can know it without the course's."""
    key, text = str(course).encode(), f"{student}\0{grade_id}".encode("utf-8", "replace")
    return int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:4], "big")


def seen(grade, there, known, own, seconds):
    """(Verdict, Names) of the part of a test that students saw.

    `known`: names of the master's set-up; `own`: the student's. Raises Died, OutOfTime and
    Silent, which come from the kernel, and Stuck.
    """
    found = there.look(grade.names)
    gone = [name for name in grade.names if name not in found]
    if grade.exercise:  # a check tells what is wrong with one part, though another is missing
        found |= dict.fromkeys(gone, ...)
    names = Names(known | found, there.look, own)
    verdict = _run(grade, grade.seen, names, seconds)
    if gone and verdict.status in ("not_attempted", "passed"):
        verdict = Verdict("error", missing=gone[0])
    return verdict, names


def hidden(grade, names, there, seed, seconds):
    """The Verdict of the hidden part, on numbers of this student's own. It tells no numbers.

    `names`: what `seen` gave, with all that the part which students saw has made.
    """
    there.twice = True
    names.book.draw(seed)
    try:
        verdict = _run(grade, grade.hidden, names, seconds)
    finally:
        there.twice = False
    if verdict.status == "passed":
        return verdict
    if grade.told:
        return replace(verdict, visibility="hidden")
    return Verdict(
        "failed",
        OTHER_NUMBERS,
        verdict.hint if verdict.mistake else "",
        verdict.mistake,
        visibility="hidden",
        broken=verdict.broken,
    )


def _run(grade, source, names, seconds):
    """Run one part of a test: a Verdict."""
    book = names.book
    try:
        with with_files(grade.files):
            _within(seconds, lambda: _execute(source, names))
    except Missing as missing:
        return Verdict("error", missing=missing.name)
    except Stuck:
        raise
    except Exception as error:
        where = f" (at `{_line(error, source)}`)" if grade.told else ""
        return _of_results(book) or _of_error(error, where)
    return _of_results(book) or Verdict("passed", book.results[-1].says if book.results else "")


def _of_error(error, where):
    """The Verdict of a test that ended with an error."""
    if isinstance(error, NotImplementedError):
        return Verdict("not_attempted", UNFINISHED + where)
    if isinstance(error, AssertionError | NotRight):
        return Verdict("failed", (_words(error) or "An assertion failed.") + where)
    return Verdict("failed", f"{type(error).__name__}: {_words(error)}{where}")


def _line(error, source):
    """The line of a test that an error came from."""
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    numbers = [frame.lineno for frame in frames if frame.filename == TEST]
    if isinstance(error, SyntaxError) and error.filename == TEST:
        numbers.append(error.lineno or 1)
    lines = source.splitlines()
    return plain(lines[numbers[-1] - 1].strip(), 200) if numbers and lines else "the start"


def _of_results(book):
    """The Verdict that the first check gives which is not right; None where all are."""
    for result in book.results:
        if result.status == "right":
            continue
        broken = result.mistake == "the check itself failed"
        status = "not_attempted" if result.status == "not attempted" else "failed"
        return Verdict(
            "error" if broken else status,
            plain(result.says),
            plain(result.hint),
            result.mistake,
            [[str(label), plain(str(text))] for label, text in result.exhibits],
            broken=broken,
        )
    return None


def _words(error):
    return plain(str(error), 400)


def _execute(source, names):
    """Run the source. What would end Python, such as SystemExit, is a mere error of the test."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, TEST, "exec"), names)
    except (Exception, Died, OutOfTime, Silent, _Stop):
        raise
    except BaseException as error:
        raise RuntimeError(f"the test raised {type(error).__name__}") from error


def _within(seconds, work):
    """Do the work in a thread, and stop it after the seconds: an answer may be made to last.

    Raises what the work raises, or Stuck.
    """
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True, name="test")
    thread.start()
    thread.join(max(seconds, 1.0))
    if thread.is_alive():
        for _ in range(10):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop)
            )
            thread.join(STOP_SECONDS / 10)
            if not thread.is_alive():
                break
        raise Stuck
    if raised:
        raise raised[0]
