"""Long sequences in little memory: keep a few states, and compute the rest a second time.

A Trace grows with T. But a state is all that one part of the chain needs to know of what came
before it, so `forward(..., checkpoint=k)` keeps the state before every k-th step and drops the
rest. `backward` then goes from the last part to the first: it runs a part forward again from
its state, and back. The gradient is the same; k steps and T / k states are in memory at a time,
least of all where k = √T; what it costs is a second forward pass.
"""

from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from .arguments import expect_size
from .nested import each


class Checkpoints(NamedTuple):
    """What a forward pass with `checkpoint=` keeps in place of a Trace.

    x (T, B, D); every: the number of steps k; states: a NamedTuple of (n+1, B, H), where row j
    is the state before step j k, and the last row is the state at the end.
    """

    x: np.ndarray
    every: int
    states: NamedTuple


def forward(run, x, state, every):
    """Run the chain part by part. run: chain.forward of x and state. Returns as it does."""
    every = ceil(sqrt(len(x))) if every is True else expect_size("checkpoint", every)
    h, states = None, [state]
    for steps in _parts(len(x), every):
        h_of_part, state, _ = run(x[steps], state)
        if h is None:
            h = np.empty((len(x), *state.h.shape), x.dtype)
        h[steps] = h_of_part
        states.append(state)
    return h, state, Checkpoints(x=x, every=every, states=_rows(states))


def backward(run, run_back, kept, dh, dstate):
    """Go back part by part. run, run_back: chain.forward of x and state, and its backward.

    Returns the sums of the parts' Params; dx; the gradient of the initial state; and flow, whose
    rows are those of Grads.flow at the kept states.
    """
    of_params, of_x = None, []
    flow = [dstate._replace(h=dstate.h + dh[-1])]
    for j, steps in reversed(list(enumerate(_parts(len(kept.x), kept.every)))):
        _, _, trace = run(kept.x[steps], each(lambda v, j=j: v[j], kept.states))
        part = run_back(trace, dh[steps], dstate)
        of_params = part.params if of_params is None else each(np.add, of_params, part.params)
        of_x.append(part.x)
        dstate = part.state
        arrived = dh[steps.start - 1] if j else 0
        flow.append(dstate._replace(h=dstate.h + arrived))
    dx = None if of_x[0] is None else np.concatenate(of_x[::-1])
    return of_params, dx, dstate, _rows(flow[::-1])


def _parts(T, every):
    return [slice(start, min(start + every, T)) for start in range(0, T, every)]


def _rows(states):
    return each(lambda *rows: np.stack(rows), *states)
