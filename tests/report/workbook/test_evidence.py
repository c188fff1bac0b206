"""Cases to open, approvals used, rules applied, sources: rows worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.report.workbook.approval_use import QUARANTINED, UNUSED, USED, approval_rows
from pipeline.report.workbook.case_rows import case_rows
from pipeline.report.workbook.rule_use import rule_rows
from pipeline.report.workbook.source_rows import source_rows
from tests.report import book_world
from tests.report.county import heading


def test_cases_stand_by_what_is_at_stake():
    cases = case_rows(book_world.book())
    assert cases["change_id"].tolist() == ["C2", "C3", "C1"]
    assert cases["act"].tolist() == ["未批先建", "未批先建", "批少占多"]
    assert cases["illegal_m2"].tolist() == [2000, 1000, 1000]
    assert cases["illegal_permanent_farmland_m2"].tolist() == [1000, 0, 0]
    assert cases["legal_basis"].tolist() == ["《土地管理法》第七十七条"] * 3
    assert cases["standing"].tolist() == ["违法（人工认定）", "疑似违法", "疑似违法"]
    assert set(cases["found_by"]) == {"卫片"}


def test_suggestions_rest_on_the_facts_of_the_case():
    worst, late, over = case_rows(book_world.book())["suggestion"]
    assert "永久基本农田 1.50 亩，建议优先核查" in worst
    assert "已验收拆除复耕耕地 1.50 亩" in worst
    assert "法释" not in worst
    assert "截止日前已补办批准" in late
    assert over == "对照批准红线实测超出部分，属实的建议立案调查"


def test_two_acts_on_one_change_are_two_cases():
    judged = book_world.judged()
    judged.loc[judged["piece_id"] == "C2-2", "act"] = "未供先用"
    cases = case_rows(book_world.book(judged=judged))
    assert cases[["change_id", "act", "illegal_m2"]].to_numpy().tolist()[:2] == [
        ["C2", "未批先建", 1000],
        ["C2", "未供先用", 1000],
    ]


@pytest.mark.parametrize(("m2", "reached"), [(3333.3333, False), (3333.3334, True)])
def test_five_mu_of_permanent_farmland_are_named(m2, reached):
    judged = book_world.judged()
    judged.loc[judged["piece_id"] == "C2-1", ["area_m2", "farmland_m2"]] = m2
    first = case_rows(book_world.book(judged=judged))["suggestion"][0]
    assert ("法释〔2000〕14号第三条" in first) is reached


@pytest.mark.parametrize("referrals", [(), (book_world.pack().referrals[0],)])
def test_the_numbers_of_the_law_are_those_of_the_pack(referrals):
    ended = tuple(one.model_copy(update={"valid_until": date(2020, 1, 1)}) for one in referrals)
    pack = book_world.pack().model_copy(update={"referrals": ended})
    judged = book_world.judged()
    judged.loc[judged["piece_id"] == "C2-1", ["area_m2", "farmland_m2"]] = 9999.0
    data = replace(book_world.book(judged=judged), pack=pack)
    assert "研究是否移送" not in "".join(case_rows(data)["suggestion"])
    assert "研究是否移送" in "".join(case_rows(book_world.book(judged=judged))["suggestion"])


def test_the_first_step_for_an_act_is_that_of_the_pack_on_the_day():
    cases = case_rows(book_world.book()).set_index(["change_id", "act"])["suggestion"]
    assert cases["C1", "批少占多"].startswith("对照批准红线实测超出部分")
    assert cases["C2", "未批先建"].startswith("先看现场")
    bare = book_world.pack().model_copy(update={"first_steps": ()})
    bare_cases = case_rows(replace(book_world.book(), pack=bare))["suggestion"]
    assert all(text.startswith("实地核查") for text in bare_cases)


def test_exempt_acts_are_said_to_be_exempt():
    data = book_world.book(heading=heading(exempt_acts=("批少占多",)))
    assert case_rows(data)["suggestion"][2].endswith("按设置不计入占耕比分子")


def test_each_approval_tells_what_it_was_used_for():
    rows = approval_rows(book_world.book()).set_index("approval_no")
    assert rows["state"].to_dict() == {
        book_world.UNUSED: UNUSED,
        book_world.PAPER: USED,
        book_world.LATE: USED,
        book_world.SUPPLY: USED,
        "示政土〔2024〕8号": QUARANTINED,
    }
    areas = ["covered_m2", "legal_m2", "approved_later_m2", "expired_m2"]
    assert rows.loc[book_world.PAPER, areas].tolist() == [1000, 1000, 0, 0]
    assert rows.loc[book_world.LATE, areas].tolist() == [1000, 0, 1000, 0]
    assert rows.loc[book_world.SUPPLY, areas].tolist() == [1000, 1000, 0, 0]
    assert rows.loc[book_world.PAPER, "change_count"] == 1
    assert rows["approved"].iloc[0] == "2020-03-01"


def test_an_approval_that_ran_out_before_the_image_is_out_of_date():
    judged = book_world.judged()
    ends = book_world.date(2024, 6, 30)
    judged.loc[judged["piece_id"] == "C1-1", "supply_valid_until_latest"] = ends
    rows = approval_rows(book_world.book(judged=judged)).set_index("approval_no")
    assert rows.loc[book_world.SUPPLY, "expired_m2"] == 1000


def test_a_batch_with_many_holders_names_two():
    approvals = book_world.approvals()
    more = (
        approvals.iloc[[0]].assign(holder="乙公司"),
        approvals.iloc[[0]].assign(holder="丁公司"),
    )
    together = book_world.pd.concat([approvals, *more], ignore_index=True)
    rows = approval_rows(book_world.book(approvals=together)).set_index("approval_no")
    assert rows.loc[book_world.PAPER, "holder"] == "丁公司、乙公司等 3 家"
    assert rows.loc[book_world.PAPER, "records"] == 3


def test_rules_tell_what_they_decided():
    rows = rule_rows(book_world.pack(), book_world.judged())
    assert rows["rule_id"].tolist()[:4] == ["approved", "late", "over-extent", "unapproved"]
    assert rows["order"].tolist()[:5] == ["1", "2", "3", "4", "内置"]
    late = rows.set_index("rule_id").loc["late"]
    assert late[["piece_count", "change_count", "area_m2", "farmland_m2"]].tolist() == [
        *(2, 1, 1000, 900)
    ]
    assert late["legal_basis"] == "《土地管理法》第七十七条（2020-01-01 起）"
    assert late["dated"] == "later_than(conversion.approved, after_date)"
    assert rows["ruled_count"].sum() == 0


def test_a_ruling_against_the_rule_is_counted_there():
    judged = book_world.judged()
    judged.loc[judged["change_id"] == "C2", "proposed_verdict"] = "doubtful"
    rows = rule_rows(book_world.pack(), judged).set_index("rule_id")
    assert rows.loc["unapproved", "ruled_count"] == 2


def test_sources_name_every_input_and_no_folder_outside_the_project():
    rows = source_rows(book_world.SOURCES)
    assert rows["what"].tolist() == [
        *("程序", "配置", "规则包", "地类编码", "输入", "程序库", "程序库", "程序库")
    ]
    inputs = rows[rows["what"] == "输入"].iloc[0]
    assert inputs[["name", "rows", "sha256"]].tolist() == [
        "raw/changes.shp",
        3,
        "见 manifest.json",
    ]
    assert rows["name"].tolist()[2:4] == ["test.toml", "configs/codes.toml"]
