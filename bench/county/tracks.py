"""Roads and rivers (道路河流) as rows of seeds: a centre line and one row on either side."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from bench.county.cells import Flags, Floats, Indices

_ROAD_M, _RIVER_M, _APART_M, _SECTION_M = 12.0, 36.0, 8.0, 4_000.0
_PER_TRACK = 100  # more numbers than a track has sections


class Tracks(NamedTuple):
    """Seeds of tracks: which section each is on (-1 beside the line), and what keeps clear."""

    seeds: Floats
    section: Indices
    is_river: Flags
    middle: Floats  # x, y, width of points on the centre lines

    def clear_of(self, seeds: Floats) -> Floats:
        """Return the seeds that keep their distance from every centre line."""
        distance, nearest = cKDTree(self.middle[:, :2]).query(seeds, distance_upper_bound=60.0)
        width = self.middle[np.minimum(nearest, len(self.middle) - 1), 2]
        return np.asarray(seeds[~(np.isfinite(distance) & (distance <= 1.6 * width))])


def tracks_across(width: float, margin: float, rng: np.random.Generator) -> Tracks:
    """Return roads about 2.5 km apart both ways, and a river for every fourth of them."""
    roads = 2 * max(2, int(width / 2500))
    rivers = 2 * max(1, roads // 8)
    seeds, sections, rows = [], [], []
    for number in range(roads + rivers):
        wide = _RIVER_M if number >= roads else _ROAD_M
        line = _wandering(width, margin, wide, number, rng)
        tangent = np.gradient(line, axis=0)
        tangent /= np.hypot(*tangent.T)[:, None]
        normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
        jitter = rng.uniform(-0.04, 0.04, line.shape) * wide
        section = number * _PER_TRACK + (np.arange(len(line)) * wide // _SECTION_M).astype(int)
        for side in (0, 1, -1):
            seeds.append(line + side * wide * normal + jitter)
            sections.append(section if side == 0 else np.full(len(line), -1))
        rows.append(np.column_stack([line, np.full(len(line), wide)]))
    xy, section = np.concatenate(seeds), np.concatenate(sections)
    kept = _apart(xy)
    is_river = section >= roads * _PER_TRACK
    return Tracks(xy[kept], section[kept], is_river[kept], np.concatenate(rows))


def _wandering(
    width: float,
    margin: float,
    step: float,
    number: int,
    rng: np.random.Generator,
) -> Floats:
    along = np.arange(-margin, width + margin, step)
    aside = np.full(len(along), rng.uniform(0.03, 0.97) * width)
    for _ in range(3):
        wave = along / rng.uniform(300, 2500) + rng.uniform(0, 6)
        aside += rng.uniform(20, 160) * np.sin(wave)
    return np.column_stack([along, aside] if number % 2 else [aside, along])


def _apart(xy: Floats) -> Flags:
    """Tell which seeds stay: where two come too close, the later goes."""
    pairs = cKDTree(xy).query_pairs(_APART_M, output_type="ndarray")
    kept = np.ones(len(xy), np.bool_)
    kept[pairs.max(axis=1)] = False
    return kept
