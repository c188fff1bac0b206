"""What was handed in twice (重复提供): the same shape, number or layer between deliveries."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.survey import Shapes
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.shapes import together
from pipeline.stages.examine.telling import kind_label, named, noted
from pipeline.units import m2_text

_MILLIMETRES = 3
_SEVERAL = 3
_NUMBER = ["approval_kind", "approval_no"]


def same_changes(handed: Handed) -> Iterator[Observation]:
    """Yield changes with the same outline under several numbers."""
    yield from _same_shape(
        handed, handed.tables.get("changes"), "changes", "change_id", "变化图斑"
    )


def same_approvals(handed: Handed) -> Iterator[Observation]:
    """Yield approvals of one kind with the same outline in several deliveries.

    Within one delivery they are told when it is received.
    """
    given = [one.table.assign(delivery=n) for n, one in enumerate(handed.of("approvals"))]
    if not given:
        return
    for kind, rows in pd.concat(given, ignore_index=True).groupby("approval_kind", sort=True):
        label = kind_label(kind)
        yield from _same_shape(handed, rows, "approvals", "approval_no", label)


def _same_shape(
    handed: Handed, table: gpd.GeoDataFrame | None, layer: str, key: str, label: str
) -> Iterator[Observation]:
    if table is None:
        return
    shapes = table.geometry.to_numpy()
    frame = pd.DataFrame({"shape": _marks(shapes), "key": table[key].to_numpy(dtype=str)})
    frame["delivery"] = table["delivery"].to_numpy() if "delivery" in table else frame.index
    repeated = frame[frame.duplicated("shape", keep=False)]
    for _, rows in repeated.groupby("shape", sort=False):
        keys = sorted(set(rows["key"]))
        if len(keys) < 2 or rows["delivery"].nunique() < 2:  # noqa: PLR2004
            continue
        shape = shapes[rows.index[0]]
        area = float(handed.measure([shape])[0])
        what = (
            f"{label} {named(keys)} 的图形完全相同(重复 duplicate),"
            f"各 {m2_text(area)} ㎡;同一块地只计一次"
        )
        fix = "核对是不是同一条记录改了编号;是就删去一条"
        yield Observation(
            noted(layer, "、".join(keys[:_SEVERAL]), "same-shape", what, fix, area), shape
        )


def same_number(handed: Handed) -> Iterator[Observation]:
    """Yield approvals whose number came in two deliveries of a kind, as one shape or two."""
    given = handed.of("approvals")
    rows = [one.table[_NUMBER].assign(delivery=n) for n, one in enumerate(given)]
    if not rows:
        return
    times = pd.concat(rows).drop_duplicates()
    again = times[times.duplicated(_NUMBER, keep=False)].groupby(_NUMBER, sort=True)
    for (kind, number), places in again:
        yield _same_number(
            handed, str(kind), str(number), [given[n] for n in places["delivery"]]
        )


def _same_number(handed: Handed, kind: str, number: str, given: list[Delivery]) -> Observation:
    blocks = [
        one.table.geometry[
            (one.table["approval_kind"] == kind) & (one.table["approval_no"] == number)
        ].to_numpy()
        for one in given
    ]
    first, *others = (set(_marks(shapes)) for shapes in blocks)
    is_same = all(marks == first for marks in others)
    files = "、".join(sorted({one.file for one in given}))
    how = "图形相同(重复 duplicate),只计一次" if is_same else "图形不同,各按各的图形计"
    what = f"{kind_label(kind)} {number} 在 {len(given)} 处提供({files}),{how}"
    fix = "删去重复提供的一份" if is_same else "只保留最后批准的一份"
    code = "given-twice" if is_same else "number-two-shapes"
    area = float(sum(handed.measure(shapes).sum() for shapes in blocks[1:]))
    return Observation(
        noted("approvals", number, code, what, fix, area), together(np.concatenate(blocks))
    )


def same_layer(handed: Handed) -> Iterator[Observation]:
    """Yield pairs of deliveries that hold the very same shapes: one file given for two."""
    for one, other in combinations(handed.deliveries, 2):
        shapes, others = one.table.geometry.to_numpy(), other.table.geometry.to_numpy()
        alike = len(shapes) == len(others) >= _SEVERAL and np.allclose(
            shapely.total_bounds(shapes), shapely.total_bounds(others), atol=0.01
        )
        if not alike or sorted(_marks(shapes)) != sorted(_marks(others)):
            continue
        what = (
            f"{_called(one)} 与 {_called(other)} 的 {len(shapes)} 个图形全部相同"
            "(重复 duplicate):像是同一份数据给了两次"
        )
        fix = "核对配置里两处的 path,换成各自的文件"
        area = float(other.area_m2[other.is_counted].sum())
        yield Observation(noted(other.layer, other.file, "same-layer", what, fix, area))


def _called(delivery: Delivery) -> str:
    kinds = delivery.table.get("approval_kind")
    label = kind_label(kinds.iloc[0]) if kinds is not None and len(kinds) else ""
    return f"{label or delivery.layer}({delivery.file})"


def _marks(shapes: Shapes) -> list[Any]:
    """Return of each shape what tells it from others: its corners to the millimetre."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _MILLIMETRES) + 0.0)
    return list(shapely.to_wkb(shapely.normalize(rounded)))
