"""Sorting in place (排序), without making an array: a few to some thousand numbers (Shell)."""

from typing import Any

from pipeline.geometry.sweep.compiled import compiled_bare


@compiled_bare
def _widest_gap(count: int) -> int:
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    return gap


@compiled_bare
def sort(values: Any, count: int) -> None:
    """Sort the first ``count`` values."""
    gap = _widest_gap(count)
    while gap > 0:
        for i in range(gap, count):
            value = values[i]
            j = i
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        gap //= 3


@compiled_bare
def sort_places(values: Any, place: Any, count: int) -> None:
    """Write the places of the first ``count`` values to ``place``, smallest value first."""
    for i in range(count):
        place[i] = i
    gap = _widest_gap(count)
    while gap > 0:
        for i in range(gap, count):
            one = place[i]
            j = i
            while j >= gap and values[place[j - gap]] > values[one]:
                place[j] = place[j - gap]
                j -= gap
            place[j] = one
        gap //= 3
