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

from pipeline.geometry.sweep.clip import gather
from pipeline.geometry.sweep.compiled import compiled, compiled_bare
from pipeline.geometry.sweep.grid import cells, share
from pipeline.geometry.sweep.inside import NOBODY, toggle
from pipeline.geometry.sweep.slab import NO_ROOM, climb, crossings, ordered
from pipeline.geometry.sweep.sorting import sort, sort_places
from pipeline.geometry.sweep.table import emptied

_MANY_EDGES = 320  # a tile with more is divided into tiles with about half as many
_LONGEST_M = 256.0  # a longer tile is divided before anything is looked up
_SHORTEST_M = 0.5  # a shorter tile is not divided
_MOST_DIVISIONS = 64
_FEW = 32  # polygons that are put in order as they come
# Odd numbers without a pattern: the factors of a key that does not fit into 64 bits.
_SCATTER = 0x5851F42D4C957F2D

DONE, ROOM, OUTPUT = range(3)  # why a sweep stopped: done, or what was too small


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
            edges, why = _tile(
                change, changes, change_rows, until, days, ground, ground_rows, grid,
                layer, answer, terms, density, origin, is_plane, is_traced,
                x0, y0, x1, y1, room, out,
            )  # fmt: skip
            if why != DONE:
                return why
            if edges > 0:  # too many of them
                share_of = np.sqrt(2.0 * edges / _MANY_EDGES)
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


@compiled_bare
def _tile(
    change: int, changes: Any, change_rows: Any, until: int, days: Any,
    ground: Any, ground_rows: Any, grid: Any, layer: Any, answer: Any, terms: Any,
    density: Any, origin: Any, is_plane: bool, is_traced: bool,
    x0: float, y0: float, x1: float, y1: float, room: Any, out: Any,
) -> Any:  # fmt: skip
    """Sweep one tile; return the number of its edges if they are too many, else 0."""
    edges, near, held = room.edges, room.near, room.held
    w, h = x1 - x0, y1 - y0
    n, turns, inside = gather(
        changes, change_rows, change, x0, y0, w, h, 0, edges, 0, 0
    )  # fmt: skip
    if n < 0:
        return 0, ROOM
    if n == 0 and turns == 0 and inside == 0:
        return 0, DONE
    near.at_base[0] = inside
    count = _find(change, until, days, ground, grid, layer, terms, x0, y0, x1, y1, room)
    if count < 0:
        return 0, ROOM
    is_exact = _number(count, layer, answer, near, held)
    key, crowds = 0, 0
    for one in range(1, count + 1):
        near.at_base[one] = 0
        n, turns, inside = gather(
            ground, ground_rows, near.polygon[one], x0, y0, w, h, one, edges, n, turns
        )
        if n < 0:
            return 0, ROOM
        if inside:
            key, crowds = toggle(near, held, near.at_base, 1, one, key, crowds)
    if n > _MANY_EDGES and not is_traced and max(w, h) > _SHORTEST_M:
        return n, DONE
    moved = room.density
    _moved(density, x0 - origin[0], y0 - origin[1], moved)
    return 0, _slabs(
        change, w, h, n, turns, count, key, crowds, is_exact, moved, is_plane, is_traced,
        x0 - origin[0], y0 - origin[1], room, out,
    )  # fmt: skip


@compiled_bare
def _find(
    change: int, until: int, days: Any, ground: Any, grid: Any, layer: Any, terms: Any,
    x0: float, y0: float, x1: float, y1: float, room: Any,
) -> int:  # fmt: skip
    """Put the polygons whose boxes share ground with the tile into their order.

    The order is that of the numbers, which stand by layer and precedence; but what is in force
    comes first in its layer. Returns how many there are, -1 without room.
    """
    tile, order, polygon = room.tile, room.order, room.near.polygon
    tile[0], tile[1], tile[2], tile[3] = x0, y0, x1, y1
    left, right, low, high = cells(tile, grid.x0, grid.y0, grid.size, grid.columns, grid.rows)
    count = 0
    for row in range(low, high + 1):
        for column in range(left, right + 1):
            cell = row * grid.columns + column
            for i in range(grid.start[cell], grid.start[cell + 1]):
                one = grid.item[i]
                box = ground.box[one]
                if not share(box, tile) or (layer[one] == 0 and one >= until):
                    continue
                # of several cells that a box shares with the tile the first one counts
                if max(int(np.floor((box[0] - grid.x0) / grid.size)), left) != column:
                    continue
                if max(int(np.floor((box[1] - grid.y0) / grid.size)), low) != row:
                    continue
                if count + 1 >= len(order):
                    return -1
                is_in_force = (
                    terms[one, 0] <= days[change, 0]
                    and terms[one, 1] <= days[change, 0]
                    and terms[one, 2] >= days[change, 1]
                )
                place = (layer[one] * 2 + (0 if is_in_force else 1)) << 40 | one
                j = count
                while count < _FEW and j > 0 and order[j - 1] > place:
                    order[j] = order[j - 1]
                    j -= 1
                order[j] = place
                count += 1
    if count > _FEW:
        sort(order, count)
    for i in range(count):
        polygon[i + 1] = order[i] & ((1 << 40) - 1)
    return count


