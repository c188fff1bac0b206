"""One tile of a change (图块): its edges gathered, its slabs climbed from left to right."""

from typing import Any

from pipeline.geometry.sweep.clip import gather
from pipeline.geometry.sweep.compiled import ONE, ZERO, compiled_bare
from pipeline.geometry.sweep.inside import NOBODY, toggle
from pipeline.geometry.sweep.near import find, number
from pipeline.geometry.sweep.slab import CHANGE, NO_ROOM, climb, crossings, ordered
from pipeline.geometry.sweep.sorting import sort_places
from pipeline.geometry.sweep.table import emptied

MANY_EDGES = 640
_SHORTEST_M = 0.5  # a shorter tile is not divided

DONE, ROOM, OUTPUT = range(3)  # why a sweep stopped: done, or what was too small


@compiled_bare
def tile(
    change: int, changes: Any, change_rows: Any, until: int, days: Any,
    ground: Any, ground_rows: Any, grid: Any, layer: Any, answer: Any, terms: Any,
    density: Any, origin: Any, is_plane: bool, is_traced: bool,
    x0: float, y0: float, x1: float, y1: float, room: Any, out: Any,
) -> Any:  # fmt: skip
    """Sweep one tile; return the number of its edges if they are too many, else 0."""
    edges, near, held = room.edges, room.near, room.held
    w, h = x1 - x0, y1 - y0
    n, turns, inside = gather(
        changes, change_rows, change, x0, y0, w, h, ZERO, edges, ZERO, ZERO
    )  # fmt: skip
    if n < 0:
        return 0, ROOM
    if n == 0 and turns == 0 and inside == 0:
        return 0, DONE
    near.at_base[0] = inside
    count = find(change, until, days, ground, grid, layer, terms, x0, y0, x1, y1, room)
    if count < 0:
        return 0, ROOM
    is_exact = number(count, layer, answer, near, held)
    key, crowds = ZERO, ZERO
    for one in range(1, count + 1):
        near.at_base[one] = 0
        n, turns, inside = gather(
            ground, ground_rows, near.polygon[one], x0, y0, w, h, one, edges, n, turns
        )
        if n < 0:
            return 0, ROOM
        if inside:
            key, crowds = toggle(near, held, near.at_base, ONE, one, key, crowds)
    if n > MANY_EDGES and not is_traced and max(w, h) > _SHORTEST_M:
        return n, DONE
    moved = room.density
    _moved(density, x0 - origin[0], y0 - origin[1], moved)
    return 0, _slabs(
        change, w, h, n, turns, count, key, crowds, is_exact, moved, is_plane, is_traced,
        x0 - origin[0], y0 - origin[1], room, out,
    )  # fmt: skip


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
    rows = paired = own = ZERO
    traced = out.written[2] if is_traced else ZERO
    why = DONE
    xa = 0.0
    while xa < w and why == DONE:
        while turned < turns and edges.turn[turn[turned]] <= xa:
            owner = edges.turn_owner[turn[turned]]
            turned += 1
            if owner == CHANGE:
                near.at_base[0] ^= 1
            else:
                key, crowds = toggle(near, held, near.at_base, ONE, owner, key, crowds)
        # the slab ends where the next edge begins or ends, or the lower side turns
        xb = edges.turn[turn[turned]] if turned < turns else w
        kept = 0
        for j in range(active):
            end = edges.line[slab.active[j], 2]
            if end > xa:
                slab.active[kept] = slab.active[j]
                kept += 1
                xb = min(xb, end)
            elif edges.owner[slab.active[j]] == CHANGE:
                own -= 1
        active = kept
        while begun < n and edges.begin[begin[begun]] <= xa:
            slab.active[active] = begin[begun]
            xb = min(xb, edges.line[begin[begun], 2])
            own += 1 if edges.owner[begin[begun]] == CHANGE else 0
            active += 1
            begun += 1
        if begun < n:
            xb = min(xb, edges.begin[begin[begun]])
        crossed = 0
        is_crossed = ordered(xa, xb, edges.line, slab, active)
        if is_crossed:
            crossed = crossings(xa, xb, slab, active)
            if crossed < 0:
                why = ROOM
                break
        a = xa
        for j in range(crossed + 1):
            b = slab.crossing[j] if j < crossed else xb
            if not a < b:
                continue
            if is_crossed:
                ordered(a, b, edges.line, slab, active)
            rows, paired, traced = climb(
                a, b, h, active, own, density, is_plane, edges, slab, near, count + 1, held,
                key, crowds, is_exact, table, rows, room.pairs, paired, out.trace, traced,
            )  # fmt: skip
            if rows < 0:
                why = ROOM if rows == NO_ROOM else OUTPUT
                break
            a = b
        xa = xb
    if why == DONE:
        why = _write(change, rows, paired, traced, x_shift, y_shift, room, out)
    # rows are counted in the table's own places even where the climb ran out of room
    emptied(table, rows if rows >= 0 else len(table.key))
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
