"""Several arrays at once, such as all gradients of one backward pass: judged rung by rung."""

from dataclasses import dataclass, replace

import numpy as np

from .exercise import Finding
from .returned import AnArray, described, nothing_returned

LADDER = "Rung by rung, the largest difference"
SMALL_ENOUGH = 100_000


@dataclass(frozen=True)
class SeveralArrays:
    """Arrays in a tuple. `arrays`: an AnArray for each, in the order in which they are returned.

    A wrong answer is shown as a ladder: for each array, whether it is exact, close, or how far
    off. An answer may be unfinished: None where an array is still to be written.
    """

    arrays: tuple[AnArray, ...]

    @property
    def stages(self):
        names = ("_kind", "_shape", "_dtype", "_finite")
        return (self._count, *(self._of_each(name) for name in names))

    def same(self, value, expected):
        return (
            type(value) in (tuple, list)
            and len(value) == len(expected)
            and all(
                array.same(_plain(one), other)
                for array, one, other in zip(self.arrays, value, expected, strict=True)
            )
        )

    def exhibits(self, value, expected):
        ladder = ((LADDER, self.ladder(value, expected)),)
        for array, one, other in zip(self.arrays, value, expected, strict=True):
            if not array.same(_plain(one), other):
                return ladder + array.exhibits(_plain(one), other)
        return ladder

    def ladder(self, value, expected):
        """One line an array: exact, close, or the largest difference."""
        rows = zip(self.arrays, value, expected, strict=True)
        width = max(len(array.name) for array in self.arrays)
        return "\n".join(
            f"{'✓' if array.same(_plain(one), other) else '✗'} {array.name:<{width}}  "
            f"{_distance(_plain(one), other)}"
            for array, one, other in rows
        )

    def _count(self, function, value, expected, printed):
        names = ", ".join(array.name for array in self.arrays)
        if value is None:
            return nothing_returned(function, printed)
        if type(value) not in (tuple, list) or len(value) != len(self.arrays):
            return Finding(
                f"`{function}` returned {described(value)}; expected {len(self.arrays)} arrays: "
                f"{names}.",
                hint=f"Its last line: `return {names}`.",
            )
        missing = [a.name for a, one in zip(self.arrays, value, strict=True) if one is None]
        if missing:
            return Finding(
                f"Still to be written: {', '.join(missing)}.",
                exhibits=((LADDER, self.ladder(value, expected)),),
                hint="Go on with the first of them.",
                mistake="not finished",
            )
        return None

    def _of_each(self, stage):
        def asked(function, value, expected, printed):
            for array, one, other in zip(self.arrays, value, expected, strict=True):
                if finding := getattr(array, stage)(function, _plain(one), other, printed):
                    says = finding.says.replace(f"`{function}` returned", "this came:", 1)
                    return replace(finding, says=f"{array.name}: {says}")
            return None

        return asked


def _plain(value):
    """An array of a class of its own, without that class's idea of equality."""
    if issubclass(type(value), np.ndarray) and value.size <= SMALL_ENOUGH:
        return np.array(value)
    return value


def _distance(value, expected):
    if value is None:
        return "still to be written"
    if type(value) is not np.ndarray:
        return described(value)
    if value.shape != expected.shape:
        return f"shape {value.shape} where {expected.shape} was expected"
    if value.dtype.kind not in "fiu":
        return f"numbers of type {value.dtype}"
    if np.array_equal(value, expected):
        return "exact"
    apart = float(np.abs(value - expected).max())
    return "close, to rounding" if apart < 1e-12 else f"off by {apart:.2g}"
