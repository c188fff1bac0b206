"""A handed-over layer as an Arrow table (交付图层的列): types by kind, Chinese aliases, widths."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from pipeline.schema.gis import GisLayer, caption
from pipeline.schema.table import Column, Kind

_TYPES = {
    Kind.CODE: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.AREA_M2: pa.float64(),
    Kind.RATIO: pa.float64(),
    Kind.NUMBER: pa.float64(),
    Kind.COUNT: pa.int32(),
    Kind.FLAG: pa.bool_(),
    Kind.DATE: pa.date32(),
}
SHAPE = "geom"
_NARROWEST, _STEP = 20, 10  # widths of text fields
_MIDNIGHT = pa.timestamp("ms", "UTC")


def arrow_table(layer: GisLayer, *, for_filegdb: bool = False) -> pa.Table:
    """Return the columns with their captions as field aliases, then the shapes as WKB.

    ``for_filegdb``: dates are midnights, as ArcGIS before Pro 3.2 knows them, and text fields get
    the width of their longest value (in characters, rounded up), else they are 65,536 wide.
    """
    arrays, fields = [], []
    for column in layer.table.columns:
        array = column_array(layer.frame[column.name], column)
        metadata = {"GDAL:OGR:alternative_name": caption(column)}
        if for_filegdb and column.kind is Kind.DATE:
            array = array.cast(pa.timestamp("ms")).cast(_MIDNIGHT)
        if for_filegdb and pa.types.is_string(array.type):
            metadata["GDAL:OGR:width"] = str(_width(array))
        arrays.append(array)
        fields.append(pa.field(column.name, array.type, metadata=metadata))
    shapes, shape_field = shape_column(layer)
    return pa.table([*arrays, shapes], schema=pa.schema([*fields, shape_field]))


def shape_column(layer: GisLayer) -> tuple[pa.Array, pa.Field]:
    """Return the shapes as WKB of multipolygons, and the field that says so."""
    wkb = shapely.to_wkb(_multi(layer.frame.geometry.array), flavor="iso")
    extension = {"ARROW:extension:name": "geoarrow.wkb"}
    return pa.array(wkb, pa.binary()), pa.field(SHAPE, pa.binary(), metadata=extension)


def column_array(values: pd.Series, column: Column) -> pa.Array:
    """Return one column in the type of its kind, nulls kept."""
    array = pa.array(values, type=_TYPES[column.kind], from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _multi(shapes: Any) -> npt.NDArray[np.object_]:
    """Return polygons as multipolygons, so that a layer is of one type."""
    made = np.array(shapes, dtype=object)
    single = shapely.get_type_id(made) == shapely.GeometryType.POLYGON
    made[single] = shapely.multipolygons(made[single], indices=np.arange(single.sum()))
    return made


def _width(array: pa.Array) -> int:
    longest = pa.compute.max(pa.compute.utf8_length(array)).as_py() or 0
    return max(_NARROWEST, -(-longest // _STEP) * _STEP)
