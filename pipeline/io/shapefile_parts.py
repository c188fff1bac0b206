"""The files of a shapefile held against each other before anything opens them (完整性)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import Finding, refusal
from pipeline.io import dbf

HEADER = 100
_MAGIC = 9994
_LENGTH_AT = 6  # the seventh word
_LEAST_CONTENT = 4  # bytes: the shape type
_WITH_PARTS = (3, 5, 13, 15, 23, 25)
_WITH_POINTS = (8, 18, 28)
_MISSING = "向提供单位要齐 .shp、.shx、.dbf、.prj 四个文件"
Index = npt.NDArray[np.int64]  # offset and content length in bytes of each record
BOX_ENDS = 44  # the bytes of a record up to its points
DAMAGED = "重新拷贝或请提供单位重新导出"


@dataclass(frozen=True)
class Parts:
    """The files of one shapefile (by suffix) and what its table's header says."""

    files: dict[str, Path]
    header: dbf.Header


def check_parts(files: dict[str, Path], *, layer: str) -> tuple[Parts | None, list[Finding]]:
    """Return the parts of a whole shapefile, or every reason why it is not whole."""
    shp = files[".shp"]
    missing = [end for end in (".shp", ".shx", ".dbf") if end not in files]
    if missing:
        what = f"{shp.name} 缺少 {'、'.join(shp.stem + end for end in missing)}"
        return None, [refusal(layer, shp.name, "missing-part", what, _MISSING)]
    reasons: list[Finding] = []

    def say(file: Path, what: str) -> None:
        reasons.append(
            refusal(layer, file.name, "damaged-file", f"{file.name} {what}", DAMAGED)
        )

    header = None
    try:
        header = dbf.read_header(files[".dbf"])
    except dbf.DamagedTable as damage:
        say(files[".dbf"], str(damage))
    for end in (".shp", ".shx"):
        what = _length(files[end])
        if what:
            say(files[end], what)
    if reasons or header is None:
        return None, reasons
    index = index_of(files[".shx"])
    if len(index) != header.records:
        what = f"有 {header.records} 条记录,{files['.shx'].name} 却有 {len(index)} 条:不是同一份数据"
        say(files[".dbf"], what)
    what = _records(shp, index)
    if what:
        say(shp, what)
    return (None, reasons) if reasons else (Parts(files, header), [])


def _length(file: Path) -> str:
    size = file.stat().st_size
    if size == 0:
        return "是空文件(empty,0 字节)"
    if size < HEADER:
        return f"不完整(截断,truncated):只有 {size} 字节"
    with file.open("rb") as opened:
        stated = stated_bytes(opened.read(HEADER))
    if stated is None:
        return "文件头不是 Shapefile 的"
    if stated != size:
        cut = "不完整(截断,truncated):" if stated > size else ""
        return f"{cut}文件头写 {stated} 字节,实有 {size} 字节"
    return (
        "" if file.suffix.lower() != ".shx" or (size - HEADER) % 8 == 0 else "长度不是整条记录"
    )


def stated_bytes(head: bytes) -> int | None:
    """Return the size that a header of .shp or .shx gives its file, None where it is no header."""
    words = np.frombuffer(head[: 4 * (_LENGTH_AT + 1)], dtype=">i4")
    return 2 * int(words[_LENGTH_AT]) if words[0] == _MAGIC else None


def index_of(shx: Path, *, count: int | None = None) -> Index:
    """Return the offset and content length in bytes of each record, or of the first ``count``."""
    numbers = -1 if count is None else 2 * count
    pairs = np.fromfile(shx, dtype=">i4", offset=HEADER, count=numbers).reshape(-1, 2)
    return pairs.astype(np.int64) * 2


def _records(shp: Path, index: Index) -> str:
    """Say in Chinese what is wrong with the records that the index points to, if anything."""
    size = shp.stat().st_size
    offset, length = index[:, 0], index[:, 1]
    is_outside = outside(index, size)
    if is_outside.any():
        first = int(np.flatnonzero(is_outside)[0])
        return f"不完整(截断,truncated):按 .shx 第 {first + 1} 条记录应到 {int(offset[first] + 8 + length[first])} 字节,文件 {size} 字节"
    if size == HEADER:
        return ""
    data = np.memmap(shp, dtype=np.uint8, mode="r")
    if (whole(data, offset + 4, ">i4") * 2 != length).any():
        return "记录长度与 .shx 不一致:不是同一份数据"
    needed = bytes_needed(data, index)
    short = needed > length
    if short.any():
        first_bad = int(np.flatnonzero(short)[0])
        return f"损坏:第 {first_bad + 1} 条记录写的点数装不进它的 {int(length[first_bad])} 字节(应 {int(needed[first_bad])})"
    return _unindexed(data, index)


