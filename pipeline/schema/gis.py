"""The layers handed over to GIS software (交付图层): one definition for every format.

GeoPackage keeps the code words of the tables and lists what they mean; FileGDB and shapefiles,
which cannot carry such a list, get the Chinese words themselves (``worded``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd

from pipeline.schema.derived import CHANGE_RESULTS, JUDGED, OFFICE_RANKING, TOWNSHIP_RANKING
from pipeline.schema.received import APPROVALS, CHANGES, CONSTRAINTS, PERMANENT_FARMLAND
from pipeline.schema.table import Column, Kind, Table

CodeList = Mapping[str, str]  # what is in the column, as text → the Chinese word
_FLAGS: CodeList = {"True": "是", "False": "否"}
_UNITS = {Kind.AREA_M2: "㎡"}


@dataclass(frozen=True)
class GisLayer:
    """One layer (交付图层): its table, its records in a projected CRS, what its codes mean."""

    table: Table
    frame: gpd.GeoDataFrame
    code_lists: Mapping[str, CodeList] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name in files."""
        return self.table.name

    @property
    def title(self) -> str:
        """The Chinese name."""
        return caption_text(self.table.label)


def caption(column: Column) -> str:
    """Return the Chinese name of a column with its unit, as GIS software shows it."""
    unit = _UNITS.get(column.kind)
    return caption_text(column.label) + (f"（{unit}）" if unit else "")


def caption_text(label: str) -> str:
    """Return a label with the brackets of Chinese print."""
    return label.replace("(", "（").replace(")", "）")


def worded(layer: GisLayer) -> GisLayer:
    """Return a layer whose codes and flags are the Chinese words; an unknown code stays."""
    frame = layer.frame.copy()
    columns = []
    for column in layer.table.columns:
        words = _FLAGS if column.kind is Kind.FLAG else layer.code_lists.get(column.name)
        if words is None:
            columns.append(column)
            continue
        values = frame[column.name].astype(object)
        known = {one: words.get(str(one), str(one)) for one in values.dropna().unique()}
        frame[column.name] = values.map(known).astype("str")
        columns.append(replace(column, kind=Kind.TEXT))
    return GisLayer(replace(layer.table, columns=tuple(columns)), frame)


def _pick(table: Table, *names: str) -> tuple[Column, ...]:
    columns = {column.name: column for column in table.columns}
    return tuple(columns[name] for name in names)


def _without(table: Table, *names: str) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if column.name not in names)


RATIO_TEXT = Column("ratio_text", "考核占耕比", Kind.TEXT)
RATIO_CLASS = Column("ratio_class", "占耕比分级", Kind.COUNT, required=False)
ILLEGAL_FARMLAND_MU = Column("illegal_farmland_mu", "违法占用耕地（亩）", Kind.NUMBER)
TOWNSHIP_NAME = Column("township_name", "乡镇(街道)", Kind.TEXT, required=False)

TOWNSHIPS_LAYER = Table(
    name="townships",
    label="乡镇(街道)",
    columns=(
        *_pick(TOWNSHIP_RANKING, "township_code", "township_name", "office_name", "rank"),
        RATIO_TEXT,
        RATIO_CLASS,
        *_pick(TOWNSHIP_RANKING, "is_accountable"),
        ILLEGAL_FARMLAND_MU,
        Column("new_farmland_mu", "新增建设用地占用耕地（亩）", Kind.NUMBER),
        Column("reclaim_to_line_mu", "降至线下还需复耕（亩）", Kind.NUMBER, required=False),
        *_without(
            TOWNSHIP_RANKING,
            *("township_code", "township_name", "office_name", "rank", "is_accountable"),
        ),
    ),
    key=("township_code",),
    geometry=True,
)
OFFICES_LAYER = Table(
    name="offices",
    label="管辖所",
    columns=(
        *_pick(OFFICE_RANKING, "office_name", "rank"),
        RATIO_TEXT,
        *_pick(OFFICE_RANKING, "is_accountable"),
        *_without(OFFICE_RANKING, "office_name", "rank", "is_accountable"),
    ),
    key=("office_name",),
    geometry=True,
)
CHANGES_LAYER = Table(
    name="changes",
    label="变化图斑",
    columns=(
        *_pick(CHANGE_RESULTS, "change_id", "township_code"),
        TOWNSHIP_NAME,
        *_pick(
            CHANGES,
            *("change_type", "before_earliest", "before_latest"),
            *("after_earliest", "after_latest"),
        ),
        *_pick(CHANGE_RESULTS, "verdict", "rule_id", "reason"),
        Column("standing", "认定（谁的结论）", Kind.TEXT),
        Column("rulings", "人工认定", Kind.TEXT, required=False),
        Column("sheet", "核查单", Kind.TEXT, required=False),  # seen from out/gis/
        Column("area_mu", "图斑面积（亩）", Kind.NUMBER),
        ILLEGAL_FARMLAND_MU,
        *_without(CHANGE_RESULTS, "change_id", "township_code", "verdict", "rule_id", "reason"),
    ),
    key=("change_id",),
    geometry=True,
)
PIECES_LAYER = Table(
    name="pieces",
    label="认定碎片",
    columns=_pick(
        JUDGED,
        *("piece_id", "change_id", "township_code", "verdict", "proposed_verdict"),
        *("ruled_verdict", "ruling_reason", "rule_id", "act", "legal_basis"),
        *("missing_evidence", "is_regularised", "approval_no", "approval_kind"),
        *("approved_on", "area_m2", "farmland_m2", "land_class", "is_farmland"),
        *("is_permanent_farmland", "ridge_coefficient", "plan_zone", "parcel_id"),
        *("counted_in", "touches_quarantine"),
    ),
    key=("piece_id",),
    geometry=True,
)
APPROVALS_LAYER = Table(
    name="approvals",
    label="批准用地",
    columns=(
        *_pick(APPROVALS, "approval_no", "approval_kind"),
        *_without(APPROVALS, "approval_no", "approval_kind"),
    ),
    key=(),
    geometry=True,
)
CONSTRAINTS_LAYER = Table(
    name="constraints", label="管控图层", columns=CONSTRAINTS.columns, key=(), geometry=True
)
PERMANENT_FARMLAND_LAYER = Table(
    name=PERMANENT_FARMLAND.name,
    label=PERMANENT_FARMLAND.label,
    columns=(Column("kind_name", "类别", Kind.TEXT),),
    key=(),
    geometry=True,
)
QUARANTINE_LAYER = Table(
    name="quarantine",
    label="隔离记录",
    columns=(
        Column("layer", "图层", Kind.TEXT),
        Column("record", "记录", Kind.TEXT),
        Column("is_reference", "是否参考图层", Kind.FLAG),
        Column("problem", "问题与办法", Kind.TEXT, required=False),
    ),
    key=(),
    geometry=True,
)
