"""Moments of polygons (图形矩): what a polynomial needs to be integrated over them exactly.

By Green's theorem every moment is a sum over the edges of a ring. Which way a ring runs is told
by the sign of its own area: shells count up, holes count down, however they were received.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType

from pipeline.geometry.sweep.compiled import compiled

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Shapes = npt.NDArray[Any]  # of shapely geometries

_CHUNK = 50_000  # shapes at once: their corners are copied
_SHELL, _HOLE = 1, -1


def moments(shapes: Shapes, origin: Floats) -> Floats:
    """Return ∬ (1, u, v, u², u v, v²) over each shape (n × 6), null and lines giving 0.

    (u, v) are metres from the shape's own row of ``origin`` (n × 2); the shapes and the origins
    are given in the same coordinates.
    """
    found = np.zeros((len(shapes), 6))
    for first in range(0, len(shapes), _CHUNK):
        rows = slice(first, first + _CHUNK)
        _add(shapes[rows], origin[rows], found[rows])
    return found


def _add(shapes: Shapes, origin: Floats, to: Floats) -> None:
    """Add the moments of the shapes; rings are only made of those that have several."""
    xy, start = corners(shapes)
    kinds = shapely.get_type_id(shapes)
    polygon = (kinds == GeometryType.POLYGON) | (kinds == GeometryType.MULTIPOLYGON)
    is_one = polygon & is_one_ring(xy, start)
    _sum(xy, start, is_one.astype(np.int64), np.arange(len(shapes)), origin, to)
    rest = np.flatnonzero(~is_one)
    parts, of_part = shapely.get_parts(shapes[rest], return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    role = np.where(np.diff(of_ring, prepend=-1) > 0, _SHELL, _HOLE)  # the shell comes first
    _sum(*corners(rings), role, rest[of_part[of_ring]], origin, to)


def corners(shapes: Shapes) -> tuple[Floats, Indices]:
    """Return all corners of the shapes, and where those of each begin and the last ends."""
    start = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(shapes))])
    return shapely.get_coordinates(shapes), start


@compiled
def is_one_ring(xy: Any, start: Any) -> Any:
    """Tell of each shape whether its first corner comes again at its very end only.

    A ring ends where it began: had the shape a second one, it would have come again before.
    """
    found = np.zeros(len(start) - 1, np.bool_)
    for shape in range(len(start) - 1):
        first, last = start[shape], start[shape + 1] - 1
        i = first + 1
        while i < last and not (xy[i, 0] == xy[first, 0] and xy[i, 1] == xy[first, 1]):
            i += 1
        found[shape] = i == last
    return found


@compiled
def _sum(xy: Any, start: Any, role: Any, owner: Any, origin: Any, to: Any) -> None:
    """Add the moments of each ring to its owner's: a shell's up, a hole's down, 0 not at all."""
    for ring in range(len(start) - 1):
        if role[ring] == 0:
            continue
        shape = owner[ring]
        x, y = origin[shape]
        m0 = mu = mv = muu = muv = mvv = 0.0
        for i in range(start[ring], start[ring + 1] - 1):
            u0, v0 = xy[i, 0] - x, xy[i, 1] - y
            u1, v1 = xy[i + 1, 0] - x, xy[i + 1, 1] - y
            # On a ring far from the origin these products would lose digits; the sums of a
            # change polygon about its own corner stay within 1e-9 m².
            cross = u0 * v1 - u1 * v0
            m0 += cross
            mu += (u0 + u1) * cross
            mv += (v0 + v1) * cross
            muu += (u0 * u0 + u0 * u1 + u1 * u1) * cross
            muv += (u0 * v1 + 2 * u0 * v0 + 2 * u1 * v1 + u1 * v0) * cross
            mvv += (v0 * v0 + v0 * v1 + v1 * v1) * cross
        sign = role[ring] if m0 > 0 else -role[ring]
        to[shape, 0] += sign * m0 / 2
        to[shape, 1] += sign * mu / 6
        to[shape, 2] += sign * mv / 6
        to[shape, 3] += sign * muu / 12
        to[shape, 4] += sign * muv / 24
        to[shape, 5] += sign * mvv / 12
