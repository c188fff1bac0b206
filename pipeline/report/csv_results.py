"""The results as CSV that Excel, pandas and a diff all read alike (结果表)."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.report.safe_text import safe
from pipeline.schema.inert_text import inert
from pipeline.schema.table import Kind, Table


def write_csv(path: Path, frame: pd.DataFrame, table: Table) -> None:
    """Write a table as ``csv_bytes`` gives it."""
    path.write_bytes(csv_bytes(frame, table))


def csv_bytes(frame: pd.DataFrame, table: Table) -> bytes:
    """Return the columns of the contract as CSV: UTF-8 with BOM, LF, rows as they come.

    m² with four decimals, ISO dates, true/false, null empty, codes as text.
    """
    kinds = {column.name: column.kind for column in table.columns}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    columns: Iterable[list[str]] = (
        [_cell(value, kinds[name]) for value in frame[name]] for name in table.names
    )
    writer.writerows(zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _cell(value: Any, kind: Kind) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    return _text(str(value)) if kind in {Kind.CODE, Kind.TEXT} else _figure(value, kind)


def _figure(value: Any, kind: Kind) -> str:
    if kind is Kind.AREA_M2 or (kind is Kind.NUMBER and isinstance(value, float)):
        return f"{value:.4f}"
    if kind is Kind.RATIO:
        return repr(float(value))
    if kind is Kind.COUNT:
        return str(int(value))
    if kind is Kind.FLAG:
        return "true" if value else "false"
    if kind is Kind.DATE:
        return (
            value.date().isoformat() if isinstance(value, datetime) else date.isoformat(value)
        )
    return _text(str(value))


def _text(value: str) -> str:
    return inert(safe(value))
