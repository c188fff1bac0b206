"""A small county for the workbook: three changes, seven pieces, every figure known by hand.

C1 (2,000 m²) is legal on its first half and built beyond its approval on the second; C2 (2,000 m²)
was built without approval, half of it on permanent farmland, and reclaimed in part; C3 (1,000 m²)
was approved after the fact, in time, on ground a tenth of which has no land class.
"""

from datetime import date
from typing import Any

import pandas as pd

from pipeline.report.workbook.data import BookData
from pipeline.rules.pack import Basis, FirstStep, Referral, Rule, RulePack
from pipeline.terms import ApprovalKind, Verdict
from tests.report import county

LEGAL, ILLEGAL = "legal", "illegal"
PAPER, LATE, SUPPLY, UNUSED = (
    "示政土〔2023〕1号",
    "示政土〔2025〕2号",
    "示土出〔2023〕1号",
    "示政土〔2020〕9号",
)

# piece, change, township, group, farmland share, area, permanent, verdict, rule, act, paper, late
_PIECES = (
    ("C1-1", "C1", 1, "farm", 0.9, 1000.0, False, LEGAL, "approved", None, PAPER, False),
    ("C1-2", "C1", 1, "farm", 0.0, 600.0, False, ILLEGAL, "over-extent", "批少占多", None, False),
    ("C1-3", "C1", 1, "unused", 0.0, 400.0, False, ILLEGAL, "over-extent", "批少占多", None, False),
    ("C2-1", "C2", 1, "farm", 1.0, 1000.0, True, ILLEGAL, "unapproved", "未批先建", None, False),
    ("C2-2", "C2", 2, "farm", 1.0, 1000.0, False, ILLEGAL, "unapproved", "未批先建", None, False),
    ("C3-1", "C3", 2, "farm", 1.0, 900.0, False, ILLEGAL, "late", "未批先建", LATE, True),
    ("C3-2", "C3", 2, None, 0.0, 100.0, False, ILLEGAL, "late", "未批先建", LATE, True),
)  # fmt: skip


def code(number: int) -> str:
    return f"990101{number:03d}"


def judged() -> pd.DataFrame:
    rows = [_piece(*piece) for piece in _PIECES]
    frame = pd.DataFrame(rows)
    texts = [
        name
        for name in frame
        if frame[name].map(type).isin([str, type(None)]).all()
        and not name.endswith(("_earliest", "_latest"))
    ]
    return frame.astype(dict.fromkeys(texts, "str"))


def _piece(*row: Any) -> dict[str, Any]:
    piece, change, township, group, share, area, permanent, verdict, rule, act, paper, late = (
        row
    )
    is_late = paper == LATE
    approved = None if paper is None else date(2025, 2, 1) if is_late else date(2023, 5, 1)
    return {
        "piece_id": piece,
        "change_id": change,
        "counted_in": None,
        "township_code": code(township),
        "parcel_id": f"P-{piece}",
        "land_class": "0101" if share else None,
        "land_group": group,
        "is_farmland": share > 0,
        "is_permanent_farmland": permanent,
        "plan_zone": "农田保护区" if permanent else "乡村发展区",
        "area_m2": area,
        "farmland_m2": area * share,
        "conversion_no": paper,
        "conversion_on": approved,
        "conversion_approved_earliest": approved,
        "conversion_approved_latest": approved,
        "conversion_valid_until_latest": None,
        "supply_no": SUPPLY if paper == PAPER else None,
        "supply_on": date(2023, 6, 1) if paper == PAPER else None,
        "supply_approved_earliest": date(2023, 6, 1) if paper == PAPER else None,
        "supply_valid_until_latest": None,
        "approval_no": paper,
        "approval_kind": "conversion" if paper else None,
        "approved_on": approved,
        "proposed_verdict": verdict,
        "ruled_verdict": ILLEGAL if change == "C2" else None,
        "verdict": verdict,
        "rule_id": rule,
        "act": act,
        "legal_basis": "《土地管理法》第七十七条" if act else None,
        "missing_evidence": None,
        "ruling_reason": "现场已建厂房" if change == "C2" else None,
        "is_regularised": late,
    }


