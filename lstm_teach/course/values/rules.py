"""What both ends of the wire agree on: how much, how deep, how it is written as text."""

import json

import numpy as np

MOST_BYTES = 8 * 2**20  # of numbers and text in one message
MOST_NODES = 100_000
NODE_BYTES = 8  # what a number weighs at least, on its own or in an array
MOST_CLASSES = 100
MOST_KEYS = 2000  # of one dictionary or set: keys chosen to collide take time, each for each
MOST_AXES = 64  # NumPy's own limit
DEEPEST = 40
LONGEST_NAME = 80
LARGEST_INT = 4096  # bits
EXACT = 2**53

DTYPES = {np.dtype(kind).str for kind in ("?", "b", "h", "i", "q", "B", "H", "I", "Q", "e", "f")}
DTYPES |= {np.dtype(kind).str for kind in ("d", "F", "D", ">f8", ">f4", ">i8", ">i4")}


class Malformed(ValueError):
    """What came over the wire is not a value as this file writes it."""


class TooLarge(ValueError):
    """A value has too many parts or bytes to be sent."""


def known_tuples():
    """The NamedTuples of lstm_teach that may travel: {name: class}."""
    import lstm_teach

    return {
        kind.__name__: kind
        for kind in list(vars(lstm_teach).values())
        if type(kind) is type and issubclass(kind, tuple) and hasattr(kind, "_fields")
    }


def of(content, *kinds):
    """The parts of a list, one of each kind. Raises Malformed."""
    if type(content) is not list or [type(part) for part in content] != list(kinds):
        raise Malformed("not the parts that were expected")
    return content


def name_of(kind):
    """The name of a class, whatever its metaclass says."""
    try:
        return clean_name(type.__dict__["__name__"].__get__(kind))
    except BaseException:
        return "object"


def clean_name(name):
    """Letters, digits and underscores of a name."""
    kept = "".join(c for c in name[:LONGEST_NAME] if c.isalnum() or c == "_")
    return kept or "object"


def packed(message):
    """A message as text."""
    return json.dumps(message, allow_nan=False, separators=(",", ":"))


def unpacked(text):
    """A message from its text. Raises Malformed."""
    if type(text) is not str or len(text) > 3 * MOST_BYTES:
        raise Malformed("not a message")
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_small)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None


def _no_constant(name):
    raise Malformed(f"{name} is not JSON")


def _small(digits):
    if len(digits) > 17:
        raise Malformed("a number that is too long")
    return int(digits)
