"""One table as one sheet of the workbook (一张工作表): headers, widths, filter, print set-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.report.safe_text import safe, shorten
from pipeline.report.text_table import width
from pipeline.report.workbook.cells import CellWriter, SheetColumn
from pipeline.report.workbook.rows import TableSheet
from pipeline.report.workbook.styles import Styles
from pipeline.schema.forms import TOLERANCE_MU

TITLE_ROWS = 2  # title and basis, above the header
_ROW = 17  # points
_HEADER_LINE, _HEADER_ROOM = 13.5, 6.0  # points
# Paper by its number in Excel, and the characters across it, landscape, at 70 %: smaller type is
# for nobody. What is wider goes on A3, on as many pages across as it takes.
_A4, _A4_WIDE = 9, 200
_A3, _A3_WIDE = 8, 283


@dataclass(frozen=True)
class Sheet:
    """A table to write (一张表): its columns, the kind of each row, totals last.

    ``title`` and ``basis`` stand above the header, ``frozen`` columns stay in view.
    """

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[str]
    frozen: int = 1
    title: str = ""
    basis: str = ""


def fill_sheet(page: TableSheet, sheet: Sheet, styles: Styles, writer: CellWriter) -> int:
    """Write a table into a page; return the row of its header."""
    columns, rows = sheet.columns, sheet.rows
    for x, column in enumerate(columns):
        page.set_column(x, x, column.width)
    page.set_default_row(_ROW)
    page.set_row(0, 24)
    page.write_string(0, 0, sheet.title, styles.head("title"))
    page.write_string(1, 0, sheet.basis, styles.head("basis"))
    header = _write_headers(page, columns, styles)
    first, last = header + 1, header + max(len(rows), 1)
    page.hold_rows(first, last, len(columns) - 1, writer.blocks(columns, rows, first))
    _mark(page, columns, styles, first, last)
    page.ignore_errors({"number_stored_as_text": f"A{first + 1}:XFD{last + 1}"})
    page.freeze_panes(first, sheet.frozen)
    listed = sum(row != "total" for row in rows)
    page.autofilter(header, 0, header + max(listed, 1), len(columns) - 1)
    _print_table(page, sheet, header, last)
    return header


def _write_headers(page: TableSheet, columns: Sequence[SheetColumn], styles: Styles) -> int:
    """Write the headers, those of groups above where there are any; return the lower's row."""
    y = TITLE_ROWS
    is_grouped = any(column.group for column in columns)
    if is_grouped:
        _write_groups(page, columns, styles)
        y += 1
    lines = max((_header_lines(column) for column in columns), default=1)
    page.set_row(y, max(lines * _HEADER_LINE + _HEADER_ROOM, 30))
    for x, column in enumerate(columns):
        place = " below" if is_grouped and not column.group else ""
        page.write_string(y, x, column.header, styles.head(f"{_head(column)}{place}"))
    return y


def _write_groups(page: TableSheet, columns: Sequence[SheetColumn], styles: Styles) -> None:
    """Write the headers of the groups, nothing over a column without a group."""
    y = TITLE_ROWS
    page.set_row(y, 20)
    for start, stop, group in _runs(columns):
        if group and stop - start > 1:
            page.merge_range(y, start, y, stop - 1, group, styles.head("header"))
            continue
        for x in range(start, stop):
            style = "header" if group else f"{_head(columns[x])} above"
            page.write_string(y, x, group, styles.head(style))


def _head(column: SheetColumn) -> str:
    return "fill" if column.kind == "fill" else "header"


def _runs(columns: Sequence[SheetColumn]) -> Iterator[tuple[int, int, str]]:
    """Yield where each group of columns starts and stops."""
    x = 0
    for group, members in groupby(column.group for column in columns):
        count = len(list(members))
        yield x, x + count, group
        x += count


def _header_lines(column: SheetColumn) -> int:
    """Return how many lines a header takes: a line holds whole Chinese characters."""
    room = max(int(column.width - 1) // 2 * 2, 2)
    return sum(max(ceil(width(part) / room), 1) for part in column.header.split("\n"))


def _mark(
    page: TableSheet, columns: Sequence[SheetColumn], styles: Styles, first: int, last: int
) -> None:
    """Tint what is to be filled in while it is empty; redden checks that do not close."""
    for x, column in enumerate(columns):
        if column.kind == "fill" or column.is_open:
            page.conditional_format(
                first, x, last, x, {"type": "blanks", "format": styles.to_fill}
            )
        elif column.kind == "check":
            cell = xl_rowcol_to_cell(first, x)  # a text is more than any number: ask first
            test = f"=AND(ISNUMBER({cell}),ABS({cell})>{TOLERANCE_MU})"
            broken = {"type": "formula", "criteria": test, "format": styles.broken}
            page.conditional_format(first, x, last, x, broken)


def set_up_print(page: Worksheet, *, title: str, notice: str, basis: str) -> None:
    """Print on A4 landscape (a wide table sets A3): title and notice above every page, basis and page number below."""
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.7)
    page.set_header(f"&L&12{_field(title)}&R&10{_field(notice)}")
    page.set_footer(f"&L&8{_field(basis)}&R&8第 &P 页，共 &N 页")


def _print_table(page: Worksheet, sheet: Sheet, header: int, last: int) -> None:
    """Print the table without its title rows, header and first columns on every page."""
    widths = [column.width for column in sheet.columns]
    kept = sum(widths[: sheet.frozen])
    paper, room = (_A4, _A4_WIDE) if sum(widths) <= _A4_WIDE else (_A3, _A3_WIDE)
    across = ceil((sum(widths) - kept) / (room - kept))
    page.set_paper(paper)
    page.print_area(TITLE_ROWS, 0, last, len(widths) - 1)
    page.repeat_rows(TITLE_ROWS, header)
    page.repeat_columns(0, sheet.frozen - 1)
    page.print_across()
    page.fit_to_pages(max(across, 1), 0)


def _field(text: str) -> str:
    """Return text for a footer, where & begins a code, short enough for Excel's 255."""
    return shorten(safe(text), 80).replace("&", "&&")
