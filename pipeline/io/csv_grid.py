"""CSV ledgers as cells: UTF-8 or GBK, parted by comma, tab or semicolon (CSV 台账)."""

import csv
import io
from pathlib import Path

from pipeline.io.grid import Grid, UnreadableLedger
from pipeline.schema.inert_text import as_meant

_LIMIT = 200 * 2**20
# A full-width comma is typed for a half-width one.
DELIMITERS = (",", "\t", ";", "\uff0c")


def read_csv_grids(path: Path) -> tuple[list[Grid], str]:
    """Return the text as one grid for each delimiter it may have, and its encoding."""
    size = path.stat().st_size
    if size > _LIMIT:
        raise UnreadableLedger(f"有 {size // 2**20} MB,大小超过 {_LIMIT // 2**20} MB")
    text, encoding = _decoded(path.read_bytes())
    if "\0" in text:
        raise UnreadableLedger("像是 UTF-16 文本,编码只接受 UTF-8 或 GBK")
    return [_grid(text, delimiter) for delimiter in DELIMITERS], encoding


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), "GBK"
    except UnicodeDecodeError as error:
        raise UnreadableLedger("文字既不是 UTF-8 也不是 GBK 编码(encoding)") from error


def _grid(text: str, delimiter: str) -> Grid:
    """Read the text as if it had this delimiter, as far as it goes."""
    grid = Grid("", {})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells = {place: as_meant(value.strip()) for place, value in enumerate(row, start=1)}
            grid.rows[reader.line_num] = {place: cell for place, cell in cells.items() if cell}
    except csv.Error as error:
        grid.damage = f"CSV 损坏或不完整(第 {reader.line_num} 行,引号没有配对):{error}"
    return grid
