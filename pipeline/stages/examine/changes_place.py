"""Where do the changes lie (图斑的位置): outside the townships, over each other, elsewhere than said."""

from collections.abc import Iterator

import numpy as np
import shapely

from pipeline.geometry.survey import Surveyed
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
    shapes, lands = changes.geometry.to_numpy(), townships.geometry.to_numpy()
    codes = townships["township_code"].to_numpy(dtype=str)
    shared = _shared(shapes, lands)
    inside = shared.sum(axis=1)
    size = shapely.area(shapes)
    place = {code: number for number, code in enumerate(codes.tolist())}
    for row in np.flatnonzero(size - inside > np.maximum(LEAST_M2, 1e-6 * size)).tolist():
        yield _outside(handed, row, is_whole=bool(inside[row] <= LEAST_M2))
    stated = changes["stated_township_code"].to_numpy(dtype=object)
    for row in np.flatnonzero(inside > LEAST_M2).tolist():
        here = codes[shared[row].argmax()]
        said = place.get(stated[row])
        if said is not None and shared[row, said] <= LEAST_M2:
            what = f"填报的乡镇代码是 {stated[row]},图形在 {here}(township),以图形为准"
            told = noted(
                "changes", changes["change_id"].iloc[row], "township-disagrees", what,
                "核对乡镇代码",
            )  # fmt: skip
            yield Observation(told, shapes[row])


def _shared(shapes: np.ndarray, lands: np.ndarray) -> np.ndarray:
    """Return what each shape has of each township, in plane m²; most lie within one."""
    shared = np.zeros((len(shapes), len(lands)))
    shapely.prepare(lands)
    land, row = shapely.STRtree(shapes).query(lands, predicate="intersects")
    whole = shapely.covers(lands[land], shapes[row])
    shared[row[whole], land[whole]] = shapely.area(shapes[row[whole]])
    cut = ~whole
    parts = shapely.intersection(shapes[row[cut]], lands[land[cut]])
    shared[row[cut], land[cut]] = shapely.area(parts)
    return shared


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
