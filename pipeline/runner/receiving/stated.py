"""Numbers in another unit than the column's refuse the layer (单位核对); differences are noted."""

from collections.abc import Sequence

from pipeline.errors import refusal
from pipeline.runner.receiving.layer import Layer
from pipeline.units import half_up

# A stated area may differ from the geometry by this much before it is worth a word.
_TOLERANCE = 0.01
_LEAST_M2 = 1.0
# What one m² is in other units: an area column whose records cluster there has another unit.
_CLUSTER, _SHARE = 0.05, 0.2
_PER_CENT, _HUNDRED = {"%", "\uff05"}, 100
_UNITS = {"亩(mu)": 0.0015, "公顷(ha)": 0.0001}


def check_ridge_coefficients(layer: Layer, coefficients: Sequence[float | None]) -> None:
    """Refuse ridge coefficients given in per cent: each alone would only lose its parcel."""
    written = layer.columns.frame["ridge_coefficient"].tolist()
    has_sign = [isinstance(one, str) and one.strip()[-1:] in _PER_CENT for one in written]
    given = [row for row in layer.rows if coefficients[row] or has_sign[row]]
    in_per_cent = [
        row for row in given if has_sign[row] or 1 < (coefficients[row] or 0) < _HUNDRED
    ]
    if len(in_per_cent) >= max(2, _SHARE * len(given)):
        first = in_per_cent[0]
        what = (
            f"{layer.file} 的田坎系数(ridge coefficient)有 {len(in_per_cent)} 条像是百分数(unit %),"
            f"例如 {layer.columns.name(first)} 的 {written[first]}"
        )
        fix = "统一换算成 0 与 1 之间的小数(12.5% 写 0.125)后重新提供"
        layer.findings.append(refusal(layer.name, layer.file, "ridge-unit", what, fix))


def check_stated_areas(layer: Layer, stated: Sequence[float | None]) -> None:
    """Refuse areas given in another unit; note each one that differs by over 1 %."""
    rows = [row for row in layer.rows if stated[row] is not None and layer.units[row] > 0]
    ratios = {row: float(stated[row] or 0) / (layer.units[row] / 10_000) for row in rows}
    for unit, size in _UNITS.items():
        in_unit = [row for row in rows if abs(ratios[row] / size - 1) < _CLUSTER]
        if len(in_unit) >= max(2, _SHARE * len(rows)):
            field = layer.columns.frame["stated_area_m2"].name
            what = (
                f"{layer.file} 的监测面积(字段 {field},area)有 {len(in_unit)} 条像是以{unit}为单位(unit),"
                f"例如 {layer.columns.name(in_unit[0])}"
            )
            fix = "统一换算成平方米后重新提供"
            layer.findings.append(refusal(layer.name, layer.file, "area-unit", what, fix))
            return
    for row in rows:
        used = layer.units[row] / 10_000
        given = float(stated[row] or 0)
        if abs(given - used) > max(_TOLERANCE * used, _LEAST_M2):
            what = (
                f"填报面积 {half_up(given)} ㎡ 与图形面积 {half_up(used)} ㎡ 相差 "
                f"{half_up(100 * (given - used) / used)}%,以图形为准"
            )
            layer.columns.note(layer.columns.name(row), "stated-area", what, "核对面积或图形")
