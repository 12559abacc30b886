"""5.7 A state in the wrong place: leaked into the next sequence, or dropped at a cut."""

import numpy as np

from ..chapter_02.batch import verdicts
from ..exercise import Case, Exercise, FunctionPart, Mistake
from ..returned import AVerdict
from .readers import kinds


def leaks(new_reader):
    """Does a reader of this kind carry its state on from one sequence into the next?

    read = new_reader() gives a reader that has read nothing yet; each call read(x) reads one
    sequence, x of shape (T, 3), and returns every h, (T, 4). Returns True or False.
    """
    read = new_reader()
    x = np.random.default_rng(0).normal(size=(6, 3))
    first = read(x)
    again = read(x)
    return not np.allclose(first, again)


def drops(new_reader):
    """Does a reader of this kind lose its state where a sequence is cut into pieces?

    read(x, cuts) reads one sequence, x of shape (T, 3), in pieces: cuts is a list of steps, each
    between 1 and T - 1, at which a new piece begins. Returns True or False.
    """
    x = np.random.default_rng(0).normal(size=(6, 3))
    whole = new_reader()(x)
    in_pieces = new_reader()(x, [3])
    return not np.allclose(whole, in_pieces)


def _cases(rng):
    return [Case((kind,), label=kind.label) for kind in kinds(rng)]


def _always(question, says=None):
    """A mistake seen in what was read: the question holds for every kind."""

    def seen(cases, outcomes):
        return all(
            question(kind.log) and says in (None, said) for kind, said in verdicts(cases, outcomes)
        )

    return seen


def _wrong_only_on(which, asked):
    """A mistake seen in the verdicts: it says True of `which` kinds, and errs nowhere else."""

    def seen(cases, outcomes):
        wrong = [
            (kind, said) for kind, said in verdicts(cases, outcomes) if said is not asked(kind)
        ]
        return bool(wrong) and all(said is True and which(kind) for kind, said in wrong)

    return seen


def _calls(log):
    return [call for calls in log for call in calls]


def _reads_nothing(log):
    return not _calls(log)


def _new_reader_each_time(log):
    return bool(_calls(log)) and all(len(calls) < 2 for calls in log)


def _never_the_same_twice(log):
    """No reader, and no two readers, read the same sequence twice."""
    xs = [x for x, _ in _calls(log)]
    return len(xs) > 1 and not any(np.array_equal(a, b) for n, a in enumerate(xs) for b in xs[:n])


def _never_cuts(log):
    return bool(_calls(log)) and not any(cuts for _, cuts in _calls(log))


def _never_whole(log):
    return bool(_calls(log)) and len({cuts for _, cuts in _calls(log)}) == 1


def _both_ways(log):
    return len({cuts for _, cuts in _calls(log)}) > 1


def _leaks(kind):
    return kind.leaks


def _drops(kind):
    return kind.drops


def _rounds(kind):
    return kind.rounding > 0


LEAKS_MISTAKES = (
    Mistake(
        "reads nothing",
        "Your test for leaks never reads a sequence. What it says cannot depend on the reader.",
        "`read = new_reader()`, make an x, call `read(x)`.",
        seen=_always(_reads_nothing),
    ),
    Mistake(
        "every reader reads once",
        "In your test every reader reads a single sequence. A leak is from one sequence into the "
        "next, and a new reader has no old state that could leak.",
        "Let one and the same reader read twice.",
        seen=_always(_new_reader_each_time),
        misconception=39,
    ),
    Mistake(
        "compares different sequences",
        "Your test compares the outputs of different sequences. They differ in any reader, so it "
        "always says True.",
        "Read the same x twice, and compare.",
        seen=_always(_never_the_same_twice, says=True),
    ),
    Mistake(
        "takes a drop for a leak",
        "Your test calls a reader leaky that starts every sequence afresh and only loses its state "
        "at cuts: it reads once with cuts and once without.",
        "For this question leave the cuts out.",
        seen=_wrong_only_on(lambda kind: kind.drops and not kind.leaks, _leaks),
    ),
    Mistake(
        "leaks: True and False exchanged",
        "Your test for leaks sees the difference, and says it the wrong way round.",
        "The same x twice, two different outputs: it leaks, True.",
        answers=(lambda new_reader: not leaks(new_reader),),
    ),
    Mistake(
        "leaks: equal to the last bit",
        "Your test calls a right reader leaky because of a rounding error of 1e-13.",
        "Compare floats with `np.allclose`.",
        seen=_wrong_only_on(_rounds, _leaks),
    ),
)

