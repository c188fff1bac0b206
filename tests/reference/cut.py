"""Cut shapes in two, with proof (切割): no area invented, none lost.

GEOS now and then invents area on hair-thin remainders, without an error, and two neighbours
that only touch can come back as overlapping. So every cut is checked: the part and the rest
must add up to the whole, and a point of each must lie where it should. A cut that fails is done
again another way; one that fails every way is reported, never believed.

Shapes here are in metres from an origin of their own: large coordinates are half of the evil.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon, affinity
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from tests.reference.sound import Shapes, all_sound, sound

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

EMPTY = Polygon()

_Two = tuple[BaseGeometry, BaseGeometry]  # part and rest
_Attempt = Callable[[], _Two]
_WITNESSED_M2 = 1e-4  # a booking unit: what weighs less needs no witness
_HAIR_M = 1e-6  # no point is surely inside of what is thinner
_TURNS_DEGREES = (37.0, 71.0, 11.0)


@dataclass(frozen=True)
class Cut:
    """Wholes cut by knives, row by row: what lies in the knife, what does not, is it proven."""

    parts: Shapes
    rests: Shapes
    proven: Flags


def tolerance_m2(whole_m2: Floats | float) -> Floats:
    """Return how far parts may differ from their whole: 1e-6 m², or 1e-9 of it."""
    return np.maximum(1e-6, 1e-9 * np.asarray(whole_m2))


def cut(wholes: Shapes, knives: Shapes) -> Cut:
    """Cut each whole by its knife; the few that fail the proof are done again one by one."""
    if len(wholes) == 0:
        return Cut(wholes, wholes, np.zeros(0, dtype=bool))
    try:
        parts = all_sound(shapely.intersection(wholes, knives))
        rests = all_sound(shapely.difference(wholes, knives))
        proven = _proven(wholes, knives, parts, rests)
    except GEOSException:
        parts, rests = wholes.copy(), np.full(len(wholes), EMPTY)
        proven = np.zeros(len(wholes), dtype=bool)
    for i in np.flatnonzero(~proven):
        parts[i], rests[i], proven[i] = cut_again(wholes[i], knives[i])
    return Cut(parts, rests, proven)


def cut_again(
    whole: BaseGeometry, knife: BaseGeometry
) -> tuple[BaseGeometry, BaseGeometry, bool]:
    """Cut one whole in other ways until one is proven; the last is returned as not proven."""
    return _first_proven(whole, knife, _ways(whole, knife))


def _first_proven(
    whole: BaseGeometry, knife: BaseGeometry, ways: Iterable[_Attempt]
) -> tuple[BaseGeometry, BaseGeometry, bool]:
    part, rest = EMPTY, whole
    for way in ways:
        try:
            part, rest = way()
        except GEOSException:
            continue
        if _is_proven(whole, knife, part, rest):
            return part, rest, True
    return part, rest, False


def _proven(wholes: Shapes, knives: Shapes, parts: Shapes, rests: Shapes) -> Flags:
    whole, part, rest = (shapely.area(shapes) for shapes in (wholes, parts, rests))
    balanced = np.abs(part + rest - whole) <= tolerance_m2(whole)
    return np.asarray(balanced & within(parts, knives) & within(rests, knives, inside=False))


def _is_proven(*shapes: BaseGeometry) -> bool:
    wholes, knives, parts, rests = (np.array([shape], dtype=object) for shape in shapes)
    return bool(_proven(wholes, knives, parts, rests)[0])


def within(shapes: Shapes, knives: Shapes, *, inside: bool = True) -> Flags:
    """Tell whether a point inside each polygon of each shape is in its knife (or is not)."""
    right = np.ones(len(shapes), dtype=bool)
    heavy = np.flatnonzero(shapely.area(shapes) > _WITNESSED_M2)
    polygons, owner = shapely.get_parts(shapes[heavy], return_index=True)
    seen = shapely.area(polygons) > _WITNESSED_M2
    polygons, owner = polygons[seen], heavy[owner[seen]]
    wrong = np.flatnonzero(
        shapely.intersects(knives[owner], shapely.point_on_surface(polygons)) != inside
    )
    # GEOS at times puts that point on the very border. The middle of the largest circle inside
    # is dearer, but farthest from any border; a hair without such a circle proves nothing.
    radius = shapely.maximum_inscribed_circle(polygons[wrong])
    middle = shapely.get_point(radius, 0)
    certain = shapely.length(radius) > _HAIR_M
    again = shapely.intersects(knives[owner[wrong]], middle) != inside
    right[owner[wrong[again & certain]]] = False
    return right


def _ways(whole: BaseGeometry, knife: BaseGeometry) -> Iterator[_Attempt]:
    """Yield other ways of the same cut, the likeliest to succeed first."""
    yield from _simple_ways(whole, knife)
    yield lambda: _part_by_part(whole, knife)


def _simple_ways(whole: BaseGeometry, knife: BaseGeometry) -> Iterator[_Attempt]:
    if not shapely.relate_pattern(whole, knife, "T********"):
        yield lambda: (EMPTY, whole)  # they only touch
        return
    yield lambda: _moved(whole, knife)
    for degrees in _TURNS_DEGREES:
        yield partial(_turned, whole, knife, _plain, degrees)
    yield partial(_turned, whole, knife, _other_order, _TURNS_DEGREES[0])
    yield lambda: _other_order(whole, knife)


def _plain(whole: BaseGeometry, knife: BaseGeometry) -> _Two:
    return sound(whole.intersection(knife)), sound(whole.difference(knife))


def _other_order(whole: BaseGeometry, knife: BaseGeometry) -> _Two:
    """Cut by what is left of the whole, not by the knife."""
    rest = sound(whole.difference(knife))
    return sound(whole.difference(rest)), rest


def _moved(whole: BaseGeometry, knife: BaseGeometry) -> _Two:
    """Cut about the whole's own origin; whole metres, so that the move is exact."""
    x, y = np.floor(whole.bounds[:2])
    made = _plain(affinity.translate(whole, -x, -y), affinity.translate(knife, -x, -y))
    return affinity.translate(made[0], x, y), affinity.translate(made[1], x, y)


