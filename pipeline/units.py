"""Areas as whole booking units, and the few places where they become something to read.

One booking unit (记账单位) is 0.0001 m²: every sum in the product is a sum of integers, so no
order of records or workers can change a figure. Tables carry m² as the float64 nearest to
units / 10,000; ``to_units`` gives the integer back exactly.
"""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

UNITS_PER_M2 = 10_000


def to_units(area_m2: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return areas in m² as booking units, half up."""
    return np.floor(np.asarray(area_m2, dtype=float) * UNITS_PER_M2 + 0.5).astype(np.int64)


def to_m2(units: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return booking units as m²."""
    return np.asarray(units, dtype=np.int64) / UNITS_PER_M2


def half_up(value: float | Decimal, places: int = 2) -> Decimal:
    """Round half up (四舍五入) the way officers and Excel do, not half to even."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def mu(area_m2: float) -> Decimal:
    """Return an area in mu (亩): 1 mu = 2000/3 m², so × 0.0015 exactly."""
    return Decimal(repr(float(area_m2))) * Decimal("0.0015")


def mu_text(area_m2: float) -> str:
    """Return an area as mu with two decimals for people to read."""
    return f"{half_up(mu(area_m2)):,}"


def m2_text(area_m2: float) -> str:
    """Return an area as m² with two decimals for people to read."""
    return f"{half_up(area_m2):,}"
