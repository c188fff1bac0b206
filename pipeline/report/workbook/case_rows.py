"""Cases that might be opened (立案建议): one row for each act on each change, worst first."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.report.print_text import printed
from pipeline.report.standing import standing_label
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.parcel_areas import breach_areas, joined
from pipeline.schema.table import Column, Kind
from pipeline.terms import Verdict
from pipeline.units import mu, mu_text

_KEY = ["change_id", "act"]
_LOOK = "实地核查"  # where the pack lays down no first step

CASES = (
    Column("number", "序号", Kind.COUNT),
    Column("change_id", "图斑编号", Kind.CODE),
    Column("township", "乡镇(街道)", Kind.TEXT),
    Column("act", "违法性质", Kind.TEXT),
    Column("standing", "认定", Kind.TEXT),
    Column("illegal_m2", "违法面积", Kind.AREA_M2),
    Column("illegal_farmland_m2", "其中耕地", Kind.AREA_M2),
    Column("illegal_permanent_farmland_m2", "其中永久基本农田", Kind.AREA_M2),
    Column("suggestion", "处理建议(不是决定)", Kind.TEXT),
    Column("legal_basis", "依据条文", Kind.TEXT),
    Column("found_by", "发现途径", Kind.TEXT),
)


def case_rows(data: BookData) -> pd.DataFrame:
    """Return what ``CASES`` names: the permanent farmland at stake first, then farmland, then area."""
    judged = data.judged.assign(act=data.judged["act"].fillna("违法用地"))
    frame = breach_areas(judged, _KEY).reset_index()
    if not data.has_permanent_farmland:
        frame["illegal_permanent_farmland_m2"] = np.nan
    towns = data.changes.set_index("change_id")["township_code"].map(data.township_names)
    illegal = judged[judged["verdict"] == Verdict.ILLEGAL.value]
    illegal = illegal.assign(case=illegal["change_id"] + "\n" + illegal["act"])
    case = frame["change_id"] + "\n" + frame["act"]
    frame["legal_basis"] = case.map(joined(illegal, "case", ["legal_basis"])["legal_basis"])
    signed = illegal["ruled_verdict"].notna().groupby(illegal["case"]).mean()
    frame["standing"] = case.map(signed).map(_standing)
    frame["township"] = frame["change_id"].map(towns)
    frame["found_by"] = "卫片"
    reclaimed = data.rectified.groupby("change_id")["reclaimed_farmland_m2"].sum()
    frame["reclaimed_m2"] = frame["change_id"].map(reclaimed).fillna(0.0)
    frame["suggestion"] = [_suggestion(row, data) for row in frame.to_dict("records")]
    worst = ["illegal_permanent_farmland_m2", "illegal_farmland_m2", "illegal_m2"]
    frame = frame.sort_values([*worst, *_KEY], ascending=[False] * 3 + [True] * 2)
    frame["number"] = np.arange(1, len(frame) + 1)
    return frame.reset_index(drop=True)


def _standing(signed: float) -> str:
    """Return whose word a case is, by the share of its pieces that people ruled on."""
    if 0 < signed < 1:
        return "违法（部分经人工认定）"
    return standing_label(Verdict.ILLEGAL, is_ruled=signed == 1)


def _suggestion(row: dict[Any, Any], data: BookData) -> str:
    """Return what a row suggests to do; nobody has decided anything."""
    day = data.heading.as_of
    parts = [printed(data.pack.first_step(row["act"], day) or _LOOK)]
    permanent = row["illegal_permanent_farmland_m2"]
    permanent = 0.0 if permanent != permanent else permanent  # noqa: PLR0124  (NaN)
    other = row["illegal_farmland_m2"] - permanent
    if permanent > 0:
        parts.append(f"涉及永久基本农田 {mu_text(permanent)} 亩，建议优先核查")
    parts += [
        f"面积达到{referral.article}所列数量，核查种植条件毁坏程度，由有权机关研究是否移送"
        for referral in data.pack.referrals
        if referral.in_force(day, day) and referral.is_reached(mu(permanent), mu(other))
    ]
    if row["late_m2"] >= row["illegal_m2"]:
        parts.append("截止日前已补办批准，核对批准文件和处罚情况")
    elif row["late_m2"] > 0:
        parts.append(f"其中 {mu_text(row['late_m2'])} 亩截止日前已补办批准")
    if row["reclaimed_m2"] > 0:
        parts.append(
            f"该图斑台账已验收拆除复耕耕地 {mu_text(row['reclaimed_m2'])} 亩，核查现场"
        )
    if row["act"] in data.heading.exempt_acts:
        parts.append("按设置不计入占耕比分子")
    return "；".join(parts)
