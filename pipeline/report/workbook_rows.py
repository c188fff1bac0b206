"""A worksheet that takes its table as finished rows (成批写行): six times xlsxwriter's speed.

xlsxwriter writes head, widths, filter, print set-up and links as ever; only the cells below the
head go past it, written a block of rows at a time and never held in memory together.
"""

import re
from collections.abc import Callable, Iterator

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipeline.report.safe_text import safe, shorten

_MOST_TEXT = 32_000  # characters in a cell; Excel stops at 32,767
# Excel reads _x0041_ in a text as the letter A; these two code points no XML may hold.
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNHOLDABLE = str.maketrans({"\ufffe": "�", "\uffff": "�"})

Rows = Callable[[], Iterator[str]]


class TableSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter comes without types
    """A worksheet (工作表) whose rows from ``hold_rows`` on come from a function."""

    def __init__(self) -> None:
        """Make a sheet that holds no rows yet."""
        super().__init__()
        self._rows: Rows | None = None
        self._first = 0

    def hold_rows(self, first: int, last: int, last_column: int, rows: Rows) -> None:
        """Take the rows ``first`` to ``last`` (from 0) when the file is written."""
        self._rows, self._first = rows, first
        self._check_dimensions(max(first, last), last_column)

    def _write_rows(self) -> None:
        """Write the head as xlsxwriter does, then the rows that are held."""
        last: int = self.dim_rowmax  # type: ignore[has-type]
        if self._rows is not None:
            self.dim_rowmax = self._first - 1
        super()._write_rows()
        self.dim_rowmax = last
        for block in self._rows() if self._rows is not None else ():
            self.fh.write(block)


def row_xml(number: int, letters: list[str], cells: tuple[str, ...], height: float = 0) -> str:
    """Return one row (from 1) of cells that say everything but where they stand."""
    tall = f' ht="{height:g}" customHeight="1"' if height else ""
    inner = "".join(
        [
            f'<c r="{letter}{number}"{cell}'
            for letter, cell in zip(letters, cells, strict=True)
            if cell
        ]
    )
    return f'<row r="{number}"{tall}>{inner}</row>'


def letters_of(count: int) -> list[str]:
    """Return the letters of the first columns."""
    return [xl_col_to_name(x) for x in range(count)]


def cell_string(value: object) -> str:
    """Return a value as the text that a cell can hold."""
    return shorten(safe(value), _MOST_TEXT)


def text_xml(text: str, style: int) -> str:
    """Return a cell of text; nothing in it becomes a number, a formula or a link."""
    inner = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inner = _CODED.sub("_x005F_", inner).translate(_UNHOLDABLE)
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f' s="{style}" t="inlineStr"><is><t{kept}>{inner}</t></is></c>'


def number_xml(value: float, style: int) -> str:
    """Return a cell with a number, every digit kept."""
    return f' s="{style}"><v>{value!r}</v></c>'


def blank_xml(style: int) -> str:
    """Return an empty cell."""
    return f' s="{style}"/>'


def formula_xml(formula: str, value: float | None, style: int) -> str:
    """Return a cell with one of our own formulas and its value (null: an empty text)."""
    inner = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if value is None:
        return f' s="{style}" t="str"><f>{inner}</f><v></v></c>'
    return f' s="{style}"><f>{inner}</f><v>{value!r}</v></c>'
