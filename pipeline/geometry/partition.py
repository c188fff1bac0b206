"""Partition a block of changes (图斑切分): pieces with one answer everywhere, on the books.

A piece (碎片) is a maximal part of one change that every layer answers alike. Its area comes
out of one sweep over all layers (``geometry.sweep``), never out of cut shapes. What comes out
depends on the shapes and their precedence alone: not on the order of the input, nor on the
block or the worker that did it.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.geometry.booking import book
from pipeline.geometry.layers import NOTHING, Block, Layer
from pipeline.geometry.measured import Measured, Overlap, alone, overlaps, together
from pipeline.geometry.shapes import Drawn, drawn
from pipeline.geometry.sweep.areas import Areas, Ground, answers, ground_of, swept
from pipeline.geometry.sweep.rings import Flags, Floats, Indices
from pipeline.geometry.unapproved import Unapproved, unapproved
from pipeline.units import to_units

_TOUCH_M2 = 1e-4  # sharing less than a booking unit with what is in quarantine is touching


@dataclass(frozen=True)
class Pieces:
    """Pieces, sorted by change, then codes; a column of ``codes`` for each cutting layer.

    ``area_m2`` is the area before booking. Where shapes are not asked for, none are drawn.
    """

    change: Indices
    codes: Indices
    units: Indices
    area_m2: Floats
    is_suspect: Flags
    unapproved: Unapproved
    drawn: Drawn | None


@dataclass(frozen=True)
class Partition:
    """All that is known of a block's changes; ``drift_m2`` of a change is nan where it balances.

    A change with a drift is not what its own outline says: its pieces differ from its area by
    so much, in square metres, and must not be counted.
    """

    units: Indices
    pieces: Pieces
    alone: list[Measured]
    together: list[Measured]
    overlaps: list[Overlap]
    drift_m2: Floats


def partition(block: Block, *, is_drawn: bool = True) -> Partition:
    """Cut the changes of a block into pieces and measure everything that meets them."""
    ground = _ground(block, [*block.cutting, block.suspect])
    areas = _swept(block, ground, block.until)
    measured = _swept(block, _ground(block, block.measured))
    return Partition(
        to_units(block.area_m2),
        _pieces(block, ground, areas, is_drawn=is_drawn),
        [alone(areas, number, layer) for number, layer in enumerate(block.cutting)],
        [together(measured, number, layer) for number, layer in enumerate(block.measured)],
        [row for i, layer in enumerate(block.cutting) for row in overlaps(areas, i, layer)],
        _drift(block, areas),
    )


def tolerance_m2(area_m2: Floats) -> Floats:
    """Return how far parts may differ from their whole: 1e-6 m², or 1e-9 of it."""
    return np.maximum(1e-6, 1e-9 * area_m2)


def _ground(block: Block, layers: list[Layer]) -> Ground:
    return ground_of([layer.cover() for layer in layers], block.changes.box)


def _swept(block: Block, ground: Ground, until: Indices | None = None) -> Areas:
    return swept(
        block.changes,
        ground,
        density=block.density,
        origins=block.origins,
        until=until,
        days=block.days,
    )


def _drift(block: Block, areas: Areas) -> Floats:
    """Return how far the pieces are from their change, nan where that is rounding only."""
    drift = np.bincount(areas.change, areas.area, len(block.area_m2)) - block.area_m2
    return np.where(np.abs(drift) <= tolerance_m2(block.area_m2), np.nan, drift)


def _pieces(block: Block, ground: Ground, areas: Areas, *, is_drawn: bool) -> Pieces:
    """Gather what has the same answers into pieces and book it; no units, no piece."""
    change, codes, piece = _distinct(
        areas.change, answers(ground, areas.polygon)[:, : len(block.cutting)]
    )
    area = np.zeros(len(change))
    np.add.at(area, piece, areas.area)
    doubtful = np.where(areas.polygon[:, -1] != NOTHING, areas.area, 0.0)
    touched = np.bincount(piece, doubtful, len(change)) > _TOUCH_M2
    units = book(block.area_m2, area, change)
    without = unapproved(block, ground, areas, change, codes)
    kept = np.flatnonzero(units > 0)
    change, codes, area = change[kept], codes[kept], area[kept]
    return Pieces(
        change,
        codes,
        units[kept],
        area,
        touched[kept],
        Unapproved(without.part_m2[kept], without.width_m[kept]),
        drawn(block, ground, areas, change, codes, area) if is_drawn else None,
    )


def _distinct(change: Indices, codes: Indices) -> tuple[Indices, Indices, Indices]:
    """Return the distinct rows in order, and which of them each row is.

    Ground that nothing covers comes after all that is covered.
    """
    last = np.iinfo(np.int64).max
    table = np.column_stack([change, np.where(codes == NOTHING, last, codes)])
    found, which = np.unique(table, axis=0, return_inverse=True)
    keys = np.where(found[:, 1:] == last, NOTHING, found[:, 1:])
    return found[:, 0], keys, which.reshape(-1)
