"""The tables of a FileGDB held against their own headers before anything opens them (完整性)."""

import struct
from pathlib import Path

from pipeline.errors import Finding, refusal

# Table: magic, valid rows, …, size of the file at byte 24. Index: magic, blocks of 1024
# offsets, rows, bytes of an offset. (Both as read from files of GDAL and of ArcGIS.)
_TABLE_HEADER = struct.Struct("<4i8xq")
_INDEX_HEADER = struct.Struct("<4i")
_BLOCK = 1024
_FIX = "把整个 .gdb 文件夹重新拷贝,或请提供单位重新导出"


def check_gdb(folder: Path, *, layer: str) -> list[Finding]:
    """Return a refusal for every table of the folder that is cut or without its index."""
    findings = []
    for table in sorted(folder.glob("*.gdbtable")):
        for file, what in ((table, _table(table)), _index(table)):
            if what:
                text = f"{folder.name} 的 {file.name} {what}"
                findings.append(refusal(layer, folder.name, "damaged-file", text, _FIX))
    return findings


def _table(table: Path) -> str:
    size = table.stat().st_size
    if size < _TABLE_HEADER.size:
        return f"不完整(截断,truncated):只有 {size} 字节"
    with table.open("rb") as file:
        stated = _TABLE_HEADER.unpack(file.read(_TABLE_HEADER.size))[-1]
    return _cut(stated, size) if stated > size else ""


def _index(table: Path) -> tuple[Path, str]:
    index = table.with_suffix(".gdbtablx")
    if not index.exists():
        return index, "缺失"
    size = index.stat().st_size
    if size < _INDEX_HEADER.size:
        return index, f"不完整(截断,truncated):只有 {size} 字节"
    with index.open("rb") as file:
        _, blocks, _, width = _INDEX_HEADER.unpack(file.read(_INDEX_HEADER.size))
    stated = _INDEX_HEADER.size + blocks * _BLOCK * width
    return index, _cut(stated, size) if stated > size else ""


def _cut(stated: int, size: int) -> str:
    return f"不完整(截断,truncated):应有 {stated} 字节,实有 {size} 字节"