@compiled_bare
def _number(count: int, layer: Any, answer: Any, near: Any, held: Any) -> bool:
    """Number the answers in each layer and weigh the layers; tell whether keys are exact."""
    layers = len(held.low)
    for i in range(layers):
        held.low[i] = held.high[i] = 0
        held.stood[1, i] = 0
        held.winner[1, i] = NOBODY
        held.times[i] = 0
    for one in range(1, count + 1):
        polygon = near.polygon[one]
        its = layer[polygon]
        near.layer[one] = its
        if held.high[its] == 0:
            held.low[its] = one
            near.answer[one] = 1
        else:
            same = answer[polygon] == answer[near.polygon[one - 1]]
            near.answer[one] = near.answer[one - 1] + (0 if same else 1)
        held.high[its] = one + 1
    product = 1.0
    for i in range(layers):
        if held.high[i] > 0:
            held.times[i] = int(product) if product < 2.0**62 else 0
            product *= near.answer[held.high[i] - 1] + 1
    if product < 2.0**62:
        return True
    factor = _SCATTER
    for i in range(layers):
        held.times[i] = factor
        factor = factor * _SCATTER + 1442695040888963407
    return False


@compiled_bare
def _slabs(
    change: int, w: float, h: float, n: int, turns: int, count: int, key: int, crowds: int,
    is_exact: bool, density: Any, is_plane: bool, is_traced: bool,
    x_shift: float, y_shift: float, room: Any, out: Any,
) -> int:  # fmt: skip
    """Climb the slabs of a tile from left to right and write out what they add up to."""
    edges, slab, near, held, table = room.edges, room.slab, room.near, room.held, room.table
    begin, turn = room.begin, room.turn
    sort_places(edges.begin, begin, n)
    sort_places(edges.turn, turn, turns)
    begun = turned = active = 0
    rows = paired = 0
    traced = out.written[2] if is_traced else 0
    why = DONE
    xa = 0.0
    while xa < w and why == DONE:
        while turned < turns and edges.turn[turn[turned]] <= xa:
            owner = edges.turn_owner[turn[turned]]
            turned += 1
            if owner == 0:
                near.at_base[0] ^= 1
            else:
                key, crowds = toggle(near, held, near.at_base, 1, owner, key, crowds)
        # the slab ends where the next edge begins or ends, or the lower side turns
        xb = edges.turn[turn[turned]] if turned < turns else w
        kept = 0
        for j in range(active):
            end = edges.line[slab.active[j], 2]
            if end > xa:
                slab.active[kept] = slab.active[j]
                kept += 1
                xb = min(xb, end)
        active = kept
        while begun < n and edges.begin[begin[begun]] <= xa:
            slab.active[active] = begin[begun]
            xb = min(xb, edges.line[begin[begun], 2])
            active += 1
            begun += 1
        if begun < n:
            xb = min(xb, edges.begin[begin[begun]])
        crossed = 0
        if ordered(xa, xb, edges.line, slab, active):
            crossed = crossings(xa, xb, slab, active)
            if crossed < 0:
                why = ROOM
                break
        a = xa
        for j in range(crossed + 1):
            b = slab.crossing[j] if j < crossed else xb
            if not a < b:
                continue
            if crossed > 0:
                ordered(a, b, edges.line, slab, active)
            rows, paired, traced = climb(
                a, b, h, active, density, is_plane, edges, slab, near, count + 1, held,
                key, crowds, is_exact, table, rows, room.pairs, paired, out.trace, traced,
            )  # fmt: skip
            if rows == NO_ROOM:
                why = ROOM
                break
            a = b
        xa = xb
    if why == DONE:
        why = _write(change, rows, paired, traced, x_shift, y_shift, room, out)
    # rows are counted in the table's own places even where the climb ran out of room
    emptied(table, len(table.key) if rows == NO_ROOM else rows)
    return why


@compiled_bare
def _write(
    change: int, rows: int, paired: int, traced: int, x_shift: float, y_shift: float,
    room: Any, out: Any,
) -> int:  # fmt: skip
    """Write the rows and pairs of a tile, with the polygons' numbers in the block."""
    near, table, pairs = room.near, room.table, room.pairs
    at, pair = out.written[0], out.written[1]
    if at + rows > len(out.change) or pair + paired > len(out.pair_change):
        return OUTPUT
    layers = out.polygon.shape[1]
    for row in range(rows):
        out.change[at + row] = change
        out.area[at + row] = table.area[row]
        for layer in range(layers):
            winner = table.winner[row, layer]
            out.polygon[at + row, layer] = near.polygon[winner] if winner != NOBODY else NOBODY
    for i in range(paired):
        out.pair_change[pair + i] = change
        out.one[pair + i] = near.polygon[pairs.one[i]]
        out.other[pair + i] = near.polygon[pairs.other[i]]
        out.shared[pair + i] = pairs.area[i]
        out.lost[pair + i] = pairs.lost[i]
    for i in range(out.written[2], traced):
        out.trace.row[i] += at
        for side in range(2):
            out.trace.x[i, side] += x_shift
        for corner in range(4):
            out.trace.y[i, corner] += y_shift
    out.written[0] = at + rows
    out.written[1] = pair + paired
    out.written[2] = traced
    return DONE


@compiled_bare
def _moved(density: Any, p: float, q: float, moved: Any) -> None:
    """Write the quadratic about a point (p, q) away."""
    c0, c1, c2, c3, c4, c5 = density
    moved[0] = c0 + c1 * p + c2 * q + c3 * p * p + c4 * p * q + c5 * q * q
    moved[1] = c1 + 2.0 * c3 * p + c4 * q
    moved[2] = c2 + c4 * p + 2.0 * c5 * q
    moved[3] = c3
    moved[4] = c4
    moved[5] = c5
