"""Areas on the ellipsoid (椭球面积) of polygons whose edges are straight on the working plane.

The ellipsoidal area is the integral over the plane of ``rho(x, y)``, the ellipsoidal square
metres of a plane square metre there. With λ the longitude and ``Y(φ)`` the authalic ordinate
of the latitude, an element of the ellipsoid is exactly ``a dλ · dY``: so rho is the Jacobian of
``(a λ, Y)`` by (x, y), for any projection. Around one change polygon rho is a quadratic to
better than 1e-10, and a polynomial is integrated over a polygon exactly (Green's theorem). All
pieces of a change share its quadratic: their areas add up to rounding, which measuring
geodesics from corner to corner would not do.

``Y(φ)``: J. P. Snyder, Map Projections: A Working Manual (1987), eq. 3-12.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from pipeline.geometry.settings import AreaSettings

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Shapes = npt.NDArray[Any]  # of shapely geometries

# Steps of the central differences: wide enough that the 1e-9 m of an inverse projection does
# not show, while three of them, extrapolated, leave an error of the order (32 km / R)**6.
_STEPS_M = (8_000.0, 16_000.0, 32_000.0)
_SMALLEST_HALF_BOX_M = 500.0
_GRID = np.array([(i, j) for i in (-1.0, 0.0, 1.0) for j in (-1.0, 0.0, 1.0)])


@dataclass(frozen=True)
class Density:
    """Ellipsoidal m² per plane m² (面积密度) around each origin, one row of six per origin.

    rho = c0 + c1 u + c2 v + c3 u² + c4 u v + c5 v², with (u, v) metres from the origin.
    """

    coefficients: Floats

    def areas_m2(self, shapes: Shapes, origin: Indices) -> Floats:
        """Return the area of each shape, given in metres from the origin of that number."""
        return np.asarray((_moments(shapes) * self.coefficients[origin]).sum(axis=1))


def density(crs: CRS, origins: Floats, boxes: Floats, settings: AreaSettings) -> Density:
    """Fit the density around each origin over its box (n × 4, in the CRS's own metres)."""
    if settings.kind == "plane":
        return Density(np.tile([1.0, 0, 0, 0, 0, 0], (len(origins), 1)))
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, _SMALLEST_HALF_BOX_M)
    nodes = middle[:, None, :] + half[:, None, :] * _GRID  # n × 9 × 2
    rho = _rho(crs, nodes.reshape(-1, 2)).reshape(len(origins), len(_GRID))
    fitted = rho @ np.linalg.pinv(_terms(_GRID)).T  # in units of the half box, about the middle
    return Density(_moved(fitted, half, middle - origins))


def areas_m2(shapes: Shapes, crs: CRS, settings: AreaSettings) -> Floats:
    """Return the area of each polygon, every one about its own origin; null gives 0."""
    boxes = np.nan_to_num(shapely.bounds(shapes))
    origins = np.floor(boxes[:, :2])
    number = np.arange(len(shapes))
    return density(crs, origins, boxes, settings).areas_m2(
        shifted(shapes, -origins, number), number
    )


def shifted(shapes: Shapes, by: Floats, number: Indices) -> Shapes:
    """Return the shapes moved by the row of ``by`` with their number; the inputs stay."""
    moved = np.array(shapes, dtype=object)
    coordinates, index = shapely.get_coordinates(moved, return_index=True)
    shapely.set_coordinates(moved, coordinates + by[number[index]])
    return moved


def _terms(uv: Floats) -> Floats:
    u, v = uv[:, 0], uv[:, 1]
    return np.stack([np.ones(len(uv)), u, v, u * u, u * v, v * v], axis=1)


def _moved(fitted: Floats, half: Floats, offset: Floats) -> Floats:
    """Return the quadratics in metres from the origin, where the middle is at ``offset``."""
    hx, hy, p, q = half[:, 0], half[:, 1], offset[:, 0], offset[:, 1]
    scale = np.stack([np.ones(len(hx)), hx, hy, hx * hx, hx * hy, hy * hy], axis=1)
    c0, c1, c2, c3, c4, c5 = (fitted / scale).T
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


def _moments(shapes: Shapes) -> Floats:
    """Return ∬ (1, u, v, u², u v, v²) over each shape (n × 6)."""
    polygons, owner = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    uv, ring = shapely.get_coordinates(rings, return_index=True)
    if len(uv) == 0:
        return np.zeros((len(shapes), 6))
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    u0, v0 = uv[edge].T
    u1, v1 = uv[edge + 1].T
    # On a ring far from the origin the products below would lose digits; the sums of a change
    # polygon about its own corner stay within 1e-9 m².
    cross = u0 * v1 - u1 * v0
    terms = (
        cross / 2,
        (u0 + u1) * cross / 6,
        (v0 + v1) * cross / 6,
        (u0 * u0 + u0 * u1 + u1 * u1) * cross / 12,
        (u0 * v1 + 2 * u0 * v0 + 2 * u1 * v1 + u1 * v0) * cross / 24,
        (v0 * v0 + v0 * v1 + v1 * v1) * cross / 12,
    )
    shape = owner[polygon[ring[edge]]]
    return np.stack([np.bincount(shape, term, len(shapes)) for term in terms], axis=1)
