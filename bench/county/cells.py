"""Ground in small cells with bent edges (基本单元): every coverage is made of them.

Cells are Voronoi cells. Each edge wanders inside the rhombus between its ends and the two seeds
beside it, where no other edge can come: any grouping of cells is a valid coverage.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi

from bench.county.rings import filled, traced

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Polygons = npt.NDArray[np.object_]
Warp = Callable[[Floats], Floats]

_BEND_EVERY_M, _MOST_BENDS, _WIDEST_BEND_M = 6.0, 14, 4.0


@dataclass(frozen=True)
class Cells:
    """Cells and the edges between them; ``beside[e]`` is the cell left, then right of edge e."""

    seeds: Floats
    beside: Indices  # edges × 2
    ends: Indices  # edges × 2, into corners
    corners: Floats
    bend_start: Indices
    bends: Floats

    def parts(self, group: Indices) -> tuple[Indices, Indices]:
        """Return the connected part that each cell is in, and the group of each part.

        Cells of a negative group are in no part (-1).
        """
        left, right = self.beside.T
        same = (group[left] == group[right]) & (group[left] >= 0)
        links = np.ones(int(same.sum()), np.int8), (left[same], right[same])
        _, label = connected_components(
            coo_matrix(links, shape=(len(group),) * 2), directed=False
        )
        member = np.flatnonzero(group >= 0)
        _, first, number = np.unique(label[member], return_index=True, return_inverse=True)
        part = np.full(len(group), -1, np.int64)
        part[member] = number
        return part, group[member[first]]

    def polygons(self, part: Indices, warp: Warp = lambda xy: xy) -> Polygons:
        """Return the polygon of each part, with holes; ``warp`` shifts every corner."""
        edge = np.flatnonzero(part[self.beside[:, 0]] != part[self.beside[:, 1]])
        owner = part[self.beside[edge]].T.ravel()  # the left sides, then the right ones
        half = np.tile(edge, 2)
        is_reversed = np.arange(len(half)) >= len(edge)
        kept = owner >= 0
        owner, half, is_reversed = owner[kept], half[kept], is_reversed[kept]
        tail = np.where(is_reversed, self.ends[half, 1], self.ends[half, 0])
        head = np.where(is_reversed, self.ends[half, 0], self.ends[half, 1])
        order, start = traced(self._following(owner, tail, head))
        xy, ring_start = filled(
            order,
            start,
            warp(self.corners)[tail],
            half,
            is_reversed,
            self.bend_start,
            warp(self.bends),
        )
        return _shaped(xy, ring_start, owner[order[start[:-1]]])

    def _following(self, owner: Indices, tail: Indices, head: Indices) -> Indices:
        """Return the half-edge of the same part that starts where each half-edge ends."""
        leaving = owner * len(self.corners) + tail
        order = np.argsort(leaving)
        found = np.searchsorted(leaving[order], owner * len(self.corners) + head)
        return order[found]


def cells_around(seeds: Floats, is_inside: Flags, rng: np.random.Generator) -> Cells:
    """Return the cells of the seeds, with the edges of those inside."""
    voronoi = Voronoi(seeds)
    ends = np.asarray(voronoi.ridge_vertices)
    beside = voronoi.ridge_points.astype(np.int64)
    kept = (ends >= 0).all(axis=1) & is_inside[beside].any(axis=1)
    ends, beside = ends[kept], beside[kept]
    corners = voronoi.vertices
    along = corners[ends[:, 1]] - corners[ends[:, 0]]
    to_seed = seeds[beside[:, 0]] - corners[ends[:, 0]]
    is_right = along[:, 0] * to_seed[:, 1] - along[:, 1] * to_seed[:, 0] < 0
    ends[is_right] = ends[is_right, ::-1]  # the first cell lies left of its edge
    bend_start, bends = _bends(
        corners[ends[:, 0]], corners[ends[:, 1]], seeds[beside[:, 0]], rng
    )
    return Cells(seeds, beside, ends, corners.round(4), bend_start, bends.round(4))


def _bends(
    tail: Floats, head: Floats, seed: Floats, rng: np.random.Generator
) -> tuple[Indices, Floats]:
    """Return the corners between the ends of each edge, inside its rhombus."""
    along = head - tail
    length = np.maximum(np.hypot(*along.T), 1e-12)
    unit = along / length[:, None]
    to_seed = seed - tail
    foot = (to_seed * unit).sum(axis=1)
    height = np.abs(unit[:, 0] * to_seed[:, 1] - unit[:, 1] * to_seed[:, 0])
    steepest = 0.55 * height / np.maximum(np.abs(foot), np.abs(length - foot))
    count = np.clip((length / _BEND_EVERY_M).round().astype(np.int64), 0, _MOST_BENDS)
    start = np.concatenate([[0], np.cumsum(count)])
    edge = np.repeat(np.arange(len(count)), count)
    place = np.arange(start[-1]) - start[edge] + 1 + rng.uniform(-0.3, 0.3, start[-1])
    t = place / (count[edge] + 1)
    room = np.minimum(np.minimum(t, 1 - t) * (length * steepest)[edge], _WIDEST_BEND_M)
    aside = room * rng.uniform(-1, 1, start[-1])
    left = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    return start, tail[edge] + along[edge] * t[:, None] + left[edge] * aside[:, None]


def _shaped(xy: Floats, ring_start: Indices, owner: Indices) -> Polygons:
    """Return one polygon per owner: its largest ring, the others as holes."""
    count = np.diff(ring_start)
    area = _ring_areas(xy, ring_start)
    rings: Any = shapely.linearrings(xy, indices=np.repeat(np.arange(len(count)), count))
    order = np.lexsort((-area, owner))
    return np.asarray(shapely.polygons(rings[order], indices=owner[order]), dtype=object)


def _ring_areas(xy: Floats, ring_start: Indices) -> Floats:
    x, y = (xy - xy.min(axis=0)).T
    cross = np.zeros(len(xy))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[ring_start[1:] - 1] = 0.0  # from one ring to the next
    return np.add.reduceat(cross, ring_start[:-1]) / 2
