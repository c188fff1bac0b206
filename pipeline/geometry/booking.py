"""Areas put on the books (记账) as whole units of 0.0001 m², so that parts add up exactly."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from pipeline.units import UNITS_PER_M2, to_units

Units = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def book(totals_m2: Floats, parts_m2: Floats, owner: Indices) -> Units:
    """Return the units of each part; the parts of an owner add up to its total, half up.

    ``owner`` is the number of each part's total, in ascending order. Parts are floored, the
    missing units go one each to the largest remainders, ties to the part that comes first.
    Where rounding made the parts a little more than the total, the largest part gives the
    difference.
    """
    exact = np.maximum(np.asarray(parts_m2, dtype=float), 0.0) * UNITS_PER_M2
    units: Units = np.floor(exact).astype(np.int64)
    count = np.bincount(owner, minlength=len(totals_m2))
    booked = np.zeros(len(totals_m2), dtype=np.int64)
    np.add.at(booked, owner, units)
    missing = np.asarray(to_units(totals_m2)) - booked
    is_even = (missing >= 0) & (missing <= count)
    # Remainders that rounding alone tells apart are equal: the order of the keys decides.
    remainder = np.round(exact - units, 6)
    units[_place(-remainder, owner, count) < np.where(is_even, missing, 0)[owner]] += 1
    is_largest = _place(-exact, owner, count) == 0
    units[is_largest] += np.where(is_even, 0, missing)[owner[is_largest]]
    return units


def _place(values: Floats, owner: Indices, count: Indices) -> Indices:
    """Return the place of each value among those of its owner, from 0; ties as they stand."""
    order = np.lexsort((values, owner))
    place = np.empty(len(values), dtype=np.int64)
    place[order] = np.arange(len(values)) - np.repeat(np.cumsum(count) - count, count)
    return place


def farmland_units(area_units: int, ridge_coefficient: float) -> int:
    """Return area × (1 − ridge coefficient) (扣除田坎), half up, the coefficient as written."""
    net = Decimal(int(area_units)) * (1 - Decimal(repr(float(ridge_coefficient))))
    return int(net.quantize(Decimal(1), ROUND_HALF_UP))
