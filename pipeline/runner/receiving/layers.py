"""Each kind of layer, from its opened records to its received table (各图层入库)."""

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.errors import Finding
from pipeline.geometry.gaps import gaps
from pipeline.io.settings import ApprovalLayer, ConstraintLayer
from pipeline.rules.land_classes import CodeSystem
from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.layer import Layer
from pipeline.runner.receiving.personal import blotted
from pipeline.runner.receiving.stated import check_stated_areas
from pipeline.terms import SPLIT_PARENT
from pipeline.units import m2_text

# The first and the last day that each record's date may be.
Days = tuple[list[date | None], list[date | None]]
_SHORT_CLASS = 3


def changes(layer: Layer) -> tuple[gpd.GeoDataFrame, list[str | None]]:
    """Return the change polygons, and the township that each record states."""
    columns = layer.columns
    ids = layer.key("change_id")
    stated, bad = _optional_numbers(layer, "stated_area_m2")
    for row in sorted(bad):
        layer.columns.note(
            columns.name(row), "not-a-number", "监测面积不是数字(not a number),按没有填写处理"
        )
    layer.gate([value if value is not None and value > 0 else None for value in stated])
    layer.refuse_duplicates(ids, "change_id")
    check_stated_areas(layer, stated)
    townships = _optional(layer, "township_code")
    _mend_townships(layer, townships)
    before = (
        read.dates(columns, "before_date") if "before_date" in columns.frame else _blank(layer)
    )
    after = read.dates(columns, "after_date")
    _note_dates(layer, before, after)
    _exclude_parents(layer, ids)
    table = layer.table(
        change_id=ids,
        change_type=_optional(layer, "change_type"),
        before_earliest=before[0],
        before_latest=before[1],
        after_earliest=after[0],
        after_latest=after[1],
        stated_area_m2=stated,
        stated_township_code=townships,
        management_code=_optional(layer, "management_code"),
    )
    return table, townships


def townships(layer: Layer) -> gpd.GeoDataFrame:
    """Return the townships; several records of one code are one township (飞地)."""
    codes = layer.key("township_code")
    names = read.names(layer.columns, "township_name")
    layer.gate()
    table = layer.table(township_code=codes, township_name=names)
    merged = []
    for code, parts in table.groupby("township_code", sort=True):
        named = sorted(set(parts["township_name"].dropna()))
        if len(named) > 1:
            what = f"乡镇代码 {code} 有几个名称:{'、'.join(named)},取第一个"
            layer.columns.note(str(code), "township-names", what, "改正名称或代码")
        shape = (
            parts.geometry.iloc[0]
            if len(parts) == 1
            else shapely.union_all(parts.geometry.to_numpy())
        )
        merged.append((code, named[0] if named else None, shape))
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
    inexact: dict[str, str] = {}
    for row, found in enumerate(classes):
        if found is None:
            what = f"地类编码 {written[row] or '(空)'} 不在编码表 {codes.name} 里(unknown land class)"
            layer.quarantine(
                row, "unknown-land-class", what, "改正地类编码,或换编码体系 code_system"
            )
        elif not found.exact and written[row] is not None:
            inexact.setdefault(str(written[row]), f"{found.code}({found.name})")
        value = coefficients[row]
        if row in bad or (value is not None and not 0 <= value < 1):
            what = f"田坎系数 {columns.frame['ridge_coefficient'].iloc[row]} 不在 0 与 1 之间或不是数(not a number)"
            layer.quarantine(row, "bad-ridge-coefficient", what, "改正系数")
        elif as_read[row] != written[row]:
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
    layer.gate()
    return layer.table()


def plan_zones(layer: Layer) -> gpd.GeoDataFrame:
    """Return the plan zones; a record without a zone is quarantined."""
    zones = layer.key("zone")
    layer.gate()
    return layer.table(zone=zones)


