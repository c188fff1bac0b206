"""The rows of a ranking ready to be drawn or printed (排名行)."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from pipeline.report.figures import is_null
from pipeline.report.heading import Heading, is_over
from pipeline.report.palette import class_of
from pipeline.rules.accountability import Sums, parts_of, room_to_line
from pipeline.terms import OfficialRatio
from pipeline.units import UNITS_PER_M2, mu, to_units

# The mean of 137 changes without papers in one real county and year: 327.8 mu. Where one such
# change alone is as much as the line allows, the ratio says little: 30 mu at a line of 8 %.
_ONE_CHANGE_MU = Decimal("2.4")
SMALL_MARK = "＊"


@dataclass(frozen=True)
class Unit:
    """What is ranked (排名单元): the columns that name it and the words for it."""

    code: str
    name: str
    noun: str
    head: str
    subject: str


TOWNSHIPS = Unit("township_code", "township_name", "乡镇", "乡镇（街道）", "乡镇")
OFFICES = Unit("office_name", "office_name", "管辖所", "管辖所", "管辖所")


@dataclass(frozen=True)
class RankingRow:
    """One township or office of the ranking (一个乡镇或管辖所); ratios are null without a denominator.

    ``level`` is its class of the ratio (see ``palette.ratio_classes``), null without a ratio.
    ``numerator_m2 / denominator_m2`` is the official ratio, ``gross_numerator_m2`` the same
    numerator before rectification. ``reclaim_m2`` is what must still
    be reclaimed to get off the line, ``room_m2`` what may still be occupied before it is reached.
    ``is_small``: the denominator is so small that one change decides.
    """

    code: str
    name: str
    rank: int | None
    official: float | None
    gross: float | None
    low: float | None
    high: float | None
    is_accountable: bool
    doubtful_farmland_m2: float
    level: int | None
    numerator_m2: float = 0.0
    denominator_m2: float = 0.0
    gross_numerator_m2: float = 0.0
    reclaim_m2: float | None = None
    room_m2: float | None = None
    is_small: bool = False


def ranking_rows(
    ranking: pd.DataFrame, heading: Heading, unit: Unit = TOWNSHIPS
) -> list[RankingRow]:
    """Return the units by rank, those without a ratio last."""
    rows = [_row(record, heading, unit) for record in ranking.to_dict("records")]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.code))


def by_code(rows: Iterable[RankingRow]) -> dict[str, RankingRow]:
    """Return the rows under their code."""
    return {row.code: row for row in rows}


def can_turn(row: RankingRow, heading: Heading) -> bool:
    """Tell whether the doubtful pieces, all one way or the other, change the side of the line."""
    ends = (Decimal(repr(end)) for end in (row.low, row.high) if end is not None)
    return any(is_over(end, heading.township) != row.is_accountable for end in ends)


def small_limit_mu(heading: Heading) -> Decimal:
    """Return below how many mu of denominator a number is small (基数小), by the township line.

    One change of ordinary size, 2.4 mu, all of it illegal, would then be the whole line.
    """
    return _ONE_CHANGE_MU / heading.township.ratio


def official_parts(
    record: Mapping[Hashable, object], heading: Heading, kind: OfficialRatio | None = None
) -> tuple[int, int]:
    """Return numerator and denominator (分子、分母) in booking units, by default the official."""

    def units(name: str) -> int:
        return int(to_units(record[name]))  # type: ignore[arg-type]

    sums = Sums(
        new_construction=units("new_construction_m2"),
        legal_farmland=units("legal_farmland_m2"),
        illegal_farmland=units("illegal_farmland_m2"),
        exempt_farmland=units("exempt_farmland_m2"),
        reclaimed_farmland=units("reclaimed_farmland_m2"),
    )
    return parts_of(sums, heading.denominator, kind or heading.official)


def _row(record: Mapping[Hashable, object], heading: Heading, unit: Unit) -> RankingRow:
    code = str(record[unit.code])
    name = record[unit.name]
    official = _number(record[heading.official.value])
    rank = _number(record["rank"])
    is_accountable = bool(record["is_accountable"])
    level = None
    if official is not None:
        level = class_of(official, is_accountable, heading.township, heading.county)
    above, below = official_parts(record, heading)
    room = room_to_line(above, below, heading.township)
    return RankingRow(
        code=code,
        name=code if is_null(name) or not str(name).strip() else str(name),
        rank=None if rank is None or official is None else int(rank),
        official=official,
        gross=_number(record["ratio_gross"]),
        low=_number(record["ratio_low"]),
        high=_number(record["ratio_high"]),
        is_accountable=is_accountable,
        doubtful_farmland_m2=_number(record["doubtful_farmland_m2"]) or 0.0,
        level=level,
        numerator_m2=above / UNITS_PER_M2,
        denominator_m2=below / UNITS_PER_M2,
        gross_numerator_m2=official_parts(record, heading, OfficialRatio.GROSS)[0]
        / UNITS_PER_M2,
        reclaim_m2=_number(record["reclaim_to_line_m2"]),
        room_m2=None if room is None else room / UNITS_PER_M2,
        is_small=official is not None and mu(below / UNITS_PER_M2) < small_limit_mu(heading),
    )


def _number(value: object) -> float | None:
    return None if is_null(value) else float(value)  # type: ignore[arg-type]
