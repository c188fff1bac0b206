"""Coordinate texts of land applications, parsed line by line (报批坐标 TXT).

Two sections: ``[属性描述]`` with ``key=value`` lines, ``[地块坐标]`` with blocks. A block is a
header line that ends in ``@`` and its points: number, ring, X (north), Y (east).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import groupby

# full-width comma, at, equals and blank, and the tab
_COMMAS = str.maketrans({"\uff0c": ",", "\uff20": "@", "\uff1d": "=", "\u3000": " ", "\t": " "})
_SECTION = re.compile(r"^[\[\uff3b【]\s*(\S+?)\s*[\]\uff3d】]$")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")
# of the last number of a line of points, its decimals
_LAST_DECIMALS = re.compile(
    r"^[^,@\n]*,[^,@\n]*,[^,@\n]*,[ \t]*\d+\.?(\d*)[ \t\r]*$", re.MULTILINE
)
_KINDS = {"面": "面", "多边形": "面", "线": "线", "点": "点"}
# A header counts at least these before the @: 点数, 面积, 编号, 名称, 图形属性, 图幅号, 用途
_LEAST_HEADER = 7
_NAME_AT, _KIND_AT = 3, 4
_POINT_FIELDS = (4, 5)  # some add a height


@dataclass(frozen=True)
class Point:
    """One boundary point (界址点): ring number, north, east."""

    ring: str
    north: float
    east: float


@dataclass
class Block:
    """One block (地块): what its header says, its points, and what was odd on the way."""

    number: str
    name: str
    kind: str
    map_sheet: str
    purpose: str
    land_class: str
    rest: tuple[str, ...]
    stated_points: int | None
    stated_ha: float | None
    line: int
    points: list[Point] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    is_open: bool = False  # a ring did not come back to its first point


@dataclass(frozen=True)
class CoordinateText:
    """A parsed file: its description, its blocks, lines that belong to nothing."""

    description: dict[str, str]
    blocks: list[Block]
    stray: list[int]


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the encoding's name; raises ``UnicodeDecodeError``."""
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("gb18030"), "GBK"


def parse(text: str) -> CoordinateText:
    """Parse every line; nothing is dropped: what is not understood is named by its line."""
    description: dict[str, str] = {}
    blocks: list[Block] = []
    stray: list[int] = []
    section = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.translate(_COMMAS).strip("\ufeff \0")
        if not line:
            continue
        heading = _SECTION.match(line)
        if heading:
            section = heading[1]
        elif _is_header(line):
            blocks.append(_header(line, number))
        elif blocks:
            _point(blocks[-1], line, number)
        elif section != "地块坐标" and "=" in line:
            key, value = line.split("=", 1)
            description[key.strip()] = value.strip()
        else:
            stray.append(number)
    for block in blocks:
        _drop_false_closers(block)
    if blocks and _ends_inside_a_number(text):
        blocks[-1].broken.append("文件在最后一个数的中间断了(截断,truncated)")
    return CoordinateText(description, blocks, stray)


def _ends_inside_a_number(text: str) -> bool:
    """Whether the last line, without an end, has fewer decimals than any line before it."""
    if text.endswith(("\n", "\r")):
        return False
    *before, last = [len(found[1]) for found in _LAST_DECIMALS.finditer(text)] or [0]
    return bool(before) and last < min(before)


def _is_header(line: str) -> bool:
    fields = [one.strip() for one in line.rstrip(" ,").split(",")]
    if fields[-1].endswith("@"):
        return len(fields) > _KIND_AT
    # the @ was forgotten: no point line has so many fields or a geometry kind
    return len(fields) >= _LEAST_HEADER and any(one in _KINDS for one in fields[_NAME_AT:])


def _header(line: str, number: int) -> Block:
    """Read a header from both ends: 8 to 13 fields, a name may hold commas."""
    fields = [one.strip() for one in line.rstrip(" ,").split(",")]
    oddities = [] if fields[-1].endswith("@") else [f"第 {number} 行地块首行没有 @"]
    fields[-1] = fields[-1].rstrip("@ ")
    if not fields[-1]:
        fields.pop()
    kinds = [place for place, one in enumerate(fields) if place >= _NAME_AT and one in _KINDS]
    at = kinds[0] if kinds else _KIND_AT
    after = [*fields[at + 1 :], "", "", ""]
    area, unit = _hectares(fields[1])
    if unit:
        oddities.append(f"第 {number} 行面积写成 {fields[1]},读作 {area} 公顷")
    return Block(
        number=fields[2],
        name=",".join(fields[_NAME_AT:at]),
        kind=_KINDS.get(fields[at] if at < len(fields) else "", "面"),
        map_sheet=after[0],
        purpose=after[1],
        land_class=after[2],
        rest=tuple(one for one in after[3:] if one),
        stated_points=int(fields[0]) if fields[0].isdigit() else None,
        stated_ha=area,
        line=number,
        oddities=oddities,
    )


def _hectares(text: str) -> tuple[float | None, bool]:
    """Return stated hectares and whether a unit was written beside the number."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    number = _NUMBER.match(folded)
    if number is None:
        return None, False
    unit = folded[number.end() :]
    factor = {"": 1.0, "公顷": 1.0, "ha": 1.0, "亩": 1 / 15, "平方米": 1e-4, "m2": 1e-4}.get(
        unit.lower()
    )
    return (None if factor is None else float(number[0]) * factor), bool(unit)


def _point(block: Block, line: str, number: int) -> None:
    fields = [
        one.strip() for one in unicodedata.normalize("NFKC", line).rstrip(" ,").split(",")
    ]
    values = fields[2:4] if len(fields) in _POINT_FIELDS else []
    if values and all(_NUMBER.fullmatch(one) for one in values):
        block.points.append(Point(fields[1], float(values[0]), float(values[1])))
    else:
        block.broken.append(f"第 {number} 行不是界址点(点号,圈号,X,Y):{line[:40]}")


def _drop_false_closers(block: Block) -> None:
    """Take out closing points written as x0,x0, as one published writer does."""
    kept: list[Point] = []
    for _, run in groupby(block.points, key=lambda point: point.ring):
        ring = list(run)
        if len(ring) > 1 and ring[-1].north == ring[-1].east == ring[0].north:
            ring[-1] = ring[0]
            block.oddities.append(f"第 {ring[0].ring} 圈的闭合点写成 x0,x0,已用第一点闭合")
        kept += ring
    block.points = kept
