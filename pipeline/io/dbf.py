"""The attribute table of a shapefile, read strictly from its bytes (属性表 .dbf)."""

import re
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.io import encoding
from pipeline.io.encoding import Encoding

_DESCRIPTOR = 32
_END_OF_FIELDS = 0x0D
_NAME_WIDTH = 10
_FEW = 0.1


class DamagedTable(Exception):
    """The .dbf contradicts itself; the message says how, in Chinese."""


@dataclass(frozen=True)
class Field:
    """One field as the header has it: name in bytes, type letter, width, decimals."""

    name: bytes
    kind: str
    width: int
    decimals: int


@dataclass(frozen=True)
class Header:
    """What the header claims: records, sizes, language byte, fields."""

    records: int
    size: int
    record_size: int
    language: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Attributes:
    """The records that are not deleted, and what was odd about them.

    ``overwritten`` are the rows, of those kept, whose end is nothing but zero bytes.
    """

    columns: dict[str, list[object]]
    kept: npt.NDArray[np.bool_]
    encoding: Encoding
    oddities: Counter[str] = field(default_factory=Counter)
    overwritten: list[int] = field(default_factory=list)


def read_header(path: Path) -> Header:
    """Read the header and check it against the file's size; raises ``DamagedTable``."""
    header, there = claimed_header(path)
    if there < header.records:
        raise DamagedTable(
            f"不完整(截断,truncated):文件头写 {header.records} 条记录,只装得下 {there} 条"
        )
    if there > header.records:
        raise DamagedTable(f"文件头写 {header.records} 条记录,文件里却有 {there} 条")
    return header


def claimed_header(path: Path) -> tuple[Header, int]:
    """Return the header, and how many whole records the file has room for.

    Raises ``DamagedTable`` where the header itself cannot be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise DamagedTable("是空文件(empty,0 字节)")
    with path.open("rb") as file:
        start = file.read(_DESCRIPTOR)
        if len(start) < _DESCRIPTOR:
            raise DamagedTable(f"不完整(截断,truncated):只有 {size} 字节")
        records, header_size, record_size = struct.unpack("<IHH", start[4:12])
        rest = file.read(max(0, header_size - _DESCRIPTOR))
    if header_size <= _DESCRIPTOR or len(rest) < header_size - _DESCRIPTOR or record_size == 0:
        raise DamagedTable(
            f"文件头不完整(截断,truncated):应有 {header_size} 字节,文件 {size} 字节"
        )
    fields = _fields(rest, record_size)
    header = Header(records, header_size, record_size, start[29], fields)
    return header, (size - header_size) // record_size


def read_attributes(
    path: Path, header: Header, *, configured: str | None, cpg: str | None
) -> Attributes:
    """Read every value.

    Raises ``UnknownEncoding`` where the text has no one encoding, ``DamagedTable`` where a
    record does not begin as a record does.
    """
    layout: Any = np.dtype([("", "S1"), *(("", f"S{one.width}") for one in header.fields)])
    with path.open("rb") as file:
        file.seek(header.size)
        raw = np.frombuffer(file.read(header.records * header.record_size), dtype=layout)
    kept = raw[layout.names[0]] != b"*"
    flagged = kept == (raw[layout.names[0]] == b" ")
    if not flagged.all():
        bad = int(np.flatnonzero(~flagged)[0]) + 1
        raise DamagedTable(f"损坏:第 {bad} 条记录的开头既不是空格也不是删除标记 *")
    raw = raw[kept]
    cells = [raw[name].tolist() for name in layout.names[1:]]
    taken = _encoding(header, cells, configured, cpg)
    oddities = Counter({"deleted": int((~kept).sum())})
    columns: dict[str, list[object]] = {}
    for one, values in zip(header.fields, cells, strict=True):
        name = _unique(encoding.whole(one.name, taken.codec).decode(taken.codec), columns)
        columns[name] = _column(one, values, taken.codec, oddities)
    return Attributes(columns, kept, taken, +oddities, _overwritten(raw, header))


def _overwritten(raw: npt.NDArray[Any], header: Header) -> list[int]:
    """Return the few rows whose last two fields are zero bytes, where no other row has any.

    A writer that fills up with zero bytes instead of blanks has them in many rows.
    """
    if b"\0" not in (data := raw.tobytes()):
        return []
    rows = np.frombuffer(data, dtype=np.uint8).reshape(len(raw), -1)
    end = sum(one.width for one in header.fields[-2:])
    ends_so = (rows[:, -end:] == 0).all(axis=1)
    has_any = (rows == 0).any(axis=1)
    is_damage = ends_so.sum() == has_any.sum() < _FEW * len(rows)
    return np.flatnonzero(ends_so).tolist() if is_damage else []


def _encoding(
    header: Header, cells: list[list[bytes]], configured: str | None, cpg: str | None
) -> Encoding:
    """Decide from the names and every text; those that fill their field may be cut short."""
    ended: set[bytes] = set()
    full: set[bytes] = set()
    for one, values in zip(header.fields, cells, strict=True):
        (full if len(one.name) >= _NAME_WIDTH else ended).add(one.name)
        if one.kind not in _READERS:
            for value in set(values):
                (full if len(value) == one.width else ended).add(value.rstrip(b"\0 "))
    return encoding.decide(
        sorted(ended),
        full=sorted(full),
        configured=configured,
        cpg=cpg,
        language=header.language,
    )


def _fields(block: bytes, record_size: int) -> tuple[Field, ...]:
    found = []
    for start in range(0, len(block) - _DESCRIPTOR + 1, _DESCRIPTOR):
        one = block[start : start + _DESCRIPTOR]
        if one[0] == _END_OF_FIELDS:
            break
        name = one[:11].split(b"\0")[0].rstrip()
        found.append(Field(name, chr(one[11]).upper(), one[16], one[17]))
    if 1 + sum(one.width for one in found) != record_size:
        # Clipper keeps the high byte of a long text's width where decimals are
        found = [
            Field(one.name, one.kind, one.width + 256 * one.decimals, 0)
            if one.kind == "C"
            else one
            for one in found
        ]
    widths = 1 + sum(one.width for one in found)
    if widths != record_size or any(one.width == 0 for one in found):
        raise DamagedTable(
            f"文件头损坏:各字段共宽 {widths} 字节,每条记录却写 {record_size} 字节"
        )
    return tuple(found)


def _unique(name: str, taken: dict[str, list[object]]) -> str:
    """Return a name no other field has: a cut name may be the same as another's."""
    number, free = 1, name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free


