"""Tables as they are after receiving (入库): one CRS, one name per thing, dates as intervals.

A date known only to the month, quarter or year is the interval of its days: ``*_earliest`` and
``*_latest`` (both null: unknown). Geometry is in the working CRS, polygons only, valid.
"""

from pipeline.schema.table import Column, Kind, Table


def _interval(name: str, label: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_earliest", f"{label}(最早)", Kind.DATE, required=False),
        Column(f"{name}_latest", f"{label}(最晚)", Kind.DATE, required=False),
    )


CHANGES = Table(
    name="changes",
    label="变化图斑",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("change_type", "图斑类型", Kind.CODE, required=False),
        *_interval("before", "前时相"),
        *_interval("after", "后时相"),
        Column("stated_area_m2", "监测面积", Kind.NUMBER, required=False),
        Column("stated_township_code", "填报乡镇代码", Kind.CODE, required=False),
        Column("management_code", "管理区代码", Kind.CODE, required=False),
    ),
    key=("change_id",),
    geometry=True,
)
TOWNSHIPS = Table(
    name="townships",
    label="乡镇(街道)",
    columns=(
        Column("township_code", "乡镇代码", Kind.CODE),
        Column("township_name", "乡镇(街道)", Kind.TEXT, required=False),
    ),
    key=("township_code",),
    geometry=True,
)
LAND_USE = Table(
    name="land_use",
    label="地类图斑",
    columns=(
        Column("parcel_id", "地类图斑标识码", Kind.CODE),
        Column("land_class", "地类编码", Kind.CODE),
        Column("land_group", "三大类", Kind.CODE),  # farm, construction, unused
        Column("is_farmland", "是否耕地", Kind.FLAG),
        Column("ridge_coefficient", "田坎系数", Kind.NUMBER),
    ),
    key=("parcel_id",),
    geometry=True,
)
PERMANENT_FARMLAND = Table(
    name="permanent_farmland", label="永久基本农田", columns=(), key=(), geometry=True
)
PLAN_ZONES = Table(
    name="plan_zones",
    label="规划分区",
    columns=(Column("zone", "规划分区", Kind.CODE),),
    key=(),
    geometry=True,
)
APPROVALS = Table(
    name="approvals",
    label="批准用地",
    columns=(
        Column("approval_kind", "批准类型", Kind.CODE),
        Column("approval_no", "批准文号", Kind.CODE),
        *_interval("approved", "批准日期"),
        *_interval("valid_from", "有效期起"),
        *_interval("valid_until", "有效期止"),
        Column("holder", "用地单位", Kind.TEXT, required=False),
        Column("land_use_purpose", "批准用途", Kind.TEXT, required=False),
    ),
    key=(),
    geometry=True,
)
CONSTRAINTS = Table(
    name="constraints",
    label="管控图层",
    columns=(Column("constraint_name", "管控图层", Kind.TEXT),),
    key=(),
    geometry=True,
)
# Records of reference layers that cannot be used, with the place they may cover: a piece that
# shares ground with one of them is never called illegal.
# `geometry` is the record's shape, else its bounding box, null where it has no place at all.
QUARANTINE = Table(
    name="quarantine",
    label="隔离记录",
    columns=(
        Column("layer", "图层", Kind.TEXT),
        Column("record", "记录", Kind.TEXT),
        Column("is_reference", "是否参考图层", Kind.FLAG),
        Column("stated_township_code", "填报乡镇代码", Kind.CODE, required=False),
    ),
    key=(),
    geometry=True,
)
RULINGS = Table(
    name="rulings",
    label="人工认定",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("township_code", "乡镇代码", Kind.CODE, required=False),
        Column("verdict", "认定结论", Kind.CODE),
        Column("reason", "理由", Kind.TEXT),
        Column("ruled_by", "认定人", Kind.TEXT),
        Column("ruled_on", "认定日期", Kind.DATE),
    ),
    key=(),
)
RECTIFICATIONS = Table(
    name="rectifications",
    label="整改台账",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("township_code", "乡镇代码", Kind.CODE, required=False),
        Column("method", "整改方式", Kind.TEXT),
        Column("farmland_m2", "复耕耕地面积", Kind.AREA_M2),
        *_interval("accepted", "验收日期"),
        Column("document", "验收文号", Kind.TEXT, required=False),
    ),
    key=(),
)
OFFICES = Table(
    name="offices",
    label="管辖所",
    columns=(
        Column("township_code", "乡镇代码", Kind.CODE),
        Column("office_name", "管辖所", Kind.TEXT),
    ),
    key=("township_code",),
)

# What the config names: layers to be measured, and ledgers that people keep.
LAYERS = (
    CHANGES,
    TOWNSHIPS,
    LAND_USE,
    PERMANENT_FARMLAND,
    PLAN_ZONES,
    APPROVALS,
    CONSTRAINTS,
)
LEDGERS = (RULINGS, RECTIFICATIONS, OFFICES)
