"""Values on the wire between a grader and a kernel: plain facts as JSON, and nothing that runs.

    None bool int float str       as they are; a list is a JSON list
    tuple dict set frozenset      a JSON object with one key that says what follows; sets in the
    array scalar bytes            order of their elements' text
    NamedTuples of lstm_teach     by name
    functions                     as a number: they stay where they are and are called there
    anything else                 the name of its class

The grader imports this file, and sends its text into the kernel. What comes back may be written
by an enemy: `decode` believes nothing, and raises Malformed for what is not exactly as above.
"""

from .decoding import Decoder, Opaque
from .encoding import Encoder
from .rules import Malformed, TooLarge, clean_name, known_tuples, name_of, of, packed, unpacked

__all__ = [
    "Decoder",
    "Encoder",
    "Malformed",
    "Opaque",
    "TooLarge",
    "clean_name",
    "known_tuples",
    "name_of",
    "of",
    "packed",
    "unpacked",
]
