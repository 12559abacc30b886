"""Every displayed equation of the book, evaluated against the package: one file a chapter.

`@equation("2.1", r"...")` repeats what the page says after its number. When the page changes,
tests/test_equations.py fails until somebody has looked at the function below it again.
"""

from importlib import import_module
from pathlib import Path

import numpy as np

EQUATIONS = {}


def equation(number, latex):
    """Register the function that evaluates the equation with this number."""

    def register(evaluate):
        assert number not in EQUATIONS, f"equation {number} is registered twice"
        EQUATIONS[number] = (latex, evaluate)
        return evaluate

    return register


def close(left, right, within=1e-14):
    """Both sides are the same number: no rounding beyond `within`."""
    np.testing.assert_allclose(left, right, rtol=0, atol=within)


for file in sorted(Path(__file__).parent.glob("chapter_*.py")):
    import_module(f"{__name__}.{file.stem}")
