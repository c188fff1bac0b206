"""Polygons as flat arrays of corners (环), straight from WKB: no geometry object is made.

A multipolygon with holes is a heap of rings. Whether a point is inside is told by the even-odd
rule, so which ring is a hole, and which way round it runs, does not matter.

::

    polygon      0                   1
    corners   a b c d a | h i j h  . k l m k        | ring closes, . polygon ends
    closes    0 0 0 0 1   0 0 0 1    0 0 0 1        no edge starts at a closing corner
    start     0                      9        13
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from pipeline.geometry.sweep.compiled import compiled, compiled_bare

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_POLYGON, _MULTIPOLYGON = 3, 6


class Rings(NamedTuple):
    """Polygons as rings: ``xy`` (n × 2), ``closes`` (n), ``start`` (m + 1), ``box`` (m × 4).

    A box is (xmin, ymin, xmax, ymax); that of an empty polygon has xmin > xmax.
    """

    xy: Floats
    closes: Flags
    start: Indices
    box: Floats


class Wkb(NamedTuple):
    """A binary column of little-endian two-dimensional WKB, and the order of rows to take."""

    shapes: pa.Array | pa.ChunkedArray
    order: Indices | None = None


def rings_of_wkb(*columns: pa.Array | pa.ChunkedArray | Wkb) -> Rings:
    """Return the polygons of one column of WKB after the other, each corner copied once.

    Null and empty shapes have no corners; other shapes than flat (multi)polygons are a
    ``ValueError``.
    """
    given = [one if isinstance(one, Wkb) else Wkb(one) for one in columns]
    chunks, places, before = [], [], 0
    for shapes, order in given:
        found = _chunks(shapes)
        count = sum(len(place) - 1 for _, place in found)
        rank = np.arange(count)
        if order is not None:
            rank[order] = np.arange(count)
        chunks.extend(found)
        places.append(rank + before)
        before += count
    return _decoded(chunks, np.concatenate([np.zeros(0, np.int64), *places]))


def _chunks(shapes: pa.Array | pa.ChunkedArray) -> list[tuple[Any, Indices]]:
    """Return the bytes of each chunk and where its rows begin, and the end."""
    found = []
    for chunk in shapes.chunks if isinstance(shapes, pa.ChunkedArray) else [shapes]:
        large = chunk.cast(pa.large_binary())
        _, offsets, content = large.buffers()
        if len(large) > 0:
            place = np.frombuffer(offsets, np.int64)[large.offset :][: len(large) + 1]
            wkb = np.frombuffer(content or b"", np.uint8)
            # Bytes from a file may be writeable or not; one kind is compiled.
            wkb.flags.writeable = place.flags.writeable = False
            found.append((wkb, place))
    return found


def _decoded(chunks: list[tuple[Any, Indices]], rank: Indices) -> Rings:
    """Decode the rows of all chunks, each to its place."""
    corners = np.zeros(len(rank), np.int64)
    row = 0
    for wkb, place in chunks:
        if not _count(wkb, place, corners[row : row + len(place) - 1]):
            raise ValueError("not a two-dimensional little-endian polygon or multipolygon")
        row += len(place) - 1
    length = np.empty(len(rank), np.int64)
    length[rank] = corners
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    raw = np.empty(int(start[-1]) * 16, np.uint8)
    closes = np.zeros(int(start[-1]), np.bool_)
    box = np.empty((len(rank), 4))
    row = 0
    for wkb, place in chunks:
        _read(wkb, place, rank[row : row + len(place) - 1], raw, closes, start, box)
        row += len(place) - 1
    return Rings(raw.view(np.float64).reshape(-1, 2), closes, start, box)


def rings_of(shapes: npt.NDArray[Any]) -> Rings:
    """Return the polygons of an array of shapely geometries."""
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    return rings_of_wkb(pa.array(shapely.to_wkb(flat, byte_order=1), pa.large_binary()))


def nothing(count: int = 0) -> Rings:
    """Return so many polygons without corners."""
    box = np.tile([np.inf, np.inf, -np.inf, -np.inf], (count, 1))
    corners = np.zeros((0, 2)), np.zeros(0, np.bool_)
    return Rings(*corners, np.zeros(count + 1, np.int64), box.reshape(-1, 4))


def joined(several: list[Rings]) -> Rings:
    """Return the polygons of several layers as one, one layer after the other."""
    if len(several) == 1:
        return several[0]
    shift = np.cumsum([0, *(len(rings.xy) for rings in several)])
    starts = [rings.start[:-1] + by for rings, by in zip(several, shift[:-1], strict=True)]
    return Rings(
        np.concatenate([rings.xy for rings in several]),
        np.concatenate([rings.closes for rings in several]),
        np.concatenate([*starts, shift[-1:]]).astype(np.int64),
        np.concatenate([rings.box for rings in several]),
    )


def taken(rings: Rings, rows: Indices) -> Rings:
    """Return the polygons of the given rows, in that order."""
    length = np.diff(rings.start)[rows]
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    corner = np.repeat(rings.start[:-1][rows] - start[:-1], length) + np.arange(start[-1])
    return Rings(rings.xy[corner], rings.closes[corner], start, rings.box[rows])


def turned(rings: Rings) -> Rings:
    """Return the polygons with x for y and y for x."""
    xy, box = rings.xy[:, ::-1], rings.box[:, [1, 0, 3, 2]]
    return Rings(np.ascontiguousarray(xy), rings.closes, rings.start, np.ascontiguousarray(box))


@compiled_bare
def _integer(wkb: Any, at: int) -> Any:
    return (
        np.int64(wkb[at])
        | np.int64(wkb[at + 1]) << 8
        | np.int64(wkb[at + 2]) << 16
        | np.int64(wkb[at + 3]) << 24
    )


@compiled_bare
def _count(wkb: Any, place: Any, corners: Any) -> bool:
    """Count the corners of each row; false where something is not a flat polygon."""
    for row in range(len(place) - 1):
        at = place[row]
        if place[row + 1] == at:
            continue
        kind = _integer(wkb, at + 1)
        if wkb[at] != 1 or kind not in (_POLYGON, _MULTIPOLYGON):
            return False
        at += 5
        parts = 1
        if kind == _MULTIPOLYGON:
            parts = _integer(wkb, at)
            at += 4
        for _ in range(parts):
            if kind == _MULTIPOLYGON:
                at += 5
            rings = _integer(wkb, at)
            at += 4
            for _ in range(rings):
                length = _integer(wkb, at)
                corners[row] += length
                at += 4 + 16 * length
    return True


@compiled
def _read(wkb: Any, place: Any, rank: Any, raw: Any, closes: Any, start: Any, box: Any) -> None:
    """Copy the corners of each row to where those of its rank begin; measure the boxes."""
    xy = raw.view(np.float64)
    for row in range(len(place) - 1):
        corner = start[rank[row]]
        first = corner
        at = place[row]
        parts = 0
        is_multi = False
        if place[row + 1] > at:
            is_multi = _integer(wkb, at + 1) == _MULTIPOLYGON
            at += 5
            parts = 1
            if is_multi:
                parts = _integer(wkb, at)
                at += 4
        for _ in range(parts):
            if is_multi:
                at += 5
            rings = _integer(wkb, at)
            at += 4
            for _ in range(rings):
                length = _integer(wkb, at)
                at += 4
                raw[16 * corner : 16 * (corner + length)] = wkb[at : at + 16 * length]
                at += 16 * length
                corner += length
                if length > 0:
                    closes[corner - 1] = True
        x0 = y0 = np.inf
        x1 = y1 = -np.inf
        for i in range(first, corner):
            x0 = min(x0, xy[2 * i])
            x1 = max(x1, xy[2 * i])
            y0 = min(y0, xy[2 * i + 1])
            y1 = max(y1, xy[2 * i + 1])
        box[rank[row], 0] = x0
        box[rank[row], 1] = y0
        box[rank[row], 2] = x1
        box[rank[row], 3] = y1
