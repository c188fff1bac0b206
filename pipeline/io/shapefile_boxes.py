"""Shapes held against the boxes that their own records state (范围核对)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.io.delivery import Geometries
from pipeline.io.shapefile_parts import Parts, index_of, stated_boxes

Box = npt.NDArray[np.float64]

_SAME = 1e-8  # relative


def apart_from_boxes(
    parts: Parts, rows: npt.NDArray[np.int64], wkb: Sequence[bytes | None], geometry: Geometries
) -> dict[int, Box]:
    """Return the rows whose shape is not in the box that its record states, with the box.

    Part of such a record was overwritten. But where half of all are so, whoever wrote the file
    does not keep boxes.
    """
    index = index_of(parts.files[".shx"])[rows]
    if len(index) == 0:
        return {}
    boxes = stated_boxes(np.memmap(parts.files[".shp"], dtype=np.uint8, mode="r"), index)
    known = np.isfinite(boxes).all(axis=1) & (shapely.get_num_coordinates(geometry) > 0)
    here = shapely.bounds(geometry[known])
    apart = ~np.isclose(here, boxes[known], rtol=_SAME, atol=_SAME).all(axis=1)
    if 2 * apart.sum() >= known.sum():
        return {}
    found = np.flatnonzero(known)[apart].tolist()
    return {row: boxes[row] for row in found if not _may_be_so(wkb[row], boxes[row])}


def _may_be_so(wkb: bytes | None, box: Box) -> bool:
    """Whether a shape, as it was written, has this box: a hole outside its shell may not count.

    A coordinate that is no number is a finding of its own.
    """
    shape = shapely.from_wkb(wkb, on_invalid="ignore")
    points = shapely.get_coordinates(shape)
    if len(points) == 0:
        return False
    if not np.isfinite(points).all():
        return True
    whole = (*points.min(axis=0), *points.max(axis=0))
    boxes = np.array([shapely.bounds(shape), whole])
    return bool(np.isclose(boxes, box, rtol=_SAME, atol=_SAME).all(axis=1).any())
