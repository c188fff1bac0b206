from decimal import Decimal

import pytest

from pipeline.report.palette import class_of, ratio_classes
from pipeline.rules.settings import Line


def line(ratio, comparison=">"):
    return Line(ratio=Decimal(ratio), comparison=comparison, basis="x")


def labels(township, county):
    return [level.label for level in ratio_classes(township, county)]


def test_the_line_is_a_break_and_over_it_means_strictly_over():
    assert labels(line("0.08"), line("0.15", ">=")) == [
        "不足 2%",
        "2% 至不足 4%",
        "4% 至 8%（含）",
        "超过 8% 至不足 15%",
        "15% 及以上",
    ]


def test_classes_follow_the_configured_line():
    assert labels(line("0.10", ">="), line("0.10", ">=")) == [
        "不足 2.5%",
        "2.5% 至不足 5%",
        "5% 至不足 10%",
        "10% 至不足 20%",
        "20% 及以上",
    ]


def test_classes_stay_below_100_percent():
    assert labels(line("0.6"), line("0.15"))[-1] == "80% 及以上"


@pytest.mark.parametrize(
    ("ratio", "is_accountable", "level"),
    [
        (0.0, False, 0),
        (0.0199999, False, 0),
        (0.02, False, 1),
        (0.04, False, 2),
        (0.08, False, 2),  # exactly on the line is not over it
        (0.0800000001, True, 3),
        (0.1499999, True, 3),
        (0.15, True, 4),
        (1.0, True, 4),
    ],
)
def test_the_side_of_the_line_is_the_rankings_answer(ratio, is_accountable, level):
    assert class_of(ratio, is_accountable, line("0.08"), line("0.15", ">=")) == level


def test_only_classes_over_the_line_have_warm_colours():
    classes = ratio_classes(line("0.08"), line("0.15", ">="))
    assert [level.is_over for level in classes] == [False, False, False, True, True]
    for level in classes:
        red, blue = int(level.fill[1:3], 16), int(level.fill[5:7], 16)
        assert (red > blue) == level.is_over
