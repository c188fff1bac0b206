"""Ledgers as grids of cells: CSV and XLSX, before a header is known (台账表格)."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

_CSV_LIMIT = 200 * 2**20
_UNPACKED_LIMIT = 300 * 2**20
_RATIO_LIMIT = 200
_MEMBER_LIMIT = 5_000
# No ledger has more cells; a merge over whole columns is not filled cell by cell.
_FILL_LIMIT = 200_000


class UnreadableLedger(Exception):
    """The file is no ledger that can be read; the message says why, in Chinese."""


@dataclass(frozen=True)
class Cell:
    """A value that cannot be used as it stands, with the reason (有问题的单元格)."""

    why: str


@dataclass
class Grid:
    """One sheet: row number → column number → value; blanks are absent (工作表)."""

    name: str
    rows: dict[int, dict[int, Any]]
    merged: int = 0
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    damage: str = ""
    filled: set[tuple[int, int]] = field(default_factory=set)


def read_csv_grids(path: Path) -> tuple[list[Grid], str]:
    """Return the text as one grid for each delimiter it may have, and its encoding."""
    if path.stat().st_size > _CSV_LIMIT:
        raise UnreadableLedger(
            f"有 {path.stat().st_size // 2**20} MB,大小超过 {_CSV_LIMIT // 2**20} MB"
        )
    data = path.read_bytes()
    encoding = "UTF-8"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text, encoding = data.decode("gb18030"), "GBK"
        except UnicodeDecodeError as error:
            raise UnreadableLedger("文字既不是 UTF-8 也不是 GBK 编码(encoding)") from error
    if "\0" in text:
        raise UnreadableLedger("像是 UTF-16 文本,编码只接受 UTF-8 或 GBK")
    return [_csv_grid(text, delimiter) for delimiter in (",", "\t", ";", "\uff0c")], encoding


def _csv_grid(text: str, delimiter: str) -> Grid:
    """Read the text as if it had this delimiter, as far as it goes."""
    grid = Grid("", {})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells = {place: value.strip() for place, value in enumerate(row, start=1)}
            grid.rows[reader.line_num] = {place: cell for place, cell in cells.items() if cell}
    except csv.Error as error:
        grid.damage = f"CSV 损坏或不完整(第 {reader.line_num} 行,引号没有配对):{error}"
    return grid


def read_xlsx_grids(path: Path) -> list[Grid]:
    """Return every worksheet; raises ``UnreadableLedger`` for bombs and broken files."""
    try:
        _guard(path)
        formulas = load_workbook(path, data_only=False)
        values = load_workbook(path, data_only=True)
    except UnreadableLedger:
        raise
    except (
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        OSError,
        SyntaxError,
        TypeError,
    ) as error:
        raise UnreadableLedger(f"不是完整的 .xlsx(格式):{error}") from error
    return [_grid(values[sheet.title], sheet) for sheet in formulas.worksheets]


def _guard(path: Path) -> None:
    """Refuse what would cost memory or time before any of it is parsed."""
    with ZipFile(path) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if "xl/workbook.xml" not in names:
            raise UnreadableLedger("是 zip 压缩包但不是 .xlsx 工作簿(格式),请先解压")
        unpacked = sum(member.file_size for member in members)
        packed = max(1, sum(member.compress_size for member in members))
        is_bomb = unpacked > 50 * 2**20 and unpacked > _RATIO_LIMIT * packed
        if unpacked > _UNPACKED_LIMIT or is_bomb or len(members) > _MEMBER_LIMIT:
            raise UnreadableLedger(f"解压后有 {unpacked // 2**20} MB(zip 大小或压缩比异常)")
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")) and _has_doctype(
                archive, member
            ):
                raise UnreadableLedger(f"{member.filename} 里有 DTD 实体定义(格式异常)")


def _has_doctype(archive: ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether the XML declares entities: only before its first element, if at all."""
    with archive.open(member) as file:
        head = file.read(65_536)
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.decode("utf-16", "replace").encode()
    return re.search(rb"<!\s*(DOCTYPE|ENTITY)", head, re.IGNORECASE) is not None


def _grid(values: Any, formulas: Any) -> Grid:
    rows: dict[int, dict[int, Any]] = {}
    # the cells that are there, not the box around them: a stray one at XFD1048576 costs nothing
    for (row, column), cell in sorted(values._cells.items()):  # noqa: SLF001
        value = _value(cell, formulas._cells.get((row, column)))  # noqa: SLF001
        if value is not None:
            rows.setdefault(row, {})[column] = value
    hidden = frozenset(
        row for row, dimension in formulas.row_dimensions.items() if dimension.hidden
    )
    grid = Grid(
        formulas.title, rows, 0, hidden & rows.keys(), formulas.sheet_state != "visible"
    )
    for merge in formulas.merged_cells.ranges:
        _fill(grid, merge)
    return grid


def _fill(grid: Grid, merge: Any) -> None:
    """Give the value of a merged range to every cell of it in rows that hold something."""
    value = grid.rows.get(merge.min_row, {}).get(merge.min_col)
    if value is None or merge.size["rows"] * merge.size["columns"] > _FILL_LIMIT:
        return
    grid.merged += 1
    for row in range(merge.min_row, merge.max_row + 1):
        for column in range(merge.min_col, merge.max_col + 1):
            if row in grid.rows and column not in grid.rows[row]:
                grid.rows[row][column] = value
                grid.filled.add((row, column))


def _value(cell: Any, formula: Any) -> object:
    value = cell.value
    if value is None:
        return Cell("公式没有存下结果") if getattr(formula, "data_type", "") == "f" else None
    if cell.data_type == "e":
        return Cell(f"单元格是错误值 {value}")
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, bool | int) else str(value).strip() or None
