"""The corpus: submissions with the marks and flags that grading them has to give.

`ENTRIES` are notebooks, one student each; `BOXES` the folders and zips that notebooks come in;
`NAMES` names that students may have. Making them runs nothing of what stands in them.
"""

from . import (
    damaged,
    forging,
    greedy,
    honest,
    mistaken,
    odd_values,
    samples,
    shown,
    spying,
    unreadable,
)
from .making import FULL, NAME, Entry
from .packed import BOXES, Box
from .shown import NAMES
from .spying import aimed

KINDS = (honest, mistaken, damaged, unreadable, greedy, spying, forging, odd_values, shown, samples)
ENTRIES = [entry for kind in KINDS for entry in kind.ENTRIES]

__all__ = ["BOXES", "ENTRIES", "FULL", "NAME", "NAMES", "Box", "Entry", "aimed"]
