"""What can be saved of a damaged shapefile, record by record, and what cannot (损坏恢复).

::

    .shp  ▮▮▮▮▮▮▯▯▯▯   shapes that lie where .shx, or their own numbers, say, and fit there
    .dbf  ▮▮▮▮▮▮▮▮▮▯   rows that begin as rows do
          ▮▮▮▮▮▮◧◧◧▯   a whole shapefile of as many records as the headers declare

GDAL gives what it finds of such a file and says nothing of the rest, neither of records nor of
values. So the records are looked up here, every one declared is accounted for, and what was
saved is written down again as a sound shapefile, with a null shape or a blank row for what is
lost. Then it is read like any other.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.io import dbf
from pipeline.io.shapefile_parts import (
    HEADER,
    Index,
    bytes_needed,
    index_of,
    outside,
    stated_boxes,
    stated_bytes,
    whole,
)

Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_NULL_SHAPE = struct.pack("<i", 0)
_SHAPE, _ROW = "图形", "属性"


@dataclass(frozen=True)
class Salvage:
    """What was saved (恢复的文件): whole files, the records with a loss, and the boxes they state.

    ``lost`` says of a record, counted from 0, whether its shape, its attributes or both are
    gone; ``boxes`` holds what each record says of its own extent, NaN for none.
    """

    files: dict[str, Path]
    records: int
    lost: dict[int, str]
    boxes: npt.NDArray[np.float64]


def salvage(files: dict[str, Path], folder: Path) -> Salvage | None:
    """Write into ``folder`` what can be saved; None where the files do not agree on a number.

    Table and shapes must declare the same number of records: else they may be of two
    deliveries, and a shape would get the attributes of another.
    """
    if ".dbf" not in files:
        return None
    try:
        header, there = dbf.claimed_header(files[".dbf"])
    except dbf.DamagedTable:
        return None
    data = np.fromfile(files[".shp"], dtype=np.uint8)
    listed, stated = _listed(files.get(".shx"))
    walked, is_complete = _walked(data)
    records = max(header.records, there)
    if records not in ({stated, len(walked)} if is_complete else {stated}) or records == 0:
        return None
    index, has_shape = _places(data, listed, walked, records)
    rows, has_row = _rows(files[".dbf"], header, there, records)
    made = {
        end: folder / files[".shp"].with_suffix(end).name for end in (".shp", ".shx", ".dbf")
    }
    _write_shapes(made, data, index, has_shape)
    _write_table(made[".dbf"], files[".dbf"], header, rows)
    lost = {
        row: "和".join(
            what for what, has in ((_SHAPE, has_shape), (_ROW, has_row)) if not has[row]
        )
        for row in np.flatnonzero(~has_shape | ~has_row).tolist()
    }
    known = index.copy()
    known[: len(listed)][~has_shape[: len(listed)]] = listed[:records][
        ~has_shape[: len(listed)]
    ]
    return Salvage({**files, **made}, records, lost, _boxes(data, known))


def _listed(shx: Path | None) -> tuple[Index, int]:
    """Return the entries that are left of the index, and how many its header declares."""
    empty: Index = np.empty((0, 2), dtype=np.int64)
    if shx is None or shx.stat().st_size < HEADER:
        return empty, 0
    with shx.open("rb") as file:
        stated = stated_bytes(file.read(HEADER))
    kept = (shx.stat().st_size - HEADER) // 8
    return index_of(shx, count=kept), max(kept, 0 if stated is None else (stated - HEADER) // 8)


def _walked(data: Bytes) -> tuple[Index, bool]:
    """Return the records found by going from one to the next, and whether that led to the end."""
    found: list[tuple[int, int]] = []
    place = HEADER
    while place + 8 <= len(data):
        number, words = struct.unpack(">ii", data[place : place + 8].tobytes())
        if number != len(found) + 1 or words < 2 or place + 8 + 2 * words > len(data):
            break
        found.append((place, 2 * words))
        place += 8 + 2 * words
    return np.array(found, dtype=np.int64).reshape(-1, 2), place == len(data)


def _places(data: Bytes, listed: Index, walked: Index, records: int) -> tuple[Index, Mask]:
    """Return where each shape lies and whether it does: by the index, else by going along."""
    index = np.zeros((records, 2), dtype=np.int64)
    found = np.zeros(records, dtype=bool)
    for way in (listed[:records], walked[:records]):
        rows = np.flatnonzero(_sound(data, way) & ~found[: len(way)])
        index[rows], found[rows] = way[rows], True
    return index, found


def _sound(data: Bytes, index: Index) -> Mask:
    """Whether a whole record lies where each entry points."""
    sound = ~outside(index, len(data))
    inside = index[sound]
    agree = whole(data, inside[:, 0] + 4, ">i4") * 2 == inside[:, 1]
    sound[sound] = agree & (bytes_needed(data, inside) <= inside[:, 1])
    return sound


def _rows(table: Path, header: dbf.Header, there: int, records: int) -> tuple[Bytes, Mask]:
    """Return every row, blank where it is lost, and whether it is there."""
    size = header.record_size
    rows: Bytes = np.full((records, size), ord(" "), dtype=np.uint8)
    rows[:there] = np.fromfile(
        table, dtype=np.uint8, offset=header.size, count=there * size
    ).reshape(there, size)
    found = np.isin(rows[:, 0], (ord(" "), ord("*")))
    found[there:] = False
    # damage begins inside a row: the one before a lost row, if it ends in nothing
    found[:-1] &= found[1:] | (rows[:-1, -1] != 0)
    rows[~found] = ord(" ")
    return rows, found


def _boxes(data: Bytes, index: Index) -> npt.NDArray[np.float64]:
    """Return the box that each shape states, NaN where none can be believed."""
    boxes = stated_boxes(data, index)
    x0, y0, x1, y1 = data[36:68].view("<f8")  # of the whole file
    boxes[~((boxes >= [x0, y0, x0, y0]) & (boxes <= [x1, y1, x1, y1])).all(axis=1)] = np.nan
    return boxes


def _write_shapes(made: dict[str, Path], data: Bytes, index: Index, has_shape: Mask) -> None:
    records, entries, place = [], [], HEADER
    for number, (offset, length) in enumerate(index.tolist(), start=1):
        start = offset + 8
        saved = has_shape[number - 1]
        content = data[start : start + length].tobytes() if saved else _NULL_SHAPE
        records.append(struct.pack(">ii", number, len(content) // 2) + content)
        entries.append(struct.pack(">ii", place // 2, len(content) // 2))
        place += len(records[-1])
    for end, bodies in ((".shp", records), (".shx", entries)):
        body = b"".join(bodies)
        head = data[:HEADER].tobytes()
        length_words = struct.pack(">i", (HEADER + len(body)) // 2)
        made[end].write_bytes(head[:24] + length_words + head[28:] + body)


def _write_table(made: Path, table: Path, header: dbf.Header, rows: Bytes) -> None:
    with table.open("rb") as file:
        head = file.read(header.size)
    count = struct.pack("<I", len(rows))
    made.write_bytes(head[:4] + count + head[8:] + rows.tobytes() + b"\x1a")
