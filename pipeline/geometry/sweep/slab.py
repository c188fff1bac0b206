"""One slab of a tile (条带): between two neighbouring abscissas no edge begins or ends.

::

        │  key c   │      The active edges, sorted from below, divide the slab into trapezoids.
       ─┼────────__┼─     Climbing through them, each edge steps into or out of its polygon; the
        │  key b __│      trapezoids that lie in the change are added up by key. Where edges
       ─┼──__──‾‾  │      cross, the slab is divided at the crossings first.
        │‾‾ key a  │
       xa         xb

The area below an edge, from the lower side of the tile, is one number; a trapezoid is the
difference of two such numbers. So the areas of a slab telescope: whatever rounding or disorder
among edges that all but coincide, together they are the area of the change in the slab.

On the ellipsoid that number is ∬ρ with ρ a quadratic (``geometry.area``): along a straight edge
the inner integral is a cubic, for which two Gauss nodes are exact.
"""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.compiled import ZERO, compiled_bare
from pipeline.geometry.sweep.inside import toggle
from pipeline.geometry.sweep.rings import Floats, Indices
from pipeline.geometry.sweep.sorting import sort
from pipeline.geometry.sweep.table import row_of_key

NO_ROOM, NO_TRACE = -1, -2
CHANGE = 0  # the number of the change among the owners of edges

# Edges that change places by less than this (metres) do not cross: they all but coincide.
_CROSSING_M = 1e-10
_NODE = 0.5 - 0.5 / np.sqrt(3.0)  # of Gauss and Legendre, on [0, 1]


class Slab(NamedTuple):
    """Work space: the active edges, their ordinates at both sides, and where they cross."""

    active: Indices
    left: Floats
    right: Floats
    crossing: Floats


class Pairs(NamedTuple):
    """Polygons of one layer on the same ground: ``one`` before ``other``, their common area.

    ``lost`` is what of it ``one`` has, and ``other`` does not.
    """

    one: Indices
    other: Indices
    area: Floats
    lost: Floats


class Trace(NamedTuple):
    """Trapezoids as they come, slab by slab, from below.

    ``x`` left and right; ``y`` below left and right, above left and right; area and row.
    """

    x: Floats
    y: Floats
    area: Floats
    row: Indices


def slab_for(most: int) -> Slab:
    """Return room for so many active edges."""
    return Slab(np.empty(most, np.int64), np.empty(most), np.empty(most), np.empty(8 * most))


def pairs_for(most: int) -> Pairs:
    """Return room for so many pairs."""
    numbers = np.empty((2, most), np.int64)
    return Pairs(numbers[0], numbers[1], np.empty(most), np.empty(most))


def trace_for(most: int) -> Trace:
    """Return room for so many trapezoids; 0 where none are wanted."""
    x, y, area = np.empty((most, 2)), np.empty((most, 4)), np.empty(most)
    return Trace(x, y, area, np.empty(most, np.int64))


@compiled_bare
def ordered(xa: float, xb: float, line: Any, slab: Any, n: int) -> bool:
    """Sort the active edges by where they are in mid-slab; tell whether any cross."""
    active, left, right = slab.active, slab.left, slab.right
    for i in range(n):
        edge = active[i]
        x, y, slope = line[edge, 0], line[edge, 1], line[edge, 3]
        a, b = y + (xa - x) * slope, y + (xb - x) * slope
        j = i - 1
        while j >= 0 and left[j] + right[j] > a + b:
            left[j + 1] = left[j]
            right[j + 1] = right[j]
            active[j + 1] = active[j]
            j -= 1
        left[j + 1] = a
        right[j + 1] = b
        active[j + 1] = edge
    for i in range(n - 1):
        if left[i] > left[i + 1] + _CROSSING_M or right[i] > right[i + 1] + _CROSSING_M:
            return True
    return False


@compiled_bare
def crossings(xa: float, xb: float, slab: Any, n: int) -> int:
    """Find the abscissas where active edges cross; return how many, ``NO_ROOM`` if too many.

    The edges are sorted by their left ends, then by their right ones: each exchange of two
    neighbours is a crossing.
    """
    left, right = slab.left, slab.right
    for i in range(1, n):
        a, b = left[i], right[i]
        j = i - 1
        while j >= 0 and left[j] > a:
            left[j + 1] = left[j]
            right[j + 1] = right[j]
            j -= 1
        left[j + 1] = a
        right[j + 1] = b
    found = ZERO
    for i in range(1, n):
        a, b = left[i], right[i]
        j = i - 1
        while j >= 0 and right[j] > b:
            before, after = a - left[j], right[j] - b
            if before > _CROSSING_M and after > _CROSSING_M:
                if found == len(slab.crossing):
                    return NO_ROOM
                slab.crossing[found] = xa + (xb - xa) * (before / (before + after))
                found += 1
            left[j + 1] = left[j]
            right[j + 1] = right[j]
            j -= 1
        left[j + 1] = a
        right[j + 1] = b
    sort(slab.crossing, found)
    return found


