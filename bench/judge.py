"""Whether areas are right (对账): against the changes themselves, and against one another."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bench.county.sizes import CHANGE, Size
from bench.job import AREA, KEYS

TOLERANCE_M2 = 0.01


@dataclass(frozen=True)
class Verdict:
    """How far areas are off (误差): changes beyond the tolerance, and the largest difference.

    ``unbalanced_m2``: the most by which the pieces of a change differ from the change.
    """

    rows: int
    off: int
    worst_m2: float
    unbalanced_m2: float


def areas_in(path: Path) -> pd.Series:
    """Return the areas of an answer by key; nobody and nothing are -1."""
    frame = pd.read_parquet(path, columns=[*KEYS, AREA])
    for key in KEYS:
        frame[key] = frame[key].fillna(-1).astype(np.int64)
    return frame[frame[AREA] > 0].groupby(list(KEYS))[AREA].sum()


def own_areas(size: Size) -> pd.Series:
    """Return the area of each change itself, about its own origin."""
    frame = gpd.read_parquet(size.path(CHANGE))
    shapes = frame.geometry.to_numpy()
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    first = np.searchsorted(of, np.arange(len(shapes)))
    moved = shapely.set_coordinates(shapes.copy(), xy - xy[first][of])
    return pd.Series(shapely.area(moved), index=frame[CHANGE])


def judged(areas: pd.Series, reference: pd.Series, own: pd.Series) -> Verdict:
    """Compare areas with those of the reference, piece by piece, and with the changes."""
    difference = areas.sub(reference, fill_value=0.0).abs().groupby(level=CHANGE).max()
    sums = areas.groupby(level=CHANGE).sum().reindex(own.index, fill_value=0.0)
    return Verdict(
        len(areas),
        int((difference > TOLERANCE_M2).sum()),
        float(difference.max()),
        float((sums - own).abs().max()),
    )
