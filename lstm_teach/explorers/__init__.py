"""The interactive figures: they compute and draw in the browser, and answer to Python."""

from .base import Explorer
from .cell import CellStepper
from .chain import Chain

__all__ = ["CellStepper", "Chain", "Explorer"]
