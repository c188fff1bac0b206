"""What the layers cover of the changes (压盖面积), each polygon by itself or a layer together."""

from dataclasses import dataclass

import numpy as np

from pipeline.geometry.layers import NOTHING, Layer
from pipeline.geometry.sweep.areas import Areas
from pipeline.geometry.sweep.rings import Indices
from pipeline.units import to_units

_NOTED_UNITS = 1  # a booking unit: less is nobody's business


@dataclass(frozen=True)
class Measured:
    """What one layer covers of the changes; ``code`` is -1 where it is measured together."""

    name: str
    change: Indices
    code: Indices
    units: Indices


@dataclass(frozen=True)
class Overlap:
    """Two answers of one layer on the same ground of a change; the ``first`` one has it."""

    name: str
    change: int
    first: int
    second: int
    units: int


def alone(areas: Areas, number: int, layer: Layer) -> Measured:
    """Measure each answer by itself, whatever else lies on the same ground.

    What it has, and what it lost to others. Polygons with one answer, the blocks of one
    approval, are one: ground that two of them cover counts once.
    """
    has = np.flatnonzero(areas.polygon[:, number] != NOTHING)
    lost = np.flatnonzero((areas.pair_layer == number) & (areas.lost != 0))
    change = np.concatenate([areas.change[has], areas.pair_change[lost]])
    polygon = np.concatenate([areas.polygon[has, number], areas.other[lost]])
    area = np.concatenate([areas.area[has], areas.lost[lost]])
    key = np.column_stack([change, layer.codes[polygon]])
    found, which = np.unique(key, axis=0, return_inverse=True)
    units = to_units(np.bincount(which.reshape(-1), area, len(found)))
    met = units > 0
    return Measured(layer.name, found[met, 0], found[met, 1], units[met])


def together(areas: Areas, number: int, layer: Layer) -> Measured:
    """Measure what the layer covers of each change, every square metre once."""
    covered = areas.polygon[:, number] != NOTHING
    total = np.bincount(areas.change[covered], areas.area[covered])
    units = to_units(total)
    change = np.flatnonzero(units > 0)
    return Measured(layer.name, change, np.full(len(change), NOTHING), units[change])


def overlaps(areas: Areas, number: int, layer: Layer) -> list[Overlap]:
    """Measure what polygons with different answers share.

    Approvals may well overlap: precedence is all there is to say.
    """
    if layer.is_approval:
        return []
    rows = np.flatnonzero(areas.pair_layer == number)
    first, second = layer.codes[areas.one[rows]], layer.codes[areas.other[rows]]
    key = np.column_stack([areas.pair_change[rows], first, second])
    found, which = np.unique(key, axis=0, return_inverse=True)
    units = to_units(np.bincount(which.reshape(-1), areas.shared[rows], len(found)))
    return [
        Overlap(layer.name, int(change), int(one), int(other), int(shared))
        for (change, one, other), shared in zip(found, units, strict=True)
        if shared >= _NOTED_UNITS
    ]
