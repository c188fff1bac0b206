"""DuckDB spatial: one join for each layer, huge polygons in tiles, all in SQL otherwise.

The extension comes as a Python package, so that nothing is fetched while it runs.
"""

from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import Any

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import pyarrow as pa
import shapely

from bench.county.sizes import CHANGE, LAYERS
from bench.job import AREA, BIG, Engine, Job
from bench.peers.tiles import tiled

# The pairs are kept first: with the comparison beside the join it would be a nested loop.
_FLATTEN = """
create table pair as
  select a.approval, a.priority mine, b.priority other, b.g
  from approval a join approval b on st_intersects(a.g, b.g);
create table over as
  select approval, st_union_agg(g) g from pair where other < mine group by approval;
create table flat as
  select a.approval, case when o.g is null then a.g else st_difference(a.g, o.g) end g
  from approval a left join over o using (approval);
drop table approval;
alter table flat rename to approval;
"""
_HITS = """
create table hit as
  select p.piece, {carried}, l.{layer},
    case when st_coveredby(p.g, l.g) then p.g
         else st_collectionextract(st_intersection(p.g, l.g), 3) end g
  from pieces p join {layer} l on st_intersects(p.g, l.g);
"""
_PIECES = """
create table next as
  select row_number() over () piece, * exclude (piece) from (
    select * from hit where not st_isempty(g)
    union all
    select p.piece, {carried}, null,
      case when h.g is null then p.g
           else st_collectionextract(st_difference(p.g, h.g), 3) end
    from pieces p left join (select piece, st_union_agg(g) g from hit group by 1) h using (piece)
    where h.g is null or st_area(p.g) - st_area(h.g) > 1e-9
  );
drop table pieces;
drop table hit;
alter table next rename to pieces;
"""
_AREAS = """
copy (
  select * exclude (piece, g), st_area(g) {area} from hit
  union all
  select {carried}, null, st_area(p.g) - coalesce(h.area, 0)
  from pieces p left join (select piece, sum(st_area(g)) area from hit group by 1) h using (piece)
) to '{out}' (format parquet);
"""


class DuckDB(Engine):
    """An SQL engine inside the process."""

    title = f"DuckDB {duckdb.__version__} spatial"

    def prepare(self, job: Job) -> None:
        """Load the extension."""
        self.database = duckdb.connect()
        folder = files(duckdb_extension_spatial) / "extensions" / f"v{duckdb.__version__}"
        self.database.load_extension(str(folder / "spatial.duckdb_extension"))
        self.database.execute(
            f"set threads = {job.threads}; set preserve_insertion_order = false"
        )

    def areas(self, job: Job) -> None:
        """Join layer by layer; the remainder of the last is a subtraction of areas."""
        self._read(job)
        job.lap("read")
        self.database.execute(_FLATTEN)
        job.lap("flatten")
        known = [CHANGE]
        for layer in LAYERS:
            names: dict[str, Any] = {
                "layer": layer,
                "carried": ", ".join(f"p.{name}" for name in known),
            }
            self.database.execute(_HITS.format(**names))
            if layer != LAYERS[-1]:
                self.database.execute(_PIECES.format(**names))
            else:
                self.database.execute(_AREAS.format(**names, area=AREA, out=job.out))
            known.append(layer)
            job.lap(layer)

    def _read(self, job: Job) -> None:
        for layer in LAYERS:
            if layer in BIG:
                self._read_tiled(layer, job)
                continue
            more = "priority," if layer == "approval" else ""
            self.database.execute(
                f"create table {layer} as select {layer}, {more} geometry g"
                f" from read_parquet('{job.path(layer)}')"
            )
        self.database.execute(
            f"create table pieces as select row_number() over () piece, {CHANGE}, geometry g"
            f" from read_parquet('{job.path(CHANGE)}')"
        )

    def _read_tiled(self, layer: str, job: Job) -> None:
        frame = gpd.read_parquet(job.path(layer), columns=[layer, "geometry"])
        with ThreadPoolExecutor(job.threads) as threads:
            shapes, codes = tiled(frame.geometry.to_numpy(), frame[layer].to_numpy(), threads)
        tiles = pa.table({layer: codes, "wkb": pa.array(shapely.to_wkb(shapes), pa.binary())})
        self.database.register("tiles", tiles)
        self.database.execute(
            f"create table {layer} as select {layer}, st_geomfromwkb(wkb) g from tiles"
        )
        self.database.unregister("tiles")
