"""The layers as shapefiles, for those who must have them (shapefile 成果), in one archive.

What the format cannot hold is said in ``字段对照表.csv``: every field's full name, how many texts
were cut at 254 bytes or hold characters that GBK lacks, how many records have no value.
"""

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyogrio

from pipeline.io.gis.archive import write_folder_archive
from pipeline.io.gis.arrow import SHAPE, column_array, shape_column
from pipeline.io.gis.shapefile_names import NAMES
from pipeline.io.written_twice import written_twice
from pipeline.schema.gis import GisLayer, caption, caption_text, worded
from pipeline.schema.table import Column, Kind

NAME_TABLE = "字段对照表.csv"
_ENCODING = "GBK"
_LONGEST = 254  # bytes of a text field
_CUT = "…"
_BOM = "\ufeff"
_HEADER = (
    *("文件", "字段名", "中文名", "程序中的列名", "类型"),
    *(
        "空值数（ArcGIS 显示为 0 或空白）",
        "截断数（超过 254 字节，以…结尾）",
        "含 GBK 缺字的记录数（写成 [U+…]）",
    ),
)
_DECIMALS = {
    Kind.AREA_M2: pa.decimal128(19, 4),
    Kind.NUMBER: pa.decimal128(19, 4),
    Kind.RATIO: pa.decimal128(18, 12),
}


@dataclass(frozen=True)
class _Written:
    """A column as it goes into the file, and what was lost on the way."""

    field: pa.Field
    array: pa.Array
    nulls: int
    cut: int
    spelt: int


@written_twice
def write_shapefile_archive(
    path: Path, layers: Sequence[GisLayer], as_of: date, comment: str = ""
) -> None:
    """Write GBK shapefiles with ASCII field names and the table of their names into a zip.

    Codes and flags are written as the Chinese words, dates as dates. ``as_of`` is the day that
    the headers of the tables name. The same layers give the same bytes.
    """
    with tempfile.TemporaryDirectory(prefix="shapefiles-") as name:
        folder = Path(name) / path.stem
        folder.mkdir()
        rows = [row for layer in layers for row in _write_layer(folder, worded(layer), as_of)]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([_HEADER, *rows])
        (folder / NAME_TABLE).write_text(_BOM + text.getvalue(), encoding="utf-8", newline="")
        write_folder_archive(path, folder, comment)


def _write_layer(folder: Path, layer: GisLayer, as_of: date) -> list[tuple[object, ...]]:
    columns = layer.table.columns
    written = [_written(layer.frame[column.name], column) for column in columns]
    shapes, shape_field = shape_column(layer)
    file = f"{layer.name}.shp"
    pyogrio.raw.write_arrow(
        pa.table(
            [*(one.array for one in written), shapes],
            schema=pa.schema([*(one.field for one in written), shape_field]),
        ),
        folder / file,
        driver="ESRI Shapefile",
        geometry_name=SHAPE,
        geometry_type="Polygon",
        crs=layer.frame.crs.to_wkt("WKT1_ESRI"),
        encoding=_ENCODING,
        layer_options={"DBF_DATE_LAST_UPDATE": as_of.isoformat()},
    )
    return [
        (
            file,
            one.field.name,
            caption(column),
            column.name,
            caption_text(column.kind),
            one.nulls,
            one.cut,
            one.spelt,
        )
        for column, one in zip(columns, written, strict=True)
    ]


def _written(values: pd.Series, column: Column) -> _Written:
    name, nulls = NAMES[column.name], int(values.isna().sum())
    if column.kind in {Kind.CODE, Kind.TEXT}:
        return _written_text(values, name, nulls)
    array = column_array(values, column)
    if column.kind in _DECIMALS:
        array = array.cast(_DECIMALS[column.kind], safe=False)
    return _Written(pa.field(name, array.type), array, nulls, 0, 0)


def _written_text(values: pd.Series, name: str, nulls: int) -> _Written:
    given = [str(value) for value in values.dropna().unique()]  # few, often enough
    plain = {value: _spelt(value) for value in given}
    fitting = {value: _fitting(text) for value, text in plain.items()}
    longest = max((len(text.encode(_ENCODING)) for text in fitting.values()), default=1)
    array = pa.array(values.map(fitting), pa.string(), from_pandas=True)
    return _Written(
        pa.field(name, pa.string(), metadata={"GDAL:OGR:width": str(max(longest, 1))}),
        array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array,
        nulls,
        cut=int(values.isin([one for one in given if fitting[one] != plain[one]]).sum()),
        spelt=int(values.isin([one for one in given if plain[one] != one]).sum()),
    )


def _spelt(text: str) -> str:
    """Return text in which a character that GBK lacks is written as its code point."""
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        return "".join(
            char if char.encode(_ENCODING, "ignore") else f"[U+{ord(char):04X}]"
            for char in text
        )
    return text


def _fitting(text: str) -> str:
    """Return text of at most 254 bytes; what is cut ends with …, never inside a character."""
    raw = text.encode(_ENCODING)
    if len(raw) <= _LONGEST:
        return text
    room = _LONGEST - len(_CUT.encode(_ENCODING))
    return raw[:room].decode(_ENCODING, "ignore") + _CUT
