"""The review sheet (复核表): a workbook in which people rule, the machine's columns locked."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.palette import ACCENT, FAINT, INK, QUIET
from pipeline.report.review.notes import fill_notes
from pipeline.report.safe_text import safe
from pipeline.report.text_table import width
from pipeline.schema.gis import caption
from pipeline.schema.review import ANSWERS, REVIEW, RULED_WORDS, SEALS
from pipeline.schema.table import Column, Kind
from pipeline.terms import Verdict

_HEADER = 2  # below the title and the hint
_FROZEN = 3  # columns that say which row it is
_WIDTHS = {
    "change_id": 19, "township_name": 13, "proposed_verdict": 11, "reason": 50, "area_m2": 11,
    "area_mu": 9, "farmland_m2": 11, "standing_ruling": 26, "review_verdict": 10,
    "review_reason": 36, "ruled_by": 10, "ruled_on": 12, "permanent_farmland_m2": 16,
    "rule_name": 18, "act": 12, "approvals": 24, "missing_evidence": 20, "change_type": 18,
    "before": 12, "after": 12, "centre": 19, "township_code": 12,
}  # fmt: skip
_WRAPPED = {"reason", "standing_ruling", "review_reason", "approvals", "missing_evidence"}
_LINE, _PADDING = 15.0, 6.0  # points
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
_LONGEST_REASON = 1000
_PAPER = "#fffbea"  # cells to fill in


def write_review_sheet(path: Path, rows: pd.DataFrame, heading: Heading, run_id: str) -> None:
    """Write the rows to rule on (columns of ``REVIEW``), the same bytes for the same rows.

    The sheet is protected without a password, the four columns of the answer are open, with a
    drop-down and checks; the seals are hidden columns, the run id also a property of the book.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": safe(f"{heading.subject} 图斑复核表"),
                "comments": safe(heading.notice),
                "created": datetime.combine(heading.as_of, time(), UTC),
            }
        )
        book.set_custom_property("run_id", run_id, "text")
        styles = _Styles(book)
        sheet = book.add_worksheet("复核")
        _fill(sheet, rows, styles)
        _title(sheet, styles, heading, len(rows), run_id)
        _check_answers(sheet, styles, len(rows))
        _set_up(sheet, heading, len(rows))
        notes = book.add_worksheet("填写说明")
        fill_notes(notes, book, heading, run_id)
        sheet.activate()


