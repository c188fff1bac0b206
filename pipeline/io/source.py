"""One layer of the config read into a plain table, whatever its format (读入图层).

What the fields mean, dates, the working CRS and repairs come later; see ``runner``.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
from pyproj import CRS

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.coordinate_blocks import read_coordinate_text
from pipeline.io.coordinate_ledger import join_ledger
from pipeline.io.delivery import Source
from pipeline.io.geojson import read_geojson
from pipeline.io.geoparquet import read_geoparquet
from pipeline.io.inputs import SIDE_FILES, expand, files_of
from pipeline.io.like_fields import with_like_fields
from pipeline.io.ogr import read_ogr
from pipeline.io.recovery import DAMAGE, offered
from pipeline.io.settings import ApprovalLayer, LayerSettings
from pipeline.io.shapefile import read_shapefile
from pipeline.io.sniff import DAMAGED_DATABASE, LAYER_FORMATS, Format, sniff
from pipeline.io.sqlite_file import undisturbed

__all__ = ["Source", "expand", "files_of", "read_source"]


_WITH_LAYERS = {Format.GEOPACKAGE, Format.FILE_GDB, Format.FLATGEOBUF}
_SHAPEFILE_SIDES = set(SIDE_FILES) - {".shp"}


def read_source(
    section: LayerSettings, paths: Sequence[Path], *, label: str, ledger: Path | None = None
) -> Source:
    """Read every file of a layer, one after another, into one table (原始图层).

    Raises ``Refused`` with the reasons of all files together.
    """
    sources: list[Source] = []
    reasons: list[Finding] = []
    for path in paths:
        try:
            sources.append(_read(path, section, label))
        except Refused as refused:
            reasons += refused.findings
    if not reasons:
        reasons = _one_crs(sources, paths, section, label)
    if reasons:
        raise Refused(reasons)
    if len(sources) > 1:
        sources = with_like_fields(sources, paths, section, label)
    source = _together(sources, label).with_findings(_about_layer(paths, section, label))
    if ledger is None:
        return source
    return _with_ledger(source, ledger, section, label)


def _read(path: Path, section: LayerSettings, label: str) -> Source:
    try:
        kind = sniff(path)
        if path.suffix.lower() in _SHAPEFILE_SIDES:
            what = f"{path.name} 是 Shapefile 的附属文件"
            raise Refused([refusal(label, path.name, "format", what, "路径写 .shp 文件")])
        if kind is Format.SHAPEFILE or (path.suffix.lower() == ".shp" and _is_no_text(kind)):
            return read_shapefile(path, section, label=label)
        if kind is Format.GEOPACKAGE or str(kind).startswith(DAMAGED_DATABASE):
            return _read_geopackage(path, section, kind, label)
        if kind in {Format.FILE_GDB, Format.FLATGEOBUF}:
            return read_ogr(path, section, Format(kind), label=label)
        if kind is Format.GEOJSON:
            return read_geojson(path, label=label)
        if kind is Format.GEOPARQUET:
            return read_geoparquet(path, label=label)
        if kind is Format.COORDINATE_TEXT:
            return read_coordinate_text(path, section, label=label)
    except OSError as error:
        what = f"{path.name} 读不出来:{error.strerror or error}"
        raise Refused(
            [refusal(label, path.name, "unreadable", what, "检查文件和权限")]
        ) from error
    what = f"{path.name} 不是可接受的格式(format):内容像是{kind}"
    fix = f"接受的格式:{LAYER_FORMATS};压缩包请先解压"
    raise Refused([refusal(label, path.name, "format", what, fix)])


def _read_geopackage(
    path: Path, section: LayerSettings, kind: Format | str, label: str
) -> Source:
    """Read a GeoPackage; of a damaged one what can be read, where the config asks for that."""
    try:
        if kind is not Format.GEOPACKAGE:
            _refuse_damaged(path, kind, label)
        with undisturbed(path) as found:
            return read_ogr(found, section, Format.GEOPACKAGE, label=label)
    except Refused as refused:
        if {found.code for found in refused.findings} - DAMAGE:
            raise
        if not section.recover:
            raise Refused(offered(refused.findings, label)) from None
        from pipeline.io.recovered_geopackage import recover_geopackage  # fiona: not everywhere

        with undisturbed(path) as found:
            return recover_geopackage(found, section, refused.findings, label=label)


def _refuse_damaged(path: Path, kind: str, label: str) -> NoReturn:
    what, fix = f"{path.name} 打不开:{kind}", "重新拷贝或请提供单位重新导出"
    raise Refused([refusal(label, path.name, "damaged-file", what, fix)])


def _about_layer(paths: Sequence[Path], section: LayerSettings, label: str) -> list[Finding]:
    """Say that a layer's name does nothing where the files cannot have several."""
    if section.layer is None or any(sniff(path) in _WITH_LAYERS for path in paths):
        return []
    what = f"layer = {section.layer} 没有用:这种文件只有一个图层"
    return [Finding(label, paths[0].name, "layer-unused", "noted", what, "从配置里删去 layer")]


