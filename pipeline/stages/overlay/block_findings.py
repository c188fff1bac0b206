"""What the overlay found about the changes of a block (套合发现的问题:图斑)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import shapely

from pipeline.errors import Finding
from pipeline.geometry.source import GEOMETRY
from pipeline.stages.overlay.found import OWNER, Found
from pipeline.stages.overlay.nearby import Nearby
from pipeline.units import m2_text, to_m2


class Claim(NamedTuple):
    """Ground of a change that an earlier change, the owner, has; in booking units."""

    change_id: str
    owner: str
    units: int


def block_findings(near: Nearby, found: Found) -> list[Finding]:
    """Return the findings about the changes themselves."""
    return [
        *_unproven(near, found),
        *_too_small(near, found),
        *_outside(near, found),
        *_shared_changes(near, found),
        *_drawn_wrong(near, found),
    ]


def _unproven(near: Nearby, found: Found) -> Iterator[Finding]:
    for i in np.flatnonzero(~found.is_proven):
        whole = float(to_m2(found.units[i]))
        what = (
            f"图斑 {m2_text(whole)} ㎡,切分后合计相差 {found.drift_m2[i]:.6f} ㎡,"
            "与图斑面积不符(unbalanced),整个图斑隔离,不计入"
        )
        fix = "核对图斑图形:多半同一图斑的几个部分互相重叠"
        yield Finding("changes", _id(near, i), "unbalanced", "quarantined", what, fix, whole)


def _too_small(near: Nearby, found: Found) -> Iterator[Finding]:
    for i in np.flatnonzero(found.units == 0):
        what = "图斑面积不足 0.0001 ㎡,记不了账(too small),隔离,不计入"
        fix = "核对图形;多余的请在源数据中删去"
        yield Finding("changes", _id(near, i), "too-small", "quarantined", what, fix, 0.0)


def _outside(near: Nearby, found: Found) -> Iterator[Finding]:
    outside = found.outside
    for i in np.flatnonzero(found.is_proven & (outside > 0)):
        area = float(to_m2(outside[i]))
        if outside[i] == found.units[i]:
            what = f"图斑完全在所有乡镇之外(outside),{m2_text(area)} ㎡,隔离,不计入"
            fix = "核对图斑的坐标系和位置,或乡镇图层是否齐全"
            yield Finding("changes", _id(near, i), "outside", "quarantined", what, fix, area)
        else:
            what = f"图斑有 {m2_text(area)} ㎡ 不在任何乡镇内(outside:县界外,或乡镇之间的缝 gap),不计入任何乡镇"
            fix = "核对乡镇界线"
            yield Finding("changes", _id(near, i), "outside-part", "noted", what, fix, area)


def _shared_changes(near: Nearby, found: Found) -> Iterator[Finding]:
    owners = found.alone[OWNER]
    for i, j, units in zip(owners.change, owners.code, owners.units, strict=True):
        area, owner = float(to_m2(units)), str(near.owners["change_id"].iloc[int(j)])
        if units == found.units[i] and _same_shape(near, int(i), int(j)):
            what = f"与图斑 {owner} 图形相同,重复(duplicate),{m2_text(area)} ㎡ 计入 {owner}"
            code = "duplicate"
        else:
            what = f"与图斑 {owner} 重叠(overlap){m2_text(area)} ㎡,重叠部分计入 {owner}"
            code = "overlap"
        fix = "后时相早的优先,同日的编号小的优先;不应重叠的请改正图形"
        yield Finding("changes", _id(near, i), code, "noted", what, fix, area)


def claims(near: Nearby, found: Found) -> list[Claim]:
    """Return which ground of the block's changes earlier changes have."""
    owners = found.alone[OWNER]
    return [
        Claim(_id(near, i), str(near.owners["change_id"].iloc[int(j)]), int(units))
        for i, j, units in zip(owners.change, owners.code, owners.units, strict=True)
    ]


def lost_with(claimed: Iterable[Claim], findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield a note for ground that counts nowhere: the change that has it is in quarantine.

    Whether a change can be proven is known only once it is cut, and by then the others have
    given way to it.
    """
    quarantined = {one.record for one in findings if one.code == "unbalanced"}
    for change_id, owner, units in sorted(claimed):
        if owner in quarantined:
            area = float(to_m2(units))
            what = (
                f"与被隔离的图斑 {owner} 共有的 {m2_text(area)} ㎡ 归它,随它不计入(quarantined)"
            )
            fix = f"改正图斑 {owner} 后重新运行"
            yield Finding("changes", change_id, "lost-with", "noted", what, fix, area)


def _same_shape(near: Nearby, change: int, owner: int) -> bool:
    shapes = near.changes[GEOMETRY].iloc[change], near.owners[GEOMETRY].iloc[owner]
    one, other = shapely.from_wkb(np.array(shapes, dtype=object))
    return bool(shapely.equals(one, other))


def _drawn_wrong(near: Nearby, found: Found) -> Iterator[Finding]:
    """Note pieces whose shape is not what the books say: the books are right."""
    pieces = found.pieces
    if pieces.drawn is None:
        return
    for i in np.flatnonzero(~np.isnan(pieces.drawn.differing_m2)):
        shown = float(pieces.drawn.differing_m2[i])
        what = (
            f"一块碎片记账 {m2_text(pieces.area_m2[i])} ㎡,画出的图形 {m2_text(shown)} ㎡"
            "(shape differs):面积以记账为准,图形只供查看"
        )
        fix = "核对此处几乎重合的界线或极窄的尖角"
        name = _id(near, pieces.change[i])
        area = float(to_m2(pieces.units[i]))
        yield Finding("changes", name, "shape-differs", "noted", what, fix, area)


def _id(near: Nearby, number: int | np.integer) -> str:
    return str(near.changes["change_id"].iloc[int(number)])
