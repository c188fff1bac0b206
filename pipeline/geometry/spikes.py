"""Needles in valid outlines (尖角): a line that runs out and comes back almost on itself."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

_LEAST_M = 1.0  # shorter ones are how corners are surveyed
_WIDEST = np.cos(np.radians(0.5))


class Spike(NamedTuple):
    """The tip of a needle and the shorter of its sides (metres); ``shape`` is a place in the list."""

    shape: int
    x: float
    y: float
    length_m: float


def spikes(shapes: npt.NDArray[Any]) -> list[Spike]:
    """Return the longest needle of each polygon that has one, in the order of the polygons."""
    parts, whole = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    shape = whole[part]
    at, ring = shapely.get_coordinates(rings, return_index=True)
    if len(at) == 0:
        return []
    ahead = np.roll(at, -1, axis=0) - at  # the last of each ring: replaced below
    last = np.append(np.flatnonzero(np.diff(ring)), len(at) - 1)
    first = np.append(0, last[:-1] + 1)
    ahead[last] = ahead[first]  # a ring ends where it begins
    behind = np.roll(ahead, 1, axis=0)
    behind[first] = ahead[last - 1]
    out, back = np.hypot(*behind.T), np.hypot(*ahead.T)
    length = np.minimum(out, back)
    turn = -(behind * ahead).sum(axis=1)
    needle = (length > _LEAST_M) & (turn > _WIDEST * out * back)
    needle[last] = False  # the first point again
    rows = np.flatnonzero(needle)
    rows = rows[np.lexsort((-length[rows], shape[ring[rows]]))]
    _, longest = np.unique(shape[ring[rows]], return_index=True)
    return [
        Spike(int(shape[ring[row]]), float(at[row, 0]), float(at[row, 1]), float(length[row]))
        for row in rows[longest].tolist()
    ]
