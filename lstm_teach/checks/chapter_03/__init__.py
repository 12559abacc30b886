"""Chapter 03, backpropagation through time: its eight exercises, in the order of the page."""

from .backward import BACKWARD
from .carried import CARRIED
from .four_ways import FOUR_WAYS
from .grad_check import GRAD_CHECK
from .ladder import LADDER
from .step_backward import STEP_BACKWARD
from .truncated import TRUNCATED
from .watchdog import WATCHDOG

EXERCISES = (
    STEP_BACKWARD,
    LADDER,
    BACKWARD,
    GRAD_CHECK,
    FOUR_WAYS,
    WATCHDOG,
    TRUNCATED,
    CARRIED,
)
