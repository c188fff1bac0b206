"""Who carries how much of the county's numerator (全县分子的构成)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from pipeline.report.ranking_rows import RankingRow
from pipeline.units import UNITS_PER_M2


@dataclass(frozen=True)
class Contribution:
    """One township's part in the county's ratio (一个乡镇的份额).

    ``area_m2`` is its part of the numerator, ``gross_m2`` the same before rectification.
    ``share`` is the part of the county's numerator, ``points`` of the county's ratio: the points
    of all townships add up to the ratio. ``running`` adds up the shares from the largest down.
    """

    code: str
    name: str
    area_m2: float
    gross_m2: float
    share: float
    points: float
    running: float
    is_accountable: bool
    members: int = 1


def contributions(
    rows: Iterable[RankingRow], county: tuple[int, int], most: int
) -> list[Contribution]:
    """Return the townships' parts, the largest first; beyond ``most`` rows the rest as one.

    ``county``: numerator and denominator of the county's official ratio in booking units.
    """
    above, below = (units / UNITS_PER_M2 for units in county)
    ordered = sorted(rows, key=lambda row: (-row.numerator_m2, row.code))
    parts = [_group([row], above, below) for row in ordered]
    if len(ordered) > most:
        parts = [*parts[: most - 1], _group(ordered[most - 1 :], above, below)]
    sums = accumulate(part.share for part in parts)
    return [replace(part, running=sum_) for part, sum_ in zip(parts, sums, strict=True)]


def _group(rows: list[RankingRow], above: float, below: float) -> Contribution:
    area = sum(row.numerator_m2 for row in rows)
    return Contribution(
        code=rows[0].code if len(rows) == 1 else "",
        name=rows[0].name if len(rows) == 1 else f"其余 {len(rows)} 个",
        area_m2=area,
        gross_m2=sum(row.gross_numerator_m2 for row in rows),
        share=area / above if above else 0.0,
        points=area / below if below else 0.0,
        running=0.0,
        is_accountable=len(rows) == 1 and rows[0].is_accountable,
        members=len(rows),
    )
