"""Where labels of areas go so that none overlaps another (注记避让).

Everything here is in pixels of the page. A label sits inside its area at the largest type that
fits; where none fits it is set beside it with a leader. A label that has a short form (a number)
gives way to it before it covers the ground of others. Where there is no room at all it is left
out and counted, never printed over another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Extent = tuple[float, float]
Sizes = Mapping[float, Extent]

_GRID = 17  # positions tried across an area, each way
_ANGLES = 32
_MOSTLY = 0.8  # share of a label that must lie in its area where it cannot lie there wholly
_GAP = 3.0  # pixels kept clear around a label
_ON_LAND = 2.5  # a place over other areas counts as this much farther away
_REACH = 0.12  # of the frame's diagonal: the longest leader of a label that has a short form


@dataclass(frozen=True)
class Label:
    """A label to place (待定注记): its area and its width and height at each type size.

    ``short`` are the same of its short form, where it has one. Largest sizes first.
    """

    area: BaseGeometry
    sizes: Sizes
    short: Sizes = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a label goes (注记位置): its middle, its type size, the end of its leader if any."""

    x: float
    y: float
    size: float
    box: BaseGeometry
    leader: tuple[float, float] | None = None
    is_short: bool = False


@dataclass(frozen=True)
class _Ground:
    """What a label must respect (避让对象): the frame, all areas, and what was placed before."""

    frame: BaseGeometry
    land: BaseGeometry
    placed: list[Place]


def place_labels(labels: Sequence[Label], frame: BaseGeometry) -> list[Place | None]:
    """Return a place for each label, null where the frame has no room left for it.

    Small areas choose first, so that a small township is not crowded out by a large one.
    """
    places: list[Place | None] = [_inside(label.area, label.sizes) for label in labels]
    order = sorted(range(len(labels)), key=lambda i: (labels[i].area.area, i))
    land = shapely.union_all([shapely.make_valid(label.area) for label in labels])
    shapely.prepare(land)
    for attempt in (_mostly, _led):
        for i in order:
            if places[i] is None and not labels[i].area.is_empty:
                ground = _Ground(frame, land, [p for p in places if p])
                places[i] = attempt(labels[i], ground)
    return places


def _mostly(label: Label, ground: _Ground) -> Place | None:
    """Try the short form inside, then, with what form there is, a place mostly inside."""
    if not label.short:
        return _mostly_inside(label.area, label.sizes, ground)
    inside = _inside(label.area, label.short)
    if inside is None or not _free(np.array([inside.box]), ground.placed)[0]:
        inside = _mostly_inside(label.area, label.short, ground)
    return inside and replace(inside, is_short=True)


