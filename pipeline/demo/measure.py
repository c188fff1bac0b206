"""What the planted changes cover (量算): their cells cut by the parcels they were placed on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.area import ellipsoid_m2
from pipeline.demo.ground import FARMLAND
from pipeline.demo.land import Land
from pipeline.demo.record import Answer, Change


@dataclass(frozen=True)
class Piece:
    """A part of a change on one parcel, with its answer and areas in m²."""

    change_id: str
    town: int
    answer: Answer
    area_m2: float
    farmland_m2: float
    permanent_m2: float  # of the farmland


class Survey:
    """Measures changes against the parcels and the permanent farmland."""

    def __init__(self, land: Land, permanent: npt.NDArray[np.object_]) -> None:
        self.land = land
        self.permanent = permanent
        self._parcels = shapely.STRtree(land.shape)
        self._permanent = shapely.STRtree(permanent)
        self.unclassed: set[int] = set()  # parcels that cannot be used: no farmland known

    def pieces(self, change: Change) -> list[Piece]:
        """Return the parts of a change, one for each of its cells and parcels that meet."""
        found = []
        for cell in change.cells:
            hit = self._parcels.query(cell.shape, predicate="intersects")
            parts = shapely.intersection(self.land.shape[hit], cell.shape)
            for row, part in zip(hit.tolist(), parts, strict=True):
                if part.area > 0:
                    found.append(self._piece(change.change_id, cell.answer, row, part))
        return found

    def _piece(self, change_id: str, answer: Answer, row: int, part: shapely.Geometry) -> Piece:
        area = _areas(part)
        farmed = self.land.land_class[row] in FARMLAND and row not in self.unclassed
        net = 1 - float(self.land.ridge[row]) if farmed else 0.0
        hit = self._permanent.query(part, predicate="intersects")
        permanent = shapely.intersection(part, shapely.union_all(self.permanent[hit]))
        return Piece(
            change_id,
            int(self.land.town[row]),
            answer,
            area,
            area * net,
            _areas(permanent) * net,
        )


def _areas(shape: shapely.Geometry) -> float:
    parts = shapely.get_parts(shape)
    flat = parts[shapely.area(parts) > 0]
    return float(ellipsoid_m2(flat).sum()) if len(flat) else 0.0
