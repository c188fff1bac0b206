"""Rings traced along edges and filled with their corners, compiled."""

from typing import Any

import numba
import numpy as np


@numba.njit(cache=True)
def traced(following: Any) -> Any:
    """Return half-edges in the order of their rings, and where in that order each ring starts.

    ``following[i]`` is the half-edge that comes after half-edge ``i`` on the same ring.
    """
    count = len(following)
    seen = np.zeros(count, np.bool_)
    order = np.empty(count, np.int64)
    start = np.empty(count + 1, np.int64)
    rings = done = 0
    for first in range(count):
        if seen[first]:
            continue
        start[rings] = done
        rings += 1
        edge = first
        while not seen[edge]:
            seen[edge] = True
            order[done] = edge
            done += 1
            edge = following[edge]
    start[rings] = done
    return order, start[: rings + 1]


@numba.njit(cache=True)
def filled(
    order: Any,
    start: Any,
    tail_xy: Any,
    edge: Any,
    is_reversed: Any,
    bend_start: Any,
    bend_xy: Any,
) -> Any:
    """Return the corners of all rings, each closed, and where each ring starts."""
    corners = len(order) + len(start) - 1
    for half in order:
        corners += bend_start[edge[half] + 1] - bend_start[edge[half]]
    xy = np.empty((corners, 2))
    ring_start = np.empty(len(start), np.int64)
    done = 0
    for ring in range(len(start) - 1):
        ring_start[ring] = done
        for half in order[start[ring] : start[ring + 1]]:
            xy[done] = tail_xy[half]
            done += 1
            low, high = bend_start[edge[half]], bend_start[edge[half] + 1]
            for i in range(high - low):
                xy[done] = bend_xy[high - 1 - i] if is_reversed[half] else bend_xy[low + i]
                done += 1
        xy[done] = xy[ring_start[ring]]
        done += 1
    ring_start[-1] = done
    return xy, ring_start
