"""The inspection workbook (检查工作簿): everything of one run as one XLSX."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import chain
from pathlib import Path

from xlsxwriter import Workbook

from pipeline.report.heading import Heading, line_text
from pipeline.report.safe_text import safe
from pipeline.report.workbook.cells import CellWriter
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.evidence import evidence_sheets
from pipeline.report.workbook.forms import form_sheets
from pipeline.report.workbook.notes import fill_notes
from pipeline.report.workbook.results import result_sheets
from pipeline.report.workbook.rows import TableSheet, shared_strings
from pipeline.report.workbook.sheet import Sheet, fill_sheet, set_up_print
from pipeline.report.workbook.styles import Styles

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_TABS = {"附表": "#b8860b", "立案": "#8a3200"}


def write_workbook(path: Path, data: BookData) -> None:
    """Write the workbook, the same bytes for the same tables.

    Text is text: nothing becomes a formula, a link or a number; the only formulas are those of
    the check columns, the only links those to the evidence sheets. Areas stand in m² and mu, on
    the forms in mu alone. Large sheets are written row by row and never held in memory.
    """
    heading = data.heading
    with Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
        book.set_properties(
            {
                "title": safe(f"{heading.subject} 工作簿{heading.mark}"),
                "subject": safe(heading.inspection),
                "keywords": f"{heading.year} 卫片执法检查",
                "comments": safe(heading.story_text()),
                "created": datetime.combine(heading.as_of, time(), UTC),
            }
        )
        book.set_custom_property("检查名称", safe(heading.inspection), "text")
        styles = Styles(book)
        writer = CellWriter(styles, heading.township.ratio, shared_strings(book))
        notes = book.add_worksheet("说明")
        fill_notes(notes, styles, data)
        notes.fit_to_pages(1, 1)
        _print(notes, heading, "")
        for sheet in _sheets(data):
            page = book.add_worksheet(sheet.name, TableSheet)
            _print(page, heading, sheet.title)
            fill_sheet(page, sheet, styles, writer)
            for word, colour in _TABS.items():
                if sheet.name.startswith(word):
                    page.set_tab_color(colour)


def _sheets(data: BookData) -> Iterator[Sheet]:
    return chain(result_sheets(data), evidence_sheets(data), form_sheets(data))


def _print(page: TableSheet, heading: Heading, title: str) -> None:
    basis = f"{heading.official_label}；{line_text(heading.township)}；截止日 {heading.as_of}"
    set_up_print(page, title=title, notice=heading.notice, basis=basis)
