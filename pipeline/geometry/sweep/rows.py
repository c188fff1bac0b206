r"""An index of the edges of large polygons by row (行索引): of a huge zone few are looked at.

::

    ymax  ┌──────┐
      3   │  /\  │   edges by the rows that they cross: row 0: a, d; row 1: a, d; row 2: b, c …
      2   │ /  \ │
      1   │/    \│   a tile asks for its own rows only; an edge in several of them is taken
      0   └──────┘   in the first
    ymin
"""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.compiled import compiled, compiled_bare
from pipeline.geometry.sweep.rings import Floats, Indices, Rings

_LARGE = 96  # corners; fewer are looked through one by one
_CORNERS_PER_ROW = 12
_LEAST_M = 1e-9


class Rows(NamedTuple):
    """Edges by row; those of row r of polygon p: ``edge[start[i]:start[i + 1]]``, i = first[p] + r.

    An edge is the number of its first corner. ``first`` is -1 for polygons without an index,
    ``number`` tells how many rows.
    """

    first: Indices
    number: Indices
    start: Indices
    edge: Indices


def rows_over(rings: Rings, boxes: Floats | None = None) -> Rows:
    """Return the row index of the large polygons, good for tiles within any of the boxes.

    Edges above, below or to the right of all boxes are left out: no tile there asks for them.
    """
    reach = np.array([np.inf, -np.inf, np.inf])
    if boxes is not None and len(boxes) > 0:
        reach = np.array([boxes[:, 2].max(), boxes[:, 1].min(), boxes[:, 3].max()])
    corners = np.diff(rings.start)
    is_large = corners > _LARGE
    count = np.where(is_large, corners // _CORNERS_PER_ROW, 0)
    before = np.cumsum(count) - count
    first = np.where(is_large, before, -1)
    start, edge = _listed(rings.xy, rings.closes, rings.start, rings.box, first, count, reach)
    return Rows(first, count, start, edge)


@compiled_bare
def row_of(y: float, low: float, high: float, count: int) -> int:
    """Return the row of an ordinate, the first or last one for what lies outside."""
    row = int((y - low) * (count / max(high - low, _LEAST_M)))
    return min(max(row, 0), count - 1)


@compiled
def _listed(
    xy: Any, closes: Any, start: Any, box: Any, first: Any, count: Any, reach: Any
) -> Any:
    """List the edges of every row: count them, then put them in place."""
    place = np.zeros(count.sum() + 1, np.int64)
    for polygon in range(len(first)):
        if first[polygon] < 0:
            continue
        for corner in range(start[polygon], start[polygon + 1]):
            if not closes[corner] and _is_near(xy, corner, reach):
                low, high = _span(xy, corner, box[polygon], count[polygon])
                for row in range(low, high + 1):
                    place[first[polygon] + row + 1] += 1
    place[:] = np.cumsum(place)
    edge = np.empty(place[-1], np.int64)
    free = place[:-1].copy()
    for polygon in range(len(first)):
        if first[polygon] < 0:
            continue
        for corner in range(start[polygon], start[polygon + 1]):
            if not closes[corner] and _is_near(xy, corner, reach):
                low, high = _span(xy, corner, box[polygon], count[polygon])
                for row in range(low, high + 1):
                    edge[free[first[polygon] + row]] = corner
                    free[first[polygon] + row] += 1
    return place, edge


@compiled_bare
def _is_near(xy: Any, corner: int, reach: Any) -> Any:
    """Tell whether an edge is not wholly to the right of, below or above the reach."""
    return (
        min(xy[corner, 0], xy[corner + 1, 0]) <= reach[0]
        and max(xy[corner, 1], xy[corner + 1, 1]) >= reach[1]
        and min(xy[corner, 1], xy[corner + 1, 1]) <= reach[2]
    )


@compiled_bare
def _span(xy: Any, corner: int, box: Any, count: int) -> Any:
    """Return the first and the last row that an edge crosses."""
    a = row_of(xy[corner, 1], box[1], box[3], count)
    b = row_of(xy[corner + 1, 1], box[1], box[3], count)
    return min(a, b), max(a, b)
