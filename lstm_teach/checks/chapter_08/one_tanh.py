"""8.4 What a gate times a candidate can write, and a single tanh cannot."""

import numpy as np

from ...activations import logistic
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..real import is_finite
from ..returned import described
from ..rows import row_of

V, M = np.array([-1.0, 1.0, -1.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
FAR, NEAR = 0.25, 0.1
SIGNS = np.array([1, -1, -1, 1])  # how the four z enter z(1, 1) - z(-1, 1) - z(1, 0) + z(-1, 0)


def beyond_one_tanh():
    """A table that gate times candidate writes, and that no single tanh comes near.

    The four inputs (v, m) are (-1, 0), (1, 0), (-1, 1), (1, 1). Returns three rows: what is
    written for each of them, four numbers from -1 to 1; w, u, b of the gate
    i = σ(w v + u m + b); and w, u, b of the candidate g = tanh(w v + u m + b).
    """
    return (0.0, 0.0, -1.0, 1.0), (0.0, 20.0, -10.0), (5.0, 0.0, 0.0)


def product(gate, candidate):
    """What the unit writes for the four inputs."""
    (w_i, u_i, b_i), (w_g, u_g, b_g) = gate, candidate
    return logistic(w_i * V + u_i * M + b_i) * np.tanh(w_g * V + u_g * M + b_g)


def one_tanh_near(table, far=FAR):
    """Weights w, u, b of one tanh that comes within `far` of all four numbers, or None.

    Each number leaves an interval for its z. The z of a weighted sum are tied by (8.4):
    z(1, 1) - z(-1, 1) = z(1, 0) - z(-1, 0), and by nothing else.
    """
    low, high = (np.arctanh(np.clip(table + shift, -1 + 1e-9, 1 - 1e-9)) for shift in (-far, far))
    least, most = np.where(SIGNS > 0, low, high), np.where(SIGNS > 0, high, low)
    s_least, s_most = (SIGNS * least).sum(), (SIGNS * most).sum()
    if not s_least < 0 < s_most:
        return None
    z = least + (most - least) * (-s_least / (s_most - s_least))
    w, b = (z[1] - z[0]) / 2, (z[1] + z[0]) / 2
    return w, z[3] - w - b, b


OUTSIDE = Mistake(
    "a number outside",
    "One number of your table is beyond -1 or 1. Gate times candidate lies between them.",
    "Choose numbers from -1 to 1.",
)
ONE_TANH_DOES_IT = Mistake(
    "one tanh does it too",
    "A single tanh comes near your table: the check has found one.",
    "In one tanh, v makes the same difference to z with and without the flag. Ask for a "
    "difference without a flag that is small, and one with it that is large.",
    misconception=130,
)
SIGN_FLIPS = Mistake(
    "asks the gate to turn a sign round",
    "In your table the flag turns the sign of the value round. No gate can: it is never negative, "
    "so the sign is the candidate's, and that is one weighted sum.",
    "Let the flag decide how much is written, not which sign it has.",
)
NOT_WRITTEN = Mistake(
    "another table",
    "Your table is one that no single tanh comes near. But your gate and candidate write something "
    "else.",
    "Compare the two rows below, and ask of each wrong number: is it the gate, or the candidate?",
)
WITHOUT_A_GATE = Mistake(
    "the gate does nothing",
    "Your gate is the same for all four inputs, so what is written is a tanh times a constant.",
    "The gate's u should make it shut without the flag and open with it.",
)
MISTAKES = (OUTSIDE, ONE_TANH_DOES_IT, SIGN_FLIPS, NOT_WRITTEN, WITHOUT_A_GATE)


def _three_rows(value):
    """The table, the gate and the candidate as arrays, or a Finding that says what came."""
    if type(value) not in (tuple, list) or len(value) != 3:
        return Finding(
            f"`beyond_one_tanh` gave {described(value)}; expected three rows: four numbers, then "
            "three, then three.",
            hint="For example `return (0, 0, 0, 0), (1, 2, 3), (4, 5, 6)`.",
        )
    rows = []
    for came, length in zip(value, (4, 3, 3), strict=True):
        row = row_of(came, length)
        if row is None:
            return Finding(
                f"A row is {described(came)}; expected four numbers, then three, then three.",
                hint="The table first, then w, u, b of the gate, then w, u, b of the candidate.",
            )
        for entry in row:
            if not is_finite(entry):
                return Finding(
                    f"In a row stands {described(entry)}; expected finite numbers.",
                    hint="Ten plain numbers in three rows.",
                )
        rows.append(np.array([float(entry) for entry in row]))
    return rows


def _numbers(row):
    return "  ".join(f"{entry:+.2f}" for entry in row)


def _examine(value, rng):
    rows = _three_rows(value)
    if isinstance(rows, Finding):
        return rows
    table, gate, candidate = rows
    written = product(gate, candidate)
    shown = [("Inputs (v, m)", "(-1, 0) (1, 0) (-1, 1) (1, 1)"), ("Your table", _numbers(table))]
    tanh = one_tanh_near(table)
    if np.abs(table).max() > 1:
        mistake = OUTSIDE
    elif tanh:
        mistake = ONE_TANH_DOES_IT
        w, u, b = tanh
        near = f"tanh({w:.2f} v + {u:.2f} m + {b:.2f}) = {_numbers(np.tanh(w * V + u * M + b))}"
        shown.append(("One tanh", near))
    elif np.abs(written - table).max() <= NEAR:
        return None
    elif (table * SIGNS > NEAR).all() or (table * SIGNS < -NEAR).all():
        mistake = SIGN_FLIPS
    else:
        i = logistic(gate[0] * V + gate[1] * M + gate[2])
        mistake = WITHOUT_A_GATE if np.ptp(i) < 0.01 else NOT_WRITTEN
        shown.append(("Gate times candidate", _numbers(written)))
    return Finding(mistake.says, exhibits=tuple(shown), hint=mistake.hint, mistake=mistake.name)


def _praise(value, rng):
    table, gate, candidate = _three_rows(value)
    off = next(e for e in np.arange(FAR, 1.01, 0.01) if one_tanh_near(table, e))
    written = _numbers(product(gate, candidate))
    return (
        ("Gate times candidate", written),
        ("The best single tanh", f"is off by about {off:.2f} somewhere"),
    )


ONE_TANH = Exercise(
    id="8.4",
    title="What a single tanh cannot write",
    minutes=15,
    points=3,
    parts=(
        ValuePart(reference=beyond_one_tanh, examine=_examine, mistakes=MISTAKES, praise=_praise),
    ),
    hints=(
        "In z = w v + u m + b the value moves z by 2w, with the flag or without it. Which table "
        "asks for two different differences?",
        "For example: nothing without the flag, the value with it. Then the gate listens to the "
        "flag, the candidate to the value.",
        "`return (0, 0, -1, 1), (0, 20, -10), (5, 0, 0)` works.",
    ),
    after="A weighted sum cannot switch one of its parts off. A product can.",
    why="For a single tanh z(1, 1) - z(-1, 1) = z(1, 0) - z(-1, 0), whatever its weights. A table "
    "that wants a small difference on one side and a large one on the other is out of reach. The "
    "product has two weighted sums, and one of them can silence the other. What it cannot do is "
    "turn a sign round by the flag: that would take a factor that can be negative.",
)
