"""The edges of polygons near a box (线段), as they are, to draw with."""

from typing import Any

import numpy as np

from pipeline.geometry.sweep.compiled import ZERO, compiled
from pipeline.geometry.sweep.rings import Floats, Indices, Rings
from pipeline.geometry.sweep.rows import Rows, row_of


def segments_near(
    rings: Rings, rows: Rows, polygon: Indices, boxes: Floats
) -> tuple[Floats, Indices]:
    """Return the edges (x, y, x, y) of each polygon that meet the box of its row, and the row."""
    nothing = np.empty((0, 4)), np.empty(0, np.int64)
    room = _near(rings, rows, polygon, boxes, *nothing)  # only counted
    segment, owner = np.empty((room, 4)), np.empty(room, np.int64)
    _near(rings, rows, polygon, boxes, segment, owner)
    return segment, owner


@compiled
def _near(rings: Any, rows: Any, polygon: Any, boxes: Any, segment: Any, owner: Any) -> Any:
    found = ZERO
    for i in range(len(polygon)):
        one = polygon[i]
        first = rows.first[one]
        if first < 0:
            for k in range(rings.start[one], rings.start[one + 1] - 1):
                if not rings.closes[k]:
                    found = _keep(rings.xy, k, boxes[i], i, segment, owner, found)
            continue
        low, high, number = rings.box[one, 1], rings.box[one, 3], rows.number[one]
        bottom = row_of(boxes[i, 1], low, high, number)
        top = row_of(boxes[i, 3], low, high, number)
        for row in range(bottom, top + 1):
            for at in range(rows.start[first + row], rows.start[first + row + 1]):
                k = rows.edge[at]
                lowest = row_of(min(rings.xy[k, 1], rings.xy[k + 1, 1]), low, high, number)
                if max(lowest, bottom) == row:
                    found = _keep(rings.xy, k, boxes[i], i, segment, owner, found)
    return found


@compiled
def _keep(xy: Any, k: int, box: Any, i: int, segment: Any, owner: Any, found: int) -> Any:
    if (
        min(xy[k, 0], xy[k + 1, 0]) <= box[2]
        and max(xy[k, 0], xy[k + 1, 0]) >= box[0]
        and min(xy[k, 1], xy[k + 1, 1]) <= box[3]
        and max(xy[k, 1], xy[k + 1, 1]) >= box[1]
    ):
        if found < len(owner):
            segment[found, 0], segment[found, 1] = xy[k, 0], xy[k, 1]
            segment[found, 2], segment[found, 3] = xy[k + 1, 0], xy[k + 1, 1]
            owner[found] = i
        found += 1
    return found
