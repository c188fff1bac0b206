"""One look at a whole county (普查): who has which ground, and what overlaps, everywhere.

The county is divided into square cells, and the cells are swept like changes: one sweep tells
of every cell how much of it each combination of answers has, and what polygons of one layer
share. Nothing is cut, so nothing fails on the shapes of strangers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from pipeline.geometry.area import density
from pipeline.geometry.settings import AreaSettings
from pipeline.geometry.sweep.areas import Areas, Cover, ground_of, swept
from pipeline.geometry.sweep.rings import Floats, Indices, rings_of

Shapes = npt.NDArray[Any]
_CELL_M, _MOST_CELLS = 500.0, 40_000
NOTHING = -1


@dataclass(frozen=True)
class Surveyed:
    """What a survey found (普查结果): the cells, and the areas of the layers by name in them."""

    cells: Shapes
    areas: Areas
    names: tuple[str, ...]

    def polygon(self, name: str) -> Indices:
        """Return which polygon of a layer has the ground of each row, -1 for none."""
        return self.areas.polygon[:, self.names.index(name)]

    def overlaps(self, name: str) -> tuple[Indices, Indices, Floats]:
        """Return the pairs of polygons of a layer on the same ground, and the m² they share."""
        rows = self.areas.pair_layer == self.names.index(name)
        pairs = np.column_stack([self.areas.one[rows], self.areas.other[rows]])
        found, which = np.unique(pairs, axis=0, return_inverse=True)
        shared = np.bincount(which.reshape(-1), self.areas.shared[rows], len(found))
        return found[:, 0], found[:, 1], shared.astype(np.float64)


@dataclass(frozen=True)
class Sheet:
    """One layer to survey (普查图层): shapes in order of precedence, and what they answer.

    Shapes with equal answers stand together and do not overlap each other.
    """

    shapes: Shapes
    answers: Indices | None = None


def surveyed(
    within: Shapes, sheets: Mapping[str, Sheet], *, crs: CRS, area: AreaSettings
) -> Surveyed:
    """Survey the layers over the box of the shapes ``within``."""
    cells = _cells(shapely.total_bounds(within))
    boxes = shapely.bounds(cells).reshape(-1, 4)
    origins = np.floor(boxes[:, :2])
    covers = [
        Cover(
            rings_of(sheet.shapes),
            np.arange(len(sheet.shapes)) if sheet.answers is None else sheet.answers,
            counts=True,
        )
        for sheet in sheets.values()
    ]
    areas = swept(
        rings_of(cells),
        ground_of(covers, boxes),
        density=density(crs, origins, boxes, area).coefficients,
        origins=origins,
    )
    return Surveyed(cells, areas, tuple(sheets))


def _cells(bounds: Floats) -> Shapes:
    """Return the squares that cover a box; a vast one has larger squares."""
    x0, y0, x1, y1 = bounds
    size = max(_CELL_M, float(np.sqrt((x1 - x0) * (y1 - y0) / _MOST_CELLS)))
    x, y = np.meshgrid(np.arange(x0, x1, size), np.arange(y0, y1, size))
    left, low = x.ravel(), y.ravel()
    return np.asarray(
        shapely.box(left, low, np.minimum(left + size, x1), np.minimum(low + size, y1))
    )
