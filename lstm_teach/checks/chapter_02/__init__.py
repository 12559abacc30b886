"""Chapter 02, the chain: its seven exercises, in the order of the page."""

from .batch import BATCH
from .count import COUNT
from .forward import FORWARD
from .latch import LATCH
from .merge import MERGE
from .order import ORDER
from .step import STEP

EXERCISES = (STEP, FORWARD, MERGE, COUNT, BATCH, LATCH, ORDER)
