"""What is laid over the land each year (变化与批文): changes, approvals, supplied plots."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from bench.county.cells import Floats, Polygons
from bench.county.ground import Ground
from bench.county.outlines import blobs, rectangles, stairs

_EDGE_M, _PLOT_GRID_M = 300.0, 120.0


def papers_on(
    ground: Ground, changes: int, rng: np.random.Generator
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield the changes, half as many approvals, and a plot for about every third change.

    Approvals overlap one another: the one of lower ``priority``, the earlier, has the ground.
    """
    centre = _places(ground, changes, rng)
    yield "change", _numbered("change", _changed(centre, rng))
    approvals = changes // 2
    at = np.where(
        (rng.random(approvals) < 0.7)[:, None],
        centre[rng.integers(0, changes, approvals)] + rng.normal(0, 15, (approvals, 2)),
        rng.uniform(0, ground.width, (approvals, 2)) + ground.origin,
    )
    corners = np.where(rng.random(approvals) < 0.5, 4, rng.integers(6, 40, approvals))
    layer = _numbered(
        "approval", blobs(at, _areas(4000, 300, 300_000, approvals, rng), corners, rng)
    )
    layer["priority"] = rng.permutation(approvals)
    yield "approval", layer
    yield "supply", _numbered("supply", _plots(at, changes // 3, rng))


def _numbered(name: str, shapes: Polygons) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({name: np.arange(len(shapes))}, geometry=shapes)


def _areas(
    median: float, least: float, most: float, count: int, rng: np.random.Generator
) -> Floats:
    return np.clip(np.exp(rng.normal(np.log(median), 1.0, count)), least, most)


def _places(ground: Ground, count: int, rng: np.random.Generator) -> Floats:
    """Return places, most of them about villages, away from the border."""
    village = rng.integers(0, len(ground.villages), count)
    near = ground.villages[village] + rng.normal(0, 350, (count, 2))
    anywhere = rng.uniform(0, ground.width, (count, 2)) + ground.origin
    chosen = np.where((rng.random(count) < 0.6)[:, None], near, anywhere)
    return np.clip(chosen, ground.origin + _EDGE_M, ground.origin + ground.width - _EDGE_M)


def _changed(centre: Floats, rng: np.random.Generator) -> Polygons:
    """Return changes: blobs, a fifth in stairs, some with a hole, some in two parts."""
    count = len(centre)
    area = _areas(1300, 200, 50_000, count, rng)
    shapes = blobs(centre, area, rng.integers(8, 70, count), rng)
    kind = rng.random(count)
    stepped = kind < 0.2
    holed = (kind > 0.9) & (kind < 0.95)
    double = kind > 0.95
    shapes[stepped] = stairs(centre[stepped], area[stepped], rng)
    hole = shapely.buffer(
        shapely.centroid(shapes[holed]), np.sqrt(area[holed]) * 0.15, quad_segs=4
    )
    shapes[holed] = shapely.difference(shapes[holed], hole)
    aside = np.column_stack([1.6 * np.sqrt(area[double]), np.full(int(double.sum()), 20.0)])
    corners = rng.integers(8, 30, len(aside))
    other = blobs(centre[double] + aside, 0.3 * area[double], corners, rng)
    shapes[double] = shapely.union(shapes[double], other)
    return shapes


def _plots(at: Floats, count: int, rng: np.random.Generator) -> Polygons:
    """Return rectangles that do not overlap, near some of the approvals."""
    chosen = at[rng.permutation(len(at))[:count]] + rng.normal(0, 5, (min(count, len(at)), 2))
    square = np.unique(chosen // _PLOT_GRID_M, axis=0)
    half = rng.uniform(15, 42, (len(square), 2))
    return rectangles((square + 0.5) * _PLOT_GRID_M, half, rng.uniform(-0.4, 0.4, len(square)))
