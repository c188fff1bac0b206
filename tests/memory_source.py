"""A layer in memory that answers as a file on disk does (``pipeline.geometry.source``)."""

from collections.abc import Sequence

import geopandas as gpd
import pyarrow as pa
import shapely

from pipeline.geometry.source import GEOMETRY
from pipeline.geometry.sweep.grid import grid_over, near_any
from pipeline.geometry.sweep.rings import Floats


class MemorySource:
    """A layer in memory (内存图层), for tests."""

    def __init__(self, layer: gpd.GeoDataFrame | pa.Table) -> None:
        """Take a frame, or an Arrow table whose column ``geometry`` holds WKB."""
        if isinstance(layer, gpd.GeoDataFrame):
            wkb = pa.array(shapely.to_wkb(layer.geometry.to_numpy(), byte_order=1), pa.binary())
            plain = pa.Table.from_pandas(
                layer.drop(columns=layer.geometry.name), preserve_index=False
            )
            layer = pa.table(
                {**{name: plain[name] for name in plain.column_names}, GEOMETRY: wkb}
            )
        self.table = layer
        shapes = shapely.from_wkb(layer[GEOMETRY].to_numpy(zero_copy_only=False))
        self.boxes = shapely.bounds(shapes).reshape(-1, 4)

    @property
    def rows(self) -> int:
        """The number of records."""
        return int(self.table.num_rows)

    @property
    def columns(self) -> list[str]:
        """The names of the columns beside the shape."""
        return [name for name in self.table.column_names if name != GEOMETRY]

    def near(self, boxes: Floats, columns: Sequence[str]) -> pa.Table:
        """Return the rows whose box shares more than a border with any of ``boxes`` (n × 4)."""
        met = near_any(self.boxes, boxes, grid_over(boxes))
        return self.table.select([*columns, GEOMETRY]).filter(pa.array(met))

    def block(self, rows: range, columns: Sequence[str]) -> pa.Table:
        """Return consecutive rows."""
        return self.table.select([*columns, GEOMETRY]).slice(rows.start, len(rows))
