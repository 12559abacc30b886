"""7.7 Design a task on which a forget bias of 5 hurts."""

from functools import partial

import numpy as np

from ... import chain, network, optim
from ...cells import LSTM
from ...initialisers import biases
from ...tasks.batch import Batch, one_hot
from ...train import fit
from ..display import Words
from ..exercise import Exercise, Finding, Mistake, ValuePart
from ..returned import described

STEPS, SEQUENCES, SYMBOLS = 60, 300, 9
TRAIN, UPDATES, SEEDS = 240, 80, (0, 1)
LEARNED, WORSE = 0.15, 2.0


def streams():
    """Sequences on which an LSTM has to forget, and the right answer at every step.

    Returns x and y, whole numbers from 0 to 8, both of shape (60, 300): steps, sequences.
    """
    rng = np.random.default_rng(0)
    letter = rng.integers(1, 9, size=(60, 300))
    x = np.where(rng.random((60, 300)) < 0.5, letter, 0)
    y = x.copy()
    for t in range(1, 60):
        y[t] = np.where(x[t] > 0, x[t], y[t - 1])
    return x, y


def wrong_answers(x, y, bias, seed):
    """The share of wrong answers of a small LSTM that began with this forget bias."""
    net = network.Network(LSTM, SYMBOLS, 8, SYMBOLS)
    rng = np.random.default_rng(seed)
    start = partial(chain.init, b=biases(f=bias))
    params = network.init(net, rng, start=start, dtype=np.float32)

    def draw(rng):
        chosen = rng.integers(TRAIN, size=8)
        answers = y[:, chosen]
        return Batch(
            one_hot(x[:, chosen], SYMBOLS).astype(np.float32),
            answers,
            np.ones_like(answers, bool),
            np.full(8, STEPS),
        )

    for step in fit(net, params, draw, optim.Adam(0.01), rng, steps=UPDATES, clip=1.0):
        params = step.params
    seen = one_hot(x[:, TRAIN:], SYMBOLS).astype(np.float32)
    told, _, _ = network.forward(net, params, seen)
    return float((told.argmax(axis=-1) != y[:, TRAIN:]).mean())


def _measured(x, y):
    """The mean share of wrong answers with b_f = 0 and with b_f = 5."""
    return tuple(np.mean([wrong_answers(x, y, b, seed) for seed in SEEDS]) for b in (0, 5))


SAME_ANSWER = Mistake(
    "one answer nearly always",
    "One answer is right at nine steps of ten or more. A network that always says it has learned "
    "nothing, and has hardly anything left to learn.",
    "Let the answers be spread over the symbols.",
)
ALIKE = Mistake(
    "all sequences alike",
    "Your sequences are all the same, or nearly: there is nothing to learn from but one of them.",
    "Draw x at random, with an `rng`.",
)
NO_MEMORY = Mistake(
    "no memory needed",
    "The answer can be read off the symbol of the same step. A network without any memory solves "
    "it, and what the forget gate does is of no interest to it.",
    "Ask for something that was seen earlier.",
)
FUTURE = Mistake(
    "an answer from the future",
    "The answer is in the symbol of the next step. No network can know it yet.",
    "y[t] may depend on x[0] to x[t].",
)
TOO_HARD = Mistake(
    "not learned with b_f = 0 either",
    "With b_f = 0 it is not learned either in the given time, so nothing can be said about 5.",
    "Make it easier: a rule that looks back a few steps only, and fewer exceptions.",
)
NOTHING_TO_FORGET = Mistake(
    "nothing to forget",
    "Both learn it about equally well, or b_f = 5 even better. There is too little in your "
    "sequences that has to be forgotten.",
    "What was right a moment ago must become wrong: a new symbol that replaces the old, often.",
    misconception=120,
)
MISTAKES = (SAME_ANSWER, ALIKE, NO_MEMORY, FUTURE, TOO_HARD, NOTHING_TO_FORGET)


