"""Huge polygons in small tiles (分块): overlay costs what the larger polygon costs."""

from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Polygons = npt.NDArray[Any]
_MOST_CORNERS = 256


def tiled(
    shapes: Polygons, codes: npt.NDArray[Any], threads: Executor
) -> tuple[Polygons, npt.NDArray[Any]]:
    """Return the polygons halved until none has more than 256 corners, and their codes."""
    small, small_codes = [], []
    while len(shapes):
        is_small = shapely.get_num_coordinates(shapes) <= _MOST_CORNERS
        small.append(shapes[is_small])
        small_codes.append(codes[is_small])
        shapes, codes = shapes[~is_small], codes[~is_small]
        if len(shapes):
            halves = list(threads.map(_halves, shapes))
            shapes = np.array([half for pair in halves for half in pair], dtype=object)
            codes = np.repeat(codes, 2)
            has_area = shapely.area(shapes) > 0
            shapes, codes = shapes[has_area], codes[has_area]
    return np.concatenate(small), np.concatenate(small_codes)


def _halves(shape: Any) -> list[Any]:
    x0, y0, x1, y1 = shape.bounds
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    is_wide = x1 - x0 > y1 - y0
    first = (x0, y0, x, y1) if is_wide else (x0, y0, x1, y)
    second = (x, y0, x1, y1) if is_wide else (x0, y, x1, y1)
    return [shapely.clip_by_rect(shape, *first), shapely.clip_by_rect(shape, *second)]
