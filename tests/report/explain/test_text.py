"""One change of 155 m²: 100 illegal on farmland, 50 ruled legal, 5 outside every township."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from pipeline.report.explain.text import Evidence, explain_text
from pipeline.schema import derived, received
from pipeline.terms import Denominator
from tests.report import county

TOWN = "990101005"  # 石门街道


def frame(table, *rows):
    blank = dict.fromkeys(table.names)
    return pd.DataFrame([{**blank, **row} for row in rows], columns=table.names)


def piece(number, area, farmland, **columns):
    return {
        "piece_id": f"C1-{number}",
        "change_id": "C1",
        "township_code": TOWN,
        "land_class": "0101" if farmland else "0601",
        "is_farmland": farmland > 0,
        "is_permanent_farmland": False,
        "area_m2": area,
        "farmland_m2": farmland,
        "is_regularised": False,
        **columns,
    }


ILLEGAL = piece(
    1,
    100.0,
    95.0,
    proposed_verdict="illegal",
    verdict="illegal",
    rule_id="unapproved",
    act="未批先建",
    legal_basis="《土地管理法》第七十七条",
    missing_evidence="图斑类型",
)
RULED = piece(
    2,
    50.0,
    0.0,
    proposed_verdict="illegal",
    ruled_verdict="legal",
    verdict="legal",
    rule_id="unapproved",
    ruling_reason="现场核实",
    approval_no="示例〔2023〕1号",
    approval_kind="conversion",
    approved_on=date(2023, 5, 1),
)
OUTSIDE = piece(3, 5.0, 0.0, township_code=None, rule_id="outside")
TOWNSHIP = {
    "township_code": TOWN,
    "township_name": "石门街道",
    "illegal_farmland_m2": 200.0,
    "exempt_farmland_m2": 10.0,
    "new_farmland_m2": 950.0,
    "new_construction_m2": 1500.0,
    "reclaimed_farmland_m2": 40.0,
    "ratio_gross": 0.2,
    "ratio_net": 150 / 910,
    "is_accountable": True,
}
EVIDENCE = Evidence(
    change_id="C1",
    source="changes.shp",
    original={"JCBH": "C1", "BZ": "备注\x1b[31m", "TBMJ": None},
    received=frame(
        received.CHANGES,
        {
            "change_id": "C1",
            "after_earliest": date(2024, 9, 1),
            "after_latest": date(2024, 9, 30),
        },
    ),
    pieces=frame(derived.JUDGED, OUTSIDE, RULED, ILLEGAL),
    coverage=frame(
        derived.COVERAGE,
        {"approval_no": "示例〔2023〕1号", "approval_kind": "conversion", "area_m2": 50.0},
    ),
    constraints=frame(
        derived.CONSTRAINT_AREAS, {"constraint_name": "生态保护红线", "area_m2": 3.0}
    ),
    rulings=frame(
        received.RULINGS,
        {
            "township_code": TOWN,
            "verdict": "legal",
            "reason": "现场核实",
            "ruled_by": "张三",
            "ruled_on": date(2025, 1, 2),
        },
    ),
    rectifications=frame(
        received.RECTIFICATIONS,
        {
            "method": "拆除复耕",
            "farmland_m2": 30.0,
            "accepted_earliest": date(2025, 1, 1),
            "accepted_latest": date(2025, 1, 31),
        },
    ),
    rectified=frame(
        derived.RECTIFIED,
        {
            "township_code": TOWN,
            "illegal_farmland_m2": 95.0,
            "reclaimed_farmland_m2": 20.0,
            "regularised_farmland_m2": 0.0,
        },
    ),
    result=county.changes(1),
    townships=frame(derived.TOWNSHIP_RANKING, TOWNSHIP),
    findings=frame(
        derived.DEFECTS,
        {"layer": "changes", "code": "ring", "severity": "repaired", "message": "环自相交"},
    ),
)


def explained(**changes):
    names = {"unapproved": "未见有效批准手续", "outside": "各乡镇界外"}
    heading = county.heading(rule_names=names, **changes)
    return explain_text(EVIDENCE, heading)


@pytest.mark.parametrize(
    "part",
    [
        "来自 changes.shp",
        "JCBH = C1",
        r"BZ = 备注\x1b[31m",
        "TBMJ = （空）",
        "后时相（最晚）：2024-09-30",
        "[修复] changes ring：环自相交",
        "合计 3 片，155.00 ㎡，其中耕地 95.00 ㎡",
        "规则 unapproved 未见有效批准手续 → 建议认定 疑似违法（未批先建），100.00 ㎡：C1-1",
        "依据：《土地管理法》第七十七条",
        "缺少证据：图斑类型",
        "批文：示例〔2023〕1号（农用地转用，2023-05-01）",
        "人工认定为 合法：现场核实",
        "2025-01-02 张三：合法，理由：现场核实（石门街道）",
        "生态保护红线",
        "台账：拆除复耕 30.00 ㎡，验收 2025-01-01 至 2025-01-31，文号 无（全图斑）",
        "计入：石门街道 违法占用耕地 95.00 ㎡，其中拆除复耕 20.00 ㎡",
        "各乡镇界外 5.00 ㎡，不计入任何乡镇",
        "图斑是线索，不是结论",
        "【示例数据，非真实结果】",
    ],
)
def test_the_whole_way_of_a_change_is_told(part):
    assert part in explained()


def test_the_share_is_held_against_the_townships_own_measures():
    text = explained()
    assert "分子（违法占用耕地）本图斑 95.00 ㎡，全乡镇 190.00 ㎡，占 50.00%" in text
    assert "分母（新增建设用地占用耕地）本图斑 95.00 ㎡，全乡镇 950.00 ㎡，占 10.00%" in text
    assert "拆除复耕 本图斑 20.00 ㎡，全乡镇 40.00 ㎡，占 50.00%" in text
    assert "乡镇整改前 20.00%，整改后（分子分母同减） 16.48%，疑似超过 8%" in text


def test_exempt_acts_leave_the_numerator_and_the_denominator_may_be_area():
    text = explained(exempt_acts=("未批先建",), denominator=Denominator.NEW_CONSTRUCTION)
    assert "分子（违法占用耕地）本图斑 0.00 ㎡" in text
    assert "分母（新增建设用地）本图斑 150.00 ㎡，全乡镇 1,500.00 ㎡，占 10.00%" in text


def test_pieces_are_listed_the_largest_first():
    text = explained()
    assert (
        text.index("C1-1  石门街道") < text.index("C1-2  石门街道") < text.index("C1-3  县界外")
    )
    assert "合法（人工认定）" in text


def test_what_there_is_none_of_is_said():
    bare = replace(EVIDENCE, **{name: getattr(EVIDENCE, name).iloc[:0] for name in TABLES})
    text = explain_text(replace(bare, original={}, source=""), county.heading(notice=""))
    assert text.count("   无") == 11


TABLES = [
    "received",
    "pieces",
    "coverage",
    "constraints",
    "rulings",
    "rectifications",
    "rectified",
    "result",
    "townships",
    "findings",
]


def test_it_encodes_in_gbk_and_cannot_steer_the_screen():
    text = explained()
    text.encode("gbk")
    assert "\x1b" not in text
