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

from pipeline.geometry.sweep.compiled import compiled

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


def rings_of_wkb(shapes: pa.Array) -> Rings:
    """Return the polygons of a binary column of little-endian two-dimensional WKB.

    Null and empty shapes have no corners, and no other shape than (multi)polygons is known.
    """
    if len(shapes) == 0 or shapes.null_count == len(shapes):
        return nothing(len(shapes))
    shapes = shapes.cast(pa.large_binary())
    _, offsets, content = shapes.buffers()
    place = np.frombuffer(offsets, np.int64)[shapes.offset : shapes.offset + len(shapes) + 1]
    wkb = np.frombuffer(content, np.uint8)
    corners = _count(wkb, place)
    if corners < 0:
        raise ValueError("not a two-dimensional little-endian polygon or multipolygon")
    raw = np.empty(corners * 16, np.uint8)
    closes = np.zeros(corners, np.bool_)
    start = np.empty(len(shapes) + 1, np.int64)
    box = np.empty((len(shapes), 4))
    _read(wkb, place, raw, closes, start, box)
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


@compiled
def _integer(wkb: Any, at: int) -> Any:
    return (
        np.int64(wkb[at])
        | np.int64(wkb[at + 1]) << 8
        | np.int64(wkb[at + 2]) << 16
        | np.int64(wkb[at + 3]) << 24
    )


@compiled
def _count(wkb: Any, place: Any) -> int:
    """Return the number of corners, -1 where something is not a flat polygon."""
    corners = 0
    for shape in range(len(place) - 1):
        at = place[shape]
        if place[shape + 1] == at:
            continue
        kind = _integer(wkb, at + 1)
        if wkb[at] != 1 or kind not in {_POLYGON, _MULTIPOLYGON}:
            return -1
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
                corners += length
                at += 4 + 16 * length
    return corners


@compiled
def _read(wkb: Any, place: Any, raw: Any, closes: Any, start: Any, box: Any) -> None:
    xy = raw.view(np.float64)
    corner = 0
    for shape in range(len(place) - 1):
        start[shape] = corner
        at = place[shape]
        parts = 0
        is_multi = False
        if place[shape + 1] > at:
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
        for i in range(start[shape], corner):
            x0 = min(x0, xy[2 * i])
            x1 = max(x1, xy[2 * i])
            y0 = min(y0, xy[2 * i + 1])
            y1 = max(y1, xy[2 * i + 1])
        box[shape, 0] = x0
        box[shape, 1] = y0
        box[shape, 2] = x1
        box[shape, 3] = y1
    start[len(place) - 1] = corner
