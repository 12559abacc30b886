"""Chapter 05, training a chain anyway: its seven exercises, in the order of the page."""

from .adam import ADAM
from .cliff import CLIFF
from .norm import NORM
from .start import START
from .state import STATE
from .value import VALUE
from .vanished import VANISHED

EXERCISES = (NORM, VALUE, CLIFF, VANISHED, ADAM, START, STATE)
