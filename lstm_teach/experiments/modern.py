"""A trial: one network with the tools of today learns a task until it passes, or its time is up.

Adam, gradients clipped to length 1, all of backpropagation through time, float32. Four random
generators, spawned from the seed, draw the first weights, the first biases, the sequences to
learn from, and those of the exam: networks of one seed differ in nothing but their settings.
"""

import time
from functools import partial

import numpy as np

from .. import chain, initialisers, network, optim, wiring
from ..cells import LSTM, RNN
from ..finite import NotFinite
from ..gated import GRU
from ..losses import squared_error
from ..train import fit
from . import problems

CELLS = {cell.name: cell for cell in (RNN, LSTM, GRU)}


def run(settings, seeds, progress=False):
    """One record for each seed: a dict of plain values.

    settings: task, sizes (what the task takes), cell, hidden, biases (see `first_biases`),
    batch, rate; budget: how many sequences may be learned from; check: after how many to look
    whether it passes; allowed: how many wrong answers of the test still pass; tolerance: of an
    answer; rehearsal, test (or strings, or words): see `problems.exam`.

    A check looks at the rehearsal first. Where that passes, the test decides; else learning
    goes on. Without a rehearsal there is one test, at the end. Who has lost itself in nan or
    infinity has failed, and all its answers count as wrong. A record's curve has a row for each
    check: sequences so far, the share of the rehearsal that was right, the mean loss since the
    last check.
    """
    return [_one(settings, seed, progress) for seed in seeds]


def first_biases(biases):
    """The rule for `init`: {"f": 5, "i": -3} are numbers; {"chrono": T_max} the chrono rule,
    after which numbers may still replace a gate's: {"chrono": 100, "i": 0}.
    """
    numbers = {name: value for name, value in biases.items() if name != "chrono"}
    if "chrono" not in biases:
        return initialisers.biases(**numbers)
    return partial(_chrono_but, initialisers.chrono(biases["chrono"]), numbers)


def _chrono_but(chrono, numbers, rng, layers, hidden):
    b = chrono(rng, layers, hidden)
    for name, value in numbers.items():
        b[layers.index(name)] = value
    return b


def _begin(settings, problem, start, gates):
    """The network and its first weights. Biases are drawn from a generator of their own, `gates`,
    so that the weights drawn after them do not depend on them.
    """
    net = network.Network(
        CELLS[settings["cell"]],
        problem.inputs,
        settings["hidden"],
        problem.outputs,
        loss=problem.loss,
        one_answer=problem.one_answer,
    )
    rule = first_biases(settings["biases"])

    def biases(rng, layers, hidden):
        return rule(gates, layers, hidden)

    params = network.init(net, start, start=partial(chain.init, b=biases), dtype=np.float32)
    return net, params


def _one(settings, seed, progress):
    began = time.process_time()
    start, gates, data, asked = np.random.default_rng(seed).spawn(4)
    problem = problems.PROBLEMS[settings["task"]]
    net, params = _begin(settings, problem, start, gates)
    exam = problems.exam(settings, asked)
    examine = partial(_examine, net, problem, tolerance=settings.get("tolerance"))
    passed = partial(_passed, settings["allowed"] / settings["test"])
    batch, sequences, losses, curve, tested, lost = settings["batch"], 0, [], [], None, None
    steps = fit(
        net,
        params,
        exam.sample,
        optim.Adam(settings["rate"]),
        data,
        steps=settings["budget"] // batch,
        clip=1.0,
        progress=progress,
    )
    try:
        for step in steps:
            params, sequences, tested = step.params, step.number * batch, None
            losses.append(step.loss)
            if exam.rehearsal and sequences % settings["check"] == 0:
                right, _ = examine(params, exam.rehearsal)
                share, mean = float(right.mean()), float(np.mean(losses))
                curve.append([sequences, round(share, 4), round(mean, 6)])
                losses.clear()
                if passed(right):
                    tested = exam.test()
                    right, loss = examine(params, tested)
                    if passed(right):
                        break
        if tested is None:  # the time is up
            tested = exam.test()
            right, loss = examine(params, tested)
    except NotFinite as e:
        lost, loss, tested = str(e), None, exam.test()
        right = np.zeros(sum(len(batch.lengths) for batch in tested), bool)
    record = {
        "seed": seed,
        "solved": bool(passed(right)),
        "sequences": sequences,
        "tested": len(right),
        "wrong": int((~right).sum()),
        "loss": loss,
        "lost": lost,
        "seconds": round(time.process_time() - began, 2),
        "curve": curve,
    }
    if "words" in settings:
        record["longest"] = int(np.append(right, False).argmin())
    if problem.loss is squared_error:
        record["constant"] = round(problems.constant_loss(tested), 6)
    return record


def _passed(share, right):
    """Are so few wrong? In a rehearsal the share that is allowed is rounded up."""
    return (~right).sum() <= np.ceil(share * len(right) - 1e-9)


def _examine(net, problem, params, batches, tolerance):
    """Which answers are right, over all batches, and the mean loss. Raises NotFinite."""
    rights, losses = [], []
    for batch in batches:
        x = batch.x.astype(np.float32)
        lengths = None if (batch.lengths == len(x)).all() else batch.lengths
        y, _, _ = network.forward(net, params, x, lengths=lengths)
        if not np.isfinite(y).all():
            raise NotFinite("an output of the exam is not finite.", "y")
        rights.append(problem.right(y, batch, tolerance))
        target, mask = batch.target, batch.mask
        if net.one_answer:
            target, mask = (wiring.ends(v, lengths) for v in (target, mask))
        losses.append(problem.loss(y, target, mask)[0] * len(rights[-1]))
    rights = np.concatenate(rights)
    return rights, round(float(sum(losses)) / len(rights), 6)
