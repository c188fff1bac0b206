"""Each kind of layer, from its opened records to its received table (各图层入库)."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.errors import Finding, refusal
from pipeline.geometry.gaps import gaps
from pipeline.geometry.spikes import spikes
from pipeline.io.settings import ConstraintLayer
from pipeline.rules.land_classes import CodeSystem
from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.layer import Days, Layer, later
from pipeline.runner.receiving.splitting import exclude_parents
from pipeline.runner.receiving.stated import check_ridge_coefficients, check_stated_areas
from pipeline.units import m2_text

_SHORT_CLASS = 3
_LEAST_M2 = 1.0  # less is how borders are rounded


def changes(layer: Layer) -> tuple[gpd.GeoDataFrame, list[str | None]]:
    """Return the change polygons, and the township that each record states."""
    columns = layer.columns
    ids = layer.key("change_id")
    stated, bad = _optional_numbers(layer, "stated_area_m2")
    for row in sorted(bad):
        said = columns.frame["stated_area_m2"].iloc[row]
        what = f"监测面积 {said} 不是数字(not a number),按没有填写处理"
        columns.note(columns.name(row), "not-a-number", what, "改正或留空")
    layer.gate([value if value is not None and value > 0 else None for value in stated])
    layer.refuse_duplicates(ids, "change_id")
    check_stated_areas(layer, stated)
    _note_spikes(layer)
    townships = layer.optional_codes("township_code")
    _mend_townships(layer, townships)
    types = layer.optional_codes("change_type")
    for row in layer.rows:
        if types[row] is None and "change_type" in columns.frame:
            what = "没有图斑类型(change type),按新增建设用地看"
            columns.note(columns.name(row), "no-change-type", what, "补上图斑类型")
    before = layer.optional_days("before_date")
    after = read.dates(columns, "after_date")
    _note_dates(layer, before, after)
    exclude_parents(layer, ids)
    table = layer.table(
        change_id=ids,
        change_type=types,
        before_earliest=before[0],
        before_latest=before[1],
        after_earliest=after[0],
        after_latest=after[1],
        stated_area_m2=stated,
        stated_township_code=townships,
        management_code=layer.optional_codes("management_code"),
    )
    return table, townships


def townships(layer: Layer) -> gpd.GeoDataFrame:
    """Return the townships; several records of one code are one township (飞地)."""
    codes = layer.key("township_code")
    names = read.names(layer.columns, "township_name")
    layer.gate()
    layer.exclude_repeats()
    table = layer.table(township_code=codes, township_name=names)
    merged = []
    for code, parts in table.groupby("township_code", sort=True):
        named = sorted(set(parts["township_name"].dropna()))
        if len(named) > 1:
            what = f"乡镇代码 {code} 有几个名称:{'、'.join(named)}(重复 duplicate),说不清是哪个乡镇"
            fix = "改正其中的代码;真是同一个乡镇的,名称写成一样"
            layer.findings.append(refusal(layer.name, str(code), "township-names", what, fix))
        shape = (
            parts.geometry.iloc[0]
            if len(parts) == 1
            else shapely.union_all(parts.geometry.to_numpy())
        )
        merged.append((code, named[0] if named else None, shape))
        twice = float(parts.geometry.area.sum() - shape.area)
        if twice >= _LEAST_M2:
            what = f"乡镇 {code} 的 {len(parts)} 条记录互相重叠(overlap){m2_text(twice)} ㎡,只算一次"
            layer.findings.append(
                Finding(layer.name, str(code), "overlap", "noted", what, "改正界线", twice)
            )
    _note_names(layer, merged)
    _note_gaps(layer, merged)
    return gpd.GeoDataFrame(
        pd.DataFrame(
            {
                "township_code": [row[0] for row in merged],
                "township_name": [row[1] for row in merged],
            }
        ),
        geometry=[row[2] for row in merged],
        crs=layer.place.working,
    )


def _note_names(layer: Layer, merged: Sequence[tuple[str, str | None, object]]) -> None:
    """Say which townships have no name, and which share theirs."""
    of_name: dict[str | None, list[str]] = {}
    for code, name, _ in merged:
        of_name.setdefault(name, []).append(str(code))
    for name, codes in of_name.items():
        if name is None:
            for code in codes:
                layer.columns.note(code, "no-name", "没有乡镇名称(name)", "补上名称")
        elif len(codes) > 1:
            what = f"{len(codes)} 个乡镇代码都叫 {name}(name):{'、'.join(codes)},各算各的"
            layer.columns.note("、".join(codes), "shared-name", what, "核对名称和代码")


def _note_gaps(layer: Layer, merged: Sequence[tuple[str, str | None, object]]) -> None:
    shapes = np.array([shape for _, _, shape in merged], dtype=object)
    for met, area in gaps(shapes):
        names = "、".join(str(merged[place][0]) for place in met)
        what = f"乡镇 {names} 的界线之间有缝(gap),共 {m2_text(area)} ㎡,不属于任何乡镇"
        fix = "核对乡镇界线;缝里的图斑部分不计入任何乡镇"
        layer.findings.append(
            Finding(layer.name, names, "township-gap", "noted", what, fix, area)
        )


def land_use(layer: Layer, codes: CodeSystem) -> gpd.GeoDataFrame:
    """Return the parcels; unknown classes and impossible coefficients are quarantined."""
    columns = layer.columns
    ids = layer.key("parcel_id")
    layer.gate()
    layer.refuse_duplicates(ids, "parcel_id")
    as_read = read.codes(columns, "land_class")
    written = [_zero_put_back(value) for value in as_read]
    class_of = {value: codes.classify(value) for value in set(written)}
    classes = [class_of[value] for value in written]
    coefficients, bad = _optional_numbers(layer, "ridge_coefficient")
    if "ridge_coefficient" in columns.frame:
        check_ridge_coefficients(layer, coefficients)
    inexact: dict[str, str] = {}
    for row, found in enumerate(classes):
        if found is None:
            what = f"地类编码 {as_read[row] or '(空)'} 不在编码表 {codes.name} 里(unknown land class)"
            layer.quarantine(
                row, "unknown-land-class", what, "改正地类编码,或换编码体系 code_system"
            )
        elif not found.exact and written[row] is not None:
            inexact.setdefault(str(written[row]), f"{found.code}({found.name})")
        value = coefficients[row]
        if row in bad or (value is not None and not 0 <= value < 1):
            what = f"田坎系数 {columns.frame['ridge_coefficient'].iloc[row]} 不在 0 与 1 之间或不是数(not a number)"
            layer.quarantine(row, "bad-ridge-coefficient", what, "改正系数")
        elif found is not None and as_read[row] != written[row]:
            what = f"地类编码补上了前面的 0:{written[row]}"
            columns.mend(columns.name(row), "zero-put-back", what)
    for code, taken in sorted(inexact.items()):
        columns.note(code, "land-class-suffix", f"地类编码 {code} 按 {taken} 处理", "核对编码")
    return layer.table(
        parcel_id=ids,
        land_class=written,
        land_group=[found.group if found else None for found in classes],
        is_farmland=[bool(found and found.is_farmland) for found in classes],
        ridge_coefficient=[value or 0.0 for value in coefficients],
    )


def permanent_farmland(layer: Layer) -> gpd.GeoDataFrame:
    """Return the permanent farmland: shapes only."""
    layer.name_by_key([None] * len(layer.status))
    layer.gate()
    layer.exclude_repeats()
    return layer.table()


def plan_zones(layer: Layer) -> gpd.GeoDataFrame:
    """Return the plan zones; a record without a zone is quarantined."""
    zones = layer.key("zone")
    layer.gate()
    layer.exclude_repeats()
    return layer.table(zone=zones)


def constraints(layer: Layer, section: ConstraintLayer) -> gpd.GeoDataFrame:
    """Return the shapes of a layer that is measured against and cuts nothing."""
    layer.name_by_key([None] * len(layer.status))
    layer.gate()
    layer.exclude_repeats()
    return layer.table(constraint_name=[section.name] * len(layer.status))


def _note_spikes(layer: Layer) -> None:
    rows = layer.rows
    for spike in spikes(layer.geometry[rows]):
        what = (
            f"图形有极窄的尖角(spike),尖端 ({spike.x:.2f}, {spike.y:.2f}),长 {spike.length_m:.2f} 米;"
            "面积照计,可能压到不相干的地"
        )
        name = layer.columns.name(rows[spike.shape])
        layer.columns.note(name, "spike", what, "在源数据中删去尖角")


def _mend_townships(layer: Layer, stated: Sequence[str | None]) -> None:
    """Say where a township code is missing beside others that are there."""
    if not any(stated):
        return
    for row in layer.rows:
        if stated[row] is None:
            what = "没有填报乡镇代码(township),按图形所在的乡镇"
            layer.columns.mend(
                layer.columns.name(row), "township-from-geometry", what, "补上乡镇代码"
            )


def _note_dates(layer: Layer, before: Days, after: Days) -> None:
    columns = layer.columns
    for row in layer.rows:
        name = columns.name(row)
        if after[0][row] is None and read.text(columns.frame["after_date"].iloc[row]) is None:
            columns.note(
                name, "no-date", "没有后时相日期(date),与批准日期无法比较", "补上后时相"
            )
        if later(before[0][row], after[1][row]):
            columns.note(name, "dates-reversed", "前时相晚于后时相(date)", "核对两个时相")


def _optional_numbers(layer: Layer, column: str) -> tuple[list[float | None], set[int]]:
    if column not in layer.columns.frame:
        return [None] * len(layer.status), set()
    return read.numbers(layer.columns, column)


def _zero_put_back(value: str | None) -> str | None:
    """Return a class code with the zero that a number column lost: 101 → 0101."""
    return "0" + value if value and value.isdigit() and len(value) == _SHORT_CLASS else value
