"""Are the dates of this inspection (日期): the future, other years, dates known in part."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from pipeline.errors import Finding
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.shapes import together
from pipeline.stages.examine.telling import named, noted

# The year that a document's number bears: 〔2024〕, [2024], (2024).
_NUMBERED = re.compile(r"[〔\[【((](\d{4})[〕\]】))]")
_SEVERAL = 5


def approvals(handed: Handed) -> Iterator[Observation]:
    """Yield what the dates of approvals tell: later than the cut-off, ended before begun."""
    for delivery in handed.of("approvals"):
        table = delivery.table
        days = [name for name in table.columns if name.endswith(("_earliest", "_latest"))]
        for row in table.drop_duplicates(["approval_no", *days]).itertuples():
            for found in _approval(row, handed.as_of):
                blocks = table["approval_no"] == row.approval_no
                yield Observation(found, together(table.geometry[blocks].to_numpy()))
        yield from _in_part(delivery)
        yield from _another_year(delivery, handed.year)


def _approval(row: Any, as_of: date) -> Iterator[Finding]:
    """Yield what the dates of one approval tell, however many blocks it has."""
    first, last, until = row.approved_earliest, row.approved_latest, row.valid_until_latest
    number = row.approval_no
    if not _known(first):
        return
    if first > as_of:
        what = f"批准日期(date){first} 晚于截止日 {as_of},本次检查不算补办"
        fix = "核对批准日期;日期没有错的,截止日以后的检查再计入"
        yield noted("approvals", number, "approved-after-as-of", what, fix)
    if _known(until) and until < first:
        what = f"有效期止(date){until} 早于批准日期 {first}"
        yield noted("approvals", number, "ended-before-approved", what, "核对两个日期")
    year = _NUMBERED.search(number)
    if year and not first.year <= int(year[1]) <= last.year:
        what = f"文号里是 {year[1]} 年,批准日期(date)是 {_days(first, last)}"
        yield noted("approvals", number, "number-year", what, "核对文号和批准日期")


def _in_part(delivery: Delivery) -> Iterator[Observation]:
    table = delivery.table
    partial = table[
        table["approved_earliest"].notna()
        & (table["approved_earliest"] != table["approved_latest"])
    ]
    if len(partial):
        numbers = sorted(set(partial["approval_no"]))
        what = (
            f"{delivery.file} 有 {len(numbers)} 件的批准日期(date)只到月、季或年,按区间比较:"
            f"{named(numbers)};区间里外结论不同的地块存疑"
        )
        told = noted("approvals", delivery.file, "partial-date", what, "补上年月日")
        yield Observation(told, together(partial.geometry.to_numpy()))


def _another_year(delivery: Delivery, year: int) -> Iterator[Observation]:
    """A whole delivery approved long before the year, none in it, is another year's."""
    latest = [day for day in delivery.table["approved_latest"] if day is not None]
    if len(latest) < _SEVERAL or max(latest) >= date(year - 1, 1, 1):
        return
    what = (
        f"{delivery.file} 的 {len(latest)} 件批准日期(date)在 {min(latest)} 至 {max(latest)} 之间,"
        f"检查年度 {year} 和上一年一件也没有:像是别的年度的数据"
    )
    fix = "核对是不是拿错了年度的文件"
    yield Observation(noted("approvals", delivery.file, "another-year", what, fix))


def changes(handed: Handed) -> Iterator[Observation]:
    """Yield changes whose later image is surely not of the year, by delivery."""
    for delivery in handed.of("changes"):
        table = delivery.table
        early = table["after_latest"].map(lambda day: _known(day) and day.year < handed.year)
        late = table["after_earliest"].map(lambda day: _known(day) and day > handed.as_of)
        for rows, how in (
            (early, f"早于检查年度 {handed.year}"),
            (late, f"晚于截止日 {handed.as_of}"),
        ):
            found = table[rows.astype(bool)]
            if len(found) == 0:
                continue
            ids = sorted(found["change_id"])
            what = f"{delivery.file} 有 {len(ids)} 个图斑的后时相(date){how}:{named(ids)}"
            fix = "核对后时相,或是不是拿错了年度的图斑"
            told = noted("changes", delivery.file, "another-year", what, fix)
            yield Observation(told, together(found.geometry.to_numpy()))


def _known(day: Any) -> bool:
    return day is not None and not pd.isna(day)


def _days(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} 至 {last}"
