"""From the file's own fields to the contract's columns: names found, values read (字段对照)."""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import pandas as pd

from pipeline.errors import Finding, refusal
from pipeline.schema.dates import Interval, is_serial, parse_date
from pipeline.schema.personal import masked

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANK = {"", "nan", "none", "null", "<null>", "nat"}
# What people write into a cell that has nothing to say: no code, no name, no number.
_PLACEHOLDERS = {
    "无",
    "-",
    "--",
    "/",
    "//",
    "\\",
    "?",
    "—",
    "——",
    "不详",
    "未知",
    "待定",
    "待补",
}
# Beyond this a float has lost digits of the code that was typed.
_EXACT = 2**53
_INSIDE_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_SHORTEST_CUT = 3
# What people write into these may be about persons; the others hold codes.
_FREE = {"holder", "land_use_purpose", "township_name", "office_name"}
# Commas only between thousands: 1,5 may be one and a half.
_NUMBER = re.compile(
    r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE
)


@dataclass
class Columns:
    """The mapped columns of one layer, still as they were written, and what was found."""

    layer: str
    frame: pd.DataFrame
    places: Sequence[str]
    findings: list[Finding] = field(default_factory=list)
    keys: Sequence[str | None] | None = None  # of the records, once they are read
    describe: Callable[[int], str] | None = (
        None  # of a record without a key, once they are read
    )

    def note(self, record: str, code: str, message: str, remedy: str = "") -> None:
        """Add a finding that leaves the record counted as it came."""
        self.findings.append(Finding(self.layer, record, code, "noted", message, remedy))

    def mend(self, record: str, code: str, message: str, remedy: str = "") -> None:
        """Add a finding about a value that was mended."""
        self.findings.append(Finding(self.layer, record, code, "repaired", message, remedy))

    def refuse(self, row: int, code: str, message: str, remedy: str) -> None:
        """Add the reason why a ledger cannot be taken; its row is named, to be found again."""
        name, place = self.name(row), self.places[row]
        where = "" if name == place else f"({place})"
        self.findings.append(refusal(self.layer, name, code, f"{message}{where}", remedy))

    def name(self, row: int) -> str:
        """Return the key of a row, else what tells it from others, else its place in the file."""
        key = self.keys[row] if self.keys is not None else None
        if key is not None:
            return key
        return self.describe(row) if self.describe else self.places[row]


