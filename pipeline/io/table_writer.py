"""A table written block by block (逐块写表): what comes last need not wait in memory for it."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from pipeline.geometry.source import GEOMETRY
from pipeline.io.with_block import WithBlock

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_COVERING = "bbox"
_BOX = pa.struct([pa.field(edge, pa.float64()) for edge in _EDGES])


class TableWriter(WithBlock):
    """A Parquet file that grows by row groups (逐块写表); the same blocks give the same bytes.

    A table with a column ``geometry`` is GeoParquet with a covering bbox. Nothing is at
    ``path`` until the block ``with`` ends without an error; without blocks, an empty table is.
    """

    def __init__(self, path: Path, schema: pa.Schema, crs: Any = None) -> None:
        """Take the columns as ``schema_of`` names them, and the CRS of the shapes."""
        self.path, self.schema = path, schema
        self._part = path.with_name(f"{path.name}.part")
        stored = schema
        if GEOMETRY in schema.names:
            stored = schema.append(pa.field(_COVERING, _BOX)).with_metadata(
                {**(schema.metadata or {}), b"geo": _geo(crs)}
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = [name for name in schema.names if name != GEOMETRY]
        edges = [f"{_COVERING}.{edge}" for edge in _EDGES] if stored is not schema else []
        # Coordinates hardly shrink, and LZ4 opens them five to ten times as fast as zstd. They
        # are as good as never twice the same, and as statistics they would fill the footer.
        packed = dict.fromkeys(plain, "zstd") | dict.fromkeys([GEOMETRY, *edges], "lz4")
        self._file = pq.ParquetWriter(
            self._part,
            stored,
            compression=packed,
            use_dictionary=plain,
            write_statistics=[*plain, *edges],
        )

    def append(self, block: pa.Table | pd.DataFrame) -> None:
        """Write a block as one row group; its columns may be in any order, none missing."""
        if isinstance(block, pd.DataFrame):
            block = _arrow(block, self.schema)
        kept = block.select(self.schema.names).cast(self.schema).combine_chunks()
        if GEOMETRY in self.schema.names:
            covering = (
                block[_COVERING]
                if _COVERING in block.column_names
                else _boxes(shapely.from_wkb(kept[GEOMETRY].to_numpy(zero_copy_only=False)))
            )
            kept = kept.append_column(_COVERING, covering)
        if kept.num_rows > 0:
            self._file.write_table(kept, row_group_size=kept.num_rows)

    def _end(self, error: BaseException | None, /) -> None:
        try:
            self._file.close()
            if error is None:
                self._part.replace(self.path)
        finally:
            self._part.unlink(missing_ok=True)


def schema_of(frame: pd.DataFrame) -> pa.Schema:
    """Return the columns of a frame as a file keeps them, shapes as WKB."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return pa.Schema.from_pandas(frame, preserve_index=False)
    plain = pa.Schema.from_pandas(frame.drop(columns=GEOMETRY), preserve_index=False)
    return plain.append(pa.field(GEOMETRY, pa.binary()))


def _arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    if GEOMETRY not in schema.names:
        return pa.Table.from_pandas(frame, schema, preserve_index=False)
    rest = pa.schema([field for field in schema if field.name != GEOMETRY])
    plain = pa.Table.from_pandas(
        pd.DataFrame(frame.drop(columns=GEOMETRY)), rest, preserve_index=False
    )
    shapes = np.asarray(frame[GEOMETRY], dtype=object)
    wkb = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    columns = {name: plain[name] for name in rest.names}
    return pa.table({**columns, GEOMETRY: wkb, _COVERING: _boxes(shapes)})


def _boxes(shapes: npt.NDArray[np.object_]) -> pa.Array:
    edges = shapely.bounds(shapes).reshape(-1, 4).T
    return pa.StructArray.from_arrays([pa.array(edge) for edge in edges], list(_EDGES))


def _geo(crs: Any) -> bytes:
    """Return the description of the shapes, as GeoParquet 1.1 asks."""
    covering = {edge: [_COVERING, edge] for edge in _EDGES}
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [],  # not known before the last block
        "crs": None if crs is None else CRS.from_user_input(crs).to_json_dict(),
        "covering": {"bbox": covering},
    }
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    return json.dumps(geo).encode()
