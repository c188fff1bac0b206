"""Dividing ground into fields (田块): cut across the longer side until small enough."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.terrain import Floats


@dataclass(frozen=True)
class Plot:
    """A piece of ground of one town and use, to be divided into parcels of ``target_m2``."""

    shape: shapely.Polygon
    town: int
    use: str
    level: int
    target_m2: float
    strips: bool  # the last cuts run along the longer side


def divide(rng: np.random.Generator, plots: list[Plot]) -> list[Plot]:
    """Return the plots divided; every part keeps its plot's town, use and level."""
    done: list[Plot] = []
    shapes = np.array([plot.shape for plot in plots], dtype=object)
    owner = np.arange(len(plots))
    target = np.array([plot.target_m2 for plot in plots]) * rng.lognormal(0, 0.45, len(plots))
    strips = np.array([plot.strips for plot in plots])
    while len(shapes):
        small = shapely.area(shapes) < target * 1.5
        done += [
            Plot(shape, plots[row].town, plots[row].use, plots[row].level, 0.0, strips=False)
            for shape, row in zip(shapes[small], owner[small], strict=True)
        ]
        shapes, owner = shapes[~small], owner[~small]
        wanted = target[~small]
        along = strips[owner] & (shapely.area(shapes) < wanted * 6.5)
        parts, parent = _halves(rng, shapes, along)
        shapes, owner = parts, owner[parent]
        target = wanted[parent] * rng.lognormal(0, 0.16, len(parent))
    return done


def _halves(
    rng: np.random.Generator, shapes: npt.NDArray[np.object_], along: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Return every shape in two (or more) parts, and which shape each part is of."""
    sides = [
        _half_planes(rng, shape, lengthwise=lengthwise)
        for shape, lengthwise in zip(shapes, along, strict=True)
    ]
    both = [
        shapely.intersection(shapes, np.array([pair[side] for pair in sides], dtype=object))
        for side in (0, 1)
    ]
    parts, parent = shapely.get_parts(np.concatenate(both), return_index=True)
    keep = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0.5)
    return parts[keep], (parent % max(len(shapes), 1))[keep]


def _half_planes(
    rng: np.random.Generator, shape: shapely.Polygon, *, lengthwise: bool
) -> tuple[shapely.Polygon, shapely.Polygon]:
    """Return two rectangles that meet on a cut through the shape's tightest rectangle."""
    corner = shapely.get_coordinates(shapely.oriented_envelope(shape))[:4]
    one, two = corner[1] - corner[0], corner[3] - corner[0]
    if (np.hypot(*one) < np.hypot(*two)) != lengthwise:
        one, two = two, one
    long_side, short_side = _unit(one), _unit(two)
    spread = 0.5 + rng.uniform(-0.12, 0.12)
    cut = corner.mean(axis=0) + one * (spread - 0.5)
    tilt = long_side * rng.uniform(-0.07, 0.07)
    half = (short_side + tilt) * (np.hypot(*one) + np.hypot(*two)) * 1.5
    back = long_side * np.hypot(*one) * 2
    return (
        shapely.Polygon([cut - half, cut + half, cut + half + back, cut - half + back]),
        shapely.Polygon([cut - half, cut + half, cut + half - back, cut - half - back]),
    )


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.hypot(*vector))
