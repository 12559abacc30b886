"""Messages between a grader's process and the one that watches it: bytes, with their length."""

from importlib import import_module


def send(stream, content):
    """Write a message to a binary stream."""
    stream.write(len(content).to_bytes(8, "big") + content)
    stream.flush()


def receive(stream, limit=None):
    """Read a message. Raises EOFError where the stream ends, ValueError beyond the limit."""
    length = int.from_bytes(_exactly(8, stream), "big")
    if limit is not None and length > limit:
        raise ValueError(f"a message of {length:,} bytes came; at most {limit:,} are read")
    return _exactly(length, stream)


def _exactly(length, stream):
    content = stream.read(length)
    if len(content) < length:
        raise EOFError("the process at the other end is gone")
    return content


def named(name):
    """What "module:name" stands for."""
    module, name = name.split(":")
    return getattr(import_module(module), name)
