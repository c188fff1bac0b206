"""Which polygon of each layer has the ground (归属), kept up to date edge by edge.

The polygons near a tile are numbered 1, 2, 3 … by layer, then precedence; 0 is the change. In
each layer the first polygon that one stands in has the ground: the winner. The winners' answers
of all layers together are one number, the key, which changes by a sum when a winner changes.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.geometry.sweep.compiled import compiled_bare
from pipeline.geometry.sweep.rings import Flags, Indices

NOBODY = -1

Bytes = npt.NDArray[np.int8]


class Locals(NamedTuple):
    """The polygons near a tile.

    ``polygon`` is the number of each in the block, ``answer`` that of its answer in its layer
    (1, 2 …; 0 is nobody's), ``inside`` whether one stands in it, ``at_base`` whether the lower
    side of the tile does.
    """

    polygon: Indices
    layer: Indices
    answer: Indices
    inside: Bytes
    at_base: Bytes


class Holders(NamedTuple):
    """The layers of a tile: their polygons are ``low`` to ``high``, ``times`` their key's factor.

    ``stood`` polygons are stood in, ``winner`` has the ground; ``counts`` layers are those whose
    overlaps are of interest. Rows 0 are the current ones, rows 1 those of the lower side.
    """

    low: Indices
    high: Indices
    times: Indices
    stood: Indices
    winner: Indices
    counts: Flags


def locals_for(most: int) -> Locals:
    """Return room for so many polygons."""
    numbers = np.zeros((3, most), np.int64)
    states = np.zeros((2, most), np.int8)
    return Locals(numbers[0], numbers[1], numbers[2], states[0], states[1])


def holders_for(counts: Flags) -> Holders:
    """Return room for the layers, of which ``counts`` tells whether overlaps are wanted."""
    size = len(counts)
    numbers = np.zeros((3, size), np.int64)
    both = np.zeros((2, 2, size), np.int64)
    return Holders(numbers[0], numbers[1], numbers[2], both[0], both[1], counts)


@compiled_bare
def toggle(near: Any, held: Any, inside: Any, row: int, one: int, key: int, crowds: int) -> Any:
    """Step over an edge of polygon ``one``; return the key and how many layers are crowded.

    ``inside`` and ``row`` are the state that changes: the current one (0) or the lower side's (1).
    """
    layer = near.layer[one]
    before = held.winner[row, layer]
    after = before
    if inside[one]:
        inside[one] = 0
        held.stood[row, layer] -= 1
        if held.stood[row, layer] == 1 and held.counts[layer]:
            crowds -= 1
        if before == one:
            after = NOBODY
            if held.stood[row, layer] > 0:
                after = one + 1
                while not inside[after]:
                    after += 1
    else:
        inside[one] = 1
        held.stood[row, layer] += 1
        if held.stood[row, layer] == 2 and held.counts[layer]:
            crowds += 1
        if before == NOBODY or one < before:
            after = one
    if after != before:
        held.winner[row, layer] = after
        gone = near.answer[before] if before != NOBODY else 0
        come = near.answer[after] if after != NOBODY else 0
        key += (come - gone) * held.times[layer]
    return key, crowds
