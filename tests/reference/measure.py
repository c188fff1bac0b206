"""What the layers cover of the changes (压盖面积), and which pieces records in quarantine touch."""

from dataclasses import dataclass

import numpy as np
import shapely

from tests.reference.cut import Flags, cut
from tests.reference.ground import Ground
from tests.reference.layers import NOTHING, Asked, Indices
from tests.reference.merge import Merged
from tests.reference.share import Shared
from pipeline.units import to_units

_TOUCH_M2 = 1e-4  # sharing less than a booking unit is touching


@dataclass(frozen=True)
class Measured:
    """What one layer covers of the changes, each shape by itself or, as a layer, together."""

    name: str
    change: Indices
    shape: Indices  # the number of the (first) shape, -1 where together
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
    """Measure each shape by itself, whatever else lies on the same ground.

    The blocks of one approval are one: ground that two of them cover counts once.
    """
    answers = np.column_stack([asked.change, asked.code if asked.is_approval else asked.shape])
    _, first, member = np.unique(answers, axis=0, return_index=True, return_inverse=True)
    shapes = shared.alone[first]
    for several in np.flatnonzero(np.bincount(member.reshape(-1)) > 1):
        shapes[several] = shapely.union_all(shared.alone[member.reshape(-1) == several])
    change, shape = asked.change[first], asked.shape[first]
    units = to_units(ground.areas_m2(shapes, change))
    met = units > 0
    return Measured(asked.name, change[met], shape[met], units[met])


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
