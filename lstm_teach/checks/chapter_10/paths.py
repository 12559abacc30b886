"""10.4 Carousel against gate paths: measure, then conclude."""

import numpy as np

import lstm_teach as lt  # the solution is shown as a reader writes it

from ..choice import a_choice
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def path_sizes(params, x):
    """How large the two parts of ∂c_T/∂c_t are, over the lag.

    params: the weights of an LSTM, Params; x (T, 1, D). Starts from a state of zeros.
    Returns carousel (T + 1,) and gates (T + 1,), the largest singular value of each part, lag 0
    first.
    """
    _, _, trace = lt.forward(lt.LSTM, params, x)
    paths = lt.jacobian_paths(lt.LSTM, params, trace)
    carousel = lt.largest_singular_value(paths.carousel.c.c[::-1, 0])
    gates = lt.largest_singular_value(paths.gates.c.c[::-1, 0])
    return carousel, gates


def conclusion():
    """All four layers' U may be any number of times larger: which curve can rise above 1?

    Returns a letter and a sentence.
    """
    return "B", (
        "Every gate path has U as a factor at each passage, so a larger U can carry it above 1. "
        "The carousel has no U in it: its factors are forget gates, between 0 and 1 whatever U is."
    )


def chain(rng, scale=1.0, hidden=16, T=60):
    """The weights of an LSTM with U `scale` times as large, and random inputs."""
    params = lt.init(lt.LSTM, rng, 4, hidden)
    return params._replace(U=scale * params.U), rng.normal(size=(T, 1, 4))


def _cases(rng):
    made = [(1.0, 1, 2), (1.0, 3, 4), (4.0, 4, 6), (2.0, 5, 12)]
    return [
        Case(chain(rng, scale, H, T), label=f"a random LSTM with {H} units and {T} steps")
        for scale, H, T in made
    ]


def _sizes(
    size=lt.largest_singular_value,
    pick=lambda J: J.c.c,
    turn=lambda J: J[::-1],
    parts=("carousel", "gates"),
):
    """The answer to 10.4, with each of its rules as an argument."""

    def answer(params, x):
        paths = lt.jacobian_paths(lt.LSTM, params, lt.forward(lt.LSTM, params, x)[2])
        return tuple(size(turn(pick(getattr(paths, part)))[:, 0]) for part in parts)

    return answer


def _of_sizes(params, x):
    whole, carousel = _sizes(parts=("total", "carousel"))(params, x)
    return carousel, whole - carousel


MISTAKES = (
    Mistake(
        "in the order of time",
        "Your first number belongs to the longest lag. Row t of a Jacobian is ∂c_T/∂c_t, so its "
        "lag is T - t.",
        "Turn the rows round: `[::-1]`.",
        answers=(_sizes(turn=lambda J: J),),
    ),
    Mistake(
        "the output in place of the cell state",
        "You measure how h answers to h. Asked for is how c answers to c.",
        "`.c.c` behind each part; `.c.h` would be how c answers to h.",
        answers=(
            _sizes(pick=lambda J: J.h.h),
            _sizes(pick=lambda J: J.h.c),
            _sizes(pick=lambda J: J.c.h),
        ),
    ),
    Mistake(
        "the whole in place of the gate paths",
        "Your second curve is the whole Jacobian: the carousel is still in it.",
        "`paths.gates`.",
        answers=(_sizes(parts=("carousel", "total")),),
    ),
    Mistake(
        "the two exchanged",
        "You return the gate paths first. The carousel comes first.",
        "`return carousel, gates`.",
        answers=(_sizes(parts=("gates", "carousel")),),
    ),
    Mistake(
        "subtracts sizes",
        "You subtract the size of one matrix from that of another. Matrices add, their sizes do "
        "not: the two parts may point different ways.",
        "First the part, `paths.gates`; then its size.",
        answers=(_of_sizes,),
    ),
    Mistake(
        "eigenvalues, not singular values",
        "You take the largest eigenvalue. It says what many applications of the same matrix do; "
        "how much this one can stretch is its largest singular value.",
        "`lt.largest_singular_value`.",
        answers=(_sizes(size=lt.spectral_radius),),
    ),
    Mistake(
        "the root of the sum of squares",
        "You take the root of the sum of all squared entries, which is larger than what any one "
        "row can gain.",
        "`lt.largest_singular_value`, as in chapter 04.",
        answers=(_sizes(size=lambda J: np.sqrt((J * J).sum(axis=(-2, -1)))),),
    ),
)

CONCLUSIONS = (
    Mistake(
        "A: the carousel",
        "A would need a factor above 1 on the carousel. From c to c there is one factor a step, "
        "the forget gate, and it stays between 0 and 1 whatever U is.",
        "Which of the two parts has U in it as a factor?",
        misconception=4,
    ),
    Mistake(
        "C: both",
        "C treats the gradient as one thing. Its two parts have different factors. U does move "
        "the forget gates, and so the carousel; it cannot move them beyond 1.",
        "Run the cell with 1, 4 and 8, and read both columns.",
        misconception=4,
    ),
    Mistake(
        "D: neither",
        "D trusts that gates bound everything. They bound the carousel. A path through the "
        "candidate has U as a factor at each passage, and nothing that bounds it.",
        "Run the cell with 1, 4 and 8, and read both columns.",
        misconception=1,
    ),
)


def _shown(rng):
    rows = ["U times   carousel   gate paths   (powers of ten at lag 60)"]
    for scale in (1, 2, 4, 8):
        sizes = path_sizes(*chain(np.random.default_rng(36), scale))
        rows.append("".join(f"{cell:>9}" for cell in (scale, *(_power(v) for v in sizes))))
    return (("Measured just now, one chain of 16 units, b_f = 1", "\n".join(rows)),)


def _power(sizes):
    return f"{np.log10(sizes[-1]):.0f}"


PATHS = Exercise(
    id="10.4",
    title="Carousel against gate paths",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=path_sizes,
            cases=_cases,
            returns=SeveralArrays((AnArray("carousel", "(T + 1,)"), AnArray("gates", "(T + 1,)"))),
            mistakes=MISTAKES,
            hint="At lag 0 the carousel is the identity, of size 1, and no gate path has begun.",
        ),
        a_choice(conclusion, "ABCD", CONCLUSIONS, _shown),
    ),
    hints=(
        "`lt.jacobian_paths(lt.LSTM, params, trace)` splits every ∂s_T/∂s_t in its two parts. The "
        "chapter does the same for its figure.",
        "`paths.carousel.c.c` is (T + 1, 1, H, H), time first. The size of a matrix is "
        "`lt.largest_singular_value`, which takes many at once.",
        "`lt.largest_singular_value(paths.carousel.c.c[::-1, 0])`, and the same for "
        "`paths.gates`. For the conclusion, run the cell below with U, 4 U and 8 U.",
    ),
    after="The carousel never rises above 1; the gate paths can. What keeps the memory is not what "
    "explodes.",
    why="Row t of the Jacobians has the lag T - t, so the rows are turned round. The carousel part "
    "is a product of forget gates: a larger U opens and closes them, and the product moves, but it "
    "stays below 1. Each gate path passes U at least once, and nothing bounds U.",
)
