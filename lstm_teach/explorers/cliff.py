"""The cliff explorer: a loss over two weights, and gradient descent at the edge of a cliff."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import traitlets

from .. import side_by_side
from ..cells import RNN, RNNState
from ..chain import Params
from ..losses import squared_error
from ..optim import SGD, clip_by_norm, norm
from . import plot
from .axes import number, scientific
from .base import Explorer, module, style
from .cliff_picture import COLUMNS, LAYERS, ROWS, WIDTH, drawn
from .terrain import terrain
from .traits import Setting, Stops

# h_t = tanh(u h_{t-1} + b) from h0, `copies` times; the loss is (h - target)². Gradient descent
# takes `steps` steps from each of the starts (u, b) and is to end where the loss is below `low`.
PROBLEM = {
    "h0": 0.5,
    "copies": 20,
    "target": -0.7,
    "steps": 60,
    "low": 0.01,
    "starts": [[2.0, -0.6], [1.8, -0.5], [1.9, -0.5], [1.8, -0.6], [2.1, -0.7]],
    "map": [0.4, 2.2, -0.8, 0.4],  # the part of the plane that is shown: u, then b
}
RATES = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)
CLIPS = (0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0)


class Way(NamedTuple):
    """Gradient descent from S starts, n steps each. points (n + 1, S, 2): u and b before each
    step and at the end; losses (n + 1, S); lengths (n, S) of the gradients, before clipping."""

    points: np.ndarray
    losses: np.ndarray
    lengths: np.ndarray


class Robust(NamedTuple):
    """Where descent ends from every start. ends: the losses there; low: what counts as low."""

    ends: tuple
    low: float

    @property
    def count(self):
        return sum(end < self.low for end in self.ends)

    @property
    def reached(self):
        return self.count == len(self.ends)


def chains(points):
    """The weights of S chains of one unit, side by side, from S rows (u, b)."""
    u, b = np.asarray(points, float).T
    S = len(u)
    return Params(
        W=np.zeros((S, 1, 1, 1)),
        U=u.reshape(S, 1, 1, 1),
        b=b.reshape(S, 1, 1),
        p=np.zeros((S, 0, 1)),
    )


def landscape(params):
    """The losses (S,) of chains side by side, and their gradient with respect to params."""
    S = len(params.U)
    silence = np.zeros((PROBLEM["copies"], S, 1, 1))
    start = RNNState(h=np.full((S, 1, 1), PROBLEM["h0"]))
    h, _, trace = side_by_side.forward(RNN, params, silence, start)
    dh = np.zeros_like(h)
    target = np.full((1, S, 1, 1), PROBLEM["target"])
    losses, dh[-1:] = squared_error(h[-1:], target, side_by_side=True)
    return losses, side_by_side.backward(RNN, params, trace, dh, of_x=False).params


@lru_cache(maxsize=32)
def descend(rate, clip):
    """Gradient descent from all starts; clip 0 leaves every gradient as it is. A Way."""
    params, downhill = chains(PROBLEM["starts"]), SGD(rate)
    points, losses, lengths = [], [], []
    for _ in range(PROBLEM["steps"]):
        loss, grads = landscape(params)
        points.append(params)
        losses.append(loss)
        lengths.append(norm(grads, side_by_side=True))
        if clip:
            grads, _ = clip_by_norm(grads, clip, side_by_side=True)
        params, _ = downhill(params, grads)
    points.append(params)
    losses.append(landscape(params)[0])
    pairs = [np.stack([p.U.ravel(), p.b.ravel()], axis=-1) for p in points]
    way = Way(np.stack(pairs), np.stack(losses), np.stack(lengths))
    for values in way:
        values.flags.writeable = False  # the cache gives the same arrays again
    return way


@cache
def surface():
    """The loss at the corners of the map's cells, rows from the lowest b upwards."""
    west, east, south, north = PROBLEM["map"]
    u = west + (east - west) * np.arange(COLUMNS + 1) / COLUMNS
    b = south + (north - south) * np.arange(ROWS + 1) / ROWS
    points = np.stack(np.meshgrid(u, b), axis=-1).reshape(-1, 2)
    return landscape(chains(points))[0].reshape(ROWS + 1, COLUMNS + 1).tolist()


