"""GeoParquet written tile by tile (写出): Hilbert order, covering boxes, even row groups.

A row group holds about so many corners, not so many rows: few rows where polygons are huge, so
that reading one never costs much more than reading another.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from bench.county.sizes import CRS
from pipeline.io.with_block import WithBlock

_CORNERS_PER_GROUP = 100_000
_MEASURED = ("geometry", "bbox")  # never twice the same
_SIDES = ("xmin", "ymin", "xmax", "ymax")


class LayerWriter(WithBlock):
    """Writes the rows of one layer, several times if it comes in tiles."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.part = path.with_suffix(".part")
        self.file: pq.ParquetWriter | None = None
        self.rows = self.corners = self.most = 0

    def _end(self, error: BaseException | None, /) -> None:
        if self.file is not None:
            self.file.close()
            if error is None:
                self.part.replace(self.path)

    def write(self, frame: gpd.GeoDataFrame) -> None:
        """Write rows in Hilbert order, invalid shapes made valid."""
        frame = _in_hilbert_order(frame)
        shapes = _valid(frame.geometry.to_numpy())
        table = _table(frame, shapes)
        if self.file is None:
            # as the pipeline keeps received layers: quick to open for every engine
            coded = [name for name in table.schema.names if name not in _MEASURED]
            self.file = pq.ParquetWriter(
                self.part, table.schema, compression="lz4", use_dictionary=coded
            )
        corners = shapely.get_num_coordinates(shapes)
        for rows in _groups(corners):
            self.file.write_table(table.slice(rows.start, len(rows)), row_group_size=len(rows))
        self.rows += len(frame)
        self.corners += int(corners.sum())
        self.most = max(self.most, int(corners.max()))


def _in_hilbert_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    box = frame.bounds.to_numpy()
    middle = gpd.GeoSeries(shapely.points((box[:, :2] + box[:, 2:]) / 2))
    return frame.iloc[np.argsort(middle.hilbert_distance().to_numpy(), kind="stable")]


def _valid(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    broken = ~shapely.is_valid(shapes)
    shapes = shapes.copy()
    shapes[broken] = shapely.make_valid(
        shapes[broken], method="structure", keep_collapsed=False
    )
    return shapes


def _table(frame: gpd.GeoDataFrame, shapes: npt.NDArray[Any]) -> pa.Table:
    box = shapely.bounds(shapes)
    columns = {name: frame[name].to_numpy() for name in frame.columns if name != "geometry"}
    columns["geometry"] = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    columns["bbox"] = pa.StructArray.from_arrays(
        [pa.array(box[:, i]) for i in range(4)], names=list(_SIDES)
    )
    return pa.table(columns).replace_schema_metadata({"geo": json.dumps(_geo())})


def _geo() -> dict[str, Any]:
    column = {
        "encoding": "WKB",
        "geometry_types": [],
        "crs": pyproj.CRS(CRS).to_json_dict(),
        "covering": {"bbox": {side: ["bbox", side] for side in _SIDES}},
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _groups(corners: npt.NDArray[Any]) -> Iterator[range]:
    number = np.cumsum(corners) // _CORNERS_PER_GROUP
    start = np.flatnonzero(np.diff(number, prepend=-1))
    for low, high in zip(start, [*start[1:], len(corners)], strict=True):
        yield range(int(low), int(high))
