"""Sweep changes over all layers at once (扫描): the exact area of every combination of answers.

A change is swept in tiles, most in a single one: its box. Where many edges meet it, or where it
is long, the box is divided, and tiles without any of the change are passed over; a corridor
costs its own length. In a tile the edges of the change and of all polygons near it are cut to
the tile (``clip``), then slab after slab is climbed (``slab``).

Nothing is ever cut out of anything: no intersection can fail, and no area can be lost or
invented. Self-crossing, repeated, touching and degenerate rings are edges like any others, read
by the even-odd rule.
"""

from typing import Any

import numpy as np

from pipeline.geometry.sweep.compiled import compiled, compiled_bare
from pipeline.geometry.sweep.tile import DONE, MANY_EDGES, ROOM, tile

_LONGEST_M = 400.0
_MOST_DIVISIONS = 64


@compiled
def sweep(
    first: int, stop: int, changes: Any, change_rows: Any, until: Any, days: Any,
    ground: Any, ground_rows: Any, grid: Any, layer: Any, answer: Any, terms: Any,
    density: Any, origin: Any, is_plane: bool, is_traced: bool, room: Any, out: Any,
) -> Any:  # fmt: skip
    """Sweep changes ``first`` to ``stop``; return the next one, and why it stopped there.

    ``until``: of layer 0 a change meets polygons before this number only. ``days``: first and
    last day of each change; ``terms``: last day of approval and of beginning, first day of
    ending of each polygon (``NEVER`` and ``ALWAYS`` where unknown): what is in force then has
    the ground before all others of its layer. ``density``: of each change, about ``origin``.
    Areas go to ``out``, see ``Output``; ``written`` there counts rows, pairs and trapezoids.
    """
    for change in range(first, stop):
        rows, paired, traced = out.written[0], out.written[1], out.written[2]
        why = _change(
            change, changes, change_rows, until[change], days, ground, ground_rows, grid,
            layer, answer, terms, density[change], origin[change], is_plane, is_traced,
            room, out,
        )  # fmt: skip
        if why != DONE:
            out.written[0], out.written[1], out.written[2] = rows, paired, traced
            return change, why
    return stop, DONE


@compiled_bare
def _change(
    change: int, changes: Any, change_rows: Any, until: int, days: Any,
    ground: Any, ground_rows: Any, grid: Any, layer: Any, answer: Any, terms: Any,
    density: Any, origin: Any, is_plane: bool, is_traced: bool, room: Any, out: Any,
) -> Any:  # fmt: skip
    """Sweep one change, tile after tile; tiles to be done lie on a pile."""
    tiles = room.tiles
    box = changes.box[change]
    if not (box[0] < box[2] and box[1] < box[3]):
        return DONE
    for side in range(4):
        tiles[0, side] = box[side]
    pile = 1
    while pile > 0:
        pile -= 1
        x0, y0, x1, y1 = tiles[pile, 0], tiles[pile, 1], tiles[pile, 2], tiles[pile, 3]
        wide, high = 1, 1
        if not is_traced:
            wide = min(int((x1 - x0) / _LONGEST_M) + 1, _MOST_DIVISIONS)
            high = min(int((y1 - y0) / _LONGEST_M) + 1, _MOST_DIVISIONS)
        if wide == 1 and high == 1:
            edges, why = tile(
                change, changes, change_rows, until, days, ground, ground_rows, grid,
                layer, answer, terms, density, origin, is_plane, is_traced,
                x0, y0, x1, y1, room, out,
            )  # fmt: skip
            if why != DONE:
                return why
            if edges > 0:  # too many of them
                share_of = np.sqrt(2.0 * edges / MANY_EDGES)
                shape = np.sqrt((x1 - x0) / (y1 - y0))
                wide = min(max(int(np.round(share_of * shape)), 1), _MOST_DIVISIONS)
                high = min(max(int(np.round(share_of / shape)), 1), _MOST_DIVISIONS)
                if wide == 1 and high == 1:
                    wide, high = (2, 1) if x1 - x0 > y1 - y0 else (1, 2)
        if wide > 1 or high > 1:
            if pile + wide * high > len(tiles):
                return ROOM
            for column in range(wide - 1, -1, -1):
                for row in range(high - 1, -1, -1):
                    tiles[pile, 0] = x0 + (x1 - x0) * column / wide
                    tiles[pile, 1] = y0 + (y1 - y0) * row / high
                    tiles[pile, 2] = (
                        x1 if column == wide - 1 else x0 + (x1 - x0) * (column + 1) / wide
                    )
                    tiles[pile, 3] = (
                        y1 if row == high - 1 else y0 + (y1 - y0) * (row + 1) / high
                    )
                    pile += 1
    return DONE
