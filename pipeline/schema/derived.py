"""Tables the stages make, in the order they are made."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.schema.table import Column, Kind, Table
from pipeline.terms import ApprovalKind

PIECES = Table(
    name="pieces",
    label="套合碎片",
    columns=(
        Column("piece_id", "碎片编号", Kind.CODE),
        Column("change_id", "图斑编号", Kind.CODE),
        Column("counted_in", "已计入图斑", Kind.CODE, required=False),
        Column("township_code", "乡镇代码", Kind.CODE, required=False),
        Column("parcel_id", "地类图斑标识码", Kind.CODE, required=False),
        Column("land_class", "地类编码", Kind.CODE, required=False),
        Column("land_group", "三大类", Kind.CODE, required=False),
        Column("is_farmland", "是否耕地", Kind.FLAG),
        Column("ridge_coefficient", "田坎系数", Kind.NUMBER, required=False),
        Column("is_permanent_farmland", "是否永久基本农田", Kind.FLAG, required=False),
        Column("plan_zone", "规划分区", Kind.CODE, required=False),
        Column("area_m2", "面积", Kind.AREA_M2),
        Column("farmland_m2", "其中耕地", Kind.AREA_M2),
        # The connected part of the change without any approval that holds this piece (null
        # where the piece has an approval): what the sliver rule looks at.
        Column("unapproved_part_m2", "所在无批部分面积", Kind.AREA_M2, required=False),
        Column("unapproved_part_width_m", "所在无批部分平均宽度", Kind.NUMBER, required=False),
        Column("touches_quarantine", "压盖隔离记录", Kind.FLAG),
    ),
    key=("piece_id",),
    geometry=True,
)


def approval_columns(kind: ApprovalKind) -> tuple[Column, ...]:
    """Return the columns that one configured kind of approval adds to the pieces.

    ``<kind>_on`` is the day; where the date is known only to the month, quarter or year it is
    null and the two bounds tell the interval.
    """
    label = kind.label
    return (
        Column(f"{kind}_no", f"{label}文号", Kind.CODE, required=False),
        Column(f"{kind}_on", f"{label}批准日期", Kind.DATE, required=False),
        Column(
            f"{kind}_approved_earliest", f"{label}批准日期(最早)", Kind.DATE, required=False
        ),
        Column(f"{kind}_approved_latest", f"{label}批准日期(最晚)", Kind.DATE, required=False),
        Column(
            f"{kind}_valid_from_earliest", f"{label}有效期起(最早)", Kind.DATE, required=False
        ),
        Column(
            f"{kind}_valid_from_latest", f"{label}有效期起(最晚)", Kind.DATE, required=False
        ),
        Column(
            f"{kind}_valid_until_earliest", f"{label}有效期止(最早)", Kind.DATE, required=False
        ),
        Column(
            f"{kind}_valid_until_latest", f"{label}有效期止(最晚)", Kind.DATE, required=False
        ),
    )


def pieces_of(kinds: Iterable[ApprovalKind]) -> Table:
    """Return the contract of the pieces with the columns of the configured kinds."""
    added = (column for kind in kinds for column in approval_columns(kind))
    return replace(PIECES, columns=(*PIECES.columns, *added))


# The shapes of pieces that wait for the verdicts, of which it depends whether they are kept.
PIECE_SHAPES = Table(
    name="piece_shapes",
    label="碎片图形",
    columns=(Column("piece_id", "碎片编号", Kind.CODE),),
    key=("piece_id",),
    geometry=True,
)
COVERAGE = Table(
    name="coverage",
    label="批准覆盖",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("approval_no", "批准文号", Kind.CODE),
        Column("approval_kind", "批准类型", Kind.CODE),
        Column("approved_on", "批准日期", Kind.DATE, required=False),
        Column("area_m2", "覆盖面积", Kind.AREA_M2),
    ),
    key=(),
)
CONSTRAINT_AREAS = Table(
    name="constraint_areas",
    label="管控图层占用",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("constraint_name", "管控图层", Kind.TEXT),
        Column("area_m2", "面积", Kind.AREA_M2),
    ),
    key=("change_id", "constraint_name"),
)
JUDGED = Table(
    name="judged",
    label="认定碎片",
    columns=(
        *PIECES.columns,
        Column("approval_no", "依据批文", Kind.CODE, required=False),
        Column("approval_kind", "依据批文类型", Kind.CODE, required=False),
        Column("approved_on", "依据批文日期", Kind.DATE, required=False),
        Column("proposed_verdict", "建议认定", Kind.CODE, required=False),
        Column("ruled_verdict", "人工认定", Kind.CODE, required=False),
        Column("verdict", "采用认定", Kind.CODE, required=False),
        Column("rule_id", "规则", Kind.CODE),
        Column("act", "行为", Kind.TEXT, required=False),
        Column("legal_basis", "依据", Kind.TEXT, required=False),
        Column("missing_evidence", "缺少的证据", Kind.TEXT, required=False),
        Column("ruling_reason", "人工认定理由", Kind.TEXT, required=False),
        Column("is_regularised", "是否补办", Kind.FLAG),
    ),
    key=("piece_id",),
    geometry=True,
)
RECTIFIED = Table(
    name="rectified",
    label="整改落实",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("township_code", "乡镇代码", Kind.CODE),
        Column("illegal_farmland_m2", "违法占用耕地", Kind.AREA_M2),
        Column("exempt_farmland_m2", "不计入分子", Kind.AREA_M2),
        Column("reclaimed_farmland_m2", "拆除复耕", Kind.AREA_M2),
        Column("regularised_farmland_m2", "补办", Kind.AREA_M2),
    ),
    key=("change_id", "township_code"),
)
CHANGE_RESULTS = Table(
    name="change_results",
    label="图斑结果",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("township_code", "乡镇代码", Kind.CODE, required=False),
        Column("area_m2", "图斑面积", Kind.AREA_M2),
        Column("farmland_m2", "其中耕地", Kind.AREA_M2),
        Column("permanent_farmland_m2", "其中永久基本农田", Kind.AREA_M2, required=False),
        Column("legal_m2", "合法", Kind.AREA_M2),
        Column("illegal_m2", "违法(含疑似)", Kind.AREA_M2),
        Column("other_m2", "其他", Kind.AREA_M2),
        Column("doubtful_m2", "存疑", Kind.AREA_M2),
        Column("outside_m2", "县界外", Kind.AREA_M2),
        Column("illegal_farmland_m2", "违法占用耕地", Kind.AREA_M2),
        Column(
            "illegal_permanent_farmland_m2",
            "违法占用永久基本农田",
            Kind.AREA_M2,
            required=False,
        ),
        Column("verdict", "认定结论", Kind.CODE, required=False),
        Column("rule_id", "规则", Kind.CODE),
        Column("reason", "理由", Kind.TEXT),
    ),
    key=("change_id",),
)

# The measures of a unit that are sums; ranks and ratios are made of nothing else.
SUMS = (
    Column("change_count", "图斑数", Kind.COUNT),
    Column("illegal_count", "违法图斑数(含疑似)", Kind.COUNT),
    Column("area_m2", "图斑面积", Kind.AREA_M2),
    Column("new_construction_m2", "新增建设用地", Kind.AREA_M2),
    Column("legal_farmland_m2", "合法占用耕地", Kind.AREA_M2),
    Column("illegal_farmland_m2", "违法占用耕地", Kind.AREA_M2),
    Column("doubtful_farmland_m2", "存疑占用耕地", Kind.AREA_M2),
    Column("new_farmland_m2", "新增建设用地占用耕地", Kind.AREA_M2),
    Column(
        "illegal_permanent_farmland_m2", "违法占用永久基本农田", Kind.AREA_M2, required=False
    ),
    Column("reclaimed_farmland_m2", "拆除复耕", Kind.AREA_M2),
    Column("regularised_farmland_m2", "补办", Kind.AREA_M2),
    Column("exempt_farmland_m2", "不计入分子", Kind.AREA_M2),
    Column("quarantined_count", "隔离记录数", Kind.COUNT),
)
RATIOS = (
    Column("ratio_gross", "整改前占耕比", Kind.RATIO, required=False),
    Column("ratio_numerator", "占耕比(只减分子)", Kind.RATIO, required=False),
    Column("ratio_net", "占耕比(分子分母同减)", Kind.RATIO, required=False),
    Column("ratio_with_regularised", "占耕比(再减补办)", Kind.RATIO, required=False),
    Column("ratio_low", "下限(存疑全合法)", Kind.RATIO, required=False),
    Column("ratio_high", "上限(存疑全违法)", Kind.RATIO, required=False),
    Column("is_accountable", "触线", Kind.FLAG),
    Column("rank", "名次", Kind.COUNT, required=False),
    Column("reclaim_to_line_m2", "降至线下还需复耕", Kind.AREA_M2, required=False),
)
TOWNSHIP_RANKING = Table(
    name="township_ranking",
    label="乡镇排名",
    columns=(
        Column("township_code", "乡镇代码", Kind.CODE),
        Column("township_name", "乡镇(街道)", Kind.TEXT, required=False),
        Column("office_name", "管辖所", Kind.TEXT),
        *SUMS[:-1],
        *RATIOS,
        SUMS[-1],
    ),
    key=("township_code",),
)
OFFICE_RANKING = Table(
    name="office_ranking",
    label="管辖所排名",
    columns=(Column("office_name", "管辖所", Kind.TEXT), *SUMS[:-1], *RATIOS, SUMS[-1]),
    key=("office_name",),
)
COUNTY_RESULT = Table(
    name="county_result",
    label="全县",
    columns=(
        Column("county_code", "县代码", Kind.CODE),
        Column("county_name", "县(市、区)", Kind.TEXT),
        *SUMS[:-1],
        *RATIOS,
        SUMS[-1],
    ),
    key=("county_code",),
)
DEFECTS = Table(
    name="defects",
    label="问题清单",
    columns=(
        Column("layer", "图层", Kind.TEXT),
        Column("record", "记录", Kind.TEXT, required=False),
        Column("code", "问题代码", Kind.CODE),
        Column("severity", "处理", Kind.CODE),
        Column("message", "问题", Kind.TEXT),
        Column("remedy", "办法", Kind.TEXT, required=False),
        Column("area_m2", "面积", Kind.NUMBER, required=False),
    ),
    key=(),
)
