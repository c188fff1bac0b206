"""Does the land use cover the townships, once (地类覆盖): gaps and overlaps."""

from collections.abc import Iterator

import numpy as np
import shapely

from pipeline.geometry.survey import NOTHING, Shapes, Surveyed
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.shapes import overlap_shape
from pipeline.stages.examine.telling import LEAST_M2, noted
from pipeline.units import m2_text

_DRAWN = 400  # cells whose gaps are drawn, those with most first


def gaps(handed: Handed, survey: Surveyed) -> Iterator[Observation]:
    """Yield of each township the ground that no parcel covers, none of less than 1 m²."""
    if "land_use" not in survey.names:
        return
    town, parcel = survey.polygon("townships"), survey.polygon("land_use")
    bare = np.flatnonzero((town != NOTHING) & (parcel == NOTHING))
    townships = handed.tables["townships"]
    total = np.bincount(town[bare], survey.areas.area[bare], len(townships))
    drawn = _drawn(handed, survey, bare)
    for number in np.flatnonzero(total > LEAST_M2).tolist():
        parts = shapely.get_parts(shapely.union_all(drawn.get(number, [])))
        parts = parts[np.argsort(-shapely.area(parts), kind="stable")]
        worst = (
            f",最大一处 {m2_text(float(handed.measure(parts[:1])[0]))} ㎡" if len(parts) else ""
        )
        code, area = str(townships["township_code"].iloc[number]), float(total[number])
        what = (
            f"乡镇 {code} 内有 {m2_text(area)} ㎡ 没有地类图斑(缝、漏,gap){worst};那里不算耕地"
        )
        fix = "补齐地类图斑,或核对它与乡镇界线是不是同一套"
        yield Observation(
            noted("land_use", code, "land-use-gap", what, fix, area),
            shapely.multipolygons(parts) if len(parts) else None,
            (townships.geometry.iloc[number],),
        )


def _drawn(handed: Handed, survey: Surveyed, bare: Shapes) -> dict[int, list[object]]:
    """Return the shapes of the gaps by township, in the cells that have most of them."""
    areas = survey.areas
    in_cell = np.bincount(areas.change[bare], areas.area[bare], len(survey.cells))
    cells = np.argsort(-in_cell, kind="stable")[:_DRAWN]
    cells = cells[in_cell[cells] > LEAST_M2 / 100]
    parcels = _all_parcels(handed)
    tree = shapely.STRtree(parcels)
    towns = handed.tables["townships"].geometry.to_numpy()
    shapely.prepare(towns)
    found: dict[int, list[object]] = {}
    for cell in cells.tolist():
        square = survey.cells[cell]
        corners = shapely.bounds(square).tolist()
        near = shapely.clip_by_rect(parcels[tree.query(square)], *corners)
        bared = shapely.difference(square, shapely.union_all(near[~shapely.is_empty(near)]))
        for town in np.flatnonzero(shapely.intersects(towns, bared)).tolist():
            part = shapely.intersection(shapely.clip_by_rect(towns[town], *corners), bared)
            polygons = [
                one for one in shapely.get_parts(part) if shapely.area(one) > LEAST_M2 / 100
            ]
            found.setdefault(town, []).extend(polygons)
    return found


def _all_parcels(handed: Handed) -> Shapes:
    counted = handed.tables["land_use"].geometry.to_numpy()
    return np.concatenate([counted, handed.set_aside])


def overlaps(handed: Handed, survey: Surveyed) -> Iterator[Observation]:
    """Yield the pairs of parcels on the same ground, none of less than 1 m²."""
    if "land_use" not in survey.names:
        return
    parcels = handed.tables["land_use"]
    ids = parcels["parcel_id"].to_numpy(dtype=object)
    shapes = parcels.geometry.to_numpy()
    for one, other, area in zip(*survey.overlaps("land_use"), strict=True):
        if area <= LEAST_M2 or max(one, other) >= len(ids):
            continue
        first, second = sorted((str(ids[one]), str(ids[other])))
        what = (
            f"地类图斑 {first} 与 {second} 重叠(overlap){m2_text(float(area))} ㎡,"
            f"归编号小的 {first}"
        )
        yield Observation(
            noted(
                "land_use", f"{first}、{second}", "land-use-overlap", what,
                "改正地类图斑的界线", float(area),
            ),
            overlap_shape(shapes[one], shapes[other]),
            (shapes[one], shapes[other]),
        )  # fmt: skip
