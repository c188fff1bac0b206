"""Shapes of what was found (所见的图形), for pictures only: no figure rests on them."""

from typing import Any

import numpy as np
import shapely

from pipeline.geometry.survey import Shapes


def polygons(shape: Any) -> Any:
    """Return the polygons of a shape as one, null where it has none."""
    if shape is None:
        return None
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = [one for one in parts if one.geom_type == "Polygon" and not one.is_empty]
    return shapely.multipolygons(kept) if kept else None


def overlap_shape(one: Any, other: Any) -> Any:
    """Return the ground that two shapes share."""
    return polygons(shapely.intersection(one, other))


def together(shapes: Shapes) -> Any:
    """Return several shapes as one, unmerged: they may be many and may overlap."""
    kept = [one for one in np.asarray(shapes, dtype=object) if one is not None]
    return polygons(shapely.geometrycollections(kept)) if kept else None
