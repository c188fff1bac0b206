"""Who has the ground (优先次序) where shapes of one layer overlap; and one order for all records.

Records are put in an order of their own before anything else, so that the order in which they
were handed in changes no figure.
"""

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_LAST = date.max
APPROVAL_DATES = (
    "approved_earliest", "approved_latest",
    "valid_from_earliest", "valid_from_latest",
    "valid_until_earliest", "valid_until_latest",
)  # fmt: skip


def by_code(frame: gpd.GeoDataFrame, column: str) -> gpd.GeoDataFrame:
    """Return the records by the text of a column, in code-point order, then by their shape."""
    return _sorted(frame, [(text,) for text in frame[column].astype(str)])


def by_shape(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return records without a key by their shape."""
    return _sorted(frame, [()] * len(frame))


def by_after_date(changes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the changes in the order in which they claim ground that several cover.

    Earlier after date first (an interval by its last day, then its first; unknown ones come
    last), then the smaller change_id.
    """
    keys = zip(
        dates(changes["after_latest"]),
        dates(changes["after_earliest"]),
        changes["change_id"].astype(str),
        strict=True,
    )
    return _sorted(changes, list(keys))


def by_approval(approvals: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the approvals of a kind: dated ones first, earliest first, then by number.

    Whether one is in force depends on the change and goes before all this.
    """
    ends = [dates(approvals[name]) for name in APPROVAL_DATES]
    number = approvals["approval_no"].astype(str)
    keys = zip(ends[0], ends[1], number, *ends[2:], strict=True)
    return _sorted(approvals, list(keys))


def in_force(changes: pd.DataFrame, approvals: pd.DataFrame) -> Flags:
    """Tell, row by row, whether an approval is certainly in force on the change's after date.

    Approved on or before it, begun on or before it or without a beginning, ending on or after
    it or without an end; each of them for every day that the dates may mean.
    """
    first, last = _days(changes["after_earliest"]), _days(changes["after_latest"])
    approved = _days(approvals["approved_latest"])
    begun, ended = (
        _days(approvals["valid_from_latest"]),
        _days(approvals["valid_until_earliest"]),
    )
    # NaT compares false: an unknown date is never certain.
    return np.asarray(
        (approved <= first)
        & (np.isnat(begun) | (begun <= first))
        & (np.isnat(ended) | (ended >= last))
    )


def codes_of(answers: Sequence[object]) -> Indices:
    """Number the answers in their order; records with equal answers get equal numbers."""
    return np.asarray(pd.factorize(pd.Series(list(answers), dtype=object), sort=False)[0])


def dates(values: pd.Series) -> list[date]:
    """Return the days of a column; what is unknown is the last day there is."""
    return [_LAST if pd.isna(value) else pd.Timestamp(value).date() for value in values]


def _days(values: pd.Series) -> npt.NDArray[np.datetime64]:
    return np.array(
        [
            np.datetime64("NaT") if pd.isna(value) else pd.Timestamp(value).date()
            for value in values
        ],
        dtype="datetime64[D]",
    )


def _sorted(frame: gpd.GeoDataFrame, keys: list[tuple[object, ...]]) -> gpd.GeoDataFrame:
    """Return the records by key; ties by the bytes of their shapes, asked for only there."""
    counts = pd.Series(keys, dtype=object).duplicated(keep=False)
    shapes = frame.geometry.to_numpy()
    tied = np.flatnonzero(counts.to_numpy(dtype=bool))
    tie = {int(i): shapely.to_wkb(shapely.normalize(shapes[i])) for i in tied}
    order = sorted(range(len(frame)), key=lambda i: (keys[i], tie.get(i, b"")))
    return frame.iloc[order].reset_index(drop=True)
