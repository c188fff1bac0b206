"""Which rules decide, and which line is held against the ratio."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from pipeline.schema.settings import Settings
from pipeline.terms import Denominator, OfficialRatio


class RuleSettings(Settings):
    """``[rules]`` (认定规则)."""

    pack: str = Field(
        "default-2024", pattern=r"^[\w.-]+$", description="规则包:configs/rules/ 下的文件名"
    )
    sliver_width_m: Decimal = Field(
        Decimal("1.0"), ge=0, le=100, description="边角细缝:平均宽度小于此值(米);0 为不用此规则"
    )
    sliver_area_m2: Decimal = Field(
        Decimal(20), ge=0, le=10_000, description="边角细缝:面积小于此值(平方米)"
    )


class Line(Settings):
    """A line of accountability (问责线): the ratio, how it is compared, and on what basis."""

    ratio: Decimal = Field(gt=0, lt=1, description="比例,0 与 1 之间,如 0.08")
    comparison: Literal[">", ">="] = Field(description="超过用 >,达到用 >=")
    basis: str = Field(min_length=1, description="依据,印在线旁")


class AccountabilitySettings(Settings):
    """``[accountability]`` (问责口径)."""

    denominator: Denominator = Field(
        Denominator.NEW_FARMLAND,
        description="分母:new_farmland 新增建设用地占用耕地,new_construction 新增建设用地",
    )
    township: Line
    county: Line
    official: OfficialRatio = Field(
        OfficialRatio.NET,
        description="考核口径:ratio_gross 整改前,ratio_numerator 只减分子,ratio_net 分子分母同减",
    )
    as_of: date = Field(description="截止日:此日及以前验收的整改、批准的手续才计入")
    exempt_acts: tuple[str, ...] = Field(
        (), description='不计入分子的行为(仍计入分母),如 ["未供先用"]'
    )
