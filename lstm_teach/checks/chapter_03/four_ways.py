"""3.5 Break it four ways: wrong backward passes, each of which one weak test does not see."""

import numpy as np

from .. import guard
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..returned import described
from .backward import GRADIENTS, rnn_backward, run_arguments

SECONDS = 0.7  # for each of the four


def four_ways():
    """Four wrong versions of rnn_backward, each unseen by one weak test.

    Returns four functions of (dh, x, h, W, U): right where T = 1 · right where B = 1 · right
    where dh is zero but for its last row · right where h[0] is zero. Wrong otherwise.
    """

    def one_step(dh, x, h, W, U):
        dx, dh_0, dW, dU, db = rnn_backward(dh, x, h, W, U)
        return dx, dh_0, dW / len(x), dU, db

    def one_sequence(dh, x, h, W, U):
        dx, dh_0, dW, dU, db = rnn_backward(dh, x, h, W, U)
        return dx, dh_0, dW, dU, db / x.shape[1]

    def last_error(dh, x, h, W, U):
        only_last = np.zeros_like(dh)
        only_last[-1] = dh[-1]
        return rnn_backward(only_last, x, h, W, U)

    def zero_start(dh, x, h, W, U):
        from_zero = h.copy()
        from_zero[0] = 0.0
        return rnn_backward(dh, x, from_zero, W, U)

    return one_step, one_sequence, last_error, zero_start


WAYS = ("T = 1", "B = 1", "dh zero but for its last row", "h[0] = 0")
THOROUGH = "everything random"


def _tests(rng):
    """(name, arguments): the four weak tests in the order of WAYS, then the thorough one."""
    found = [run_arguments(rng, T, B, 3, 2) for T, B in ((1, 3), (4, 1), (4, 3), (4, 3), (4, 3))]
    last_only = np.zeros_like(found[2][0])
    last_only[-1] = found[2][0][-1]
    found[2] = last_only, *found[2][1:]
    from_zero = found[3][2].copy()
    from_zero[0] = 0.0
    found[3] = *found[3][:2], from_zero, *found[3][3:]
    return list(zip((*WAYS, THOROUGH), found, strict=True))


def _sees(function, rng):
    """{test: whether it sees that the function is wrong}, or a Finding where it cannot be run."""
    tests = _tests(rng)
    outcomes, _ = guard.run(function, [arguments for _, arguments in tests], SECONDS)
    seen = {}
    for (name, arguments), outcome in zip(tests, outcomes, strict=False):
        if outcome.kind != "returned":
            return outcome
        expected = rnn_backward(*arguments)
        for stage in GRADIENTS.stages:
            if finding := stage("it", outcome.value, expected, ""):
                return finding
        seen[name] = not GRADIENTS.same(outcome.value, expected)
    return seen


NOT_BROKEN = Mistake(
    "is not broken",
    "is right everywhere: the thorough test sees nothing either.",
    "What may be forgotten, divided by or left out so that this weak test cannot notice?",
)
SEEN = Mistake(
    "the weak test sees it",
    "is wrong where it should be right: its weak test sees the bug at once.",
    "Look for a bug that this test cannot notice: a division by 1, or something left out that is "
    "zero there. And if you call your `rnn_backward`: is exercise 3.3 right?",
)
OTHER_ORDER = Mistake(
    "in another order",
    "is seen by its own weak test, but not by one of the others. Are the four in the right order?",
    "One step · one sequence · error in the last row only · zero start.",
)
SHAPES = Mistake(
    "the shapes give it away",
    "returns something that no test is needed for: a look at the shapes is enough.",
    "Let the numbers be wrong and the shapes right.",
)
STOPS = Mistake(
    "stops with an error",
    "does not come to a result.",
    "A bug that stops the program is found by itself. The bad ones run.",
)


def _problem(number, mistake, more=""):
    says = f"Number {number + 1}, right where {WAYS[number]}, {mistake.says}"
    exhibits = (("The check saw", more),) if more else ()
    return Finding(says, exhibits=exhibits, hint=mistake.hint, mistake=mistake.name)


def _examine(value, rng):
    functions = type(value) in (tuple, list) and all(callable(one) for one in value)
    if not functions or len(value) != len(WAYS):
        return Finding(
            f"`four_ways` gave {described(value)}; expected four functions.",
            hint="Its last line: `return one_step, one_sequence, last_error, zero_start`, without "
            "brackets behind the names.",
            mistake="not four functions",
        )
    seed = int(rng.integers(2**32))
    for number, function in enumerate(value):
        seen = _sees(function, np.random.default_rng(seed))
        if isinstance(seen, Finding):
            return _problem(number, SHAPES, seen.says)
        if isinstance(seen, guard.Outcome):
            if seen.kind == "unfinished":
                return _problem(number, STOPS, f"no result within {SECONDS} seconds")
            return _problem(number, STOPS, f"{seen.error}: {seen.text}")
        if not seen[THOROUGH]:
            return _problem(number, NOT_BROKEN)
        if seen[WAYS[number]]:
            blind = any(not seen[name] for name in WAYS)
            return _problem(number, OTHER_ORDER if blind else SEEN)
    return None


def _praise(value, rng):
    seed = int(rng.integers(2**32))
    rows = []
    for number, function in enumerate(value):
        seen = _sees(function, np.random.default_rng(seed))
        if not isinstance(seen, dict):
            rows.append(f"{number + 1}      came to no result the second time")
            continue
        rows.append(
            f"{number + 1}      " + "".join(f"{'sees it' if s else '-':<11}" for s in seen.values())
        )
    columns = ("T = 1", "B = 1", "last dh", "h[0] = 0", "all random")
    head = "way    " + "".join(f"{name:<11}" for name in columns)
    return (("Which test sees which of your four", "\n".join([head, *rows])),)


FOUR_WAYS = Exercise(
    id="3.5",
    title="Break it four ways",
    minutes=12,
    points=3,
    parts=(
        ValuePart(
            reference=four_ways,
            examine=_examine,
            mistakes=(NOT_BROKEN, SEEN, OTHER_ORDER, SHAPES, STOPS),
            praise=_praise,
        ),
    ),
    hints=(
        "Do not write the loop again. Call your right `rnn_backward` and spoil what goes in or "
        "what comes out.",
        "Where T = 1 a division by T changes nothing. Where B = 1 one by B changes nothing. For "
        "the other two: leave something out that is zero in the weak test.",
        "1: `dW / len(x)`. 2: `db / x.shape[1]`. 3: hand in a copy of dh in which all rows but the "
        "last are zero. 4: hand in a copy of h with row 0 set to zero.",
    ),
    after="Each of these four runs, and passes a test that looks sensible. A test sees "
    "only what its inputs let it see.",
    why="Each weak test has a zero or a one in it, and a bug hides behind it: a mean over one step "
    "or over one sequence is a sum; errors that are zero need not be added; a first state of zero "
    "has no share in dU. A zero bias hides others in the same way. So a check of gradients uses "
    "random numbers everywhere, more than one step, more than one sequence.",
)
