"""Change polygons that were split into others (被拆分): only their parts count."""

from collections.abc import Mapping, Sequence

from pipeline.runner.receiving.layer import Layer
from pipeline.terms import SPLIT_PARENT
from pipeline.units import UNITS_PER_M2, m2_text


def exclude_parents(layer: Layer, ids: Sequence[str | None]) -> None:
    """A polygon that was split is not counted: its parts are."""
    parents = layer.optional_codes("parent_id")
    states = layer.optional_codes("split_state")
    parts = _parts(layer, ids, parents)
    for row in layer.rows:
        if ids[row] in parts or states[row] == SPLIT_PARENT:
            lost = _lost_in_splitting(layer, row, parts.get(ids[row], []))
            layer.exclude(row, "split-parent", f"已被拆分,由子图斑计,本条不计{lost}")
    known = {ids[row] for row in range(len(ids))}
    for row in layer.rows:
        if parents[row] and parents[row] not in known:
            what = f"父图斑 {parents[row]} 不在图层里"
            layer.columns.note(
                layer.columns.name(row), "parent-missing", what, "核对父图斑编号"
            )


def _parts(
    layer: Layer, ids: Sequence[str | None], parents: Sequence[str | None]
) -> dict[str | None, list[int]]:
    """Return, for each polygon that others name as their parent, the rows of those others.

    Where nothing was split, some write a polygon's own number as its parent: no other names it.
    Where polygons name one another in a circle none of them is a part, so all of them count.
    """
    above = {ids[row]: parents[row] for row in layer.rows if parents[row]}
    parts: dict[str | None, list[int]] = {}
    for row in layer.rows:
        parent = parents[row]
        if parent is None or parent == ids[row]:
            continue
        if _climbs_to(ids[row], parent, above):
            what = f"与父图斑 {parent} 互为父子,说不清谁被拆分,都照计"
            layer.columns.note(layer.columns.name(row), "parent-circle", what, "核对父图斑编号")
        else:
            parts.setdefault(parent, []).append(row)
    return parts


def _climbs_to(
    sought: str | None, start: str | None, above: Mapping[str | None, str | None]
) -> bool:
    """Whether who climbs from parent to parent arrives at a polygon."""
    seen = set()
    while start is not None and start not in seen:
        if start == sought:
            return True
        seen.add(start)
        start = above.get(start)
    return False


def _lost_in_splitting(layer: Layer, row: int, parts: Sequence[int]) -> str:
    """Say how much ground a split polygon has that its parts have not; nothing where none."""
    whole = int(layer.units[row])
    short = whole - sum(int(layer.units[part]) for part in parts)
    if not parts or short <= max(whole // 100, UNITS_PER_M2):
        return ""
    return f";子图斑合计比它少 {m2_text(short / UNITS_PER_M2)} ㎡,少的地不计入"
