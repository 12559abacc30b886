"""4.4 A matrix that grows before it shrinks, and where it is largest."""

import numpy as np

from ..exercise import Case, Exercise, Finding, FunctionPart, Mistake, ValuePart
from ..returned import AWholeNumber
from .matrices import a_square_matrix, is_normal, portrait, sizes_of_powers, spectral_radius

LAGS, RADIUS, HIGH, LOW, FIRST = 300, 0.95, 10.0, 1e-3, 3


def hump():
    """A matrix whose powers first grow and then die out.

    Returns U, square, for 2 to 8 units: spectral radius at most 0.95; the largest ‖U^k‖ is at
    least 10 and comes at k = 3 or later; ‖U³⁰⁰‖ is below 0.001.
    """
    return np.array([[0.9, 10.0], [0.0, 0.9]])


def peak(U, lags):
    """At which lag is the gradient of a linear chain largest?

    Shapes: U (H, H). Returns the k from 0, 1, ..., lags (included) with the largest ‖U^k‖, the
    largest singular value of the k-th power: a whole number.
    """
    power, sizes = np.eye(len(U)), []
    for _ in range(lags + 1):
        sizes.append(np.linalg.norm(power, 2))
        power = power @ U
    return int(np.argmax(sizes))


GROWS = Mistake(
    "the spectral radius is too large",
    "An eigenvalue of your U is above 0.95 in absolute value. This hump has to die out.",
    "Make the eigenvalues smaller; the growth has to come from elsewhere.",
)
NEVER_GROWS = Mistake(
    "it never grows",
    "Your U is normal (symmetric, a rotation, a diagonal ...): its largest singular value equals "
    "its spectral radius, so with eigenvalues below 1 each power is smaller than the one before.",
    "Let one unit act strongly on another that does not act back.",
    misconception=5,
)
TOO_LOW = Mistake(
    "the hump is too low",
    "It grows, but not to 10.",
    "A larger entry off the diagonal, or numbers on the diagonal that are nearer to 0.95.",
)
TOO_EARLY = Mistake(
    "the peak comes too early",
    "It grows in the first step or two and falls from there. Asked for is growth that goes on: the "
    "peak at k = 3 or later.",
    "How long it grows is decided on the diagonal: with 0.9 the k-th power of a triangle has "
    "k · 0.9^(k-1) in its corner.",
)
TOO_LATE = Mistake(
    "not gone at lag 300",
    "At lag 300 it is still above 0.001.",
    "Smaller numbers on the diagonal, or a smaller one off it.",
)
HUMP_MISTAKES = (GROWS, NEVER_GROWS, TOO_LOW, TOO_EARLY, TOO_LATE)


def _examine(value, rng):
    U = a_square_matrix("hump", value)
    if isinstance(U, Finding):
        return U
    sizes = sizes_of_powers(U, LAGS)
    top = int(np.argmax(sizes))
    if spectral_radius(U) > RADIUS + 1e-9:
        mistake = GROWS
    elif is_normal(U):
        mistake = NEVER_GROWS
    elif sizes[top] < HIGH:
        mistake = TOO_LOW
    elif top < FIRST:
        mistake = TOO_EARLY
    elif sizes[LAGS] >= LOW:
        mistake = TOO_LATE
    else:
        return None
    exhibits = portrait(U, 1, top, LAGS)
    return Finding(mistake.says, exhibits=exhibits, hint=mistake.hint, mistake=mistake.name)


def _praise(value, rng):
    U = a_square_matrix("hump", value)
    return portrait(U, 1, int(np.argmax(sizes_of_powers(U, LAGS))), LAGS)


BY_HAND = (
    ([[0.9, 10.0], [0.0, 0.9]], 40),  # peak at 9; its spectral radius says 0, its norm says 40
    ([[0.5, 0.0], [0.0, 0.4]], 10),  # falls at once: 0
    ([[1.2, 1.0], [0.0, 1.1]], 12),  # grows to the end: 12
    ([[0.0, 3.0], [0.0, 0.0]], 5),  # 1, then nothing
    ([[0.8, -2.0], [0.0, 0.7]], 20),
    ([[0.8, 0.9], [0.0, 0.8]], 25),  # no entry above 1, so powers entry by entry fall at once
)


def _cases(rng):
    """The example of the text, and others in random order."""
    first, *cases = [Case((np.array(U), lags)) for U, lags in BY_HAND]
    a = round(rng.uniform(0.8, 0.95), 2)
    for U in ([[a, a], [0.0, 0.0]], [[a, 0.0], [a, 0.0]]):  # 1; other sizes fall at once
        cases.append(Case((np.array(U), int(rng.integers(4, 9)))))
    for size in (2, 3):
        diagonal = np.diag(rng.uniform(0.75, 0.9, size).round(2))
        shears = np.triu(rng.uniform(2, 6, (size, size)), 1).round(1)
        cases.append(Case((diagonal + shears, int(rng.integers(30, 60)))))
    return [first, *(cases[n] for n in rng.permutation(len(cases)))]


