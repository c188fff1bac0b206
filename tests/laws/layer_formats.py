"""The formats a layer may come in, each with the lines that say where it is."""

from pathlib import Path

import geopandas as gpd
import pyogrio

from tests.laws.world_files import geopackage


def shapefile_in_gbk(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a GBK shapefile that does not say so."""
    path = stem.with_suffix(".shp")
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="GBK")
    path.with_suffix(".cpg").unlink()
    return f'path = "raw/{path.name}"'


def shapefile_in_utf8(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a UTF-8 shapefile that says so."""
    path = stem.with_suffix(".shp")
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="UTF-8")
    return f'path = "raw/{path.name}"'


def geojson(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a GeoJSON in metres."""
    if frame.empty:  # without a record it cannot say what fields it has
        return geopackage(frame, stem)
    path = stem.with_suffix(".geojson")
    options = {"COORDINATE_PRECISION": "9", "RFC7946": "NO"}
    pyogrio.write_dataframe(frame, path, driver="GeoJSON", layer_options=options)
    return f'path = "raw/{path.name}"\ncrs = "{frame.crs.to_string()}"'


def flatgeobuf(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a FlatGeobuf."""
    path = stem.with_suffix(".fgb")
    pyogrio.write_dataframe(frame, path, driver="FlatGeobuf", geometry_type="Unknown")
    return f'path = "raw/{path.name}"'


def file_geodatabase(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a FileGDB."""
    path = stem.with_suffix(".gdb")
    pyogrio.write_dataframe(
        frame, path, layer="图层", driver="OpenFileGDB", geometry_type="MultiPolygon",
        promote_to_multi=True,
    )  # fmt: skip
    return f'path = "raw/{path.name}"\nlayer = "图层"'


def geoparquet(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a GeoParquet."""
    path = stem.with_suffix(".parquet")
    frame.to_parquet(path)
    return f'path = "raw/{path.name}"'


FORMATS = (
    geopackage,
    shapefile_in_gbk,
    shapefile_in_utf8,
    geojson,
    flatgeobuf,
    file_geodatabase,
    geoparquet,
)
