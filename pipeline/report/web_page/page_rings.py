"""Shapes as short lists of whole numbers for a page (网页图形)."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

UNITS_PER_M = 10  # decimetres
Origin = tuple[float, float]
Rings = list[list[int]]


def origin_of(shapes: Iterable[BaseGeometry | None]) -> Origin:
    """Return the south-west corner of shapes in whole metres, (0, 0) where there are none."""
    known = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not known:
        return 0.0, 0.0
    bounds = shapely.total_bounds(known)
    return float(np.floor(bounds[0])), float(np.floor(bounds[1]))


def rings_of(shape: BaseGeometry | None, origin: Origin) -> Rings:
    """Return the rings of a shape, each as ``[x, y, dx, dy, dx, dy …]`` in decimetres.

    Exterior and interior rings alike: filled by the even-odd rule they are the shape. The last
    vertex, which repeats the first, is left out, and so are vertices that become one.
    """
    if shape is None or shape.is_empty:
        return []
    parts = shapely.get_parts(shapely.get_parts(shape))
    rings = [
        _ring(shapely.get_coordinates(ring), origin)
        for part in parts
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    return [ring for ring in rings if ring]


def _ring(coordinates: np.ndarray, origin: Origin) -> list[int]:
    places = np.floor((coordinates[:-1] - origin) * UNITS_PER_M + 0.5).astype(np.int64)
    keep = np.ones(len(places), dtype=bool)
    keep[1:] = (np.diff(places, axis=0) != 0).any(axis=1)
    places = places[keep]
    if not len(places):
        return []
    steps = np.diff(places, axis=0)
    return [int(value) for value in np.concatenate([places[:1], steps]).ravel()]


def point_of(x: float, y: float, origin: Origin) -> list[int]:
    """Return a place in decimetres from the origin."""
    return [round((x - origin[0]) * UNITS_PER_M), round((y - origin[1]) * UNITS_PER_M)]
