"""Rounded parts that add up to the rounded whole (舍入后仍然闭合): largest remainder."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from pipeline.units import UNITS_PER_M2, half_up

_STEP = Decimal("0.01")
_MU_OF_UNIT = Decimal("0.0015") / UNITS_PER_M2


def closing(parts: Sequence[Decimal]) -> list[Decimal]:
    """Return parts (not negative) to two decimals, rounded so that they add up to their sum, rounded half up.

    The first part, the one that people compare with other tables, is rounded half up itself;
    of the others those with the largest remainders are rounded up, ties in order.
    """
    if not parts:
        return []
    whole = half_up(sum(parts, Decimal(0)))
    rounded = [half_up(parts[0])]
    rounded += [(part / _STEP).to_integral_value(ROUND_FLOOR) * _STEP for part in parts[1:]]
    missing = int((whole - sum(rounded)) / _STEP)
    remainders = sorted(
        range(1, len(parts)), key=lambda place: (rounded[place] - parts[place], place)
    )
    for place in remainders[:missing]:
        rounded[place] += _STEP
    return rounded


def m2_of(units: int) -> Decimal:
    """Return booking units as m², exactly."""
    return Decimal(int(units)) / UNITS_PER_M2


def mu_of(units: int) -> Decimal:
    """Return booking units as mu (亩), exactly."""
    return Decimal(int(units)) * _MU_OF_UNIT
