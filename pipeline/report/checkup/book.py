"""The check-up as a workbook (体检单工作簿): the result, the layers, every finding."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import shapely
from xlsxwriter import Workbook

from pipeline.report.checkup.data import Checkup, Group, layer_label
from pipeline.report.checkup.headline import deck, headline
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe
from pipeline.report.workbook.cells import CellWriter, SheetColumn
from pipeline.report.workbook.rows import TableSheet, shared_strings
from pipeline.report.workbook.sheet import Sheet, fill_sheet, set_up_print
from pipeline.report.workbook.styles import Styles
from pipeline.schema.examined import Observation
from pipeline.schema.finding_titles import title_of, treatment_of
from pipeline.terms import SEVERITY_LABELS
from pipeline.units import half_up, mu, to_m2

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_checkup_book(path: Path, checkup: Checkup, as_of: date) -> None:
    """Write the workbook; text is text, the same check-up gives the same bytes."""
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
        created = datetime.combine(as_of, time(), UTC)
        book.set_properties({"title": safe(checkup.subject), "created": created})
        styles = Styles(book)
        writer = CellWriter(styles, Decimal(1), shared_strings(book))
        for sheet in (_findings(checkup), _kinds(checkup), _layers(checkup)):
            page = book.add_worksheet(sheet.name, TableSheet)
            fill_sheet(page, sheet, styles, writer)
            set_up_print(
                page, title=sheet.title, notice=checkup.notice, basis=checkup.inspection
            )


def _sheet(checkup: Checkup, name: str, columns: list[SheetColumn], frozen: int) -> Sheet:
    rows = ["plain"] * len(columns[0].values)
    title = safe(f"{checkup.subject}　{headline(checkup)}")
    return Sheet(name, columns, rows, frozen, title, safe(deck(checkup)))


def _findings(checkup: Checkup) -> Sheet:
    """Return every finding, worst first."""
    found = [one for group in checkup.groups for one in group.observations]

    def column(
        header: str, kind: str, width: float, value: Callable[[Observation], Any]
    ) -> SheetColumn:
        return SheetColumn(header, kind, [value(one) for one in found], width)

    columns = [
        column("程度", "middle", 8, lambda one: SEVERITY_LABELS[one.finding.severity]),
        column("图层", "text", 16, lambda one: layer_label(one.finding.layer)),
        column("问题", "text", 22, lambda one: title_of(one.finding.code)),
        column("记录", "text", 30, lambda one: one.finding.record),
        column("发现", "long", 60, lambda one: printed(one.finding.message)),
        column("怎样处理的", "text", 20, lambda one: printed(treatment_of(one.finding))),
        column("怎样改", "long", 44, lambda one: printed(one.finding.remedy)),
        column("面积（㎡）", "area", 15, lambda one: one.finding.area_m2),
        column("面积（亩）", "area", 12, lambda one: _mu(one.finding.area_m2)),
        column("横坐标（米）", "number", 13, lambda one: _centre(one, 0)),
        column("纵坐标（米）", "number", 13, lambda one: _centre(one, 1)),
        column("问题代码", "mono", 24, lambda one: one.finding.code),
    ]
    return _sheet(checkup, "问题", columns, frozen=4)


def _mu(area_m2: float | None) -> float | None:
    return None if area_m2 is None else float(mu(area_m2))


def _centre(one: Observation, axis: int) -> float | None:
    """Return a coordinate of the middle of a place, to the centimetre."""
    if one.shape is None or shapely.is_empty(one.shape):
        return None
    box = shapely.bounds(one.shape)
    return float(half_up(float(box[axis] + box[axis + 2]) / 2))


def _kinds(checkup: Checkup) -> Sheet:
    """Return the groups with their counts."""
    groups = checkup.groups

    def column(
        header: str, kind: str, width: float, value: Callable[[Group], Any]
    ) -> SheetColumn:
        return SheetColumn(header, kind, [value(group) for group in groups], width)

    columns = [
        column("程度", "middle", 8, lambda group: group.label),
        column("图层", "text", 18, lambda group: group.layer),
        column("问题", "text", 26, lambda group: group.title),
        column("条数", "count", 10, lambda group: len(group.observations)),
        column("面积（㎡）", "area", 18, lambda group: group.area_m2),
        column("面积（亩）", "area", 14, lambda group: _mu(group.area_m2)),
        column("问题代码", "mono", 28, lambda group: group.first.code),
    ]
    return _sheet(checkup, "一览", columns, frozen=3)


def _layers(checkup: Checkup) -> Sheet:
    """Return the account of every layer: records and areas."""
    columns = [
        SheetColumn(
            "图层", "text", [layer_label(one["layer"]) for one in checkup.balances], 18
        ),
        SheetColumn("文件", "text", [one["file"] for one in checkup.balances], 34),
        *_accounts(checkup, "records", "count", "（条）", 12, int),
        *_accounts(checkup, "units", "area", "（㎡）", 18, lambda units: float(to_m2(units))),
    ]
    return _sheet(checkup, "图层", columns, frozen=2)


def _accounts(
    checkup: Checkup,
    what: str,
    kind: str,
    unit: str,
    width: float,
    value: Callable[[int], float],
) -> Iterator[SheetColumn]:
    words = {
        "handed_in": "送检", "repaired": "修复", "counted": "计入",
        "quarantined": "隔离", "excluded": "不计",
    }  # fmt: skip
    for name, word in words.items():
        values = [one[what].get(name) for one in checkup.balances]
        if any(one is not None for one in values):
            yield SheetColumn(
                word + unit,
                kind,
                [None if one is None else value(one) for one in values],
                width,
            )
