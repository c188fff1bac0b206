"""The gate (图形检查) that every shape passes before it counts.

A valid polygon passes. An invalid one is repaired only where nobody can argue about what it
covers: both ways of repairing (by linework, by structure), and the area that the record states
where it states one, agree within 1 %. Otherwise the record is quarantined with the areas.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from pipeline.errors import Severity
from pipeline.geometry.polygonal import polygonal
from pipeline.geometry.sweep.moments import Shapes
from pipeline.geometry.sweep.simple import surely_simple
from pipeline.units import m2_text

_AGREEMENT = 0.01
# No metre of any projection lies farther from its origin.
_FARTHEST_M = 1e8


@dataclass(frozen=True)
class Gated:
    """What became of one shape: itself, repaired, or none; areas are plane m².

    ``code`` is empty where there is nothing to say; ``severity`` is then None.
    """

    geometry: Polygon | MultiPolygon | None
    code: str = ""
    severity: Severity | None = None
    note: str = ""
    remedy: str = ""
    area_before_m2: float | None = None
    area_after_m2: float | None = None


def on_earth(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell of each row of working coordinates whether it can be a place at all."""
    return np.asarray((np.abs(coordinates) < _FARTHEST_M).all(axis=1), dtype=bool)


def are_valid(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Tell of each polygon whether it is valid (图形有效), as the standard says it."""
    valid = surely_simple(shapes)
    doubtful = ~valid
    valid[doubtful] = shapely.is_valid(shapes[doubtful])
    return valid


def gate(geometry: BaseGeometry | None, stated_area_m2: float | None = None) -> Gated:
    """Pass, repair or quarantine one shape in the working CRS."""
    if geometry is None:
        return _out("null-geometry", "没有图形(null geometry)")
    refused = _not_a_polygon(geometry)
    if refused is not None:
        return refused
    flat = shapely.force_2d(geometry)
    coordinates = shapely.get_coordinates(flat)
    if not np.isfinite(coordinates).all():
        return _out("non-finite", "坐标不是有限的数(non-finite:NaN 或无穷)")
    if not on_earth(coordinates).all():
        far = np.abs(coordinates).max()
        return _out("off-earth", f"坐标 {far:.3g} 不在地球上(off earth)")
    if shapely.is_valid(flat):
        return _valid(flat)
    return _invalid(flat, stated_area_m2)


def nowhere(geometry: BaseGeometry) -> Gated:
    """Quarantine a shape whose coordinates the working CRS does not lead back to the earth."""
    x0, y0, x1, y1 = shapely.bounds(geometry)
    return _out(
        "off-earth",
        f"坐标 X {x0:.0f}–{x1:.0f},Y {y0:.0f}–{y1:.0f} 在工作坐标系里没有位置(off earth),"
        "可能多了带号(zone)或 X、Y 颠倒",
    )


def _not_a_polygon(geometry: BaseGeometry) -> Gated | None:
    kind = geometry.geom_type
    if geometry.is_empty:
        return _out("empty-geometry", f"图形是空的(empty geometry,{kind})")
    if kind == "GeometryCollection":
        return _out(
            "geometry-collection", "几何类型(geometry type)是集合 GeometryCollection,应为面"
        )
    if kind not in {"Polygon", "MultiPolygon"}:
        return _out("geometry-type", f"几何类型(geometry type)是 {kind},应为面(Polygon)")
    return None


def _valid(flat: BaseGeometry) -> Gated:
    area = float(flat.area)
    return Gated(flat) if area else _out("zero-area", "面积为 0(zero area)", area)


def _invalid(flat: BaseGeometry, stated_area_m2: float | None) -> Gated:
    reason = re.sub(r"\[.*", "", shapely.is_valid_reason(flat)).strip()
    code = "invalid:" + re.sub(r"[^a-z0-9]+", "-", reason.lower()).strip("-")
    before = float(flat.area)
    linework = polygonal(shapely.make_valid(flat))
    structure = polygonal(shapely.make_valid(flat, method="structure", keep_collapsed=False))
    after = float(structure.area)
    areas = (
        f"原 {m2_text(before)} ㎡,按线修复 {m2_text(linework.area)} ㎡,"
        f"按面修复 {m2_text(after)} ㎡"
    )
    known = stated_area_m2 is not None and np.isfinite(stated_area_m2) and stated_area_m2 > 0
    if known:
        areas += f",填报 {m2_text(float(stated_area_m2 or 0))} ㎡"
    text = f"图形无效({code},{reason}):{areas}"
    if after == 0 and linework.area == 0:
        return _out("zero-area", "面积为 0(zero area)", before)
    if after == 0 or not _agreed(
        before, linework.area, after, stated_area_m2 if known else None
    ):
        return _out(code, text + ";不能确定是哪一块地", before)
    valid = structure if isinstance(structure, Polygon | MultiPolygon) else None
    return Gated(valid, code, "repaired", text, "请核对修复后的图形", before, after)


def _agreed(before: float, linework: float, structure: float, stated: float | None) -> bool:
    """Tell whether all areas mean the same ground.

    Without a stated area a shape that repair makes larger is not taken either: a bow-tie, whose
    two triangles cancel, most likely has two vertices in the wrong order.
    """
    low, high = sorted((linework, structure))
    if high - low > _AGREEMENT * high:
        return False
    if stated is None:
        return before >= (1 - _AGREEMENT) * structure
    return abs(stated - structure) <= _AGREEMENT * max(stated, structure)


def _out(code: str, note: str, area: float | None = None) -> Gated:
    return Gated(None, code, "quarantined", note, "请在源数据中改正后重新运行", area)