@compiled_bare
def climb(
    xa: float, xb: float, h: float, n: int, own: int, density: Any, is_plane: bool,
    edges: Any, slab: Any, near: Any, locals_count: int, held: Any, key: int, crowds: int,
    is_exact: bool, table: Any, rows: int, pairs: Any, paired: int, trace: Any, traced: int,
) -> Any:  # fmt: skip
    """Add the trapezoids of a slab to the table; return the numbers of rows, pairs, trapezoids.

    ``own`` of the ``n`` active edges are the change's: above the last of them nothing is its.
    ``NO_ROOM`` as number of rows: some room is too small; ``NO_TRACE``: the trace is.
    """
    half = 0.5 * (xb - xa)
    u1, u2 = xa + (xb - xa) * _NODE, xb - (xb - xa) * _NODE
    p1 = density[0] + u1 * (density[1] + u1 * density[3])
    p2 = density[0] + u2 * (density[1] + u2 * density[3])
    q1, q2 = 0.5 * (density[2] + u1 * density[4]), 0.5 * (density[2] + u2 * density[4])
    third = density[5] / 3.0
    for i in range(locals_count):
        near.inside[i] = near.at_base[i]
    for layer in range(len(held.low)):
        held.stood[0, layer] = held.stood[1, layer]
        held.winner[0, layer] = held.winner[1, layer]
    below = left_below = right_below = 0.0
    for i in range(n + 1):
        if own == 0 and not near.inside[0]:
            break
        owner = edges.owner[slab.active[i]] if i < n else CHANGE
        if owner != CHANGE and not near.inside[0]:  # below the change
            key, crowds = toggle(near, held, near.inside, ZERO, owner, key, crowds)
            continue
        left, right = (slab.left[i], slab.right[i]) if i < n else (h, h)
        if is_plane:
            above = half * (left + right)
        else:
            y1, y2 = left + (right - left) * _NODE, right - (right - left) * _NODE
            above = half * (
                y1 * (p1 + y1 * (q1 + y1 * third)) + y2 * (p2 + y2 * (q2 + y2 * third))
            )
        if near.inside[0] and above != below:
            row = row_of_key(table, rows, key, near, held, is_exact)
            if row < 0:
                return NO_ROOM, paired, traced
            rows = max(rows, row + 1)
            table.area[row] += above - below
            if crowds > 0:
                paired = _crowd(above - below, near, held, pairs, paired)
                if paired < 0:
                    return NO_ROOM, paired, traced
            if len(trace.row) > 0:
                if traced == len(trace.row):
                    return NO_TRACE, paired, traced
                trace.x[traced, 0], trace.x[traced, 1] = xa, xb
                trace.y[traced, 0], trace.y[traced, 1] = left_below, right_below
                trace.y[traced, 2], trace.y[traced, 3] = left, right
                trace.area[traced] = above - below
                trace.row[traced] = row
                traced += 1
        below, left_below, right_below = above, left, right
        if owner == CHANGE:
            near.inside[0] ^= 1
            own -= 1
        else:
            key, crowds = toggle(near, held, near.inside, ZERO, owner, key, crowds)
    return rows, paired, traced


@compiled_bare
def _crowd(area: float, near: Any, held: Any, pairs: Any, paired: int) -> int:
    """Add ground with several polygons of a layer to each pair of answers that share it."""
    for layer in range(len(held.low)):
        if held.stood[0, layer] < 2 or not held.counts[layer]:
            continue
        winner = held.winner[0, layer]
        for one in range(winner, held.high[layer]):
            if not _speaks(near, one, winner):
                continue
            for other in range(one + 1, held.high[layer]):
                if not _speaks(near, other, winner):
                    continue
                if near.answer[other] == near.answer[one]:
                    continue
                at = 0
                while at < paired and (pairs.one[at] != one or pairs.other[at] != other):
                    at += 1
                if at == paired:
                    if paired == len(pairs.one):
                        return NO_ROOM
                    pairs.one[at], pairs.other[at] = one, other
                    pairs.area[at] = pairs.lost[at] = 0.0
                    paired += 1
                pairs.area[at] += area
                if one == winner:
                    pairs.lost[at] += area
    return paired


@compiled_bare
def _speaks(near: Any, one: int, first: int) -> bool:
    """Tell whether one stands in a polygon that is the first of its answer here."""
    if not near.inside[one]:
        return False
    for earlier in range(first, one):
        if near.inside[earlier] and near.answer[earlier] == near.answer[one]:
            return False
    return True
