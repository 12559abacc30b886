"""A number that is no longer finite, named at once: which array, at which time step.

nan spreads: one step after it appears it is everywhere, and the loss says nothing about where
it came from. So the search begins where the computation begins, and stops at the first hit:
forward in time through the chain, then the outputs, then backward in time.
"""

import numpy as np

from .nested import arrays


class NotFinite(ArithmeticError):
    """nan or infinity in a computation that began with finite numbers.

    array: the name of the first array it was found in; t: its time step, or None;
    where: the index within that array (at that step). The message says all three.
    """

    def __init__(self, message, array=None, t=None, where=None):
        super().__init__(message)
        self.array, self.t, self.where = array, t, where


def all_finite(nested):
    """True where every number in every array is finite."""
    return all(np.isfinite(values).all() for values in arrays(nested))


def finite_networks(nested):
    """For networks side by side (axis 0 of every array): which of them are finite, (S,)."""
    rows = [np.isfinite(v).reshape(len(v), -1).all(axis=1) for v in arrays(nested) if v.size]
    return np.logical_and.reduce(rows)


def expect_finite_params(names):
    """Raise NotFinite for the first weight that is not finite. names: {name: array}."""
    for name, values in names.items():
        if not np.isfinite(values).all():
            raise _found(f"the weights {name}", name, None, values)


def expect_finite_trace(trace, layer, cell):
    """Raise NotFinite where a forward pass first went wrong: the earliest step, then the
    first array within that step, gates before states.
    """
    at_a_step = trace.gates._asdict() | {k: v[1:] for k, v in trace.states._asdict().items()}
    first = {k: _first_step(v) for k, v in at_a_step.items()}
    if min(first.values()) < len(trace.x):
        name = min(first, key=first.get)
        t = first[name]
        place = f"{name} in {layer} ({cell.name})"
        raise _found(f"the forward pass, {place}", name, t, at_a_step[name][t])


def expect_finite_flow(flow, layer, cell):
    """Raise NotFinite where a backward pass first went wrong: the latest step."""
    backward = {k: v[::-1] for k, v in flow._asdict().items()}
    first = {k: _first_step(v) for k, v in backward.items()}
    name = min(first, key=first.get)
    if first[name] < len(backward[name]):
        t = len(backward[name]) - 1 - first[name]
        place = f"d{name} in {layer} ({cell.name})"
        raise _found(f"the backward pass, {place}", f"d{name}", t, getattr(flow, name)[t])


def _first_step(values):
    """The first row (axis 0) with a number that is not finite; the number of rows if none."""
    spoilt = ~np.isfinite(values).reshape(len(values), -1).all(axis=1)
    return int(spoilt.argmax()) if spoilt.any() else len(values)


def _found(place, array, t, values):
    where = tuple(int(n) for n in np.argwhere(~np.isfinite(values))[0])
    when = "" if t is None else f", at time step {t}"
    return NotFinite(
        f"{values[where]} began in {place}{when}, index {list(where)}. Everything computed "
        "before it was finite. Try a smaller rate, or clip the gradient.",
        array,
        t,
        where,
    )
