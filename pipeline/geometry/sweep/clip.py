"""The edges of a polygon within a tile (裁剪), and which ground along its lower side is inside.

::

        h ┌───────────┐      Only what lies in the tile is kept of an edge: it ends at the upper
          │   ╱╲      │ ╱    and the lower side, and to the left and right. What lies above the
        0 └──╱──╲─────┘╱     lower side is told by the edges; whether the lower side itself is
            t    t     (out) inside changes where an edge crosses it: at the left (parity) or
          0           w      along the tile (turns, t).

Coordinates in a tile are metres from its lower left corner. Vertical edges enclose nothing
between them and the next abscissa, and are left out.
"""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.compiled import compiled_bare
from pipeline.geometry.sweep.rings import Floats, Indices
from pipeline.geometry.sweep.rows import row_of


class Edges(NamedTuple):
    """Edges in a tile: ``line`` (x left, y there, x right, slope), its x left again, and whose.

    ``turn`` are abscissas where the lower side of the tile changes from out to in of a polygon
    or back.
    """

    line: Floats
    begin: Floats
    owner: Indices
    turn: Floats
    turn_owner: Indices


def edges_for(most: int) -> Edges:
    """Return room for so many edges."""
    owners = np.empty((2, most), np.int64)
    begin, turn = np.empty((2, most))
    return Edges(np.empty((most, 4)), begin, owners[0], turn, owners[1])


@compiled_bare
def _clip(
    xa: float, ya: float, xb: float, yb: float, w: float, h: float,
    owner: int, edges: Any, n: int, turns: int,
) -> Any:  # fmt: skip
    """Keep what lies in the tile; return the numbers of edges and turns, and the parity."""
    parity = 0
    crossing = np.nan
    if (ya <= 0.0) != (yb <= 0.0):
        # a corner on the lower side turns the ground where it stands, to the last digit
        crossing = xb if yb == 0.0 else xa - ya * ((xb - xa) / (yb - ya))
        if crossing < 0.0:
            parity = 1
        elif crossing < w:
            edges.turn[turns] = crossing
            edges.turn_owner[turns] = owner
            turns += 1
    if (
        (ya <= 0.0 and yb <= 0.0)
        or (ya >= h and yb >= h)
        or (xa <= 0.0 and xb <= 0.0)
        or (xa >= w and xb >= w)
        or xa == xb
    ):
        return n, turns, parity
    if xa > xb:
        xa, ya, xb, yb = xb, yb, xa, ya
    slope = (yb - ya) / (xb - xa)
    if xa < 0.0:
        ya -= xa * slope
        xa = 0.0
    if xb > w:
        yb -= (xb - w) * slope
        xb = w
    if (ya <= 0.0 and yb <= 0.0) or (ya >= h and yb >= h):
        return n, turns, parity
    # At the lower side an edge ends exactly where the ground beside it turns.
    if ya < 0.0:
        xa = crossing if crossing >= 0.0 else xa - ya / slope
        ya = 0.0
    elif yb < 0.0:
        xb = crossing if crossing >= 0.0 else xb - yb / slope
        yb = 0.0
    if ya > h:
        xa -= (ya - h) / slope
        ya = h
    elif yb > h:
        xb -= (yb - h) / slope
    if xb > xa:
        edges.line[n, 0] = edges.begin[n] = xa
        edges.line[n, 1] = ya
        edges.line[n, 2] = xb
        edges.line[n, 3] = slope
        edges.owner[n] = owner
        n += 1
    return n, turns, parity


@compiled_bare
def gather(
    rings: Any, rows: Any, polygon: int, x0: float, y0: float, w: float, h: float,
    owner: int, edges: Any, n: int, turns: int,
) -> Any:  # fmt: skip
    """Add the edges of a polygon that lie in a tile.

    Returns the numbers of edges (-1 where there is no room) and turns so far, and whether the
    lower left corner of the tile is inside.
    """
    inside = 0
    xy = rings.xy
    start, stop = rings.start[polygon], rings.start[polygon + 1]
    first = rows.first[polygon]
    room = edges.line.shape[0] - max(n, turns)
    if first < 0:
        if stop - start > room:
            return -1, turns, inside
        for k in range(start, stop - 1):
            if not rings.closes[k]:
                n, turns, parity = _clip(
                    xy[k, 0] - x0, xy[k, 1] - y0, xy[k + 1, 0] - x0, xy[k + 1, 1] - y0,
                    w, h, owner, edges, n, turns,
                )  # fmt: skip
                inside ^= parity
        return n, turns, inside
    low, high, count = rings.box[polygon, 1], rings.box[polygon, 3], rows.number[polygon]
    bottom, top = row_of(y0, low, high, count), row_of(y0 + h, low, high, count)
    if rows.start[first + top + 1] - rows.start[first + bottom] > room:
        return -1, turns, inside
    for row in range(bottom, top + 1):
        for i in range(rows.start[first + row], rows.start[first + row + 1]):
            k = rows.edge[i]
            lowest = row_of(min(xy[k, 1], xy[k + 1, 1]), low, high, count)
            if max(lowest, bottom) == row:
                n, turns, parity = _clip(
                    xy[k, 0] - x0, xy[k, 1] - y0, xy[k + 1, 0] - x0, xy[k + 1, 1] - y0,
                    w, h, owner, edges, n, turns,
                )  # fmt: skip
                inside ^= parity
    return n, turns, inside
