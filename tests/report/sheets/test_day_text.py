"""Dates as they were known."""

from datetime import date

import pandas as pd
import pytest

from pipeline.report.sheets.day_text import days_text


@pytest.mark.parametrize(
    ("earliest", "latest", "text"),
    [
        (date(2024, 3, 15), date(2024, 3, 15), "2024-03-15"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024 年 2 月"),
        (date(2024, 4, 1), date(2024, 6, 30), "2024 年第 2 季度"),
        (date(2024, 1, 1), date(2024, 12, 31), "2024 年"),
        (date(2024, 1, 1), date(2024, 2, 29), "2024-01-01 至 2024-02-29"),
        (date(2023, 12, 1), date(2024, 1, 31), "2023-12-01 至 2024-01-31"),
        (date(2024, 2, 1), date(2024, 4, 30), "2024-02-01 至 2024-04-30"),
        (None, None, "日期不明"),
        (pd.NaT, pd.NaT, "日期不明"),
    ],
)
def test_days(earliest, latest, text):
    assert days_text(earliest, latest) == text
