"""GeoParquet files (GeoParquet)."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, Refused, refusal
from pipeline.io import shapes
from pipeline.io.arrow import plain_columns
from pipeline.io.delivery import Geometries, Source, frame_of, record_places

_FIX = "用 GIS 软件导出为 GeoParquet,或改用 GeoPackage"


def read_geoparquet(path: Path, *, label: str) -> Source:
    """Read a GeoParquet file; a Parquet file without shapes is refused."""
    try:
        file = pq.ParquetFile(path)
        _refuse_bomb(file, path, label)
        table = file.read()
        column, meta = _geometry_column(table)
        crs = _crs(meta)
    except (pa.ArrowException, OSError, CRSError) as error:
        what = f"{path.name} 打不开或不完整(截断,truncated):{error}"
        raise Refused([refusal(label, path.name, "damaged-file", what, _FIX)]) from error
    except (KeyError, ValueError, TypeError) as error:
        what = f"{path.name} 是 Parquet,但没有 GeoParquet 的图形说明(格式):{error}"
        raise Refused([refusal(label, path.name, "format", what, _FIX)]) from error
    places = record_places(path.name, table.num_rows)
    geometry, findings = _geometry(path, table, column, meta, label, places)
    table = table.drop_columns([column, *_covering(meta)])  # these bytes are let go of
    columns, more = plain_columns(table, layer=label, file=path.name)
    frame = frame_of(columns, table.num_rows)
    return Source(frame, geometry, crs, places, [*findings, *more])


def _refuse_bomb(file: pq.ParquetFile, path: Path, label: str) -> None:
    """Refuse more records than the file has bytes: each has a shape of its own."""
    rows, size = file.metadata.num_rows, path.stat().st_size
    if rows > size:
        what = f"{path.name} 写着 {rows} 条记录,文件却只有 {size} 字节(大小或压缩比异常)"
        raise Refused([refusal(label, path.name, "damaged-file", what, _FIX)])


def _geometry_column(table: pa.Table) -> tuple[str, dict[str, Any]]:
    geo = json.loads((table.schema.metadata or {})[b"geo"])
    name = str(geo["primary_column"])
    if name not in table.column_names:
        raise KeyError(name)
    return name, geo["columns"][name]


def _crs(meta: dict[str, Any]) -> CRS | None:
    """Return the CRS of the specification: absent means longitude and latitude, null unknown."""
    if "crs" not in meta:
        return CRS.from_user_input("OGC:CRS84")
    return None if meta["crs"] is None else CRS.from_json_dict(meta["crs"])


def _covering(meta: dict[str, Any]) -> list[str]:
    """Return the column of bounding boxes that some writers add beside the shapes."""
    box = meta.get("covering", {}).get("bbox", {})
    return sorted({corner[0] for corner in box.values()})


def _geometry(
    path: Path,
    table: pa.Table,
    column: str,
    meta: dict[str, Any],
    label: str,
    places: list[str],
) -> tuple[Geometries, list[Finding]]:
    if meta.get("encoding") == "WKB":
        geometry, curved, more = shapes.from_arrow(table[column], layer=label, places=places)
        what = "图形有圆弧(curve, arc, 弧),读不出来"
        findings = [
            Finding(label, places[row], "curve", "quarantined", what, _FIX)
            for row in np.flatnonzero(curved)
        ]
        return geometry, [*findings, *more]
    geometry = np.asarray(gpd.read_parquet(path, columns=[column]).geometry.array, dtype=object)
    return shapely.force_2d(geometry), []
