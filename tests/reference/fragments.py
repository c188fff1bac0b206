"""Lay the cells of all layers over one another (叠加): fragments with one answer each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from tests.reference.cut import EMPTY, Flags, cut, tolerance_m2, within
from tests.reference.layers import Indices
from tests.reference.share import DUST_M2, Shared
from tests.reference.sound import Shapes, all_sound

# How far the fragments in a cell may be from it: a booking unit. Hairs that were left to the
# neighbour when a fragment was cut in turn are no ground in the wrong place.
_CELL_M2 = 1e-4


@dataclass(frozen=True)
class Fragments:
    """Parts of changes that share no ground; ``codes`` has a column for each layer laid over.

    ``is_whole`` marks a change that nothing has cut yet.
    """

    change: Indices
    codes: npt.NDArray[np.int64]
    shape: Shapes
    is_whole: Flags


def uncut(wholes: Shapes) -> Fragments:
    """Return each change as its own only fragment."""
    count = len(wholes)
    codes = np.zeros((count, 0), dtype=np.int64)
    return Fragments(np.arange(count), codes, wholes, np.ones(count, dtype=bool))


def laid_over(fragments: Fragments, shared: Shared) -> tuple[Fragments, Flags]:
    """Cut the fragments by the cells of one layer; tell which fragments were proven.

    The cells of a change are all its ground, and so are its fragments: what is cut must add up
    both ways, over the cells to each fragment and over the fragments to each cell. Ground that
    GEOS gives to the wrong cell breaks the second sum where the first one holds.
    """
    fragment, cell = _pairs(fragments, shared)
    change = fragments.change[fragment]
    sole = (
        np.searchsorted(shared.change, change, "right") - np.searchsorted(shared.change, change)
    ) == 1
    first_cut = fragments.is_whole[fragment] & ~sole
    crossing = ~fragments.is_whole[fragment] & ~sole
    parts = np.where(first_cut, shared.cell[cell], fragments.shape[fragment])
    parts[crossing], right = _intersections(
        fragments.shape[fragment[crossing]], shared.cell[cell[crossing]]
    )
    proven = _add_up(fragments.shape, fragment, parts)
    proven[fragment[crossing][~right]] = False
    proven[fragment[~_add_up(shared.cell, cell, parts, _CELL_M2)[cell]]] = False
    for doubtful in np.flatnonzero(~proven):
        rows = np.flatnonzero(fragment == doubtful)
        cells = shared.cell[cell[rows]]
        parts[rows], proven[doubtful] = _in_turn(fragments.shape[doubtful], cells)
    proven[fragment[~_add_up(shared.cell, cell, parts, _CELL_M2)[cell]]] = False
    keep = np.flatnonzero(shapely.area(parts) > DUST_M2)
    made = Fragments(
        change[keep],
        np.column_stack([fragments.codes[fragment[keep]], shared.code[cell[keep]]]),
        parts[keep],
        fragments.is_whole[fragment[keep]] & sole[keep],
    )
    return made, proven


def _pairs(fragments: Fragments, shared: Shared) -> tuple[Indices, Indices]:
    """Pair each fragment with every cell of its change (both are sorted by change)."""
    first = np.searchsorted(shared.change, fragments.change, "left")
    last = np.searchsorted(shared.change, fragments.change, "right")
    count = last - first
    fragment = np.repeat(np.arange(len(fragments.change)), count)
    place = np.arange(len(fragment)) - np.repeat(np.cumsum(count) - count, count)
    return fragment, np.repeat(first, count) + place


def _boxes_meet(one: Shapes, other: Shapes) -> Flags:
    a, b = shapely.bounds(one), shapely.bounds(other)
    return np.asarray((a[:, :2] < b[:, 2:]).all(axis=1) & (b[:, :2] < a[:, 2:]).all(axis=1))


def _intersections(wholes: Shapes, knives: Shapes) -> tuple[Shapes, Flags]:
    """Return what each whole and knife share, and whether a point of it really is in both."""
    parts = np.full(len(wholes), EMPTY, dtype=object)
    meet = np.flatnonzero(_boxes_meet(wholes, knives))
    try:
        parts[meet] = all_sound(shapely.intersection(wholes[meet], knives[meet]))
    except GEOSException:
        return parts, ~np.isin(np.arange(len(wholes)), meet)
    return parts, within(parts, knives) & within(parts, wholes)


def _add_up(wholes: Shapes, owner: Indices, parts: Shapes, least_m2: float = 0.0) -> Flags:
    area = shapely.area(wholes)
    found = np.bincount(owner, shapely.area(parts), len(wholes))
    return np.asarray(np.abs(found - area) <= np.maximum(tolerance_m2(area), least_m2))


def _in_turn(whole: BaseGeometry, knives: Shapes) -> tuple[Shapes, bool]:
    """Cut a fragment by one cell after the other, each cut proven."""
    parts, rest, proven = np.empty(len(knives), dtype=object), whole, True
    for i, knife in enumerate(knives):
        made = cut(np.array([rest], dtype=object), np.array([knife], dtype=object))
        parts[i], rest = made.parts[0], made.rests[0]
        proven &= bool(made.proven[0])
    return parts, proven and bool(rest.area <= tolerance_m2(whole.area))
