"""Was the land use updated after the building (地类已按建成后更新): farmland taken is lost to sight."""

from collections.abc import Iterator

import numpy as np
import shapely

from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.telling import named, noted
from pipeline.units import m2_text

_ALIKE = 0.97  # of either shape lies in the other
_YEAR = "SJNF"  # 数据年份


def along_changes(handed: Handed) -> Iterator[Observation]:
    """Yield changes along whose very outline the land use is construction land already."""
    changes, land_use = handed.tables.get("changes"), handed.tables.get("land_use")
    if changes is None or land_use is None:
        return
    built = land_use[land_use["land_group"] == "construction"]
    shapes, sites = changes.geometry.to_numpy(), built.geometry.to_numpy()
    one, other = shapely.STRtree(sites).query(shapes, predicate="intersects")
    sizes, site_sizes = shapely.area(shapes)[one], shapely.area(sites)[other]
    near = np.minimum(sizes, site_sizes) >= _ALIKE * np.maximum(sizes, site_sizes)
    one, other = one[near], other[near]
    shared = shapely.area(shapely.intersection(shapes[one], sites[other]))
    alike = shared >= _ALIKE * np.maximum(sizes[near], site_sizes[near])
    for number, site in zip(one[alike], other[alike], strict=True):
        area = float(handed.measure(shapes[number : number + 1])[0])
        parcel, change = built.iloc[site], str(changes["change_id"].iloc[number])
        known = handed.codes.classify(str(parcel["land_class"]))
        what = (
            f"地类图斑 {parcel['parcel_id']}({parcel['land_class']}"
            f"{' ' + known.name if known else ''})与这个图斑同边同形,{m2_text(area)} ㎡:"
            "地类像是建成以后才更新的,占用的耕地会算成 0"
        )
        fix = "用前时相以前的地类(上一年末或更早)核对;建设前确是建设用地的不用改"
        told = noted("changes", change, "land-use-updated", what, fix, area)
        yield Observation(told, shapes[number], (sites[site],))


def survey_year(handed: Handed) -> Iterator[Observation]:
    """Yield land use whose own year is not before the year of the inspection."""
    for delivery in handed.of("land_use"):
        if _YEAR not in delivery.fields:
            continue
        years = np.array(
            [_year(value) for value in delivery.fields[_YEAR].tolist()], dtype=float
        )
        rows = np.flatnonzero(delivery.is_counted & (years >= handed.year))
        if len(rows):
            what = (
                f"{delivery.file} 有 {len(rows)} 个地类图斑的数据年份 {_YEAR} 不早于检查年度 "
                f"{handed.year}:{named(delivery.records[row] for row in rows[:4])}"
            )
            fix = "换成上一年末的地类图斑:建成后更新的地类看不出占了耕地"
            area = float(delivery.area_m2[rows].sum())
            yield Observation(
                noted("land_use", delivery.file, "land-use-year", what, fix, area)
            )


def _year(value: object) -> float:
    text = str(value)[:4]
    return float(text) if text.isdigit() else float("nan")
