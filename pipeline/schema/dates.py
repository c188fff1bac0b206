"""Dates as they are written in the field, read as intervals of days (日期区间).

A date known to the month, quarter or year is every day of it; what cannot be read is unknown.
"""

import calendar
import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# Excel counts days from here (serial 60 is its invented 1900-02-29; no record is that old).
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_SERIAL_DIGITS = 5
_YEARS = range(1950, 2100)

_DAY = re.compile(
    r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))(?:[T ].*)?"
)
_MONTH = re.compile(r"(\d{4})(?:[-/.年]\s*(\d{1,2})月?|(\d{2}))")
_QUARTER = re.compile(
    r"(\d{4})\s*[-/.年]?\s*(?:[Qq第]\s*|(?=[1-4一二三四]\s*季))([1-4一二三四])\s*(?:季度?)?"
)
_YEAR = re.compile(r"(\d{4})年?")
_RANGE = re.compile(r"(.+?)\s*(?:至|到|~|—|--)\s*(.+)")
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class Interval:
    """The days a date may be (日期区间), both ends included."""

    earliest: date
    latest: date


# A day that is stated and cannot be read: it may be any that there is.
ANY_DAY = Interval(date(_YEARS[0], 1, 1), date(_YEARS[-1], 12, 31))
# How a term without an end is written: in words, or as a day that nobody will see.
_OPEN_END = re.compile(r"(?:长期|永久)(?:有效)?|无(?:固定)?期限|(?:2[1-9]|[3-9]\d)\d\d-?12-?31")


def is_open_end(value: object) -> bool:
    """Tell whether the end of a term says that there is none (长期)."""
    return (
        _OPEN_END.fullmatch(unicodedata.normalize("NFKC", str(value)).strip()[:10]) is not None
    )


def parse_date(value: object) -> Interval | None:
    """Return the days that ``value`` may mean, null for a blank.

    Raises ``ValueError`` where it is neither blank nor a date that exists.
    """
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Interval(day, day)
    if is_serial(value):
        day = _EXCEL_EPOCH + timedelta(days=int(float(str(value))))
        return Interval(day, day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    text = unicodedata.normalize("NFKC", str(value)).strip() if value is not None else ""
    if text.lower() in {"", "nan", "nat", "none", "null", "无", "-", "/", "00000000"}:
        return None
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    if (ends := _RANGE.fullmatch(text)) is not None:
        first, last = parse_date(ends[1]), parse_date(ends[2])
        if first and last and first.earliest <= last.latest:
            return Interval(first.earliest, last.latest)
    else:
        found = _single(text)
        if found is not None:
            return found
    raise ValueError(f"不是日期:{text}")


def is_serial(value: object) -> bool:
    """Tell whether a value is a day as Excel counts them (日期序号): 45000 is 2023-03-15."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip().removesuffix(".0")
        return len(text) == _SERIAL_DIGITS and text.isdecimal() and int(text) in _SERIALS
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and int(value) in _SERIALS  # type: ignore[arg-type, call-overload]


def _single(text: str) -> Interval | None:
    if (day := _DAY.fullmatch(text)) is not None:
        whole = _existing(int(day[1]), int(day[2] or day[4]), int(day[3] or day[5]))
        return Interval(whole, whole)
    if (quarter := _QUARTER.fullmatch(text)) is not None:
        third = 3 * (_CHINESE_DIGITS.get(quarter[2]) or int(quarter[2]))
        return Interval(_existing(int(quarter[1]), third - 2, 1), _last(int(quarter[1]), third))
    if (month := _MONTH.fullmatch(text)) is not None:
        year, number = int(month[1]), int(month[2] or month[3])
        return Interval(_existing(year, number, 1), _last(year, number))
    if (year_only := _YEAR.fullmatch(text)) is not None:
        year = int(year_only[1])
        return Interval(_existing(year, 1, 1), _existing(year, 12, 31))
    return None


def _number(value: float) -> Interval | None:
    if math.isnan(value) or value == 0:
        return None
    if not math.isfinite(value):
        raise ValueError(f"不是日期:{value}")
    return parse_date(str(int(value)))


def _existing(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise ValueError(f"年份不在 1950 至 2099 之间:{year}")
    return date(year, month, day)


def _last(year: int, month: int) -> date:
    return _existing(year, month, calendar.monthrange(year, month)[1])
