"""Training: draw a batch, compute the gradient, take a step; again and again.

`fit` is a generator: each step it hands out everything there is to know, as a Step. Look at it,
plot it, save it, or leave the loop: a Step is a value, and training goes on from any of them
exactly as if it had never stopped (saved.py).

    for step in fit(net, params, sample, Adam(1e-2), rng, steps=1000, clip=1.0):
        if step.number % 100 == 0:
            saved.save("run.npz", step)
"""

import sys
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

import numpy as np

from . import nested, optim, side_by_side, tasks
from . import network as networks
from .arguments import expect_rng, expect_size
from .finite import NotFinite, expect_finite_params, finite_networks


class Step(NamedTuple):
    """Training after `number` steps. For networks side by side: one entry for each, (S,).

    loss: on this step's batch, before the update; norm: the gradient's length before clipping;
    params, memory: after the update; state: what is carried on, or (); rng: where the
    generators stand after the batch was drawn; best, best_step: the lowest loss so far, and
    when; ended: the step at which a network was done, 0 while it learns; lost: it ended because
    its numbers were no longer finite.
    """

    number: int
    loss: float
    norm: float
    params: tuple
    memory: tuple
    state: tuple
    rng: tuple
    best: float
    best_step: int
    ended: int
    lost: bool


def fit(
    network,
    params,
    sample,
    optimiser,
    rng=None,
    *,
    steps,
    clip=None,
    stop=None,
    patience=None,
    carry=False,
    callbacks=(),
    start=None,
    progress=None,
):
    """Train a network; yield a Step after each update.

    network: a Network, or your own function (params, batch, state) -> loss, grads, state.
    sample: a function of rng that draws a Batch, such as `partial(tasks.recall, batch=32,
    lag=20)`, or a list of Batches, used in turn. carry=True (lists only): the last states of
    one batch start the next; each new round of the list starts from zeros.
    optimiser: one of lstm_teach.optim. clip: the largest allowed length of the gradient.
    steps: the number of the last step. Three ways to end sooner: leave the loop; `stop`, a
    function of the Step that says True; `patience`, so many steps without a new lowest loss.
    callbacks: functions called with each Step before it is yielded.
    start: a Step to go on from, with its params, memory and rng: bit for bit what would have
    come without the pause. progress: a bar, True or False; by default only in a terminal.

    Networks side by side: params from side_by_side.stack; rng: a list, one generator for each
    (its own data); a list of Batches is shared by all. Each network ends alone: when its entry
    of `stop`'s answer (S,) is True, its patience is over, or its numbers are not finite. Then
    its weights stay as they are, and fit goes on until all have ended.

    Yields Steps. Raises TypeError or ValueError that says what was expected, at once; and for a
    single network NotFinite, which names the step, the array and the time step where nan or
    infinity began. Chapters 3, 5, 11.
    """
    many = side_by_side.stacked(params) or isinstance(rng, (list, tuple))
    many = many or (start is not None and np.ndim(start.ended) == 1)
    first = nested.arrays(params)[0]
    S, dtype = len(first) if many else 1, first.dtype
    steps = expect_size("steps", steps)
    loss_and_grads = network
    if isinstance(network, networks.Network):
        loss_and_grads = partial(networks.loss_and_grads, network)
    generators = _expect_sources(rng, sample, S, many, carry, start)
    if start is None:
        nothing = np.zeros(S) if many else np.zeros(())
        start = Step(
            number=0,
            loss=nothing + np.nan,
            norm=nothing + np.nan,
            params=params,
            memory=optimiser.start(params),
            state=(),
            rng=(),
            best=nothing + np.inf,
            best_step=nothing.astype(int),
            ended=nothing.astype(int),
            lost=nothing.astype(bool),
        )

    def update(step):
        """The next Step, before anybody has said stop."""
        batch = _drawn(sample, generators, step.number, S, many, dtype)
        state = step.state if carry and step.number % len(sample) else None
        with np.errstate(over="ignore", invalid="ignore"):  # looked for, and named, below
            loss, grads, state = loss_and_grads(step.params, batch, state)
            if clip is None:
                norm = optim.norm(grads, side_by_side=many)
            else:
                grads, norm = optim.clip_by_norm(grads, clip, side_by_side=many)
            new = (*optimiser(step.params, grads, step.memory), state if carry else ())
        old = step.params, step.memory
        if many:
            lost = step.lost | ~(finite_networks((loss, norm, new[0])))
            new = _kept((step.ended == 0) & ~lost, new, old)
            loss = np.where(lost, np.nan, loss)
        else:
            lost = False
            if not np.isfinite(loss + norm):
                raise NotFinite(f"the loss is {loss}, the length of its gradient {norm}.")
            expect_finite_params(nested.named(new[0]))
        number, better = step.number + 1, loss < step.best
        return Step(
            number,
            loss,
            norm,
            *new,
            rng=tuple(generator.bit_generator.state for generator in generators),
            best=np.where(better, loss, step.best)[()],
            best_step=np.where(better, number, step.best_step)[()],
            ended=np.where(lost & (step.ended == 0), number, step.ended)[()],
            lost=lost,
        )

    return _steps(update, start, steps, stop, patience, callbacks, progress)