class Cliff(Explorer):
    """A chain of one unit, its loss over both weights, and gradient descent with and without
    clipping.

        h_t = tanh(u h_{t-1} + b)        h_0 = 0.5        loss = (h_20 + 0.7)²

    Settings: rate (0.02 to 3), clip (the longest gradient allowed, 0.03 to 100; 0 is off), start
    (1 to 5) and steps (0 to 60: how much of the way is shown). Its goal: from all five starts the
    clipped way ends, after 60 steps, where the loss is below 0.01.

        explorer = Cliff(rate=1.0, clip=0.5)
        explorer.path        (61, 2), u and b of the clipped way from the chosen start
        explorer.plain       (61, 2), of the way without clipping

    Chapter 5; a cliff of this kind is in Pascanu, Mikolov & Bengio (2013).
    """

    _esm = module("cliff")
    _css = style()
    title = "gradient descent at a cliff"
    drawn_from = ("rate", "clip")

    problem = traitlets.Dict(PROBLEM).tag(sync=True)

    rate = Stops(1.0, RATES, "rate")
    clip = Stops(0.0, CLIPS, "clip: longest gradient", off=True)
    start = Setting(1, 1, len(PROBLEM["starts"]), 1, "start", whole=True)
    steps = Setting(PROBLEM["steps"], 0, PROBLEM["steps"], 1, "steps shown", whole=True)

    def ways(self):
        """The clipped Way and the plain one, from all five starts."""
        return descend(self.rate, self.clip), descend(self.rate, 0.0)

    @property
    def path(self):
        """u and b of the clipped way from the chosen start, (61, 2)."""
        return self.ways()[0].points[:, self.start - 1]

    @property
    def plain(self):
        """u and b of the way without clipping, (61, 2)."""
        return self.ways()[1].points[:, self.start - 1]

    @property
    def losses(self):
        """The loss before each step of the clipped way and at its end, (61,)."""
        return self.ways()[0].losses[:, self.start - 1]

    @property
    def plain_losses(self):
        """The same without clipping, (61,)."""
        return self.ways()[1].losses[:, self.start - 1]

    @property
    def lengths(self):
        """The lengths of the gradients that the clipped way met, before clipping, (60,)."""
        return self.ways()[0].lengths[:, self.start - 1]

    @property
    def plain_lengths(self):
        """The same without clipping, (60,)."""
        return self.ways()[1].lengths[:, self.start - 1]

    @property
    def ends(self):
        """The loss at the end of the clipped way from each of the five starts, (5,)."""
        return self.ways()[0].losses[-1]

    def goal(self):
        """The verdict on the five ends of the clipped way, a Robust."""
        return Robust(tuple(self.ends.tolist()), PROBLEM["low"])

    def scene(self):
        """The numbers of the picture, as plain ones."""
        ways = [
            {
                "points": way.points[:, self.start - 1].tolist(),
                "losses": way.losses[:, self.start - 1].tolist(),
                "lengths": way.lengths[:, self.start - 1].tolist(),
            }
            for way in self.ways()
        ]
        settings = {name: getattr(self, name) for name in ("clip", "start", "steps")}
        return settings | {"ways": ways, "problem": self.problem}

    def picture(self):
        """The map with both ways, and beside it the lengths of the gradients and the losses."""
        height, body = drawn(self.scene(), WIDTH, lambda p: terrain(p, surface(), LAYERS))
        words = (
            "Left: the loss over u and b, darker where it is higher: high ground above a line that "
            "falls from u = 1.1, b = 0 to the right, a cliff along that line, low ground below u = "
            "1.2. Right: over the steps, the length of the gradient and the loss."
        )
        return plot.card(WIDTH, height, "Gradient descent at a cliff", words, body), {}

    def words(self):
        """The figure in one sentence, for those who do not see it."""
        clipped, plain = self.ways()
        n = self.start - 1
        longest = int(plain.lengths[:, n].argmax())
        u, b = plain.points[longest + 1, n]
        if self.clip:
            told = f"Clipped to {number(self.clip)}: loss {clipped.losses[-1, n]:.3f}."
        else:
            told = "Clipping is off."
        return (
            f"Start {self.start}, rate {number(self.rate)}. Without clipping: longest gradient "
            f"{scientific(float(plain.lengths[longest, n]))} at step {longest + 1}, which leads to "
            f"u = {number(u)}, b = {number(b)}; loss {plain.losses[-1, n]:.3f} at the end. {told}"
        )
