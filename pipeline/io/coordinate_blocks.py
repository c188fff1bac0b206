"""Coordinate texts as a layer: blocks become records, rings become polygons (地块图形)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pyproj import CRS, Geod
from shapely import LinearRing, LineString, MultiPoint
from shapely.geometry.base import BaseGeometry

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.coordinate_crs import ContradictedCrs, stated_crs
from pipeline.io.coordinate_text import Block, CoordinateText, Point, decode, parse
from pipeline.io.delivery import Source, frame_of
from pipeline.io.encoding import named
from pipeline.io.settings import LayerSettings
from pipeline.io.shapes import closed_ring, nest

_AREA_TOLERANCE = 0.01  # stated and computed area, domain reference on the coordinate text
_LEAST_POINTS = 3
_M2_PER_HA = 10_000
_FIX = "对照勘测定界图改正"


def read_coordinate_text(path: Path, section: LayerSettings, *, label: str) -> Source:
    """Read one file; each block is a record with its header's values as fields."""
    text, encoding = _text(path, section, label)
    parsed = parse(text)
    if not parsed.blocks:
        what = f"{path.name} 里没有地块(以 @ 结尾的首行),不是报批坐标(格式)"
        raise Refused([refusal(label, path.name, "format", what, "检查文件内容")])
    crs = _crs(parsed, path, label)
    findings = _file_findings(parsed, encoding, section, path, label)
    geometry = np.empty(len(parsed.blocks), dtype=object)
    places = _places(path.name, parsed.blocks)
    for row, block in enumerate(parsed.blocks):
        geometry[row] = _shape(block, crs)
        findings += _block_findings(block, places[row], label)
    columns = _columns(path.name, parsed.blocks)
    return Source(frame_of(columns, len(places)), geometry, crs, places, findings)


def _text(path: Path, section: LayerSettings, label: str) -> tuple[str, str]:
    data = path.read_bytes()
    wanted = named(section.encoding) if section.encoding else None
    try:
        if wanted is not None:
            return data.decode(wanted.codec).lstrip("\ufeff"), "UTF-8"
        return decode(data)
    except UnicodeDecodeError as error:
        what = f"{path.name} 既不是 UTF-8 也不是 GBK 编码(encoding),或与配置的编码不符"
        fix = "用记事本另存为 UTF-8"
        raise Refused([refusal(label, path.name, "unknown-encoding", what, fix)]) from error


def _crs(parsed: CoordinateText, path: Path, label: str) -> CRS | None:
    points = [point for block in parsed.blocks for point in block.points]
    try:
        return stated_crs(parsed.description, points)
    except ContradictedCrs as contradiction:
        what = f"{path.name} 的坐标系与坐标值矛盾:{contradiction}"
        fix = "改正文件里的坐标系、几度分带、带号或坐标列"
        raise Refused(
            [refusal(label, path.name, "crs-contradicted", what, fix)]
        ) from contradiction


def _places(file: str, blocks: Sequence[Block]) -> list[str]:
    """Describe each block by number, else name; one that is not alone by its line as well."""
    names = [f"{file} 地块 {block.number or block.name or '(无编号)'}" for block in blocks]
    return [
        f"{name}(第 {block.line} 行)" if names.count(name) > 1 else name
        for name, block in zip(names, blocks, strict=True)
    ]


def _file_findings(
    parsed: CoordinateText, encoding: str, section: LayerSettings, path: Path, label: str
) -> list[Finding]:
    findings = []
    if encoding == "GBK" and section.encoding is None:
        what = f"{path.name} 按内容认定为 GBK 编码"
        findings.append(Finding(label, path.name, "encoding-inferred", "repaired", what))
    if parsed.stray:
        lines = "、".join(map(str, parsed.stray[:5]))
        what = f"{path.name} 有 {len(parsed.stray)} 行看不懂,没有读入:第 {lines} 行"
        findings.append(Finding(label, path.name, "stray-line", "noted", what, _FIX))
    return findings


