"""Where do the changes lie (图斑的位置): outside the townships, over each other, elsewhere than said."""

from collections.abc import Iterator

import numpy as np
import shapely

from pipeline.geometry.survey import Shapes, Surveyed
from pipeline.geometry.sweep.rings import Floats, Indices
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.shapes import overlap_shape, polygons
from pipeline.stages.examine.telling import LEAST_M2, noted
from pipeline.units import m2_text


def overlaps(handed: Handed, survey: Surveyed) -> Iterator[Observation]:
    """Yield the pairs of changes on the same ground."""
    if "changes" not in survey.names:
        return
    changes = handed.tables["changes"]
    ids, shapes = changes["change_id"].to_numpy(dtype=str), changes.geometry.to_numpy()
    for one, other, area in zip(*survey.overlaps("changes"), strict=True):
        if area <= LEAST_M2 or shapes[one].equals(shapes[other]):  # told as the same shape
            continue
        first, second = sorted((ids[one], ids[other]))
        what = (
            f"图斑 {first} 与 {second} 重叠(overlap){m2_text(float(area))} ㎡,"
            "计入后时相早的一个,同日的计入编号小的"
        )
        told = noted(
            "changes", f"{first}、{second}", "changes-overlap", what,
            "不应重叠的请改正图形", float(area),
        )  # fmt: skip
        yield Observation(
            told, overlap_shape(shapes[one], shapes[other]), (shapes[one], shapes[other])
        )


def towns(handed: Handed) -> Iterator[Observation]:
    """Yield changes that leave the townships, and those that lie in another than they state."""
    changes, townships = handed.tables.get("changes"), handed.tables["townships"]
    if changes is None:
        return
    shapes = changes.geometry.to_numpy()
    row, land, area = _shared(shapes, townships.geometry.to_numpy())
    inside, size = np.bincount(row, area, len(shapes)), shapely.area(shapes)
    for number in np.flatnonzero(size - inside > np.maximum(LEAST_M2, 1e-6 * size)).tolist():
        yield _outside(handed, number, is_whole=bool(inside[number] <= LEAST_M2))
    codes = townships["township_code"].to_numpy(dtype=str)
    known = set(codes.tolist())
    lying_in: dict[int, set[str]] = {}
    for number, town in zip(row[area > LEAST_M2].tolist(), land[area > LEAST_M2], strict=True):
        lying_in.setdefault(number, set()).add(codes[town])
    stated = changes["stated_township_code"].to_numpy(dtype=object)
    for number, here in lying_in.items():
        if stated[number] in known and stated[number] not in here:
            places = "、".join(sorted(here))
            what = f"填报的乡镇代码是 {stated[number]},图形在 {places}(township),以图形为准"
            told = noted(
                "changes", changes["change_id"].iloc[number], "township-disagrees", what,
                "核对乡镇代码",
            )  # fmt: skip
            yield Observation(told, shapes[number])


def _shared(shapes: Shapes, lands: Shapes) -> tuple[Indices, Indices, Floats]:
    """Return which shapes meet which townships, and the plane m² they share."""
    shapely.prepare(lands)
    land, row = shapely.STRtree(shapes).query(lands, predicate="intersects")
    area = shapely.area(shapes[row])
    cut = ~shapely.covers(lands[land], shapes[row])  # most lie within one
    area[cut] = shapely.area(shapely.intersection(shapes[row[cut]], lands[land[cut]]))
    return row, land, area


def _outside(handed: Handed, row: int, *, is_whole: bool) -> Observation:
    changes = handed.tables["changes"]
    shape, change = changes.geometry.iloc[row], str(changes["change_id"].iloc[row])
    if is_whole:
        beyond = float(handed.measure([shape])[0])
        what = f"图斑完全在所有乡镇之外(outside),{m2_text(beyond)} ㎡,运行时隔离,不计入"
        fix = "核对图斑的坐标系和位置,或乡镇图层是否齐全"
        return Observation(noted("changes", change, "outside", what, fix, beyond), shape)
    lands = handed.tables["townships"].geometry.to_numpy()
    near = lands[shapely.intersects(lands, shape)]
    part = polygons(shapely.difference(shape, shapely.union_all(near)))
    beyond = float(handed.measure([part])[0])
    what = f"图斑有 {m2_text(beyond)} ㎡ 不在任何乡镇内(outside),那部分不计入任何乡镇"
    fix = "核对乡镇界线"
    return Observation(
        noted("changes", change, "outside-part", what, fix, beyond), part, (shape,)
    )
