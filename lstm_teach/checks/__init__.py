"""Checks, hints and solutions for the exercises of the book.

    check("2.1", rnn_step)      what is right, or what is wrong and where to look
    hint("2.1")                 the next of three hints
    solution("2.1")             the code, and why it is so
    progress()                  what has been checked in this session

Each returns an object that displays itself; none of them raises because of an answer.
"2.1/7" is exercise 2.1 in variant 7, with other numbers: see variant.py.
"""

import re
import time
from functools import lru_cache

from . import (
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_08,
    chapter_09,
    chapter_10,
)
from .display import Words
from .exercise import Exercise, Finding
from .judge import NOT_ATTEMPTED, judge, time_left
from .result import Note, NotRight, Result
from .returned import described
from .variant import varied

__all__ = ["EXERCISES", "NotRight", "Result", "check", "find", "hint", "progress", "solution"]

CHAPTERS = (
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_08,
    chapter_09,
    chapter_10,
)

EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES
}

# What is remembered while the kernel runs: hints opened, and the last verdict on each exercise.
_opened: dict[str, int] = {}
_statuses: dict[str, str] = {}


@lru_cache(maxsize=512)
def find(id):
    """The Exercise of an id, such as "2.1", or "2.1/7" in variant 7. KeyError if there is none."""
    plain, slash, number = id.partition("/")
    if slash and not re.fullmatch("[1-9][0-9]{0,8}", number):
        raise KeyError(id)
    return varied(EXERCISES[plain], int(number)) if slash else EXERCISES[plain]


def check(id, *answer, seed=None):
    """Judge the answer to an exercise: `check("2.1", rnn_step)`.

    An exercise with two parts takes both, in the order of the page. Inputs are drawn from
    `seed`, by default 0 or the number of the variant; graders pass another one, so that an
    answer learned by heart is found out.
    Returns a Result. A check ends within 5 seconds, even if the answer does not.
    """
    exercise = _asked(id)
    if exercise is None:
        return _unknown(id, "check")
    if seed is None:
        seed = int(exercise.id.partition("/")[2] or 0)
    if not answer or len(answer) > len(exercise.parts):
        parts = " and ".join(f"`{part.name}`" for part in exercise.parts)
        return _result(
            exercise, NOT_ATTEMPTED, f"Hand over your answer, {parts}: `lt.{exercise.call}`."
        )
    result = _judged(exercise, answer, seed)
    _statuses[_plain(exercise.id)] = result.status
    return result


def hint(id):
    """Open the next of the three hints of an exercise: `hint("2.1")`."""
    exercise = _asked(id)
    if exercise is None:
        return _unknown(id, "hint")
    total = len(exercise.hints)
    number = _opened[exercise.id] = _opened.get(exercise.id, 0) + 1
    if number > total:
        return Note(
            f"Hints · {exercise.id} {exercise.title}",
            f"You have opened all {total} hints. Here they are again.",
            exhibits=tuple((f"{n}", Words(text)) for n, text in enumerate(exercise.hints, start=1)),
            footer=f'`lt.solution("{exercise.id}")` shows the solution and why it is so.',
        )
    rest = {total: "That was the last hint."}.get(
        number, f'`lt.hint("{exercise.id}")` opens the next.'
    )
    return Note(
        f"Hint {number} of {total} · {exercise.id} {exercise.title}",
        exercise.hints[number - 1],
        footer=rest,
    )


def solution(id):
    """Show the solution of an exercise, and why it is so: `solution("2.1")`."""
    exercise = _asked(id)
    if exercise is None:
        return _unknown(id, "solution")
    calm = ""
    if _statuses.get(_plain(exercise.id), NOT_ATTEMPTED) == NOT_ATTEMPTED:
        calm = "You have not tried this one yet. That is all right; reading comes first for some.\n"
    return Note(
        f"Solution · {exercise.id} {exercise.title}",
        f"{calm}One way to write it. If yours passes the check, it is as good.",
        exhibits=(("", "\n\n\n".join(part.solution for part in exercise.parts)),),
        footer=exercise.why,
    )


