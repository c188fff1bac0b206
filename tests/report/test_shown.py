"""A table shown in a notebook."""

import geopandas as gpd
import pandas as pd
from shapely import Point

import pipeline


def html(frame, **wanted):
    return pipeline.show(frame, **wanted).to_html()


def test_figures_have_two_decimals_and_counts_none():
    table = pd.DataFrame({"名": ["甲", "<b>"], "亩": [1234.5, None], "个": [1200, 3]})
    shown = html(table)
    assert "1,234.50" in shown
    assert ">1200<" in shown
    assert "&lt;b&gt;" in shown
    assert "nan" not in shown


def test_row_numbers_are_not_shown_and_words_are():
    assert ">现在<" in html(pd.DataFrame({"a": [1.0]}, index=["现在"]))
    assert "row_heading" not in html(pd.DataFrame({"a": [1.0]}))


def test_a_long_table_says_how_long_it_is():
    assert "共 50 行，显示前 8 行" in html(pd.DataFrame({"a": range(50)}), rows=8)


def test_shapes_are_left_out_and_two_tables_have_their_own_style():
    one = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)])
    assert "POINT" not in html(one)
    other = html(pd.DataFrame({"a": [2]}))
    assert html(one) == html(one)
    assert html(one).split("#T_")[1][:12] != other.split("#T_")[1][:12]


def test_missing_counts_stay_blank():
    table = pd.DataFrame({"名次": pd.array([1, None], dtype="Int64")})
    assert "<NA>" not in html(table)
    assert "&lt;NA" not in html(table)


def test_figures_written_as_text_stand_to_the_right_and_codes_too_short_to_wrap_do_not_wrap():
    table = pd.DataFrame(
        {"比": ["8.0040%", "无"], "名": ["990101001", ""], "由": ["长" * 40, ""]}
    )
    styles = html(table).split("</style>")[0]
    right, left, long = (styles.split(f"td.col{i} {{")[1].split("}")[0] for i in range(3))
    assert "text-align: right" in right
    assert "nowrap" in left
    assert "text-align: left" in left
    assert "nowrap" not in long
