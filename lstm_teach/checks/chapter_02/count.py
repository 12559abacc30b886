"""2.4 How many numbers are learned."""

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AWholeNumber


def count_parameters(T, D, H):
    """How many numbers does a chain learn that has T steps, D inputs and H hidden units?

    Counted are the entries of W, U and b. Returns a whole number.
    """
    return D * H + H * H + H


def _cases(rng):
    sizes = [(5, 2, 3), (10, 4, 8), (3, 7, 2), *rng.integers(2, 40, (3, 3)).tolist()]
    return [
        Case(tuple(size), label=f"T = {size[0]}, D = {size[1]}, H = {size[2]}") for size in sizes
    ]


MISTAKES = (
    Mistake(
        "new weights at every step",
        "You count the weights once for each of the T steps. There is one module, used T times: "
        "its weights are shared, so T does not matter.",
        "How many matrices W does your `rnn_forward` take? One.",
        answers=(
            lambda T, D, H: T * (D * H + H * H + H),
            lambda T, D, H: T * (D * H + H * H) + H,
            lambda T, D, H: T * (D * H + H * H),
            lambda T, D, H: T * D * H + H * H + H,
        ),
        misconception=20,
    ),
    Mistake(
        "no bias counted",
        "The bias is not counted: D·H + H·H is W and U alone.",
        "b has shape (H,).",
        answers=(lambda T, D, H: D * H + H * H,),
        misconception=12,
    ),
    Mistake(
        "no U counted",
        "U is not counted: D·H + H is W and b alone, a layer without memory.",
        "U has shape (H, H).",
        answers=(lambda T, D, H: D * H + H, lambda T, D, H: D * H),
    ),
    Mistake(
        "U counted as a vector",
        "U is counted as H numbers. It leads from every hidden unit to every hidden unit, so it is "
        "a square.",
        "An array of shape (H, H) has H·H entries.",
        answers=(lambda T, D, H: D * H + H + H,),
    ),
    Mistake(
        "H numbers too many",
        "You count H numbers too many: a second bias, or the state h_0. One bias is enough, since "
        "two would only be added (PyTorch keeps two all the same); h_0 is given, not learned.",
        "W, U, b: three arrays.",
        answers=(lambda T, D, H: D * H + H * H + 2 * H,),
        misconception=31,
    ),
    Mistake(
        "counts the outputs",
        "You count the T·H numbers h_1 ... h_T as well. They are computed anew for each sequence; "
        "only W, U and b are learned.",
        "Which arrays would you have to save to use the chain again tomorrow?",
        answers=(lambda T, D, H: D * H + H * H + H + T * H, lambda T, D, H: D * H + H * H + T * H),
    ),
    Mistake(
        "four layers",
        "You count four layers. That is an LSTM's module; the standard module has one.",
        "Leave out the factor 4 until chapter 9.",
        answers=(lambda T, D, H: 4 * (D * H + H * H + H),),
    ),
    Mistake(
        "D and H exchanged",
        "D and H have changed places: you count D·H + D·D + D.",
        "The square is as wide as the state, and so is the bias: H.",
        answers=(lambda T, D, H: D * H + D * D + D,),
    ),
)

COUNT = Exercise(
    id="2.4",
    title="How many numbers are learned",
    minutes=5,
    points=1,
    parts=(
        FunctionPart(
            reference=count_parameters,
            cases=_cases,
            returns=AWholeNumber("a count"),
            mistakes=MISTAKES,
            hint="Write down the shapes of W, U and b, and multiply each one out.",
        ),
    ),
    hints=(
        "What does the chain have to store so that it can be used again tomorrow?",
        "Three arrays: W (D, H), U (H, H) and b (H,). How many entries has each?",
        "`D * H + H * H + H`. T does not occur in it.",
    ),
    after="T does not occur in it: the same weights run over a sequence of any length.",
    why="W has D·H entries, U has H·H, b has H. Every copy of the module in the unrolled drawing "
    "is the same module, so nothing is counted twice. How wide the state is (H) and how long the "
    "sequence is (T) are independent of each other.",
)
