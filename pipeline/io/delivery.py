"""What a delivered file holds before any meaning is given to it (原始图层)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from pipeline.errors import Finding

# How a place ends that says no more than the number of its record in the file.
NUMBERED = re.compile(r" 第 \d+ 条$")
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Source:
    """The records of a layer as its files have them (原始图层).

    ``frame`` has the fields under their own names, values str, int, float, bool, date or None;
    ``geometry`` one shape or None a row, Z and M dropped; ``crs`` is what the file says, None
    where it says nothing; ``places`` a stable description of each record; ``lost`` says of a
    record of a damaged file, by its row, what of it could not be recovered.
    """

    frame: pd.DataFrame
    geometry: Geometries
    crs: CRS | None
    places: list[str]
    findings: list[Finding] = field(default_factory=list)
    lost: dict[int, str] = field(default_factory=dict)

    def with_findings(self, findings: Sequence[Finding]) -> "Source":
        """Return the same records with further findings."""
        return replace(self, findings=[*self.findings, *findings])


def frame_of(columns: dict[str, list[object]], rows: int) -> pd.DataFrame:
    """Return columns of plain values as a frame, every column of dtype object."""
    made = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return pd.DataFrame(made, index=pd.RangeIndex(rows))


def record_places(file: str, rows: int) -> list[str]:
    """Return ``文件 第 n 条`` for each record of a file."""
    return [f"{file} 第 {row} 条" for row in range(1, rows + 1)]
