"""1.9 The gradient of softmax with cross-entropy."""

import numpy as np

from ...activations import softmax
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AnArray


def cross_entropy_gradient(z, k):
    """dz: the gradient of L = mean over the rows of  -log softmax(z)[k]  with respect to z.

    z has shape (B, N); k, whole numbers of shape (B,), is the right place of each row. Returns
    dz of shape (B, N).
    """
    e = np.exp(z - z.max(axis=1, keepdims=True))
    dz = e / e.sum(axis=1, keepdims=True)
    dz[np.arange(len(k)), k] -= 1
    return dz / len(k)


def _cases(rng):
    cases = [(np.array([[0.0, 0.0]]), np.array([0])), (np.array([[1.0, 2.0, 0.5]]), np.array([1]))]
    for B, N in ((2, 3), (3, 3), (4, 2), (3, 5)):
        cases.append((rng.uniform(-2, 2, (B, N)).round(1), rng.integers(0, N, B)))
    far = np.array([[900.0, 0.0, -900.0], [-900.0, -899.0, -901.0]])
    return [Case(case) for case in [*cases, (far, np.array([1, 2]))]]


def _onehot(z, k):
    return np.eye(z.shape[1])[k]


MISTAKES = (
    Mistake(
        "the sign turned round",
        "Your gradient has the wrong sign: one-hot minus softmax. A step against it would make the "
        "right answer less likely.",
        "softmax minus one-hot: negative at the right place, since raising that z lowers the loss.",
        answers=(lambda z, k: (_onehot(z, k) - softmax(z)) / len(z),),
    ),
    Mistake(
        "the 1 is not subtracted",
        "Your gradient is softmax(z) alone, and so positive everywhere: it would lower every z, "
        "the right one too. That is the gradient of log-sum-exp only.",
        "The loss is log-sum-exp minus z_k. The second term contributes -1 at the right place.",
        answers=(lambda z, k: softmax(z) / len(z), lambda z, k: softmax(z)),
    ),
    Mistake(
        "sum in place of the mean",
        "Your gradient is B times too large: it belongs to the sum of the losses. Here the loss is "
        "their mean.",
        "Divide by the number of rows.",
        answers=(lambda z, k: softmax(z) - _onehot(z, k),),
    ),
    Mistake(
        "divides by N as well",
        "You divide by the number of entries. The mean runs over the rows; within a row nothing is "
        "averaged.",
        "Divide by `len(k)`, the number of rows, not by `z.size` or `z.shape[1]`.",
        answers=(
            lambda z, k: (softmax(z) - _onehot(z, k)) / z.size,
            lambda z, k: (softmax(z) - _onehot(z, k)) / z.shape[1],
        ),
    ),
    Mistake(
        "subtracts 1 everywhere",
        "You subtract 1 from every entry, or from whole columns. In each row only the right place "
        "gets it.",
        "`dz[:, k]` picks whole columns. `dz[np.arange(len(k)), k]` picks one entry of each row.",
        answers=(
            lambda z, k: (softmax(z) - 1) / len(z),
            lambda z, k: (softmax(z) - np.isin(np.arange(z.shape[1]), k)) / len(z),
        ),
    ),
    Mistake(
        "only the right place",
        "Your gradient is zero except at the right places. But every z of a row is in the sum "
        "below the fraction: raising a wrong one raises the loss.",
        "The other places get softmax(z) itself.",
        answers=(lambda z, k: _onehot(z, k) * (softmax(z) - 1) / len(z),),
    ),
    Mistake(
        "a slope too many",
        "You multiply by p (1 - p), as for a squared error behind a logistic function. With "
        "cross-entropy that factor cancels; that is one reason to use it.",
        "softmax(z) minus one-hot, and no further factor.",
        answers=(
            lambda z, k: (softmax(z) - _onehot(z, k)) * softmax(z) * (1 - softmax(z)) / len(z),
        ),
    ),
    Mistake(
        "z in place of softmax(z)",
        "You subtract the one-hot rows from z itself. The probabilities are softmax(z).",
        "First the softmax, then minus 1 at the right place.",
        answers=(lambda z, k: (z - _onehot(z, k)) / len(z), lambda z, k: z - _onehot(z, k)),
    ),
)

GRADIENT = Exercise(
    id="1.9",
    title="The gradient of softmax with cross-entropy",
    minutes=10,
    points=3,
    parts=(
        FunctionPart(
            reference=cross_entropy_gradient,
            cases=_cases,
            returns=AnArray("dz", "(B, N)"),
            mistakes=MISTAKES,
            hint="Each row of dz sums to 0: adding the same number to all of a row changes no "
            "loss. Does yours? Then compare with `lt.numerical_gradient`.",
        ),
    ),
    hints=(
        "The loss of one row is log Σ exp(z_j) - z_k. Take the slope of each term with respect to "
        "one z_j.",
        "The first term has the slope softmax(z)_j. The second has -1 where j = k, and 0 "
        "elsewhere. Then the mean: divide by B.",
        "Compute the softmax as in 1.8, call it `dz`; `dz[np.arange(len(k)), k] -= 1`; `return dz "
        "/ len(k)`.",
    ),
    after="What is believed minus what is so, for every symbol. This line stands at the end of "
    "every language model.",
    why="-log softmax(z)_k = log Σ exp(z_j) - z_k. The slope of the first term with respect to z_j "
    "is exp(z_j) / Σ, which is softmax(z)_j; the second gives -1 at the right place. Each row of "
    "dz sums to 0: what one symbol gains the others lose. The mean over B rows divides by B.",
)
