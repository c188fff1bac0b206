"""Give a table the types its contract names, whatever library or file it came from."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from pipeline.schema.table import Kind, Table

_TEXT = pd.Series([], dtype="str").dtype


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return ``frame`` with the contract's columns first and in the contract's types.

    Codes and texts are str or null, areas, numbers and ratios float64, counts Int64, flags
    nullable boolean, dates ``datetime.date`` or None. Columns beyond the contract stay, last.
    """
    shaped = frame.reset_index(drop=True).copy()
    for column in table.columns:
        if column.name in shaped:
            shaped[column.name] = typed(shaped[column.name], column.kind)
    known = [name for name in table.names if name in shaped]
    rest = [name for name in shaped.columns if name not in known]
    return shaped[known + rest]


def typed(values: pd.Series, kind: Kind) -> pd.Series:
    """Return a column in the type of its kind."""
    if kind in {Kind.CODE, Kind.TEXT}:
        if values.dtype == _TEXT:  # as it is read back: no cell has to be looked at
            return values
        return pd.Series(
            [
                None if is_missing else str(value)
                for value, is_missing in zip(values.tolist(), values.isna(), strict=True)
            ],
            index=values.index,
            dtype="str",
        )
    if kind in {Kind.AREA_M2, Kind.RATIO, Kind.NUMBER}:
        return (
            values.astype("Float64").astype(float)
            if values.dtype == object
            else values.astype(float)
        )
    if kind is Kind.COUNT:
        return values.astype("Float64").astype("Int64")
    if kind is Kind.FLAG:
        return values.astype("boolean")
    return pd.Series([_day(value) for value in values], index=values.index, dtype=object)


def _day(value: Any) -> date | None:
    if (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, float) and np.isnan(value))
    ):
        return None
    return value.date() if isinstance(value, datetime) else value


def empty(table: Table) -> pd.DataFrame:
    """Return a table without rows, in the contract's types."""
    return conform(pd.DataFrame({name: [] for name in table.names}, dtype=object), table)
