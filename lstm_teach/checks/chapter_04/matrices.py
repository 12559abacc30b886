"""Reading a matrix that somebody made up, and how its powers grow: for 4.3 and 4.4."""

import numpy as np

from ..exercise import Finding
from ..returned import described, rows

MOST_UNITS, LARGEST = 8, 1000.0


def a_square_matrix(name, value):
    """The value as a float array (H, H), 2 ≤ H ≤ 8; or a Finding that says what came."""
    hint = "For example `return np.array([[0.5, 0.0], [0.0, 0.5]])`."
    try:
        matrix = np.array(value, dtype=float)
    except Exception:
        return Finding(f"`{name}` gave {described(value)}; expected a square matrix.", hint=hint)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        return Finding(
            f"`{name}` gave something of shape {matrix.shape}; expected (H, H), a square.",
            hint=hint,
        )
    if not 2 <= len(matrix) <= MOST_UNITS:
        return Finding(
            f"`{name}` gave a matrix for {len(matrix)} units; expected 2 to {MOST_UNITS}. With one "
            "unit, eigenvalue and singular value are the same number.",
            hint=hint,
        )
    if not (np.abs(matrix) <= LARGEST).all():
        return Finding(
            f"`{name}` gave an entry that is not a number between -{LARGEST:g} and {LARGEST:g}.",
            hint="Small matrices with plain numbers are enough.",
        )
    return matrix


def spectral_radius(U):
    return float(np.abs(np.linalg.eigvals(U)).max())


def sizes_of_powers(U, lags):
    """‖U⁰‖, ‖U¹‖, ... up to the lag `lags`: the largest singular value of each power."""
    power, sizes = np.eye(len(U)), []
    for _ in range(lags + 1):
        sizes.append(float(np.linalg.norm(power, 2)))
        power = power @ U
    return np.array(sizes)


def is_normal(U):
    """Whether U Uᵀ = Uᵀ U: then all the stretching is in the eigenvalues."""
    return np.allclose(U @ U.T, U.T @ U, rtol=1e-9, atol=1e-9)


def portrait(U, *lags):
    """Exhibits: the matrix, its two numbers, and the size of some of its powers."""
    sizes = sizes_of_powers(U, max(lags))
    lines = [f"‖U^{lag}‖ = {sizes[lag]:.3g}" for lag in lags]
    return (
        ("Your U", rows(U)),
        (
            "Its numbers",
            f"spectral radius {spectral_radius(U):.3g}, "
            f"largest singular value {np.linalg.norm(U, 2):.3g}",
        ),
        ("Its powers", ", ".join(lines)),
    )
