"""What every task hands out, and how one example of it is printed."""

from typing import NamedTuple

import numpy as np

from ..arguments import expect_rng, expect_size


class Batch(NamedTuple):
    """B sequences and their right answers.

    x (T, B, D): the inputs; target: the right answer at each step, whole numbers (T, B) for
    symbols or numbers (T, B, N); mask (T, B): True where an answer counts; lengths (B,): how
    many steps of each sequence are real. Behind them comes padding: x and target are 0 there
    and the mask is False. For networks side by side there is an axis S before B.
    """

    x: np.ndarray
    target: np.ndarray
    mask: np.ndarray
    lengths: np.ndarray


def side_by_side(batches):
    """One batch for each of S networks become one Batch with an axis S before B.

    Shorter ones are padded to the longest.
    """
    T = max(len(batch.x) for batch in batches)

    def padded(v):
        return np.concatenate([v, np.zeros((T - len(v), *v.shape[1:]), v.dtype)])

    x, target, mask = (
        np.stack([padded(getattr(batch, part)) for batch in batches], axis=1)
        for part in ("x", "target", "mask")
    )
    return Batch(x, target, mask, np.stack([batch.lengths for batch in batches]))


def pieces(batch, steps):
    """Cut a long Batch without padding into Batches of `steps` steps, for a state carried on.

    What is left over at the end is dropped. Returns a list.
    Raises ValueError where sequences are padded or shorter than one piece.
    """
    T = len(batch.x)
    steps = expect_size("steps", steps)
    if steps > T or not (batch.lengths == T).all():
        raise ValueError(
            f"the batch has T = {T} steps, of which {batch.lengths.min()} to "
            f"{batch.lengths.max()} are real; expected {steps} or more, and no padding."
        )
    return [
        Batch(*(v[t : t + steps] for v in batch[:3]), np.full_like(batch.lengths, steps))
        for t in range(0, T - steps + 1, steps)
    ]


def one_hot(symbols, N):
    """Whole numbers 0 .. N-1 become vectors: (...) to (..., N). -1, padding, becomes zeros."""
    return (symbols[..., None] == np.arange(N)).astype(float)


def real_steps(T, lengths):
    """The mask of all real steps, (T, B)."""
    return np.arange(T).reshape(-1, *[1] * lengths.ndim) < lengths


def last_steps(T, lengths):
    """The mask of each sequence's last real step, (T, B)."""
    return np.arange(T).reshape(-1, *[1] * lengths.ndim) == lengths - 1


def expect(rng, batch, **sizes):
    """Raise unless rng is a Generator and the sizes whole numbers, each at least its least.

    sizes: name=(value, least). Returns nothing.
    """
    expect_rng(rng)
    expect_size("batch", batch)
    for name, (value, least) in sizes.items():
        if expect_size(name, value) < least:
            raise ValueError(f"{name} is {value}; expected {least} or more for this task.")


def words(inputs, answers=None):
    """Give a generator the words in which `describe` prints its examples.

    inputs: a string with one character for each symbol, or the names of the columns of x;
    answers: one character for each symbol, or None where answers are numbers. Either may be a
    function of the task's settings.
    """

    def give(draw):
        draw.words = inputs, answers
        return draw

    return give


def describe(task, rng=None, **settings):
    """Print one example of a task: what comes in, and where which answer counts.

        describe(recall, lag=10)

    task: a generator of this package; settings: what it takes beside rng and batch.
    rng: by default np.random.default_rng(0). Returns None.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    batch = task(rng, 1, **settings)
    inputs, answers = (w(**settings) if callable(w) else w for w in task.words)
    T, counted = int(batch.lengths[0]), int(batch.mask.sum())
    print(f"{task.__name__}: {T} steps; the answer counts at {counted} of them")
    show = _symbols if isinstance(inputs, str) else _columns
    for line in show(batch, T, inputs, answers):
        print(line.rstrip())


def _symbols(batch, T, inputs, answers, width=60):
    """One character a step; the answer stands under the step at which it is due."""
    x = "".join(inputs[k] for k in batch.x[:T, 0].argmax(axis=-1))
    counts = batch.mask[:T, 0]
    due = "".join(
        answers[k] if m else " " for k, m in zip(batch.target[:T, 0], counts, strict=True)
    )
    for t in range(0, T, width):
        ticks = "".join(f"{n:<10}" for n in range(t, min(t + width, T), 10))
        yield f"  t       {ticks}"
        yield f"  input   {x[t : t + width]}"
        yield f"  answer  {due[t : t + width]}"


def _columns(batch, T, inputs, answers):
    """One line a step; of a long sequence only both ends and the steps that are marked."""
    x, counts = batch.x[:T, 0], batch.mask[:T, 0]
    markers = (x != 0).mean(axis=0) < 0.5
    shown = counts | x[:, markers].any(axis=1) | (np.arange(T) < 3) | (np.arange(T) > T - 3)
    yield "    t" + "".join(f"{name:>9}" for name in inputs) + "   answer"
    for t in range(T):
        if shown[t] or T <= 12:
            values = "".join(f"{v:9.3g}" for v in x[t])
            yield f"  {t:3d}{values}" + (_answer(batch.target[t, 0], answers) if counts[t] else "")
        elif shown[t - 1]:
            yield "  ..."


def _answer(target, answers):
    return f"   {answers[target]}" if answers else "".join(f"{v:9.3g}" for v in target)
