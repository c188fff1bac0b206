"""PostGIS: tables with indexes, huge polygons subdivided, one join for each layer.

Two forms: plain, and with a grid of a tenth of a millimetre to which all corners are rounded,
slower but safe from the exceptions and most of the wrong areas of the plain one.
"""

import threading
from typing import Any

import psutil
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from bench.county.sizes import CHANGE, LAYERS
from bench.job import AREA, BIG, KEYS, Engine, Job
from bench.peers.postgis_server import Server, programs

_CORNERS = 128
_FLATTEN = """
create unlogged table flat as
  select a.approval, coalesce(st_collectionextract(st_difference(a.g, (
    select st_union(b.g) from approval b
    where b.priority < a.priority and st_intersects(a.g, b.g)
  ){grid}), 3), a.g) g from approval a;
drop table approval;
alter table flat rename to approval;
create index on approval using gist (g);
analyze approval;
"""
_HITS = """
create index on pieces using gist (g);
analyze pieces;
create unlogged table hit as
  select p.piece, {carried}, l.{layer},
    case when st_coveredby(p.g, l.g) then p.g
         else st_collectionextract(st_intersection(p.g, l.g{grid}), 3) end g
  from pieces p join {layer} l on st_intersects(p.g, l.g);
delete from hit where st_area(g) = 0;
"""
_PIECES = """
create unlogged table next as
  select row_number() over () piece, z.* from (
    select {known}, {layer}, g from hit
    union all
    select {carried}, null,
      case when h.g is null then p.g
           else st_collectionextract(st_difference(p.g, h.g{grid}), 3) end
    from pieces p left join (
      select piece, st_union(g) g, sum(st_area(g)) area from hit group by 1
    ) h using (piece)
    where h.g is null or st_area(p.g) - h.area > 1e-9
  ) z;
drop table pieces;
drop table hit;
alter table next rename to pieces;
"""
_AREAS = """
create unlogged table answer as
  select {known}, {layer}, st_area(g) area from hit
  union all
  select {carried}, null, st_area(p.g) - coalesce(h.area, 0)
  from pieces p left join (select piece, sum(st_area(g)) area from hit group by 1) h using (piece);
"""


class PostGIS(Engine):
    """A database server, started for the run."""

    def __init__(self, *, grid: bool) -> None:
        self.grid = ", 0.0001" if grid else ""
        self.title = "PostGIS, 0.1 mm grid" if grid else "PostGIS"
        self.server: Server | None = None
        self.peak_mb = 0.0

    def missing(self) -> str:
        """Tell whether a server with PostGIS is installed."""
        return "" if programs() else "not installed"

    def prepare(self, job: Job) -> None:
        """Start a server; its memory is watched from a thread."""
        self.server = Server(job.threads)
        threading.Thread(
            target=self._watch, args=[self.server.process.pid], daemon=True
        ).start()

    def close(self) -> None:
        """Stop the server."""
        if self.server is not None:
            self.server.stop()

    def elsewhere(self) -> tuple[float, float]:
        """Return CPU seconds and peak memory of the server."""
        return self.server.cpu_s() if self.server else 0.0, self.peak_mb

    def areas(self, job: Job) -> None:
        """Load the layers, join one after the other."""
        assert self.server is not None  # noqa: S101
        with self.server.connected() as database:
            for layer in (CHANGE, *LAYERS):
                _load(database, layer, job)
            database.execute(
                "create unlogged table pieces as"
                f" select row_number() over () piece, {CHANGE}, g from {CHANGE}"
            )
            job.lap("load")
            database.execute(_FLATTEN.format(grid=self.grid))
            job.lap("flatten")
            self._cut(database, job)
            _write(database, job)

    def _cut(self, database: psycopg.Connection, job: Job) -> None:
        known = [CHANGE]
        for layer in LAYERS:
            names = {
                "layer": layer,
                "known": ", ".join(known),
                "carried": ", ".join(f"p.{name}" for name in known),
                "grid": self.grid,
            }
            then = _AREAS if layer == LAYERS[-1] else _PIECES
            database.execute(_HITS.format(**names))
            database.execute(then.format(**names))
            known.append(layer)
            job.lap(layer)

    def _watch(self, number: int) -> None:
        """Keep the largest memory of the server: its own of each process, the shared once."""
        wait = threading.Event()
        while not wait.wait(0.2):
            try:
                main = psutil.Process(number)
                used = [p.memory_info() for p in [main, *main.children(recursive=True)]]
            except psutil.Error:
                continue
            shared = max(m.shared for m in used)
            self.peak_mb = max(
                self.peak_mb, (shared + sum(m.rss - m.shared for m in used)) / 1e6
            )


def _load(database: psycopg.Connection, layer: str, job: Job) -> None:
    columns = [layer, *(["priority"] if layer == "approval" else [])]
    table = pq.read_table(job.path(layer), columns=[*columns, "geometry"])
    fields = ", ".join(f"{name} bigint" for name in columns)
    database.execute(f"create unlogged table {layer} ({fields}, g geometry)")
    with database.cursor().copy(f"copy {layer} from stdin") as copied:
        for batch in table.to_batches(max_chunksize=10_000):
            rows: Any = zip(
                *(batch[name].to_pylist() for name in table.column_names), strict=True
            )
            for *values, wkb in rows:
                copied.write_row((*values, wkb.hex()))
    if layer in BIG:
        database.execute(
            f"create unlogged table small as select {layer}, st_subdivide(g, {_CORNERS}) g"
            f" from {layer}; drop table {layer}; alter table small rename to {layer}"
        )
    database.execute(f"create index on {layer} using gist (g)")
    database.execute(f"vacuum analyze {layer}")


def _write(database: psycopg.Connection, job: Job) -> None:
    rows = database.execute(f"select {', '.join((*KEYS, AREA))} from answer").fetchall()
    columns = zip((*KEYS, AREA), zip(*rows, strict=True), strict=True)
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns}), job.out)
    job.lap("write")
