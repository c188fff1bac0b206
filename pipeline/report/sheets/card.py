"""The registration card of a sheet (登记卡): what the tables know, and blanks for what they do not."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.report.explain.text import Evidence
from pipeline.report.figures import is_null
from pipeline.report.safe_text import safe, shorten
from pipeline.report.sheets.annex import constraints_of
from pipeline.report.sheets.day_text import days_text
from pipeline.report.sheets.names import NONE, SheetNames
from pipeline.report.sheets.opinion import farmland_left
from pipeline.terms import ApprovalKind
from pipeline.units import half_up, m2_text, mu_text

_LONG = 48
_Record = Mapping[Any, Any]
_Field = dict[str, object]


def card_of(
    evidence: Evidence,
    approvals: Sequence[_Record],
    ground: Mapping[str, object],
    names: SheetNames,
) -> list[_Field]:
    """Return the fields of the card in reading order, three a row.

    ``approvals``: the records that meet the change; ``ground``: ``sheet_areas.ground_of``.
    """
    received = evidence.received.to_dict("records")[0]
    result = evidence.result.to_dict("records")[0]
    left = farmland_left(evidence.rectified)
    town = evidence.townships[evidence.townships["township_code"] == result["township_code"]]
    office = safe(town["office_name"].iloc[0]) if len(town) else NONE
    code = NONE if is_null(result["township_code"]) else safe(result["township_code"])
    permanent = result["permanent_farmland_m2"]
    return [
        _field("图斑编号", evidence.change_id),
        _field("图斑类型", names.change_type(received["change_type"])),
        _field("所在乡镇", f"{names.township(result['township_code'])}　{code}"),
        _field("前时相", days_text(received["before_earliest"], received["before_latest"])),
        _field("后时相", days_text(received["after_earliest"], received["after_latest"])),
        _field("管辖所", office),
        _field("图斑面积", f"{ground['whole']} ㎡　{mu_text(result['area_m2'])} 亩"),
        _field("监测面积", _stated(received["stated_area_m2"], result["area_m2"])),
        _field("占管控图层", constraints_of(evidence.constraints) or "无"),
        _field("占耕地", f"{ground['farmland']} ㎡"),
        _field("永久基本农田", "无图层" if is_null(permanent) else f"{m2_text(permanent)} ㎡"),
        _field("非耕农用地", _farm(ground)),
        _field("建设用地", f"{ground['construction']} ㎡"),
        _field("未利用地", f"{ground['unused']} ㎡"),
        _field("违法占耕地", f"{left['illegal']} ㎡"),
        _field("转征收批准", _papers(approvals, ApprovalKind.CONVERSION)),
        _field("供地批准", _papers(approvals, ApprovalKind.SUPPLY)),
        _field("整改与剩余", _left(left)),
        _field("批准用途", _said(approvals, "land_use_purpose")),
        _field("用地单位", _said(approvals, "holder")),
        _field("实际用途", ""),
        _field("图斑位置", ""),
        _field("用地时间", ""),
        _field("宗地号", ""),
    ]


def _field(label: str, value: object) -> _Field:
    """Return one field; an empty one is ruled, to be filled in by hand."""
    return {"label": label, "value": shorten(safe(value), _LONG)}


def _stated(stated: Any, area_m2: float) -> str:
    if is_null(stated):
        return NONE
    difference = half_up(area_m2) - half_up(stated)
    if not difference:
        return f"{m2_text(stated)} ㎡（与量算相同）"
    return f"{m2_text(stated)} ㎡（量算{'多' if difference > 0 else '少'} {abs(difference):,}）"


def _farm(ground: Mapping[str, object]) -> str:
    text = f"{ground['not_farmland']} ㎡"
    return f"{text}（含田坎 {ground['ridge']}）" if ground["has_ridge"] else text


def _left(left: Mapping[str, str]) -> str:
    return f"复耕 {left['reclaimed']}、补办 {left['regularised']}，余 {left['left']} ㎡"


def _papers(approvals: Sequence[_Record], kind: ApprovalKind) -> str:
    texts = [
        f"{safe(one['approval_no'])}，{days_text(one['approved_earliest'], one['approved_latest'])}"
        for one in approvals
        if one["approval_kind"] == kind.value
    ]
    different = list(dict.fromkeys(texts))
    return (
        (different[0] + (f" 等 {len(different)} 件" if len(different) > 1 else ""))
        if different
        else "无"
    )


def _said(approvals: Sequence[_Record], column: str) -> str:
    """Return what the approvals say, empty (a blank to fill in) where none says anything."""
    return "、".join(
        dict.fromkeys(safe(one[column]) for one in approvals if not is_null(one[column]))
    )
