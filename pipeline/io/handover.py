"""Writers of deliveries as bureaus hand them over (交付数据), the same bytes every time.

For the demo and for tests of receiving: GBK shapefiles without a code page, FileGDB, coordinate
TXT with zone prefix, workbooks with a title row. Results of an inspection are written elsewhere.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import openpyxl
import pyogrio
import pyogrio.raw
import shapely

Columns = dict[str, list[object]]
Shapes = Iterable[shapely.Geometry | None]

# FileGDB draws random identifiers and a fine grid unless told otherwise.
_REPRODUCIBLE = {"OPENFILEGDB_REPRODUCIBLE_UUID": "YES"}
_MILLIMETRE_GRID = {"XORIGIN": "0", "YORIGIN": "0", "XYSCALE": "1000", "XYTOLERANCE": "0.001"}
_DBF_LANGUAGE_BYTE = 29
_LONG_AGO = (2000, 1, 1, 0, 0, 0)  # the one time stamp of every archive member


def write_features(
    path: Path,
    columns: Columns,
    shapes: Shapes,
    crs: str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
) -> None:
    """Write polygons with attributes; the format is that of the name: .shp .gpkg .gdb .geojson.

    ``shapes`` may hold None (no shape). Texts, floats and integers, None for a blank.
    """
    driver, options = _FORMATS[path.suffix]
    pyogrio.set_gdal_config_options(_REPRODUCIBLE)
    path.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.raw.write(
        path,
        geometry=np.array([None if s is None else shapely.to_wkb(s) for s in shapes], object),
        field_data=[_values(values) for values in columns.values()],
        fields=np.array(list(columns), dtype=object),
        layer=layer,
        driver=driver,
        geometry_type="Polygon" if path.suffix == ".shp" else "MultiPolygon",
        crs=crs,
        encoding=encoding,
        promote_to_multi=path.suffix != ".shp",
        layer_options=options,
    )


_FORMATS: dict[str, tuple[str, dict[str, str]]] = {
    ".shp": ("ESRI Shapefile", {"DBF_DATE_LAST_UPDATE": "2025-01-10"}),
    ".gpkg": ("GPKG", {}),
    ".gdb": ("OpenFileGDB", _MILLIMETRE_GRID),
    ".geojson": ("GeoJSON", {"COORDINATE_PRECISION": "11"}),
}


def _values(values: list[object]) -> npt.NDArray[np.generic]:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int) for value in known):
        return np.array(values, dtype=np.int32)
    if known and all(isinstance(value, float) for value in known):
        return np.array(values, dtype=np.float64)
    return np.array(values, dtype=object)


def forget_encoding(shapefile: Path) -> None:
    """Take away what tells a shapefile's encoding: the .cpg and the language byte of the .dbf."""
    shapefile.with_suffix(".cpg").unlink(missing_ok=True)
    with shapefile.with_suffix(".dbf").open("r+b") as table:
        table.seek(_DBF_LANGUAGE_BYTE)
        table.write(b"\0")


@dataclass(frozen=True)
class Block:
    """A block of coordinate TXT (地块): its number, name and use, its shape in metres."""

    number: str
    name: str
    use: str
    shape: shapely.Polygon
    hectares: float


def write_coordinate_txt(
    path: Path, blocks: Sequence[Block], *, zone: int, encoding: str = "GBK"
) -> None:
    """Write 报批坐标: north first, eastings with the zone's prefix, rings closed, CRLF."""
    head = (
        "[属性描述]", "格式版本号=1.01版本", "数据产生单位=示例县自然资源和规划局",
        "数据产生日期=2025-01-10", "坐标系=2000国家大地坐标系", "几度分带=3",
        "投影类型=高斯克吕格", "计量单位=米", f"带号={zone}", "精度=0.001",
        "转换参数=,,,,,,", "[地块坐标]",
    )  # fmt: skip
    lines = [*head, *(line for block in blocks for line in _block_lines(block, zone))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


def _block_lines(block: Block, zone: int) -> list[str]:
    points: list[str] = []
    number = 0
    for ring_number, ring in enumerate([block.shape.exterior, *block.shape.interiors], start=1):
        first = number + 1
        corners = shapely.get_coordinates(ring)
        for row, (east, north) in enumerate(corners):
            closes = row == len(corners) - 1
            number += not closes
            name = f"J{first if closes else number}"
            points.append(f"{name},{ring_number},{north:.3f},{zone}{east:010.3f}")
    title = f"{len(points)},{block.hectares:.4f},{block.number},{block.name},面,,{block.use},,@"
    return [title, *points]


def write_sheet(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    title: str = "",
    total: Sequence[object] = (),
) -> None:
    """Write a workbook of one sheet: a merged title row above the header, a 合计 row below."""
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(header))
    for row in [header, *rows, *([total] if total else [])]:
        sheet.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_undated(raw))


def _undated(raw: io.BytesIO) -> bytes:
    """Return a workbook without the time it was written at."""
    clean = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(clean, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2025-01-10T00:00:00Z", content)
            entry = zipfile.ZipInfo(member.filename, _LONG_AGO)
            target.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return clean.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a CSV in UTF-8 with BOM: m² with four decimals, true/false, blank for None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value
