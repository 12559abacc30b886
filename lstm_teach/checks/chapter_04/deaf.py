"""4.6 From which lag on float32 cannot tell whether the past is in the gradient."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray, AWholeNumber
from .shares import lists_of_shares

EPS = np.finfo(np.float32).eps


def shares_of_U(h, dz):
    """The gradient of U, taken apart: one summand for each step, the nearest first.

    Shapes: h (T + 1, B, H), h_0 ... h_T; dz (T, B, H), the gradients at z_1 ... z_T.
    Returns shares (T, H, H): row k has lag k and belongs to step T - k. Their sum is dU.
    """
    return np.stack([h[t].T @ dz[t] for t in range(len(dz))])[::-1]


def deaf_from(shares):
    """The first lag from which on everything together is lost in float32.

    Shapes: shares (T, H, H), row k has lag k. Returns the smallest k for which the sum of the
    shares k, k + 1, ..., T - 1 is shorter than eps times the sum of all shares; eps is that of
    float32. A whole number; T if there is no smaller one.
    """
    eps = np.finfo(np.float32).eps
    total = np.linalg.norm(shares.sum(axis=0))
    for k in range(len(shares)):
        if np.linalg.norm(shares[k:].sum(axis=0)) < eps * total:
            return k
    return len(shares)


def _pieces(rng):
    sizes = ((1, 1, 2), (2, 1, 2), (3, 2, 2), (4, 3, 3))
    return [Case((draw(rng, T + 1, B, H), draw(rng, T, B, H))) for T, B, H in sizes]


def _lag_cases(rng):
    return [Case((shares,), label=label) for shares, label in lists_of_shares(rng)]


def _first(flags, T):
    return int(np.argmax(flags)) if np.any(flags) else T


def _beyond(shares):
    return np.linalg.norm(np.cumsum(shares[::-1], axis=0)[::-1], axis=(1, 2))


def _total(shares):
    return np.linalg.norm(shares.sum(axis=0))


def _single(shares):
    return np.linalg.norm(shares, axis=(1, 2))


def _under(size, limit):
    def answer(shares):
        return _first(size(shares) < limit(shares), len(shares))

    return answer


def _of_total(eps):
    return lambda shares: eps * _total(shares)


def _added_lengths(shares):
    return np.cumsum(_single(shares)[::-1])[::-1]


def _in_size(size):
    """The lag found with another size in place of the length."""
    return _under(
        lambda shares: np.array([size(shares[k:].sum(axis=0)) for k in range(len(shares))]),
        lambda shares: EPS * size(shares.sum(axis=0)),
    )


def _one_before(shares):
    return max(deaf_from(shares) - 1, 0)


PIECES_MISTAKES = (
    Mistake(
        "oldest first",
        "Your shares stand in the order of time. Row k should have lag k, so the share of the last "
        "step comes first.",
        "Turn the axis of time round: `[::-1]`.",
        answers=(lambda h, dz: shares_of_U(h, dz)[::-1],),
    ),
    Mistake(
        "the state after the step",
        "You use the state after the step. U multiplies the state that comes into it: step t "
        "has h_{t-1}.",
        "`h[:-1]` belongs to the steps 1 ... T.",
        answers=(
            lambda h, dz: shares_of_U(h[1:], dz),
            lambda h, dz: shares_of_U(h[1:], dz)[::-1],
        ),
    ),
    Mistake(
        "transposed",
        "Your shares are transposed: row and column of U are exchanged. In z = h U the row of U "
        "belongs to h.",
        "`h[t].T @ dz[t]`, shape (H, B) times (B, H).",
        answers=(
            lambda h, dz: shares_of_U(h, dz).transpose(0, 2, 1),
            lambda h, dz: shares_of_U(h, dz)[::-1].transpose(0, 2, 1),
        ),
    ),
    Mistake(
        "the mean over the batch",
        "You divide by the number of sequences. The mean, if there is one, is in the loss already; "
        "here the sequences of the batch add up.",
        "The product `h[t].T @ dz[t]` sums over the batch.",
        answers=(lambda h, dz: shares_of_U(h, dz) / h.shape[1],),
    ),
    Mistake(
        "returns the sum",
        "You return the sum over all steps: that is dU itself. Asked for are its summands.",
        "Keep the axis of time.",
        answers=(
            lambda h, dz: shares_of_U(h, dz).sum(axis=0),
            lambda h, dz: np.cumsum(shares_of_U(h, dz), axis=0),
        ),
    ),
)

LAG_MISTAKES = (
    Mistake(
        "one share, not all that lie beyond",
        "You compare a single share. One share may be zero by chance and more may come behind it; "
        "what counts is everything from that lag on, together.",
        "`shares[k:].sum(axis=0)`.",
        answers=(_under(_single, _of_total(EPS)),),
        misconception=6,
    ),
    Mistake(
        "compares with eps itself",
        "You compare with eps, not with eps times the total. The last digit of a number depends on "
        "how large the number is.",
        "`eps * np.linalg.norm(shares.sum(axis=0))`.",
        answers=(_under(_beyond, lambda shares: EPS),),
    ),
    Mistake(
        "the eps of float64",
        "Your eps is that of float64, 2.2e-16.",
        "`np.finfo(np.float32).eps`.",
        answers=(_under(_beyond, _of_total(np.finfo(float).eps)),),
    ),
    Mistake(
        "waits for an underflow",
        "You compare with the smallest number that float32 has, 1e-38. Nothing has to be that "
        "small to get lost: added to a large number, it is lost far earlier.",
        "eps is the distance from 1 to the next number: `np.finfo(np.float32).eps`.",
        answers=(
            _under(_beyond, lambda shares: np.finfo(np.float32).tiny),
            _under(_beyond, _of_total(np.finfo(np.float32).tiny)),
        ),
        misconception=6,
    ),
    Mistake(
        "adds lengths",
        "You add the lengths of the shares. The shares are matrices and can cancel: first add, "
        "then take the length.",
        "`np.linalg.norm(shares[k:].sum(axis=0))`.",
        answers=(
            _under(_added_lengths, _of_total(EPS)),
            _under(_added_lengths, lambda shares: EPS * _single(shares).sum()),
            _under(_beyond, lambda shares: EPS * _single(shares).sum()),
        ),
    ),
    Mistake(
        "another size",
        "You measure with another size: the largest entry, the sum of the entries, or the largest "
        "singular value. A length is the root of the sum of all squares.",
        "`np.linalg.norm(matrix)`, without a second argument.",
        answers=(
            _in_size(lambda matrix: np.abs(matrix).max()),
            _in_size(lambda matrix: np.abs(matrix).sum()),
            _in_size(lambda matrix: abs(matrix.sum())),
            _in_size(lambda matrix: np.linalg.norm(matrix, 2)),
        ),
    ),
    Mistake(
        "compares with the nearest share",
        "You compare with the share of lag 0. The far part is added to the whole sum.",
        "`shares.sum(axis=0)`.",
        answers=(_under(_beyond, lambda shares: EPS * _single(shares)[0]),),
    ),
    Mistake(
        "one lag early",
        "You return the last lag that still counts. Asked for is the first one that does not.",
        "Return k where the condition is true for the first time.",
        answers=(_one_before,),
    ),
)

DEAF = Exercise(
    id="4.6",
    title="From which lag on float32 is deaf",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=shares_of_U,
            cases=_pieces,
            returns=AnArray("shares", "(T, H, H)"),
            mistakes=PIECES_MISTAKES,
            hint="The share of step t is h_{t-1}ᵀ δ_t. Which row of h is h_{t-1}, and where does "
            "step t stand in the result?",
        ),
        FunctionPart(
            reference=deaf_from,
            cases=_lag_cases,
            returns=AWholeNumber("a lag"),
            mistakes=LAG_MISTAKES,
            hint="Print for each k the length of `shares[k:].sum(axis=0)` beside eps times the "
            "length of the whole sum.",
        ),
    ),
    hints=(
        "First take the sum dU = Σ h_{t-1}ᵀ δ_t apart and turn it round, so that the last step "
        "comes first. Then compare the far end of the sum with the whole.",
        "Row t of `h` is h_t, and row t of `dz` belongs to step t + 1; so `h[t].T @ dz[t]` fits. "
        "For the lag, add `shares[k:]` first, then take the length.",
        "`np.stack([h[t].T @ dz[t] for t in range(len(dz))])[::-1]`. Then a loop over k that "
        "returns k if `np.linalg.norm(shares[k:].sum(axis=0)) < eps * total`.",
    ),
    after="From that lag on, a step of training in float32 is the same with the past and without.",
    why="In float32 a number keeps 24 binary digits, so what is added to it counts only from about "
    "one part in 8 million on. The shares fall with the lag like a power, the whole is made of the "
    "nearest few, and so there is a lag from which on nothing counts. It is not an underflow: "
    "each far share by itself is a fine float32. It is lost because of what it is added to.",
)
