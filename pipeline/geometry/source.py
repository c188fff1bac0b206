"""Where a layer's records come from (图层来源): the rows near a place, a block at a time.

The engine asks for the rows that may matter and never for a whole layer, so that a layer may be
larger than the memory. A file on disk answers the same questions (``io.layer_file``).
"""

from collections.abc import Sequence
from typing import Protocol

import geopandas as gpd
import pyarrow as pa
import shapely

from pipeline.geometry.sweep.grid import grid_over, near_any
from pipeline.geometry.sweep.rings import Floats

GEOMETRY = "geometry"


class Source(Protocol):
    """Records with a shape, in an order of their own (图层来源); travels by value."""

    @property
    def rows(self) -> int:
        """The number of records."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns beside the shape."""

    def near(self, boxes: Floats, columns: Sequence[str]) -> pa.Table:
        """Return the rows whose box shares more than a border with any of ``boxes`` (n × 4).

        In the order of the records: ``columns`` as asked, then ``geometry`` as WKB.
        """

    def block(self, rows: range, columns: Sequence[str]) -> pa.Table:
        """Return consecutive rows: ``columns`` as asked, then ``geometry`` as WKB."""


def divided(rows: int, size: int) -> list[range]:
    """Return ``rows`` records as consecutive blocks of ``size``; the last may be smaller."""
    return [range(start, min(start + size, rows)) for start in range(0, rows, size)]


class MemorySource:
    """A layer in memory (内存图层), for small layers and tests."""

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
