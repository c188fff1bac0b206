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
    "text": {"num_format": "@", "indent": 1},
    "long": {"num_format": "@", "text_wrap": True, "indent": 1},
    "middle": {"align": "center"},
    "area": {"num_format": "#,##0.00;-#,##0.00;–"},
    "count": {"num_format": "#,##0;-#,##0;–"},
    "number": {"num_format": "General", "align": "right"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "check": {"num_format": "0.00;-0.00;0.00", "align": "right", "font_color": QUIET},
    "link": {"font_color": "#0b5394", "underline": 1},
    "mono": {"num_format": "@", "font_name": "Consolas", "font_size": 9},
    "null": {"align": "right", "font_color": FAINT},
}
_ROWS: dict[str, dict[str, Any]] = {"plain": {}, "accent": _ACCENT, "total": _TOTAL}
_HEADER = {
    "bold": True,
    "text_wrap": True,
    "align": "center",
    "bg_color": "#dde6f0",
    "border": 1,
    "border_color": "#9fb3c8",
}
_FILL = {"bold": False, "bg_color": "#fff2cc"}
_HEAD: dict[str, dict[str, Any]] = {
    "title": {"font_size": 15, "bold": True},
    "notice": {"font_size": 11, "bold": True, "font_color": ACCENT},
    "basis": {"font_size": 9, "font_color": QUIET},
    "section": {"font_size": 11, "bold": True, "bg_color": "#eef2f6", "bottom": 1},
    "key": {"bold": True, "valign": "top"},
    "value": {"text_wrap": True, "valign": "top"},
    "header": _HEADER,
    "fill": _HEADER | _FILL,
    # A header without a group takes both rows: the line between them is left out.
    "header above": _HEADER | {"bottom": 0},
    "header below": _HEADER | {"top": 0},
    "fill above": _HEADER | _FILL | {"bottom": 0},
    "fill below": _HEADER | _FILL | {"top": 0},
}
# What lies over cells by condition: an empty cell to be filled in; a check that does not close.
_TO_FILL = {"bg_color": "#fffaeb", "bottom": 4, "bottom_color": "#e6d9b0"}
_BROKEN = {"bold": True, "font_color": "#ffffff", "bg_color": "#c00000"}


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

    @property
    def to_fill(self) -> Format:
        """The tint of a cell that waits to be filled in."""
        return self._made.get(("to_fill",)) or self._make(("to_fill",), _TO_FILL)

    @property
    def broken(self) -> Format:
        """The red of a check that does not close."""
        return self._made.get(("broken",)) or self._make(("broken",), _BROKEN)

    def _make(self, key: tuple[str, ...], properties: dict[str, Any]) -> Format:
        self._made[key] = self._book.add_format(properties)
        return self._made[key]
