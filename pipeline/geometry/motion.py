"""A county moved and turned as a whole (平移旋转): areas, overlaps and angles stay, the place goes."""

import hashlib
import hmac
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[Any]
# Where everything is moved to: a zone whose plane hardly stretches there, in the middle of China.
TARGET_CRS = "EPSG:4549"
_EAST, _NORTH = 500_000.0, 3_300_000.0
_EAST_SPREAD, _NORTH_SPREAD = 20_000.0, 250_000.0
# Turned by at least this from where a map would show the same picture.
_LEAST_TURN, _QUARTER = 20.0, 90.0


@dataclass(frozen=True)
class Motion:
    """A turn about ``centre``, a common factor, and a shift to ``target``; metres, degrees."""

    centre: tuple[float, float]
    target: tuple[float, float]
    turn_degrees: float
    scale: float

    def moved(self, shapes: Shapes) -> Shapes:
        """Return the shapes moved, null and empty ones as they are; without heights."""
        angle = math.radians(self.turn_degrees)
        along, across = self.scale * math.cos(angle), self.scale * math.sin(angle)
        matrix = np.array([[along, -across], [across, along]])

        def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            turned = (points - np.array(self.centre)) @ matrix.T
            return np.asarray(turned + np.array(self.target), dtype=np.float64)

        return np.asarray(shapely.transform(shapely.force_2d(shapes), move), dtype=object)


def motion_of(key: bytes, name: str, centre: tuple[float, float], scale: float) -> Motion:
    """Return the motion that a secret key gives a case: the same key and name, the same motion."""
    digest = hmac.new(key, name.encode(), hashlib.sha256).digest()
    quarter, turn, east, north = (
        int.from_bytes(digest[start : start + 8]) / 2**64 for start in (0, 8, 16, 24)
    )
    free = _QUARTER - 2 * _LEAST_TURN
    degrees = _QUARTER * int(4 * quarter) + _LEAST_TURN + free * turn
    target = (
        _EAST + _EAST_SPREAD * (2 * east - 1),
        _NORTH + _NORTH_SPREAD * (2 * north - 1),
    )
    return Motion(centre, target, degrees, scale)
