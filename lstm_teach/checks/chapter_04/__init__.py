"""Chapter 04, vanishing and exploding, measured: its exercises, in the order of the page."""

from .bound import BOUND
from .deaf import DEAF
from .explain import EXPLAIN
from .hump import HUMP
from .jacobian import JACOBIAN
from .keeps import KEEPS
from .shrink import SHRINK

EXERCISES = (JACOBIAN, BOUND, SHRINK, HUMP, KEEPS, DEAF, EXPLAIN)
