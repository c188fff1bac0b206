"""Writing a GeoPackage whose bytes depend on the rows alone (GeoPackage 成果)."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely


def write_geopackage(
    path: Path, frame: gpd.GeoDataFrame, *, layer: str, aliases: Mapping[str, str]
) -> None:
    """Write one layer; ``aliases`` gives columns the name that GIS software shows.

    Dates stay dates, text stays text, polygons become multipolygons. Version 1.2, which old
    QGIS and ArcGIS open without complaint. The same frame gives the same bytes.
    """
    names = [name for name in frame.columns if name != frame.geometry.name]
    arrays = [_array(frame[name]) for name in names]
    fields = [
        pa.field(name, array.type, metadata={"GDAL:OGR:alternative_name": aliases[name]})
        if name in aliases
        else pa.field(name, array.type)
        for name, array in zip(names, arrays, strict=True)
    ]
    shapes = np.asarray(frame.geometry.array, dtype=object)
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    shapes[single] = [shapely.MultiPolygon([one]) for one in shapes[single]]
    wkb = pa.array(shapely.to_wkb(shapes, flavor="iso"), type=pa.binary())
    extension = {"ARROW:extension:name": "geoarrow.wkb"}
    fields.append(pa.field("geom", pa.binary(), metadata=extension))
    pyogrio.raw.write_arrow(
        pa.table([*arrays, wkb], schema=pa.schema(fields)),
        path,
        layer=layer,
        driver="GPKG",
        geometry_name="geom",
        geometry_type="MultiPolygon",
        crs=frame.crs.to_wkt() if frame.crs is not None else None,
        dataset_options={"VERSION": "1.2"},
        layer_options={"FID": "fid"},
    )


def _array(column: pd.Series) -> pa.Array:
    """Return a column as Arrow: numbers, flags and dates as such, everything else as text."""
    values = [None if pd.isna(value) else value for value in column.tolist()]
    kinds = {type(value) for value in values} - {type(None)}
    try:
        made = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        made = None
    if (
        made is None
        or pa.types.is_null(made.type)
        or pa.types.is_decimal(made.type)
        or len(kinds) > 1
    ):
        numbers = kinds <= {int, float} and kinds
        return pa.array(
            [None if v is None else float(v) if numbers else str(v) for v in values],
            type=pa.float64() if numbers else pa.string(),
        )
    if pa.types.is_timestamp(made.type):
        return made.cast(pa.date32()) if _are_days(values) else made
    return made


def _are_days(values: list[pd.Timestamp | None]) -> bool:
    return all(
        value is None or pd.Timestamp(value) == pd.Timestamp(value).normalize()
        for value in values
    )