def progress(chapter=None):
    """What has been checked in this session, for one chapter or for all: `progress(2)`."""
    chosen = [
        e for e in EXERCISES.values() if chapter is None or e.id.split(".")[0] == str(chapter)
    ]
    if not chosen:
        chapters = sorted({id.split(".")[0] for id in EXERCISES}, key=int)
        return Note(
            "Progress", f"No exercises in chapter {chapter!r}. There are: {', '.join(chapters)}."
        )
    rows, done = [], 0
    for exercise in chosen:
        status = _statuses.get(exercise.id, NOT_ATTEMPTED)
        done += exercise.points * (status == "right")
        sign = _result(exercise, status, "").sign
        rows.append(
            f"{sign} {exercise.id} {status} · {_points(exercise.points)} · {exercise.title}"
        )
    total = _points(sum(exercise.points for exercise in chosen))
    return Note("Progress", "\n".join([f"{done} of {total} so far.", *rows]))


def _asked(id):
    """The exercise that is meant, or None."""
    try:
        return find(str(id)) if type(id) in (str, float) else None
    except KeyError:
        return None


def _plain(id):
    """The id without its variant."""
    return id.partition("/")[0]


def _points(number):
    return "1 point" if number == 1 else f"{number} points"


def _judged(exercise, answer, seed):
    began = time.monotonic()
    answer += (...,) * (len(exercise.parts) - len(answer))
    verdicts = []
    for part, value in zip(exercise.parts, answer, strict=True):
        try:
            verdict = judge(part, value, seed, time_left(began))
        except Exception as error:
            verdict = _broken(part, error)
        if isinstance(verdict, Finding):
            return _wrong(exercise, verdict)
        verdicts.append(verdict)
    if NOT_ATTEMPTED in verdicts:
        return _not_attempted(exercise, verdicts)
    return _result(exercise, "right", exercise.after, exhibits=sum(verdicts, ()))


def _wrong(exercise, finding):
    return _result(
        exercise,
        "wrong",
        finding.says,
        exhibits=finding.exhibits,
        hint=finding.hint,
        mistake=finding.mistake,
        footer=f'{_number(exercise, finding.mistake)}More help: `lt.hint("{exercise.id}")`.',
    )


def _number(exercise, name):
    """Where the book's index of misconceptions has this mistake, if it is one of them."""
    mistakes = [mistake for part in exercise.parts for mistake in part.mistakes]
    number = next((m.misconception for m in mistakes if m.name == name), None)
    return f"Number {number} in the index, `chapters/C_misconceptions.ipynb`. " if number else ""


def _not_attempted(exercise, verdicts):
    names = [part.name for part in exercise.parts]
    judged = zip(names, verdicts, strict=True)
    right = [f"`{name}`" for name, verdict in judged if verdict != NOT_ATTEMPTED]
    open_ = names[verdicts.index(NOT_ATTEMPTED)]
    done = f"{' and '.join(right)} is right. " if right else ""
    return _result(
        exercise,
        NOT_ATTEMPTED,
        f"{done}`{open_}` is still to be written: put your code in place of `raise "
        "NotImplementedError()`, run that cell, then run this one again.",
        footer=f'If you would like a nudge: `lt.hint("{exercise.id}")`.',
    )


def _unknown(id, function):
    known = ", ".join(EXERCISES)
    for exercise in EXERCISES.values():
        name = getattr(id, "__name__", "") if callable(id) else ""
        if type(name) is str and name in [part.name for part in exercise.parts]:
            says = f"First the exercise, then the answer: `lt.{exercise.call}`."
            break
    else:
        asked = f"{id!r:.60}" if type(id) in (str, int, float) else described(id)
        says = f"There is no exercise {asked}. There are: {known}."
    return Result("", f"{function}(...)", NOT_ATTEMPTED, says)


def _broken(part, error):
    return Finding(
        f"The check of `{part.name}` could not cope with this answer ({type(error).__name__}). "
        "That is a fault of the check.",
        hint="Please report it, with your code. Meanwhile `lt.solution` shows a solution.",
        mistake="the check itself failed",
    )


def _result(exercise, status, says, **more):
    return Result(exercise.id, exercise.title, status, says, **more)
