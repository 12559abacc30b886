"""Chapter 01, squashing, slopes and products: its nine exercises, in the order of the page."""

from .catch import CATCH
from .gradient import GRADIENT
from .knife import KNIFE
from .measured import MEASURED
from .slopes import SLOPES
from .softmax import SOFTMAX
from .squash import SQUASH
from .stable import STABLE
from .underflow import UNDERFLOW

EXERCISES = (SQUASH, SLOPES, MEASURED, CATCH, KNIFE, UNDERFLOW, STABLE, SOFTMAX, GRADIENT)
