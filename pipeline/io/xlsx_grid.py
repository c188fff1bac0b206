"""XLSX ledgers as cells, guarded against files that cost memory or time (XLSX 台账)."""

import re
import warnings
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.io.grid import Cell, Grid, UnreadableLedger

# About 800,000 cells: what openpyxl holds in well under 1 GiB.
_XML_LIMIT = 48 * 2**20
_UNPACKED_LIMIT = 300 * 2**20
_RATIO_LIMIT = 200
_MEMBER_LIMIT = 5_000
_FILL_LIMIT = 1_000_000
_MOST_COLUMNS = 16_384  # what a sheet can have
_START = 1024
_PICTURES = "xl/media/"
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    OSError,
    SyntaxError,
    TypeError,
    AttributeError,
    IndexError,
)


def read_xlsx_grids(path: Path) -> list[Grid]:
    """Return every worksheet; raises ``UnreadableLedger`` for bombs and broken files."""
    try:
        has_formulas = _guard(path)
        values = _load(path, data_only=True)
        formulas = _load(path, data_only=False) if has_formulas else values
    except _BROKEN as error:
        why = str(error).partition("\n")[0]
        raise UnreadableLedger(f"不是完整的 .xlsx(格式):{why}") from error
    return [_grid(sheet, formulas[sheet.title]) for sheet in values.worksheets]


def _load(path: Path, *, data_only: bool) -> Any:
    # by its bytes: openpyxl would refuse another suffix than .xlsx
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about styles and pull-downs
        return load_workbook(file, data_only=data_only)


def _guard(path: Path) -> bool:
    """Refuse what would cost memory or time; return whether there are formulas."""
    with ZipFile(path) as archive:
        members = archive.infolist()
        if "xl/workbook.xml" not in {member.filename for member in members}:
            raise UnreadableLedger("是 zip 压缩包但不是 .xlsx 工作簿(格式),请先解压")
        unpacked = sum(member.file_size for member in members)
        packed = max(1, sum(member.compress_size for member in members))
        is_bomb = unpacked > _XML_LIMIT and unpacked > _RATIO_LIMIT * packed
        if unpacked > _UNPACKED_LIMIT or is_bomb or len(members) > _MEMBER_LIMIT:
            raise UnreadableLedger(f"解压后有 {unpacked // 2**20} MB(zip 大小或压缩比异常)")
        texts = [one for one in members if _is_text(archive, one)]
        if sum(member.file_size for member in texts) > _XML_LIMIT:
            raise UnreadableLedger("表格太大(大小超过约 80 万个单元格),请另存为 CSV")
        has_formulas = False
        for member in texts:
            data = archive.read(member).replace(b"\0", b"")  # UTF-16 has them between
            if _ENTITY.search(data) and not member.filename.startswith(_PICTURES):
                raise UnreadableLedger(f"{member.filename} 里有 DTD 实体定义(格式异常)")
            has_formulas |= _FORMULA.search(data) is not None
    return has_formulas


def _is_text(archive: ZipFile, member: ZipInfo) -> bool:
    """Whether a member could be read as XML, whatever its name: a sheet may have any."""
    with archive.open(member) as file:
        return file.read(_START).lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")


def _grid(values: Any, formulas: Any) -> Grid:
    rows: dict[int, dict[int, Any]] = {}
    computed, plain = set(), set()
    # the cells that are there, not the box around them: a stray one at XFD1048576 costs nothing
    for (row, column), cell in sorted(values._cells.items()):  # noqa: SLF001
        formula = formulas._cells.get((row, column))  # noqa: SLF001
        value = _value(cell, formula)
        if getattr(formula, "data_type", "") == "f":
            computed.add((row, column))
        if value is not None:
            rows.setdefault(row, {})[column] = value
            if not (cell.has_style and cell.font.strike):
                plain.add(row)
    hidden = frozenset(row for row, one in values.row_dimensions.items() if one.hidden)
    grid = Grid(values.title, rows, hidden & rows.keys(), values.sheet_state != "visible")
    grid.formulas.update(computed)
    grid.hidden_columns = frozenset(
        column
        for one in values.column_dimensions.values()
        if one.hidden
        for column in range(one.min or 1, min(one.max or one.min or 1, _MOST_COLUMNS) + 1)
    )
    grid.from_1904 = values.parent.epoch == CALENDAR_MAC_1904
    grid.struck_rows = frozenset(rows.keys() - plain)
    for merge in values.merged_cells.ranges:
        _fill(grid, merge)
    return grid


def _fill(grid: Grid, merge: Any) -> None:
    """Give the value of a merged range to every cell of it in rows that hold something."""
    value = grid.rows.get(merge.min_row, {}).get(merge.min_col)
    if value is None:
        return
    inside = [row for row in grid.rows if merge.min_row <= row <= merge.max_row]
    if len(inside) * merge.size["columns"] > _FILL_LIMIT:
        raise UnreadableLedger(f"工作表 {grid.name} 的合并(merged)范围 {merge} 太大")
    for row in inside:
        for column in range(merge.min_col, merge.max_col + 1):
            if column not in grid.rows[row]:
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
