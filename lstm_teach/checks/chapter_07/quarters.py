"""7.4 The right quarter of a bias: PyTorch's two, and Keras' one."""

import numpy as np

from ..chapter_02.step import draw
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray
from ..several import SeveralArrays


def torch_biases(b_ih, b_hh, value):
    """Set the forget bias of a PyTorch LSTM, which adds two biases: z = x W + b_ih + h U + b_hh.

    Shapes: b_ih, b_hh (4H,), their quarters in the order i f g o. Returns both, so that
    the forget quarters add up to `value`; the other quarters stay as they are.
    """
    H = len(b_ih) // 4
    b_ih, b_hh = b_ih.copy(), b_hh.copy()
    b_ih[H : 2 * H] = value
    b_hh[H : 2 * H] = 0
    return b_ih, b_hh


def keras_bias(b, value):
    """Set the forget bias of a Keras LSTM, which has one bias, in quarters i f c o.

    Shapes: b (4H,). Returns it with the forget quarter at `value`; the others stay.
    """
    H = len(b) // 4
    b = b.copy()
    b[H : 2 * H] = value
    return b


class Sums(SeveralArrays):
    """Two biases that count as one: what matters is their sum."""

    def same(self, value, expected):
        if type(value) not in (tuple, list) or len(value) != 2:
            return False
        if not all(isinstance(b, np.ndarray) and b.dtype.kind in "fiu" for b in value):
            return False
        return value[0].shape == value[1].shape == expected[0].shape and np.allclose(
            value[0] + value[1], expected[0] + expected[1], rtol=1e-6, atol=1e-8
        )

    def exhibits(self, value, expected):
        (one, other), total = value, expected[0] + expected[1]
        lines = [
            f"{name}: expected {_signs(want)}, got {_signs(got)}"
            for name, want, got in zip(
                "ifgo", np.split(total, 4), np.split(one + other, 4), strict=True
            )
        ]
        return (("The sum b_ih + b_hh, quarter by quarter", "\n".join(lines)),)


def _signs(values):
    return " ".join(f"{v:+.2f}" for v in values)


def _torch_cases(rng):
    sizes = ((1, 1.0), (2, 1.0), (3, 5.0), (4, -1.0))
    return [Case((draw(rng, 4 * H), draw(rng, 4 * H), value)) for H, value in sizes]


def _keras_cases(rng):
    return [Case((draw(rng, 4 * H), value)) for H, value in ((1, 1.0), (2, 1.0), (3, 5.0))]


def _put(where, first=None, second=0.0):
    """A wrong answer that sets other places, or other values; None: `value`."""

    def answer(b_ih, b_hh, value):
        b_ih, b_hh, H = b_ih.copy(), b_hh.copy(), len(b_ih) // 4
        b_ih[where(H)] = value if first is None else first(value)
        if second is not None:
            b_hh[where(H)] = value if second == "value" else second
        return b_ih, b_hh

    return answer


def _put_one(where, more=0.0):
    def answer(b, value):
        b, H = b.copy(), len(b) // 4
        b[where(H)] = value + more * b[where(H)]
        return b

    return answer


def _quarter(n):
    return lambda H: slice(n * H, (n + 1) * H)


def _forget(H):
    return slice(H, 2 * H)


def _others_zeroed(b_ih, b_hh, value):
    H = len(b_ih) // 4
    new = np.zeros_like(b_ih)
    new[H : 2 * H] = value
    return new, np.zeros_like(b_hh)


def _one_zeroed(b_ih, b_hh, value):
    b_ih, H = b_ih.copy(), len(b_ih) // 4
    b_ih[H : 2 * H] = value
    return b_ih, np.zeros_like(b_hh)


def _added(b_ih, b_hh, value):
    b_ih, H = b_ih.copy(), len(b_ih) // 4
    b_ih[H : 2 * H] += value
    return b_ih, b_hh


