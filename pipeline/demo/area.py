"""The planted answers' own area on the ellipsoid (椭球面积), from the plane by the point scale.

A short formula on purpose other than the product's: the plane area divided by the square of the
Gauss-Krüger point scale at the piece's centre. For pieces of a few hundred metres it is right to
about 1e-9 of itself.
"""

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

_A = 6_378_137.0  # CGCS2000, metres
_E2 = 2 / 298.257222101 - 1 / 298.257222101**2
_FALSE_EASTING = 500_000.0  # EPSG:4549


def ellipsoid_m2(shapes: npt.NDArray[np.object_]) -> Floats:
    """Return the areas of small polygons of EPSG:4549 in square metres on the ellipsoid."""
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    return np.asarray(plane_m2(shapes) / square_scale(centre[:, 0], centre[:, 1]))


def plane_m2(shapes: npt.NDArray[np.object_]) -> Floats:
    """Return plane areas by the shoelace rule, each about its own first corner."""
    return np.array([sum(map(_part, shapely.get_parts(shape))) for shape in shapes])


def _part(polygon: shapely.Polygon) -> float:
    rings = (polygon.exterior, *polygon.interiors)
    first, *holes = (_ring(shapely.get_coordinates(ring)) for ring in rings)
    return first - sum(holes)


def _ring(ring: Floats) -> float:
    x, y = (ring - ring[0]).T
    return abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())) / 2


def square_scale(east: Floats, north: Floats) -> Floats:
    """Return the square of the point scale (长度比) at points of EPSG:4549."""
    e1 = (1 - np.sqrt(1 - _E2)) / (1 + np.sqrt(1 - _E2))
    arc = north / (_A * (1 - _E2 / 4 - 3 * _E2**2 / 64 - 5 * _E2**3 / 256))
    foot = arc + 1.5 * e1 * np.sin(2 * arc) + 21 / 16 * e1**2 * np.sin(4 * arc)
    bend = 1 - _E2 * np.sin(foot) ** 2
    radius2 = _A**2 * (1 - _E2) / bend**2  # M · N at the foot of the perpendicular
    share = (east - _FALSE_EASTING) ** 2 / radius2
    return np.asarray(1 + share + share**2 / 3)
