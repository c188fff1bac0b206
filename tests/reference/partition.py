"""Partition a block of changes (图斑切分): pieces with one answer everywhere, on the books.

A piece (碎片) is a maximal part of one change that every layer answers alike. Everything is
done about the change's own origin, in whole metres so that the shift is exact. What comes out
depends on the shapes and their precedence alone: not on the order of the input, nor on the
block or the worker that did it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tests.reference.cut import Flags, Floats, tolerance_m2
from tests.reference.fragments import Fragments, laid_over, uncut
from tests.reference.ground import Block, Ground
from tests.reference.layers import NOTHING, Asked, Indices
from tests.reference.measure import Measured, Overlap, alone, overlaps, suspected, together
from tests.reference.merge import Merged, merged, placed
from pipeline.geometry.polygonal import Shapes
from tests.reference.share import Shared
from tests.reference.unapproved import Parts, mean_width_m, part_of, unapproved_parts
from pipeline.units import to_units


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
    ground = Ground(block)
    cutting = [(asked, ground.shared(asked)) for asked in block.cutting]
    measured = [(asked, ground.shared(asked)) for asked in block.measured]
    fragments, proven = _fragments(ground.wholes, [shared for _, shared in cutting])
    parts = _parts(ground.wholes, cutting)
    for sure in (parts.proven, *(shared.proven for _, shared in [*cutting, *measured])):
        proven &= sure
    found = merged(ground, fragments)
    is_approval = np.array([asked.is_approval for asked in block.cutting], dtype=bool)
    return Partition(
        to_units(ground.areas_m2(ground.wholes, np.arange(len(block.wholes)))),
        _pieces(ground, found, parts, is_approval),
        [alone(ground, asked, shared) for asked, shared in cutting],
        [together(ground, asked, shared) for asked, shared in measured],
        [row for asked, shared in cutting for row in overlaps(ground, asked, shared)],
        _drift(ground.wholes, fragments, proven),
    )


def _fragments(wholes: Shapes, shares: Sequence[Shared]) -> tuple[Fragments, Flags]:
    """Lay all layers over each other; tell which changes are proven."""
    fragments = uncut(wholes)
    proven = np.ones(len(wholes), dtype=bool)
    for shared in shares:
        change = fragments.change
        fragments, right = laid_over(fragments, shared)
        proven[change[~right]] = False
    return fragments, proven


def _parts(wholes: Shapes, cutting: Iterable[tuple[Asked, Shared]]) -> Parts:
    """Return the parts of the changes that no approval of any kind covers."""
    approved = [(asked.change, shared.alone) for asked, shared in cutting if asked.is_approval]
    return unapproved_parts(
        wholes,
        np.concatenate([np.zeros(0, dtype=np.int64), *(change for change, _ in approved)]),
        np.concatenate([np.zeros(0, dtype=object), *(shapes for _, shapes in approved)]),
    )


def _drift(wholes: Shapes, fragments: Fragments, proven: Flags) -> Floats:
    """Return how far the fragments are from their change, nan for what is proven."""
    area = shapely.area(wholes)
    drift = np.bincount(fragments.change, shapely.area(fragments.shape), len(wholes)) - area
    return np.where(proven & (np.abs(drift) <= tolerance_m2(area)), np.nan, drift)


def _pieces(ground: Ground, found: Merged, parts: Parts, is_approval: Flags) -> Pieces:
    """Put the pieces on the map and tell what the sliver rule and the quarantine need."""
    bare = (found.codes[:, is_approval] == NOTHING).all(axis=1)
    part = np.where(bare, part_of(found.shape, found.change, parts), -1)
    return Pieces(
        found.change,
        found.codes,
        found.units,
        placed(found.shape, ground.block.origins, found.change),
        suspected(ground, found, ground.block.suspect),
        _taken(shapely.area(parts.shape), part),
        _taken(mean_width_m(parts.shape), part),
    )


def _taken(values: Floats, row: Indices) -> Floats:
    """Return the values of the rows, nan for row -1."""
    return np.asarray(np.where(row >= 0, values[row] if len(values) else np.nan, np.nan))
