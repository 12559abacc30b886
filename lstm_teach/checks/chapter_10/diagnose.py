"""10.7 The bug zoo: which machine has what, found with tests only."""

from dataclasses import dataclass

import numpy as np

import lstm_teach as lt  # the solution is shown as a reader writes it

from ..exercise import Case, Exercise, Finding, FunctionPart, Mistake
from ..returned import described, nothing_returned
from .zoo import ILLS, WELL, machines


def diagnose(forward, backward):
    """What is wrong with this machine?

    forward(x, W, U, b) returns h (T, B, H); backward(dh, x, W, U, b) runs the chain for itself
    and returns what it takes for the gradients of the loss Σ dh * h: dx, dW, dU, db. Shapes:
    x (T, B, D), W (4, D, H), U (4, H, H), b (4, H), dh (T, B, H). All sizes are yours.
    Returns one of the eight names.
    """
    rng = np.random.default_rng(0)
    T, B, D, H = 3, 2, 2, 2
    x, dh = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, H))
    W, U, b = (rng.normal(size=shape) for shape in ((4, D, H), (4, H, H), (4, H)))

    def truth(U=U, b=b, dh=dh):
        params = lt.Params(W, U, b, np.zeros((0, H)))
        h, _, trace = lt.forward(lt.LSTM, params, x)
        grads = lt.backward(lt.LSTM, params, trace, dh)
        return h, (grads.x, *grads.params[:3])

    def close(ours, theirs):
        return np.allclose(ours, theirs, rtol=1e-6, atol=1e-8)

    if not close(forward(x[:, ::-1], W, U, b)[:, ::-1], forward(x, W, U, b)):
        return "axes"
    if not close(forward(x, W, U, b), truth()[0]):
        return "one bias" if close(forward(x, W, U, 0 * b), truth(b=0 * b)[0]) else "no tanh"

    right = [close(a, n) for a, n in zip(backward(dh, x, W, U, b), truth()[1], strict=True)]
    if all(right):
        return "well"
    if right == [True, True, True, False]:
        return "wrong bias gradient"
    last = np.zeros_like(dh)
    last[-1] = dh[-1]
    if not backward(last, x, W, U, b)[0][0].any():
        return "no way back"
    if not backward(last, x, W, 0 * U, b)[0][0].any():
        return "overwritten"
    return "brackets"


@dataclass(frozen=True)
class ADiagnosis:
    """One of the eight names. What the machine really has is not told."""

    @property
    def stages(self):
        return (self._kind,)

    def same(self, value, expected):
        return type(value) is str and value == expected

    def exhibits(self, value, expected):
        if value == WELL:
            return (("You said", value), ("But", "this machine is ill"))
        truth = "this machine is well" if expected == WELL else "it has something else"
        return (("You said", value), ("But", truth))

    def _kind(self, function, value, expected, printed):
        if value is None:
            return nothing_returned(function, printed)
        if type(value) is str and value in (WELL, *ILLS):
            return None
        names = ", ".join(f'"{name}"' for name in (WELL, *ILLS))
        return Finding(
            f"`{function}` returned {described(value)}; expected one of these names: {names}.",
            hint="Spelled as in the table, without capitals.",
            mistake="not one of the names",
        )


def _cases(rng):
    found = machines(int(rng.integers(2**32)))
    return [
        Case((one.forward, one.backward), label=f"machine number {n} of the ten")
        for n, one in enumerate(found, start=1)
    ]


def _machine(case):
    return case.args[0].__self__


def _verdicts(cases, outcomes):
    """[(what the machine has, what was said of it)]"""
    return [
        (_machine(case).health, outcome.value)
        for case, outcome in zip(cases, outcomes, strict=True)
    ]


def _said(*healths):
    """The question: what was said of the machines that have these?"""

    def of(cases, outcomes):
        return {said for health, said in _verdicts(cases, outcomes) if health in healths}

    return of


def _runs(cases, name):
    return [run for case in cases for run in _machine(case).ran if run[0] == name]


def _always(question, name=None):
    """Seen in the calls of the machines: the question holds for every one of them."""

    def seen(cases, outcomes):
        runs = [run for run in _runs(cases, "forward") + _runs(cases, "backward")]
        runs = [run for run in runs if name in (None, run[0])]
        return bool(runs) and all(question(shape, b) for _, shape, b in runs)

    return seen


def _same_for_all(cases, outcomes):
    return len({said for _, said in _verdicts(cases, outcomes)}) == 1


def _never_compares(cases, outcomes):
    """Machines whose backward pass belongs to their own wrong forward pass are called well."""
    return WELL in _said("no tanh", "axes")(cases, outcomes)


def _accuses_the_well(cases, outcomes):
    return bool(_said(WELL)(cases, outcomes) - {WELL})


