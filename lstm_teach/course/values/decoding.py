"""From trees of JSON to values. Nothing in a tree is believed."""

import base64
import binascii
import math

import numpy as np

from .rules import (
    DEEPEST,
    DTYPES,
    EXACT,
    LARGEST_INT,
    MOST_AXES,
    MOST_BYTES,
    MOST_CLASSES,
    MOST_KEYS,
    MOST_NODES,
    NODE_BYTES,
    Malformed,
    clean_name,
    of,
)


class Opaque:
    """Stands for an object that stays in the kernel: its class bears that object's class name."""


class Decoder:
    """One message's values out of JSON: `value(tree)`.

    `function(number, facts)` gives what stands for a function here. Raises Malformed.
    """

    def __init__(self, function, tuples):
        self.function, self.tuples = function, tuples
        self.left, self.room = 2 * MOST_NODES, MOST_BYTES
        self.classes = {}

    @property
    def used(self):
        """The bytes of what was decoded."""
        return MOST_BYTES - self.room

    def value(self, tree, depth=0):
        """The value of a tree. Nothing in it is trusted."""
        self.left -= 1
        self._weigh(NODE_BYTES)
        if depth > DEEPEST + 1 or self.left < 0:
            raise Malformed("too many values, or too deep")
        kind = type(tree)
        if tree is None or kind is bool:
            return tree
        if kind is int:
            return self._within(tree, abs(tree) < EXACT)
        if kind is float:
            return self._within(tree, math.isfinite(tree))
        if kind is str:
            return self._text(tree)
        if kind is list:
            return self._all(tree, depth)
        if kind is not dict or len(tree) != 1:
            raise Malformed("neither a value nor an object with one key")
        ((sort, content),) = tree.items()
        read = getattr(self, f"_read_{sort}", None) if sort in SORTS else None
        if read is None:
            raise Malformed("an unknown sort of value")
        return read(content, depth)

    def _within(self, value, inside):
        if not inside:
            raise Malformed("a number out of range")
        return value

    def _text(self, tree):
        self._weigh(len(tree))
        return tree.encode("utf-8", "replace").decode()

    def _weigh(self, size):
        self.room -= size
        if self.room < 0:
            raise Malformed("too many bytes")

    def _all(self, trees, depth):
        if type(trees) is not list:
            raise Malformed("expected a list")
        return [self.value(tree, depth + 1) for tree in trees]

    def _read_ellipsis(self, content, depth):
        return ...

    def _read_tuple(self, content, depth):
        return tuple(self._all(content, depth))

    def _read_range(self, content, depth):
        start, stop, step = of(content, int, int, int)
        if step == 0 or abs(stop - start) > EXACT or len(range(start, stop, step)) > self.left:
            raise Malformed("not a range, or too long")
        return range(start, stop, step)

    def _read_dict(self, content, depth):
        if type(content) is not list or len(content) > MOST_KEYS:
            raise Malformed("expected pairs, and not so many")
        found = {}
        for pair in content:
            if type(pair) is not list or len(pair) != 2:
                raise Malformed("expected a pair")
            key = self.value(pair[0], depth + 1)
            try:
                found[key] = self.value(pair[1], depth + 1)
            except TypeError:
                raise Malformed("a key that cannot be a key") from None
        return found

    def _read_set(self, content, depth):
        return set(self._elements(content, depth))

    def _read_frozenset(self, content, depth):
        return frozenset(self._elements(content, depth))

    def _elements(self, content, depth):
        """The elements of a set, each of them once."""
        values = self._all(content, depth)
        if len(values) > MOST_KEYS:
            raise Malformed("too many elements")
        try:
            once = set(values)
        except TypeError:
            raise Malformed("an element that cannot be in a set") from None
        if len(once) != len(values):
            raise Malformed("an element that is there twice")
        return once

    def _read_named(self, content, depth):
        name, trees = of(content, str, list)
        if name not in self.tuples or len(self.tuples[name]._fields) != len(trees):
            raise Malformed("an unknown NamedTuple")
        return self.tuples[name](*self._all(trees, depth))

    def _read_int(self, content, depth):
        (text,) = of([content], str)
        if len(text) > LARGEST_INT // 4 + 4:
            raise Malformed("a number that is too long")
        try:
            return int(text, 16)
        except ValueError:
            raise Malformed("not a whole number") from None

    def _read_float(self, content, depth):
        if content not in ("nan", "inf", "-inf"):
            raise Malformed("not a float")
        return float(content)

    def _read_complex(self, content, depth):
        parts = of(content, str, str)
        if any(len(part) > 30 for part in parts):
            raise Malformed("not a complex number")
        try:
            return complex(*map(float, parts))
        except ValueError:
            raise Malformed("not a complex number") from None

    def _read_bytes(self, content, depth):
        (text,) = of([content], str)
        self._weigh(len(text) // 4 * 3)
        return _from_base64(text)

    def _read_array(self, content, depth):
        dtype, shape, text = of(content, str, list, str)
        if len(shape) > MOST_AXES or not all(type(n) is int and 0 <= n < EXACT for n in shape):
            raise Malformed("not a shape")
        size = math.prod(n or 1 for n in shape)
        if dtype not in DTYPES:  # of objects, of dates: its shape is all that is said
            self._weigh(NODE_BYTES * size)
            return np.full(shape, None, dtype=object)
        self._weigh(size * max(np.dtype(dtype).itemsize, NODE_BYTES))
        size = math.prod(shape)
        data = _from_base64(text)
        if len(data) != size * np.dtype(dtype).itemsize:
            raise Malformed("more or fewer bytes than the shape has")
        return np.frombuffer(data, dtype).reshape(shape).copy()

    def _read_scalar(self, content, depth):
        value = self._read_array(content, depth)
        if value.shape != () or value.dtype == object:
            raise Malformed("a scalar has no axes")
        return value[()]

    def _read_function(self, content, depth):
        number, facts = of(content, int, dict)
        return self.function(number, facts)

    def _read_opaque(self, content, depth):
        (name,) = of([content], str)
        name = clean_name(name) if len(self.classes) < MOST_CLASSES else "object"
        if name not in self.classes:
            self.classes[name] = type(name, (Opaque,), {"__slots__": ()})
        return self.classes[name]()


def _from_base64(text):
    try:
        return base64.b64decode(text.encode("ascii", "strict"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed("not base64") from None


SORTS = {name.removeprefix("_read_") for name in vars(Decoder) if name.startswith("_read_")}
