"""SedonaDB: one join for each layer over views of Parquet files, huge polygons in tiles."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import sedonadb

from bench.county.sizes import CHANGE, CRS, LAYERS
from bench.job import AREA, BIG, Engine, Job
from bench.peers.tiles import tiled

_OVER = """
select a.approval, st_union_agg(b.geometry) g
from approval a join approval b on st_intersects(a.geometry, b.geometry)
where b.priority < a.priority group by a.approval
"""
_FLAT = """
select a.approval, a.geometry from approval a left join over o on a.approval = o.approval
where o.g is null
union all
select a.approval, st_difference(a.geometry, o.g) geometry
from approval a join over o on a.approval = o.approval
"""
_HITS = """
select p.piece, {carried}, l.{layer}, st_intersection(p.g, l.geometry) g
from pieces p join {source} l on st_intersects(p.g, l.geometry)
"""
# Buffered by nothing: the union refuses the lines and points that intersections leave.
_TAKEN = """
select piece, st_union_agg(st_buffer(g, 0.0)) g, sum(st_area(g)) area
from hit where st_area(g) > 0 group by piece
"""
_PIECES = """
select row_number() over () piece, {known}, {layer}, g from (
  select {known}, {layer}, g from hit where st_area(g) > 0
  union all
  select {carried}, null {layer}, p.g
  from pieces p left join taken h on p.piece = h.piece where h.piece is null
  union all
  select {carried}, null {layer}, st_difference(p.g, h.g) g
  from pieces p join taken h on p.piece = h.piece where st_area(p.g) - h.area > 1e-9
)
"""
_COVERED = "select piece, sum(st_area(g)) area from hit group by piece"
_AREAS = """
select {known}, {layer}, st_area(g) {area} from hit
union all
select {carried}, null {layer}, st_area(p.g) - coalesce(h.area, 0) {area}
from pieces p left join covered h on p.piece = h.piece
"""


class Sedona(Engine):
    """A spatial engine on DataFusion; steps are kept as files, as it has no tables."""

    title = f"SedonaDB {sedonadb.__version__}"

    def prepare(self, job: Job) -> None:
        """Open a session with so many threads."""
        self.folder = tempfile.TemporaryDirectory(dir=job.out.parent)
        self.session = sedonadb.connect()
        self.session.sql(
            f"set datafusion.execution.target_partitions = {job.threads}"
        ).execute()

    def close(self) -> None:
        """Remove the files of the steps."""
        self.folder.cleanup()

    def areas(self, job: Job) -> None:
        """Join layer by layer; the remainder of the last is a subtraction of areas."""
        for layer in LAYERS:
            path = self._tiled(layer, job) if layer in BIG else job.path(layer)
            self._view(path, layer)
        self._view(job.path(CHANGE), CHANGE)
        job.lap("read")
        self._step("over", _OVER)
        self._step("flat", _FLAT)
        job.lap("flatten")
        self._step(
            "pieces", f"select row_number() over () piece, {CHANGE}, geometry g from {CHANGE}"
        )
        known = [CHANGE]
        for layer in LAYERS:
            names = {
                "layer": layer,
                "source": "flat" if layer == "approval" else layer,
                "known": ", ".join(known),
                "carried": ", ".join(f"p.{name}" for name in known),
                "area": AREA,
            }
            self._step("hit", _HITS.format(**names))
            if layer != LAYERS[-1]:
                self._step("taken", _TAKEN)
                self._step("pieces", _PIECES.format(**names))
            else:
                self._step("covered", _COVERED)
                self.session.sql(_AREAS.format(**names)).to_parquet(str(job.out))
            known.append(layer)
            job.lap(layer)

    def _step(self, name: str, query: str) -> None:
        """Write what a query gives to a new file, and let the name stand for it."""
        path = (
            Path(self.folder.name)
            / f"{name}-{len(list(Path(self.folder.name).iterdir()))}.parquet"
        )
        self.session.sql(query).to_parquet(str(path))
        self._view(path, name)

    def _view(self, path: Path, name: str) -> None:
        self.session.read_parquet(str(path)).to_view(name, overwrite=True)

    def _tiled(self, layer: str, job: Job) -> Path:
        frame = gpd.read_parquet(job.path(layer), columns=[layer, "geometry"])
        with ThreadPoolExecutor(job.threads) as threads:
            shapes, codes = tiled(frame.geometry.to_numpy(), frame[layer].to_numpy(), threads)
        path = Path(self.folder.name) / f"{layer}.parquet"
        gpd.GeoDataFrame({layer: codes}, geometry=shapes, crs=CRS).to_parquet(path)
        return path
