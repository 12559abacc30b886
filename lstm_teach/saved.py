"""Training put away in a file, and taken up again as if nothing had happened."""

import json
import os
from pathlib import Path

import numpy as np

from . import nested
from . import network as networks
from .train import Step


def save(path, step):
    """Write a Step to an .npz file: everything needed to go on from it, bit for bit.

    The file is complete or not there: it is written beside its place and then moved. Chapter 5.
    """
    values = nested.named(step._replace(rng=()))
    rng = json.dumps(step.rng, default=lambda array: array.tolist())
    beside = Path(f"{path}.part")
    with beside.open("wb") as file:
        np.savez(file, rng=np.array(rng), **values)
    os.replace(beside, path)


def load(path, network, optimiser):
    """Read the Step that `save` wrote: `fit(..., start=load(path, network, optimiser))`.

    network and optimiser say in which structure the arrays belong; they must be those of the
    saved run. Where fit was given a function instead of a Network, hand in weights of the same
    structure. Raises ValueError that says which arrays do not fit. Chapter 5.
    """
    with np.load(path, allow_pickle=False) as file:
        found = dict(file)
    rng = tuple(json.loads(found.pop("rng").item()))
    params, state = network, ()
    if isinstance(network, networks.Network):
        params = networks.init(network, np.random.default_rng(0))
        if any(name.startswith("state.") for name in found):
            of_a_chain = network.cell.state(*network.cell.state._fields)
            state = tuple(of_a_chain for _ in params.chains)
    scalars = {name: 0 for name in Step._fields}
    like = Step(
        **scalars | {"params": params, "memory": optimiser.start(params), "state": state, "rng": ()}
    )
    expected = nested.named(like)
    wrong = set(expected) ^ set(found) or {
        name for name, v in expected.items() if not _ends_in(found[name].shape, np.shape(v))
    }
    if wrong:
        raise ValueError(
            f"{path} and this network with this optimiser differ in {min(wrong)}; expected the "
            "network and the optimiser that the file was saved with."
        )
    step = nested.filled(like, found)
    return step._replace(number=int(step.number), rng=rng)


def _ends_in(shape, expected):
    """Is it the expected shape, or that with an axis S in front?"""
    return shape[max(0, len(shape) - len(expected)) :] == expected
