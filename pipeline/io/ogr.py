"""GeoPackage, FileGDB and FlatGeobuf through GDAL, the driver known beforehand (矢量文件)."""

import re
import warnings
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, Refused, refusal
from pipeline.io import shapes
from pipeline.io.arrow import plain_columns
from pipeline.io.delivery import Geometries, Source, frame_of
from pipeline.io.gdb_parts import check_gdb
from pipeline.io.settings import LayerSettings
from pipeline.io.sniff import Format

_EXPORT = "重新拷贝或请提供单位重新导出"
_DRIVERS = {
    Format.GEOPACKAGE: "GPKG",
    Format.FILE_GDB: "OpenFileGDB",
    Format.FLATGEOBUF: "FlatGeobuf",
}


def read_ogr(path: Path, section: LayerSettings, kind: Format, *, label: str) -> Source:
    """Read one layer of a file whose content has been recognised as ``kind``."""
    if kind is Format.FILE_GDB and (reasons := check_gdb(path, layer=label)):
        raise Refused(reasons)
    name = _dataset(path, kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            layer = _layer(name, path, section, label)
            count = _checked(name, layer, path, kind, label)
            source = _read(name, layer, path, label)
    except (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError) as error:
        what = f"{path.name} 打不开或不完整(截断,truncated):{error}"
        raise Refused([refusal(label, path.name, "damaged-file", what, _EXPORT)]) from error
    if len(source.frame) != count:
        what = f"{path.name} 不完整(截断,truncated):写着 {count} 条,读出 {len(source.frame)} 条"
        raise Refused([refusal(label, path.name, "damaged-file", what, _EXPORT)])
    return source


def _dataset(path: Path, kind: Format) -> str:
    """Return the name for GDAL: with the driver's prefix where it has one."""
    plain = str(path)
    prefixed = kind is Format.GEOPACKAGE and ":" not in re.sub(r"^[A-Za-z]:", "", plain)
    return f"GPKG:{plain}" if prefixed else plain


def _layer(name: str, path: Path, section: LayerSettings, label: str) -> str:
    """Return the layer to read: the config's, else the only one that has shapes."""
    listed = [(str(layer), kind) for layer, kind in pyogrio.list_layers(name)]
    names = [layer for layer, _ in listed]
    if section.layer is not None:
        if section.layer in names:
            return section.layer
        folded = {layer.casefold(): layer for layer in names}
        near = get_close_matches(section.layer.casefold(), folded, n=1, cutoff=0.0)
        what = f"{path.name} 里没有图层(layer){section.layer}"
        listing = f"文件里的图层:{'、'.join(names)}"
        fix = f"是不是 {folded[near[0]]}?{listing}" if near else "文件里没有图层"
        raise Refused([refusal(label, path.name, "unknown-layer", what, fix)])
    spatial = [layer for layer, kind in listed if kind is not None]
    if len(spatial) == 1:
        return spatial[0]
    what = f"{path.name} 里有 {len(spatial)} 个图层(layer):{'、'.join(spatial) or '都没有图形'}"
    fix = f'在 [layers.{label}] 里写 layer = "{spatial[0]}"' if spatial else "换一个文件"
    raise Refused([refusal(label, path.name, "which-layer", what, fix)])


def _checked(name: str, layer: str, path: Path, kind: Format, label: str) -> int:
    """Return how many records there should be, once it is sure which driver reads them."""
    info = pyogrio.read_info(name, layer=layer, force_feature_count=True)
    driver = info["driver"]
    if driver != _DRIVERS[kind]:
        what = f"{path.name} 的内容是 {kind},却被认作 {driver}(格式)"
        raise Refused([refusal(label, path.name, "format", what, "按内容改正扩展名")])
    if len(info["fields"]) == 0 and info["features"] == 0:
        what = f"{path.name} 的图层 {layer} 既没有字段也没有记录:空的或损坏"
        raise Refused([refusal(label, path.name, "damaged-file", what, _EXPORT)])
    return int(info["features"])


def _read(name: str, layer: str, path: Path, label: str) -> Source:
    meta, table = pyogrio.raw.read_arrow(
        name, layer=layer, return_fids=True, datetime_as_string=False
    )
    fids = table[meta["fid_column"] or table.column_names[0]].to_pylist()
    geometry_column = meta["geometry_name"] or "wkb_geometry"
    first = 1 if 0 in fids else 0  # FlatGeobuf counts from 0
    places = [f"{path.name} {layer} 第 {fid + first} 条" for fid in fids]
    geometry, more = _geometry(name, layer, table[geometry_column], label, places)
    table = table.drop_columns([meta["fid_column"] or table.column_names[0], geometry_column])
    columns, findings = plain_columns(table, layer=label, file=path.name)
    crs, about_crs = _crs(meta["crs"], path, label)
    return Source(
        frame_of(columns, len(fids)), geometry, crs, places, [*findings, *more, *about_crs]
    )


def _geometry(
    name: str, layer: str, wkb: pa.ChunkedArray, label: str, places: list[str]
) -> tuple[Geometries, list[Finding]]:
    straight, curved, more = shapes.from_arrow(wkb, layer=label, places=places)
    if not curved.any():
        return straight, more
    stroked = pyogrio.raw.read(name, layer=layer, columns=[], force_2d=True)[2]
    what = "图形有圆弧(curve, arc, 弧),已按 4 度一段化为折线,面积略有出入"
    findings = [
        Finding(label, places[row], "curve", "noted", what, "要精确就请提供单位按折线导出")
        for row in np.flatnonzero(curved)
    ]
    geometry, more = shapes.from_wkb(stroked, layer=label, places=places)
    return geometry, [*findings, *more]


def _crs(text: str | None, path: Path, label: str) -> tuple[CRS | None, list[Finding]]:
    if text is None:
        return None, []
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        what = f"{path.name} 写的坐标系(CRS)读不懂,按没有坐标系处理"
        return None, [Finding(label, path.name, "bad-crs", "noted", what)]
    # GeoPackage's srs_id -1 and 0 mean that nobody knows
    return (None if crs.name.lower().startswith("undefined") else crs), []
