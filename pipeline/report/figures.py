"""Figures as people read them (数字的写法): percentages that never hide which side they are on."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.units import half_up, mu

# A ratio this near the line (in percentage points) is printed with more decimals, so that 8.00 %
# under the line and 8.00 % over it do not look the same.
_NEAR = Decimal("0.05")
_HUNDREDTH = Decimal("0.01")
_PLAIN, _FINE, _FINEST = 2, 4, 12

NO_RATIO = "无"
NO_RANK = "—"


def percent_text(value: Decimal) -> str:
    """Return a configured ratio as a percentage, no more digits than it has: 0.08 is ``8%``."""
    text = f"{value * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def ratio_text(ratio: float | None, line: Decimal) -> str:
    """Return a ratio (比例) as a percentage, null as 无; decimals by ``ratio_places``."""
    if ratio is None or is_null(ratio):
        return NO_RATIO
    return f"{half_up(_points(ratio), ratio_places(ratio, line))}%"


def ratio_places(ratio: float, line: Decimal) -> int:
    """Return how many decimals the percentage of a ratio needs beside a line.

    Two; four within 0.05 point of the line; more where four would print the line itself for a
    ratio that is not on it.
    """
    exact, mark = _points(ratio), line * 100
    if abs(exact - mark) >= _NEAR:
        return _PLAIN
    places = _FINE
    while exact != mark and places < _FINEST and half_up(exact, places) == mark:
        places += 1
    return places


def _points(ratio: float) -> Decimal:
    return Decimal(repr(float(ratio))) * 100


def need_mu_text(*areas_m2: float) -> str:
    """Return amounts that must be reached (还需复耕), added up, as mu.

    The second decimal of each is rounded up, so that the sum is that of the printed parts.
    """
    return f"{sum(need_mu(area) for area in areas_m2):,}"


def need_mu(area_m2: float) -> Decimal:
    """Return an amount that must be reached as mu, the second decimal rounded up."""
    return mu(area_m2).quantize(_HUNDREDTH, ROUND_CEILING)


def need_m2(area_m2: float) -> Decimal:
    """Return an amount that must be reached in m², the second decimal rounded up."""
    return Decimal(repr(float(area_m2))).quantize(_HUNDREDTH, ROUND_CEILING)


def room_mu_text(area_m2: float) -> str:
    """Return an amount that must not be exceeded (余量) as mu, the second decimal rounded down."""
    return f"{mu(area_m2).quantize(_HUNDREDTH, ROUND_FLOOR):,}"


def rank_text(rank: float | None) -> str:
    """Return a rank (名次), — where there is none."""
    return NO_RANK if is_null(rank) else str(int(rank or 0))


def is_null(value: object) -> bool:
    """Tell whether a cell is null, whichever null it is (None, NaN, NA, NaT)."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in {"NAType", "NaTType"}


def label_text(label: str) -> str:
    """Return a label of the schema with the brackets of Chinese print."""
    return label.replace("(", "（").replace(")", "）")
