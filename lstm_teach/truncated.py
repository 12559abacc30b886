"""Backpropagation through time, cut short: for streams that have no end."""

import numpy as np

from .arguments import expect_size
from .chain import Grads, backward, forward
from .nested import each


def truncated_bptt(cell, params, x, slope, state=None, *, span):
    """Go along a sequence in spans of steps: the state is carried on, the gradient is not.

    Forward, nothing is cut: a span starts from the state in which the one before it ended. Back,
    the gradient stops at the start of its span, as if that state had been given from outside.
    Memory holds one span at a time, but this is not `backward`: what it returns is in general
    the gradient of no loss, and no step is credited for what comes after its span. The whole
    gradient in little memory is what `forward(..., checkpoint=True)` leads to.

    slope(h, start) -> dh, both of one span (at most `span`, B, H): the loss's gradient with
    respect to the outputs of steps start, start + 1, ...
    Shapes: x, params, state as in `forward`. span: a whole number, 1 or more; from T on, nothing
    is cut. Returns the last state, and Grads: params summed over the spans; x (T, B, D); state;
    flow: for each span, the gradient that came back to its start, and went no further.
    Raises TypeError or ValueError that says what was expected and what came. Chapter 3.
    """
    span = expect_size("span", span)
    of_params, of_x, flow = None, [], []
    for start in range(0, len(x), span):
        h, state, trace = forward(cell, params, x[start : start + span], state)
        part = backward(cell, params, trace, slope(h, start))
        of_params = part.params if of_params is None else each(np.add, of_params, part.params)
        of_x.append(part.x)
        flow.append(part.state)
    flow = each(lambda *rows: np.stack(rows), *flow)
    return state, Grads(of_params, np.concatenate(of_x), each(lambda v: v[0], flow), flow)
