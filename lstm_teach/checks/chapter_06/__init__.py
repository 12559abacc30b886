"""Chapter 06, the carousel: its eight exercises, in the order of the page."""

from .conflict import CONFLICT
from .flat import FLAT
from .leak import LEAK
from .paper import PAPER
from .step import STEP
from .stream import STREAM
from .truncated import TRUNCATED
from .unbounded import UNBOUNDED

EXERCISES = (STEP, PAPER, LEAK, CONFLICT, TRUNCATED, UNBOUNDED, STREAM, FLAT)