def changes() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "change_id": ["C1", "C2", "C3"],
            "township_code": [code(1), code(1), code(2)],
            "area_m2": [2000.0, 2000.0, 1000.0],
            "farmland_m2": [900.0, 2000.0, 900.0],
            "permanent_farmland_m2": [0.0, 1000.0, 0.0],
            "legal_m2": [1000.0, 0.0, 0.0],
            "illegal_m2": [1000.0, 2000.0, 1000.0],
            "illegal_farmland_m2": [0.0, 2000.0, 900.0],
            "illegal_permanent_farmland_m2": [0.0, 1000.0, 0.0],
            "verdict": pd.Series(["illegal"] * 3, dtype="str"),
            "rule_id": ["over-extent", "unapproved", "late"],
            "reason": ["超出批准范围", "未见批准", "后补批准"],
        }
    )
    return frame.assign(other_m2=0.0, doubtful_m2=0.0, outside_m2=0.0)


def ranking() -> pd.DataFrame:
    sums = {
        "township_code": [code(1), code(2)],
        "township_name": ["甲镇", "乙乡"],
        "office_name": "东所",
        "change_count": [2, 2],
        "illegal_count": [2, 2],
        "area_m2": [3000.0, 2000.0],
        "new_construction_m2": [3000.0, 2000.0],
        "legal_farmland_m2": [900.0, 0.0],
        "illegal_farmland_m2": [1000.0, 1900.0],
        "doubtful_farmland_m2": 0.0,
        "new_farmland_m2": [1900.0, 1900.0],
        "illegal_permanent_farmland_m2": [1000.0, 0.0],
        "reclaimed_farmland_m2": [1000.0, 0.0],
        "regularised_farmland_m2": [0.0, 900.0],
        "exempt_farmland_m2": 0.0,
        "ratio_gross": [10 / 19, 1.0],
        "ratio_numerator": [0.0, 1.0],
        "ratio_net": [0.0, 1.0],
        "ratio_with_regularised": [0.0, 10 / 19],
        "ratio_low": [0.0, 1.0],
        "ratio_high": [0.0, 1.0],
        "quarantined_count": [1, 0],
    }
    return county.ranked(pd.DataFrame(sums))


def whole(units: pd.DataFrame) -> pd.DataFrame:
    return county.county_row(units).assign(change_count=3, illegal_count=3)


def pack() -> RulePack:
    article = Basis(
        article="《土地管理法》第七十七条", valid_from=date(2020, 1, 1), valid_until=None
    )
    rules = (
        Rule(
            id="approved", name="已批已供", when="covered_by(conversion)", verdict=Verdict.LEGAL
        ),
        Rule(
            id="late",
            name="后补批准",
            when="covered_by(conversion)",
            dated="later_than(conversion.approved, after_date)",
            verdict=Verdict.ILLEGAL,
            act="未批先建",
            rests_on=ApprovalKind.CONVERSION,
            legal_basis=(article,),
        ),
        Rule(
            id="over-extent",
            name="超出批准范围",
            when="change_has_legal_piece",
            verdict=Verdict.ILLEGAL,
            act="批少占多",
        ),
        Rule(
            id="unapproved",
            name="未见有效批准手续",
            when="TRUE",
            verdict=Verdict.ILLEGAL,
            act="未批先建",
            legal_basis=(article,),
        ),
    )
    return RulePack(
        name="test",
        title="试用规则",
        change_types={"20": "建筑"},
        rules=rules,
        referrals=(
            Referral(
                article="法释〔2000〕14号第三条",
                permanent_farmland_mu=5,
                other_farmland_mu=10,
                valid_from=date(2000, 6, 22),
            ),
        ),
        first_steps=(
            FirstStep(
                act="批少占多",
                step="对照批准红线实测超出部分，属实的建议立案调查",
                valid_from=date(2020, 1, 1),
            ),
            FirstStep(act="批少占多", step="旧办法", valid_until=date(2019, 12, 31)),
            FirstStep(step="先看现场"),
        ),
    )