def _turned(
    whole: BaseGeometry,
    knife: BaseGeometry,
    way: Callable[[BaseGeometry, BaseGeometry], _Two],
    degrees: float,
) -> _Two:
    """Cut turned about the whole's corner: every coordinate is rounded another way."""
    corner = tuple(whole.bounds[:2])
    turned = [affinity.rotate(shape, degrees, origin=corner) for shape in (whole, knife)]
    part, rest = (affinity.rotate(shape, -degrees, origin=corner) for shape in way(*turned))
    return sound(part), sound(rest)  # turning back rounds, and may fold a hair


def _part_by_part(whole: BaseGeometry, knife: BaseGeometry) -> _Two:
    """Cut each polygon of the whole by each polygon of the knife, every cut proven."""
    parts, rests = [], []
    for polygon in shapely.get_parts(whole):
        rest = polygon
        for blade in shapely.get_parts(knife):
            part, rest, _ = _first_proven(rest, blade, _simple_ways(rest, blade))
            parts.extend(shapely.get_parts(part))
        rests.extend(shapely.get_parts(rest))
    return _gathered(parts), _gathered(rests)


def _gathered(polygons: list[BaseGeometry]) -> BaseGeometry:
    """Return polygons that share no ground as one shape."""
    kept = [polygon for polygon in polygons if polygon.area > 0]
    if not kept:
        return EMPTY
    # Parts of one shape touch in points at most: no union is needed, and none can go wrong.
    together = shapely.multipolygons(kept)
    return together if together.is_valid else sound(shapely.union_all(kept))
