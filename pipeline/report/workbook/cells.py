"""Columns of a sheet and how their cells are written (列与单元格)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.report.figures import is_null, ratio_places
from pipeline.report.text_table import width
from pipeline.report.workbook.rows import (
    Share,
    blank_xml,
    cell_string,
    formula_xml,
    letters_of,
    number_xml,
    row_xml,
    text_xml,
)
from pipeline.report.workbook.styles import Styles

_BLOCK = 4_000  # rows made at a time
_LINE, _ROOM = 13.5, 4.0  # points to a line of text, and above and below
_MOST_LINES = 6
LINKED = "核查单"
_EPOCH = date(1899, 12, 30)

Cells = list[str]


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet (一列): its header, its values, the kind of its cells, its width.

    Kinds are those of ``Styles.cell``, and: ``ratio`` (a text stands for none), ``check`` (values
    are the differences, ``adds`` tells which columns they are made of, the whole first), ``link``
    (values are files beside the workbook), ``fill`` (empty, to be filled in). Null is an empty
    cell.
    """

    header: str
    kind: str
    values: Sequence[Any]
    width: float
    group: str = ""
    adds: tuple[int, ...] = ()
    is_open: bool = False  # what is empty is to be filled in


class CellWriter:
    """Writes the cells of columns, a block of rows at a time (逐批写单元格)."""

    def __init__(self, styles: Styles, line: Decimal, share: Share) -> None:
        """Write with the formats and texts of one workbook; near ``line`` with more decimals."""
        self._styles, self._line, self._share = styles, line, share

    def blocks(
        self, columns: Sequence[SheetColumn], rows: Sequence[str], first: int
    ) -> Iterator[str]:
        """Yield the rows as XML, ``first`` (from 0) being the first; ``rows`` are their kinds."""
        letters = letters_of(len(columns))
        for start in range(0, len(rows), _BLOCK):
            stop = min(start + _BLOCK, len(rows))
            kinds = rows[start:stop]
            numbers = range(first + start + 1, first + stop + 1)
            cells = [
                self._cells(column, start, stop, kinds, numbers, letters) for column in columns
            ]
            heights = _heights(columns, start, stop)
            yield "".join(
                row_xml(number, letters, row, height)
                for number, height, row in zip(
                    numbers, heights, zip(*cells, strict=True), strict=True
                )
            )

    def _cells(
        self,
        column: SheetColumn,
        start: int,
        stop: int,
        rows: Sequence[str],
        numbers: range,
        letters: Sequence[str],
    ) -> Cells:
        if column.kind == "fill":
            return [""] * len(rows)
        values = column.values[start:stop]
        if column.kind == "check":
            made = [_formula([letters[x] for x in column.adds], number) for number in numbers]
            style = {row: self._style("check", row) for row in sorted(set(rows))}
            return [
                formula_xml(formula, value, style[row])
                for formula, value, row in zip(made, values, rows, strict=True)
            ]
        if column.kind in {"area", "count"}:
            return self._numbers(column.kind, values, rows)
        if column.kind in {"ratio", "rank", "number", "date", "link"}:
            return [
                self._mixed(column.kind, v, row) for v, row in zip(values, rows, strict=True)
            ]
        return self._texts(column.kind, values, rows)

    def _style(self, kind: str, row: str) -> int:
        return int(self._styles.cell(kind, row)._get_xf_index())  # noqa: SLF001

    def _numbers(self, kind: str, values: Sequence[Any], rows: Sequence[str]) -> Cells:
        style = {row: self._style(kind, row) for row in sorted(set(rows))}
        head = {row: f' s="{index}"><v>' for row, index in style.items()}
        blank = {row: blank_xml(index) for row, index in style.items()}
        return [  # NaN is not itself
            f"{head[row]}{v!r}</v></c>" if v is not None and v == v else blank[row]  # noqa: PLR0124
            for v, row in zip(values, rows, strict=True)
        ]

    def _texts(self, kind: str, values: Sequence[Any], rows: Sequence[str]) -> Cells:
        style = {row: self._style(kind, row) for row in sorted(set(rows))}
        known: dict[tuple[Any, str], str] = {
            (None, row): blank_xml(index) for row, index in style.items()
        }
        keys = list(zip(values, rows, strict=True))
        for key in dict.fromkeys(key for key in keys if key not in known):
            text = cell_string(key[0])
            index = style[key[1]]
            known[key] = text_xml(self._share(text), index) if text else blank_xml(index)
        return [known[key] for key in keys]

    def _mixed(self, kind: str, value: Any, row: str) -> str:
        if is_null(value) or value == "":
            return blank_xml(self._style("middle", row))
        if kind == "link":
            return formula_xml(_link(value), LINKED, self._style("link", row))
        if isinstance(value, str):
            style = self._style("null" if kind == "ratio" else "middle", row)
            return text_xml(self._share(value), style)
        if isinstance(value, date):
            return number_xml((value - _EPOCH).days, self._style("date", row))
        if kind == "ratio":
            form = self._styles.ratio(ratio_places(value, self._line), row)
            return number_xml(float(value), form._get_xf_index())  # noqa: SLF001
        return number_xml(value, self._style("middle" if kind == "rank" else "number", row))


def _formula(letters: Sequence[str], number: int) -> str:
    """Return the whole less its parts, nothing while one of them is not filled in."""
    cells = [f"{letter}{number}" for letter in letters]
    whole, parts = cells[0], "-".join(cells[1:])
    return f'IF(COUNT({",".join(cells)})<{len(cells)},"",ROUND({whole}-{parts},4))'


def _link(file: str) -> str:
    """Return a formula that opens a file beside the workbook; unlike a link it sorts along."""
    return f'HYPERLINK("{file.replace(chr(34), chr(34) * 2)}","{LINKED}")'


def _heights(columns: Sequence[SheetColumn], start: int, stop: int) -> list[float]:
    """Return the height of each row by its longest wrapped text, 0 for one line."""
    lines = [1] * (stop - start)
    for column in columns:
        if column.kind == "long":
            known: dict[Any, int] = {}
            for index, value in enumerate(column.values[start:stop]):
                if value not in known:
                    known[value] = -(-width(cell_string(value)) // int(column.width - 1))
                lines[index] = max(lines[index], known[value])
    return [_LINE * min(count, _MOST_LINES) + _ROOM if count > 1 else 0.0 for count in lines]
