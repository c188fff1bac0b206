"""Layers to cut by, and which of their shapes meet which change (候选)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]  # of shapely geometries

NOTHING = -1  # the code of ground that no shape of a layer covers


@dataclass(frozen=True)
class Layer:
    """One question asked of the ground (参考图层).

    ``shapes`` stand in order of precedence: of two on the same ground the first one has it.
    ``codes`` are their answers: shapes with equal codes answer the same, and the codes order
    the pieces. A layer that does not cut is only measured.
    """

    name: str
    shapes: Shapes
    codes: Indices
    cuts: bool = True
    is_approval: bool = False


@dataclass(frozen=True)
class Meetings:
    """Changes and shapes of one layer that share ground, sorted by change, then precedence."""

    layer: Layer
    change: Indices
    shape: Indices
    covers: Flags  # the shape covers the whole change

    def reordered(self, first: Flags) -> "Meetings":
        """Return the meetings with those marked ``first`` before the others of their change."""
        order = np.lexsort((self.shape, ~first, self.change))
        return Meetings(self.layer, self.change[order], self.shape[order], self.covers[order])

    def kept(self, keep: Flags) -> "Meetings":
        """Return the meetings that are marked."""
        return Meetings(self.layer, self.change[keep], self.shape[keep], self.covers[keep])

    def asked(self, start: int, stop: int) -> "Asked":
        """Return what changes ``start`` to ``stop`` meet, numbered from 0."""
        low, high = np.searchsorted(self.change, [start, stop])
        rows = slice(int(low), int(high))
        shape = self.shape[rows]
        return Asked(
            self.layer.name,
            self.layer.is_approval,
            self.change[rows] - start,
            shape,
            self.layer.codes[shape],
            self.layer.shapes[shape],
            self.covers[rows],
        )


@dataclass(frozen=True)
class Asked:
    """The meetings of one layer with a block of changes; self-contained, so it can travel."""

    name: str
    is_approval: bool
    change: Indices
    shape: Indices
    code: Indices
    geometry: Shapes
    covers: Flags


def meetings(changes: Shapes, layer: Layer) -> Meetings:
    """Find the changes and shapes that share more than a border, each pair once.

    The predicates are exact where an intersection is not: what only touches never gets cut.
    """
    none = np.zeros(0, dtype=np.int64)
    if len(changes) == 0 or len(layer.shapes) == 0:
        return Meetings(layer, none, none, none.astype(bool))
    # The tree holds the changes: each shape, large ones above all, is prepared only once.
    shape, change = shapely.STRtree(changes).query(layer.shapes, predicate="intersects")
    met = layer.shapes[np.unique(shape)]
    shapely.prepare(met)
    try:
        shares = ~shapely.touches(layer.shapes[shape], changes[change])
        shape, change = shape[shares], change[shares]
        covers = shapely.covers(layer.shapes[shape], changes[change])
    finally:
        shapely.destroy_prepared(met)  # a prepared shape must not be used by two threads
    order = np.lexsort((shape, change))
    return Meetings(layer, change[order], shape[order], covers[order])
