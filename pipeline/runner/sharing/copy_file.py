"""The config of a copy that leaves the house, and the page beside it (副本配置与说明)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.geometry.motion import TARGET_CRS
from pipeline.project import Project

NOTICE = "脱密副本，地名、编号、坐标都已替换"
_COUNTY = "999999"


@dataclass(frozen=True)
class CopiedLayer:
    """A layer of the copy (副本图层): its section, its file, the fields it has, its kind or name."""

    section: str
    file: str
    columns: tuple[str, ...]
    extra: tuple[tuple[str, str], ...] = ()


def config_text(
    project: Project, layers: Iterable[CopiedLayer], hand: Mapping[str, str]
) -> str:
    """Return the TOML of the copy: the same lines, rules and cut-off day, nobody's names."""
    config = project.config
    inspection = {
        "name": "share",
        "county_code": _COUNTY,
        "county_name": "某县",
        "year": config.inspection.year,
        "crs": TARGET_CRS,
        "workspace": "workspace",
        "notice": NOTICE,
    }
    lines = config.accountability.model_dump()
    for unit in ("township", "county"):
        lines[unit]["basis"] = "依据略"
    return "\n".join(
        [
            *_section("inspection", inspection),
            *(line for layer in layers for line in _layer(project, layer)),
            *(_section("hand", hand) if hand else []),
            *_section("rules", config.rules.model_dump()),
            *_section("accountability", lines),
            *_section("area", {"kind": "plane"}),
        ]
    )


def _layer(project: Project, layer: CopiedLayer) -> list[str]:
    several = layer.section in {"approvals", "constraints"}
    values: dict[str, Any] = {"path": layer.file, "allow_empty": True, **dict(layer.extra)}
    if layer.section == "land_use":
        values["code_system"] = project.config.layers.land_use.code_system
    if layer.columns:
        values["fields"] = {column: column for column in layer.columns}
    head = f"[[layers.{layer.section}]]" if several else f"[layers.{layer.section}]"
    return [head, *(f"{key} = {_value(one)}" for key, one in values.items()), ""]


def _section(name: str, values: Mapping[str, Any]) -> list[str]:
    given = {key: value for key, value in values.items() if value is not None}
    return [f"[{name}]", *(f"{key} = {_value(one)}" for key, one in given.items()), ""]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, int | float | Decimal) or hasattr(value, "isoformat"):
        return value.isoformat() if hasattr(value, "isoformat") else str(value)
    return json.dumps(str(value), ensure_ascii=False)


PAGE = """脱密副本说明

这是一个案例的副本，供在内网之外查问题用。它能直接运行：
  python -m pipeline run share.toml

已经处理的：
  坐标    全部图层一起平移、旋转（并乘一个公共系数，使平面面积等于原来的计算面积），
          放到与本县无关的地方；彼此的重叠和面积不变，面积改按平面计算（[area] kind = "plane"）
  编号    图斑、乡镇、地类图斑、批文、验收文号换成顺序号，原来谁在前，现在还是谁在前
  名称    县、乡镇、管辖所、规划分区、认定人、管控图层换成代号(规则包点了名的规划分区照原样)
  文字    认定理由、用地单位、批准用途、问责线的依据、没有用到的字段全部不带
  影像    不带

没有隐去的：
  形状和面积    图斑、宗地的形状还在：手里有原图的人按形状、面积能认出是哪一块
  日期          图斑时相、批准日期、有效期、截止日照原样（规则按日期判）
  编码          地类、图斑类型（不是代码的写“不详”）、批准类型、田坎系数照原样
  关系          哪个批文盖住哪个图斑，哪些图斑在同一个乡镇，照原样

外发前请打开看一遍，并按本单位的规定办理审批。替换表和密钥只在原工作区的 share 文件夹里，不要外发。
"""
