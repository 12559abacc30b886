"""6.7 A break-down on a continual stream: measure, and conclude."""

import numpy as np

from ...activations import logistic
from ..choice import a_choice
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def answers_in_a_stream(step, sequences, reset):
    """Run a cell over sequences that follow each other, and read h at the end of each.

    step(x_t, h, c) gives h', c', each (H,); both start at np.zeros(1). sequences: arrays (T, D).
    reset: True, if h and c are to be zero again before each sequence. Returns (N, 1).
    """
    h, c, answers = np.zeros(1), np.zeros(1), []
    for x in sequences:
        if reset:
            h, c = np.zeros(1), np.zeros(1)
        for x_t in x:
            h, c = step(x_t, h, c)
        answers.append(h)
    return np.stack(answers)


def broken():
    """Why does the adder fail on the stream, and what would help?

    Returns a letter and a sentence.
    """
    return "C", (
        "The old sum is still in c when the next sequence begins, so from the second on each "
        "answer has all earlier ones in it; a way to empty c at the right moment is missing."
    )


def adder(x_t, h, c):
    """A cell of 1997 with one unit, set by hand: it adds up the values that are marked.

    x_t: value and marker. Its h is about a tenth of the sum, as long as the sum is small.
    """
    value, marker = x_t
    i = logistic(20 * (marker - 0.5))
    c = c + i * np.tanh(0.1 * value)
    return np.tanh(c), c


def _mixer(x_t, h, c):
    """A cell that hears its own h, so that it matters which of the two is reset."""
    i, o = logistic(x_t[0] + 2 * h), logistic(x_t[1] - h)
    c = c + i * np.tanh(x_t[1] + 0.7 * h)
    return o * np.tanh(c), c


def _cases(rng):
    def drawn(*lengths):
        return [rng.uniform(-1, 1, (T, 2)).round(1) for T in lengths]

    settings = (
        (adder, drawn(3), True, "one sequence, with reset"),
        (adder, drawn(3), False, "one sequence, without reset"),
        (_mixer, drawn(4, 3, 2), True, "three sequences, each from zero"),
        (_mixer, drawn(4, 3, 2), False, "three sequences, nothing reset between them"),
        (_mixer, drawn(1, 5, 2, 3), False, "four sequences, nothing reset between them"),
        (_mixer, drawn(2, 1, 4), True, "three sequences again, each from zero"),
    )
    return [Case((step, xs, reset), label=label) for step, xs, reset, label in settings]


def _variant(begin=lambda h, c, reset: (0 * h, 0 * c) if reset else (h, c), read=lambda h, c: h):
    def answer(step, sequences, reset):
        h, c, answers = np.zeros(1), np.zeros(1), []
        for x in sequences:
            h, c = begin(h, c, reset)
            for x_t in x:
                h, c = step(x_t, h, c)
            answers.append(read(h, c))
        return np.stack(answers)

    return answer


def _reset_at_each_step(step, sequences, reset):
    answers, h, c = [], np.zeros(1), np.zeros(1)
    for x in sequences:
        for x_t in x:
            if reset:
                h, c = np.zeros(1), np.zeros(1)
            h, c = step(x_t, h, c)
        answers.append(h)
    return np.stack(answers)


def _nothing_carried(step, sequences, reset):
    return np.stack([step(x[-1], np.zeros(1), np.zeros(1))[0] for x in sequences])


