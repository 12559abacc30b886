"""8.3 An input gate that opens for a key symbol only, set by hand."""

import numpy as np

from ...activations import logistic
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..real import is_finite
from ..returned import described
from ..rows import row_of

STEPS, MOST = 500, 20


def key_gate():
    """Weights for one unit that writes the value where there is a flag, and nothing elsewhere.

    i = σ(w v + u m + b) and g = tanh(w v + u m + b), each with a w, u, b of its own, from -20 to
    20. Returns two rows of three numbers: w, u, b of the gate, then w, u, b of the candidate.
    """
    return (0.0, 20.0, -10.0), (5.0, 0.0, 0.0)


def layers(rows, v, m):
    """The gate and the candidate of the unit, for values v and flags m."""
    (w_i, u_i, b_i), (w_g, u_g, b_g) = rows
    return logistic(w_i * v + u_i * m + b_i), np.tanh(w_g * v + u_g * m + b_g)


def streams(rng):
    """Values and flags of sequences with one flag each: (name, v, m, step of the flag)."""
    kinds = {
        "random distractors": lambda: rng.uniform(-1, 1, 2 * STEPS + 1),
        "distractors that are all 1": lambda: np.ones(2 * STEPS + 1),
        "distractors that are all -1": lambda: -np.ones(2 * STEPS + 1),
    }
    for name, values in kinds.items():
        for key in (1.0, -1.0, 0.5, -0.5):
            v, m = values(), np.zeros(2 * STEPS + 1)
            v[STEPS], m[STEPS] = key, 1.0
            yield name, v, m


def first_fault(rows, rng):
    """The first thing that goes wrong, in words, or None."""
    for name, v, m in streams(rng):
        i, g = layers(rows, v, m)
        c = np.cumsum(i * g)
        before, written, after = c[STEPS - 1], c[STEPS], c[-1]
        if abs(before) > 0.1:
            return f"{name}: before the flag c should be within 0.1 of 0, and is {before:+.2f}"
        if not written * np.sign(v[STEPS]) >= 0.5:
            side = "at least 0.5" if v[STEPS] > 0 else "at most -0.5"
            return (
                f"the value {v[STEPS]:+g} with a flag: c should then be {side}, and is "
                f"{written:+.3f}"
            )
        if abs(after - written) > 0.1:
            return (
                f"{name}: {STEPS} steps after the flag c should still be {written:+.2f}, and is "
                f"{after:+.2f}"
            )
    return None


TOO_LARGE = Mistake(
    "beyond 20",
    "One of your numbers is larger than 20 in size.",
    "Numbers from -20 to 20 are enough: σ(-10) is 0.00005.",
)
ROWS_EXCHANGED = Mistake(
    "the two rows exchanged",
    "Your two rows have changed places. With the candidate's numbers for the gate and the gate's "
    "for the candidate it is right.",
    "The gate comes first: `return gate, candidate`.",
)
TURNED_ROUND = Mistake(
    "open for the distractors",
    "Your gate is the wrong way round: it is more open without the flag than with it.",
    "The flag should push the gate open: its u must be positive, its b negative.",
)
NEVER_OPENS = Mistake(
    "shut for the key too",
    "Your gate is shut, also when the flag comes: at the flag u + b should be well above 0.",
    "Let u be about twice as large as -b.",
)
LISTENS_TO_THE_VALUE = Mistake(
    "the gate listens to the value",
    "Your gate listens to the value v as well, so some distractors push it open (or some keys "
    "push it shut).",
    "When to write is the flag's business alone: the gate's w can be 0.",
)
NOT_SHUT_ENOUGH = Mistake(
    "not shut enough",
    "Your gate looks shut and is not: what a thousand distractors write adds up.",
    "500 steps times i must stay below 0.1. How large may σ(b) be?",
)
ALWAYS_OPEN = Mistake(
    "always open",
    "Your gate is open at all steps: every distractor is written.",
    "Where there is no flag, z = b. It has to be far below zero.",
)
SIGN_TURNED = Mistake(
    "the sign turned round",
    "Your gate is right. The candidate writes the wrong sign.",
    "The candidate's w should be positive: for v = 1 it writes about 1.",
)
CANDIDATE_DEAF = Mistake(
    "the candidate does not follow the value",
    "Your gate is right. The candidate writes the same sign for both values: its u or b outweighs "
    "its w.",
    "The candidate needs w only. Its u and b can be 0.",
)
WEAK = Mistake(
    "writes too little",
    "Your gate opens for the flag alone. What is then written is too small: for a value of 0.5 the "
    "cell state should reach 0.5.",
    "Raise the candidate's w, and see that the gate opens wide: tanh(5 · 0.5) is 0.99.",
)
MISTAKES = (
    TOO_LARGE,
    ROWS_EXCHANGED,
    TURNED_ROUND,
    NEVER_OPENS,
    LISTENS_TO_THE_VALUE,
    NOT_SHUT_ENOUGH,
    ALWAYS_OPEN,
    SIGN_TURNED,
    CANDIDATE_DEAF,
    WEAK,
)


