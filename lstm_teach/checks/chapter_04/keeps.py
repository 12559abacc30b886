"""4.5 Orthogonal weights: what they keep, and what tanh takes."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from .jacobian import states


def orthogonal(normal):
    """A random orthogonal matrix, from random numbers: the Q of normal = Q R.

    R is upper triangular, with a POSITIVE diagonal; that makes Q unique.
    Shapes: normal (H, H). Returns Q of shape (H, H).
    """
    Q, R = np.linalg.qr(normal)
    return Q * np.sign(np.diag(R))


def lengths_back(h, U, dh):
    """How long the gradient is on its way back: ‖dh_T‖, ‖dh_{T-1}‖, ..., ‖dh_0‖.

    Shapes: h (T, H), the states h_1 ... h_T; U (H, H); dh (H,), the gradient at h_T. The loss
    looks at h_T only. Returns T + 1 numbers: row k has lag k.
    """
    lengths = [np.linalg.norm(dh)]
    for h_t in h[::-1]:
        dh = (dh * (1 - h_t**2)) @ U.T
        lengths.append(np.linalg.norm(dh))
    return np.array(lengths)


def _normals(rng):
    return [Case((rng.normal(size=(H, H)).round(2),)) for H in (2, 3, 3, 4, 6)]


def _ways_back(rng):
    turn = orthogonal(rng.normal(size=(3, 3)))
    cases = [Case((np.zeros((2, 2)), draw(rng, 2, 2), draw(rng, 2)), "U", "the length of dh (Uᵀ)ᵏ")]
    for T, H in ((1, 2), (2, 2), (3, 3), (4, 3)):
        cases.append(Case((states(rng, T, H), draw(rng, H, H), draw(rng, H))))
    return [*cases, Case((states(rng, 5, 3), turn, draw(rng, 3)))]


def _qr(A):
    return np.linalg.qr(A)


def _polar(A):
    left, _, right = np.linalg.svd(A)
    return left @ right


def _walk(h, U, dh, back):
    found = [dh]
    for h_t in h[::-1]:
        found.append(back(found[-1], h_t, U))
    return np.linalg.norm(found, axis=1)


def _right(dh, h_t, U):
    return (dh * (1 - h_t**2)) @ U.T


MATRIX_MISTAKES = (
    Mistake(
        "no signs",
        "Your Q is orthogonal, and not fair: `np.linalg.qr` does not care for the signs in R, so "
        "some rotations come out more often than others, and some never.",
        "Multiply each column of Q by the sign of its entry on the diagonal of R.",
        answers=(lambda normal: _qr(normal)[0],),
    ),
    Mistake(
        "signs on the rows",
        "You multiply the rows of Q by the signs. They belong to the columns: column k of Q is "
        "multiplied by row k of R.",
        "`Q * signs` multiplies columns; `signs[:, None] * Q` multiplies rows.",
        answers=(
            lambda normal: np.sign(np.diag(_qr(normal)[1]))[:, None] * _qr(normal)[0],
            lambda normal: np.diag(np.sign(np.diag(_qr(normal)[1]))) @ _qr(normal)[0],
        ),
    ),
    Mistake(
        "R in place of Q",
        "You return R, the triangle. Q is the first of the two.",
        "`Q, R = np.linalg.qr(normal)`.",
        answers=(
            lambda normal: _qr(normal)[1],
            lambda normal: _qr(normal)[1] * np.sign(np.diag(_qr(normal)[1])),
            lambda normal: np.sign(np.diag(_qr(normal)[1]))[:, None] * _qr(normal)[1],
        ),
    ),
    Mistake(
        "times the diagonal, not its signs",
        "You multiply by the diagonal of R itself, so the columns no longer have length 1.",
        "`np.sign(np.diag(R))`.",
        answers=(lambda normal: _qr(normal)[0] * np.diag(_qr(normal)[1]),),
    ),
    Mistake(
        "scaled, not orthogonal",
        "You divide the matrix by one number. Its largest singular value (or its radius) is then "
        "1, and the others are smaller: most gradients still shrink.",
        "Orthogonal means that Q Qᵀ is the identity: all singular values are 1.",
        answers=(
            lambda normal: normal / np.linalg.norm(normal, 2),
            lambda normal: normal / np.abs(np.linalg.eigvals(normal)).max(),
            lambda normal: normal / np.linalg.norm(normal),
        ),
        misconception=5,
    ),
    Mistake(
        "columns of length 1, not at right angles",
        "Your columns (or rows) have length 1 and are not at right angles to each other.",
        "Look at `Q.T @ Q`: it should be the identity. `np.linalg.qr` does both.",
        answers=(
            lambda normal: normal / np.linalg.norm(normal, axis=0),
            lambda normal: normal / np.linalg.norm(normal, axis=1, keepdims=True),
        ),
    ),
    Mistake(
        "the factor of another decomposition",
        "Your matrix is orthogonal, and a fair draw too: it is U Vᵀ from the singular value "
        "decomposition. To have one right answer, this exercise asks for the Q of Q R.",
        "Keep it for your own chains. Here: `np.linalg.qr`, then the signs.",
        answers=(_polar,),
    ),
)

BACK_MISTAKES = (
    Mistake(
        "leaves tanh out",
        "The slopes are missing: you send the gradient through U alone. With an orthogonal U all "
        "lengths come out equal, and that is what tanh takes away.",
        "At every step first `dh * (1 - h_t**2)`, then `@ U.T`.",
        answers=(lambda h, U, dh: _walk(h, U, dh, lambda d, h_t, U: d @ U.T),),
    ),
    Mistake(
        "U before the slope",
        "You go through U first and through the tanh after it. Backwards the order is turned "
        "round: forward U comes first and tanh last, so going back the slope comes first.",
        "`(dh * (1 - h_t**2)) @ U.T`.",
        answers=(lambda h, U, dh: _walk(h, U, dh, lambda d, h_t, U: (d @ U.T) * (1 - h_t**2)),),
    ),
    Mistake(
        "U not transposed on the way back",
        "On the way back U is transposed: forward unit m reaches unit n by U[m, n], and the "
        "gradient goes from n to m.",
        "`@ U.T`.",
        answers=(lambda h, U, dh: _walk(h, U, dh, lambda d, h_t, U: (d * (1 - h_t**2)) @ U),),
    ),
    Mistake(
        "walks forward in time",
        "You begin with h_1. The gradient begins at the end: its first step back uses the slopes "
        "of h_T.",
        "`for h_t in h[::-1]`.",
        answers=(lambda h, U, dh: _walk(h[::-1], U, dh, _right),),
    ),
    Mistake(
        "oldest first",
        "Your lengths stand in the order of time. Row k should have lag k, so ‖dh_T‖ comes first.",
        "Turn the result round, or append as you walk back.",
        answers=(lambda h, U, dh: _walk(h, U, dh, _right)[::-1],),
    ),
    Mistake(
        "one length is missing",
        "T steps back make T + 1 lengths: the one before the first step counts, and so does dh_0.",
        "Begin the list with `np.linalg.norm(dh)`.",
        answers=(
            lambda h, U, dh: _walk(h, U, dh, _right)[1:],
            lambda h, U, dh: _walk(h, U, dh, _right)[:-1],
        ),
    ),
    Mistake(
        "squared lengths",
        "You return the squares of the lengths.",
        "`np.linalg.norm(dh)`, or the root of the sum of squares.",
        answers=(lambda h, U, dh: _walk(h, U, dh, _right) ** 2,),
    ),
    Mistake(
        "squashes h again",
        "Your slope is 1 - tanh(h)². h is an output already.",
        "`1 - h_t**2`.",
        answers=(
            lambda h, U, dh: _walk(h, U, dh, lambda d, h_t, U: (d * (1 - np.tanh(h_t) ** 2)) @ U.T),
        ),
    ),
)

KEEPS = Exercise(
    id="4.5",
    title="Orthogonal weights, and what tanh takes",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=orthogonal,
            cases=_normals,
            returns=AnArray("Q", "(H, H)"),
            mistakes=MATRIX_MISTAKES,
            hint="Two things to look at: `Q.T @ Q` should be the identity, and `Q.T @ normal` a "
            "triangle with a positive diagonal.",
        ),
        FunctionPart(
            reference=lengths_back,
            cases=_ways_back,
            returns=AnArray("lengths", "(T + 1,)"),
            mistakes=BACK_MISTAKES,
            hint="Follow the example for one step: dh times the slopes of h_T, times Uᵀ, then its "
            "length.",
        ),
    ),
    hints=(
        "NumPy has a function that splits a matrix into an orthogonal one and a triangle. Which "
        "freedom does it use that you have to take away?",
        "`np.linalg.qr(normal)` gives Q and R. Where R has a negative number on its diagonal, turn "
        "that column of Q round. For the lengths: walk from h_T to h_1, slope first, then Uᵀ.",
        "`Q, R = np.linalg.qr(normal)`, then `Q * np.sign(np.diag(R))`. One step back is "
        "`dh = (dh * (1 - h_t**2)) @ U.T`; append `np.linalg.norm(dh)` each time.",
    ),
    after="Uᵀ keeps every length. The slopes take what they like: they are 1 only where h = 0.",
    why="An orthogonal matrix turns a row and never stretches it, so a linear chain hands "
    "gradients back with their length, over any lag. normal = Q R fixes column k of Q times row k "
    "of R, and no more, so both can change sign; asking for a positive diagonal takes that freedom "
    "away, and makes all orthogonal matrices equally likely. With tanh each step first multiplies "
    "by slopes below 1, and no rotation brings that back.",
)
