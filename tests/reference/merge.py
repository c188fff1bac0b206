"""Merge fragments into pieces (碎片归并) and put their areas on the books."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.area import shifted
from pipeline.geometry.booking import book
from tests.reference.cut import Floats
from tests.reference.fragments import Fragments
from tests.reference.ground import Ground
from tests.reference.layers import NOTHING, Indices
from pipeline.geometry.polygonal import Shapes, sound

_SHOWN_M2 = (
    1e-3  # how far the shape of a piece may be from its area, which is booked without it
)


@dataclass(frozen=True)
class Merged:
    """Pieces about the origins of their changes, sorted by change, then codes."""

    change: Indices
    codes: npt.NDArray[np.int64]
    units: Indices
    shape: Shapes


def merged(ground: Ground, fragments: Fragments) -> Merged:
    """Merge fragments with the same answers and book their areas; no units, no piece."""
    last = np.iinfo(np.int64).max  # ground that nothing covers comes after all that is covered
    keys = np.where(fragments.codes == NOTHING, last, fragments.codes)
    table = np.column_stack([fragments.change, keys])
    _, first, piece = np.unique(table, axis=0, return_index=True, return_inverse=True)
    piece = piece.reshape(-1)
    area = ground.areas_m2(fragments.shape, fragments.change)
    piece_m2 = np.bincount(piece, area, len(first))
    change = fragments.change[first]
    total = ground.areas_m2(ground.wholes, np.arange(len(ground.wholes)))
    units = np.zeros(len(first), dtype=np.int64)
    for one in np.unique(change):
        rows = slice(*np.searchsorted(change, [one, one + 1]))
        units[rows] = book(float(total[one]), piece_m2[rows].astype(float))
    kept = np.flatnonzero(units > 0)
    order = np.argsort(piece, kind="stable")
    members = np.split(
        fragments.shape[order], np.cumsum(np.bincount(piece, minlength=len(first)))
    )
    shapes = np.array([_union(members[one]) for one in kept] or [None], dtype=object)
    return Merged(change[kept], fragments.codes[first[kept]], units[kept], shapes[: len(kept)])


def _union(shapes: Shapes) -> BaseGeometry:
    """Return fragments as one shape, to look at: their areas are on the books already."""
    if len(shapes) == 1:
        return shapes[0]
    total = float(shapely.area(shapes).sum())
    try:
        union = sound(shapely.union_all(shapes))
        if abs(union.area - total) <= _SHOWN_M2:
            return union
    except GEOSException:
        pass
    return shapely.multipolygons(shapely.get_parts(shapes))


def placed(shapes: Shapes, origins: Floats, change: Indices) -> Shapes:
    """Return the shapes on the map again, normalised, and valid there too."""
    on_map: Shapes = shapely.normalize(shifted(shapes, origins, change))
    for i in np.flatnonzero(~shapely.is_valid(on_map)):
        mended = sound(on_map[i])
        if abs(mended.area - on_map[i].area) <= _SHOWN_M2:
            on_map[i] = shapely.normalize(mended)
    return on_map
