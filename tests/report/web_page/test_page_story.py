"""The sentences of the page."""

from decimal import Decimal

import pytest

from pipeline.report.ranking_rows import ranking_rows
from pipeline.report.web_page import page_story
from pipeline.rules.settings import Line
from pipeline.terms import Denominator, OfficialRatio
from tests.report import county


def headline(ranking, **changes):
    heading = county.heading(**changes)
    return page_story.headline(ranking_rows(ranking, heading), heading)


def ratios(*values):
    frame = county.ranking(len(values))
    frame["ratio_net"] = frame["township_code"].map(
        dict(zip(sorted(frame["township_code"]), values, strict=True))
    )
    return county.ranked(frame)


def test_the_headline_names_how_many_are_over_and_the_highest():
    words = headline(ratios(0.01, 0.2245, 0.09))
    top = county.names(3)[1]
    assert words["zh"] == f"2 个乡镇（街道）疑似超过 8% 问责线，{top}最高，达 22.45%"
    assert words["en"] == (
        f"Suspected: 2 of 3 townships over the 8% line, {top} highest at 22.45%"
    )


def test_signed_it_is_no_longer_suspected():
    words = headline(ratios(0.01, 0.2245, 0.09), is_signed=True)
    assert "疑似" not in words["zh"]
    assert "uspected" not in words["en"]


def test_none_over_the_line_and_none_with_a_ratio():
    assert headline(ratios(0.01, 0.02))["zh"] == "2 个乡镇（街道）均未超过 8% 问责线"
    assert headline(ratios(None, None))["zh"].endswith("不排名")


def test_a_township_a_hair_over_is_told_from_the_line():
    assert headline(ratios(0.0800000001, 0.0))["zh"].endswith("8.00000001%")


@pytest.mark.parametrize(
    ("official", "told"),
    [
        (OfficialRatio.NET, ["整改后 24.00 ÷ 294.00 亩", "整改前 30.00 ÷ 300.00 亩"]),
        (OfficialRatio.NUMERATOR, ["整改后 24.00 ÷ 300.00 亩", "整改前 30.00 ÷ 300.00 亩"]),
        (OfficialRatio.GROSS, ["整改前 30.00 ÷ 300.00 亩"]),
    ],
)
def test_a_ratio_stands_beside_the_amounts_that_it_is_made_of(official, told):
    frame = county.county_row(county.ranking(3)).assign(
        illegal_farmland_m2=20_000.0,  # 30 mu
        legal_farmland_m2=180_000.0,
        reclaimed_farmland_m2=4_000.0,  # 6 mu
        exempt_farmland_m2=0.0,
    )
    heading = county.heading(official=official)
    figures = page_story.key_figures(frame, 2, heading)
    assert "其中人工认定 2 个" in figures[1]["says"]["zh"]
    assert [one["says"]["zh"].split("，")[1] for one in figures[2:]] == told
    assert "县级线" in figures[2]["says"]["zh"]


@pytest.mark.parametrize("official", OfficialRatio)
@pytest.mark.parametrize("denominator", Denominator)
def test_every_way_to_count_has_words_in_both_languages(official, denominator):
    heading = county.heading(official=official, denominator=denominator)
    pairs = page_story.basis(heading)
    assert len(pairs) == len(heading.basis())
    for name, what in pairs:
        assert all(name.values())
        assert all(what.values())
        assert what["en"].split(" (")[0].isascii() or "÷" in what["en"]


@pytest.mark.parametrize(
    ("label", "english"),
    [
        ("不足 2%", "under 2%"),
        ("2% 至不足 4%", "2% to under 4%"),
        ("4% 至 8%（含）", "4% to 8% (incl.)"),
        ("超过 8% 至不足 15%", "over 8% to under 15%"),
        ("15% 及以上", "15% and more"),
    ],
)
def test_classes_of_the_ratio_in_english(label, english):
    assert page_story.class_words(label) == {"zh": label, "en": english}


def test_a_line_that_counts_itself():
    line = Line(ratio=Decimal("0.15"), comparison=">=", basis="15号令")
    words = headline(ratios(0.01, 0.02), township=line)
    assert words["zh"] == "2 个乡镇（街道）均未达到 15% 问责线"