def _led(label: Label, ground: _Ground) -> Place | None:
    """Try a middle size first: with a leader there is no need for the smallest type."""
    sizes = list(label.sizes.items())
    sizes = sizes[-1:] if label.short else sizes[len(sizes) // 2 :]
    tries = (_beside(label.area, size, ground, is_crowded=bool(label.short)) for size in sizes)
    return next((place for place in tries if place), None)


def _inside(area: BaseGeometry, sizes: Sizes) -> Place | None:
    if area.is_empty:
        return None
    shapely.prepare(area)
    middles = _middles(area)
    for size, extent in sizes.items():
        boxes = _boxes(middles, extent)
        fits = np.flatnonzero(shapely.contains_properly(area, boxes))
        if fits.size:
            return _place(middles[fits[0]], size, extent)
    return None


def _mostly_inside(area: BaseGeometry, sizes: Sizes, ground: _Ground) -> Place | None:
    middles = _middles(area)
    size, extent = list(sizes.items())[-1]
    boxes = _boxes(middles, extent)
    free = _free(boxes, ground.placed) & shapely.within(boxes, ground.frame)
    shares = shapely.area(shapely.intersection(boxes, area)) / shapely.area(boxes)
    best = int(np.argmax(np.where(free, shares, -1.0)))
    if not free[best] or shares[best] < _MOSTLY:
        return None
    return _place(middles[best], size, extent)


def _beside(
    area: BaseGeometry,
    size: tuple[float, Extent],
    ground: _Ground,
    *,
    is_crowded: bool,
) -> Place | None:
    """Return the nearest free place with a leader; in a crowd it must be near, and off all land."""
    anchor = pole(area)
    points, extent = size
    middles, distances = _rings(anchor, extent, ground.frame, _REACH if is_crowded else np.inf)
    boxes = _boxes(middles, extent)
    leaders = shapely.linestrings(
        np.stack([np.broadcast_to(anchor, middles.shape), middles], 1)
    )
    good = shapely.within(boxes, ground.frame)
    good &= ~shapely.intersects(boxes, shapely.Point(anchor))
    over = shapely.intersects(ground.land, boxes)
    if is_crowded:
        good &= ~over
    if good.any():
        good[good] = _free(boxes[good], ground.placed) & _free(leaders[good], ground.placed)
    if not good.any():
        return None
    cost = np.where(good, distances * np.where(over, _ON_LAND, 1.0), np.inf)
    best = int(np.argmin(cost))
    return _place(middles[best], points, extent, (float(anchor[0]), float(anchor[1])))


def _place(
    middle: npt.NDArray[np.float64],
    size: float,
    extent: Extent,
    leader: tuple[float, float] | None = None,
) -> Place:
    x, y = float(middle[0]), float(middle[1])
    return Place(x, y, size, _boxes(middle[None, :], extent)[0], leader)


def _free(shapes: npt.NDArray[np.object_], placed: list[Place]) -> npt.NDArray[np.bool_]:
    """Tell which shapes keep clear of every label and leader that is already there."""
    taken = [place.box for place in placed]
    taken += [
        shapely.LineString([place.leader, (place.x, place.y)])
        for place in placed
        if place.leader is not None
    ]
    if not taken:
        return np.ones(len(shapes), dtype=bool)
    busy = shapely.geometrycollections(taken)
    shapely.prepare(busy)
    return ~np.asarray(shapely.intersects(busy, shapes))


def pole(area: BaseGeometry) -> npt.NDArray[np.float64]:
    """Return the point deepest inside an area ."""
    circle = shapely.maximum_inscribed_circle(area, tolerance=1.0)
    return np.asarray(shapely.get_coordinates(circle)[0])


def _middles(area: BaseGeometry) -> npt.NDArray[np.float64]:
    """Return places to try inside an area, the deepest first, then outwards from it."""
    deepest = pole(area)
    x0, y0, x1, y1 = area.bounds
    xs, ys = np.linspace(x0, x1, _GRID + 2)[1:-1], np.linspace(y0, y1, _GRID + 2)[1:-1]
    grid = np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2)
    away = np.hypot(*(grid - deepest).T)
    return np.vstack([deepest, grid[np.argsort(away, kind="stable")]])


def _rings(
    anchor: npt.NDArray[np.float64], extent: Extent, frame: BaseGeometry, limit: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return places on rings around a point and how far each is."""
    x0, y0, x1, y1 = frame.bounds
    step = extent[1] / 2
    diagonal = np.hypot(x1 - x0, y1 - y0)
    radii = np.arange(extent[1], min(diagonal, limit * diagonal), step)
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    radius, angle = (part.ravel() for part in np.meshgrid(radii, angles, indexing="ij"))
    # Wide labels go farther sideways than up, so that the leader shows on every side.
    shift = np.stack([np.cos(angle) * (radius + extent[0] / 3), np.sin(angle) * radius], -1)
    return anchor + shift, radius


def _boxes(middles: npt.NDArray[np.float64], extent: Extent) -> npt.NDArray[np.object_]:
    half = np.array(extent) / 2 + _GAP
    low, high = middles - half, middles + half
    return np.asarray(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
