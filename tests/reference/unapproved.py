"""The connected parts of a change without any approval (无批部分), which the sliver rule looks at.

They are cut from the whole change at once, not gathered from its pieces: borders of parcels,
zones, farmland, townships and earlier changes leave no crack in them. Connected means sharing
an edge; a point is not enough.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from tests.reference.cut import Flags, Floats, cut
from tests.reference.layers import Indices
from tests.reference.sound import Shapes

_WEIGHTY_M2 = 1e-4  # a booking unit: lighter polygons of a piece are left by rounding


@dataclass(frozen=True)
class Parts:
    """Connected parts of changes without any approval; sorted by change."""

    change: Indices
    shape: Shapes
    proven: Flags  # of each change


def unapproved_parts(wholes: Shapes, change: Indices, approved: Shapes) -> Parts:
    """Return what the approved ground leaves of each change, in connected parts."""
    rests, proven = wholes.copy(), np.ones(len(wholes), dtype=bool)
    order = np.argsort(change, kind="stable")
    change, approved = change[order], approved[order]
    turn = np.arange(len(change)) - np.searchsorted(change, change)  # 0 for a change's first
    for now in range(int(turn.max(initial=-1)) + 1):
        rows = np.flatnonzero(turn == now)
        made = cut(rests[change[rows]], approved[rows])
        rests[change[rows]] = made.rests
        proven[change[rows]] &= made.proven
    polygons, owner = shapely.get_parts(rests, return_index=True)
    some = shapely.area(polygons) > 0  # an approved change leaves an empty polygon
    return Parts(owner[some], polygons[some], proven)


def part_of(shape: Shapes, change: Indices, parts: Parts) -> Indices:
    """Return the part that holds each shape of a change without approval, -1 where none does.

    A piece of several polygons may lie in several parts: the largest of them is taken, for a
    piece is no sliver as long as one of its polygons is on more than a sliver.
    """
    polygons, owner = shapely.get_parts(shape, return_index=True)
    points, weight = shapely.point_on_surface(polygons), shapely.area(polygons)
    area = shapely.area(parts.shape)
    holder = np.full(len(shape), -1, dtype=np.int64)
    first = np.searchsorted(parts.change, change, "left")
    last = np.searchsorted(parts.change, change, "right")
    for polygon in np.argsort(-weight, kind="stable"):
        piece = owner[polygon]
        candidates = np.arange(first[piece], last[piece])
        known = holder[piece] >= 0
        if len(candidates) == 0 or (known and weight[polygon] <= _WEIGHTY_M2):
            continue
        found = candidates[
            np.argmin(shapely.distance(parts.shape[candidates], points[polygon]))
        ]
        if not known or area[found] > area[holder[piece]]:
            holder[piece] = found
    return holder


def mean_width_m(shapes: Shapes) -> Floats:
    """Return 2 · area / perimeter (平均宽度), that of a long strip being its width."""
    return np.asarray(2 * shapely.area(shapes) / shapely.length(shapes))
