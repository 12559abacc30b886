"""Chapter 10, the LSTM backward: its eight exercises, in the order of the page."""

from .backward import BACKWARD
from .diagnose import DIAGNOSE
from .explode import EXPLODE
from .only_o import ONLY_O
from .other_cell import OTHER_CELL
from .paths import PATHS
from .smallest import SMALLEST
from .step_backward import STEP_BACKWARD
from .zoo import machines

__all__ = ["EXERCISES", "machines"]

EXERCISES = (
    STEP_BACKWARD,
    BACKWARD,
    OTHER_CELL,
    PATHS,
    ONLY_O,
    EXPLODE,
    DIAGNOSE,
    SMALLEST,
)
