"""Chapter 07, the forget gate: its seven exercises, in the order of the page."""

from .bias_for_lag import BIAS_FOR_LAG
from .carousel import CAROUSEL
from .chrono_start import CHRONO
from .default_gate import DEFAULT
from .half_life import HALF_LIFE
from .must_reset import MUST_RESET
from .quarters import QUARTERS

EXERCISES = (HALF_LIFE, BIAS_FOR_LAG, CAROUSEL, QUARTERS, CHRONO, DEFAULT, MUST_RESET)
