"""The interactive figures: they compute and draw in the browser, and answer to Python."""

from .backflow import BackFlow
from .base import Explorer
from .cell import CellStepper
from .chain import Chain
from .cliff import Cliff
from .forget_bias import ForgetBias
from .leak import Leak
from .paths import Paths
from .products import Products
from .scalar import ScalarCell
from .spectrum import Spectrum

__all__ = [
    "BackFlow",
    "CellStepper",
    "Chain",
    "Cliff",
    "Explorer",
    "ForgetBias",
    "Leak",
    "Paths",
    "Products",
    "ScalarCell",
    "Spectrum",
]
