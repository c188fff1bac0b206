"""The tables as they are handed to people who compute on (成果表的字段): contracts, joined."""

from pipeline.schema import derived, received
from pipeline.schema.table import Column, Table
from pipeline.terms import ApprovalKind


def _joined(*groups: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns of several tables, each name once, where it comes first."""
    found: dict[str, Column] = {}
    for column in (column for group in groups for column in group):
        found.setdefault(column.name, column)
    return tuple(found.values())


_CHANGES = Table(
    name="changes",
    label="变化图斑与认定结果",
    columns=_joined(derived.CHANGE_RESULTS.columns, received.CHANGES.columns),
    key=("change_id",),
    geometry=True,
)
_PIECES = Table(
    name="pieces",
    label="套合碎片与逐块认定",
    columns=_joined(
        derived.JUDGED.columns, *(derived.approval_columns(kind) for kind in ApprovalKind)
    ),
    key=("piece_id",),
    geometry=True,
)
_TOWNSHIPS = Table(
    name="townships",
    label="乡镇排名",
    columns=derived.TOWNSHIP_RANKING.columns,
    key=("township_code",),
    geometry=True,
)
# By the name under which an opened inspection has them.
VIEWS: dict[str, Table] = {
    "changes": _CHANGES,
    "pieces": _PIECES,
    "townships": _TOWNSHIPS,
    "offices": derived.OFFICE_RANKING,
    "county": derived.COUNTY_RESULT,
    "defects": derived.DEFECTS,
    "coverage": derived.COVERAGE,
    "constraint_areas": derived.CONSTRAINT_AREAS,
    "rectified": derived.RECTIFIED,
    "rulings": received.RULINGS,
    "rectifications": received.RECTIFICATIONS,
    "approvals": received.APPROVALS,
    "land_use": received.LAND_USE,
    "permanent_farmland": received.PERMANENT_FARMLAND,
    "plan_zones": received.PLAN_ZONES,
    "constraints": received.CONSTRAINTS,
    "quarantine": received.QUARANTINE,
}
