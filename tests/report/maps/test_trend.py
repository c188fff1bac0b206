"""The trend: which inspections may stand on one axis, and what the page says of them."""

import pytest

from pipeline.errors import PipelineError
from pipeline.report.fonts import chinese_style
from pipeline.report.maps.trend import draw_trend, trend_figures
from pipeline.report.maps.trend_series import in_order, notes_of, township_series
from pipeline.terms import Denominator, OfficialRatio
from tests.report import small_county
from tests.report.pages import overlapping, text_of

NOW = small_county.result()
BEFORE = small_county.earlier(illegal={"甲镇": 7_000, "乙镇": 10_000})


def test_inspections_are_told_by_their_day_whatever_the_order_given():
    assert [one.heading.year for one in in_order([NOW, BEFORE])] == [2023, 2024]


def test_a_series_has_a_gap_where_a_township_was_not():
    series = township_series([BEFORE, NOW])
    assert [one.name for one in series] == ["甲镇", "丙镇", "乙镇"]
    assert [one.ratios for one in series] == [[0.07, 0.09], [None, 0.08], [0.1, 0.06]]
    assert [one.are_over for one in series] == [[False, True], [False, False], [True, False]]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"official": OfficialRatio.GROSS}, "考核口径:整改前"),
        ({"denominator": Denominator.NEW_CONSTRUCTION}, "分母:新增建设用地"),
    ],
)
def test_other_quantities_are_never_on_one_axis(other, said):
    with pytest.raises(PipelineError, match=said):
        in_order([small_county.earlier(**other), NOW])


def test_another_county_is_refused():
    stranger = small_county.earlier()
    stranger.county["county_code"] = "990102"
    with pytest.raises(PipelineError, match="不是同一个县"):
        in_order([stranger, NOW])


def test_one_inspection_is_no_trend_and_two_are_not_the_same_one():
    with pytest.raises(PipelineError, match="至少要两次检查"):
        in_order([NOW])
    with pytest.raises(PipelineError, match="写了两遍"):
        in_order([NOW, NOW])


def test_another_line_is_drawn_as_it_was_and_told():
    before = small_county.earlier(township=small_county.line("0.10"))
    assert notes_of([before, NOW]) == ["demo-2023 到 demo-2024 口径有变：乡镇问责线"]
    assert township_series([before, NOW])[0].lines == [0.10, 0.08]


def test_the_page_reads_back(tmp_path):
    pdf, again = tmp_path / "trend.pdf", tmp_path / "again.pdf"
    draw_trend([NOW, BEFORE], pdf)
    draw_trend([BEFORE, NOW], again)
    assert pdf.read_bytes() == again.read_bytes()
    text = text_of(pdf)
    for part in (
        "示例县2023–2024年度卫片执法检查乡镇违法占用耕地比例趋势（疑似）",
        "2次检查",
        "全县",
        "甲镇",
        "9.00%",
        "升2.00",
        "降4.00",
        "demo-2023：截止2024-03-31",
    ):
        assert part in text, part


@pytest.mark.parametrize(("townships", "pages"), [(2, 1), (19, 1), (64, 2)])
def test_every_township_has_a_panel_and_nothing_covers_anything_else(townships, pages):
    illegal = {f"第{i:03d}街道": 200 * i for i in range(townships)}
    results = [small_county.earlier(year, illegal=illegal) for year in (2020, 2021, 2022, 2023)]
    with chinese_style():
        drawn = trend_figures(in_order(results))
        assert len(drawn) == pages
        assert sum(len(page.axes) - 1 for page in drawn) == townships + 1
        assert [overlapping(page) for page in drawn] == [[]] * pages