class _Styles:
    """The formats of the sheet, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Format] = {}

    def of(self, *names: str) -> Format:
        """Return the format of named looks, later ones over earlier."""
        if names not in self._made:
            looks: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "font_color": INK}
            for name in names:
                looks |= _LOOKS[name]
            self._made[names] = self._book.add_format(looks)
        return self._made[names]


_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 15, "bold": True, "valign": "vcenter"},
    "hint": {"font_size": 10, "font_color": QUIET, "valign": "vcenter"},
    "head": {
        "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter",
        "bg_color": "#e6ebf0", "bottom": 1, "bottom_color": "#9fb3c8",
    },
    "answer_head": {"bg_color": INK, "font_color": "#ffffff"},
    "cell": {"valign": "vcenter", "bottom": 4, "bottom_color": "#d0d7de"},
    "wrap": {"text_wrap": True},
    "text": {"num_format": "@", "indent": 1},
    "number": {"num_format": "#,##0.00"},
    "quiet": {"font_color": FAINT},
    "middle": {"align": "center", "indent": 0},
    "answer": {"locked": False, "bg_color": _PAPER, "left": 4, "left_color": "#e6d9b0"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "illegal": {"font_color": ACCENT, "bold": True},
    "missing": {"bg_color": "#f6c7c0"},
    "done": {"bg_color": "#dcebdc"},
}  # fmt: skip


def _title(
    sheet: Worksheet, styles: _Styles, heading: Heading, count: int, run_id: str
) -> None:
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, safe(f"{heading.subject} 图斑复核表"), styles.of("title"))
    notice = f"【{heading.notice}】" if heading.notice else ""
    hint = (
        f"{notice}共 {count} 行：系统建议或已经认定为违法、存疑的。只填黄色四列：结论、理由、认定人、日期；"
        f"不认定的行留空。填好保存，运行 make rulings 读回。运行编号 {run_id}"
    )
    sheet.set_row(1, 18)
    sheet.write_string(1, 0, safe(hint), styles.of("hint"))


def _fill(sheet: Worksheet, rows: pd.DataFrame, styles: _Styles) -> None:
    answers = {column.name for column in ANSWERS}
    sheet.set_row(_HEADER, 32)
    for x, column in enumerate(REVIEW.columns):
        is_answer = column.name in answers
        head = styles.of("head", "answer_head") if is_answer else styles.of("head")
        sheet.write_string(_HEADER, x, caption(column), head)
        hidden = {"hidden": True} if column in SEALS else {}
        sheet.set_column(x, x, _WIDTHS.get(column.name, 11), None, hidden)
        look = _look(column, is_answer=is_answer)
        for y, value in enumerate(rows[column.name], _HEADER + 1):
            _write(sheet, y, x, value, _format(styles, column, look, value))
    for y, row in enumerate(rows.to_dict("records"), _HEADER + 1):
        lines = max(-(-width(safe(row[name])) // (_WIDTHS[name] - 2)) for name in _WRAPPED)
        sheet.set_row(y, lines * _LINE + _PADDING)


def _look(column: Column, *, is_answer: bool) -> tuple[str, ...]:
    if is_answer:
        kinds = {"ruled_on": ("date",), "review_reason": ("text", "wrap")}
        return ("cell", "answer", *kinds.get(column.name, ("text", "middle")))
    if column.kind in {Kind.AREA_M2, Kind.NUMBER}:
        return ("cell", "number")
    return ("cell", "text", "wrap") if column.name in _WRAPPED else ("cell", "text")


def _format(styles: _Styles, column: Column, look: tuple[str, ...], value: object) -> Format:
    """Return the look of a cell: zeros step back, what is illegal stands out."""
    if column.name == "proposed_verdict" and value == Verdict.ILLEGAL.label:
        return styles.of(*look, "illegal")
    if column.kind in {Kind.AREA_M2, Kind.NUMBER} and value == 0:
        return styles.of(*look, "quiet")
    return styles.of(*look)


def _write(sheet: Worksheet, y: int, x: int, value: Any, look: Format) -> None:
    if is_null(value) or value == "":
        sheet.write_blank(y, x, None, look)
    elif isinstance(value, float | int):
        sheet.write_number(y, x, float(value), look)
    else:
        sheet.write_string(y, x, safe(value), look)


def _check_answers(sheet: Worksheet, styles: _Styles, count: int) -> None:
    """Offer the verdicts, ask for a day, and colour what is missing or complete."""
    first, last = _HEADER + 1, _HEADER + max(count, 1)
    at = {column.name: x for x, column in enumerate(REVIEW.columns)}
    verdict, reason, ruler, day = (at[column.name] for column in ANSWERS)
    words = "、".join(RULED_WORDS.values())
    checks: Sequence[tuple[int, dict[str, Any]]] = (
        (verdict, {"validate": "list", "source": list(RULED_WORDS.values()),
                   "error_title": "认定结论", "error_message": f"只能是：{words}"}),
        (reason, {"validate": "length", "criteria": "<=", "value": _LONGEST_REASON,
                  "error_title": "认定理由", "error_message": f"不超过 {_LONGEST_REASON} 字"}),
        (day, {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY,
               "maximum": _LAST_DAY, "error_title": "认定日期",
               "error_message": "写到日，如 2025-01-08"}),
    )  # fmt: skip
    for x, check in checks:
        sheet.data_validation(first, x, last, x, check)
    v, r, b, d = (_column(x) for x in (verdict, reason, ruler, day))
    row = first + 1
    begun = f'OR(TRIM(${v}{row})<>"",TRIM(${r}{row})<>"")'
    for x in (verdict, reason, ruler, day):
        missing = f'=AND({begun},TRIM(${_column(x)}{row})="")'
        sheet.conditional_format(
            first, x, last, x, {"type": "formula", "criteria": missing,
                                "format": styles.of("missing"), "stop_if_true": True},
        )  # fmt: skip
    full = "*".join(f'(TRIM(${one}{row})<>"")' for one in (v, r, b, d))
    sheet.conditional_format(
        first, verdict, last, day, {"type": "formula", "criteria": f"={full}=1",
                                    "format": styles.of("done")},
    )  # fmt: skip


def _column(x: int) -> str:
    """Return the letters of a column."""
    return chr(ord("A") + x) if x < 26 else f"A{chr(ord('A') + x - 26)}"  # noqa: PLR2004


def _set_up(sheet: Worksheet, heading: Heading, count: int) -> None:
    """Freeze, filter, protect; print the columns up to the answer on A4 across."""
    answers = [x for x, column in enumerate(REVIEW.columns) if column in ANSWERS]
    last = _HEADER + max(count, 1)
    sheet.hide_gridlines(2)
    sheet.ignore_errors({"number_stored_as_text": f"A1:AZ{last + 1}"})  # ids are text
    sheet.freeze_panes(_HEADER + 1, _FROZEN)
    sheet.autofilter(_HEADER, 0, last, len(REVIEW.columns) - 1)
    sheet.protect(
        "",
        {
            "autofilter": True,
            "sort": True,
            "format_columns": True,
            "format_rows": True,
            "format_cells": True,
        },
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.print_area(0, 0, last, answers[-1])
    sheet.repeat_rows(_HEADER)
    sheet.fit_to_pages(1, 0)
    notice = safe(heading.notice).replace("&", "&&")[:80]
    sheet.set_footer(f"&L&8{notice}&R&8第 &P 页，共 &N 页")
