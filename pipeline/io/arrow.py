"""Columns of an Arrow table as plain values (字段值)."""

from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa

from pipeline.errors import Finding


def plain_columns(
    table: pa.Table, *, layer: str, file: str
) -> tuple[dict[str, list[object]], list[Finding]]:
    """Return the columns as lists of str, int, float, bool, date or None.

    Midnights are days. Times of day in a named time zone keep the clock as written and are
    noted; nested values are kept as text.
    """
    columns: dict[str, list[object]] = {}
    zoned = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = [_plain(value) for value in column.to_pylist()]
        if getattr(column.type, "tz", None) and any(isinstance(v, datetime) for v in values):
            zoned.append(name)
        columns[_free(name, columns)] = values
    findings = []
    if zoned:
        what = f"字段 {'、'.join(zoned)} 的时间(date)带时区,按写着的日期读入,未换算"
        findings.append(Finding(layer, file, "time-zone", "noted", what, "核对日期"))
    return columns, findings


def _free(name: str, taken: dict[str, list[object]]) -> str:
    return name if name not in taken else _free(f"{name}_2", taken)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.rstrip("\0 ") or None
    if isinstance(value, datetime):
        clock = value.replace(tzinfo=None)
        return clock.date() if clock.time() == time(0) else clock
    if isinstance(value, float):
        return None if value != value else value  # noqa: PLR0124 - NaN
    if value is None or isinstance(value, bool | int | date):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)
