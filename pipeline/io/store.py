"""The tables of the stages as GeoParquet: the same table gives the same bytes (阶段成果)."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema.conform import conform
from pipeline.schema.table import Kind, Table

_DAY = pd.ArrowDtype(pa.date32())


def write_table(path: Path, frame: pd.DataFrame, table: Table | None = None) -> None:
    """Write a table; dates as days, nulls kept, geometry as GeoParquet."""
    shaped = frame.reset_index(drop=True) if table is None else conform(frame, table)
    if table is not None:
        for column in table.columns:
            if column.kind is Kind.DATE and column.name in shaped:
                shaped[column.name] = shaped[column.name].astype(_DAY)
    for name in shaped.columns:
        if shaped[name].dtype == object and name != "geometry":
            shaped[name] = _plain(shaped[name])
    path.parent.mkdir(parents=True, exist_ok=True)
    shaped.to_parquet(path, index=False, compression="zstd")


def _plain(values: pd.Series) -> pd.Series:
    """Return a column of mixed Python values as one type that a file can hold."""
    kinds = {type(value) for value in values if not _is_null(value)}
    if kinds == {bool}:
        return values.astype("boolean")
    if kinds and kinds <= {int, bool}:
        return values.astype("Int64")
    if kinds and kinds <= {int, float}:
        return values.astype("Float64")
    if {kind.__name__ for kind in kinds} == {"date"}:
        return values.astype(_DAY)
    return pd.Series([None if _is_null(value) else str(value) for value in values], dtype="str")


def _is_null(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def read_table(path: Path, table: Table | None = None) -> pd.DataFrame:
    """Read a table; a GeoDataFrame where it has geometry."""
    names = pq.read_schema(path)
    is_geographic = b"geo" in (names.metadata or {})
    frame = gpd.read_parquet(path) if is_geographic else pd.read_parquet(path)
    return frame if table is None else conform(frame, table)


def row_count(path: Path) -> int:
    """Return the number of rows of a Parquet file without reading it."""
    return int(pq.read_metadata(path).num_rows)