def _is_no_text(kind: Format | str) -> bool:
    """Whether a .shp is empty or begins with other bytes: its own checks say how it is damaged."""
    return isinstance(kind, str) and kind.startswith(("空文件", "不认识"))


def _one_crs(
    sources: Sequence[Source], paths: Sequence[Path], section: LayerSettings, label: str
) -> list[Finding]:
    """Refuse files of one layer that are not in one CRS, unless the config gives one for all."""
    if section.crs is not None or len(sources) == 1:
        return []
    groups: dict[str, list[str]] = {}
    for source, path in zip(sources, paths, strict=True):
        groups.setdefault(_called(source.crs), []).append(path.name)
    if len(groups) == 1:
        return []
    told = ";".join(
        f"{crs}:{'、'.join(files[:3])}等 {len(files)} 个" for crs, files in groups.items()
    )
    what = f"同一图层的 {len(paths)} 个文件坐标系(CRS)不同:{told}"
    fix = "按坐标系分成几个图层,各写一段配置(批准用地可写多个 [[layers.approvals]])"
    return [refusal(label, label, "several-crs", what, fix)]


def _called(crs: CRS | None) -> str:
    if crs is None:
        return "没有坐标系"
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def _together(sources: Sequence[Source], label: str) -> Source:
    if len(sources) == 1:
        return sources[0]
    frame = pd.concat([source.frame for source in sources], ignore_index=True).astype(object)
    return Source(
        frame.where(frame.notna(), None),
        np.concatenate([source.geometry for source in sources]),
        sources[0].crs,
        _told_apart([place for source in sources for place in source.places]),
        _gathered([found for source in sources for found in source.findings], label),
        _lost(sources),
    )


def _lost(sources: Sequence[Source]) -> dict[int, str]:
    """Return what was lost, by the rows of all files together."""
    lost: dict[int, str] = {}
    before = 0
    for source in sources:
        lost |= {before + row: what for row, what in source.lost.items()}
        before += len(source.places)
    return lost


def _told_apart(places: list[str]) -> list[str]:
    """Number the places that files of one name in different folders share."""
    seen: dict[str, int] = {}
    told = []
    for place in places:
        seen[place] = seen.get(place, 0) + 1
        told.append(place if seen[place] == 1 else f"{place}({seen[place]})")
    return told


def _gathered(findings: Sequence[Finding], label: str) -> list[Finding]:
    """Say once, with the number of files, that their encoding was inferred."""
    inferred = [found for found in findings if found.code == "encoding-inferred"]
    if len(inferred) <= 1:
        return list(findings)
    files = "、".join(found.record for found in inferred[:3])
    what = f"{files} 等 {len(inferred)} 个文件的编码按内容认定(GBK 或 UTF-8)"
    one = replace(inferred[0], record=label, message=what)
    return [one, *(found for found in findings if found.code != "encoding-inferred")]


def _with_ledger(source: Source, ledger: Path, section: LayerSettings, label: str) -> Source:
    key = section.ledger_key if isinstance(section, ApprovalLayer) else None
    if not key or "文件名" not in source.frame or not isinstance(section, ApprovalLayer):
        what = f"{ledger.name} 认领不了:台账(ledger)只用于坐标 TXT,并要写 ledger_key"
        fix = '写 ledger_key = { file = "文件名" } 或 { block = "地块编号" }'
        raise Refused([refusal(label, ledger.name, "ledger-key", what, fix)])
    wanted = section.fields.mapped().values()
    return join_ledger(source, ledger, key, wanted=list(wanted), label=label)
