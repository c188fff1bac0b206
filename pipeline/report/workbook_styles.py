"""The cell formats of the workbook by name (单元格样式)."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pipeline.report.palette import ACCENT, FAINT, INK, QUIET

_TYPE = {"font_name": "宋体", "font_size": 10, "font_color": INK, "valign": "vcenter"}
_CELL = {**_TYPE, "bottom": 4, "bottom_color": "#d0d7de"}
_ACCENT = {"font_color": ACCENT, "bg_color": "#fff1e3"}
_TOTAL = {"bold": True, "bg_color": "#eef2f6", "top": 1}

# What a cell of each kind looks like; a row may be plain, over the line (accent) or a total.
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "middle": {"align": "center"},
    "area": {"num_format": "#,##0.00"},
    "count": {"num_format": "#,##0"},
    "null": {"align": "right", "font_color": FAINT},
}
_ROWS: dict[str, dict[str, Any]] = {"plain": {}, "accent": _ACCENT, "total": _TOTAL}
_HEAD: dict[str, dict[str, Any]] = {
    "title": {"font_size": 15, "bold": True},
    "notice": {"font_size": 11, "bold": True, "font_color": ACCENT},
    "basis": {"font_size": 9, "font_color": QUIET},
    "section": {"font_size": 11, "bold": True, "bg_color": "#eef2f6", "bottom": 1},
    "key": {"bold": True, "valign": "top"},
    "value": {"text_wrap": True, "valign": "top"},
    "header": {
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "bg_color": "#dde6f0",
        "border": 1,
        "border_color": "#9fb3c8",
    },
}


class Styles:
    """The formats of one workbook (样式表), each made once."""

    def __init__(self, book: Workbook) -> None:
        """Make formats in ``book``."""
        self._book = book
        self._made: dict[tuple[str, ...], Format] = {}

    def head(self, name: str) -> Format:
        """Return a format of titles, headers and notes."""
        return self._made.get(("head", name)) or self._make(("head", name), _TYPE | _HEAD[name])

    def cell(self, kind: str, row: str = "plain") -> Format:
        """Return the format of a kind of cell in a kind of row (plain, accent, total)."""
        made = self._made.get((kind, row))
        return made or self._make((kind, row), _CELL | _ROWS[row] | _KINDS[kind])

    def ratio(self, places: int, row: str = "plain") -> Format:
        """Return the format of a percentage with so many decimals."""
        key = ("ratio", str(places), row)
        number = {"num_format": f"0.{'0' * places}%"}
        return self._made.get(key) or self._make(key, _CELL | _ROWS[row] | number)

    def _make(self, key: tuple[str, ...], properties: dict[str, Any]) -> Format:
        self._made[key] = self._book.add_format(properties)
        return self._made[key]
