"""The rows of a ranking ready to be drawn or printed (排名行)."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.palette import class_of


@dataclass(frozen=True)
class RankingRow:
    """One township of the ranking (一个乡镇); ratios are null where it has no new farmland.

    ``level`` is its class of the ratio (see ``palette.ratio_classes``), null without a ratio.
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


def ranking_rows(ranking: pd.DataFrame, heading: Heading) -> list[RankingRow]:
    """Return the townships by rank, those without a ratio last."""
    rows = [_row(record, heading) for record in ranking.to_dict("records")]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.code))


def by_code(rows: Iterable[RankingRow]) -> dict[str, RankingRow]:
    """Return the rows under their township code."""
    return {row.code: row for row in rows}


def _row(record: Mapping[Hashable, object], heading: Heading) -> RankingRow:
    code = str(record["township_code"])
    name = record["township_name"]
    official = _number(record[heading.official.value])
    rank = _number(record["rank"])
    is_accountable = bool(record["is_accountable"])
    level = None
    if official is not None:
        level = class_of(official, is_accountable, heading.township, heading.county)
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
    )


def _number(value: object) -> float | None:
    return None if is_null(value) else float(value)  # type: ignore[arg-type]
