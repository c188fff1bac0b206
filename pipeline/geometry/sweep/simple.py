"""Polygons of one ring that surely does not meet itself (简单环): told beyond doubt, or not.

Nearly all that is handed in is such a polygon, and the general test of validity would cost more
than everything else that is asked of it. Two edges are apart if their boxes are, or if one lies
to one side of the other by more than rounding can hide (the filter of Shewchuk, 1997). Whatever
is in doubt is left to the general test: corners given twice, touching edges, several rings.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType

from pipeline.geometry.sweep.compiled import compiled, compiled_bare
from pipeline.geometry.sweep.moments import Shapes, corners, is_one_ring

_CHUNK = 50_000  # shapes at once: their corners are copied
_LEAST = 4  # corners, the first one twice
_MOST = 200  # corners: with more, comparing each edge with each costs more than it saves
_ROUNDING = (3 + 16 * 2.0**-53) * 2.0**-53  # of a turn's two products


def surely_simple(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Tell of each shape whether it is a polygon that is valid beyond doubt; False: ask further."""
    found = np.zeros(len(shapes), dtype=bool)
    for first in range(0, len(shapes), _CHUNK):
        rows = slice(first, first + _CHUNK)
        xy, start = corners(shapes[rows])
        counts = np.diff(start)
        likely = shapely.get_type_id(shapes[rows]) == GeometryType.POLYGON
        likely &= (counts >= _LEAST) & (counts <= _MOST)
        likely &= is_one_ring(xy, start)
        _sift(xy, start, likely, np.empty((_MOST, 4)))
        found[rows] = likely
    return found


@compiled
def _sift(xy: Any, start: Any, likely: Any, box: Any) -> None:
    """Leave those likely ones that are surely simple; ``box`` is room for the edges' boxes."""
    for shape in range(len(likely)):
        if likely[shape]:
            likely[shape] = _is_simple(xy[start[shape] : start[shape + 1]], box)


@compiled_bare
def _is_simple(ring: Any, box: Any) -> Any:
    edges = len(ring) - 1
    for i in range(edges):
        x, y = ring[i, 0], ring[i, 1]
        if not (x - x == 0.0 and y - y == 0.0):  # NaN or infinite
            return False
        box[i, 0], box[i, 2] = min(x, ring[i + 1, 0]), max(x, ring[i + 1, 0])
        box[i, 1], box[i, 3] = min(y, ring[i + 1, 1]), max(y, ring[i + 1, 1])
        if not _goes_on(ring, i, (i + 1) % edges):
            return False
    for i in range(edges - 2):
        # the last edge is the first one's neighbour
        for j in range(i + 2, edges - (i == 0)):
            if (
                box[i, 2] < box[j, 0]
                or box[j, 2] < box[i, 0]
                or box[i, 3] < box[j, 1]
                or box[j, 3] < box[i, 1]
            ):
                continue
            if not (_is_beside(ring, i, j) or _is_beside(ring, j, i)):
                return False
    return True


@compiled_bare
def _goes_on(ring: Any, one: Any, following: Any) -> Any:
    """Tell whether an edge and the one after it surely share their common corner only."""
    if _side(ring, one, ring[following + 1, 0], ring[following + 1, 1]) != 0:
        return True
    # straight on, or back over itself
    along = (ring[one + 1, 0] - ring[one, 0]) * (ring[following + 1, 0] - ring[following, 0])
    across = (ring[one + 1, 1] - ring[one, 1]) * (ring[following + 1, 1] - ring[following, 1])
    return along + across > 4 * _ROUNDING * (abs(along) + abs(across))


@compiled_bare
def _is_beside(ring: Any, one: Any, other: Any) -> Any:
    """Tell whether an edge surely lies to one side of the line through another."""
    side = _side(ring, one, ring[other, 0], ring[other, 1])
    return side != 0 and side == _side(ring, one, ring[other + 1, 0], ring[other + 1, 1])


@compiled_bare
def _side(ring: Any, edge: Any, x: Any, y: Any) -> Any:
    """Return on which side of an edge's line a point surely lies: 1, -1, or 0 in doubt."""
    left = (ring[edge, 0] - x) * (ring[edge + 1, 1] - y)
    right = (ring[edge, 1] - y) * (ring[edge + 1, 0] - x)
    turn = left - right
    if abs(turn) <= _ROUNDING * (abs(left) + abs(right)):
        return 0
    return 1 if turn > 0 else -1
