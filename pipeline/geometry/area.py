"""Areas on the ellipsoid (椭球面积) of polygons whose edges are straight on the working plane.

The ellipsoidal area is the integral over the plane of ``rho(x, y)``, the ellipsoidal square
metres of a plane square metre there. With λ the longitude and ``Y(φ)`` the authalic ordinate
of the latitude, an element of the ellipsoid is exactly ``a dλ · dY``: so rho is the Jacobian of
``(a λ, Y)`` by (x, y), for any projection. Around one change polygon rho is a quadratic, and a
polynomial is integrated over a polygon exactly (Green's theorem). All pieces of a change share
its quadratic: their areas add up to rounding, which measuring geodesics from corner to corner
would not do.

The quadratics stand on a lattice that is fixed in the CRS: each polygon takes the one through
the 3 × 3 places around the node nearest to the middle of its box. What it gets depends on where
it lies and how large it is, never on what else is measured, and neighbours ask PROJ but once::

    . . .   . node, every 2 km      relative error at most, latitudes 18° to 53°
    . N .   N the nearest one       box half   3° zone, 2°  6° zone, 3.5°  Mercator
    . .#.   # the polygon           ≤ 1 km     1.2e-12      1.9e-12        1.0e-11
                                      4 km     2e-12        2e-11          1.0e-10
                                     16 km     9e-11        4e-10          2.0e-9

Albers has less than 1e-12 at any size; LAEA 6.3e-10, which is what PROJ itself leaves there.
Found against closed forms and Krüger's series to n⁶ (C. F. F. Karney, J. Geod. 85, 2011).

``Y(φ)``: J. P. Snyder, Map Projections: A Working Manual (1987), eq. 3-12.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from pipeline.geometry.settings import AreaSettings
from pipeline.geometry.sweep.moments import moments

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Shapes = npt.NDArray[Any]  # of shapely geometries

# Steps of the central differences: wide enough that the 1e-9 m of an inverse projection does
# not show, while three of them, extrapolated, leave an error of the order (32 km / R)**6.
_STEPS_M = (8_000.0, 16_000.0, 32_000.0)
_SPACING_M = 2_000.0
_ROW = 1 << 32  # more nodes than a lattice has in a row
_AROUND = np.array([(i, j) for i in (-1.0, 0.0, 1.0) for j in (-1.0, 0.0, 1.0)])
_U, _V = _AROUND.T
# What each of the nine adds to the coefficients of the quadratic of least squares (9 × 6).
_WEIGHTS = np.linalg.pinv(np.stack([np.ones(9), _U, _V, _U * _U, _U * _V, _V * _V], axis=1)).T


@dataclass(frozen=True)
class Density:
    """Ellipsoidal m² per plane m² (面积密度) around each origin, one row of six per origin.

    rho = c0 + c1 u + c2 v + c3 u² + c4 u v + c5 v², with (u, v) metres from the origin.
    """

    coefficients: Floats

    def areas_m2(self, shapes: Shapes, origin: Indices) -> Floats:
        """Return the area of each shape, given in metres from the origin of that number."""
        about = moments(shapes, np.zeros((len(shapes), 2)))
        return _integrals(about, self.coefficients[origin])


def density(crs: CRS, origins: Floats, boxes: Floats, settings: AreaSettings) -> Density:
    """Return the density around each origin, good over its box (n × 4, in the CRS's metres).

    A box without finite corners, that of an empty shape, has the density 0.
    """
    if settings.kind == "plane":
        return Density(np.tile([1.0, 0, 0, 0, 0, 0], (len(origins), 1)))
    found = np.zeros((len(origins), 6))
    reaches = _reaches(boxes)
    for reach in np.unique(reaches[np.isfinite(reaches)]):
        here = reaches == reach
        middle = (boxes[here, :2] + boxes[here, 2:]) / 2
        node = np.rint(middle / _SPACING_M) * _SPACING_M
        found[here] = _moved(_fitted(crs, node, reach), reach, node - origins[here])
    return Density(found)


def areas_m2(shapes: Shapes, crs: CRS, settings: AreaSettings) -> Floats:
    """Return the area of each polygon, every one about its own origin; null gives 0.

    One that the CRS does not lead back to the ellipsoid has none: NaN.
    """
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    origins = np.floor(boxes[:, :2])
    return _integrals(
        moments(shapes, origins), density(crs, origins, boxes, settings).coefficients
    )


def shifted(shapes: Shapes, by: Floats, number: Indices) -> Shapes:
    """Return the shapes moved by the row of ``by`` with their number; the inputs stay."""
    moved = np.array(shapes, dtype=object)
    coordinates, index = shapely.get_coordinates(moved, return_index=True)
    shapely.set_coordinates(moved, coordinates + by[number[index]])
    return moved


def _integrals(about: Floats, coefficients: Floats) -> Floats:
    return np.asarray(sum(about[:, k] * coefficients[:, k] for k in range(6)))


def _reaches(boxes: Floats) -> Floats:
    """Return how far around its node each box is fitted: 2 km, 4 km, 8 km …, at least its half."""
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0) / 2
    mantissa, exponent = np.frexp(half / _SPACING_M)
    level = np.maximum(exponent - (mantissa == 0.5), 0)  # the least with 2**level >= the ratio
    return np.where(np.isfinite(half), np.ldexp(_SPACING_M, level), np.nan)


def _fitted(crs: CRS, node: Floats, reach: float) -> Floats:
    """Return the quadratic about each node, in units of the reach (n × 6).

    A place is asked once, however many boxes lie near it.
    """
    centre, of_box = _distinct(node)
    around, of_centre = _distinct((centre[:, None] + _AROUND * reach).reshape(-1, 2))
    rho = _rho(crs, around)[of_centre].reshape(-1, len(_AROUND))
    # Added up one by one: the order of a library's product may depend on how many are asked.
    return np.asarray(sum(rho[:, k, None] * _WEIGHTS[k] for k in range(9)))[of_box]


def _distinct(node: Floats) -> tuple[Floats, Indices]:
    """Return the distinct nodes, and which of them each one is."""
    number = node / _SPACING_M
    _, first, which = np.unique(
        number[:, 0] * _ROW + number[:, 1], return_index=True, return_inverse=True
    )
    return node[first], which


def _moved(fitted: Floats, reach: float, node: Floats) -> Floats:
    """Return the quadratics in metres from the origin, where the node is at ``node``."""
    p, q = node.T
    h = reach
    c0, c1, c2, c3, c4, c5 = (fitted / [1, h, h, h * h, h * h, h * h]).T
    return np.stack(
        [
            c0 - c1 * p - c2 * q + c3 * p * p + c4 * p * q + c5 * q * q,
            c1 - 2 * c3 * p - c4 * q,
            c2 - c4 * p - 2 * c5 * q,
            c3,
            c4,
            c5,
        ],
        axis=1,
    )


def _rho(crs: CRS, points: Floats) -> Floats:
    """Return the Jacobian of (a λ, Y) by (x, y) at the points."""
    geographic = crs.geodetic_crs
    if geographic is None or geographic.ellipsoid is None:
        raise ValueError(f"{crs.name}: no ellipsoid")
    ellipsoid = geographic.ellipsoid
    a = ellipsoid.semi_major_metre
    f = 1 / ellipsoid.inverse_flattening if ellipsoid.inverse_flattening else 0.0
    inverse = Transformer.from_crs(crs, geographic, always_xy=True)

    def authalic(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        lon, lat = inverse.transform(x, y)
        nowhere = ~(np.isfinite(lon) & np.isfinite(lat))
        lon[nowhere] = lat[nowhere] = np.nan  # infinite there: what lies there has no area
        return a * np.radians(lon), _authalic_ordinate(np.radians(lat), a, f)

    x, y = points[:, 0], points[:, 1]
    dx = [_differences(authalic(x + h, y), authalic(x - h, y), h) for h in _STEPS_M]
    dy = [_differences(authalic(x, y + h), authalic(x, y - h), h) for h in _STEPS_M]
    (lon_x, ord_x), (lon_y, ord_y) = _extrapolated(dx), _extrapolated(dy)
    return np.asarray(np.abs(lon_x * ord_y - lon_y * ord_x))


def _differences(
    ahead: tuple[Floats, Floats], behind: tuple[Floats, Floats], h: float
) -> Floats:
    return np.stack([(ahead[k] - behind[k]) / (2 * h) for k in (0, 1)])


def _extrapolated(levels: list[Floats]) -> Floats:
    """Richardson's extrapolation of differences with steps h, 2h, 4h."""
    fine, middle, coarse = levels
    first, second = fine + (fine - middle) / 3, middle + (middle - coarse) / 3
    return first + (first - second) / 15


def _authalic_ordinate(lat: Floats, a: float, f: float) -> Floats:
    """Return Y(φ) = a q(φ) / 2, in metres."""
    e2 = f * (2 - f)
    sine = np.sin(lat)
    if e2 == 0:
        return np.asarray(a * sine)
    e = np.sqrt(e2)
    q = (1 - e2) * (sine / (1 - e2 * sine**2) + np.arctanh(e * sine) / e)
    return np.asarray(a * q / 2)