MISTAKES = (
    Mistake(
        "always resets",
        "You begin every sequence at zero, also where reset is False.",
        "Only `if reset:`.",
        answers=(_variant(lambda h, c, reset: (0 * h, 0 * c)),),
    ),
    Mistake(
        "never resets",
        "You never reset, also where reset is True.",
        "`if reset:` at the beginning of each sequence.",
        answers=(_variant(lambda h, c, reset: (h, c)),),
    ),
    Mistake(
        "True and False exchanged",
        "You reset where you should not, and do not where you should.",
        "reset=True means: begin at zero again.",
        answers=(_variant(lambda h, c, reset: (h, c) if reset else (0 * h, 0 * c)),),
    ),
    Mistake(
        "resets h only",
        "You set h to zero, and c goes on. c is carried from step to step as well as h, and here "
        "it is the memory.",
        "Both, h and c.",
        answers=(_variant(lambda h, c, reset: (0 * h if reset else h, c)),),
        misconception=18,
    ),
    Mistake(
        "resets c only",
        "You set c to zero, and h goes on into the next sequence. Both are carried.",
        "Both, h and c.",
        answers=(_variant(lambda h, c, reset: (h, 0 * c if reset else c)),),
        misconception=18,
    ),
    Mistake(
        "reads c",
        "You return c. The outside sees h only.",
        "Append h.",
        answers=(_variant(read=lambda h, c: c),),
    ),
    Mistake(
        "resets at every step",
        "You reset before every step. Then nothing is remembered inside a sequence either.",
        "The reset belongs before the inner loop.",
        answers=(_reset_at_each_step,),
    ),
    Mistake(
        "nothing is carried",
        "Every step starts from zero: h and c do not go from one step to the next.",
        "`h, c = step(x_t, h, c)`.",
        answers=(_nothing_carried,),
    ),
)

CHOICES = (
    Mistake(
        "A: it forgets",
        "A says that c fades. Look at the column of c: it never gets smaller. The cell forgets "
        "nothing, and that is the trouble.",
        "What is in c when sequence 2 begins?",
    ),
    Mistake(
        "B: tanh alone is to blame",
        "tanh does flatten, later on. But sequence 2 is wrong already, when c is small and tanh(c) "
        "is nearly c.",
        "Compare the first wrong row with the row where h comes near 1.",
        misconception=17,
    ),
    Mistake(
        "D: shut the input gate",
        "A shut input gate keeps new things out. The old sum stays where it is.",
        "Which of the gates of 1997 can make c smaller?",
        misconception=112,
    ),
    Mistake(
        "E: a larger readout",
        "A larger readout multiplies the old sum as well as the new one.",
        "What is in c when sequence 2 begins?",
    ),
)


def _shown(rng):
    sequences = []
    for _ in range(60):
        x = np.zeros((20, 2))
        x[:, 0] = rng.uniform(0, 1, 20)
        x[rng.choice(20, 2, replace=False), 1] = 1
        sequences.append(x)
    wanted = np.array([(x[:, 0] * x[:, 1]).sum() for x in sequences])
    h = [answers_in_a_stream(adder, sequences, reset)[:, 0] for reset in (True, False)]
    rows = [
        f"sequence {n:2}:  sum {wanted[n - 1]:.2f}   10 h with reset {10 * h[0][n - 1]:.2f}   "
        f"without {10 * h[1][n - 1]:.2f}"
        for n in (1, 2, 3, 10, 60)
    ]
    return (("Measured just now", "\n".join(rows)),)


STREAM = Exercise(
    id="6.7",
    title="A break-down on a stream",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=answers_in_a_stream,
            cases=_cases,
            returns=AnArray("the answers", "(N, 1)"),
            mistakes=MISTAKES,
            hint="Two loops, one inside the other: over the sequences, and over the steps of each.",
        ),
        a_choice(broken, "ABCDE", CHOICES, _shown),
    ),
    hints=(
        "h and c go on from step to step, and from sequence to sequence, unless they are reset.",
        "Outside, a loop over sequences that resets perhaps and reads h at the end; inside, one "
        "over steps. For the conclusion: look at the second sequence.",
        "`for x in sequences:` reset if asked; `for x_t in x: h, c = step(x_t, h, c)`; "
        "`answers.append(h)`. And: which row is the first wrong one, and how large is c there?",
    ),
    after="The weights are perfect and the answers are wrong: what is missing is a way to let go.",
    why="The adder does what it was built for: it adds. Nobody tells it that a new sequence has "
    "begun, and even if somebody did, no gate of 1997 could empty c. First the answers have old "
    "sums in them; later, when c has grown, tanh(c) is 1 whatever comes. Gers, Schmidhuber and "
    "Cummins gave the cell one more gate.",
)
