"""What lies on each cell (地表): fields, villages, roads and rivers, grouped into parcels."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from bench.county.cells import Cells, Flags, Floats, Indices, Polygons, cells_around
from bench.county.tracks import Tracks, tracks_across

PARCEL_M2, _CELL_M2, _MARGIN_M = 4_400.0, 2_640.0, 400.0
PADDY, DRY, ORCHARD, WOOD, GRASS, VILLAGE, ROAD, _, RIVER, POND = range(10)


class Ground(NamedTuple):
    """The cells of a square of land and the parcel each belongs to (-1 outside)."""

    cells: Cells
    parcel: Indices
    use: Indices  # of each parcel
    first: Indices  # the first cell of each parcel
    villages: Floats
    origin: Floats
    width: float

    def parcels(self) -> Polygons:
        """Return the polygons of the parcels."""
        return self.cells.polygons(self.parcel)

    def of_parcel(self, values: Indices) -> Indices:
        """Return for each cell the value of its parcel, -1 outside."""
        return np.where(self.parcel >= 0, values[np.maximum(self.parcel, 0)], -1)


def ground_of(parcels: int, origin: Floats, rng: np.random.Generator) -> Ground:
    """Return a square of land with about so many parcels."""
    width = float(np.sqrt(parcels * PARCEL_M2))
    tracks = tracks_across(width, _MARGIN_M, rng)
    fields = tracks.clear_of(_scattered(width, rng))
    seeds = np.concatenate([fields, tracks.seeds])
    is_inside = np.asarray(((seeds > 0) & (seeds < width)).all(axis=1))
    villages = rng.uniform(0, width, (max(5, parcels // 600), 2))
    group, is_track, is_river = _grouped_tracks(len(fields), tracks)
    village = _village(seeds, villages, rng)
    is_built = (village >= 0) & ~is_track
    cells = cells_around(seeds + origin, is_inside, rng)
    fields_of = _fields(cells, is_inside & ~is_track & ~is_built, rng)
    count = len(seeds)
    group = np.where(
        is_track, 2 * count + group, np.where(is_built, count + village, fields_of)
    )
    parcel, _ = cells.parts(np.where(is_inside, group, -1))
    first = np.unique(parcel, return_index=True)[1][1:]  # of -1 none
    use = _use(seeds, rng)[first]
    is_field = group[first] < count
    use[is_built[first]] = VILLAGE
    use[is_track[first]] = np.where(is_river[first][is_track[first]], RIVER, ROAD)
    use[is_field & (rng.random(len(first)) < 0.03)] = POND
    return Ground(cells, parcel, use, first, villages + origin, origin, width)


def noise(xy: Floats, scale: float, rng: np.random.Generator) -> Floats:
    """Return smooth values about 0 over the land, varying over about ``scale`` metres."""
    total = np.zeros(len(xy))
    for _ in range(6):
        angle = rng.uniform(0, 2 * np.pi)
        across = (xy[:, 0] * np.cos(angle) + xy[:, 1] * np.sin(angle)) / scale
        total += np.sin(across * rng.uniform(0.5, 2) + rng.uniform(0, 2 * np.pi))
    return total


def _scattered(width: float, rng: np.random.Generator) -> Floats:
    """Return one place in each square of a grid over the land and its margin."""
    across = round((width + 2 * _MARGIN_M) / np.sqrt(_CELL_M2))
    step = (width + 2 * _MARGIN_M) / across
    x, y = np.meshgrid(np.arange(across), np.arange(across))
    square = np.column_stack([x.ravel(), y.ravel()]) * step - _MARGIN_M
    return np.asarray(square + rng.uniform(0, step, square.shape))


def _grouped_tracks(fields: int, tracks: Tracks) -> tuple[Indices, Flags, Flags]:
    group = np.concatenate([np.full(fields, -1), tracks.section])
    is_river = np.concatenate([np.zeros(fields, np.bool_), tracks.is_river])
    return group, group >= 0, is_river


def _village(seeds: Floats, villages: Floats, rng: np.random.Generator) -> Indices:
    """Return the village of each cell, -1 in the open: ragged, with some holes."""
    radius = rng.uniform(60, 260, len(villages)) * rng.choice([1, 1, 1, 3], len(villages))
    distance, nearest = cKDTree(villages).query(seeds)
    is_near = distance < radius[nearest] * rng.uniform(0.75, 1.1, len(seeds))
    return np.where(is_near & (rng.random(len(seeds)) > 0.06), nearest, -1)


def _fields(cells: Cells, is_free: Flags, rng: np.random.Generator) -> Indices:
    """Return the leading cell that each cell joins: a field is a leader and some neighbours."""
    leads = rng.random(len(cells.seeds)) < 0.6
    joined = np.arange(len(cells.seeds))
    a, b = rng.permutation(np.concatenate([cells.beside, cells.beside[:, ::-1]])).T
    joins = is_free[a] & is_free[b] & ~leads[a] & leads[b]
    joined[a[joins]] = b[joins]
    return joined


def _use(seeds: Floats, rng: np.random.Generator) -> Indices:
    height = noise(seeds, 900, rng)
    usual = np.select([height > 0.2, height > -0.6, height > -1.6], [PADDY, DRY, ORCHARD], WOOD)
    anything = rng.integers(PADDY, VILLAGE, len(seeds))
    return np.where(rng.random(len(seeds)) < 0.25, anything, usual)
