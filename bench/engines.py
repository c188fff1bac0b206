"""The engines by name (参测引擎); a module is imported when its engine runs."""

from collections.abc import Callable

from bench.job import Engine


def _ours() -> Engine:
    from bench.ours import Ours

    return Ours()


def _geopandas() -> Engine:
    from bench.peers.geopandas_overlay import Geopandas

    return Geopandas()


def _shapely() -> Engine:
    from bench.peers.shapely_chain import ShapelyChain

    return ShapelyChain(careful=False)


def _shapely_careful() -> Engine:
    from bench.peers.shapely_chain import ShapelyChain

    return ShapelyChain(careful=True)


def _duckdb() -> Engine:
    from bench.peers.duckdb_spatial import DuckDB

    return DuckDB()


def _sedona() -> Engine:
    from bench.peers.sedona import Sedona

    return Sedona()


def _postgis() -> Engine:
    from bench.peers.postgis import PostGIS

    return PostGIS(grid=False)


def _postgis_grid() -> Engine:
    from bench.peers.postgis import PostGIS

    return PostGIS(grid=True)


ENGINES: dict[str, Callable[[], Engine]] = {
    "ours": _ours,
    "shapely": _shapely,
    "shapely-careful": _shapely_careful,
    "duckdb": _duckdb,
    "sedona": _sedona,
    "postgis": _postgis,
    "postgis-grid": _postgis_grid,
    "geopandas": _geopandas,
}