def outside(index: Index, size: int) -> npt.NDArray[np.bool_]:
    """Whether each record of an index reaches beyond a file of this size."""
    offset, length = index[:, 0], index[:, 1]
    found: npt.NDArray[np.bool_] = (
        (offset < HEADER) | (length < _LEAST_CONTENT) | (offset + 8 + length > size)
    )
    return found


def bytes_needed(data: npt.NDArray[np.uint8], index: Index) -> npt.NDArray[np.int64]:
    """Return the bytes that the points of each record take, by the numbers it writes itself."""
    offset, length = index[:, 0], index[:, 1]
    kind = whole(data, offset + 8, "<i4")
    needed = np.full(len(index), _LEAST_CONTENT, dtype=np.int64)
    # shape types, byte of the number of points, bytes before what the numbers count
    for kinds, first, fixed in ((_WITH_PARTS, 40, 44), (_WITH_POINTS, 36, 40)):
        rows = np.isin(kind, kinds) & (length >= fixed)
        needed[np.isin(kind, kinds)] = fixed
        parts = whole(data, offset[rows] + 8 + 36, "<i4") if kinds is _WITH_PARTS else 0
        points = whole(data, offset[rows] + 8 + first, "<i4")
        absurd = np.where((points < 0) | (np.asarray(parts) < 0), np.int64(2**62), 0)
        needed[rows] = np.maximum(fixed + 4 * parts + 16 * points, absurd)
    return needed


def drawn(files: dict[str, Path]) -> npt.NDArray[np.bool_]:
    """Whether each record of a whole shapefile holds points: what reads as nothing is damaged."""
    index = index_of(files[".shx"])
    if len(index) == 0:
        return np.empty(0, dtype=bool)
    data = np.memmap(files[".shp"], dtype=np.uint8, mode="r")
    found = has_parts(data, index)
    found[found] = whole(data, index[found, 0] + 8 + 40, "<i4") > 0
    return found


def has_parts(data: npt.NDArray[np.uint8], index: Index) -> npt.NDArray[np.bool_]:
    """Whether each record is a line or a polygon, which begin with a box and their counts."""
    found: npt.NDArray[np.bool_] = np.isin(whole(data, index[:, 0] + 8, "<i4"), _WITH_PARTS)
    return found


def stated_boxes(data: npt.NDArray[np.uint8], index: Index) -> npt.NDArray[np.float64]:
    """Return the box that each line or polygon states of itself, NaN where there is none."""
    boxes = np.full((len(index), 4), np.nan)
    rows = np.flatnonzero((index[:, 0] >= HEADER) & (index[:, 0] + 8 + BOX_ENDS <= len(data)))
    rows = rows[has_parts(data, index[rows])]
    places = index[rows, 0, None] + 12 + np.arange(32)
    boxes[rows] = data[places].view("<f8").reshape(-1, 4)
    return boxes


def _unindexed(data: npt.NDArray[np.uint8], index: Index) -> str:
    """Say how many whole records lie in the .shp that the index leaves out."""
    if int((index[:, 1] + 8).sum()) + HEADER >= len(data):
        return ""
    place, count = HEADER, 0
    while place + 8 <= len(data):
        number, words = (int(value) for value in np.frombuffer(data[place : place + 8], ">i4"))
        if number <= 0 or 2 * words < _LEAST_CONTENT or place + 8 + 2 * words > len(data):
            return ""  # gaps left by an editor, not records
        place, count = place + 8 + 2 * words, count + 1
    if count == len(index) or place != len(data):
        return ""
    return f"里有 {count} 条记录,.shx 只列了 {len(index)} 条:不完整"


def whole(
    data: npt.NDArray[np.uint8], places: npt.NDArray[np.int64], kind: str
) -> npt.NDArray[np.int64]:
    """Return the 4-byte integers at byte places."""
    if len(places) == 0:
        return np.empty(0, dtype=np.int64)
    found: npt.NDArray[np.int64] = data[places[:, None] + np.arange(4)].view(kind).ravel()
    return found.astype(np.int64)