def _rings(block: Block) -> list[list[tuple[float, float]]]:
    """Return the rings as (east, north); a new ring number or a closed ring begins another."""
    rings: list[list[Point]] = []
    for point in block.points:
        ring = rings[-1] if rings else None
        is_closed = ring is not None and len(ring) > _LEAST_POINTS and _same(ring[0], ring[-1])
        if (
            ring is None
            or ring[0].ring != point.ring
            or (is_closed and not _same(ring[-1], point))
        ):
            rings.append([point])
        else:
            ring.append(point)
    vertices = [[(point.east, point.north) for point in ring] for ring in rings]
    block.is_open = any(ring[0] != ring[-1] for ring in vertices)
    return [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in vertices]


def _same(one: Point, other: Point) -> bool:
    return (one.north, one.east) == (other.north, other.east)


def _shape(block: Block, crs: CRS | None) -> BaseGeometry | None:
    """Return the block's polygon; what is no polygon stays points or a line for the gate."""
    vertices = [(point.east, point.north) for point in block.points]
    if not vertices:
        block.broken.append("没有界址点")
        return None
    if block.kind == "点" or len(vertices) == 1:
        return MultiPoint(vertices)
    if block.kind == "线":
        return LineString(vertices)
    rings = _rings(block)
    if any(len(set(ring)) < _LEAST_POINTS for ring in rings):
        block.broken.append(f"有的圈不足 {_LEAST_POINTS} 个不同的点")
    if not block.broken:
        polygon = nest([LinearRing(ring) for ring in rings])
        _compare(block, rings, polygon, crs)
        if not block.broken:
            return polygon
    return LineString(vertices)


def _compare(
    block: Block, rings: list[list[tuple[float, float]]], polygon: BaseGeometry, crs: CRS | None
) -> None:
    """Hold the stated number of points and area against what is there.

    The count may include the closing points or not. A block with fewer points and another area
    than stated was cut off: it is broken.
    """
    listed, stated = len(block.points), block.stated_points
    counts = {listed, sum(len(ring) - 1 for ring in rings), sum(map(len, rings))}
    area = _area_ha(polygon, crs)
    is_other_area = bool(block.stated_ha) and (
        abs((block.stated_ha or 0.0) - area) > _AREA_TOLERANCE * area
    )
    notes = []
    if stated is not None and stated not in counts:
        notes.append(f"写 {stated} 个界址点,实有 {listed} 个")
    if is_other_area:
        notes.append(f"写面积(area){block.stated_ha:.4f} 公顷,按坐标算 {area:.4f} 公顷")
    is_cut = len(notes) > 1 and stated is not None and stated > max(counts)
    (block.broken if is_cut else block.oddities).extend(notes)


def _area_ha(polygon: BaseGeometry, crs: CRS | None) -> float:
    if crs is not None and crs.is_geographic:
        geod = crs.get_geod() or Geod(ellps="GRS80")
        return abs(float(geod.geometry_area_perimeter(polygon)[0])) / _M2_PER_HA
    return float(polygon.area) / _M2_PER_HA


def _block_findings(block: Block, place: str, label: str) -> list[Finding]:
    findings = [
        Finding(label, place, "coordinate-text", "noted", what, _FIX) for what in block.oddities
    ]
    if block.is_open and not block.broken:
        findings.append(closed_ring(label, place))
    if block.broken:
        what = "图形不完整,不能用:" + ";".join(block.broken[:3])
        findings.append(Finding(label, place, "broken-block", "quarantined", what, _FIX))
    return findings


def _columns(file: str, blocks: Sequence[Block]) -> dict[str, list[object]]:
    return {
        "文件名": [file] * len(blocks),
        "地块编号": [block.number or None for block in blocks],
        "地块名称": [block.name or None for block in blocks],
        "图形属性": [block.kind for block in blocks],
        "图幅号": [block.map_sheet or None for block in blocks],
        "用途": [block.purpose or None for block in blocks],
        "地类编码": [block.land_class or None for block in blocks],
        "界址点数": [block.stated_points for block in blocks],
        "面积公顷": [block.stated_ha for block in blocks],
    }
