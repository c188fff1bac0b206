"""Mend what rounding folded in the result of a cut (修复)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType, MultiPolygon, Polygon
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.polygonal import polygonal

Shapes = npt.NDArray[Any]  # of shapely geometries


def all_sound(shapes: Shapes) -> Shapes:
    """Return the polygons of each shape, valid.

    GEOS rounds what it computes, and rounding folds a hair over now and then. Mending it
    changes no area worth a name; whoever cuts checks the balance afterwards.
    """
    kinds = shapely.get_type_id(shapes)
    other = (kinds != GeometryType.POLYGON) & (kinds != GeometryType.MULTIPOLYGON)
    folded = ~shapely.is_valid(shapes)
    if not (other | folded).any():
        return shapes
    made = shapes.copy()
    for i in np.flatnonzero(other | folded):
        made[i] = sound(shapes[i])
    return made


def sound(shape: BaseGeometry) -> Polygon | MultiPolygon:
    """Return the polygons of one shape, valid; as they are where every way of mending fails.

    Of the ways the one counts that keeps the area: a fold may be read as a hole or as ground.
    """
    found = polygonal(shape)
    if found.is_valid:
        return found
    mended = [polygon for polygon in map(polygonal, _mended(found)) if polygon.is_valid]
    return min(mended, key=lambda polygon: abs(polygon.area - found.area), default=found)


def _mended(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for method, keep in (("linework", True), ("structure", False)):
        try:
            yield shapely.make_valid(shape, method=method, keep_collapsed=keep)
        except GEOSException:
            continue
