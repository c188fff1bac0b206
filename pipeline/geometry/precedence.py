"""Who has the ground (优先次序) where shapes of one layer overlap; and one order for all records.

Records are put in an order of their own before anything else, so that the order in which they
were handed in changes no figure. Frames here have their shapes as WKB in ``geometry``.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipeline.geometry.sweep.areas import ALWAYS, NEVER, NO_DAY

Indices = npt.NDArray[np.int64]

_LAST = date.max
APPROVAL_DATES = (
    "approved_earliest", "approved_latest",
    "valid_from_earliest", "valid_from_latest",
    "valid_until_earliest", "valid_until_latest",
)  # fmt: skip


def by_code(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the records by the text of a column, in code-point order, then by their shape."""
    return _sorted(frame, [(text,) for text in frame[column].astype(str)])


def by_shape(frame: pd.DataFrame) -> pd.DataFrame:
    """Return records without a key by their shape."""
    order = sorted(range(len(frame)), key=frame["geometry"].tolist().__getitem__)
    return frame.iloc[order].reset_index(drop=True)


def by_after_date(changes: pd.DataFrame) -> pd.DataFrame:
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


def by_approval(approvals: pd.DataFrame) -> pd.DataFrame:
    """Return the approvals of a kind: dated ones first, earliest first, then by number.

    Whether one is in force depends on the change and goes before all this.
    """
    ends = [dates(approvals[name]) for name in APPROVAL_DATES]
    number = approvals["approval_no"].astype(str)
    keys = zip(ends[0], ends[1], number, *ends[2:], strict=True)
    return _sorted(approvals, list(keys))


def terms(approvals: pd.DataFrame) -> Indices:
    """Return when each approval is certainly in force (n × 3 days), for ``sweep.Cover``.

    From the last day that its approval and its beginning may mean to the first day that its
    ending may mean; without a beginning or ending it has none, unapproved it never is.
    """
    return np.column_stack(
        [
            _days(approvals["approved_latest"], NEVER),
            _days(approvals["valid_from_latest"], ALWAYS),
            _days(approvals["valid_until_earliest"], NEVER),
        ]
    )


def after_days(changes: pd.DataFrame) -> Indices:
    """Return the first and the last day that each after date may mean (n × 2)."""
    first = _days(changes["after_earliest"], -NO_DAY)
    return np.column_stack([first, _days(changes["after_latest"], NO_DAY)])


def codes_of(answers: Sequence[object]) -> Indices:
    """Number the answers in their order; records with equal answers get equal numbers."""
    return np.asarray(
        pd.factorize(pd.Series(list(answers), dtype=object), use_na_sentinel=False)[0]
    )


def dates(values: pd.Series) -> list[date]:
    """Return the days of a column; what is unknown is the last day there is."""
    return [_LAST if pd.isna(value) else value for value in values]


def _days(values: pd.Series, unknown: int) -> Indices:
    numbers = [unknown if pd.isna(value) else value.toordinal() for value in values]
    return np.array(numbers, dtype=np.int64)


def _sorted(frame: pd.DataFrame, keys: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return the records by key; ties by the bytes of their shapes, asked for only there."""
    tied = np.flatnonzero(pd.Series(keys, dtype=object).duplicated(keep=False).to_numpy(bool))
    shapes = shapely.normalize(shapely.from_wkb(frame["geometry"].to_numpy(object)[tied]))
    tie = dict(zip(tied.tolist(), shapely.to_wkb(shapes), strict=True))
    order = sorted(range(len(frame)), key=lambda i: (keys[i], tie.get(i, b"")))
    return frame.iloc[order].reset_index(drop=True)
