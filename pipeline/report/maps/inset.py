"""Parts far from the bulk of a county, moved into boxes beside it (远离部分的移位框).

A county with islands far out would shrink to a corner of its own map. What lies far off is drawn
beside the bulk, at its scale wherever there is room, in a box that says that it was moved.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]  # west, south, east, north

_ROOM = 0.04  # of the extent, free on each side
_NEAR = 0.05  # of the diagonal: parts nearer to each other lie together
_HARMLESS = 1.05  # a part that shrinks the map by less stays where it is
_WORTH = 1.2  # boxes are made only where the map of the bulk grows by as much
_MOST_AREA, _MOST_BOXES = 0.25, 6  # of the county in boxes; boxes
_FACTORS = (1.0, 0.75, 0.5, 0.35, 0.25)
_GRID = 40  # places tried for a box, each way
_LEAST = 0.06  # of the map's height: a smaller box could not say what it is


@dataclass(frozen=True)
class Inset:
    """A box with what was moved into it (移位框): ``source`` is where that lay.

    A place (x, y) of it is drawn at ``factor``·x + ``dx``, ``factor``·y + ``dy``.
    """

    source: Bounds
    factor: float
    dx: float
    dy: float

    @property
    def box(self) -> Bounds:
        """Where the box stands on the map."""
        west, south, east, north = self.source
        k, dx, dy = self.factor, self.dx, self.dy
        return k * west + dx, k * south + dy, k * east + dx, k * north + dy


@dataclass(frozen=True)
class Layout:
    """What a map shows (图面布置): the extent that must fit, and what was moved into boxes."""

    bounds: Bounds
    insets: tuple[Inset, ...] = ()

    def moved(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape with its far parts where they are drawn."""
        parts = shapely.get_parts(shape)
        for inset in self.insets:
            k, dx, dy = inset.factor, inset.dx, inset.dy
            here = shapely.within(parts, shapely.box(*inset.source))
            if here.any():
                far = [affine_transform(part, (k, 0, 0, k, dx, dy)) for part in parts[here]]
                parts = np.array([*parts[~here], *far], dtype=object)
        return parts[0] if len(parts) == 1 else shapely.multipolygons(list(parts))


def laid_out(shapes: Sequence[BaseGeometry], aspect: float) -> Layout:
    """Return how shapes are laid out on a map of ``aspect`` (width to height).

    Without parts far out, and where no box finds a place, everything stays where it is.
    """
    parts = np.array([part for shape in shapes for part in _polygons(shape)], dtype=object)
    if not len(parts):
        return Layout((0.0, 0.0, 1.0, 1.0))
    whole = Layout(_bounds(parts))
    groups = _groups(parts)
    bulk = max(groups, key=lambda group: float(shapely.area(group).sum()))
    frame, far = _bounds(bulk), []
    others = [group for group in groups if group is not bulk]
    for group in sorted(others, key=lambda group: _metre(_joined(frame, group), aspect)):
        wider = _joined(frame, group)
        if _metre(wider, aspect) < _HARMLESS * _metre(frame, aspect):
            frame = wider
            bulk = np.concatenate([bulk, group])
        else:
            far.append(group)
    share = sum(float(shapely.area(group).sum()) for group in far) / shapely.area(parts).sum()
    is_worth = _metre(whole.bounds, aspect) >= _WORTH * _metre(frame, aspect)
    if not far or not is_worth or share > _MOST_AREA or len(far) > _MOST_BOXES:
        return whole
    return Layout(frame, insets) if (insets := _boxed(frame, bulk, far, aspect)) else whole


def shown(bounds: Bounds, aspect: float) -> Bounds:
    """Return the extent of a map of ``aspect`` that shows ``bounds`` with some room."""
    west, south, east, north = bounds
    metre = _metre(bounds, aspect)
    x, y = (west + east) / 2, (south + north) / 2
    return x - metre * aspect / 2, y - metre / 2, x + metre * aspect / 2, y + metre / 2


