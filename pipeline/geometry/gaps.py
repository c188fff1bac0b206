"""Narrow gaps (缝) between neighbours that should share their line."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[Any]  # of valid polygons in the working CRS

# Wider ground between two townships may be a lake that belongs to neither.
_WIDEST_M = 1.0
# Less is the millimetres of two surveys along a long line.
_LEAST_M2 = 10.0


def gaps(shapes: Shapes) -> list[tuple[tuple[int, ...], float]]:
    """Return which neighbours have gaps of at most a metre between them, and their plane m²."""
    edges = shapely.coverage_invalid_edges(shapes, gap_width=_WIDEST_M)
    if shapely.is_empty(edges).all():
        return []
    ground = shapely.union_all(shapes)
    closed = ground.buffer(_WIDEST_M / 2, quad_segs=2).buffer(-_WIDEST_M / 2, quad_segs=2)
    parts = shapely.get_parts(closed.difference(ground))
    shapely.prepare(shapes)
    meets = np.array([shapely.dwithin(shape, parts, _WIDEST_M / 100) for shape in shapes])
    between: dict[tuple[int, ...], float] = {}
    for met, area in zip(meets.T, shapely.area(parts), strict=True):
        key = tuple(np.flatnonzero(met).tolist())
        between[key] = between.get(key, 0.0) + float(area)
    return [
        (key, area)
        for key, area in sorted(between.items())
        if len(key) > 1 and area > _LEAST_M2
    ]
