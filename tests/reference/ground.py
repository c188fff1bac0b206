"""The changes about their own origins (局部坐标): large coordinates are half of the evil."""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS

from pipeline.geometry.area import Density, density, shifted
from pipeline.geometry.settings import AreaSettings
from tests.reference.cut import Floats
from tests.reference.layers import Asked, Indices, Meetings
from tests.reference.share import Shared, share_out
from tests.reference.sound import Shapes


@dataclass(frozen=True)
class Ground:
    """Changes in metres from whole metres near each of them, with their area densities."""

    wholes: Shapes
    origins: Floats
    density: Density

    def asked(self, met: Meetings) -> tuple[Asked, Shared]:
        """Return what meets the changes, and the changes shared out among it."""
        asked = met.asked(0, len(self.wholes))
        knives = shifted(asked.geometry, -self.origins, asked.change)
        return asked, share_out(self.wholes, asked, knives)

    def areas_m2(self, shapes: Shapes, change: Indices) -> Floats:
        """Return the areas of shapes that lie about the origins of their changes."""
        return self.density.areas_m2(shapes, change)


def ground_of(shapes: Shapes, crs: str, area: AreaSettings) -> Ground:
    """Return the changes about their origins."""
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    origins = np.floor(boxes[:, :2])
    return Ground(
        shifted(shapes, -origins, np.arange(len(shapes))),
        origins,
        density(CRS(crs), origins, boxes, area),
    )
