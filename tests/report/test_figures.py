from decimal import Decimal

import pytest

from pipeline.report.figures import percent_text, rank_text, ratio_text

LINE = Decimal("0.08")


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.0, "0.00%"),
        (0.123456, "12.35%"),
        (0.00125, "0.13%"),  # half up, not half to even
        (1.0, "100.00%"),
        (0.0795, "7.95%"),  # 0.05 point away: two decimals
        (0.0796, "7.9600%"),
        (0.0799, "7.9900%"),
        (0.08, "8.0000%"),  # the line itself
        (0.0800000001, "8.00000001%"),  # four decimals would print the line
        (0.07999999, "7.999999%"),
        (None, "无"),
        (float("nan"), "无"),
    ],
)
def test_a_ratio_shows_which_side_of_the_line_it_is_on(ratio, text):
    assert ratio_text(ratio, LINE) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.08", "8%"), ("0.080", "8%"), ("0.15", "15%"), ("0.125", "12.5%"), ("0.1", "10%")],
)
def test_a_configured_line_has_no_idle_digits(value, text):
    assert percent_text(Decimal(value)) == text


def test_no_rank_is_a_dash():
    assert [rank_text(2), rank_text(None), rank_text(float("nan"))] == ["2", "—", "—"]
