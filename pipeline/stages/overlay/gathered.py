"""The results of all blocks as one (汇集), changes numbered as in the references."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.geometry.layers import NOTHING
from pipeline.geometry.measure import Measured, Overlap
from pipeline.geometry.partition import Partition, Pieces

# Columns of the codes of a piece, in the order in which the layers cut.
OWNER, TOWNSHIP, PARCEL, PERMANENT, ZONE, FIRST_APPROVAL = range(6)


@dataclass(frozen=True)
class Gathered:
    """All changes: their areas, pieces, measures, overlaps; sums of units inside and outside.

    ``is_kept`` marks the changes that count: proven, and not wholly outside every township.
    """

    units: npt.NDArray[np.int64]
    pieces: Pieces
    alone: list[Measured]
    together: list[Measured]
    overlaps: list[Overlap]
    drift_m2: npt.NDArray[np.float64]

    @property
    def is_proven(self) -> npt.NDArray[np.bool_]:
        """Changes whose pieces are proven."""
        return np.isnan(self.drift_m2)

    @property
    def outside(self) -> npt.NDArray[np.int64]:
        """Units of each change outside every township."""
        return self.sum_of(self.pieces.codes[:, TOWNSHIP] == NOTHING)

    @property
    def elsewhere(self) -> npt.NDArray[np.int64]:
        """Units of each change, in townships, that an earlier change has."""
        codes = self.pieces.codes
        return self.sum_of((codes[:, OWNER] != NOTHING) & (codes[:, TOWNSHIP] != NOTHING))

    @property
    def is_kept(self) -> npt.NDArray[np.bool_]:
        """Changes that count."""
        return self.is_proven & (self.outside < self.units)

    def sum_of(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return the units of the marked pieces of each change; sums of integers."""
        total = np.zeros(len(self.units), dtype=np.int64)
        np.add.at(total, self.pieces.change[rows], self.pieces.units[rows])
        return total


def gathered(partitions: Sequence[Partition], block: int) -> Gathered:
    """Join the partitions of blocks of so many changes each."""
    starts = [i * block for i in range(len(partitions))]
    numbered = list(zip(starts, partitions, strict=True))
    return Gathered(
        _joined([made.units for made in partitions], np.int64),
        _pieces([replace(p.pieces, change=p.pieces.change + start) for start, p in numbered]),
        _measures([[_moved(m, start) for m in p.alone] for start, p in numbered]),
        _measures([[_moved(m, start) for m in p.together] for start, p in numbered]),
        [
            replace(found, change=found.change + start)
            for start, made in numbered
            for found in made.overlaps
        ],
        _joined([made.drift_m2 for made in partitions], np.float64),
    )


def _pieces(made: list[Pieces]) -> Pieces:
    columns = [[getattr(pieces, field.name) for pieces in made] for field in fields(Pieces)]
    return Pieces(*map(np.concatenate, columns))


def _moved(measured: Measured, start: int) -> Measured:
    return replace(measured, change=measured.change + start)


def _measures(blocks: list[list[Measured]]) -> list[Measured]:
    return [
        Measured(
            layer[0].name,
            _joined([measured.change for measured in layer], np.int64),
            _joined([measured.shape for measured in layer], np.int64),
            _joined([measured.units for measured in layer], np.int64),
        )
        for layer in zip(*blocks, strict=True)
    ]


def _joined(arrays: Sequence[npt.NDArray[Any]], kind: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])
