"""The polygons in what an operation on shapes returns; points and lines have no area."""

import numpy as np
import shapely
from shapely import GeometryType, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry


def polygonal(shape: BaseGeometry) -> Polygon | MultiPolygon:
    """Return the polygons of a shape as one, empty where it has none."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    flat = shapely.get_parts(np.array([shape], dtype=object))
    while (shapely.get_type_id(flat) >= GeometryType.MULTIPOINT).any():
        flat = shapely.get_parts(flat)
    found = flat[(shapely.get_type_id(flat) == GeometryType.POLYGON) & ~shapely.is_empty(flat)]
    if len(found) == 1:
        return found[0]
    return MultiPolygon(list(found)) if len(found) else Polygon()
