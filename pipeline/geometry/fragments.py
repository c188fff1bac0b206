"""Lay the cells of all layers over one another (叠加): fragments with one answer each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.cut import Flags, cut, tolerance_m2, within
from pipeline.geometry.layers import Indices
from pipeline.geometry.polygonal import Shapes, all_sound
from pipeline.geometry.share import DUST_M2, Shared


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

    The cells of a change are all its ground, so the parts of a fragment must add up to it.
    """
    count = np.bincount(shared.change, minlength=int(fragments.change.max(initial=-1)) + 1)
    start = np.cumsum(count) - count
    fragment = np.repeat(np.arange(len(fragments.change)), count[fragments.change])
    within_change = np.arange(len(fragment)) - np.repeat(
        np.cumsum(count[fragments.change]) - count[fragments.change], count[fragments.change]
    )
    cell = start[fragments.change[fragment]] + within_change
    alone = count[fragments.change[fragment]] == 1  # one cell: the whole change has one answer
    parts = np.where(
        fragments.is_whole[fragment] & ~alone, shared.cell[cell], fragments.shape[fragment]
    )
    crossing = np.flatnonzero(~fragments.is_whole[fragment] & ~alone)
    meets = _boxes_meet(fragments.shape[fragment[crossing]], shared.cell[cell[crossing]])
    parts[crossing[~meets]] = shapely.Polygon()
    crossing = crossing[meets]
    made, right = _intersections(
        fragments.shape[fragment[crossing]], shared.cell[cell[crossing]]
    )
    parts[crossing] = made
    proven = _add_up(fragments.shape, fragment, parts)
    proven[fragment[crossing[~right]]] = False
    for wrong in np.flatnonzero(~proven):
        rows = np.flatnonzero(fragment == wrong)
        parts[rows], proven[wrong] = _in_turn(fragments.shape[wrong], shared.cell[cell[rows]])
    keep = np.flatnonzero(shapely.area(parts) > DUST_M2)
    chosen = fragment[keep]
    made_fragments = Fragments(
        fragments.change[chosen],
        np.column_stack([fragments.codes[chosen], shared.code[cell[keep]]]),
        parts[keep],
        fragments.is_whole[chosen] & alone[keep],
    )
    return made_fragments, proven


def _boxes_meet(one: Shapes, other: Shapes) -> Flags:
    a, b = shapely.bounds(one), shapely.bounds(other)
    return np.asarray((a[:, :2] < b[:, 2:]).all(axis=1) & (b[:, :2] < a[:, 2:]).all(axis=1))


def _intersections(wholes: Shapes, knives: Shapes) -> tuple[Shapes, Flags]:
    try:
        parts = all_sound(shapely.intersection(wholes, knives))
    except GEOSException:
        return wholes.copy(), np.zeros(len(wholes), dtype=bool)
    return parts, within(parts, knives) & within(parts, wholes)


def _add_up(wholes: Shapes, owner: Indices, parts: Shapes) -> Flags:
    area = shapely.area(wholes)
    found = np.bincount(owner, shapely.area(parts), len(wholes))
    return np.asarray(np.abs(found - area) <= tolerance_m2(area))


def _in_turn(whole: BaseGeometry, knives: Shapes) -> tuple[Shapes, bool]:
    """Cut a fragment by one cell after the other, each cut proven."""
    parts, rest, proven = np.empty(len(knives), dtype=object), whole, True
    for i, knife in enumerate(knives):
        made = cut(np.array([rest], dtype=object), np.array([knife], dtype=object))
        parts[i], rest = made.parts[0], made.rests[0]
        proven &= bool(made.proven[0])
    return parts, proven and bool(rest.area <= tolerance_m2(whole.area))
