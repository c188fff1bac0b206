from decimal import Decimal

import pytest

from pipeline.report.heading import line_text
from pipeline.rules.settings import Line
from pipeline.terms import Denominator, OfficialRatio
from tests.report import county


def test_the_words_of_a_line_tell_whether_the_line_itself_counts():
    heading = county.heading()
    assert line_text(heading.township) == "超过 8%"
    assert line_text(heading.county) == "达到 15%"


def test_the_title_names_county_and_year_and_says_suspected():
    assert (
        county.heading().title
        == "示例县 2024 年度卫片执法检查 乡镇违法占用耕地比例排名（疑似）"
    )


@pytest.mark.parametrize(
    ("official", "formula"),
    [
        (OfficialRatio.GROSS, "违法占用耕地 ÷ 新增建设用地"),
        (OfficialRatio.NUMERATOR, "（违法占用耕地 － 拆除复耕）÷ 新增建设用地"),
        (OfficialRatio.NET, "（违法占用耕地 － 拆除复耕）÷（新增建设用地 － 拆除复耕）"),
    ],
)
def test_the_formula_follows_ratio_and_denominator(official, formula):
    heading = county.heading(official=official, denominator=Denominator.NEW_CONSTRUCTION)
    assert heading.formula == formula


def test_the_basis_names_everything_the_figures_rest_on():
    line = Line(ratio=Decimal("0.08"), comparison=">", basis="责任状第 3 条")
    heading = county.heading(township=line, exempt_acts=("未供先用",))
    text = "\n".join(f"{name}：{value}" for name, value in heading.basis())
    for part in (
        "超过 8%（依据：责任状第 3 条）",
        "达到 15%",
        "2025-03-31",
        "未供先用",
        "椭球面积",
        "EPSG:4549",
        "非部颁文件",
        "分母：新增建设用地占用耕地",
    ):
        assert part in text
    text.encode("gbk")
