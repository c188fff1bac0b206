"""The pieces of one change and why each is what it is, as text (碎片与理由)."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.report.cells import cell_text, kind_label, ruled_label, verdict_label
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.safe_text import safe
from pipeline.report.standing import standing_label
from pipeline.report.text_table import Side, columns
from pipeline.units import m2_text, to_m2, to_units

_MOST = 60  # pieces listed, the largest first
_NAMED = 8  # pieces named under a rule

_Record = Mapping[Any, Any]
_HEAD = (
    "碎片",
    "乡镇",
    "地类图斑",
    "地类",
    "耕地",
    "永农",
    "规划分区",
    "依据批文",
    "面积(㎡)",
    "其中耕地(㎡)",
    "认定",
)
_SIDES: tuple[Side, ...] = (*("left",) * 8, "right", "right", "left")
# Why pieces are what they are: pieces alike in all of these are explained together.
_REASON = (
    "rule_id",
    "proposed_verdict",
    "ruled_verdict",
    "act",
    "legal_basis",
    "missing_evidence",
    "ruling_reason",
    "approval_no",
)


def pieces_lines(pieces: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return the pieces (schema ``JUDGED``) as a table, the largest first, with their sum."""
    if pieces.empty:
        return []
    ordered = pieces.sort_values(["area_m2", "piece_id"], ascending=[False, True])
    rows = [_row(record, names) for record in ordered.head(_MOST).to_dict("records")]
    lines = columns(_HEAD, rows, _SIDES)
    if len(pieces) > _MOST:
        lines.append(f"……另有 {len(pieces) - _MOST} 片未列")
    whole, farmland = (
        m2_text(float(to_m2(to_units(pieces[name].to_numpy(dtype=float)).sum())))
        for name in ("area_m2", "farmland_m2")
    )
    return [*lines, f"合计 {len(pieces)} 片，{whole} ㎡，其中耕地 {farmland} ㎡"]


def rules_lines(pieces: pd.DataFrame, heading: Heading) -> list[str]:
    """Return which rule decided which pieces, why, and on what legal basis."""
    groups: dict[tuple[str, ...], list[_Record]] = {}
    for record in pieces.to_dict("records"):
        groups.setdefault(tuple(cell_text(record[name]) for name in _REASON), []).append(record)
    ordered = sorted(groups.values(), key=lambda same: -_area(same))
    return [line for same in ordered for line in _rule(same, heading)]


def _rule(same: list[_Record], heading: Heading) -> list[str]:
    record = same[0]
    rule_id = str(record["rule_id"])
    name = heading.rule_name(rule_id)
    listed = "、".join(safe(piece["piece_id"]) for piece in same[:_NAMED])
    more = f"等 {len(same)} 片" if len(same) > _NAMED else ""
    lines = [
        f"规则 {safe(rule_id)}{'' if name == rule_id else f' {safe(name)}'} → 建议认定 {verdict_label(record['proposed_verdict'])}"
        + (f"（{safe(record['act'])}）" if not is_null(record["act"]) else "")
        + f"，{m2_text(_area(same))} ㎡：{listed}{more}"
    ]
    if not is_null(record["approval_no"]):
        kind, day = kind_label(record["approval_kind"]), cell_text(record["approved_on"])
        lines.append(f"   批文：{safe(record['approval_no'])}（{kind}，{day or '日期不全'}）")
    lines += _optional("依据", record["legal_basis"]) + _optional(
        "缺少证据", record["missing_evidence"]
    )
    if not is_null(record["ruled_verdict"]):
        reason = safe(record["ruling_reason"])
        lines.append(f"   人工认定为 {ruled_label(record['ruled_verdict'])}：{reason}")
    return lines


def _optional(title: str, value: object) -> list[str]:
    return [] if is_null(value) or not value else [f"   {title}：{safe(value)}"]


def _area(same: list[_Record]) -> float:
    return float(to_m2(to_units([record["area_m2"] for record in same]).sum()))


def _row(record: _Record, names: Mapping[str, str]) -> list[str]:
    code = record["township_code"]
    counted = record["counted_in"]
    verdict = standing_label(record["verdict"], is_ruled=not is_null(record["ruled_verdict"]))
    if not is_null(counted):
        verdict += f"（已计入 {safe(counted)}）"
    return [
        safe(record["piece_id"]),
        "县界外" if is_null(code) else names.get(str(code), safe(code)),
        safe(record["parcel_id"]) or "无",
        safe(record["land_class"]) or "无",
        cell_text(record["is_farmland"]),
        cell_text(record["is_permanent_farmland"]) or "无图层",
        safe(record["plan_zone"]) or "无",
        safe(record["approval_no"]) or "无",
        m2_text(record["area_m2"]),
        m2_text(record["farmland_m2"]),
        verdict,
    ]
