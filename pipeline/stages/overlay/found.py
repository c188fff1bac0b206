"""What the engine found of a block of changes (切分结果), read by change."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.geometry.layers import NOTHING
from pipeline.geometry.partition import Partition

# Columns of the codes of a piece, in the order of the layers of a block.
OWNER, TOWNSHIP, PARCEL, PERMANENT, ZONE, FIRST_APPROVAL = range(6)


@dataclass(frozen=True)
class Found(Partition):
    """The partition of a block, with units outside every township and in earlier changes.

    ``is_kept`` marks the changes that count: proven, and not wholly outside every township.
    """

    @cached_property
    def is_proven(self) -> npt.NDArray[np.bool_]:
        """Changes whose pieces add up to them."""
        return np.isnan(self.drift_m2)

    @cached_property
    def outside(self) -> npt.NDArray[np.int64]:
        """Units of each change outside every township."""
        return self.sum_of(self.pieces.codes[:, TOWNSHIP] == NOTHING)

    @cached_property
    def elsewhere(self) -> npt.NDArray[np.int64]:
        """Units of each change, in townships, that an earlier change has."""
        codes = self.pieces.codes
        return self.sum_of((codes[:, OWNER] != NOTHING) & (codes[:, TOWNSHIP] != NOTHING))

    @cached_property
    def is_kept(self) -> npt.NDArray[np.bool_]:
        """Changes that count."""
        return self.is_proven & (self.outside < self.units)

    def sum_of(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return the units of the marked pieces of each change; sums of integers."""
        total = np.zeros(len(self.units), dtype=np.int64)
        np.add.at(total, self.pieces.change[rows], self.pieces.units[rows])
        return total
