"""Records of one layer on the same ground (图层自身重叠), over all blocks."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.errors import Finding
from pipeline.geometry.layers import Block, Layer
from pipeline.geometry.measured import overlaps
from pipeline.geometry.source import GEOMETRY
from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.geometry.sweep.rings import Wkb
from pipeline.stages.overlay.blocks import LAND_USE, PERMANENT_FARMLAND, PLAN_ZONES, TOWNSHIPS
from pipeline.stages.overlay.found import Found
from pipeline.stages.overlay.nearby import Nearby, distinct
from pipeline.units import m2_text, to_m2

# Townships that overlap by more than this under one change: nobody can say whose it is.
_TOWNSHIPS_MAY_SHARE_M2 = 1.0
_NOTED_UNITS = 10_000  # 1 m²: less is how borders are rounded
_NAMED = 3  # how many changes a message names
_KEYS = {
    TOWNSHIPS: ("township_code", "乡镇"),
    LAND_USE: ("parcel_id", "地类图斑"),
    PLAN_ZONES: ("zone", "规划分区"),
}


class SharedGround(NamedTuple):
    """Two records of one layer on the same ground of a change; the ``first`` one has it."""

    layer: str
    first: str
    second: str
    change_id: str
    units: int


def shared_ground(near: Nearby, found: Found) -> Iterator[SharedGround]:
    """Yield the overlaps within the layers of a block whose records have a key."""
    keyed = {name: _distinct_keys(near, name) for name in _KEYS}
    for overlap in found.overlaps:
        if overlap.name in keyed:
            keys = keyed[overlap.name]
            yield SharedGround(
                overlap.name,
                str(keys.iloc[overlap.first]),
                str(keys.iloc[overlap.second]),
                str(near.changes["change_id"].iloc[overlap.change]),
                overlap.units,
            )


def permanent_twice(near: Nearby, block: Block) -> Iterator[SharedGround]:
    """Yield the ground of each change that several records of permanent farmland cover.

    Their union counts, so the partition does not ask which record covers what: here each
    record answers for itself.
    """
    records = near.permanent_farmland[GEOMETRY].tolist()
    layer = Layer(
        PERMANENT_FARMLAND, Wkb(pa.array(records, pa.large_binary())), np.arange(len(records))
    )
    areas = swept(
        block.changes,
        ground_of([layer.cover()], block.changes.box),
        density=block.density,
        origins=block.origins,
    )
    units = np.zeros(len(near.changes), dtype=np.int64)
    for pair in overlaps(areas, 0, layer):
        units[pair.change] += pair.units
    for number in np.flatnonzero(units >= _NOTED_UNITS).tolist():
        change_id = str(near.changes["change_id"].iloc[number])
        yield SharedGround(PERMANENT_FARMLAND, "", "", change_id, int(units[number]))


def _distinct_keys(near: Nearby, name: str) -> pd.Series:
    frame: pd.DataFrame = getattr(near, name)
    column = _KEYS[name][0]
    return distinct(frame, list(frame[column]))[column]


class Pairs:
    """What pairs of records share, over all blocks; little of each is kept."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str, str], _Pair] = {}

    def add(self, shared: Iterable[SharedGround]) -> None:
        """Add the overlaps of a block."""
        for one in shared:
            key = (one.layer, one.first, one.second)
            self._pairs[key] = self._pairs.get(key, _NOTHING).with_one(one)

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each pair of records."""
        for (layer, first, second), pair in sorted(self._pairs.items()):
            if layer == TOWNSHIPS:
                yield _townships(first, second, pair)
            elif layer == PERMANENT_FARMLAND:
                yield _permanent(pair)
            else:
                yield _records(layer, first, second, pair)


class _Pair(NamedTuple):
    """Units in all; the greatest under one change, and which; some of the changes."""

    units: int
    worst: tuple[int, str]
    changes: tuple[str, ...]

    def with_one(self, one: SharedGround) -> "_Pair":
        worst = min(self.worst, (-one.units, one.change_id))
        changes = tuple(sorted({*self.changes, one.change_id})[: _NAMED + 1])
        return _Pair(self.units + one.units, worst, changes)


_NOTHING = _Pair(0, (0, ""), ())


def _townships(first: str, second: str, pair: _Pair) -> Finding:
    """Refuse townships that overlap by more than 1 m² under a change, note those by less."""
    shared_m2 = float(to_m2(-pair.worst[0]))
    where = f"乡镇 {first} 与 {second} 在图斑 {pair.worst[1]} 下"
    area = f"重叠(overlap){m2_text(shared_m2)} ㎡"
    if shared_m2 > _TOWNSHIPS_MAY_SHARE_M2:
        what = f"{where}{area},超过 {_TOWNSHIPS_MAY_SHARE_M2:g} ㎡,说不清归哪个乡镇"
        fix = "改正乡镇界线,使乡镇之间不重叠"
        return Finding(
            TOWNSHIPS, f"{first}、{second}", "overlap", "refused", what, fix, shared_m2
        )
    what = f"{where}{area},归代码小的 {first}"
    return Finding(
        TOWNSHIPS, f"{first}、{second}", "overlap", "noted", what, "改正乡镇界线", shared_m2
    )


def _permanent(pair: _Pair) -> Finding:
    area, names = float(to_m2(pair.units)), pair.changes
    what = (
        f"永久基本农田图层自身重叠(overlap),在图斑 {'、'.join(names[:_NAMED])}"
        f"{' 等' if len(names) > _NAMED else ''} 下共 {m2_text(area)} ㎡,只计一次"
    )
    fix = "删去重复的记录,或改正界线"
    return Finding(PERMANENT_FARMLAND, "图层自身", "overlap", "noted", what, fix, area)


def _records(layer: str, first: str, second: str, pair: _Pair) -> Finding:
    label = _KEYS[layer][1]
    area = float(to_m2(pair.units))
    names = pair.changes
    what = (
        f"{label} {first} 与 {second} 重叠(overlap),在图斑 {'、'.join(names[:_NAMED])}"
        f"{' 等' if len(names) > _NAMED else ''} 下共 {m2_text(area)} ㎡,归编号小的 {first}"
    )
    fix = f"改正{label}的界线"
    return Finding(layer, f"{first}、{second}", "overlap", "noted", what, fix, area)
