"""Areas put on the books (记账) as whole units of 0.0001 m², so that parts add up exactly."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from pipeline.units import UNITS_PER_M2, to_units

Units = npt.NDArray[np.int64]


def book(total_m2: float, parts_m2: Sequence[float] | npt.NDArray[np.float64]) -> Units:
    """Return the units of each part; they add up to the total, half up.

    Parts are floored, the missing units go one each to the largest remainders, ties to the
    part that comes first. Where rounding made the parts a little more than the total, the
    largest part gives the difference.
    """
    total = int(to_units(total_m2))
    exact = np.maximum(np.asarray(parts_m2, dtype=float), 0.0) * UNITS_PER_M2
    units: Units = np.floor(exact).astype(np.int64)
    if len(units) == 0:
        return units
    missing = total - int(units.sum())
    if 0 <= missing <= len(units):
        first = np.argsort(-(exact - units), kind="stable")[:missing]
        units[first] += 1
    else:
        units[int(np.argmax(units))] += missing
    return units


def farmland_units(area_units: int, ridge_coefficient: float) -> int:
    """Return area × (1 − ridge coefficient) (扣除田坎), half up, the coefficient as written."""
    net = Decimal(int(area_units)) * (1 - Decimal(repr(float(ridge_coefficient))))
    return int(net.quantize(Decimal(1), ROUND_HALF_UP))
