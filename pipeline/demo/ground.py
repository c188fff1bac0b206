"""Finding free ground for a case (选址): in a town, on given land classes, near what is built."""

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.frame import Frame, make_frame
from pipeline.demo.land import Land
from pipeline.demo.terrain import Floats

FARMLAND = ("0101", "0102", "0103")
FIELDS = (*FARMLAND, "0201", "0202", "0204", "0404", "1006", "1104", "1107", "1202")
WILD = ("0201", "0202", "0204", "0301", "0302", "0305", "0307", "0404")
BUILT = ("0601", "0701", "0702", "05H1", "08H1", "08H2", "0810", "1003", "1004")
_CLEARANCE_M = 24.0


class NoRoomError(RuntimeError):
    """No free ground of that kind in that town: the seed or the plan must change."""


class Ground:
    """The county's parcels, and which of them are taken."""

    def __init__(self, rng: np.random.Generator, land: Land) -> None:
        self.rng = rng
        self.land = land
        self.tree = shapely.STRtree(land.shape)
        self._area = shapely.area(land.shape)
        self.centre = shapely.get_coordinates(shapely.point_on_surface(land.shape))
        self.special: set[int] = set()  # parcels with a planted defect
        built = shapely.STRtree(land.shape[np.isin(land.land_class, ["0601", "0701", "0702"])])
        near = built.query_nearest(land.shape, return_distance=True, all_matches=False)
        self._nearness = np.exp(-near[1] / 350.0) + 0.02
        self._taken = np.empty((0, 4))

    def find(
        self,
        town: int,
        classes: tuple[str, ...],
        size: tuple[float, float],
        *,
        start: tuple[str, ...] | None = None,
    ) -> Frame | None:
        """Take and return a free plot whose parcels are all of ``classes`` and in ``town``.

        ``start`` are the classes its centre may be in.
        """
        land = self.land
        fits = (land.town == town) & np.isin(land.land_class, start or classes)
        rows = np.flatnonzero(fits & (self._area > size[0] * size[1] * 0.4))
        keys = np.log(self._nearness[rows]) + self.rng.gumbel(size=len(rows))
        for row in rows[np.argsort(-keys)][:400]:
            frame = make_frame(self.rng, self.centre[row], self._angle(row), *size)
            hit = self.hit(frame.around(0.5))
            allowed = np.isin(land.land_class[hit], classes) & (land.town[hit] == town)
            if allowed.all() and self._inside(frame, hit) and self.take(frame, hit):
                return frame
        return None

    def hit(self, shape: shapely.Geometry) -> npt.NDArray[np.int64]:
        """Return the parcels that a shape meets."""
        return np.asarray(self.tree.query(shape, predicate="intersects"))

    def take(self, frame: Frame, hit: npt.NDArray[np.int64] | None = None) -> bool:
        """Reserve a plot with clearance around it; False where something stands there."""
        if hit is not None and not self.special.isdisjoint(hit.tolist()):
            return False
        box = np.array(frame.around(_CLEARANCE_M).bounds)
        taken = self._taken
        clear = (
            (taken[:, 0] > box[2])
            | (taken[:, 2] < box[0])
            | (taken[:, 1] > box[3])
            | (taken[:, 3] < box[1])
        )
        if not clear.all():
            return False
        self._taken = np.vstack([taken, box])
        return True

    def _inside(self, frame: Frame, hit: npt.NDArray[np.int64]) -> bool:
        """Whether the parcels cover the whole plot (none of it outside the county)."""
        plot = frame.around(0.5)
        covered = shapely.area(shapely.intersection(self.land.shape[hit], plot)).sum()
        return bool(abs(covered - plot.area) < 1e-3)

    def _angle(self, row: int) -> float:
        corner = shapely.get_coordinates(shapely.oriented_envelope(self.land.shape[row]))[:3]
        sides: Floats = np.diff(corner, axis=0)
        along = sides[np.hypot(*sides.T).argmax()]
        return float(np.arctan2(along[1], along[0]))
