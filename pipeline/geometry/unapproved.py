"""The connected parts of a change without any approval (无批部分), which the sliver rule looks at.

Borders of parcels, zones, farmland, townships and earlier changes leave no crack in them.
Connected means sharing an edge; a point is not enough. Only a change that some approval meets
can have a sliver: the parts of others are not looked for.
"""

from typing import NamedTuple

import numpy as np

from pipeline.geometry.holders import holders
from pipeline.geometry.layers import NOTHING, Block
from pipeline.geometry.sweep.areas import Areas, Ground, answers, restricted, swept
from pipeline.geometry.sweep.parts import Parts, parts_of
from pipeline.geometry.sweep.rings import Flags, Floats, Indices, taken, turned

_DECIMALS = 6
_WEIGHTY_M2 = 1e-4  # a booking unit: what lies in a part with less is left by rounding


class Unapproved(NamedTuple):
    """Of each piece: area and mean width of the part that holds it, nan where there is none."""

    part_m2: Floats
    width_m: Floats


def unapproved(
    block: Block, ground: Ground, areas: Areas, change: Indices, codes: Indices
) -> Unapproved:
    """Return the part without approval that holds each piece (given by change and codes)."""
    nothing = np.full(len(change), np.nan)
    held = Unapproved(nothing, nothing.copy())
    is_bare = _is_bare(block, codes)
    mixed = np.intersect1d(change[is_bare], change[~is_bare])
    wide, high = (block.changes.box[mixed, 2:] - block.changes.box[mixed, :2]).T
    for some, is_turned in ((mixed[wide >= high], False), (mixed[wide < high], True)):
        if len(some) > 0:
            keep = np.unique(holders(block, ground, areas, some)[:, 1])
            near = restricted(ground, keep, is_turned=is_turned)
            traced = _traced(block, near, some, keep, is_turned=is_turned)
            found = answers(near, traced.polygon)[:, : len(block.cutting)]
            piece = _numbers(some[traced.change], found, change, codes)
            _hold(held, traced, _is_bare(block, found), piece)
    return held


def _traced(
    block: Block, near: Ground, some: Indices, keep: Indices, *, is_turned: bool
) -> Areas:
    """Sweep some of the changes trapezoid by trapezoid, over the polygons that are kept.

    Along the longer side, for a corridor then has few edges at a time.
    """
    changes = taken(block.changes, some)
    density = None if block.density is None else block.density[some]
    origins = block.origins[some]
    if is_turned:
        changes, origins = turned(changes), origins[:, ::-1]
        density = None if density is None else density[:, [0, 2, 1, 5, 4, 3]]
    return swept(
        changes,
        near,
        density=density,
        origins=origins,
        until=np.searchsorted(keep, block.until[some]),
        days=block.days[some],
        is_traced=True,
    )


def _hold(held: Unapproved, traced: Areas, is_bare: Flags, piece: Indices) -> None:
    """Write the part of each piece; ``is_bare`` and ``piece`` are of the rows of the sweep."""
    row = traced.trace.row
    parts = parts_of(traced.trace, traced.change[row], is_bare[row])
    rows = np.flatnonzero((parts.of >= 0) & (piece[row] >= 0))
    key = np.column_stack([piece[row[rows]], parts.of[rows]])
    pairs, which = np.unique(key, axis=0, return_inverse=True)
    area = np.zeros(len(pairs))
    np.add.at(area, which.reshape(-1), traced.trace.area[rows])
    # Rounded, so that what else lies in the block, and in which order sums were made, shows
    # nowhere. 2 · area / perimeter: that of a long strip is its width.
    part_m2 = np.round(parts.area, _DECIMALS)
    width = np.round(2 * parts.plane_area / parts.perimeter, _DECIMALS)
    for one, part in pairs[_largest(pairs, area, parts)]:
        held.part_m2[one], held.width_m[one] = part_m2[part], width[part]


def _is_bare(block: Block, codes: Indices) -> Flags:
    return np.asarray((codes[:, block.is_approval] == NOTHING).all(axis=1))


def _numbers(of: Indices, found: Indices, change: Indices, codes: Indices) -> Indices:
    """Return which piece each row of answers is, -1 for dust without one."""
    known = {
        (one, *row): number
        for number, (one, row) in enumerate(zip(change.tolist(), codes.tolist(), strict=True))
    }
    rows = zip(of.tolist(), found.tolist(), strict=True)
    return np.array([known.get((one, *row), NOTHING) for one, row in rows], dtype=np.int64)


def _largest(pairs: Indices, area: Floats, parts: Parts) -> Indices:
    """Return the rows of pairs (piece, part) that tell the part which holds each piece.

    A piece may lie in several parts: the largest of them is taken, for a piece is no sliver as
    long as some of it is on more than a sliver.
    """
    piece, part = pairs.T
    is_weighty = area > _WEIGHTY_M2
    order = np.lexsort((part, -area, -np.where(is_weighty, parts.area[part], 0.0), piece))
    return order[np.unique(piece[order], return_index=True)[1]]
