"""Dates as they are known, for people (日期的写法): a day, or the month, quarter or year."""

import calendar
from datetime import date

from pipeline.report.cells import cell_text
from pipeline.report.figures import is_null

UNKNOWN = "日期不明"
_DECEMBER = 12


def days_text(earliest: object, latest: object) -> str:
    """Return an interval of days as it was known: 2024-03-15, 2024 年 3 月, or the quarter or year."""
    if is_null(earliest) or is_null(latest):
        return UNKNOWN
    first, last = date.fromisoformat(cell_text(earliest)), date.fromisoformat(cell_text(latest))
    if first == last:
        return first.isoformat()
    ends_month = last.day == calendar.monthrange(last.year, last.month)[1]
    if first.year == last.year and first.day == 1 and ends_month:
        if first.month == last.month:
            return f"{first.year} 年 {first.month} 月"
        if first.month == 1 and last.month == _DECEMBER:
            return f"{first.year} 年"
        if last.month - first.month == 2 and last.month % 3 == 0:  # noqa: PLR2004
            return f"{first.year} 年第 {last.month // 3} 季度"
    return f"{first.isoformat()} 至 {last.isoformat()}"
