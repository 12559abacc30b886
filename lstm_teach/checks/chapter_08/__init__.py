"""Chapter 08, the input gate and the candidate: its seven exercises, in the order of the page."""

from .ablate import ABLATE, three_cells
from .count import COUNT_GATES
from .forever import FOREVER
from .how_shut import HOW_SHUT
from .key import KEY
from .one_tanh import ONE_TANH
from .write import WRITE

__all__ = ["EXERCISES", "three_cells"]

EXERCISES = (WRITE, FOREVER, KEY, ONE_TANH, HOW_SHUT, ABLATE, COUNT_GATES)
