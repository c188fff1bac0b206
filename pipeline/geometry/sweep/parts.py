"""Connected ground made of trapezoids (连通部分), with its area, plane area and perimeter.

::

    ┌────┬───┬────┐     Trapezoids above one another in a slab are one run; runs of neighbouring
    │ a  │▒▒▒│ b  │     slabs that share a piece of their common side are one part. What they
    │    ├───┤    │     share is no border, all the rest of their outline is.
    └────┴───┴────┘
"""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.compiled import ONE, compiled
from pipeline.geometry.sweep.rings import Flags, Floats, Indices
from pipeline.geometry.sweep.slab import Trace

_HAIR_M = 1e-6  # ground that hangs together by less does not
_SAME_M = 1e-9  # ordinates that rounding alone keeps apart


class Parts(NamedTuple):
    """Parts: ``of`` tells that of each trapezoid (-1: none); then their measures."""

    of: Indices
    area: Floats
    plane_area: Floats
    perimeter: Floats


def parts_of(trace: Trace, change: Indices, wanted: Flags) -> Parts:
    """Return the connected parts of the wanted trapezoids; ``change`` is that of each."""
    # A slab as wide as rounding may lose its width on the way from its tile to the origin: it
    # would hide its neighbours from each other.
    some = np.flatnonzero(trace.x[:, 0] < trace.x[:, 1])
    x, y, their = trace.x[some], trace.y[some], change[some]
    found, count = _parts(x, y, their, wanted[some])
    measures = np.zeros((3, count))
    _measure(x, y, trace.area[some], their, found, measures)
    of = np.full(len(change), -1, dtype=np.int64)
    of[some] = found
    return Parts(of, *measures)


@compiled
def _root(parent: Any, one: int) -> Any:
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


@compiled
def _join(parent: Any, one: int, other: int) -> None:
    a, b = _root(parent, one), _root(parent, other)
    parent[max(a, b)] = min(a, b)


@compiled
def _parts(x: Any, y: Any, change: Any, wanted: Any) -> Any:
    """Number the parts in the order of their first trapezoids."""
    count = len(change)
    parent = np.arange(count)
    last = -ONE  # the wanted trapezoid before this one
    begin = before = 0  # where this slab begins, and the one before it
    for i in range(count):
        if i > 0 and (x[i, 0] != x[i - 1, 0] or change[i] != change[i - 1]):
            before, begin = begin, i
        if not wanted[i]:
            continue
        if (
            last >= begin
            and y[i, 0] - y[last, 2] <= _SAME_M
            and y[i, 1] - y[last, 3] <= _SAME_M
        ):
            _join(parent, last, i)
        last = i
        if before < begin and change[before] == change[i] and x[before, 1] == x[i, 0]:
            for j in range(before, begin):
                if wanted[j] and min(y[j, 3], y[i, 2]) - max(y[j, 1], y[i, 0]) > _HAIR_M:
                    _join(parent, j, i)
    of = np.full(count, -1, np.int64)
    parts = 0
    for i in range(count):
        if wanted[i]:
            root = _root(parent, i)
            if root == i:
                of[i] = parts
                parts += 1
            else:
                of[i] = of[root]
    return of, parts


@compiled
def _measure(x: Any, y: Any, area: Any, change: Any, of: Any, measures: Any) -> None:
    """Add up area, plane area and outline; what two trapezoids of a part share is no outline."""
    begin = before = 0
    last = -1
    for i in range(len(of)):
        if i > 0 and (x[i, 0] != x[i - 1, 0] or change[i] != change[i - 1]):
            before, begin = begin, i
            last = -1
        part = of[i]
        if part < 0:
            continue
        width = x[i, 1] - x[i, 0]
        left, right = y[i, 2] - y[i, 0], y[i, 3] - y[i, 1]
        measures[0, part] += area[i]
        measures[1, part] += 0.5 * width * (left + right)
        measures[2, part] += left + right
        measures[2, part] += np.hypot(width, y[i, 1] - y[i, 0])
        measures[2, part] += np.hypot(width, y[i, 3] - y[i, 2])
        if last >= 0 and y[i, 0] - y[last, 2] <= _SAME_M and y[i, 1] - y[last, 3] <= _SAME_M:
            measures[2, part] -= np.hypot(width, y[i, 1] - y[i, 0])
            measures[2, part] -= np.hypot(width, y[last, 3] - y[last, 2])
        last = i
        if before < begin and change[before] == change[i] and x[before, 1] == x[i, 0]:
            for j in range(before, begin):
                if of[j] == part:
                    shared = min(y[j, 3], y[i, 2]) - max(y[j, 1], y[i, 0])
                    if shared > 0.0:
                        measures[2, part] -= 2.0 * shared
