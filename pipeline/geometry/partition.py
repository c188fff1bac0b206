"""Partition a block of changes (图斑切分): pieces with one answer everywhere, on the books.

A piece (碎片) is a maximal part of one change that every layer answers alike. Everything is
done about the change's own origin, in whole metres so that the shift is exact. What comes out
depends on the shapes and their precedence alone: not on the order of the input, nor on the
block or the worker that did it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.area import Density, shifted
from pipeline.geometry.booking import book
from pipeline.geometry.cut import Flags, Floats, cut, tolerance_m2
from pipeline.geometry.fragments import Fragments, laid_over, uncut
from pipeline.geometry.layers import NOTHING, Asked, Indices
from pipeline.geometry.polygonal import Shapes, sound
from pipeline.geometry.share import Shared, share_out
from pipeline.geometry.unapproved import mean_width_m, part_of, unapproved_parts
from pipeline.units import to_units

_TOUCH_M2 = 1e-4  # sharing less than a booking unit is touching
_SHOWN_M2 = (
    1e-3  # how far the shape of a piece may be from its area, which is booked without it
)


@dataclass(frozen=True)
class Block:
    """Some changes with all that meets them: self-contained, so that it can travel.

    ``origins`` are whole metres near each change, ``density`` has a row for each of them.
    ``cutting`` layers make the pieces, ``measured`` ones are only measured, ``suspect`` holds
    what is in quarantine.
    """

    wholes: Shapes
    origins: Floats
    density: Density
    cutting: Sequence[Asked]
    measured: Sequence[Asked]
    suspect: Asked


@dataclass(frozen=True)
class Pieces:
    """Pieces, sorted by change, then codes; a column of ``codes`` for each cutting layer."""

    change: Indices
    codes: npt.NDArray[np.int64]
    units: Indices
    shape: Shapes
    is_suspect: Flags
    part_m2: Floats  # of the part without approval; nan for pieces with an approval
    part_width_m: Floats


@dataclass(frozen=True)
class Measured:
    """What one layer covers of the changes, its shapes one by one or, as a layer, together."""

    name: str
    change: Indices
    shape: Indices  # in the alone measure the number of the shape, else -1
    units: Indices


@dataclass(frozen=True)
class Overlap:
    """Two shapes of one layer on the same ground of a change; ``first`` has it."""

    name: str
    change: int
    first: int
    second: int
    units: int


@dataclass(frozen=True)
class Partition:
    """All that is known of a block's changes; ``drift_m2`` of a change is nan where it balances.

    A change with a drift was not proven: its pieces differ from it by so much, in square metres
    (0 where they add up but a cut could not be confirmed), and must not be counted.
    """

    units: Indices
    pieces: Pieces
    alone: list[Measured]
    together: list[Measured]
    overlaps: list[Overlap]
    drift_m2: Floats


def partition(block: Block) -> Partition:
    """Cut the changes of a block into pieces and measure everything that meets them."""
    ground = _Ground(block)
    shares = [ground.shared(asked) for asked in block.cutting]
    fragments, drift = _fragments(ground.wholes, shares)
    approved = [
        (asked.change, shared.alone)
        for asked, shared in zip(block.cutting, shares, strict=True)
        if asked.is_approval
    ]
    parts = unapproved_parts(
        ground.wholes,
        np.concatenate([np.zeros(0, dtype=np.int64), *(change for change, _ in approved)]),
        np.concatenate([np.zeros(0, dtype=object), *(alone for _, alone in approved)]),
    )
    drift[np.isnan(drift) & ~parts.proven] = 0.0
    units = to_units(ground.areas_m2(ground.wholes, np.arange(len(block.wholes))))
    pieces = _pieces(ground, fragments)
    held = (pieces.codes[:, _approvals(block)] == NOTHING).all(axis=1)
    holder = np.where(held, part_of(pieces.shape, pieces.change, parts), -1)
    together = [(asked, ground.shared(asked)) for asked in block.measured]
    return Partition(
        units,
        Pieces(
            pieces.change,
            pieces.codes,
            pieces.units,
            _placed(pieces.shape, block.origins, pieces.change),
            _suspected(ground, pieces, block.suspect),
            _taken(shapely.area(parts.shape), holder),
            _taken(mean_width_m(parts.shape), holder),
        ),
        [_alone(ground, *pair) for pair in zip(block.cutting, shares, strict=True)],
        [_together(ground, asked, shared) for asked, shared in together],
        [found for asked, shared in zip(block.cutting, shares, strict=True)
         for found in _overlaps(ground, asked, shared)],
        drift,
    )  # fmt: skip


class _Ground:
    """The block about the origins of its changes."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.wholes = self.local(block.wholes, np.arange(len(block.wholes)))

    def local(self, shapes: Shapes, change: Indices) -> Shapes:
        return shifted(shapes, -self.block.origins, change)

    def shared(self, asked: Asked) -> Shared:
        return share_out(self.wholes, asked, self.local(asked.geometry, asked.change))

    def areas_m2(self, shapes: Shapes, change: Indices) -> Floats:
        return self.block.density.areas_m2(shapes, change)


