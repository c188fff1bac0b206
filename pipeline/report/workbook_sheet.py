"""One table as one sheet of the workbook (一张工作表): headers, formats, filter, print set-up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.report.cells import cell_text
from pipeline.report.figures import NO_RANK, NO_RATIO, is_null, label_text, ratio_places
from pipeline.report.safe_text import safe, shorten
from pipeline.report.text_table import width
from pipeline.report.workbook_styles import Styles
from pipeline.schema.table import Column, Kind
from pipeline.units import to_units

HEADER_ROW = 2  # below the title and the basis
_MOST_TEXT = 32_000  # characters in a cell; Excel stops at 32,767
_SAMPLE = 300  # rows looked at for the width of a column
_NARROW, _WIDE, _LONG = 9, 26, 56  # columns of a screen character
_MU_PER_UNIT = 15, 100_000_000  # 1 booking unit is 0.0001 m², 1 m² is 0.0015 mu

Write = Callable[[Worksheet, int, int, Any, str], None]


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet (一列): its header, its values, how a cell is written."""

    header: str
    cells: list[Any]
    write: Write
    width: float


@dataclass(frozen=True)
class Writer:
    """Turns columns of a table into columns of a sheet, with this workbook's formats."""

    styles: Styles
    line: Decimal

    def columns(self, table: Iterable[Column], frame: pd.DataFrame) -> list[SheetColumn]:
        """Return the columns of a table; an area becomes two, m² and mu side by side."""
        made: list[SheetColumn] = []
        for column in table:
            values = frame[column.name]
            label = label_text(column.label)
            if column.kind is Kind.AREA_M2 or column.name.endswith("_m2"):
                m2 = values.to_numpy(dtype=float, na_value=np.nan)
                made.append(self._column(f"{label}\n（㎡）", m2.tolist(), self._area))
                made.append(self._column(f"{label}\n（亩）", _mu(m2), self._area))
            else:
                made.append(self._column(label, values.tolist(), self._of(column)))
        return made

    def _of(self, column: Column) -> Write:
        if column.kind is Kind.RATIO:
            return self._ratio
        if column.name == "rank":
            return self._rank
        if column.kind in (Kind.COUNT, Kind.NUMBER):
            return self._count
        return self._flag if column.kind is Kind.FLAG else self._text

    def _column(self, header: str, values: list[Any], write: Write) -> SheetColumn:
        words = max((width(part) for part in header.split("\n")), default=0)
        if write == self._text:
            cells = max((width(safe(value)) for value in values[:_SAMPLE]), default=0)
            most = _LONG if cells > _WIDE else _WIDE
            return SheetColumn(header, values, write, min(max(words, cells, _NARROW) + 2, most))
        return SheetColumn(header, values, write, min(max(words, _NARROW) + 2, _WIDE))

    def _text(self, sheet: Worksheet, y: int, x: int, value: Any, row: str) -> None:
        text = "" if is_null(value) else shorten(safe(value), _MOST_TEXT)
        if text:
            sheet.write_string(y, x, text, self.styles.cell("text", row))
        else:
            sheet.write_blank(y, x, None, self.styles.cell("text", row))

    def _area(self, sheet: Worksheet, y: int, x: int, value: Any, row: str) -> None:
        self._number(sheet, y, x, value, row, "area")

    def _count(self, sheet: Worksheet, y: int, x: int, value: Any, row: str) -> None:
        self._number(sheet, y, x, value, row, "count")

    def _number(
        self,
        sheet: Worksheet,
        y: int,
        x: int,
        value: Any,
        row: str,
        kind: str,
    ) -> None:
        if is_null(value):
            sheet.write_blank(y, x, None, self.styles.cell(kind, row))
        else:
            sheet.write_number(y, x, value, self.styles.cell(kind, row))

    def _flag(self, sheet: Worksheet, y: int, x: int, value: Any, row: str) -> None:
        sheet.write_string(y, x, cell_text(value), self.styles.cell("middle", row))

    def _rank(self, sheet: Worksheet, y: int, x: int, value: Any, row: str) -> None:
        style = self.styles.cell("middle", row)
        if row == "total":
            sheet.write_blank(y, x, None, style)
        elif is_null(value):
            sheet.write_string(y, x, NO_RANK, style)
        else:
            sheet.write_number(y, x, int(value), style)

    def _ratio(self, sheet: Worksheet, y: int, x: int, value: Any, row: str) -> None:
        if is_null(value):
            sheet.write_string(y, x, NO_RATIO, self.styles.cell("null", row))
        else:
            style = self.styles.ratio(ratio_places(value, self.line), row)
            sheet.write_number(y, x, float(value), style)


def fill_sheet(
    sheet: Worksheet,
    columns: Sequence[SheetColumn],
    styles: Styles,
    *,
    title: tuple[str, str],
    rows: Sequence[str],
    frozen: int,
) -> None:
    """Write title, basis, header and rows; ``rows`` names the kind of each row, totals last."""
    for x, column in enumerate(columns):
        sheet.set_column(x, x, column.width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, title[0], styles.head("title"))
    sheet.write_string(1, 0, title[1], styles.head("basis"))
    sheet.set_row(HEADER_ROW, 42)
    for x, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, x, column.header, styles.head("header"))
    cells = [(x, column.cells, column.write) for x, column in enumerate(columns)]
    for index, row in enumerate(rows):
        y = HEADER_ROW + 1 + index
        for x, values, write in cells:
            write(sheet, y, x, values[index], row)
    listed = sum(row != "total" for row in rows)
    sheet.freeze_panes(HEADER_ROW + 1, frozen)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + max(listed, 1), len(columns) - 1)
    _print_table(sheet, HEADER_ROW + max(len(rows), 1), len(columns) - 1, frozen)


def set_up_print(sheet: Worksheet, *, title: str, notice: str, basis: str) -> None:
    """Print on A4 landscape: title and notice above every page, basis and page number below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.7)
    sheet.set_header(f"&L&12{_field(title)}&R&10{_field(notice)}")
    sheet.set_footer(f"&L&8{_field(basis)}&R&8第 &P 页，共 &N 页")


def _print_table(sheet: Worksheet, last_row: int, last_column: int, frozen: int) -> None:
    """Print the table without its title rows, header and first columns on every page."""
    sheet.print_area(HEADER_ROW, 0, last_row, last_column)
    sheet.repeat_rows(HEADER_ROW)
    sheet.repeat_columns(0, frozen - 1)
    sheet.print_across()
    sheet.set_print_scale(72)


def _field(text: str) -> str:
    """Return text for a footer, where & begins a code, short enough for Excel's 255."""
    return shorten(safe(text), 80).replace("&", "&&")


def _mu(area_m2: Any) -> list[float]:
    """Return areas in mu, the float nearest to the exact figure."""
    known = np.isfinite(area_m2)
    by, unit = _MU_PER_UNIT
    mu = np.full(len(area_m2), np.nan)
    mu[known] = to_units(area_m2[known]) * by / unit
    return mu.tolist()