def _by_entries(U, lags):
    return int(np.argmax([np.linalg.norm(U**k, 2) for k in range(lags + 1)]))


def _by(size):
    """The peak of another size."""

    def answer(U, lags):
        powers = (np.linalg.matrix_power(U, k) for k in range(lags + 1))
        return int(np.argmax([size(power) for power in powers]))

    return answer


def _by_radius(U, lags):
    sizes = [spectral_radius(np.linalg.matrix_power(U, k)) for k in range(lags + 1)]
    return int(np.argmax(sizes))


def _by_one_norm(U, lags):
    return int(np.argmax([np.linalg.norm(U, 2) ** k for k in range(lags + 1)]))


def _without_zero(U, lags):
    return int(np.argmax(sizes_of_powers(U, lags)[1:]))


def _short(U, lags):
    return int(np.argmax(sizes_of_powers(U, lags)[:-1]))


def _lowest(U, lags):
    return int(np.argmin(sizes_of_powers(U, lags)))


def _is_size(cases, outcomes):
    return all(
        isinstance(o.value, (float, np.floating))
        and np.isclose(float(o.value), sizes_of_powers(*case.args).max())
        for case, o in zip(cases, outcomes, strict=True)
    )


PEAK_MISTAKES = (
    Mistake(
        "powers entry by entry",
        "`U**k` raises every entry to the power k. The k-th power of a matrix is the matrix times "
        "itself, k times.",
        "`np.linalg.matrix_power(U, k)`.",
        answers=(_by_entries,),
    ),
    Mistake(
        "looks at eigenvalues",
        "You take the spectral radius of each power. That falls from the start whenever it is "
        "below 1: the hump is exactly what eigenvalues do not show.",
        "The size of a matrix is `np.linalg.norm(power, 2)`.",
        answers=(_by_radius,),
        misconception=5,
    ),
    Mistake(
        "another size",
        "You measure the powers with another size: all entries, the largest one, or the sums of "
        "rows or columns. `np.linalg.norm(power)` is the root of all squares, and √H for the "
        "identity. Asked for is the most by which a power can stretch.",
        "The largest singular value is `np.linalg.norm(power, 2)`.",
        answers=(
            _by(np.linalg.norm),
            _by(lambda power: np.abs(power).max()),
            _by(lambda power: np.linalg.norm(power, 1)),
            _by(lambda power: np.linalg.norm(power, np.inf)),
        ),
    ),
    Mistake(
        "a power of the norm",
        "You take ‖U‖^k, the bound. Asked for is ‖U^k‖: first the power, then its size.",
        "`np.linalg.norm(np.linalg.matrix_power(U, k), 2)`.",
        answers=(_by_one_norm,),
        misconception=5,
    ),
    Mistake(
        "counts from the wrong place",
        "Your first power is U itself, and you call it 0. Lag 0 is the identity: nothing is "
        "multiplied yet.",
        "Begin with `np.eye(len(U))`.",
        answers=(_without_zero,),
    ),
    Mistake(
        "the last lag is missing",
        "You stop one lag early: `lags` itself is among the lags.",
        "`range(lags + 1)`.",
        answers=(_short,),
    ),
    Mistake(
        "the lowest point",
        "You return the lag where the power is smallest.",
        "`np.argmax`.",
        answers=(_lowest,),
    ),
    Mistake(
        "how high, not where",
        "You return the largest size. Asked for is the lag at which it is reached.",
        "`np.argmax(sizes)`, not `max(sizes)`.",
        seen=_is_size,
    ),
)

HUMP = Exercise(
    id="4.4",
    title="A matrix that grows first",
    minutes=15,
    points=3,
    parts=(
        ValuePart(reference=hump, examine=_examine, mistakes=HUMP_MISTAKES, praise=_praise),
        FunctionPart(
            reference=peak,
            cases=_cases,
            returns=AWholeNumber("a lag"),
            mistakes=PEAK_MISTAKES,
            hint="Print the sizes of all powers for the example, beginning with the identity.",
        ),
    ),
    hints=(
        "Take two units that each fade slowly, and let the first feed the second. What the first "
        "still has, it gives away at every step.",
        "The k-th power of [[a, s], [0, a]] is [[a^k, k s a^(k-1)], [0, a^k]]. The corner first "
        "grows with k. For `peak`: a loop that keeps the power and its norm.",
        "`np.array([[0.9, 10.0], [0.0, 0.9]])` peaks at k = 9. In `peak`, begin with "
        "`power = np.eye(len(U))`, append `np.linalg.norm(power, 2)`, then `power = power @ U`; "
        "`np.argmax` at the end.",
    ),
    after="All eigenvalues are below 1, and over short lags the gradient grows all the same. Lags "
    "that matter are often short.",
    why="In the corner stands k·s·a^(k-1): k ways lead from unit 1 to unit 2, one for each step at "
    "which the change of unit can be made. The number of ways grows, each way gets weaker, and in "
    "between is the hump. In the end a^k wins, and the eigenvalues have been right all along "
    "about the end.",
)
