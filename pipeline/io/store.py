"""The tables of the stages as GeoParquet: the same table gives the same bytes (阶段成果)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from pipeline.geometry.sweep.rings import Indices
from pipeline.io.table_writer import TableWriter, schema_of
from pipeline.schema.conform import conform, empty
from pipeline.schema.table import Kind, Table

# A row group is what is read at once. 100,000 corners are 1.6 MB, some thousand parcels.
_CORNERS, _ROWS = 100_000, 20_000

_DAY = pd.ArrowDtype(pa.date32())


def write_table(path: Path, frame: pd.DataFrame, table: Table | None = None) -> None:
    """Write a table; dates as days, nulls kept, geometry as GeoParquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _shaped(frame, table).to_parquet(path, index=False, compression="zstd")


def write_layer(path: Path, frame: gpd.GeoDataFrame, table: Table | None = None) -> None:
    """Write a layer (图层) along a Hilbert curve, so that what lies near is read together.

    GeoParquet with a covering bbox, in row groups of about as many corners; records without
    a place come last. The order of the records handed in changes no byte.
    """
    shaped = _shaped(frame, table)
    shaped = shaped.iloc[_along_hilbert(shaped)]
    with TableWriter(path, schema_of(shaped), shaped.crs) as file:
        for rows in _row_groups(shapely.get_num_coordinates(shaped.geometry.to_numpy())):
            file.append(shaped.iloc[rows.start : rows.stop])


def growing_table(path: Path, table: Table, crs: str | None = None) -> TableWriter:
    """Return a writer of a table that comes block by block."""
    frame = empty(table)
    if table.geometry:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs))
    return TableWriter(path, schema_of(_shaped(frame, table)), crs)


def _along_hilbert(frame: gpd.GeoDataFrame) -> Indices:
    """Return the order of the records along the curve, ties by content, no place last."""
    shapes = frame.geometry
    placed = np.isfinite(shapes.bounds.to_numpy()).all(axis=1)
    distance = np.full(len(frame), np.iinfo(np.int64).max)
    if placed.any():
        distance[placed] = shapes[placed].hilbert_distance().to_numpy()
    tied = np.flatnonzero(pd.Series(distance).duplicated(keep=False))
    wkb = shapely.to_wkb(shapes.to_numpy()[tied], hex=True)
    rest = frame.iloc[tied].drop(columns="geometry").itertuples()
    content = [(shape or "", *map(str, row[1:])) for shape, row in zip(wkb, rest, strict=True)]
    tie = np.zeros(len(frame), np.int64)
    tie[tied[sorted(range(len(tied)), key=content.__getitem__)]] = np.arange(len(tied))
    return np.lexsort((tie, distance))


def _row_groups(corners: Indices) -> list[range]:
    """Return the rows of each row group: as many as fit, at least one."""
    until = np.cumsum(corners)
    groups, start = [], 0
    while start < len(corners):
        most = (until[start - 1] if start else 0) + _CORNERS
        fit = int(np.searchsorted(until, most, side="right"))
        stop = max(start + 1, min(fit, start + _ROWS))
        groups.append(range(start, stop))
        start = stop
    return groups


def _shaped(frame: pd.DataFrame, table: Table | None) -> Any:
    """Return the frame with columns of one type each, as a file can hold them."""
    shaped = frame.reset_index(drop=True) if table is None else conform(frame, table)
    if table is not None:
        for column in table.columns:
            if column.kind is Kind.DATE and column.name in shaped:
                shaped[column.name] = shaped[column.name].astype(_DAY)
    for name in shaped.columns:
        if shaped[name].dtype == object and name != "geometry":
            shaped[name] = _plain(shaped[name])
    return shaped


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


def read_columns(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read some columns of a table, without the shapes that take most of the memory."""
    return pd.read_parquet(path, columns=list(columns))


def row_count(path: Path) -> int:
    """Return the number of rows of a Parquet file without reading it."""
    return int(pq.read_metadata(path).num_rows)
