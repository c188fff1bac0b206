"""Areas from fractions (精确面积): an even-odd overlay of polygons without any rounding.

Every double is a fraction. Between two neighbouring abscissas of corners and crossings no two
edges cross; there the ground is trapezoids, and the width of the slab times the heights at its
middle is their area to the last digit. Nothing of it is shared with the engine or with GEOS;
it is slow, and short enough to be believed.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Edge = tuple[Fraction, Fraction, Fraction, Fraction]  # left x, y there, right x, slope
NOTHING = Fraction(0)


def exact_areas(*shapes: BaseGeometry) -> dict[tuple[bool, ...], Fraction]:
    """Return the area of each combination of inside and outside: ``{(True, False): 3}``.

    Inside is told by the even-odd rule over all rings of a shape. Ground outside all of them
    is not told.
    """
    owner, edges = [], []
    for number, shape in enumerate(shapes):
        found = _edges(shape)
        owner += [number] * len(found)
        edges += found
    places = sorted(
        {x for left, _, right, _ in edges for x in (left, right)} | _crossings(edges)
    )
    begin = sorted(range(len(edges)), key=lambda i: edges[i][0])
    areas: dict[tuple[bool, ...], Fraction] = {}
    active: list[int] = []
    begun = 0
    for left, right in pairwise(places):
        active = [i for i in active if edges[i][2] > left]
        while begun < len(begin) and edges[begin[begun]][0] <= left:
            active.append(begin[begun])
            begun += 1
        middle = (left + right) / 2
        heights = sorted((_height(edges[i], middle), owner[i]) for i in active)
        _climb(heights, len(shapes), right - left, areas)
    return areas


def _climb(
    heights: Sequence[tuple[Fraction, int]],
    count: int,
    width: Fraction,
    areas: dict[tuple[bool, ...], Fraction],
) -> None:
    """Add the trapezoids of a slab, from below."""
    inside = [False] * count
    below = NOTHING
    for height, one in heights:
        if any(inside):
            key = tuple(inside)
            areas[key] = areas.get(key, NOTHING) + width * (height - below)
        inside[one] = not inside[one]
        below = height
    assert not any(inside)


def _edges(shape: BaseGeometry) -> list[Edge]:
    """Return the edges that are not vertical: those have no area below them."""
    edges = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        corners = [
            (Fraction(x), Fraction(y)) for x, y in shapely.get_coordinates(ring).tolist()
        ]
        for one, other in pairwise(corners):
            (xa, ya), (xb, yb) = sorted((one, other))
            if xa < xb:
                edges.append((xa, ya, xb, (yb - ya) / (xb - xa)))
    return edges


def _height(edge: Edge, x: Fraction) -> Fraction:
    return edge[1] + (x - edge[0]) * edge[3]


def _crossings(edges: Sequence[Edge]) -> set[Fraction]:
    """Return the abscissas where two edges cross, away from their ends."""
    ends = np.array(
        [(float(e[0]), float(e[1]), float(e[2]), float(_height(e, e[2]))) for e in edges]
    ).reshape(-1, 4)
    low, high = ends[:, [1, 3]].min(axis=1), ends[:, [1, 3]].max(axis=1)
    found = set()
    for i, (left, _, right, slope) in enumerate(edges):
        near = (ends[:i, 0] < ends[i, 2]) & (ends[i, 0] < ends[:i, 2])
        near &= (low[:i] <= high[i]) & (low[i] <= high[:i])
        for j in np.flatnonzero(near):
            other = edges[j]
            if slope == other[3]:
                continue
            x = (_height(other, NOTHING) - _height(edges[i], NOTHING)) / (slope - other[3])
            if max(left, other[0]) < x < min(right, other[2]):
                found.add(x)
    return found
