"""The order of checks: the first thing that is wrong is the one that is said.

attempted? → a function with these arguments → runs → returns the right kind of thing, shape,
dtype, finite numbers → leaves its arguments alone → each term alone → everything together.
Whatever was found, the catalogue of known mistakes is asked for its name.
"""

import time
from dataclasses import replace

import numpy as np

from . import guard
from .attempt import (
    NOT_ATTEMPTED,
    SECONDS,
    arguments_differ,
    did_not_run,
    not_a_function,
    unwritten,
    wrote,
)
from .display import Words
from .exercise import Finding, FunctionPart

RIGHT = ()


def judge(part, answer, seed, seconds=SECONDS):
    """Judge one part. Returns NOT_ATTEMPTED, a Finding, or, where it is right, what to show then:

    a tuple of exhibits, mostly the empty one, RIGHT.
    """
    if answer is None or answer is ...:
        return NOT_ATTEMPTED
    if isinstance(part, FunctionPart):
        return _judge_function(part, answer, seed, seconds)
    return _judge_value(part, answer, seed, seconds)


def _judge_function(part, answer, seed, seconds):
    def cases():
        return part.cases(np.random.default_rng(seed))

    if problem := not_a_function(part, answer) or arguments_differ(part, answer):
        return problem
    expected = [part.reference(*case.args) for case in cases()]
    asked = cases()
    outcomes, printed = guard.run(answer, [case.args for case in asked], seconds, part.strict)
    if outcomes[0].error == "NotImplementedError":
        return unwritten(part, answer, outcomes[0])

    finding = (
        did_not_run(part, outcomes)
        or another_kind(part, asked, outcomes, expected, printed)
        or wrote(part, outcomes)
        or differs(part, asked, outcomes, expected)
    )
    if finding and not finding.mistake and outcomes[-1].kind != "unfinished":
        return named(part, cases, asked, outcomes, expected, finding)
    return finding or RIGHT


def _judge_value(part, answer, seed, seconds):
    value = guard.plain(answer)
    if callable(answer):
        if problem := arguments_differ(part, answer):
            return problem
        outcomes, printed = guard.run(answer, [()], seconds)
        if outcomes[0].error == "NotImplementedError":
            return unwritten(part, answer, outcomes[0])
        if problem := did_not_run(part, outcomes):
            return problem
        value = outcomes[0].value
        if value is None and printed.strip():
            return Finding(
                f"`{part.name}` printed something and returned None.",
                hint="Write `return` where you wrote `print`.",
                mistake="prints instead of returning",
            )
        if value is None or value is ...:
            return NOT_ATTEMPTED
    finding = part.examine(value, np.random.default_rng(seed))
    return finding or part.praise(value, np.random.default_rng(seed))


def another_kind(part, cases, outcomes, expected, printed):
    """The first returned value of the wrong type; then shape, dtype, not a number."""
    for stage in part.returns.stages:
        for case, outcome, value in zip(cases, outcomes, expected, strict=True):
            if finding := stage(part.name, outcome.value, value, printed):
                return replace(finding, exhibits=finding.exhibits + _example(part, case))
    return None


def differs(part, cases, outcomes, expected):
    """The first case whose value is not the expected one, terms first."""
    order = sorted(range(len(cases)), key=lambda n: not cases[n].term)
    for n in order:
        case, value = cases[n], outcomes[n].value
        if part.returns.same(value, expected[n]):
            continue
        hint = part.hint
        if case.term:
            says = (
                f"With {case.term} alone, everything else being zero, `{part.name}` should give "
                f"{case.gives}. It does not."
            )
            hint = f"Look at the place where {case.term} enters."
        elif any(case.term for case in cases):
            says = "Each term alone comes out right; all of them together do not."
        elif case.label:
            says = f"`{part.name}` is wrong for {case.label}."
        else:
            says = f"`{part.name}` runs; its result is not the expected one."
        return Finding(
            says,
            exhibits=_example(part, case) + part.returns.exhibits(value, expected[n]),
            hint=hint,
        )
    return None


def named(part, cases, asked, outcomes, expected, finding):
    """The finding under the name of the known mistake that explains it, if there is one."""
    for mistake in part.mistakes:
        if mistake.seen and _sees(mistake, asked, outcomes):
            break
        if any(_agrees(part, outcomes, wrong, cases(), expected) for wrong in mistake.answers):
            break
    else:
        return finding
    says = mistake.says
    if "Expected" not in dict(finding.exhibits):
        says += f"\nThe check saw this: {finding.says}"
    return replace(finding, says=says, hint=mistake.hint, mistake=mistake.name)


def _sees(mistake, cases, outcomes):
    """Whether the mistake is seen. In a value of quite another kind nothing is."""
    try:
        return mistake.seen(cases, outcomes)
    except Exception:
        return False


def _agrees(part, outcomes, wrong, cases, expected):
    """Whether the answer did on every case what this wrong answer does.

    Where both stop with an error that counts as agreement, provided that on another case both
    give the same wrong value, or that all their errors read the same.
    """
    same_wrong_value, same_errors = False, True
    for ours, case, right in zip(outcomes, cases, expected, strict=True):
        theirs = guard.call_trusted(wrong, case.args, part.strict)
        if ours.kind != theirs.kind:
            return False
        if ours.kind == "raised":
            same_errors = same_errors and (ours.error, ours.text) == (theirs.error, theirs.text)
        elif not part.returns.same(ours.value, theirs.value):
            return False
        elif not part.returns.same(theirs.value, right):
            same_wrong_value = True
    return same_wrong_value or same_errors


def _example(part, case):
    """The case as lines to paste, or its label where its arguments cannot be written down."""
    if not all(type(value) in (np.ndarray, int, float) for value in case.args):
        return (("Tried on", Words(case.label)),)
    pairs = zip(part.arguments, case.args, strict=True)
    lines = [f"{name} = {_pasteable(value)}" for name, value in pairs]
    lines.append(f"{part.name}({', '.join(part.arguments)})")
    return (("An example to paste into a cell", "\n".join(lines)),)


def _pasteable(value):
    if not isinstance(value, np.ndarray):
        return str(value)
    if value.size > 1 and not value.any():
        return f"np.zeros({value.shape if value.ndim > 1 else len(value)})"
    return f"np.array({value.tolist()})"


def time_left(since):
    """What is left of the seconds that one check may take."""
    return max(SECONDS - (time.monotonic() - since), 0.1)
