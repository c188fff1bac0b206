"""Writing a GeoPackage whose bytes depend on the rows alone (GeoPackage 成果)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from pipeline.io.gis.geopackage_story import write_story
from pipeline.io.written_twice import written_twice

_INT64 = 2**63


@written_twice
def write_geopackage(
    path: Path,
    frame: gpd.GeoDataFrame,
    *,
    layer: str,
    aliases: Mapping[str, str],
    story: Sequence[tuple[str, str]] = (),
) -> None:
    """Write one layer; ``aliases`` gives columns the name that GIS software shows.

    ``story`` says where the layer comes from, as pairs of name and text.

    A name that differs from an earlier one (or from ``fid`` and ``geom``) in case alone gets
    ``_2``. Dates stay dates, text stays text, polygons become multipolygons. Version 1.2, which old
    QGIS and ArcGIS open without complaint. The same frame gives the same bytes.
    """
    columns = frame.drop(columns=frame.geometry.name)
    arrays = [_array(columns.iloc[:, place]) for place in range(columns.shape[1])]
    names = _distinct([str(name) for name in columns])
    fields = [
        pa.field(name, array.type, metadata=_alias(aliases.get(str(given))))
        for name, given, array in zip(names, columns, arrays, strict=True)
    ]
    shapes = np.array(frame.geometry.array, dtype=object)
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
        crs=frame.crs.to_wkt(),
        dataset_options={"VERSION": "1.2"},
        layer_options={"FID": "fid"},
    )
    if story:
        write_story(path, story)


def _distinct(names: list[str]) -> list[str]:
    """Return names that SQLite tells apart: case does not, and two names are its own."""
    taken, made = {"fid", "geom"}, []
    for name in names:
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free.casefold())
        made.append(free)
    return made


def _alias(text: str | None) -> dict[str, str] | None:
    return {"GDAL:OGR:alternative_name": text} if text else None


def _array(column: pd.Series) -> pa.Array:
    """Return a column as Arrow: numbers, flags and dates as such, everything else as text."""
    values = [None if pd.isna(one) else _plain(one) for one in column.tolist()]
    kinds = {type(one) for one in values if one is not None}
    if kinds and kinds <= {int, float}:
        numbers = values if kinds == {int} and _fit(values) else map(_float, values)
        return pa.array(list(numbers))
    if kinds in ({bool}, {date}):
        return pa.array(values)
    if kinds and kinds <= {date, datetime}:
        return pa.array([_clock(one) for one in values], pa.timestamp("ms"))
    return pa.array([None if one is None else str(one) for one in values], pa.string())


def _plain(value: object) -> object:
    """Return a value of Python's own: midnights are days, decimals are floats."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime):
        return (
            value.date() if value.time() == time(0) else datetime.combine(value, value.time())
        )
    return float(value) if isinstance(value, Decimal) else value


def _fit(values: list[object]) -> bool:
    return all(one is None or abs(cast(int, one)) < _INT64 for one in values)


def _float(value: object) -> float | None:
    return None if value is None else float(cast(float, value))


def _clock(value: object) -> object:
    return datetime.combine(value, time(0)) if type(value) is date else value
