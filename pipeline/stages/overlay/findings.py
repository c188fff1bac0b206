"""What the overlay found about the inputs (套合发现的问题)."""

from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np

from pipeline.errors import Finding
from pipeline.geometry.measure import Overlap
from pipeline.stages.overlay.gathered import OWNER, Gathered
from pipeline.stages.overlay.references import (
    LAND_USE,
    PLAN_ZONES,
    TOWNSHIPS,
    References,
)
from pipeline.units import m2_text, to_m2

# Townships that overlap by more than this under one change: nobody can say whose it is.
_TOWNSHIPS_MAY_SHARE_M2 = 1.0
_NAMED = 3  # how many changes a message names


def overlay_findings(layers: References, found: Gathered) -> list[Finding]:
    """Return all findings, in an order of their own."""
    findings = [
        *_unproven(layers.changes, found),
        *_outside(layers.changes, found),
        *_shared_changes(layers.changes, found),
        *_townships(layers, found.overlaps),
        *_pairs(layers.land_use, "parcel_id", LAND_USE, "地类图斑", layers, found.overlaps),
        *_pairs(layers.plan_zones, "zone", PLAN_ZONES, "规划分区", layers, found.overlaps),
    ]
    return sorted(findings, key=lambda f: (f.layer, f.code, f.record, f.message))


def _unproven(changes: gpd.GeoDataFrame, found: Gathered) -> Iterator[Finding]:
    for i in np.flatnonzero(~found.is_proven):
        whole = float(to_m2(found.units[i]))
        what = (
            f"图斑 {m2_text(whole)} ㎡,切分后合计相差 {found.drift_m2[i]:.6f} ㎡,"
            "各种切法都不能证明面积守恒(unbalanced),整个图斑隔离,不计入"
        )
        fix = "核对图斑和它压盖的地类图斑、批准用地:多半有几乎重合的界线或极窄的尖角"
        yield Finding("changes", _id(changes, i), "unbalanced", "quarantined", what, fix, whole)


def _outside(changes: gpd.GeoDataFrame, found: Gathered) -> Iterator[Finding]:
    outside = found.outside
    for i in np.flatnonzero(found.is_proven & (outside > 0)):
        area = float(to_m2(outside[i]))
        if outside[i] == found.units[i]:
            what = f"图斑完全在所有乡镇之外(outside),{m2_text(area)} ㎡,隔离,不计入"
            fix = "核对图斑的坐标系和位置,或乡镇图层是否齐全"
            yield Finding("changes", _id(changes, i), "outside", "quarantined", what, fix, area)
        else:
            what = f"图斑有 {m2_text(area)} ㎡ 不在任何乡镇内(outside:县界外,或乡镇之间的缝 gap),不计入任何乡镇"
            fix = "核对乡镇界线"
            yield Finding("changes", _id(changes, i), "outside-part", "noted", what, fix, area)


def _shared_changes(changes: gpd.GeoDataFrame, found: Gathered) -> Iterator[Finding]:
    if not found.alone:
        return
    shapes = changes.geometry.to_numpy()
    owners = found.alone[OWNER]
    for i, j, units in zip(owners.change, owners.shape, owners.units, strict=True):
        area, owner = float(to_m2(units)), _id(changes, j)
        if units == found.units[i] == found.units[j] and shapes[i].equals(shapes[j]):
            what = f"与图斑 {owner} 图形相同,重复(duplicate),{m2_text(area)} ㎡ 计入 {owner}"
            code = "duplicate"
        else:
            what = f"与图斑 {owner} 重叠(overlap){m2_text(area)} ㎡,重叠部分计入 {owner}"
            code = "overlap"
        fix = "后时相早的优先,同日的编号小的优先;不应重叠的请改正图形"
        yield Finding("changes", _id(changes, i), code, "noted", what, fix, area)


def _townships(layers: References, overlaps: Iterable[Overlap]) -> Iterator[Finding]:
    """Refuse townships that overlap by more than 1 m² under a change, note those by less."""
    codes = layers.townships["township_code"]
    for (first, second), shared in _by_pair(overlaps, TOWNSHIPS, codes).items():
        worst = max(shared, key=lambda overlap: (overlap.units, -overlap.change))
        shared_m2 = float(to_m2(worst.units))
        where = f"乡镇 {first} 与 {second} 在图斑 {_id(layers.changes, worst.change)} 下"
        area = f"重叠(overlap){m2_text(shared_m2)} ㎡"
        if shared_m2 > _TOWNSHIPS_MAY_SHARE_M2:
            what = f"{where}{area},超过 {_TOWNSHIPS_MAY_SHARE_M2:g} ㎡,说不清归哪个乡镇"
            severity, fix = "refused", "改正乡镇界线,使乡镇之间不重叠"
        else:
            what = f"{where}{area},归代码小的 {first}"
            severity, fix = "noted", "改正乡镇界线"
        yield Finding(
            TOWNSHIPS,
            f"{first}、{second}",
            "overlap",
            severity,  # type: ignore[arg-type]
            what,
            fix,
            shared_m2,
        )


def _pairs(
    frame: gpd.GeoDataFrame,
    column: str,
    name: str,
    label: str,
    layers: References,
    overlaps: Iterable[Overlap],
) -> Iterator[Finding]:
    for (first, second), shared in _by_pair(overlaps, name, frame[column]).items():
        area = float(to_m2(sum(overlap.units for overlap in shared)))
        places = sorted({_id(layers.changes, overlap.change) for overlap in shared})
        what = (
            f"{label} {first} 与 {second} 重叠(overlap),在图斑 {'、'.join(places[:_NAMED])}"
            f"{' 等' if len(places) > _NAMED else ''} 下共 {m2_text(area)} ㎡,归编号小的 {first}"
        )
        fix = f"改正{label}的界线"
        yield Finding(name, f"{first}、{second}", "overlap", "noted", what, fix, area)


def _by_pair(
    overlaps: Iterable[Overlap], name: str, keys: Iterable[object]
) -> dict[tuple[str, str], list[Overlap]]:
    named = [str(key) for key in keys]
    pairs: dict[tuple[str, str], list[Overlap]] = {}
    for overlap in overlaps:
        if overlap.name == name:
            pairs.setdefault((named[overlap.first], named[overlap.second]), []).append(overlap)
    return dict(sorted(pairs.items()))


def _id(changes: gpd.GeoDataFrame, number: int | np.integer) -> str:
    return str(changes["change_id"].iloc[int(number)])
