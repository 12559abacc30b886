"""Chapter 09, the output gate and the whole cell: its exercises, in the order of the page."""

from .counter import COUNTER
from .diagram import DIAGRAM
from .forward import FORWARD
from .latch import LATCH
from .shut_once import SHUT_ONCE
from .since import SINCE
from .step import STEP
from .toggle import TOGGLE

EXERCISES = (DIAGRAM, STEP, FORWARD, LATCH, COUNTER, SINCE, TOGGLE, SHUT_ONCE)