def _fragments(wholes: Shapes, shares: Sequence[Shared]) -> tuple[Fragments, Floats]:
    """Lay all layers over each other; tell the drift of the changes that are not proven."""
    fragments = uncut(wholes)
    proven = np.ones(len(wholes), dtype=bool)
    for shared in shares:
        before = fragments.change
        fragments, right = laid_over(fragments, shared)
        proven[before[~right]] = False
        proven &= shared.proven
    area = shapely.area(wholes)
    drift = np.bincount(fragments.change, shapely.area(fragments.shape), len(wholes)) - area
    bad = ~proven | (np.abs(drift) > tolerance_m2(area))
    return fragments, np.where(bad, drift, np.nan)


@dataclass(frozen=True)
class _Merged:
    change: Indices
    codes: npt.NDArray[np.int64]
    units: Indices
    shape: Shapes


def _pieces(ground: _Ground, fragments: Fragments) -> _Merged:
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
    shapes = np.array([_merged(members[one]) for one in kept] or [None], dtype=object)
    return _Merged(change[kept], fragments.codes[first[kept]], units[kept], shapes[: len(kept)])


def _merged(shapes: Shapes) -> BaseGeometry:
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


def _placed(shapes: Shapes, origins: Floats, change: Indices) -> Shapes:
    """Return the shapes on the map again, normalised, and valid there too."""
    placed: Shapes = shapely.normalize(shifted(shapes, origins, change))
    for i in np.flatnonzero(~shapely.is_valid(placed)):
        mended = sound(placed[i])
        if abs(mended.area - placed[i].area) <= _SHOWN_M2:
            placed[i] = shapely.normalize(mended)
    return placed


def _approvals(block: Block) -> Indices:
    return np.array(
        [i for i, asked in enumerate(block.cutting) if asked.is_approval], dtype=int
    )


def _taken(values: Floats, row: Indices) -> Floats:
    """Return the values of the rows, nan for row -1."""
    return np.asarray(np.where(row >= 0, values[row] if len(values) else np.nan, np.nan))


def _suspected(ground: _Ground, pieces: _Merged, suspect: Asked) -> Flags:
    """Tell which pieces share ground with a record in quarantine."""
    found = np.zeros(len(pieces.change), dtype=bool)
    first = np.searchsorted(pieces.change, suspect.change, "left")
    last = np.searchsorted(pieces.change, suspect.change, "right")
    row = np.repeat(np.arange(len(suspect.change)), last - first)
    piece = np.concatenate([np.zeros(0, dtype=np.int64), *map(np.arange, first, last)])
    shapes = ground.local(suspect.geometry, suspect.change)
    common = cut(pieces.shape[piece], shapes[row]).parts
    found[piece[shapely.area(common) > _TOUCH_M2]] = True
    return found


def _alone(ground: _Ground, asked: Asked, shared: Shared) -> Measured:
    units = to_units(ground.areas_m2(shared.alone, asked.change))
    met = units > 0
    return Measured(asked.name, asked.change[met], asked.shape[met], units[met])


def _together(ground: _Ground, asked: Asked, shared: Shared) -> Measured:
    covered = shared.code != NOTHING
    area = ground.areas_m2(shared.cell[covered], shared.change[covered])
    units = to_units(np.bincount(shared.change[covered], area, len(ground.wholes)))
    change = np.flatnonzero(units > 0)
    return Measured(asked.name, change, np.full(len(change), -1), units[change])


def _overlaps(ground: _Ground, asked: Asked, shared: Shared) -> list[Overlap]:
    change = asked.change[shared.first] if len(shared.first) else shared.first
    units = to_units(ground.areas_m2(shared.overlap, change))
    return [
        Overlap(
            asked.name, int(change[i]), int(asked.shape[a]), int(asked.shape[b]), int(units[i])
        )
        for i, (a, b) in enumerate(zip(shared.first, shared.second, strict=True))
    ]
