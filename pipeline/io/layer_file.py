"""A layer on disk, of which only what lies near is read (图层文件).

A layer is written along a Hilbert curve, in row groups of neighbours (``io.store``)::

    row group   0        1        2        3
    its box     met      –        met      –         from the statistics in the footer
    boxes       · · # ·           · · · ·            read where the group may meet
    shapes          #                                read where a row does meet
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS

from pipeline.errors import PipelineError
from pipeline.geometry.source import GEOMETRY, divided
from pipeline.geometry.sweep.grid import grid_over, near_any
from pipeline.geometry.sweep.rings import Floats
from pipeline.io.layer_footer import EDGES, Footer, footer, identity_of, place_of, stamp_of
from pipeline.io.row_group_cache import Kept

# Arrow's own allocator keeps what it was given and asks for fresh pages, each of which has to be
# made: reading through the system's takes a third less time in a new process, and less memory.
pa.set_memory_pool(pa.system_memory_pool())

KEPT = Kept(96 << 20)  # some sixty row groups: the curve comes back to what it passed


@dataclass(frozen=True)
class LayerFile:
    """A GeoParquet file with a covering (图层文件): a path or URL; travels by value.

    ``stamp`` is the file's where it came from. Another machine may still see the file that was
    there before, as network shares remember for a while: it is not read there.
    """

    path: str
    stamp: tuple[int, int] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the path and the stamp."""
        return LayerFile, (self.path, stamp_of(self._footer.identity))

    @cached_property
    def _footer(self) -> Footer:
        identity = identity_of(self.path)
        if self.stamp not in {None, stamp_of(identity)}:
            what = f"计算节点上的 {self.path} 不是这次运行写的那一份(stale file)"
            fix = "共享盘还没有刷新:过一分钟再运行;仍然这样,核对各节点看到的是不是同一个文件夹"
            raise PipelineError(what, remedy=fix)
        return footer(self.path, identity)

    @property
    def rows(self) -> int:
        """The number of records."""
        return int(self._footer.start[-1])

    @property
    def columns(self) -> list[str]:
        """The names of the columns beside the shape."""
        hidden = {self._footer.shape, self._footer.covering}
        return [name for name in self._footer.schema.names if name not in hidden]

    @property
    def crs(self) -> CRS | None:
        """The coordinate reference system, null where the file names none."""
        return self._footer.crs

    def near(self, boxes: Floats, columns: Sequence[str]) -> pa.Table:
        """Return the rows whose box shares more than a border with any of ``boxes`` (n × 4).

        In the order of the file: ``columns`` as asked, then ``geometry`` as WKB.
        """
        groups, grid = self._footer.boxes, grid_over(boxes)
        met = near_any(groups, boxes, grid) | ~np.isfinite(groups).all(axis=1)
        found = [self._nothing(columns)]
        for group in np.flatnonzero(met):
            near = near_any(self._boxes(int(group)), boxes, grid)
            if near.any():
                rows = self._group(int(group), columns)
                found.append(rows if near.all() else rows.take(pa.array(np.flatnonzero(near))))
        return pa.concat_tables(found)

    def blocks(self, rows: int) -> list[range]:
        """Return the file as consecutive blocks of ``rows`` records."""
        return divided(self.rows, rows)

    def block(self, rows: range, columns: Sequence[str]) -> pa.Table:
        """Return consecutive rows: ``columns`` as asked, then ``geometry`` as WKB."""
        start = self._footer.start
        first, last = np.searchsorted(start, [rows.start, rows.stop - 1], side="right") - 1
        found = [self._nothing(columns)]
        for group in range(first, last + 1) if rows else ():
            skipped = max(rows.start - int(start[group]), 0)
            taken = min(rows.stop, int(start[group + 1])) - int(start[group]) - skipped
            found.append(self._group(group, columns).slice(skipped, taken))
        return pa.concat_tables(found)

    def _nothing(self, columns: Sequence[str]) -> pa.Table:
        fields = [self._footer.schema.field(name) for name in (*columns, self._footer.shape)]
        return pa.schema(fields).empty_table().rename_columns([*columns, GEOMETRY])

    def _boxes(self, group: int) -> Floats:
        """Return the boxes of the rows of a row group."""
        edges = [f"{self._footer.covering}.{edge}" for edge in EDGES]
        key = (*self._footer.identity, group)

        def read() -> Floats:
            table = self._read(group, edges).flatten()
            return np.column_stack([table[edge].to_numpy() for edge in edges]).astype(float)

        return np.asarray(KEPT.get(key, read))

    def _group(self, group: int, columns: Sequence[str]) -> pa.Table:
        """Return a row group: columns as asked, then the shapes."""
        names = [*columns, self._footer.shape]
        key = (*self._footer.identity, group, *names)

        def read() -> pa.Table:
            table = self._read(group, names).select(names)
            return table.replace_schema_metadata().rename_columns([*columns, GEOMETRY])

        return KEPT.get(key, read)

    def _read(self, group: int, names: list[str]) -> pa.Table:
        system, path = place_of(self.path)
        with pq.ParquetFile(
            path, filesystem=system, metadata=self._footer.metadata, pre_buffer=False
        ) as file:
            return file.read_row_group(group, columns=names, use_threads=False)
