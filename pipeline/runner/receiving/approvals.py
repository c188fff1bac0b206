"""Approvals (批准用地), from their opened records to the received table, and what is odd in them."""

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.errors import Finding
from pipeline.io.settings import ApprovalLayer
from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.layer import Days, Layer, later
from pipeline.runner.receiving.personal import blotted
from pipeline.runner.receiving.placing import Place
from pipeline.schema.dates import ANY_DAY, is_open_end

_APPROVED = ["approved_earliest", "approved_latest"]


def approvals(layer: Layer, section: ApprovalLayer) -> gpd.GeoDataFrame:
    """Return the approvals of one layer; one handed in twice counts once."""
    columns = layer.columns
    numbers = layer.key("approval_no")
    layer.gate()
    approved = read.dates(columns, "approved_on")
    starts, ends = _term(layer, "valid_from"), _term(layer, "valid_until")
    for row in layer.rows:
        if (
            approved[0][row] is None
            and read.text(columns.frame["approved_on"].iloc[row]) is None
        ):
            what = "没有批准日期(date),由它决定的地块存疑"
            columns.note(columns.name(row), "no-date", what, "补上批准日期")
        for first, word in ((starts[0], "有效期起"), (approved[0], "批准日期")):
            if later(first[row], ends[1][row]):
                what = f"{word} {first[row]} 晚于有效期止 {ends[1][row]}(date)"
                columns.note(columns.name(row), "validity-reversed", what, "核对这两个日期")
    _exclude_twice(layer, numbers)
    _note_far_away(layer)
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


def alike(approvals: gpd.GeoDataFrame, place: Place) -> Iterator[Finding]:
    """Yield notes on approvals of one kind on the very same ground, or of one number and two days.

    Over all the files of a kind: what one delivery has, another may have again.
    """
    for _, kind in approvals.groupby("approval_kind", sort=True):
        yield from _same_ground(kind, place)
        yield from _two_days(kind)


def _same_ground(kind: gpd.GeoDataFrame, place: Place) -> Iterator[Finding]:
    boxes = pd.DataFrame(shapely.bounds(kind.geometry.to_numpy()))
    suspects = kind[boxes.duplicated(keep=False).to_numpy()]
    shapes = shapely.to_wkb(shapely.normalize(suspects.geometry.to_numpy()))
    for _, rows in suspects.assign(shape=shapes).groupby("shape", sort=False):
        if len(rows) == 1:
            continue
        first, *others = sorted(rows["approval_no"])
        area = float(place.measure(np.asarray(rows.geometry.iloc[:1], dtype=object))[0])
        for other in others:
            differ = "文号不同" if other != first else "日期或其他内容不同"
            what = f"与批文 {first} 的图形完全相同(重复 duplicate),{differ};同一块地只计一次"
            fix = "核对是不是同一批文报了两次"
            yield Finding("approvals", other, "duplicate-shape", "noted", what, fix, area)


def _two_days(kind: gpd.GeoDataFrame) -> Iterator[Finding]:
    known = kind.dropna(subset=_APPROVED)[["approval_no", *_APPROVED]].drop_duplicates()
    for number, rows in known[known.duplicated("approval_no", keep=False)].groupby(
        "approval_no", sort=True
    ):
        days = "、".join(sorted({str(day) for day in rows["approved_earliest"]}))
        what = f"一个文号有 {len(rows)} 个批准日期(date):{days};各按各的日期比较"
        yield Finding("approvals", str(number), "several-dates", "noted", what, "核对批准日期")


def _term(layer: Layer, column: str) -> Days:
    """Return the days of a bound of the term (有效期), nulls where there is none.

    One that is stated and cannot be read may be any day. Taken for none it would mean that the
    term never ends: a permit that ran out would excuse whatever stands there today.
    """
    if column not in layer.columns.frame:
        return layer.optional_days(column)
    columns = layer.columns
    written = columns.frame[column]
    endless = [row for row, value in enumerate(written) if is_open_end(value)]
    for row in endless:
        what = f"{column} 写的是 {read.text(written.iloc[row])},按没有期限处理"
        columns.note(columns.name(row), "open-ended", what)
    told = "那天不知道,由它决定的地块存疑"
    return read.dates(columns, column, unreadable=(ANY_DAY, told), blank=endless)


def _note_far_away(layer: Layer) -> None:
    """Note approvals that lie beyond the box of all townships: none of their ground is used."""
    if layer.place.near is None:
        return
    x0, y0, x1, y1 = layer.place.near
    left, low, right, high = shapely.bounds(layer.geometry).T
    for row in np.flatnonzero((left > x1) | (right < x0) | (low > y1) | (high < y0)).tolist():
        if layer.counted[row]:
            what = "批准范围在所有乡镇的范围之外(outside),用不上"
            fix = "核对它的坐标系、带号和位置"
            area = float(layer.units[row]) / 10_000
            layer.findings.append(
                Finding(
                    layer.name, layer.columns.name(row), "far-away", "noted", what, fix, area
                )
            )


def _exclude_twice(layer: Layer, numbers: Sequence[str | None]) -> None:
    """Leave out records that repeat another one in shape and number."""
    first: dict[tuple[object, ...], int] = {}
    shapes = shapely.to_wkb(shapely.normalize(layer.geometry))
    fields = layer.columns.frame.astype(str).to_numpy()
    for row in layer.rows:
        same = first.setdefault((numbers[row], shapes[row], *fields[row]), row)
        if same != row:
            what = "与另一条记录的文号、日期和图形都相同(重复 duplicate),只计一次"
            layer.exclude(row, "duplicate", what, "删去重复的记录")


def _words(layer: Layer, column: str) -> list[str | None]:
    """Return a column of names or uses, without numbers of persons that stand in it."""
    return blotted(layer.columns, column, layer.optional_codes(column))
