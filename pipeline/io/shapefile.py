"""Shapefiles: parts checked, text decoded strictly, rings put right (Shapefile)."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, Refused, refusal
from pipeline.io import dbf, shapes
from pipeline.io.delivery import Geometries, Source, frame_of
from pipeline.io.encoding import UnknownEncoding
from pipeline.io.inputs import side_files
from pipeline.io.settings import LayerSettings
from pipeline.io.shapefile_parts import DAMAGED, Parts, check_parts, drawn

_ODDITIES = {
    "deleted": ("deleted-rows", "有 {0} 条记录已标记删除,没有读入"),
    "overflow": ("number-overflow", "有 {0} 个数写成 ******(放不下),按空值读入"),
    "zero-date": ("zero-date", "有 {0} 个日期写成 00000000,按没有日期(date)读入"),
    "cut": ("text-cut", "有 {0} 个文字值在字段末尾被截断,末一个字不全,已去掉半个字"),
    "nul": ("text-after-nul", "有 {0} 个文字值在空字符之后还有内容,没有读入"),
    "memo": ("memo", "有 {0} 个备注或二进制字段的值没有读入"),
}


def read_shapefile(path: Path, section: LayerSettings, *, label: str) -> Source:
    """Read a shapefile whole, or refuse it with every reason."""
    parts, reasons = check_parts(side_files(path), layer=label)
    if parts is None:
        raise Refused(reasons)
    attributes = _attributes(parts, section, label)
    rows = np.flatnonzero(attributes.kept)
    places = [f"{path.name} 第 {row + 1} 条" for row in rows]
    crs, about_crs = _crs(parts, section, label)
    geometry, found = _geometry(parts, rows, label, places, use_prj=not about_crs)
    findings = [*_findings(parts, attributes, label), *about_crs, *found]
    return Source(frame_of(attributes.columns, len(rows)), geometry, crs, places, findings)


def _attributes(parts: Parts, section: LayerSettings, label: str) -> dbf.Attributes:
    table = parts.files[".dbf"]
    cpg = parts.files.get(".cpg")
    stated = cpg.read_text("ascii", "replace").strip("\ufeff\0 \r\n\t") if cpg else None
    try:
        return dbf.read_attributes(
            table, parts.header, configured=section.encoding, cpg=stated or None
        )
    except UnknownEncoding as unknown:
        what = f"{table.name}(编码 encoding):{unknown}"
        fix = f"问清编码后在 [layers.{label}] 里写 encoding = …,或请提供单位重新导出"
        raise Refused([refusal(label, table.name, "unknown-encoding", what, fix)]) from unknown
    except dbf.DamagedTable as damage:
        what = f"{table.name} {damage}"
        raise Refused([refusal(label, table.name, "damaged-file", what, DAMAGED)]) from damage


def _findings(parts: Parts, attributes: dbf.Attributes, label: str) -> list[Finding]:
    table = parts.files[".dbf"].name
    findings = []
    if attributes.encoding.why:
        what, fix = (
            f"{table} {attributes.encoding.why}",
            "核对几个汉字;不对就在配置里写 encoding",
        )
        findings.append(Finding(label, table, "encoding-inferred", "repaired", what, fix))
    for oddity, count in sorted(attributes.oddities.items()):
        code, text = _ODDITIES[oddity]
        what = f"{table} {text.format(count)}"
        findings.append(Finding(label, table, code, "noted", what, "核对原始数据"))
    return findings


def _geometry(
    parts: Parts, rows: np.ndarray, label: str, places: list[str], *, use_prj: bool
) -> tuple[Geometries, list[Finding]]:
    with _canonical(parts.files, use_prj=use_prj) as path, warnings.catch_warnings():
        # open rings and wrong directions are mended and said below
        warnings.simplefilter("ignore", RuntimeWarning)
        info = pyogrio.read_info(path, encoding="ISO-8859-1")
        if info["driver"] != "ESRI Shapefile":
            what = f"{path.name} 被认作 {info['driver']},不是 Shapefile(格式)"
            raise Refused([refusal(label, path.name, "format", what, "改正文件名")])
        _, fids, wkb, _ = pyogrio.raw.read(
            path, columns=[], return_fids=True, encoding="ISO-8859-1", force_2d=True
        )
    if not np.array_equal(fids, rows):
        what = f"{path.name} 应有 {len(rows)} 条图形,读出 {len(fids)} 条"
        raise Refused([refusal(label, path.name, "damaged-file", what, "请提供单位重新导出")])
    is_nothing = np.array([shape is None for shape in wkb], dtype=bool)
    lost = np.flatnonzero(drawn(parts.files)[rows] & is_nothing)
    if len(lost):
        what = f"{parts.files['.shp'].name} 损坏:{places[lost[0]]}等 {len(lost)} 条有界址点,却读不成图形"
        raise Refused([refusal(label, parts.files[".shp"].name, "damaged-file", what, DAMAGED)])
    geometry, findings = shapes.from_wkb(wkb, layer=label, places=places)
    mended, more = shapes.mend_nesting(geometry, layer=label, places=places)
    return mended, [*findings, *more]


@contextmanager
def _canonical(files: dict[str, Path], *, use_prj: bool) -> Iterator[Path]:
    """Give a path that GDAL can open: names in one case, no damaged .prj; else a copy."""
    stems = {file.stem for file in files.values()}
    suffixes = {files[end].suffix for end in (".shp", ".shx", ".dbf")}
    cases = ({".shp", ".shx", ".dbf"}, {".SHP", ".SHX", ".DBF"})
    if len(stems) == 1 and suffixes in cases and use_prj:
        yield files[".shp"]
        return
    with tempfile.TemporaryDirectory() as folder:
        for end in (".shp", ".shx", ".dbf"):
            shutil.copyfile(files[end], Path(folder) / f"layer{end}")
        yield Path(folder) / "layer.shp"


def _crs(parts: Parts, section: LayerSettings, label: str) -> tuple[CRS | None, list[Finding]]:
    """Return the CRS of the .prj; one that cannot be read is refused unless the config has one."""
    prj = parts.files.get(".prj")
    text = prj.read_bytes().decode("utf-8", "replace").strip("\ufeff\0 \r\n\t") if prj else ""
    if prj is None or not text:
        return None, []
    try:
        return _identified(CRS.from_wkt(text)), []
    except CRSError:
        what = f"{prj.name} 读不懂(坐标系 CRS 不完整或损坏)"
    fix = f'补上完整的 .prj,或在 [layers.{label}] 里写 crs = "EPSG:…"'
    if section.crs:
        return None, [
            Finding(label, prj.name, "bad-prj", "noted", f"{what},按配置用 {section.crs}")
        ]
    raise Refused([refusal(label, prj.name, "bad-prj", what, fix)])


def _identified(crs: CRS) -> CRS:
    """Return the EPSG's CRS where the .prj plainly means one, else what it says."""
    code = crs.to_epsg(min_confidence=70)
    return CRS.from_epsg(code) if code else crs