def _steps(update, step, steps, stop, patience, callbacks, progress):
    with _bar(progress, step.number, steps) as bar:
        while step.number < steps and not np.all(step.ended):
            try:
                step = update(step)
            except NotFinite as e:
                message = f"Step {step.number + 1}: {e}"
                raise NotFinite(message, e.array, e.t, e.where) from None
            except (TypeError, ValueError) as e:
                e.add_note(f"This happened in step {step.number + 1} of fit.")
                raise
            done = False if stop is None else np.asarray(stop(step))
            if patience is not None:
                done = done | (step.number - step.best_step >= patience)
            step = step._replace(
                ended=np.where(done & (step.ended == 0), step.number, step.ended)[()]
            )
            for callback in callbacks:
                callback(step)
            if bar:
                bar.set_postfix(loss=f"{np.mean(step.loss):.4f}", refresh=False)
                bar.update()
            yield step


def _drawn(sample, generators, number, S, many, dtype):
    """The batch of the next step, in the float dtype of the weights."""
    if callable(sample):
        batches = [sample(generator) for generator in generators]
    else:
        batches = [sample[number % len(sample)]] * S
    batch = tasks.side_by_side(batches) if many else batches[0]
    return nested.each(lambda v: v.astype(dtype, copy=False) if v.dtype.kind == "f" else v, batch)


def _kept(learning, new, old):
    """What is new for the networks that still learn, what is old for the others."""
    if learning.all():
        return new

    def choose(after, before):
        if after.ndim == 0:  # Adam's count of steps belongs to all of them
            return after
        return np.where(learning.reshape(-1, *[1] * (after.ndim - 1)), after, before)

    # the state of a network that has ended is never used again, and must not be nan
    state = nested.each(lambda v: choose(v, np.zeros_like(v)), new[2])
    return (*nested.each(choose, new[:2], old), state)


def _expect_sources(rng, sample, S, many, carry, start):
    """Raise unless there is something to draw from; return the generators."""
    if not callable(sample):
        if not isinstance(sample, list) or not sample:
            raise TypeError(
                f"sample is {type(sample).__name__}; expected a function of rng that draws a "
                "Batch, or a list of Batches."
            )
        return []
    if carry:
        raise ValueError(
            "carry=True came with a function that draws batches at random; expected a list of "
            "Batches that follow each other, such as tasks.pieces(batch, steps) makes."
        )
    if start is not None and start.rng:
        return [generator_at(state) for state in start.rng]
    generators = list(rng) if isinstance(rng, (list, tuple)) else [rng]
    if len(generators) != S:
        raise TypeError(
            f"rng holds {len(generators)} generator(s) for {S} networks side by side; expected a "
            "list with one for each: np.random.default_rng(0).spawn(S)."
        )
    for generator in generators:
        expect_rng(generator)
    return generators


def generator_at(state):
    """The random generator that stands at this state."""
    bits = getattr(np.random, state["bit_generator"])()
    bits.state = state
    return np.random.Generator(bits)


def _bar(progress, first, steps):
    if not (sys.stderr.isatty() if progress is None else progress):
        return nullcontext()
    from tqdm.auto import tqdm

    return tqdm(initial=first, total=steps, unit="step", leave=False)
