"""The ratios of a county's townships over several inspections (趋势数据)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.errors import PipelineError
from pipeline.report.comparison import differing_settings
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.inspection_result import InspectionResult
from pipeline.report.safe_text import safe

_FEWEST = 2


@dataclass(frozen=True)
class Series:
    """One unit over all inspections (一条趋势): null where it was not there or had no ratio."""

    name: str
    ratios: list[float | None]
    are_over: list[bool]
    lines: list[float]

    @property
    def last(self) -> float | None:
        """The ratio of the last inspection."""
        return self.ratios[-1]


def in_order(results: Sequence[InspectionResult]) -> list[InspectionResult]:
    """Return the inspections from the earliest to the latest; refuse what is not comparable.

    Raises ``PipelineError`` for fewer than two, the same one twice, another county, another
    denominator or another official ratio: those would be other quantities on one axis.
    """
    if len(results) < _FEWEST:
        raise PipelineError("趋势图至少要两次检查", remedy="再写一个配置文件")
    ordered = sorted(results, key=lambda one: (_day(one), one.heading.inspection))
    for before, after in pairwise(ordered):
        if (_day(before), before.heading.inspection) == (_day(after), after.heading.inspection):
            raise PipelineError(
                f"同一次检查写了两遍:{after.heading.inspection}", remedy="去掉重复的配置"
            )
    first = ordered[0]
    for other in ordered[1:]:
        _refuse(first, other)
    return ordered


def township_series(results: Sequence[InspectionResult]) -> list[Series]:
    """Return a series a township, the highest last ratio first; names as they were last."""
    tables = [one.ranking.set_index("township_code") for one in results]
    codes = sorted(set().union(*(table.index for table in tables)))
    lines = [float(one.heading.township.ratio) for one in results]
    made = []
    for code in codes:
        rows = [table.loc[code] if code in table.index else None for table in tables]
        names = [row["township_name"] for row in rows if row is not None]
        name = next((name for name in reversed(names) if not is_null(name)), code)
        made.append(
            Series(
                safe(name),
                [_ratio(row, one) for row, one in zip(rows, results, strict=True)],
                [row is not None and bool(row["is_accountable"]) for row in rows],
                lines,
            )
        )
    return sorted(made, key=lambda one: (one.last is None, -(one.last or 0.0)))


def county_series(results: Sequence[InspectionResult]) -> Series:
    """Return the county's own series, against the county's line."""
    rows = [one.county.iloc[0] for one in results]
    return Series(
        "全县",
        [_ratio(row, one) for row, one in zip(rows, results, strict=True)],
        [bool(row["is_accountable"]) for row in rows],
        [float(one.heading.county.ratio) for one in results],
    )


def names_of(results: Sequence[InspectionResult]) -> list[str]:
    """Return what stands under each point: the year, or the inspection where years repeat."""
    years = [str(one.heading.year) for one in results]
    if len(set(years)) == len(years):
        return years
    return [safe(one.heading.inspection) for one in results]


def notes_of(results: Sequence[InspectionResult]) -> list[str]:
    """Return what the figures rest on where it changed from one inspection to the next."""
    told = []
    for before, after in pairwise(results):
        differing = differing_settings(before.heading, after.heading)
        names = [name for name in differing["项目"] if name not in {"检查", "年度", "截止日"}]
        if names:
            where = f"{safe(before.heading.inspection)} 到 {safe(after.heading.inspection)}"
            told.append(f"{where} 口径有变：{'、'.join(names)}")
    return told


def _day(one: InspectionResult) -> tuple[str, int]:
    return one.heading.as_of.isoformat(), one.heading.year


def _ratio(row: object, one: InspectionResult) -> float | None:
    value = None if row is None else row[one.heading.official.value]  # type: ignore[index]
    return None if value is None or is_null(value) else float(value)


def _refuse(first: InspectionResult, other: InspectionResult) -> None:
    def told(heading: Heading) -> dict[str, str]:
        return {"分母": heading.denominator.label, "考核口径": heading.official_label}

    codes = [str(one.county["county_code"].iloc[0]) for one in (first, other)]
    where = f"{first.heading.inspection} 与 {other.heading.inspection}"
    if codes[0] != codes[1]:
        raise PipelineError(
            f"不是同一个县:{codes[0]} 与 {codes[1]}", where=where, remedy="一张图只画一个县"
        )
    both = told(first.heading), told(other.heading)
    differing = [name for name in both[0] if both[0][name] != both[1][name]]
    if differing:
        words = ";".join(f"{name}:{both[0][name]} / {both[1][name]}" for name in differing)
        raise PipelineError(
            f"两次检查的占耕比不是同一个数,不能画在一起({words})",
            where=where,
            remedy="把配置的 [accountability] 改成同一口径,重新运行",
        )
