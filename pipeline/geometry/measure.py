"""What the layers cover of the changes (压盖面积), and which pieces records in quarantine touch."""

from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.geometry.cut import Flags, cut
from pipeline.geometry.ground import Ground
from pipeline.geometry.layers import NOTHING, Asked, Indices
from pipeline.geometry.merge import Merged
from pipeline.geometry.share import Shared
from pipeline.units import to_units

_TOUCH_M2 = 1e-4  # sharing less than a booking unit is touching


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


def alone(ground: Ground, asked: Asked, shared: Shared) -> Measured:
    """Measure each shape by itself, whatever else lies on the same ground."""
    units = to_units(ground.areas_m2(shared.alone, asked.change))
    met = units > 0
    return Measured(asked.name, asked.change[met], asked.shape[met], units[met])


def together(ground: Ground, asked: Asked, shared: Shared) -> Measured:
    """Measure what the layer covers of each change, every square metre once."""
    covered = shared.code != NOTHING
    area = ground.areas_m2(shared.cell[covered], shared.change[covered])
    units = to_units(np.bincount(shared.change[covered], area, len(ground.wholes)))
    change = np.flatnonzero(units > 0)
    return Measured(asked.name, change, np.full(len(change), -1), units[change])


def overlaps(ground: Ground, asked: Asked, shared: Shared) -> list[Overlap]:
    """Measure what shapes with different answers share."""
    change = asked.change[shared.first] if len(shared.first) else shared.first
    units = to_units(ground.areas_m2(shared.overlap, change))
    return [
        Overlap(
            asked.name, int(change[i]), int(asked.shape[a]), int(asked.shape[b]), int(units[i])
        )
        for i, (a, b) in enumerate(zip(shared.first, shared.second, strict=True))
    ]


def suspected(ground: Ground, pieces: Merged, suspect: Asked) -> Flags:
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
