"""3.7 The truncated gradient beside the full one."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray, ANumber
from ..several import SeveralArrays
from .backward import rnn_backward, run_arguments


def truncated_backward(dh, x, h, W, U, span):
    """Backpropagation through time in spans: steps 1 .. span, then the next `span` steps, ...

    The states h are those of one long run: carried on from span to span. The gradient is not: it
    stops at the beginning of its span. The last span may be shorter. Shapes as in rnn_backward.
    Returns dW (D, H), dU (H, H), db (H,), summed over the spans.
    """
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    for start in range(0, len(x), span):
        end = start + span
        back = rnn_backward(dh[start:end], x[start:end], h[start : end + 1], W, U)
        dW, dU, db = dW + back[2], dU + back[3], db + back[4]
    return dW, dU, db


def cosine(ours, theirs):
    """The cosine of the angle between two gradients, each several arrays: dW, dU, db.

    1: the same direction; 0: a right angle; -1: opposite. All numbers of the three arrays count
    as one long vector. Returns a number.
    """
    dot = sum(np.sum(a * b) for a, b in zip(ours, theirs, strict=True))
    lengths = [np.sqrt(sum(np.sum(a * a) for a in one)) for one in (ours, theirs)]
    return dot / (lengths[0] * lengths[1])


GRADIENTS = SeveralArrays((AnArray("dW", "(D, H)"), AnArray("dU", "(H, H)"), AnArray("db", "(H,)")))


def _runs(rng):
    cases = []
    for T, span in ((4, 2), (7, 3), (5, 1), (6, 6), (3, 5), (8, 3)):
        arguments = run_arguments(rng, T, 2, 3, 2)
        cases.append(Case((*arguments, span), label=f"T = {T} in spans of {span}"))
    return cases


def _spans(cut, state=lambda h, start: h, size=lambda count: 1):
    """A wrong answer: other spans, other states, or another way of adding up."""

    def answer(dh, x, h, W, U, span):
        pieces = cut(len(x), span)
        total = [np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))]
        for start, end in pieces:
            h_span = state(h[start : end + 1], start)
            back = rnn_backward(dh[start:end], x[start:end], h_span, W, U)
            total = [v + dv for v, dv in zip(total, back[2:], strict=True)]
        return tuple(v / size(len(pieces)) for v in total)

    return answer


def _in_order(T, span):
    return [(start, min(start + span, T)) for start in range(0, T, span)]


def _from_the_end(T, span):
    return [(max(end - span, 0), end) for end in range(T, 0, -span)]


def _begun_anew(h, start):
    h = h.copy()
    h[0] = 0.0 if start else h[0]
    return h


def _as_many_spans(T, span):
    return _in_order(T, -(-T // span))


def _not_full(cases, outcomes):
    """Where one span holds the whole run, something else came than the full gradient."""
    return any(
        outcome.kind == "returned"
        and not GRADIENTS.same(outcome.value, rnn_backward(*case.args[:-1])[2:])
        for case, outcome in zip(cases, outcomes, strict=True)
        if case.args[-1] >= len(case.args[1])
    )


SPAN_MISTAKES = (
    Mistake(
        "nothing is cut",
        "What you return is the full gradient: it crosses the borders between the spans.",
        "Call `rnn_backward` once for each span, on the rows of that span.",
        answers=(_spans(lambda T, span: [(0, T)]),),
        misconception=10,
    ),
    Mistake(
        "the state is cut too",
        "Your spans after the first begin from a state of zero. Here the state is carried on: only "
        "the gradient stops. These are two separate choices.",
        "Hand over `h[start:end + 1]` as it is; its first row is the state that was carried in.",
        answers=(_spans(_in_order, state=_begun_anew),),
        misconception=10,
    ),
    Mistake(
        "the last span only",
        "You return the gradient of the last span. Each span has its own losses and its own share: "
        "the shares add.",
        "Sums that begin at zero before the loop.",
        answers=(
            _spans(lambda T, span: _in_order(T, span)[-1:]),
            _spans(lambda T, span: _from_the_end(T, span)[:1]),
        ),
    ),
    Mistake(
        "leaves out what does not fill a span",
        "Where T is not a multiple of the span, the last steps are missing.",
        "`range(0, len(x), span)` reaches them, and a slice may end beyond the array.",
        answers=(_spans(lambda T, span: [p for p in _in_order(T, span) if p[1] - p[0] == span]),),
    ),
    Mistake(
        "cut from the end",
        "Your spans are counted from the end, so the first one is the short one. Along a stream "
        "nobody knows where the end is: count from the beginning.",
        "`for start in range(0, len(x), span)`.",
        answers=(_spans(_from_the_end),),
    ),
    Mistake(
        "the mean over the spans",
        "You divide by the number of spans. The shares of the spans add.",
        "Leave the division out.",
        answers=(_spans(_in_order, size=lambda count: count),),
    ),
    Mistake(
        "that many spans, not spans of that length",
        "You cut into `span` pieces. `span` is the number of steps in a piece.",
        "`for start in range(0, len(x), span)`.",
        answers=(_spans(_as_many_spans),),
    ),
    Mistake(
        "not the full gradient where nothing is cut",
        "Where one span holds the whole run, nothing is cut and the full gradient should come out. "
        "Something else does.",
        "If you call your `rnn_backward`: is exercise 3.3 right?",
        seen=_not_full,
    ),
)


def _pairs(rng):
    def gradient():
        shapes = (3, 2), (2, 2), (2,)
        return tuple(rng.normal(size=shape) for shape in shapes)

    one, other = gradient(), gradient()
    twice, opposite = tuple(2 * v for v in one), tuple(-v for v in one)
    mixed = tuple(a + 0.3 * b for a, b in zip(one, other, strict=True))
    return [
        Case((one, twice), label="a gradient and the same, twice as long"),
        Case((one, opposite), label="a gradient and its opposite"),
        Case((one, other), label="two random gradients"),
        Case((one, mixed), label="a gradient and a similar one"),
        Case((tuple(5 * v for v in mixed), other), label="a long gradient and a short one"),
    ]


def _dot(ours, theirs):
    return sum(np.sum(a * b) for a, b in zip(ours, theirs, strict=True))


def _length(one):
    return np.sqrt(_dot(one, one))


def _cosine(ours, theirs):
    return _dot(ours, theirs) / (_length(ours) * _length(theirs))


COSINE_MISTAKES = (
    Mistake(
        "does not divide by the lengths",
        "You return the product of the two gradients. It grows with their lengths; the cosine does "
        "not.",
        "Divide by the length of each.",
        answers=(_dot,),
    ),
    Mistake(
        "divides by one length only",
        "You divide by the length of one of the two.",
        "Divide by both.",
        answers=(lambda a, b: _dot(a, b) / _length(a), lambda a, b: _dot(a, b) / _length(b)),
    ),
    Mistake(
        "the squares of the lengths",
        "You divide by squares of lengths: a root is missing.",
        "`np.sqrt` of each sum of squares.",
        answers=(lambda a, b: _dot(a, b) / (_length(a) * _length(b)) ** 2,),
    ),
    Mistake(
        "the mean of three cosines",
        "You take a cosine for each of dW, dU and db, and then their mean. Together they are one "
        "long vector: a small array counts for little in it.",
        "Add the three products first, and the three sums of squares.",
        answers=(lambda a, b: float(np.mean([_cosine([a[n]], [b[n]]) for n in range(3)])),),
    ),
    Mistake(
        "the first array only",
        "You look at dW alone; dU and db belong to the gradient too.",
        "Sum over all three.",
        answers=(lambda a, b: _cosine(a[:1], b[:1]),),
    ),
    Mistake(
        "the angle, not its cosine",
        "You return the angle. Asked for is its cosine.",
        "No `np.arccos`.",
        answers=(lambda a, b: float(np.arccos(np.clip(_cosine(a, b), -1, 1))),),
    ),
)

TRUNCATED = Exercise(
    id="3.7",
    title="The truncated gradient beside the full one",
    minutes=15,
    points=4,
    parts=(
        FunctionPart(
            reference=truncated_backward,
            cases=_runs,
            returns=GRADIENTS,
            mistakes=SPAN_MISTAKES,
            hint="With span = T it should be the full gradient, with span = 1 that of steps which "
            "hear nothing from later.",
        ),
        FunctionPart(
            reference=cosine,
            cases=_pairs,
            returns=ANumber("the cosine"),
            mistakes=COSINE_MISTAKES,
            hint="A gradient and twice that gradient have the cosine 1.",
        ),
    ),
    hints=(
        "Your `rnn_backward` knows nothing of what comes after the rows that it is given. So a "
        "span is a call of it on the rows of that span.",
        "x and dh have T rows, h has T + 1: the span from start to end is `x[start:end]`, "
        "`dh[start:end]`, `h[start:end + 1]`. The cosine is the product divided by both lengths.",
        "`for start in range(0, len(x), span)`: one `rnn_backward`, add its last three results. "
        "`np.sum(a * b)` for each pair of arrays, added up; a length is the root of a gradient's "
        "product with itself.",
    ),
    after="Run the cell below: at which span does the truncated gradient begin to point the right "
    "way?",
    why="The rows of h are those of one long run, so the state is carried. Each call of "
    "`rnn_backward` begins with nothing from later, so at each border the gradient is cut. What is "
    "lost is what losses say about steps before their own span. `lt.truncated_bptt` does this for "
    "every module, and runs forward on the way.",
)
