"""Dates as the days they may be, and comparisons that may be unknown (contract §3, Dates)."""

import calendar
import re
from datetime import date

Days = tuple[date, date] | None  # first and last day it may be; None: unknown
Truth = bool | None


def days(text: str | None) -> Days:
    """Return the days a written date may be: 20240930, 2024-09-30, 2024-09, 2024Q3, 2024."""
    if text is None:
        return None
    if quarter := re.fullmatch(r"(\d{4})Q([1-4])", text):
        year, last = int(quarter[1]), 3 * int(quarter[2])
        return date(year, last - 2, 1), _last_day(year, last)
    digits = text.replace("-", "")
    year = int(digits[:4])
    if len(digits) == 8:
        day = date(year, int(digits[4:6]), int(digits[6:]))
        return day, day
    if len(digits) == 6:
        month = int(digits[4:])
        return date(year, month, 1), _last_day(year, month)
    return date(year, 1, 1), date(year, 12, 31)


def exact_day(text: str | None) -> date | None:
    """Return a date that is known to the day."""
    span = days(text)
    return span[0] if span is not None and span[0] == span[1] else None


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def on_or_before(a: Days, b: Days) -> Truth:
    """True or false only where it is so for every day that a and b may be."""
    if a is None or b is None:
        return None
    if a[1] <= b[0]:
        return True
    if a[0] > b[1]:
        return False
    return None


def before(a: Days, b: Days) -> Truth:
    return negation(on_or_before(b, a))


def negation(a: Truth) -> Truth:
    return None if a is None else not a


def both(*truths: Truth) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def either(*truths: Truth) -> Truth:
    if True in truths:
        return True
    return None if None in truths else False
