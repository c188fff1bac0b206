"""Where the layers and ledgers are and what their fields are called."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from pipeline.geometry.settings import DatumShift
from pipeline.schema.settings import Settings
from pipeline.terms import ApprovalKind


def _as_paths(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Paths = Annotated[tuple[str, ...], BeforeValidator(_as_paths), Field(min_length=1)]
FieldName = Annotated[str, Field(min_length=1)]


class Fields(Settings):
    """Which field of the file holds which column; the file's own names are the values."""

    def mapped(self) -> dict[str, str]:
        """Return column → field of the file, for the columns that are mapped."""
        return {column: name for column, name in self if name is not None}

    def required(self) -> set[str]:
        """Return the columns that cannot be left out."""
        return {name for name, info in type(self).model_fields.items() if info.is_required()}


class ChangeFields(Fields):
    """``[layers.changes] fields``."""

    change_id: FieldName = Field(description="图斑编号(唯一)")
    change_type: FieldName | None = Field(None, description="图斑类型")
    before_date: FieldName | None = Field(None, description="前时相")
    after_date: FieldName = Field(description="后时相")
    stated_area_m2: FieldName | None = Field(None, description="监测面积(平方米)")
    parent_id: FieldName | None = Field(None, description="父图斑编号")
    split_state: FieldName | None = Field(None, description="拆分状态;“被拆分”不计")
    township_code: FieldName | None = Field(None, description="填报的乡镇代码(以图形为准)")
    management_code: FieldName | None = Field(None, description="管理区代码")


class TownshipFields(Fields):
    """``[layers.townships] fields``."""

    township_code: FieldName = Field(description="乡镇代码")
    township_name: FieldName = Field(description="乡镇名称")


class LandUseFields(Fields):
    """``[layers.land_use] fields``."""

    parcel_id: FieldName = Field(description="标识码")
    land_class: FieldName = Field(description="地类编码")
    ridge_coefficient: FieldName | None = Field(None, description="扣除地类系数(田坎系数)")


class PlanZoneFields(Fields):
    """``[layers.plan_zones] fields``."""

    zone: FieldName = Field(description="规划分区代码或名称")


class ApprovalFields(Fields):
    """``[[layers.approvals]] fields``."""

    approval_no: FieldName = Field(description="批准文号")
    approved_on: FieldName = Field(description="批准日期")
    valid_from: FieldName | None = Field(None, description="有效期起")
    valid_until: FieldName | None = Field(None, description="有效期止")
    holder: FieldName | None = Field(None, description="用地单位")
    land_use_purpose: FieldName | None = Field(None, description="批准用途")


class NoFields(Fields):
    """A layer of which only the shapes are used."""


class LayerSettings(Settings):
    """What every layer's section may say."""

    path: Paths = Field(
        description="文件:.shp .gpkg .gdb .geojson .fgb .parquet;坐标 .txt 可为列表、文件夹或通配符"
    )
    layer: str | None = Field(None, description="文件里有几个图层时,用哪一个")
    encoding: str | None = Field(None, description="只在自动识别不对时写,如 GBK")
    crs: str | None = Field(
        None, pattern=r"^EPSG:\d{4,6}$", description="只在文件没有或写错坐标系时写,如 EPSG:4528"
    )
    transform: DatumShift | None = Field(None, description="西安80、北京54 等旧基准的七参数")
    allow_empty: bool = Field(default=False, description="允许图层没有记录")
    recover: bool = Field(
        default=False,
        description="文件损坏时逐条恢复读得出的记录(Shapefile、GeoPackage),其余隔离并列出",
    )


class ChangeLayer(LayerSettings):
    """``[layers.changes]`` (变化图斑)."""

    fields: ChangeFields


class TownshipLayer(LayerSettings):
    """``[layers.townships]`` (乡镇)."""

    fields: TownshipFields


class LandUseLayer(LayerSettings):
    """``[layers.land_use]`` (地类图斑 DLTB)."""

    code_system: str = Field(
        "sandiao-2020",
        pattern=r"^[\w.-]+$",
        description="地类编码体系:configs/rules/codes/ 下的文件名",
    )
    fields: LandUseFields


class PermanentFarmlandLayer(LayerSettings):
    """``[layers.permanent_farmland]`` (永久基本农田)."""

    fields: NoFields = NoFields()


class PlanZoneLayer(LayerSettings):
    """``[layers.plan_zones]`` (规划分区)."""

    fields: PlanZoneFields


class ApprovalLayer(LayerSettings):
    """``[[layers.approvals]]`` (批准用地)."""

    kind: ApprovalKind = Field(description="批准类型")
    fields: ApprovalFields
    ledger: str | None = Field(None, description="坐标 TXT 的台账(CSV 或 XLSX)")
    ledger_key: dict[Annotated[str, Field(pattern="^(file|block)$")], str] | None = Field(
        None, description='台账里认领 TXT 的列:{ file = "文件名" } 或 { block = "地块编号" }'
    )


class ConstraintLayer(LayerSettings):
    """``[[layers.constraints]]`` (只量占用、不参与认定的图层)."""

    name: str = Field(min_length=1, description="图层名称")
    fields: NoFields = NoFields()


class Layers(Settings):
    """``[layers]``."""

    changes: ChangeLayer
    townships: TownshipLayer
    land_use: LandUseLayer
    permanent_farmland: PermanentFarmlandLayer | None = None
    plan_zones: PlanZoneLayer | None = None
    approvals: tuple[ApprovalLayer, ...] = ()
    constraints: tuple[ConstraintLayer, ...] = ()


class ImagerySettings(Settings):
    """``[imagery]`` (前后时相影像)."""

    before: str | None = Field(None, description="前时相 GeoTIFF")
    after: str | None = Field(None, description="后时相 GeoTIFF")


class HandSettings(Settings):
    """``[hand]`` (人工填报的台账,CSV 或 XLSX)."""

    rulings: Paths | None = Field(
        None,
        description="人工认定(一个或几个台账):change_id, township_code?, verdict, reason, ruled_by, ruled_on",
    )
    rectifications: str | None = Field(
        None,
        description="整改:change_id, township_code?, method, farmland_m2, accepted_on, document",
    )
    offices: str | None = Field(
        None, description="管辖:township_code, office_name, township_head?, office_head?"
    )