TORCH_MISTAKES = (
    Mistake(
        "both biases set",
        "You set the forget quarter of both biases. They are added, so the gate starts with twice "
        "the value: 2 where 1 was meant.",
        "Set one of them and put the other's quarter to 0.",
        answers=(_put(_forget, second="value"),),
        misconception=31,
    ),
    Mistake(
        "the other bias left as it was",
        "You set one bias and leave the other as it was drawn. Their sum is the value plus a "
        "random number.",
        "The forget quarter of the other one should be 0, so that the sum is right.",
        answers=(_put(_forget, second=None), _added),
        misconception=31,
    ),
    Mistake(
        "the input gate's quarter",
        "You set the first quarter. PyTorch's order is i f g o: the first one belongs to the input "
        "gate.",
        "The forget gate has the second quarter, from H to 2H.",
        answers=(_put(_quarter(0)),),
        misconception=30,
    ),
    Mistake(
        "the candidate's quarter",
        "You set the third quarter. In the order i f g o that is the candidate; i g f o is the "
        "order of TensorFlow 1.",
        "The forget gate has the second quarter, from H to 2H.",
        answers=(_put(_quarter(2)),),
        misconception=30,
    ),
    Mistake(
        "the output gate's quarter",
        "You set the last quarter, which belongs to the output gate.",
        "The forget gate has the second quarter, from H to 2H.",
        answers=(_put(_quarter(3)),),
        misconception=30,
    ),
    Mistake(
        "every fourth entry",
        "You set every fourth entry, as if the gates took turns. They stand in blocks: first all "
        "of i, then all of f.",
        "A slice from H to 2H.",
        answers=(_put(lambda H: slice(1, None, 4)),),
        misconception=30,
    ),
    Mistake(
        "a quarter of 4H entries",
        "You take H for the length of the bias. It has 4H entries, so a quarter has len(b) // 4.",
        "`H = len(b_ih) // 4`.",
        answers=(
            _put(lambda H: slice(4 * H, 8 * H)),
            _put(lambda H: slice(H, 3 * H)),
            _put(lambda H: slice(None, 2 * H)),
        ),
    ),
    Mistake(
        "all four quarters",
        "You set all four quarters. A bias of 1 for the input gate opens it too.",
        "Only the entries from H to 2H.",
        answers=(_put(lambda H: slice(None)),),
    ),
    Mistake(
        "the other quarters erased",
        "The forget quarter is right. The other quarters have lost what was drawn for them, in one "
        "bias or in both.",
        "Copy the two arrays, and write into one quarter of each.",
        answers=(_others_zeroed, _one_zeroed),
    ),
)

KERAS_MISTAKES = (
    Mistake(
        "Keras: another quarter",
        "In Keras too the forget gate has the second quarter: i f c o, where c is our g.",
        "From H to 2H.",
        answers=tuple(_put_one(_quarter(n)) for n in (0, 2, 3)),
        misconception=30,
    ),
    Mistake(
        "Keras: half the value",
        "You set half of the value, as if there were two biases. Keras has one.",
        "The whole value goes into b.",
        answers=(lambda b, value: _put_one(_forget)(b, value / 2),),
        misconception=31,
    ),
    Mistake(
        "Keras: added to what was there",
        "You add the value to what was there. Keras starts at 1 already, so you would get 2.",
        "`=`, not `+=`.",
        answers=(_put_one(_forget, more=1.0),),
    ),
)

QUARTERS = Exercise(
    id="7.4",
    title="The right quarter: PyTorch and Keras",
    minutes=12,
    points=4,
    parts=(
        FunctionPart(
            reference=torch_biases,
            cases=_torch_cases,
            returns=Sums((AnArray("b_ih", "(4H,)"), AnArray("b_hh", "(4H,)"))),
            mistakes=TORCH_MISTAKES,
            hint="Print b_ih + b_hh before and after: H entries of the sum may change, no others.",
        ),
        FunctionPart(
            reference=keras_bias,
            cases=_keras_cases,
            returns=AnArray("b", "(4H,)"),
            mistakes=KERAS_MISTAKES,
            hint="Print b before and after: H entries may change, no others.",
        ),
    ),
    hints=(
        "How many entries has a quarter? Which of the four is f's? And what does the gate see of "
        "the two biases?",
        "The gate sees only the sum. So one bias takes the whole value and the other takes 0, both "
        "in the entries from H to 2H. Copy before you write.",
        "`H = len(b_ih) // 4`, copies of both, then `b_ih[H:2*H] = value` and `b_hh[H:2*H] = 0`. "
        "For Keras the same with one array.",
    ),
    after="The same slice in both libraries. In others the order differs: look it up each time.",
    why="Forward, the two biases of PyTorch are one: only their sum is used. They are there "
    "because the library underneath, cuDNN, has two. Both are trained, and both get the "
    "same gradient, so the sum moves twice as far for the same rate. Here the check "
    "looks at the sum, so value / 2 in each is right as well. Other orders: i g f o in "
    "TensorFlow 1, i o f c in ONNX.",
)
