"""Is the permanent farmland farmland (永农不在耕地上): by township and land class."""

from collections.abc import Iterator

import numpy as np

from pipeline.geometry.survey import NOTHING, Surveyed
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.shapes import overlap_shape, together
from pipeline.stages.examine.telling import LEAST_M2, noted
from pipeline.units import m2_text

_DRAWN = 60  # places drawn of a township, the largest first
_NAMED = 4  # land classes named


def outside_farmland(handed: Handed, survey: Surveyed) -> Iterator[Observation]:
    """Yield of each township the permanent farmland that the land use does not call farmland."""
    if not {"land_use", "permanent_farmland"} <= set(survey.names):
        return
    town, parcel = survey.polygon("townships"), survey.polygon("land_use")
    kept = survey.polygon("permanent_farmland")
    land_use = handed.tables["land_use"]
    known = np.append(land_use["is_farmland"].to_numpy(dtype=bool), True)  # last: nothing
    counted = np.where(parcel < len(land_use), parcel, NOTHING)
    rows = np.flatnonzero((town != NOTHING) & (kept != NOTHING) & ~known[counted])
    key = np.column_stack([town[rows], kept[rows], counted[rows]])
    found, which = np.unique(key, axis=0, return_inverse=True)
    area = np.bincount(which.reshape(-1), survey.areas.area[rows], len(found))
    total = np.bincount(found[:, 0], area, len(handed.tables["townships"]))
    for number in np.flatnonzero(total > LEAST_M2).tolist():
        here = np.flatnonzero(found[:, 0] == number)
        here = here[np.argsort(-area[here], kind="stable")]
        yield _told(handed, number, found[here], area[here])


def _told(handed: Handed, number: int, pairs: np.ndarray, area: np.ndarray) -> Observation:
    townships, land_use = handed.tables["townships"], handed.tables["land_use"]
    code, total = str(townships["township_code"].iloc[number]), float(area.sum())
    by_class: dict[str, float] = {}
    classes = land_use["land_class"].iloc[pairs[:, 2]]
    for land_class, one in zip(classes, area.tolist(), strict=True):
        by_class[land_class] = by_class.get(land_class, 0.0) + one
    ranked = sorted(by_class.items(), key=lambda item: (-item[1], item[0]))
    names = "、".join(
        f"{_name(handed, land_class)} {m2_text(one)} ㎡" for land_class, one in ranked[:_NAMED]
    )
    more = f" 等 {len(ranked)} 类" if len(ranked) > _NAMED else ""
    what = (
        f"乡镇 {code} 的永久基本农田里有 {m2_text(total)} ㎡ 按地类图斑不是耕地:{names}{more}"
    )
    fix = "核对永久基本农田与地类图斑是不是同一年、同一套数据;不是耕地的部分不计入占用耕地"
    shapes = handed.tables["permanent_farmland"].geometry.to_numpy()
    parcels = land_use.geometry.to_numpy()
    parts = [overlap_shape(shapes[one], parcels[other]) for _, one, other in pairs[:_DRAWN]]
    return Observation(
        noted("permanent_farmland", code, "permanent-not-farmland", what, fix, total),
        together(np.array(parts, dtype=object)),
        (townships.geometry.iloc[number],),
    )


def _name(handed: Handed, land_class: str) -> str:
    known = handed.codes.classify(land_class)
    return f"{land_class} {known.name}" if known else land_class