def _metre(bounds: Bounds, aspect: float) -> float:
    """Return the height of the map that shows ``bounds``: what its scale goes by."""
    west, south, east, north = bounds
    wide, high = max(east - west, 1.0), max(north - south, 1.0)
    return max(wide / aspect, high) * (1 + 2 * _ROOM)


def _groups(parts: np.ndarray) -> list[np.ndarray]:
    """Return parts by what lies together."""
    bounds = _bounds(parts)
    reach = _NEAR * float(np.hypot(bounds[2] - bounds[0], bounds[3] - bounds[1])) / 2
    west, south, east, north = shapely.bounds(parts).T
    boxes = shapely.box(west - reach, south - reach, east + reach, north + reach)
    areas = shapely.get_parts(shapely.union_all(boxes))
    number = np.array([np.flatnonzero(shapely.intersects(areas, box))[0] for box in boxes])
    return [parts[number == n] for n in range(len(areas))]


def _boxed(
    frame: Bounds, bulk: np.ndarray, far: list[np.ndarray], aspect: float
) -> tuple[Inset, ...]:
    """Return a box for each far group, none where one of them finds no place."""
    page = shown(frame, aspect)
    high = page[3] - page[1]
    tolerance, pad = high / 400, high / 60
    busy = [shapely.union_all(shapely.simplify(bulk, tolerance)).buffer(pad)]
    insets: list[Inset] = []
    for group in sorted(far, key=lambda group: -float(shapely.area(group).sum())):
        source = _source(_bounds(group), pad, _LEAST * high)
        tries = (_placed(source, factor, page, pad, busy) for factor in _FACTORS)
        inset = next((one for one in tries if one is not None), None)
        if inset is None:
            return ()
        insets.append(inset)
        busy.append(shapely.box(*inset.box).buffer(pad))
    return tuple(insets)


def _source(bounds: Bounds, pad: float, least: float) -> Bounds:
    """Return the ground that a box shows: the group with some room, never less than ``least``."""
    west, south, east, north = bounds
    x, y = (west + east) / 2, (south + north) / 2
    wide, high = (max(size + 2 * pad, least) for size in (east - west, north - south))
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _placed(
    source: Bounds, factor: float, page: Bounds, pad: float, busy: list[BaseGeometry]
) -> Inset | None:
    """Return the box at the free place nearest to where its ground really lies, if any."""
    wide, high = (factor * (source[i + 2] - source[i]) for i in (0, 1))
    xs = np.linspace(page[0] + pad, page[2] - pad - wide, _GRID)
    ys = np.linspace(page[1] + pad, page[3] - pad - high, _GRID)
    if xs[-1] < xs[0] or ys[-1] < ys[0]:
        return None
    corners = np.array(list(itertools.product(xs, ys)))
    x, y = corners.T
    boxes = shapely.box(x, y, x + wide, y + high)
    free = ~np.any([shapely.intersects(one, boxes) for one in busy], axis=0)
    if not free.any():
        return None
    away = np.hypot(x + wide / 2 - (source[0] + source[2]) / 2,
                    y + high / 2 - (source[1] + source[3]) / 2)  # fmt: skip
    best = int(np.argmin(np.where(free, away, np.inf)))
    return Inset(source, factor, *(corners[best] - factor * np.array(source[:2])).tolist())


def _joined(bounds: Bounds, group: np.ndarray) -> Bounds:
    other = _bounds(group)
    west, south = (min(bounds[i], other[i]) for i in (0, 1))
    east, north = (max(bounds[i], other[i]) for i in (2, 3))
    return west, south, east, north


def _bounds(parts: np.ndarray) -> Bounds:
    west, south, east, north = (float(value) for value in shapely.total_bounds(parts))
    return west, south, east, north


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    parts = shapely.get_parts(shape)
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
