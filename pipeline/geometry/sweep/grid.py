"""A grid over boxes (网格索引): which boxes lie near a place, in constant time.

Each cell of the grid lists the boxes that meet it. A box in several cells is found once, in the
cell that holds the lower left corner of what it shares with the box that asks.
"""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.compiled import compiled, compiled_bare
from pipeline.geometry.sweep.rings import Flags, Floats, Indices

_MOST_CELLS = 4_000_000
_SMALLEST_M = 80.0


class Grid(NamedTuple):
    """Boxes by cell: those of cell ``i`` are ``item[start[i]:start[i + 1]]``."""

    start: Indices
    item: Indices
    x0: float
    y0: float
    size: float
    columns: int
    rows: int


def grid_over(boxes: Floats) -> Grid:
    """Return the grid over boxes (n × 4); cells are about as wide as the boxes lie apart."""
    real = boxes[boxes[:, 0] <= boxes[:, 2]]
    if len(real) == 0:
        return Grid(np.zeros(2, np.int64), np.zeros(0, np.int64), 0.0, 0.0, 1.0, 1, 1)
    x0, y0 = real[:, 0].min(), real[:, 1].min()
    wide, high = real[:, 2].max() - x0, real[:, 3].max() - y0
    size = max(
        _SMALLEST_M,
        float(np.sqrt(wide * high / max(len(real), 1))),
        float(np.sqrt(wide * high / _MOST_CELLS)),
        wide / 10_000,
        high / 10_000,
    )
    columns, rows = int(wide / size) + 1, int(high / size) + 1
    start, item = _listed(boxes, x0, y0, size, columns, rows)
    return Grid(start, item, float(x0), float(y0), size, columns, rows)


@compiled_bare
def cells(box: Any, x0: float, y0: float, size: float, columns: int, rows: int) -> Any:
    """Return the first and last column and the first and last row of cells that a box meets."""
    return (
        min(max(int(np.floor((box[0] - x0) / size)), 0), columns),
        min(int(np.floor((box[2] - x0) / size)), columns - 1),
        min(max(int(np.floor((box[1] - y0) / size)), 0), rows),
        min(int(np.floor((box[3] - y0) / size)), rows - 1),
    )


@compiled
def _listed(boxes: Any, x0: float, y0: float, size: float, columns: int, rows: int) -> Any:
    start = np.zeros(columns * rows + 1, np.int64)
    for box in range(len(boxes)):
        if boxes[box, 0] <= boxes[box, 2]:
            left, right, low, high = cells(boxes[box], x0, y0, size, columns, rows)
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    start[row * columns + column + 1] += 1
    start[:] = np.cumsum(start)
    item = np.empty(start[-1], np.int64)
    free = start[:-1].copy()
    for box in range(len(boxes)):
        if boxes[box, 0] <= boxes[box, 2]:
            left, right, low, high = cells(boxes[box], x0, y0, size, columns, rows)
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    cell = row * columns + column
                    item[free[cell]] = box
                    free[cell] += 1
    return start, item


@compiled_bare
def share(a: Any, b: Any) -> Any:
    """Tell whether two boxes share more than a border."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@compiled
def near_any(boxes: Any, others: Any, grid: Grid) -> Flags:
    """Tell which boxes share ground with any of the others, over which the grid lies."""
    found = np.zeros(len(boxes), np.bool_)
    for box in range(len(boxes)):
        if not boxes[box, 0] <= boxes[box, 2]:
            continue
        left, right, low, high = cells(
            boxes[box], grid.x0, grid.y0, grid.size, grid.columns, grid.rows
        )
        for row in range(low, high + 1):
            if found[box]:
                break
            for cell in range(row * grid.columns + left, row * grid.columns + right + 1):
                for i in range(grid.start[cell], grid.start[cell + 1]):
                    if share(boxes[box], others[grid.item[i]]):
                        found[box] = True
                        break
    return found
