"""Fast twins: the same numbers as the readable loop of chain.py, sooner.

A twin is a module with two functions, written for one cell. Their arguments have been checked
by chain.py; what they return are the parts of a Trace and of a Grads:

    forward(params, x, state)                  -> gates, states
    backward(params, trace, dh, dstate, of_x)  -> (dW, dU, db), dx, dstate of step 0, flow

A twin belongs to the very functions `step` and `step_back` that it copies: a cell with another
function in it takes the loop. `backward` needs nothing but the Trace, so a trace may come from
the loop as well.

What pays, dearest first (measured by benchmarks/engine.py):

    out=         results go into arrays that are there already: no allocation inside a loop
    blocks       what a step computes for its layers lies in blocks (B, H), one behind the
                 other, in an order that lets one call of NumPy serve several layers
    ahead        whatever needs no later step is computed for many steps at once, so that of
                 the backward pass only its recurrence stays in the loop
    one product  [h, x, 1] times [U; W; b] is one matrix product a step instead of two sums
                 and two products; the weights' gradients are one product for many steps
    again        scratch arrays are kept from call to call (shared.py)
"""

from ..cells import LSTM, RNN
from ..gated import GRU
from . import gru, lstm, rnn

_TWINS = ((RNN, rnn), (LSTM, lstm), (GRU, gru))


def twin(cell):
    """The twin of a cell, or None where it has none."""
    for copied, module in _TWINS:
        if (
            cell.step is copied.step
            and cell.step_back is copied.step_back
            and cell.gates is copied.gates
            and cell.state is copied.state
        ):
            return module
    return None