def map_fields(
    frame: pd.DataFrame, wanted: dict[str, str], *, layer: str, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the wanted columns under the contract's names; refuse what is not there.

    A field is found by its exact name, else without regard to case, else by the ten bytes that
    a DBF keeps of a longer one.
    """
    found: dict[str, pd.Series] = {}
    findings: list[Finding] = []
    names = [str(name) for name in frame.columns]
    for column, name in wanted.items():
        match, how = _match(name, names)
        if match is None:
            near = get_close_matches(name, names, n=1, cutoff=0.5)
            shown = "、".join(names[:30]) or "没有字段"
            fix = (f"是不是 {near[0]}?" if near else "") + f"文件里的字段:{shown}"
            what = f"{file} 里没有字段 {name}(配置 fields.{column})"
            findings.append(refusal(layer, file, "missing-field", what, fix))
            continue
        if how:
            what = f"{file} 的字段(field)按 {match} 认作 {name}:{how}"
            findings.append(Finding(layer, file, "field-name", "noted", what, "核对字段名"))
        found[column] = frame[frame.columns[names.index(match)]]
    return pd.DataFrame(found, index=frame.index), findings


def _match(name: str, names: Sequence[str]) -> tuple[str | None, str]:
    if name in names:
        return name, ""
    folded = [other for other in names if other.strip().casefold() == name.strip().casefold()]
    if len(folded) == 1:
        return folded[0], ""
    cut = [
        other
        for other in names
        if len(other) >= _SHORTEST_CUT and name.startswith(other) and _is_cut(name, other)
    ]
    return (cut[0], "DBF 只存字段名的前 10 个字节") if len(cut) == 1 else (None, "")


def _is_cut(name: str, kept: str) -> bool:
    return any(
        len(kept.encode(code, "ignore")) in {9, 10} for code in ("gb18030", "utf-8")
    ) and (len(name) > len(kept))


def text(value: Any) -> str | None:
    """Return a value as text, blanks as null."""
    if not isinstance(value, str):
        if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
            return None
        value = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    written = value.strip()
    return None if written.lower() in _BLANK else written


def code(value: Any) -> str | None:
    """Return a code as text: full-width folded, invisible characters and blanks taken out.

    A placeholder such as 无 or - is no code.
    """
    written = text(value)
    if written is None:
        return None
    folded = written
    if not written.isascii():
        folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written)).strip()
    if "." in folded and re.fullmatch(r"\d+\.0+", folded):
        folded = folded.split(".")[0]
    return folded if folded and folded not in _PLACEHOLDERS else None


def name_text(value: Any) -> str | None:
    """Return a name without stray blanks, full-width forms and invisible characters."""
    written = code(value)
    if written is None or (written.isascii() and " " not in written):
        return written
    return re.sub(r"\s+", " ", _INSIDE_CHINESE.sub("", written))


def codes(columns: Columns, column: str) -> list[str | None]:
    """Return a column of codes; one that had to be cleaned is a repaired value."""
    values = columns.frame[column].tolist()
    read = [code(value) for value in values]
    _note_cleaned(columns, column, read)
    _refuse_inexact(columns, column, values)
    return read


def _refuse_inexact(columns: Columns, column: str, values: Sequence[object]) -> None:
    """Refuse codes kept as floats so long that their last digits are gone."""
    lost = [
        (columns.places[row], value)
        for row, value in enumerate(values)
        if isinstance(value, float) and math.isfinite(value) and abs(value) >= _EXACT
    ]
    if lost:
        place, value = lost[0]
        what = (
            f"字段 {column} 有 {len(lost)} 条存成了浮点数且超过 15 位,"
            f"如 {place}:{value:.0f},末尾的数字已丢"
        )
        fix = "在源数据中把该字段改成文本后重新填写"
        columns.findings.append(refusal(columns.layer, column, "code-not-exact", what, fix))


def names(columns: Columns, column: str) -> list[str | None]:
    """Return a column of names; one that had to be cleaned is a repaired value."""
    read = [name_text(value) for value in columns.frame[column]]
    _note_cleaned(columns, column, read)
    return read


def _note_cleaned(columns: Columns, column: str, read: Iterable[str | None]) -> None:
    changed = [
        (row, value)
        for row, (raw, value) in enumerate(
            zip(columns.frame[column].tolist(), read, strict=True)
        )
        if isinstance(raw, str)
        and value is not None
        and raw.rstrip("\0 ") != value
        and not re.fullmatch(rf"{re.escape(value)}\.0+", raw.strip())
    ]
    for row, value in changed:
        shown = masked(value) if column in _FREE else value
        what = f"{column} 名称或代码里有多余的空格、全角或看不见的字符,读作 {shown}"
        columns.mend(columns.name(row), "cleaned-text", what, "在原始数据中改正")


def dates(
    columns: Columns,
    column: str,
    *,
    unreadable: tuple[Interval | None, str] = (None, "按没有日期处理"),
    blank: Collection[int] = (),
) -> tuple[list[date | None], list[date | None]]:
    """Return the first and the last day that each date may be; unreadable ones are unknown.

    ``blank`` are rows that are known to say that there is no date.
    """
    intervals: list[Interval | None] = []
    for row, value in enumerate(columns.frame[column]):
        try:
            is_blank = row in blank or text(value) is None
            intervals.append(parse_date(None if is_blank else value))
        except ValueError:
            intervals.append(unreadable[0])
            what = f"{column} 的日期(date)读不懂:{masked(text(value) or '')},{unreadable[1]}"
            columns.note(columns.name(row), "bad-date", what, "补上年月日,如 2024-03-15")
    _say_serials(columns, column, intervals)
    return (
        [interval.earliest if interval else None for interval in intervals],
        [interval.latest if interval else None for interval in intervals],
    )


def _say_serials(columns: Columns, column: str, intervals: Sequence[Interval | None]) -> None:
    """Say which dates were written as the count of days that Excel keeps."""
    serials = [
        (str(value).removesuffix(".0"), interval.earliest)
        for value, interval in zip(columns.frame[column], intervals, strict=True)
        if interval is not None and is_serial(value)
    ]
    if serials:
        (written, day), count = serials[0], len(serials)
        what = f"{column} 有 {count} 个日期(date)写成 Excel 序号,如 {written} 读作 {day}"
        columns.mend(column, "date-serial", what, "单元格格式改成日期,或写成 2024-03-15")


def number(written: str) -> Decimal | None:
    """Return a number as it is written, None where it is not one or not sure to be."""
    return Decimal(written.replace(",", "")) if _NUMBER.fullmatch(written) else None


def numbers(columns: Columns, column: str) -> tuple[list[float | None], set[int]]:
    """Return a column of numbers and the rows whose value is not one.

    Words for nothing (无, NULL, -) are no numbers either: only what is empty says nothing.
    """
    values = columns.frame[column].tolist()
    read = [_float(value) for value in values]
    bad = {
        row for row, value in enumerate(values) if read[row] is None and not _is_empty(value)
    }
    for row, value in enumerate(values):
        if isinstance(value, str) and not value.isascii() and row not in bad and value.strip():
            what = f"{column} 写的是 {value.strip()}(全角),读作 {read[row]}"
            columns.mend(columns.name(row), "cleaned-text", what, "在原始数据中改正")
    return read, bad


def _is_empty(value: Any) -> bool:
    return not value.strip("\0 \t\u3000") if isinstance(value, str) else text(value) is None


def _float(value: Any) -> float | None:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    exact = number(code(value) or "")
    return None if exact is None else float(exact)
