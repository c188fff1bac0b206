"""The ratio of illegally occupied farmland and the line it is held against (违法占耕比、问责).

The line of a county is 15号令 article 3 (达到, ">="), that of
a township what its responsibility contract says (超过, ">"). Areas are whole booking units and
ratios are exact fractions here: exactly 8 % is not over "> 0.08".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from pipeline.rules.settings import AccountabilitySettings, Line
from pipeline.terms import Denominator, OfficialRatio


@dataclass(frozen=True)
class Sums:
    """What a unit's ratios are made of (一个单位的汇总), in booking units.

    ``illegal_farmland`` holds the exempt farmland too; reclaimed and regularised are what
    counts of them, never more than the illegal farmland that is not exempt.
    """

    new_construction: int = 0
    legal_farmland: int = 0
    illegal_farmland: int = 0
    doubtful_farmland: int = 0
    exempt_farmland: int = 0
    reclaimed_farmland: int = 0
    regularised_farmland: int = 0


@dataclass(frozen=True)
class Measures:
    """A unit's ratios and what follows from the line (一个单位的占耕比与问责).

    ``reclaim_to_line`` is in booking units. Null: there is no such ratio.
    """

    gross: Fraction | None
    numerator: Fraction | None
    net: Fraction | None
    with_regularised: Fraction | None
    official: Fraction | None
    low: Fraction | None
    high: Fraction | None
    is_accountable: bool
    reclaim_to_line: int | None


def measure(sums: Sums, line: Line, accountability: AccountabilitySettings) -> Measures:
    """Return every ratio of a unit, and whether the official one is over the line."""
    denominator = accountability.denominator
    parts = {kind: parts_of(sums, denominator, kind) for kind in OfficialRatio}
    left, still_occupied = parts[OfficialRatio.NET]
    above, below = parts[accountability.official]
    official = _ratio(above, below)
    doubtful = sums.doubtful_farmland
    return Measures(
        gross=_ratio(*parts[OfficialRatio.GROSS]),
        numerator=_ratio(*parts[OfficialRatio.NUMERATOR]),
        net=_ratio(*parts[OfficialRatio.NET]),
        with_regularised=_ratio(left - sums.regularised_farmland, still_occupied),
        official=official,
        low=_ratio(above, below + doubtful),
        high=_ratio(above + doubtful, below + doubtful),
        is_accountable=is_over(official, line),
        reclaim_to_line=reclaim_to_line(above, below, line, accountability.official),
    )


def parts_of(sums: Sums, denominator: Denominator, kind: OfficialRatio) -> tuple[int, int]:
    """Return what a ratio divides by what (分子、分母), in booking units."""
    illegal = sums.illegal_farmland - sums.exempt_farmland
    occupied = sums.legal_farmland + sums.illegal_farmland
    if denominator is Denominator.NEW_CONSTRUCTION:
        occupied = sums.new_construction
    if kind is OfficialRatio.GROSS:
        return illegal, occupied
    left = illegal - sums.reclaimed_farmland
    return left, occupied - (sums.reclaimed_farmland if kind is OfficialRatio.NET else 0)


def is_over(ratio: Fraction | None, line: Line) -> bool:
    """Tell whether a ratio is over the line; without new farmland there is none to be over."""
    if ratio is None:
        return False
    limit = Fraction(line.ratio)
    return ratio >= limit if line.comparison == ">=" else ratio > limit


def reclaim_to_line(
    illegal: int, occupied: int, line: Line, official: OfficialRatio
) -> int | None:
    """Return the least further farmland to reclaim that ends accountability (还需复耕).

    ``illegal / occupied`` is the official ratio now. Reclaiming x makes it (N - x) / (D - x) on
    net and (N - x) / D on numerator; more than N there is not. Null without a ratio, or where
    the official ratio is the one before reclaiming.
    """
    ratio = _ratio(illegal, occupied)
    if ratio is None or official is OfficialRatio.GROSS:
        return None
    if not is_over(ratio, line):
        return 0
    limit = Fraction(line.ratio)
    on_the_line = illegal - limit * occupied
    if official is OfficialRatio.NET:
        on_the_line /= 1 - limit
    least = floor(on_the_line) + 1 if line.comparison == ">=" else ceil(on_the_line)
    return min(least, illegal)


def room_to_line(illegal: int, occupied: int, line: Line) -> int | None:
    """Return how much farmland can still be occupied illegally without accountability (余量).

    ``illegal / occupied`` is the official ratio now; x more makes it (N + x) / (D + x). Null
    without a ratio, 0 where the unit is over the line already.
    """
    ratio = _ratio(illegal, occupied)
    if ratio is None:
        return None
    if is_over(ratio, line):
        return 0
    limit = Fraction(line.ratio)
    to_the_line = (limit * occupied - illegal) / (1 - limit)
    return ceil(to_the_line) - 1 if line.comparison == ">=" else floor(to_the_line)


def shared_ranks(ratios: Sequence[Fraction | None]) -> list[int | None]:
    """Return ranks from the highest ratio down; equal ratios share one (1, 2, 2, 4)."""
    descending = sorted((ratio for ratio in ratios if ratio is not None), reverse=True)
    first: dict[Fraction, int] = {}
    for place, ratio in enumerate(descending, start=1):
        first.setdefault(ratio, place)
    return [None if ratio is None else first[ratio] for ratio in ratios]


def _ratio(above: int, below: int) -> Fraction | None:
    return Fraction(above, below) if below else None
