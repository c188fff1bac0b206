"""Layers of large polygons (大图层): townships, plan zones, permanent farmland.

Townships follow the parcels; the other two were drawn by other offices and lie about half a
metre off them, so that slivers are everywhere, as in real deliveries.
"""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from bench.county.cells import Floats, Indices, Polygons, Warp
from bench.county.ground import DRY, Ground, noise

_PARCELS_PER_TOWNSHIP, _SHEET_M = 25_000, 6_000


def zones_on(
    ground: Ground, rng: np.random.Generator
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield the name and the rows of each layer of large polygons."""
    cells = ground.cells
    part, town = cells.parts(_towns(ground, rng))
    yield "township", _layer("township", town, cells.polygons(part))
    part, _ = cells.parts(_sheets_of_farmland(ground, rng))
    shapes = cells.polygons(part, _off_by(0.45, 137.0, 0.3))
    yield "permanent", _layer("permanent", np.ones(len(shapes), np.int64), shapes)
    part, kind = cells.parts(_kinds(ground, rng))
    yield "zone", _layer("zone", kind, cells.polygons(part, _off_by(0.6, 211.0, 1.1)))


def _layer(name: str, codes: Indices, shapes: Polygons) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({name: codes}, geometry=shapes)


def _towns(ground: Ground, rng: np.random.Generator) -> Indices:
    count = max(4, len(ground.first) // _PARCELS_PER_TOWNSHIP)
    seats = rng.uniform(0, ground.width, (count, 2)) + ground.origin
    at = ground.cells.seeds[ground.first]
    bent = at + 300 * np.sin(at[:, ::-1] / [700, 900])
    return ground.of_parcel(cKDTree(seats).query(bent)[1])


def _sheets_of_farmland(ground: Ground, rng: np.random.Generator) -> Indices:
    """Return the map sheet of each cell of good farmland: blocks end at the sheets."""
    seeds = ground.cells.seeds
    column, row = ((seeds - ground.origin) // _SHEET_M).astype(np.int64).T
    is_farmland = ground.of_parcel((ground.use <= DRY).astype(np.int64)) == 1
    is_good = noise(seeds, 2500, rng) > -1.2
    return np.where(is_farmland & is_good, column * 1000 + row, -1)


def _kinds(ground: Ground, rng: np.random.Generator) -> Indices:
    height = noise(ground.cells.seeds, 3000, rng)[ground.first]
    return ground.of_parcel(np.digitize(height, [-1.5, -0.5, 0.5, 1.5]))


def _off_by(metres: float, wave: float, phase: float) -> Warp:
    """Return what shifts corners by up to so many metres, never the same way for long."""

    def warped(xy: Floats) -> Floats:
        x, y = xy.T
        east = x + metres * np.sin(y / wave + phase)
        north = y + metres * np.cos(x / wave + phase)
        return np.column_stack([east, north]).round(4)

    return warped
