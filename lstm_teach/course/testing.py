"""One test of a master, run outside: the grader's own code, with the student's functions in it.

What students saw of the test is run first, then what was hidden, with numbers of this student's
own. A test that did not positively come to its end is worth nothing.
"""

import builtins
import contextlib
import ctypes
import hashlib
import hmac
import io
import threading
from dataclasses import dataclass, field

import lstm_teach
from lstm_teach.checks import NotRight

from .plain import plain

OTHER_NUMBERS = "Your answer passes the check you saw and fails on other numbers."
STOP_SECONDS = 5.0


class Missing(NameError):
    """A name that the test needs and the notebook does not have."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


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


class Book:
    """lstm_teach as a test sees it: `check` keeps its results, and may draw other numbers."""

    def __init__(self, seed=None):
        self._seed, self.results = seed, []

    def check(self, id, *answer, seed=0):
        result = lstm_teach.check(id, *answer, seed=seed if self._seed is None else self._seed)
        self.results.append(result)
        return result

    def __getattr__(self, name):
        return getattr(lstm_teach, name)


class Names(dict):
    """The names a test sees: the master's own, then the student's, which are looked up there."""

    def __init__(self, known, look, own):
        super().__init__(known)
        self._look, self._own = look, own

    def __missing__(self, name):
        if name.startswith("__") or (hasattr(builtins, name) and name not in self._own):
            raise KeyError(name)
        found = self._look([name])
        if name not in found:
            raise Missing(name)
        self[name] = found[name]
        return found[name]


def seed_of(course, student, grade_id):
    """The seed of one student's hidden numbers: nobody can know it without the course's."""
    key, text = str(course).encode(), f"{student}\0{grade_id}".encode("utf-8", "replace")
    return int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:4], "big")


def seen(grade, there, known, own, seconds):
    """(Verdict, the student's values) of the part of a test that students saw.

    `known`: names of the master's set-up; `own`: the student's. Raises Died, OutOfTime and
    Silent, which come from the kernel, and Stuck.
    """
    found = there.look(grade.names)
    gone = [name for name in grade.names if name not in found]
    if grade.exercise:  # a check tells what is wrong with one part, though another is missing
        found |= dict.fromkeys(gone, ...)
    verdict = _run(grade.seen, Book(), there, known | found, own, seconds)
    if gone and verdict.status in ("not_attempted", "passed"):
        verdict = Verdict("error", missing=gone[0])
    return verdict, found


def hidden(grade, found, there, known, own, seed, seconds):
    """The Verdict of the hidden part, on numbers of this student's own. It tells no numbers."""
    there.twice = True
    try:
        verdict = _run(grade.hidden, Book(seed), there, known | found, own, seconds)
    finally:
        there.twice = False
    if verdict.status == "passed":
        return verdict
    return Verdict(
        "failed",
        OTHER_NUMBERS,
        verdict.hint if verdict.mistake else "",
        verdict.mistake,
        visibility="hidden",
        broken=verdict.broken,
    )


def _run(source, book, there, known, own, seconds):
    """Run one part of a test: a Verdict."""
    names = Names(_with_book(known, book), there.look, own)
    names["__name__"] = "__test__"
    try:
        _within(seconds, lambda: _execute(source, names))
    except NotRight:
        pass
    except Missing as missing:
        return Verdict("error", missing=missing.name)
    except AssertionError as error:
        return _of_results(book) or Verdict("failed", _words(error) or "An assertion failed.")
    except Stuck:
        raise
    except Exception as error:
        return _of_results(book) or Verdict("failed", f"{type(error).__name__}: {_words(error)}")
    return _of_results(book) or Verdict("passed", book.results[-1].says if book.results else "")


def _with_book(known, book):
    """The names of the master's set-up, with the book in place of lstm_teach."""
    swapped = {"lt": book, "lstm_teach": book} | known
    for name, value in swapped.items():
        if value is lstm_teach:
            swapped[name] = book
        elif value is lstm_teach.check:
            swapped[name] = book.check
    return swapped


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
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "<test>", "exec"), names)


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
