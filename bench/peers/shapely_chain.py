"""shapely: tree, prepared ``covers``, small tiles of huge polygons, threads.

The best that we could make of GEOS. Two forms: plain, in the coordinates of the county; and with
care: about an origin of each change's own, and where areas do not add up (which happens along
hair-thin pieces, without an error), cut again on a grid of 0.1 mm.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import shapely

from bench.county.sizes import CHANGE, LAYERS
from bench.job import AREA, BIG, Engine, Job, as_table
from bench.peers.geopandas_overlay import flattened
from bench.peers.tiles import tiled

Array = npt.NDArray[Any]
_NOTHING_M2 = 1e-7  # a remainder smaller than this is rounding
_WRONG_M2 = 1e-4
_GRID_M = 1e-4


class Pieces(NamedTuple):
    """Pieces so far: shapes about their origins, codes of each layer, areas once known."""

    shapes: Array
    origin: Array
    codes: dict[str, Array]
    area: Array

    def rows(self, rows: Array, shapes: Array, area: Array, name: str, code: Array) -> "Pieces":
        """Return pieces of these rows, with the code of one more layer."""
        codes = {layer: values[rows] for layer, values in self.codes.items()}
        return Pieces(shapes, self.origin[rows], {**codes, name: code}, area)


class ShapelyChain(Engine):
    """Identity by vectorised calls on arrays of geometries."""

    def __init__(self, *, careful: bool) -> None:
        self.careful = careful
        self.title = "shapely, with care" if careful else "shapely"

    def areas(self, job: Job) -> None:
        """Cut all changes by one layer after the other."""
        frames = {name: gpd.read_parquet(job.path(name)) for name in (CHANGE, *LAYERS)}
        job.lap("read")
        frames["approval"] = flattened(frames["approval"])
        job.lap("flatten")
        with ThreadPoolExecutor(job.threads) as threads:
            pieces = self._begun(frames[CHANGE])
            for name in LAYERS:
                shapes = frames[name].geometry.to_numpy()
                codes = frames[name][name].to_numpy()
                if name in BIG:
                    shapes, codes = tiled(shapes, codes, threads)
                cut = _Cut(shapes, codes, threads, careful=self.careful)
                pieces = cut.identity(pieces, name, is_last=name == LAYERS[-1])
                job.lap(name)
        pq.write_table(as_table({**pieces.codes, AREA: pieces.area}), job.out)
        job.lap("write")

    def _begun(self, changes: gpd.GeoDataFrame) -> Pieces:
        shapes = changes.geometry.to_numpy()
        box = shapely.bounds(shapes)
        middle = ((box[:, :2] + box[:, 2:]) / 2).round()
        origin = middle if self.careful else np.zeros_like(middle)
        codes = {CHANGE: changes[CHANGE].to_numpy()}
        return Pieces(_shifted(shapes, -origin), origin, codes, shapely.area(shapes))


class _Cut:
    """One layer, laid over pieces."""

    def __init__(
        self, shapes: Array, codes: Array, threads: ThreadPoolExecutor, *, careful: bool
    ) -> None:
        self.shapes, self.codes, self.threads = shapes, codes, threads
        self.careful = careful
        self.tree = shapely.STRtree(shapes)
        self.tree.query(shapely.Point())  # built here: building is not safe in threads

    def identity(self, pieces: Pieces, name: str, *, is_last: bool) -> Pieces:
        """Return the pieces cut by the layer, those outside it with code -1."""
        rows, layer_rows, shapes = self._hits(pieces)
        area = shapely.area(shapes)
        real = area > 0
        rows, shapes, area = rows[real], shapes[real], area[real]
        code = self.codes[layer_rows[real]]
        left = shapely.area(pieces.shapes) - np.bincount(rows, area, len(pieces.shapes))
        outside = np.flatnonzero(left > _NOTHING_M2)
        rest = left[outside]
        if is_last:
            remainders = np.empty(len(outside), dtype=object)
        else:
            remainders = self._remainders(pieces.shapes[outside], rest, outside, rows, shapes)
        return pieces.rows(
            np.concatenate([rows, outside]),
            np.concatenate([shapes, remainders]),
            np.concatenate([area, rest]),
            name,
            np.concatenate([code, np.full(len(outside), -1)]),
        )

    def _hits(self, pieces: Pieces) -> tuple[Array, Array, Array]:
        """Return rows of pieces, rows of the layer, and what they share."""
        placed = _shifted(pieces.shapes, pieces.origin)
        pairs = self._in_chunks(
            lambda at: (
                self.tree.query(placed[at], predicate="intersects").T + np.array([at[0], 0])
            ),
            np.arange(len(placed)),
            2000,
        )
        row, layer_row = pairs[np.argsort(pairs[:, 1], kind="stable")].T
        covered = self._covered(placed, row, layer_row)
        # What is covered meets others at borders only: a layer does not overlap itself here.
        cut = np.flatnonzero(~covered & ~np.isin(row, row[covered]))
        parts = self._shared(pieces, row[cut], layer_row[cut])
        if self.careful:  # what has more parts than ground is cut again
            taken = np.bincount(row[cut], shapely.area(parts), len(placed))
            is_over = taken > shapely.area(pieces.shapes) + _WRONG_M2
            wrong = np.flatnonzero(is_over[row[cut]])
            again = cut[wrong]
            parts[wrong] = self._shared(pieces, row[again], layer_row[again], _GRID_M)
        kept = np.concatenate([np.flatnonzero(covered), cut])
        whole = pieces.shapes[row[covered]]
        return row[kept], layer_row[kept], np.concatenate([whole, parts])

    def _shared(
        self, pieces: Pieces, row: Array, layer_row: Array, grid_m: float | None = None
    ) -> Array:
        """Return what pieces and polygons of the layer share, pair by pair."""

        def shared(at: Array) -> Array:
            there = _shifted(self.shapes[layer_row[at]], -pieces.origin[row[at]])
            return _polygonal(
                shapely.intersection(pieces.shapes[row[at]], there, grid_size=grid_m)
            )

        return self._in_chunks(shared, np.arange(len(row)), 1000)

    def _covered(self, placed: Array, row: Array, layer_row: Array) -> Array:
        """Tell which pairs are a piece wholly inside a polygon of the layer."""
        shapely.prepare(self.shapes[np.unique(layer_row)])
        # A prepared geometry must stay in one thread: chunks end where the layer's row does.
        ends = np.searchsorted(layer_row, layer_row[8000::8000])
        found = self.threads.map(
            lambda at: shapely.covers(self.shapes[layer_row[at]], placed[row[at]]),
            np.split(np.arange(len(row)), ends),
        )
        answer = np.concatenate(list(found)).astype(np.bool_)
        shapely.destroy_prepared(self.shapes)
        return answer

    def _remainders(
        self, before: Array, rest: Array, outside: Array, rows: Array, shapes: Array
    ) -> Array:
        """Return what no polygon of the layer covers, of each piece that has such."""
        order = np.argsort(rows, kind="stable")
        shapes, rows = shapes[order], rows[order]
        low, high = np.searchsorted(rows, outside), np.searchsorted(rows, outside, "right")

        def remainder(at: Array) -> Array:
            taken = np.array([shapely.union_all(shapes[low[i] : high[i]]) for i in at])
            left = shapely.difference(before[at], taken)
            if self.careful:
                wrong = np.abs(shapely.area(left) - rest[at]) > _WRONG_M2
                whole = before[at][wrong]
                left[wrong] = shapely.difference(whole, taken[wrong], grid_size=_GRID_M)
            return _polygonal(left)

        return self._in_chunks(remainder, np.arange(len(outside)), 500)

    def _in_chunks(self, function: Callable[[Array], Array], rows: Array, size: int) -> Array:
        chunks = [rows[i : i + size] for i in range(0, max(len(rows), 1), size)]
        done = [function(rows)] if len(rows) == 0 else list(self.threads.map(function, chunks))
        return np.concatenate(done)


def _shifted(shapes: Array, by: Array) -> Array:
    if not by.any():
        return shapes
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    return np.asarray(shapely.set_coordinates(shapes.copy(), xy + by[of]))


def _polygonal(shapes: Array) -> Array:
    """Return shapes without the points and lines of mixed collections."""
    for i in np.flatnonzero(
        shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    ):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        shapes[i] = shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon"])
    return shapes