def _lets_ill_ones_go(cases, outcomes):
    return WELL in _said(*ILLS)(cases, outcomes)


def _through_time(cases, outcomes):
    three = ("brackets", "no way back", "overwritten")
    verdicts = _verdicts(cases, outcomes)
    return any(health != said for health, said in verdicts if health in three) and all(
        health == said for health, said in verdicts if health not in three
    )


def _confused(cases, outcomes):
    return all((health == WELL) == (said == WELL) for health, said in _verdicts(cases, outcomes))


MISTAKES = (
    Mistake(
        "the same for all",
        "Your function says the same of all ten machines. It has to run them, and to look.",
        "Begin with one test: is `forward` what `lt.forward` gives with the same weights?",
        seen=_same_for_all,
    ),
    Mistake(
        "never runs backward",
        "Your function never calls `backward`. Four of the seven are ill in their backward pass "
        "only.",
        "Compare `backward(dh, x, W, U, b)` with measured slopes or with `lt.backward`.",
        seen=lambda cases, outcomes: not _runs(cases, "backward"),
    ),
    Mistake(
        "zero biases",
        "All your biases are zero, as in most programs that have only begun. One of the seven is "
        "then exactly what a right LSTM is.",
        "`rng.normal(size=(4, H))`.",
        seen=_always(lambda shape, b: not b.any()),
        misconception=12,
    ),
    Mistake(
        "a single step",
        "All your sequences have one step. What goes wrong on the way back through time cannot "
        "show.",
        "T = 3 is enough.",
        seen=_always(lambda shape, b: shape[0] == 1),
    ),
    Mistake(
        "a batch of one",
        "All your batches have one sequence. So you cannot see whether sequences mix.",
        "B = 2 is enough: exchange the two, and the outputs should be exchanged and no more.",
        seen=_always(lambda shape, b: shape[1] == 1),
    ),
    Mistake(
        "trusts a gradient check alone",
        "You call machines well whose backward pass fits their own forward pass. But the forward "
        "pass is wrong: they compute the right gradient of the wrong function. A gradient check "
        "cannot see that.",
        "Compare `forward` with `lt.forward(lt.LSTM, ...)`, or test a property: does the order of "
        "the batch matter? Can h leave the interval from -1 to 1?",
        seen=_never_compares,
        misconception=152,
    ),
    Mistake(
        "accuses the well",
        "You call a machine ill that is well. Right machines differ too, by rounding: some 1e-10.",
        "`np.allclose(a, b, rtol=1e-6, atol=1e-8)`.",
        seen=_accuses_the_well,
    ),
    Mistake(
        "lets ill ones go",
        "You call a machine well that is ill.",
        "Compare all: the outputs and dx, dW, dU, db, at random weights and biases, several steps, "
        "several sequences.",
        seen=_lets_ill_ones_go,
    ),
    Mistake(
        "three ways of losing time are mixed up",
        'You tell all others apart. What is mixed up is "brackets", "no way back" and '
        '"overwritten": all three are right for one step and wrong for two.',
        "Judge only the last output and look at dx[0]. Is it zero? Then set U to zero, so that the "
        "carousel is the only way back, and look again.",
        seen=_through_time,
    ),
    Mistake(
        "well or ill, but the wrong illness",
        "You tell well from ill, every time. Some of the ill machines get the wrong name.",
        "Take one pair of names after the other. Which input makes one of them right and the other "
        "wrong?",
        seen=_confused,
    ),
)

DIAGNOSE = Exercise(
    id="10.7",
    title="The bug zoo",
    minutes=30,
    points=6,
    parts=(
        FunctionPart(
            reference=diagnose,
            cases=_cases,
            returns=ADiagnosis(),
            mistakes=MISTAKES,
            hint="Run the tests on `machines` one by one, and print which of them fail.",
        ),
    ),
    hints=(
        "Two questions first. Is `forward` that of a right LSTM? If so, which of the four "
        "gradients are wrong?",
        "Forward: exchange the sequences; then compare with `lt.forward`, with biases and without. "
        "Backward: only db wrong? Then judge the last output alone: what arrives at dx[0]?",
        "Three are right for T = 1 only. Judge the last output: dx[0] is zero for one of them. "
        "With U = 0 too, so that only the carousel leads back, it is zero for another as well. The "
        "third is left.",
    ),
    after="Ten machines, ten right verdicts, and you have not seen a line of their code. 10.8 asks "
    "for the smallest tests, and then tells where each bug was published.",
    why="The forward pass is tested first: a property (sequences do not mix), then a comparison "
    "with a trusted LSTM, with and without biases. Of the backward passes, one is wrong in db "
    "only. The other three lose something between steps: judge the last output, and what arrives "
    "at dx[0] tells them apart, once with all paths and once with the carousel alone.",
)
