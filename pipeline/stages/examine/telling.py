"""Words and measures that the doctor's questions share (体检用语)."""

from collections.abc import Iterable, Sequence

from pipeline.errors import Finding
from pipeline.schema.examined import REST, Observation
from pipeline.terms import ApprovalKind
from pipeline.units import m2_text

LEAST_M2 = 1.0  # less is the width of the line between two surveys
_NAMED = 3


def noted(
    layer: str, record: str, code: str, what: str, remedy: str, area_m2: float | None = None
) -> Finding:
    """Return a finding that changes nothing."""
    return Finding(layer, record, code, "noted", what, remedy, area_m2)


def kind_label(kind: object) -> str:
    """Return the Chinese name of a kind of approval, as the column writes it."""
    return next((one.label for one in ApprovalKind if one.value == str(kind)), "批准用地")


def named(records: Iterable[object]) -> str:
    """Return some records by name: the first three, and how many there are."""
    names = [str(record) for record in records]
    more = f" 等 {len(names)} 条" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def largest(observations: Sequence[Observation], most: int) -> list[Observation]:
    """Return the observations of one kind, those beyond ``most`` as a single one, counted."""
    ranked = sorted(observations, key=_rank)
    rest = [one.finding for one in ranked[most:]]
    if not rest:
        return ranked
    area = sum(found.area_m2 or 0.0 for found in rest)
    first = rest[0]
    what = f"同类问题另有 {len(rest)} 处没有逐条列出,共 {m2_text(area)} ㎡"
    told = noted(first.layer, REST, first.code, what, first.remedy, area)
    return [*ranked[:most], Observation(told)]


def _rank(one: Observation) -> tuple[float, str, str]:
    found = one.finding
    return -(found.area_m2 or 0.0), found.record, found.message