def approvals() -> pd.DataFrame:
    days = [date(2023, 5, 1), date(2025, 2, 1), date(2023, 6, 1), date(2020, 3, 1)]
    return pd.DataFrame(
        {
            "approval_kind": ["conversion", "conversion", "supply", "conversion"],
            "approval_no": [PAPER, LATE, SUPPLY, UNUSED],
            "approved_earliest": days,
            "approved_latest": days,
            "valid_from_earliest": None,
            "valid_from_latest": None,
            "valid_until_earliest": None,
            "valid_until_latest": None,
            "holder": ["甲公司", "乙公司", "甲公司", "丙公司"],
            "land_use_purpose": [None, None, "工业用地", None],
        }
    )


def received() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "change_id": ["C1", "C2", "C3"],
            "change_type": "20",
            "before_earliest": date(2023, 10, 1),
            "before_latest": date(2023, 10, 1),
            "after_earliest": date(2024, 9, 30),
            "after_latest": date(2024, 9, 30),
        }
    )


SOURCES = {
    "program": {
        "version": "9.9",
        "code_sha256": "ab" * 32,
        "python": "3.11.7",
        "libraries": {"numpy": "2.0", "duckdb": "1.0"},
    },
    "config": {"path": "demo.toml", "sha256": "cd" * 32},
    "rule_pack": {"name": "test", "path": "/somewhere/rules/test.toml", "sha256": "ef" * 32},
    "code_system": {"name": "sandiao-2020", "path": "configs/codes.toml", "sha256": "01" * 32},
    "inputs": [{"path": "raw/changes.shp", "sha256": "23" * 32, "rows": 3}],
}


def book(**values: object) -> BookData:
    """The world as the workbook takes it; named values in place of its own."""
    units = ranking()
    given: dict[str, object] = {
        "heading": county.heading(rule_names={"unapproved": "未见有效批准手续"}),
        "pack": pack(),
        "kinds": (ApprovalKind.CONVERSION, ApprovalKind.SUPPLY),
        "ranking": units,
        "offices": county.offices(),
        "county": whole(units),
        "changes": changes(),
        "judged": judged(),
        "rectified": pd.DataFrame(
            {
                "change_id": ["C2", "C2", "C3"],
                "township_code": [code(1), code(2), code(2)],
                "illegal_farmland_m2": [1000.0, 1000.0, 900.0],
                "exempt_farmland_m2": 0.0,
                "reclaimed_farmland_m2": [1000.0, 0.0, 0.0],
                "regularised_farmland_m2": [0.0, 0.0, 900.0],
            }
        ),
        "coverage": pd.DataFrame(
            {
                "change_id": ["C1", "C1", "C3"],
                "approval_no": [PAPER, SUPPLY, LATE],
                "approval_kind": ["conversion", "supply", "conversion"],
                "approved_on": None,
                "area_m2": [1000.0, 1000.0, 1000.0],
            }
        ),
        "constraint_areas": pd.DataFrame(
            {"change_id": ["C2"], "constraint_name": ["生态保护红线"], "area_m2": [300.0]}
        ),
        "constraint_names": ["生态保护红线"],
        "received": received(),
        "approvals": approvals(),
        "quarantine": pd.DataFrame(
            {"layer": ["approvals", "land_use"], "record": ["示政土〔2024〕8号", "P9"]}
        ),
        "rulings": pd.DataFrame(
            {
                "change_id": ["C2", "C9"],
                "verdict": ["illegal", "legal"],
                "ruled_by": ["王某", "李某"],
                "ruled_on": [date(2025, 1, 8), date(2025, 1, 9)],
            }
        ),
        "defects": county.defects(7),
        "sources": SOURCES,
    }
    return BookData(**{**given, **values})  # type: ignore[arg-type]
