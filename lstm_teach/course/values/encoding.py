"""From values to trees of JSON. Runs in the kernel too, on whatever a student returns."""

import base64
import math

import numpy as np

from .rules import (
    DEEPEST,
    DTYPES,
    EXACT,
    LARGEST_INT,
    MOST_BYTES,
    MOST_KEYS,
    MOST_NODES,
    NODE_BYTES,
    TooLarge,
    name_of,
    packed,
)

PLAIN = (list, tuple, dict, set, frozenset, range, int, float, complex, str, bytes)
CONTENT = {
    int: int.__pos__,
    float: float.__pos__,
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: list(set.__iter__(value)),
    frozenset: lambda value: list(frozenset.__iter__(value)),
}
WIDEST = {"f": "d", "c": "D"}  # in place of a longdouble, which is not the same everywhere


class Encoder:
    """One message's values as JSON: `tree(value)`.

    `function(value)` describes a function, as (number, facts about it). `room`: the bytes that
    may still be said, fewer where other values go with these. Raises TooLarge.
    """

    def __init__(self, function, tuples, room=MOST_BYTES):
        self.function, self.names = function, {kind: name for name, kind in tuples.items()}
        self.left, self.room = MOST_NODES, room

    def tree(self, value, depth=0):
        """The value as a tree of JSON. Classes are looked at, never asked: they may lie."""
        self._count(depth)
        kind = type(value)
        if value is None or kind is bool:
            return value
        if value is Ellipsis:
            return {"ellipsis": 0}
        if kind in self.names:
            return {"named": [self.names[kind], self._all(tuple.__iter__(value), depth)]}
        for plain in PLAIN:
            if kind is plain:
                return getattr(self, f"_{plain.__name__}")(value, depth)
        if issubclass(kind, np.ndarray):
            return self._array(value)
        if issubclass(kind, np.generic) and not issubclass(kind, str | bytes):
            return self._scalar(value)
        for plain, content in CONTENT.items():  # a subclass is sent as what it holds
            if issubclass(kind, plain):
                return getattr(self, f"_{plain.__name__}")(content(value), depth)
        if callable(value):
            return {"function": self.function(value)}
        return {"opaque": name_of(kind)}

    def _count(self, depth):
        self.left -= 1
        self._weigh(NODE_BYTES)
        if depth > DEEPEST:
            raise TooLarge(f"lists in lists, more than {DEEPEST} deep")
        if self.left < 0:
            raise TooLarge(f"more than {MOST_NODES} values")

    def _count_keys(self, value):
        if len(value) > MOST_KEYS:
            raise TooLarge(f"a dictionary or set of more than {MOST_KEYS}")

    def _weigh(self, size):
        self.room -= size
        if self.room < 0:
            raise TooLarge(f"more than {MOST_BYTES // 2**20} MB")

    def _all(self, values, depth):
        return [self.tree(value, depth + 1) for value in values]

    def _list(self, value, depth):
        return self._all(value, depth)

    def _tuple(self, value, depth):
        return {"tuple": self._all(value, depth)}

    def _dict(self, value, depth):
        self._count(depth)
        self._count_keys(value)
        pairs = []
        for key, one in value.items():
            pairs.append([self.tree(key, depth + 1), self.tree(one, depth + 1)])
        return {"dict": pairs}

    def _set(self, value, depth):
        return {"set": self._in_any_order(value, depth)}

    def _frozenset(self, value, depth):
        return {"frozenset": self._in_any_order(value, depth)}

    def _in_any_order(self, value, depth):
        """The same trees in the same order for equal sets."""
        self._count_keys(value)
        return sorted(self._all(value, depth), key=packed)

    def _bytes(self, value, depth):
        self._weigh(len(value))
        return {"bytes": base64.b64encode(value).decode()}

    def _range(self, value, depth):
        return {"range": self._all((value.start, value.stop, value.step), depth)}

    def _int(self, value, depth):
        if -EXACT < value < EXACT:
            return value
        if value.bit_length() > LARGEST_INT:
            raise TooLarge(f"a whole number of more than {LARGEST_INT} bits")
        return {"int": hex(value)}

    def _float(self, value, depth):
        return value if math.isfinite(value) else {"float": repr(value)}

    def _complex(self, value, depth):
        return {"complex": [repr(value.real), repr(value.imag)]}

    def _str(self, value, depth):
        self._weigh(len(value))
        return value.encode("utf-8", "replace").decode()

    def _array(self, value):
        value = np.ndarray.view(value, np.ndarray)
        self._weigh(value.size * max(value.dtype.itemsize, NODE_BYTES))
        if value.dtype.str not in DTYPES and value.dtype.kind in WIDEST:
            with np.errstate(all="ignore"):
                value = value.astype(WIDEST[value.dtype.kind])
        dtype, shape = value.dtype, list(value.shape)
        if dtype.str not in DTYPES:
            return {"array": [dtype.kind, shape, ""]}
        return {"array": [dtype.str, shape, base64.b64encode(value.tobytes()).decode()]}

    def _scalar(self, value):
        tree = self._array(np.asarray(value))
        return {"scalar": tree["array"]} if tree["array"][2] else {"opaque": name_of(type(value))}
