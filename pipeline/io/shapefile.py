"""Shapefiles: parts checked, text decoded strictly, rings put right (Shapefile)."""

import functools
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, Refused, refusal
from pipeline.io import dbf, shapes
from pipeline.io.delivery import Geometries, Source, frame_of
from pipeline.io.encoding import UnknownEncoding
from pipeline.io.inputs import side_files
from pipeline.io.recovery import DAMAGE, beyond_recovery, offered, recovered, somewhere_in
from pipeline.io.salvage import Salvage, salvage
from pipeline.io.settings import LayerSettings
from pipeline.io.shapefile_boxes import apart_from_boxes
from pipeline.io.shapefile_parts import (
    DAMAGED,
    Parts,
    check_parts,
    drawn,
)

Rows = npt.NDArray[np.int64]

_ODDITIES = {
    "deleted": ("deleted-rows", "有 {0} 条记录已标记删除,没有读入"),
    "overflow": ("number-overflow", "有 {0} 个数写成 ******(放不下),按空值读入"),
    "zero-date": ("zero-date", "有 {0} 个日期写成 00000000,按没有日期(date)读入"),
    "cut": ("text-cut", "有 {0} 个文字值在字段末尾被截断,末一个字不全,已去掉半个字"),
    "nul": ("text-after-nul", "有 {0} 个文字值在空字符之后还有内容,没有读入"),
    "memo": ("memo", "有 {0} 个备注或二进制字段的值没有读入"),
}


def read_shapefile(path: Path, section: LayerSettings, *, label: str) -> Source:
    """Read a shapefile whole, or refuse it with every reason.

    Of a damaged one the records that can be read, where the config asks for that; the others
    are named in the source's ``lost``.
    """
    files = side_files(path)
    try:
        return _whole(files, section, label)
    except Refused as refused:
        if {found.code for found in refused.findings} - DAMAGE:
            raise
        if not section.recover:
            raise Refused(offered(refused.findings, label)) from None
        with tempfile.TemporaryDirectory() as folder:
            saved = salvage(files, Path(folder))
            if saved is None:
                raise Refused(beyond_recovery(refused.findings)) from None
            return _recovered(saved, refused.findings, section, label)


def _whole(files: dict[str, Path], section: LayerSettings, label: str) -> Source:
    parts, reasons = check_parts(files, layer=label)
    if parts is None:
        raise Refused(reasons)
    attributes = _attributes(parts, section, label)
    rows = np.flatnonzero(attributes.kept)
    places = [f"{parts.files['.shp'].name} 第 {row + 1} 条" for row in rows]
    crs, about_crs = _crs(parts, section, label)
    wkb, unread = _read_wkb(parts, rows, label, use_prj=not about_crs)
    if len(unread) and not section.recover:
        shp = parts.files[".shp"].name
        what = f"{shp} 损坏:{places[unread[0]]}等 {len(unread)} 条有界址点,却读不成图形"
        raise Refused([refusal(label, shp, "damaged-file", what, DAMAGED)])
    geometry, found = _shapes(wkb, label, places)
    findings = [*_findings(parts, attributes, label), *about_crs, *found]
    apart = apart_from_boxes(parts, rows, wkb, geometry)
    for row, box in apart.items():
        geometry[row] = somewhere_in(box)
    lost = {
        **dict.fromkeys(attributes.overwritten, "属性的一部分"),
        **dict.fromkeys(apart, "图形的一部分"),
        **dict.fromkeys(unread, "图形"),
    }
    frame = frame_of(attributes.columns, len(rows))
    return Source(frame, geometry, crs, places, findings, lost)


def _recovered(
    saved: Salvage, reasons: Sequence[Finding], section: LayerSettings, label: str
) -> Source:
    """Read what was saved; of a lost shape its box may still be known."""
    source = _whole(saved.files, section, label)
    records = [int(place.split()[-2]) - 1 for place in source.places]
    lost = {row: saved.lost[one] for row, one in enumerate(records) if one in saved.lost}
    lost |= {row: what for row, what in source.lost.items() if row not in lost}
    geometry = source.geometry.copy()
    for row in lost:
        if geometry[row] is None:
            geometry[row] = somewhere_in(saved.boxes[records[row]])
    return replace(source, geometry=geometry, lost=lost).with_findings(
        [recovered(reasons, saved.files[".shp"].name, saved.records, len(lost), label)]
    )


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


def _read_wkb(
    parts: Parts, rows: Rows, label: str, *, use_prj: bool
) -> tuple[list[bytes | None], list[int]]:
    """Return the shapes as bytes, and the rows that have points and yet read as nothing."""
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
    return list(wkb), np.flatnonzero(drawn(parts.files)[rows] & is_nothing).tolist()


def _shapes(
    wkb: Sequence[bytes | None], label: str, places: list[str]
) -> tuple[Geometries, list[Finding]]:
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
        return _identified(text), []
    except CRSError:
        what = f"{prj.name} 读不懂(坐标系 CRS 不完整或损坏)"
    fix = f'补上完整的 .prj,或在 [layers.{label}] 里写 crs = "EPSG:…"'
    if section.crs:
        return None, [
            Finding(label, prj.name, "bad-prj", "noted", f"{what},按配置用 {section.crs}")
        ]
    raise Refused([refusal(label, prj.name, "bad-prj", what, fix)])


@functools.lru_cache(maxsize=64)  # the layers of a delivery mostly have one .prj: 20 ms each
def _identified(prj: str) -> CRS:
    """Return the EPSG's CRS where the .prj plainly means one, else what it says."""
    crs = CRS.from_wkt(prj)
    code = crs.to_epsg(min_confidence=70)
    return CRS.from_epsg(code) if code else crs