def _two_rows(value):
    """Two rows of three floats, or a Finding that says what came."""
    if type(value) is np.ndarray and value.shape == (2, 3):
        value = tuple(value)
    if type(value) not in (tuple, list) or len(value) != 2:
        return _unreadable(value)
    rows = [row_of(row, 3) for row in value]
    for came, row in zip(value, rows, strict=True):
        if row is None:
            return _unreadable(came)
        for entry in row:
            if not is_finite(entry):
                return _unreadable(entry)
    return tuple(tuple(float(entry) for entry in row) for row in rows)


def _unreadable(value):
    return Finding(
        f"`key_gate` gave {described(value)} where it should not; expected two rows of three "
        "numbers.",
        hint="For example `return (1.0, 2.0, 3.0), (4.0, 5.0, 6.0)`.",
    )


def _name(rows, rng):
    gate, candidate = rows
    if first_fault((candidate, gate), rng) is None:
        return ROWS_EXCHANGED
    w, u, b = gate
    v = np.array([-1.0, -0.5, 0.5, 1.0])
    shut, _ = layers(rows, v, 0.0)
    opened, g = layers(rows, v, 1.0)
    if u <= 0 and shut.max() > 0.5:
        return TURNED_ROUND if u < 0 else ALWAYS_OPEN
    if w and first_fault(((0.0, u, b), candidate), rng) is None:
        return LISTENS_TO_THE_VALUE
    if opened.max() < 0.9:
        return NEVER_OPENS
    if shut.max() > 0.5:
        return LISTENS_TO_THE_VALUE if shut.min() < 0.5 else ALWAYS_OPEN
    if STEPS * shut.max() > 0.1:
        return NOT_SHUT_ENOUGH
    if g[0] * g[-1] >= 0:
        return CANDIDATE_DEAF
    return SIGN_TURNED if g[-1] < 0 else WEAK


def _examine(value, rng):
    rows = _two_rows(value)
    if isinstance(rows, Finding):
        return rows
    if max(abs(entry) for row in rows for entry in row) > MOST:
        fault, mistake = "a number beyond 20", TOO_LARGE
    else:
        fault = first_fault(rows, rng)
        if fault is None:
            return None
        mistake = _name(rows, rng)
    return Finding(
        mistake.says,
        exhibits=(("Your layers", _report(rows)), ("First fault", fault)),
        hint=mistake.hint,
        mistake=mistake.name,
    )


def _report(rows):
    lines = []
    for m in (0.0, 1.0):
        for v in (-1.0, 1.0):
            i, g = layers(rows, np.array(v), m)
            lines.append(f"v = {v:+.0f}, m = {m:.0f}:  i = {i:.5f}   g = {g:+.3f}")
    return "\n".join(lines)


def _praise(value, rng):
    return (("Your layers, for every kind of input", _report(_two_rows(value))),)


KEY = Exercise(
    id="8.3",
    title="Open for a key symbol only, by hand",
    minutes=15,
    points=4,
    parts=(ValuePart(reference=key_gate, examine=_examine, mistakes=MISTAKES, praise=_praise),),
    hints=(
        "Divide the work. One layer has to know when to write, the other what. Which of the two "
        "inputs does each of them need?",
        "Gate: u only, and a bias b that shuts it without the flag: 500 · σ(b) below 0.1, so "
        "σ(b) below 0.0002. With the flag u + b should be as far above zero. Candidate: w only.",
        "`return (0.0, 20.0, -10.0), (5.0, 0.0, 0.0)` works.",
    ),
    after="When to write and what to write are two questions. Each has a layer of its own.",
    why="The gate looks at the flag alone: σ(-10) is 0.00005 without it, and 500 distractors at "
    "that rate write at most 0.023; with it σ(10) is nearly 1. The candidate looks at the value "
    "alone. A bias of -3, a usual start, would be too weak for this: 500 · 0.047 is 24. Weights "
    "that are learned can go further than where they begin.",
)
