"""2.5 Batch and time exchanged: a bug that no shape gives away, found with a test."""

import numpy as np

from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AVerdict
from .machines import machines


def mixes_up_batch(run):
    """Do the sequences of a batch influence one another in this machine?

    run(x) takes x of shape (T, B, 3), any T and B, and returns h of shape (T, B, 4).
    Returns True if they do (a bug), False if each sequence is on its own.
    """
    x = np.random.default_rng(0).normal(size=(5, 5, 3))
    order = [2, 0, 4, 1, 3]
    return not np.allclose(run(x[:, order]), run(x)[:, order])


def _cases(rng):
    return [Case((machine,), label=machine.label) for machine in machines(rng)]


def verdicts(cases, outcomes):
    """(what was asked about, what was said of it) for every case; None where it was no verdict."""
    return [
        (case.args[0], bool(outcome.value) if type(outcome.value) in (bool, np.bool_) else None)
        for case, outcome in zip(cases, outcomes, strict=True)
    ]


def _always(question, says=None):
    """A mistake seen in the batches that were run: the question holds for every machine."""

    def seen(cases, outcomes):
        return all(
            question(machine.ran_on) and says in (None, said)
            for machine, said in verdicts(cases, outcomes)
        )

    return seen


def _one_row(ran_on):
    return bool(ran_on) and all(x.shape[1] == 1 for x in ran_on)


def _same_rows(ran_on):
    return bool(ran_on) and all((x == x[:, :1]).all() for x in ran_on)


def _same_batch(ran_on):
    return len(ran_on) > 1 and all(np.array_equal(x, ran_on[0]) for x in ran_on)


def _reordered(x, y, axis):
    """Whether y is x with the entries of this axis in another order."""
    if x.shape != y.shape or np.array_equal(x, y):
        return False
    slices = [np.moveaxis(v, axis, 0).reshape(x.shape[axis], -1) for v in (x, y)]
    return np.array_equal(*(v[np.lexsort(v.T)] for v in slices))


def _time_reordered(ran_on):
    return any(_reordered(x, y, 0) for x in ran_on for y in ran_on) and not _batch_reordered(ran_on)


def _batch_reordered(ran_on):
    return any(_reordered(x, y, 1) for x in ran_on for y in ran_on)


def _fooled_only_by_rounding(cases, outcomes):
    wrong = [(m, said) for m, said in verdicts(cases, outcomes) if said is not m.mixes]
    return all(said is True and "rounding" in m.label for m, said in wrong)


def _misses_one_direction(cases, outcomes):
    found = verdicts(cases, outcomes)
    missed = [machine for machine, said in found if machine.mixes and said is False]
    seen = [machine for machine, said in found if machine.mixes and said is True]
    return bool(missed and seen) and all(said is False for m, said in found if not m.mixes)


MISTAKES = (
    Mistake(
        "never runs the machine",
        "Your test never calls `run`. What it says cannot depend on the machine.",
        "Make an x, call `run(x)`, change something, call it again.",
        seen=_always(lambda ran_on: not ran_on),
    ),
    Mistake(
        "runs it only once",
        "Your test runs the machine once. One output, whatever its shape, cannot show who "
        "influenced whom; where T = B even the shapes agree.",
        "Influence is seen by changing something: run it twice and compare.",
        seen=_always(lambda ran_on: len(ran_on) == 1),
        misconception=36,
    ),
    Mistake(
        "a batch of one",
        "Your test uses a batch of one sequence. Alone, it has nobody to be influenced by.",
        "Take B = 4 or so.",
        seen=_always(_one_row),
    ),
    Mistake(
        "all sequences alike",
        "All sequences of your batch are the same, so exchanging them changes nothing. This test "
        "cannot fail.",
        "Fill x with random numbers: every sequence different.",
        seen=_always(_same_rows),
    ),
    Mistake(
        "runs the same batch again",
        "Your test runs the same batch each time, so it compares a thing with itself.",
        "Change the batch in between: other sequences beside the first, or another order.",
        seen=_always(_same_batch),
    ),
    Mistake(
        "permutes time",
        "Your test permutes the time steps (axis 0). A right chain must react to that: order in "
        "time is what it is for.",
        "x is (T, B, D). The batch is axis 1: `x[:, order]`.",
        seen=_always(_time_reordered),
        misconception=36,
    ),
    Mistake(
        "does not permute the output",
        "Your test permutes the batch, then compares sequences that are not the same: row 0 of one "
        "run with row 0 of the other, which now holds another sequence. So it always says True.",
        "Permute the output in the same way before you compare: `run(x)[:, order]`.",
        seen=_always(_batch_reordered, says=True),
    ),
    Mistake(
        "True and False exchanged",
        "Your test sees the difference, and says it the wrong way round.",
        "True means that the sequences do influence one another: the outputs are NOT close.",
        answers=(lambda run: not mixes_up_batch(run),),
    ),
    Mistake(
        "asks for equality to the last bit",
        "Your test calls a right machine wrong because of a rounding error of 1e-13.",
        "Compare floats with `np.allclose`, not with `==` or `np.array_equal`.",
        seen=_fooled_only_by_rounding,
    ),
    Mistake(
        "looks in one direction only",
        "Your test finds some of the bugs and misses others. A change to one sequence shows only "
        "those bugs in which that sequence is the one that influences.",
        "Change each sequence in turn, or permute them all, and look at all of the others.",
        seen=_misses_one_direction,
    ),
)

BATCH = Exercise(
    id="2.5",
    title="Batch and time exchanged",
    minutes=15,
    points=3,
    parts=(
        FunctionPart(
            reference=mixes_up_batch,
            cases=_cases,
            returns=AVerdict("the verdict"),
            mistakes=MISTAKES,
            hint="Try your test on your own `rnn_forward` first: it should say False.",
        ),
    ),
    hints=(
        "If the sequences of a batch have nothing to do with one another, it cannot matter in "
        "which order they stand. What should `run` give for the same sequences in another order?",
        "Make a random x with T = B = 5 and an order such as `[2, 0, 4, 1, 3]`. `x[:, order]` is "
        "the same batch, reordered. Run both.",
        "A right machine has `run(x[:, order])` close to `run(x)[:, order]`. Return `not "
        "np.allclose(...)` of these two.",
    ),
    after="A shape can be right by accident; a permutation test cannot. Keep this one for your own "
    "chains.",
    why="In a right machine, reordering the batch reorders the outputs and does nothing else. If "
    "time and batch were exchanged, the order of the batch is taken for the order of time, and the "
    "outputs change. The test works for T = B too, where every shape is right. One thing it cannot "
    "see: a machine that uses the mean over the batch, since a mean has no order. To catch that as "
    "well, change one sequence and look at the others.",
)