def _two_arrays(value):
    """x and y, or a Finding that says what came."""
    if type(value) not in (tuple, list) or len(value) != 2:
        return Finding(
            f"`streams` gave {described(value)}; expected two arrays, x and y.",
            hint="Its last line should read `return x, y`.",
        )
    for name, array in zip("xy", value, strict=True):
        if not isinstance(array, np.ndarray) or array.shape != (STEPS, SEQUENCES):
            return Finding(
                f"{name} is {described(array)}; expected an array of shape ({STEPS}, {SEQUENCES}): "
                "steps, sequences.",
                hint="Draw with `size=(60, 300)`.",
            )
        whole = array.dtype.kind in "iu"
        if not whole or array.min() < 0 or array.max() >= SYMBOLS:
            reach = f", from {array.min()} to {array.max()}" if whole else ""
            return Finding(
                f"{name} holds {array.dtype}{reach}; expected whole numbers from 0 to "
                f"{SYMBOLS - 1}.",
                hint="`rng.integers(9, size=(60, 300))` draws such numbers.",
            )
    return np.array(value[0]), np.array(value[1])


def _from_a_table(x, y):
    """The share of answers that the best table from symbols x to answers y gets right."""
    counts = np.zeros((SYMBOLS, SYMBOLS), int)
    np.add.at(counts, (x.ravel(), y.ravel()), 1)
    return counts.max(axis=1).sum() / y.size


def _examine(value, rng):
    value = _two_arrays(value)
    if isinstance(value, Finding):
        return value
    x, y = value
    for mistake, share, says in (
        (SAME_ANSWER, np.bincount(y.ravel()).max() / y.size, "one answer is right"),
        (ALIKE, (x == x[:, :1]).mean(), "symbols equal to those of the first sequence"),
        (NO_MEMORY, _from_a_table(x, y), "answers known from the symbol of the same step"),
        (FUTURE, _from_a_table(x[1:], y[:-1]), "answers known from the symbol of the next step"),
    ):
        if share >= 0.9:
            return _found(mistake, f"{says}: {share:.2f}")
    zero, five = _measured(x, y)
    seen = f"wrong answers after {UPDATES} updates: {zero:.2f} with b_f = 0, {five:.2f} with 5"
    if zero > LEARNED:
        return _found(NOTHING_TO_FORGET if five < 0.9 * zero else TOO_HARD, seen)
    if five < WORSE * zero or five < 0.05:
        return _found(NOTHING_TO_FORGET, seen)
    return None


def _found(mistake, seen):
    return Finding(
        mistake.says,
        exhibits=(("Seen", Words(seen)),),
        hint=mistake.hint,
        mistake=mistake.name,
    )


def _praise(value, rng):
    zero, five = _measured(*_two_arrays(value))
    lines = f"b_f = 0   {zero:.2f}\nb_f = 5   {five:.2f}"
    return ((f"Wrong answers on new sequences after {UPDATES} updates", lines),)


MUST_RESET = Exercise(
    id="7.7",
    title="A task on which b_f = 5 hurts",
    minutes=20,
    points=4,
    parts=(ValuePart(reference=streams, examine=_examine, mistakes=MISTAKES, praise=_praise),),
    hints=(
        "A forget bias of 5 keeps for a hundred steps. In which task is that exactly what should "
        "not happen?",
        "What was right must be wrong again soon, so that old contents stand in the way. For "
        "example: which symbol came last, where every new one replaces the old.",
        "Half of x blank (0), the rest letters from 1 to 8 at random. y[t] is x[t] where that is a "
        "letter, and y[t-1] elsewhere.",
    ),
    after="A bias is a guess about the task: how long is what I see now going to matter?",
    why="With b_f = 5 a unit sums up everything of the last hundred steps, and the newest letter "
    "is one of many. To drop the old, the forget gate must close when a letter comes: its z "
    "has to go from 5 to below 0, a long way at a small rate. From b_f = 0 it is short. Given "
    "time, both arrive. So 5 costs time here, as 0 costs everything at a long lag.",
)