DROPS_MISTAKES = (
    Mistake(
        "drops: reads nothing",
        "Your test for drops never reads a sequence.",
        "Read the same x twice: whole, and in pieces.",
        seen=_always(_reads_nothing),
    ),
    Mistake(
        "never cuts",
        "Your test never cuts a sequence, so it cannot see what happens at a cut.",
        "`read(x, [3])` reads x in two pieces.",
        seen=_always(_never_cuts),
    ),
    Mistake(
        "cuts every time alike",
        "Your test cuts in the same way each time it reads. There is nothing to compare the pieces "
        "with.",
        "Read x once without cuts: that is what the pieces must give as well.",
        seen=_always(_never_whole),
    ),
    Mistake(
        "drops: compares different sequences",
        "Your test compares different sequences, one whole and one in pieces. They differ in any "
        "reader.",
        "The same x both times.",
        seen=_always(_never_the_same_twice, says=True),
    ),
    Mistake(
        "takes a leak for a drop",
        "Your test says of a reader that it drops its state at cuts, and it does not. It leaks: "
        "the second time it began with what the first had left behind.",
        "Take a new reader for each of the two readings.",
        seen=_wrong_only_on(lambda kind: kind.leaks and not kind.drops, _drops),
        misconception=39,
    ),
    Mistake(
        "looks where nothing can differ",
        "Your test reads whole and in pieces, and yet finds no difference in any reader. Before "
        "the first cut there is none.",
        "Compare all of h, or what comes after the cut.",
        seen=_always(_both_ways, says=False),
    ),
    Mistake(
        "drops: True and False exchanged",
        "Your test for drops sees the difference, and says it the wrong way round.",
        "Whole and in pieces give different outputs: it drops, True.",
        answers=(lambda new_reader: not drops(new_reader),),
    ),
    Mistake(
        "drops: equal to the last bit",
        "Your test says of a right reader that it drops its state, because of a rounding error of "
        "1e-13.",
        "Compare floats with `np.allclose`.",
        seen=_wrong_only_on(_rounds, _drops),
    ),
)

STATE = Exercise(
    id="5.7",
    title="A state in the wrong place",
    minutes=20,
    points=4,
    parts=(
        FunctionPart(
            reference=leaks,
            cases=_cases,
            returns=AVerdict("the verdict"),
            mistakes=LEAKS_MISTAKES,
            hint="What should a right reader give when it reads the same sequence a second time?",
        ),
        FunctionPart(
            reference=drops,
            cases=_cases,
            returns=AVerdict("the verdict"),
            mistakes=DROPS_MISTAKES,
            hint="What should a right reader give for a whole sequence, and for the same one cut?",
        ),
    ),
    hints=(
        "Each question is a comparison: something is changed that must not matter. Which change "
        "must not matter for a reader that resets, and which for one that carries on?",
        "Leaks: one reader, the same x twice. Drops: two new readers, the same x, once whole and "
        "once with a cut.",
        "`read = new_reader(); return not np.allclose(read(x), read(x))`, and `return not "
        "np.allclose(new_reader()(x), new_reader()(x, [3]))`.",
    ),
    after="Two questions, two experiments, and each changes one thing only. Run them on your own "
    "training loop.",
    why="Between sequences the state must be reset, so what was read before must not matter. "
    "Inside a sequence it must be carried on, so where it is cut must not matter. A test for one "
    "bug has to keep the other out: the test for drops takes new readers, in which nothing can "
    "have leaked; the test for leaks does not cut. Neither bug raises an error, and both cost "
    "accuracy: in the chapter, all of it.",
)