def approvals(layer: Layer, section: ApprovalLayer) -> gpd.GeoDataFrame:
    """Return the approvals of one layer; one handed in twice counts once."""
    columns = layer.columns
    numbers = layer.key("approval_no")
    layer.gate()
    approved = read.dates(columns, "approved_on")
    starts = (
        read.dates(columns, "valid_from") if "valid_from" in columns.frame else _blank(layer)
    )
    ends = (
        read.dates(columns, "valid_until") if "valid_until" in columns.frame else _blank(layer)
    )
    for row in layer.rows:
        if (
            approved[0][row] is None
            and read.text(columns.frame["approved_on"].iloc[row]) is None
        ):
            what = "没有批准日期(date),由它决定的地块存疑"
            columns.note(columns.name(row), "no-date", what, "补上批准日期")
        if _later(starts[0][row], ends[1][row]):
            columns.note(
                columns.name(row),
                "validity-reversed",
                "有效期起晚于有效期止",
                "核对有效期",
            )
    _note_twice(layer, numbers)
    return layer.table(
        approval_kind=[section.kind.value] * len(numbers),
        approval_no=numbers,
        approved_earliest=approved[0],
        approved_latest=approved[1],
        valid_from_earliest=starts[0],
        valid_from_latest=starts[1],
        valid_until_earliest=ends[0],
        valid_until_latest=ends[1],
        holder=_words(layer, "holder"),
        land_use_purpose=_words(layer, "land_use_purpose"),
    )


def constraints(layer: Layer, section: ConstraintLayer) -> gpd.GeoDataFrame:
    """Return the shapes of a layer that is measured against and cuts nothing."""
    layer.gate()
    return layer.table(constraint_name=[section.name] * len(layer.status))


def _note_twice(layer: Layer, numbers: Sequence[str | None]) -> None:
    """Leave out records that repeat another one in shape and number."""
    first: dict[tuple[object, ...], int] = {}
    shapes = shapely.to_wkb(shapely.normalize(layer.geometry))
    fields = layer.columns.frame.astype(str).to_numpy()
    for row in layer.rows:
        same = first.setdefault((numbers[row], shapes[row], *fields[row]), row)
        if same != row:
            what = "与另一条记录的文号、日期和图形都相同(重复 duplicate),只计一次"
            layer.exclude(row, "duplicate", what, "删去重复的记录")


def _exclude_parents(layer: Layer, ids: Sequence[str | None]) -> None:
    """A polygon that was split is not counted: its parts are."""
    parents = _optional(layer, "parent_id")
    states = _optional(layer, "split_state")
    named = {parents[row] for row in layer.rows if parents[row]}
    for row in layer.rows:
        if ids[row] in named or states[row] == SPLIT_PARENT:
            what = "已被拆分,由子图斑计,本条不计"
            layer.exclude(row, "split-parent", what)
    known = {ids[row] for row in range(len(ids))}
    for row in layer.rows:
        if parents[row] and parents[row] not in known:
            what = f"父图斑 {parents[row]} 不在图层里"
            layer.columns.note(
                layer.columns.name(row), "parent-missing", what, "核对父图斑编号"
            )


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
        if _later(before[0][row], after[1][row]):
            columns.note(name, "dates-reversed", "前时相晚于后时相(date)", "核对两个时相")


def _optional(layer: Layer, column: str) -> list[str | None]:
    if column not in layer.columns.frame:
        return [None] * len(layer.status)
    return read.codes(layer.columns, column)


def _words(layer: Layer, column: str) -> list[str | None]:
    """Return a column of names or uses, without numbers of persons that stand in it."""
    return blotted(layer.columns, column, _optional(layer, column))


def _optional_numbers(layer: Layer, column: str) -> tuple[list[float | None], set[int]]:
    if column not in layer.columns.frame:
        return [None] * len(layer.status), set()
    return read.numbers(layer.columns, column)


def _blank(layer: Layer) -> Days:
    return [None] * len(layer.status), [None] * len(layer.status)


def _zero_put_back(value: str | None) -> str | None:
    """Return a class code with the zero that a number column lost: 101 → 0101."""
    return "0" + value if value and value.isdigit() and len(value) == _SHORT_CLASS else value


def _later(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one > other
