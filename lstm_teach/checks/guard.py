"""Running somebody else's function: what it returned or raised, what it wrote to, when to stop it.

The function runs in a thread of its own, so that the check can give up on it on every
operating system. A thread that does not stop when asked is left behind, and is said to be. What
cannot be given up on is one long call inside a library that holds Python's global lock.
"""

import contextlib
import ctypes
import io
import linecache
import os
import sys
import sysconfig
import threading
import time
import warnings
from dataclasses import dataclass

import numpy as np

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
LIBRARIES = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib")})
ENOUGH_TO_KEEP = 1_000_000
SWITCH = np.errstate  # our own, while the reader's is without effect
DEEPEST = 3


@dataclass(frozen=True)
class Line:
    """A line of the reader's own code, and the function it stands in."""

    number: int
    text: str
    function: str

    def __str__(self):
        return f"line {self.number}: {self.text}" if self.text else f"line {self.number}"


@dataclass(frozen=True)
class Outcome:
    """What one call did. `kind` is "returned", "raised" or "unfinished"."""

    kind: str
    value: object = None
    error: str = ""
    text: str = ""
    line: Line | None = None
    wrote_to: tuple[int, ...] = ()
    stopped: bool = True


class Elsewhere:
    """A function that lives in another process: a grader's view of a student's answer.

    `run(calls, seconds, strict)` calls it there, and returns what `guard.run` returns.
    """


class _Stop(BaseException):
    """Sent into the thread of a function that does not end."""


class Printed(io.TextIOBase):
    """Takes what the function prints, and keeps the beginning."""

    def __init__(self):
        self.kept = ""

    def write(self, text):
        self.kept += str(text)[: 2000 - len(self.kept)]
        return len(text)


def run(function, calls, seconds, strict=False):
    """Call the function with each tuple of arguments in `calls`; all of it within `seconds`.

    Arrays are handed over as read-only copies. `strict`: NumPy raises FloatingPointError where
    a number overflows, is divided by zero or stops being one, and the function cannot ask it not
    to. Returns the outcomes, the last of them "unfinished" if the time ran out, and the text that
    was printed.
    """
    if isinstance(function, Elsewhere):
        return function.run(calls, seconds, strict)
    outcomes, printed = [], Printed()

    def work():
        with contextlib.suppress(BaseException), _errors(strict):
            for args in calls:
                outcomes.append(_call(function, args))

    thread = threading.Thread(target=work, daemon=True, name="answer under check")
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        _not_silenced(strict),
    ):
        warnings.simplefilter("ignore")
        thread.start()
        try:
            thread.join(max(seconds, 0))
        finally:
            line = _line(_frames(sys._current_frames().get(thread.ident)))
            stopped = _stop(thread)
    done = list(outcomes)
    if len(done) < len(calls):
        done.append(Outcome("unfinished", line=line, stopped=stopped))
    return done, printed.kept


def call_trusted(function, args, strict=False):
    """One call of a function of ours, for comparison: its outcome, without thread or clock."""
    with _floating(strict):
        return _call(function, args)


@contextlib.contextmanager
def _floating(strict):
    """NumPy's way with floats that leave their range; where it is strict, it stays so."""
    with _not_silenced(strict), _errors(strict):
        yield


def _errors(strict):
    how = "raise" if strict else "ignore"
    return SWITCH(over=how, divide=how, invalid=how, under="ignore")


class _Nothing(contextlib.ContextDecorator):
    """Takes the place of np.errstate, and does nothing."""

    def __init__(self, **how):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


@contextlib.contextmanager
def _not_silenced(strict):
    """Where it is strict, np.errstate and np.seterr are without effect for a while."""
    usual = np.errstate, np.seterr
    if strict:
        np.errstate, np.seterr = _Nothing, lambda *how, **more: np.geterr()
    try:
        yield
    finally:
        np.errstate, np.seterr = usual


def _call(function, args):
    copies = [_copy(value, writeable=False) for value in args]
    try:
        value = plain(function(*copies))
    except _Stop:
        raise
    except BaseException as error:
        line = _line(_frames_of_error(error))
        text = _words_of(error)
        wrote_to = ()
        if isinstance(error, ValueError) and "read-only" in text:
            wrote_to = _written(function, args)
        return Outcome(
            "raised", error=type(error).__name__, text=text, line=line, wrote_to=wrote_to
        )
    return Outcome("returned", value=value, wrote_to=_differing(copies, args))


def plain(value, depth=0):
    """The value without a class of its own: a namedtuple as a tuple, an np.str_ as a str.

    An array without axes becomes its number.
    """
    kind = type(value)
    if issubclass(kind, np.ndarray):
        if value.shape == () and value.dtype.kind in "biuf":
            return value[()]
        return np.array(value) if value.size <= ENOUGH_TO_KEEP else value
    if issubclass(kind, str):
        return str.__str__(value)
    if depth == DEEPEST or _is_the_books(kind):
        return value
    if issubclass(kind, dict):
        return {plain(key, depth + 1): plain(one, depth + 1) for key, one in dict.items(value)}
    for base in (tuple, list):
        if issubclass(kind, base):
            return base([plain(one, depth + 1) for one in base.__iter__(value)])
    return value


def _is_the_books(kind):
    """Whether it is a NamedTuple of this package, such as Params."""
    return issubclass(kind, tuple) and kind.__module__.startswith("lstm_teach.")


def _written(function, args):
    """Which arguments the function writes to when it is allowed to."""
    copies = [_copy(value, writeable=True) for value in args]
    try:
        function(*copies)
    except _Stop:
        raise
    except BaseException:  # what it would have done next is not the question
        pass
    return _differing(copies, args)


def _copy(value, writeable):
    if not isinstance(value, np.ndarray):
        return value
    copy = value.copy()
    copy.flags.writeable = writeable
    return copy.view()


def _differing(copies, args):
    return tuple(
        index
        for index, (copy, value) in enumerate(zip(copies, args, strict=True))
        if isinstance(value, np.ndarray) and not np.array_equal(copy, value)
    )


def _words_of(error):
    try:
        return str(error).strip()[:400]
    except BaseException:
        return ""


def _frames(frame):
    """(frame, line number) pairs, innermost first."""
    while frame is not None:
        yield frame, frame.f_lineno
        frame = frame.f_back


def _frames_of_error(error):
    traceback, pairs = error.__traceback__, []
    while traceback is not None:
        pairs.append((traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    return reversed(pairs)


def _line(pairs):
    """The innermost line that is the reader's own: not of this package, not of a library."""
    for frame, number in pairs:
        code = frame.f_code
        if code.co_filename.startswith((OURS, "<frozen", "<__array", *LIBRARIES)):
            continue
        if code.co_filename.endswith((".py", ".pyx", ".pxd")) and not _is_a_place(code.co_filename):
            continue
        return Line(number, linecache.getline(code.co_filename, number).strip(), code.co_name)
    return None


def _is_a_place(file):
    """Whether it is a file's full name, or a file here: compiled libraries give neither."""
    return os.path.isabs(file) or os.path.exists(file)


def _stop(thread):
    """Ask the thread to end; say whether it has."""
    deadline = time.monotonic() + 0.6
    while thread.is_alive() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop)
        )
        thread.join(0.1)
    return not thread.is_alive()
