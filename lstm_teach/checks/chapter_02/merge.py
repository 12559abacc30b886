"""2.3 Merging lines is one block matrix."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from .step import draw, step_arguments


def block_matrix(W, U):
    """The one matrix V that does the work of two, for a row with x first and h after it.

    Shapes: W (D, H), U (H, H). Returns V of shape (D + H, H).
    """
    return np.concatenate([W, U])


def merged_step(x, h, V, b):
    """One step of the chain, with x and h merged into one row: h' = tanh([x, h] V + b).

    Shapes: x (B, D), h (B, H), V (D + H, H), b (H,). Returns h' of shape (B, H).
    """
    row = np.concatenate([x, h], axis=1)
    return np.tanh(row @ V + b)


def _matrices(rng):
    sizes = [(1, 2), (3, 2), (2, 2), (2, 4)]
    return [Case((draw(rng, D, H), draw(rng, H, H))) for D, H in sizes]


def _merged(x, h, W, U, b):
    return x, h, np.concatenate([W, U]), b


def _steps(rng):
    x, h, W, U, b = _arguments = step_arguments(rng, 1, 2, 3)
    zero = np.zeros_like
    return [
        Case(_merged(zero(x), zero(h), zero(W), zero(U), b), "b", "tanh(b)"),
        Case(_merged(x, zero(h), W, U, zero(b)), "x", "tanh(x W), W being the first D rows of V"),
        Case(_merged(zero(x), h, W, U, zero(b)), "h", "tanh(h U), U being the last H rows of V"),
        Case(_merged(*_arguments)),
        *(
            Case(_merged(*step_arguments(rng, *size)))
            for size in [(2, 3, 2), (2, 2, 2), (3, 3, 3), (4, 1, 5)]
        ),
    ]


def _row(x, h):
    return np.concatenate([x, h], axis=1)


MATRIX_MISTAKES = (
    Mistake(
        "adds W and U",
        "Your V is W + U, the sum. Where two lines merge the vectors are laid end to end; they "
        "are not added, and neither are the matrices.",
        "V has D + H rows: one for each number in the merged row. Stack, do not add.",
        answers=(lambda W, U: W + U,),
        misconception=22,
    ),
    Mistake(
        "U above W",
        "Your V has U on top and W below. In the merged row x comes first, so the first D rows of "
        "V must be W.",
        "The order in V follows the order in the row: x then h, W then U.",
        answers=(lambda W, U: np.concatenate([U, W]),),
    ),
    Mistake(
        "W and U side by side",
        "Your V has W and U side by side. That gives two answers of H numbers, not their sum.",
        "Both matrices have H columns. Put one below the other: axis 0.",
        answers=(lambda W, U: np.concatenate([W, U], axis=1), lambda W, U: np.hstack([U, W])),
    ),
    Mistake(
        "blocks on the diagonal",
        "Your V keeps W and U apart, with zeros beside them, and has 2 H columns. The row would "
        "give x W and h U next to each other; nothing would add them up.",
        "Let both blocks share the same H columns: the product then adds their results.",
        answers=(
            lambda W, U: np.block(
                [[W, np.zeros((len(W), U.shape[1]))], [np.zeros((len(U), W.shape[1])), U]]
            ),
        ),
    ),
    Mistake(
        "W times U",
        "Your V is the product W U, of shape (D, H). That is two layers one after the other; here "
        "two lines meet in one.",
        "Nothing is multiplied in this function. It only puts W above U.",
        answers=(lambda W, U: W @ U,),
    ),
)

STEP_MISTAKES = (
    Mistake(
        "h before x",
        "Your merged row is [h, x]. The first D rows of V are W, so x must come first. Where D = H "
        "the shapes fit and nothing complains.",
        "`[x, h]`, in this order. Either order is good if V follows it; some books put h first.",
        answers=(lambda x, h, V, b: np.tanh(_row(h, x) @ V + b),),
    ),
    Mistake(
        "adds x and h",
        "x and h are added. Where two lines merge the vectors are laid end to end: D numbers and "
        "H numbers make a row of D + H. Adding is what a circle with a plus sign does.",
        "`np.concatenate([x, h], axis=1)`.",
        answers=(lambda x, h, V, b: np.tanh((x + h) @ V + b),),
        misconception=22,
    ),
    Mistake(
        "joins along the batch",
        "x and h are joined along axis 0, the batch: one below the other. They belong side by "
        "side, in one longer row for each member of the batch.",
        "`axis=1` joins features; `np.concatenate` takes axis 0 unless told otherwise.",
        answers=(lambda x, h, V, b: np.tanh(np.concatenate([x, h]) @ V + b),),
    ),
    Mistake(
        "no bias in the merged step",
        "The merge is right, the bias is missing: your answer is tanh([x, h] V).",
        "Add `b` before the tanh, as in exercise 2.1.",
        answers=(lambda x, h, V, b: np.tanh(_row(x, h) @ V),),
        misconception=12,
    ),
    Mistake(
        "no tanh in the merged step",
        "The merge is right, the tanh is missing: your answer is [x, h] V + b.",
        "The sum goes through `np.tanh` last, as in exercise 2.1.",
        answers=(lambda x, h, V, b: _row(x, h) @ V + b,),
    ),
)

MERGE = Exercise(
    id="2.3",
    title="Merging lines is one block matrix",
    minutes=12,
    points=3,
    parts=(
        FunctionPart(
            reference=block_matrix,
            cases=_matrices,
            returns=AnArray("V", "(D + H, H)"),
            mistakes=MATRIX_MISTAKES,
            hint="Write x = [x1], h = [h1, h2] and the products out, term by term. Which number of "
            "the row meets which row of V?",
        ),
        FunctionPart(
            reference=merged_step,
            cases=_steps,
            returns=AnArray("h'", "(B, H)"),
            mistakes=STEP_MISTAKES,
            hint="Print `row.shape` before the product: it should be (B, D + H).",
        ),
    ),
    hints=(
        "Write out one number of x W + h U: it is a sum over the entries of x and then over the "
        "entries of h. One longer row times one taller matrix is the same sum.",
        "V has D + H rows. The first D meet the numbers of x, the last H those of h. So which "
        "matrix is on top? `np.concatenate` stacks; its `axis` says in which direction.",
        "`block_matrix`: `np.concatenate([W, U])`. `merged_step`: `row = np.concatenate([x, h], "
        "axis=1)`, then `np.tanh(row @ V + b)`.",
    ),
    after="Two matrices or one: the same sum. In the drawings two lines merge; in the equations "
    "x W + h U is written. Both say this.",
    why="Entry k of [x, h] V is the sum of x_d W[d, k] over d plus the sum of h_j U[j, k] over j: "
    "the two products, added. So merging lines (concatenation) followed by one matrix is the same "
    "as two matrices followed by a sum. It is not the same as adding x and h, which cannot even "
    "be done unless D = H.",
)
