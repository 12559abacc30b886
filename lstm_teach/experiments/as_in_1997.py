"""A trial: networks of 1997, learning as they did then, all seeds side by side.

Memory blocks without forget gates; the truncated gradient; one sequence, one step of plain
gradient descent; weights uniform between -bound and bound. Each network has its own weights and
its own sequences, and ends alone (lstm_teach.side_by_side).
"""

import time
from functools import partial

import numpy as np

from .. import criteria, lstm97, optim, side_by_side, tasks
from ..train import fit
from . import problems

WINDOW = 2000  # the paper's: so many sequences in a row must be right
AHEAD = 100  # sequences are drawn so many at a time


def run(settings, seeds, progress=False):
    """One record for each seed: a dict of plain values.

    settings: task, sizes; blocks, size of a block, input_gates (their first biases), bound,
    rate; tolerance and average: learning ends when the last 2,000 sequences in a row were all
    off by less than the tolerance, and by less than `average` in the mean; budget: how many
    sequences there are at most; test: how many fresh ones are then asked.

    A network whose numbers are no longer finite has failed: a comparison with nan is False, and
    both rules ask what is right.
    """
    began = time.process_time()
    problem = problems.PROBLEMS[settings["task"]]
    net = lstm97.Net97(problem.inputs, settings["blocks"], settings["size"], problem.outputs)
    generators = [np.random.default_rng(seed).spawn(3) for seed in seeds]
    begin = partial(lstm97.init, net, bound=settings["bound"], input_gates=settings["input_gates"])
    params = side_by_side.stack([begin(start) for start, _, _ in generators])
    draw = partial(problem.draw, **settings["sizes"])
    watch = Watch(len(seeds), settings["tolerance"], settings["average"])
    for step in fit(
        partial(_loss_and_grads, net, watch),
        params,
        _one_at_a_time(draw),
        optim.SGD(settings["rate"]),
        [data for _, data, _ in generators],
        steps=settings["budget"],
        stop=watch.satisfied,
        progress=progress,
    ):
        params = step.params
    seconds = (time.process_time() - began) / len(seeds)
    records = []
    for s, (seed, (_, _, asked)) in enumerate(zip(seeds, generators, strict=True)):
        batch = draw(asked, settings["test"])
        y, _ = lstm97.forward(net, side_by_side.alone(params, s), batch.x)
        right = criteria.within(y, batch, settings["tolerance"])
        lost = bool(step.lost[s])
        records.append(
            {
                "seed": seed,
                "solved": bool(step.ended[s] > 0 and not lost),
                "sequences": int(step.ended[s] or step.number),
                "tested": len(right),
                "wrong": int((~right).sum()),
                "lost": "its numbers were no longer finite" if lost else None,
                "seconds": round(seconds, 2),
                **watch.of(s),
            }
        )
    return records


class Watch:
    """How far off each of S networks was, at each of its last sequences."""

    def __init__(self, networks, tolerance, average):
        self.tolerance, self.average = tolerance, average
        self.off = np.full((WINDOW, networks), np.nan)
        self.mean_off = np.full((WINDOW, networks), np.nan)
        self.seen = 0
        self.first = np.zeros(networks, int)  # when the mean first was small enough, or 0
        self.curve = [[] for _ in range(networks)]
        self.ended = np.zeros(networks, bool)

    def note(self, error):
        """error (S, N): what was answered minus what was right, for one sequence each."""
        row, self.seen = self.seen % WINDOW, self.seen + 1
        self.off[row] = np.where(self.ended, self.off[row], np.abs(error).max(axis=-1))
        self.mean_off[row] = np.where(self.ended, self.mean_off[row], np.abs(error).mean(axis=-1))

    def satisfied(self, step):
        """Which networks may stop, (S,). nan is never small enough."""
        small = self.mean_off.mean(axis=0) < self.average
        self.first = np.where(small & (self.first == 0), self.seen, self.first)
        done = small & (self.off < self.tolerance).all(axis=0)
        if self.seen % 1000 == 0:
            for s, mean in enumerate(self.mean_off.mean(axis=0)):
                if np.isfinite(mean) and not self.ended[s]:
                    self.curve[s].append([self.seen, round(float(mean), 5)])
        self.ended = (step.ended > 0) | done
        return done

    def of(self, s):
        """What was seen of network s: over its last 2,000 sequences, and on the way."""
        mean = float(self.mean_off[:, s].mean())
        return {
            "average": round(mean, 6) if np.isfinite(mean) else None,
            "missed": int((~(self.off[:, s] < self.tolerance)).sum()),
            "first_average": int(self.first[s]),
            "curve": self.curve[s],
        }


def _loss_and_grads(net, watch, params, batch, state):
    """Half the squared error at the end of each sequence, and its truncated gradient."""
    y, trace = lstm97.forward(net, params, batch.x)
    target = batch.target
    if target.ndim < y.ndim:
        target = target[..., None] == np.arange(net.outputs)
    dy = np.where(batch.mask[..., None], y - target, 0)
    error = dy.sum(axis=(0, 2))
    watch.note(error)
    loss = np.square(error).sum(axis=-1) / 2
    return loss, lstm97.truncated_gradient(net, params, trace, dy), state


def _one_at_a_time(draw):
    """`draw` for one sequence; a hundred are drawn at once, which costs hardly more than one."""
    waiting = {}

    def next_one(rng):
        rows = waiting.setdefault(id(rng), [])
        if not rows:
            batch = draw(rng, AHEAD)
            rows += [
                tasks.Batch(*(v[:, k : k + 1] for v in batch[:3]), batch.lengths[k : k + 1])
                for k in reversed(range(AHEAD))
            ]
        return rows.pop()

    return next_one
