"""The county map: parts counted by hand, and a page on which nothing covers anything else."""

import pytest

from pipeline.report.fonts import chinese_style
from pipeline.report.maps.contributions import contributions
from pipeline.report.maps.county_map import county_figure, draw_county_map
from pipeline.report.ranking_rows import official_parts, ranking_rows
from tests.report import county, small_county
from tests.report.pages import overlapping, text_of


def parts_of(result, most=40):
    whole = official_parts(result.county.to_dict("records")[0], result.heading)
    return contributions(ranking_rows(result.ranking, result.heading), whole, most)


def test_the_parts_are_shares_of_the_numerator_and_points_of_the_ratio():
    # 23,000 of 300,000: 甲 9,000 = 39.13 % of the numerator, 3.00 points of 7.67 %
    parts = parts_of(small_county.result())
    assert [part.name for part in parts] == ["甲镇", "丙镇", "乙镇"]
    assert [part.points for part in parts] == pytest.approx([0.03, 8 / 300, 0.02])
    assert [part.share for part in parts] == pytest.approx([9 / 23, 8 / 23, 6 / 23])
    assert [part.running for part in parts] == pytest.approx([9 / 23, 17 / 23, 1])
    assert sum(part.points for part in parts) == pytest.approx(23 / 300)


def test_what_was_reclaimed_is_in_the_grey_only():
    (first, *_) = parts_of(small_county.result(reclaimed={"甲镇": 500}))
    assert (first.area_m2, first.gross_m2) == (8_500, 9_000)


def test_beyond_so_many_rows_the_rest_is_one():
    first, rest = parts_of(small_county.result(), most=2)
    assert (first.name, rest.name) == ("甲镇", "其余 2 个")
    assert rest.area_m2 == 14_000
    assert rest.running == pytest.approx(1)


def test_a_county_without_illegal_farmland_has_parts_of_nothing():
    parts = parts_of(small_county.result({"甲镇": 0, "乙镇": 0}))
    assert [part.share for part in parts] == [0, 0]


def test_a_county_without_anything_to_draw_is_a_page_too(tmp_path):
    ground = county.townships(2)
    clean = small_county.result({"甲镇": 0, "乙镇": 0})
    no_ratio = dict.fromkeys((name for name in clean.county if name.startswith("ratio")), None)
    for nothing in (clean.county, clean.county.assign(**no_ratio, new_farmland_m2=0.0)):
        pdf = tmp_path / "map.pdf"
        draw_county_map(ground, clean.ranking, nothing, clean.heading, pdf)
        assert "县级问责线15%" in text_of(pdf)


def test_the_page_says_where_the_county_stands(tmp_path):
    result = small_county.result()
    pdf = tmp_path / "map.pdf"
    draw_county_map(county.townships(3), result.ranking, result.county, result.heading, pdf)
    text = text_of(pdf)
    for part in (
        "各乡镇承担的违法占用耕地（疑似）",
        "全县整改后34.50亩÷450.00亩＝7.67%",
        "再新增不超过38.82亩就不触线",
        "县级问责线15%",
        "县级问责线：达到15%（依据：15号令第三条）",
        "13.50",  # 9,000 m² in mu
        "39.1%",
        "3.00",
    ):
        assert part in text, part


@pytest.mark.parametrize("count", [1, 19, 60])
def test_nothing_on_the_page_covers_anything_else(count):
    ranking = county.ranking(count)
    with chinese_style():
        figure = county_figure(
            county.townships(count), ranking, county.county_row(ranking), county.heading()
        )
        assert overlapping(figure) == []
