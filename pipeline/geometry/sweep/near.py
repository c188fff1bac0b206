"""The polygons near a tile, put in order and numbered (候选与编号)."""

from typing import Any

import numpy as np

from pipeline.geometry.sweep.compiled import ZERO, compiled_bare
from pipeline.geometry.sweep.grid import cells, share
from pipeline.geometry.sweep.inside import NOBODY
from pipeline.geometry.sweep.sorting import sort

_FEW = 32  # polygons that are put in order as they come
_MOST_KEYS = 2.0**62
# An odd number without a pattern, and the step of Knuth's MMIX: the factors of a key that does
# not fit into 64 bits.
_SCATTER, _STEP = 0x5851F42D4C957F2D, 1442695040888963407


@compiled_bare
def find(
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
    count = ZERO
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
def number(count: int, layer: Any, answer: Any, near: Any, held: Any) -> bool:
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
            held.times[i] = int(product) if product < _MOST_KEYS else 0
            product *= near.answer[held.high[i] - 1] + 1
    if product < _MOST_KEYS:
        return True
    factor = _SCATTER
    for i in range(layers):
        held.times[i] = factor
        factor = factor * _SCATTER + _STEP
    return False
