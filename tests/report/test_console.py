import pytest

from pipeline.errors import Finding
from pipeline.report.console import defects_text, ranking_text
from pipeline.report.text_table import width
from pipeline.terms import OfficialRatio
from tests.report import county


def printed(ranking, **changes):
    table = county.ranking(19)
    return ranking_text(
        ranking, county.county_row(table), county.heading(**changes), ["隔离记录 A-3"]
    )


def lines_of(text, *names):
    lines = text.split("\n")
    return [next(i for i, line in enumerate(lines) if name in line) for name in names]


def test_the_line_stands_between_those_over_it_and_those_on_or_under_it():
    text = printed(county.ranking(19))
    over, rule, on = lines_of(
        text, "白塔街道", "---- 问责线：超过 8%（依据：耕地保护责任状）", "云栖镇"
    )
    assert over + 1 == rule == on - 1
    assert "8.00000001%" in text.split("\n")[over]
    assert "8.0000%" in text.split("\n")[on]


def test_it_says_what_it_rests_on_and_encodes_in_gbk():
    text = printed(county.ranking(19), exempt_acts=("未供先用",))
    for part in (
        "（疑似）",
        "【示例数据，非真实结果】",
        "不计入分子的行为：未供先用",
        "截止日 2025-03-31",
        "图斑是线索，不是结论",
        "非部颁文件",
        "新增建设用地占用耕地，不排名：青禾镇",
        "全县 示例县：整改后 5.81%，未达到 15%（依据：15号令第三条）",
        "! 隔离记录 A-3",
    ):
        assert part in text, part
    text.encode("gbk")


def test_columns_line_up_under_chinese_names():
    lines = printed(county.ranking(19)).split("\n")
    table = [line for line in lines if line[:4].strip().isdigit()]
    first = lines[lines.index(table[0]) - 1]
    assert len(table) == 18
    assert {width(line) for line in table} == {width(first)}


def test_no_township_over_the_line_is_said_in_words():
    text = printed(county.ranking(3))
    said, rule = lines_of(text, "没有乡镇超过 8%", "---- 问责线")
    assert said + 1 == rule


def test_an_amount_too_small_for_mu_is_in_square_metres():
    ranking = county.ranking(19)
    assert "0.0001㎡" in printed(ranking)


def test_a_long_ranking_is_cut_with_a_count():
    text = ranking_text(
        county.ranking(60), county.county_row(county.ranking(60)), county.heading(), limit=10
    )
    assert "另有 49 个乡镇未列（其中触线 10 个），全表见 out/townships.csv" in text


def test_the_official_ratio_before_rectification_has_one_column():
    text = printed(county.ranking(3), official=OfficialRatio.GROSS)
    assert "整改后" not in text


def test_names_cannot_steer_the_screen():
    ranking = county.ranking(3)
    ranking["township_name"] = ["\x1b[31m红镇", "镇\u202e开", "很长" * 30]
    text = printed(ranking)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert r"\x1b[31m红镇" in text
    assert all(width(line) < 160 for line in text.split("\n"))


def finding(severity, code="c", record="R1", message="环自相交", layer="changes"):
    return Finding(layer, record, code, severity, message, "请改正")


def test_findings_are_listed_worst_first_with_counts():
    findings = [finding("noted"), finding("repaired", record="R2"), finding("quarantined")]
    text = defects_text(findings)
    assert text.split("\n")[0] == "输入问题 3 条：隔离 1，修复 1，提示 1"
    quarantined, repaired, noted = lines_of(text, "[隔离]", "[修复]", "[提示]")
    assert quarantined < repaired < noted
    assert "办法：请改正" in text
    assert text.endswith("全部问题见 out/defects.csv")
    text.encode("gbk")


def test_findings_of_one_kind_are_one_entry():
    text = defects_text([finding("repaired", record=f"R{i}") for i in range(500)])
    assert text.count("[修复]") == 1
    assert "R0：环自相交（同类共 500 条）" in text


def test_a_long_list_of_findings_is_cut_with_a_count():
    findings = [finding("noted", code=f"c{i % 20}") for i in range(40)]
    text = defects_text(findings, whole_list="见 别处.csv")
    assert text.count("[提示]") == 12
    assert "另有 8 类 16 条未列" in text
    assert "别处.csv" in text


@pytest.mark.parametrize("message", ["坏\x1b[2J", "坏\u2066"])
def test_messages_cannot_steer_the_screen(message):
    text = defects_text([finding("noted", message=message)])
    assert message not in text


def test_no_findings_is_said_in_words():
    assert defects_text([]) == "输入没有发现问题"
