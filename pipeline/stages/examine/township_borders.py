"""Do the townships share their borders (乡镇界线): overlaps, and holes between them."""

from collections.abc import Iterator

import numpy as np
import shapely

from pipeline.geometry.survey import Surveyed
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.shapes import overlap_shape
from pipeline.stages.examine.telling import LEAST_M2, noted
from pipeline.units import m2_text

_NARROW_M = 1.0  # gaps up to this width are told when the townships are received


def overlaps(handed: Handed, survey: Surveyed) -> Iterator[Observation]:
    """Yield the pairs of townships on the same ground."""
    townships = handed.tables["townships"]
    codes, shapes = townships["township_code"], townships.geometry.to_numpy()
    for one, other, area in zip(*survey.overlaps("townships"), strict=True):
        if area <= LEAST_M2:
            continue
        first, second = sorted((str(codes.iloc[one]), str(codes.iloc[other])))
        what = (
            f"乡镇 {first} 与 {second} 的界线重叠(overlap){m2_text(float(area))} ㎡;"
            "图斑压在上面超过 1 ㎡ 时,运行会被拒绝"
        )
        fix = "改正乡镇界线,使乡镇之间不重叠"
        yield Observation(
            noted(
                "townships", f"{first}、{second}", "township-overlap", what, fix, float(area)
            ),
            overlap_shape(shapes[one], shapes[other]),
            (shapes[one], shapes[other]),
        )


def holes(handed: Handed) -> Iterator[Observation]:
    """Yield ground that townships enclose and none of them has, wider than a metre."""
    shapes = handed.tables["townships"].geometry.to_numpy()
    whole = shapely.get_parts(shapely.union_all(shapes))
    rings = shapely.get_rings(whole)
    inner = rings[~shapely.is_ccw(shapely.get_rings(shapely.orient_polygons(whole)))]
    tree = shapely.STRtree(shapes)
    for hole in shapely.polygons(inner):
        if shapely.is_empty(shapely.buffer(hole, -_NARROW_M / 2)):
            continue
        touching = np.sort(tree.query(hole, predicate="dwithin", distance=_NARROW_M / 100))
        codes = handed.tables["townships"]["township_code"].iloc[touching]
        area = float(handed.measure([hole])[0])
        names = "、".join(sorted(map(str, codes)))
        what = f"乡镇 {names} 围着一块 {m2_text(area)} ㎡ 的空地,不属于任何乡镇(gap)"
        fix = "核对是不是外县的飞地或水面;不是就补齐乡镇界线,那里的图斑现在不计入任何乡镇"
        yield Observation(
            noted("townships", names, "township-hole", what, fix, area),
            hole,
            tuple(shapes[touching]),
        )
