"""Values as people write them into ledgers: areas with units, dates, the same row twice (手填值)."""

import re
import unicodedata
from collections.abc import Hashable
from datetime import date
from decimal import Decimal

import pandas as pd

from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.columns import Columns
from pipeline.schema.personal import masked

_AREA = re.compile(r"(.*?)\s*(亩|公顷|平方米|平米|㎡|m2)?", re.IGNORECASE)
_M2_OF = {"亩": Decimal(2000) / 3, "公顷": Decimal(10_000)}
# More than any county has: a number of another kind stands in the column.
_MOST_M2 = Decimal(10) ** 11


def area(columns: Columns, column: str, row: int) -> float:
    """Return an area in m²; a unit written in the cell is converted and said so."""
    written = read.code(columns.frame[column].iloc[row]) or ""
    match = _AREA.fullmatch(written)
    number = read.number(match[1]) if match else None
    if match is None or number is None or not 0 <= number < _MOST_M2:
        what = f"面积 {column} 写的是 {masked(written) or '(空)'},不是面积(平方米)"
        fix = "写成平方米的数字,不小于 0;逗号只用在千位"
        columns.refuse(row, "bad-area", what, fix)
        return 0.0
    found = number * _M2_OF.get(match[2] or "", Decimal(1))
    raw = columns.frame[column].iloc[row]
    if isinstance(raw, str) and (not raw.isascii() or "," in raw) and match[2] not in _M2_OF:
        what = f"{column} 写的是 {raw},读作 {found} 平方米"
        columns.mend(columns.name(row), "area-text", what, "只写平方米的数字")
    if match[2] in _M2_OF:
        what = f"{column} 写的是 {written},换算成 {found:.4f} 平方米"
        columns.mend(columns.name(row), "area-unit", what)
    return float(found)


def days(columns: Columns, column: str) -> tuple[list[date | None], list[date | None]]:
    """Return the first and last day of each date; say where dates are written in many styles."""
    first, last = read.dates(columns, column)
    styles: dict[str, str] = {}
    for value, known in zip(columns.frame[column], first, strict=True):
        if known is not None and isinstance(value, str):
            written = unicodedata.normalize("NFKC", value).strip()
            style = re.sub(r"\d+", "9", written)
            styles[style] = min(written, styles.get(style, written))
    if len(styles) > 1:
        what = f"{column} 的日期(date)有 {len(styles)} 种写法:{'、'.join(sorted(styles.values()))},都已读成年月日"
        columns.mend(column, "date-styles", what, "统一写成 2024-03-15")
    return first, last


def once(columns: Columns, made: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without those that say again what another one says; each is noted."""
    twice = made.duplicated(keep="first")
    for key in made[twice].iloc[:, 0]:
        _note_twice(columns, key)
    return made[~twice]


def _note_twice(columns: Columns, key: Hashable) -> None:
    what = "与另一行完全相同(重复 duplicate),只计一次"
    columns.note(str(key), "duplicate", what, "删去重复的行")