def _column(one: Field, cells: list[bytes], codec: str, oddities: Counter[str]) -> list[object]:
    """Read one field; the same bytes are read once."""
    seen: dict[bytes, object] = {}
    odd: dict[bytes, str] = {}
    for cell in set(cells):
        reader = _READERS.get(one.kind, partial(_text, codec=codec))
        seen[cell], why = reader(cell.strip(b"\0 ") if one.kind in _READERS else cell)
        if why:
            odd[cell] = why
    if odd:
        oddities.update(odd[cell] for cell in cells if cell in odd)
    return [seen[cell] for cell in cells]


def _text(cell: bytes, codec: str) -> tuple[object, str]:
    cell = cell.rstrip(b"\0 ")
    kept = encoding.whole(cell, codec)
    text, _, rest = kept.decode(codec).partition("\0")
    why = "cut" if kept != cell else "nul" if rest.strip("\0 ") else ""
    return text.rstrip() or None, why


def _number(cell: bytes) -> tuple[object, str]:
    if not cell.strip(b"*"):
        return None, "overflow" if cell else ""
    if re.fullmatch(rb"[+-]?\d+", cell):
        return int(cell), ""
    if re.fullmatch(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell):
        return float(cell), ""
    text = cell.decode("gb18030", "replace")
    return (None, "") if text.lower() == "nan" else (text, "")


def _date(cell: bytes) -> tuple[object, str]:
    text = cell.decode("latin-1")
    if not text.strip("0"):
        return None, "zero-date" if text else ""
    try:
        return (date.fromisoformat(text) if text.isdigit() else text), ""
    except ValueError:
        return text, ""  # 20230230: the receiver says so


def _flag(cell: bytes) -> tuple[object, str]:
    return {b"T": True, b"Y": True, b"F": False, b"N": False}.get(cell.upper()), ""


def _memo(cell: bytes) -> tuple[object, str]:
    return None, "memo" if cell else ""


_READERS: dict[str, Callable[[bytes], tuple[object, str]]] = {
    "N": _number,
    "F": _number,
    "D": _date,
    "L": _flag,
    **dict.fromkeys("BGMIOT@+0PVWXY", _memo),
}
