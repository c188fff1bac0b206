"""Columns of a sheet made from the columns of a table or of a form (由表定义生成列)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from math import ceil
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.report.cells import cell_text
from pipeline.report.figures import NO_RANK, NO_RATIO, is_null, label_text, ratio_text
from pipeline.report.safe_text import safe
from pipeline.report.text_table import width
from pipeline.report.workbook.cells import SheetColumn
from pipeline.schema.forms import Check, Field, Form, Group
from pipeline.schema.table import Column, Kind
from pipeline.units import to_units

_SAMPLE = 300  # texts looked at for the width of a column
_NARROW, _WIDE, _LONG = 6, 26, 58  # columns of a screen character
_WRAPPED = 46  # of a wrapped text at most
_NONE: Mapping[str, int] = MappingProxyType({})
_ONE_LINE = 16  # a longer header may take two
_MU_PER_UNIT = 15, 100_000_000  # 1 booking unit is 0.0001 m², 1 m² is 0.0015 mu
_MU_PLACES = 4
_NEED = "reclaim_to_line_m2"
TICK = "√"


def table_columns(
    table: Iterable[Column],
    frame: pd.DataFrame,
    *,
    long: Mapping[str, int] = _NONE,
    line: Decimal | None = None,
) -> list[SheetColumn]:
    """Return the columns of a table; an area becomes two, m² and mu side by side.

    The texts named in ``long`` are wrapped in so many characters. Ratios need the room of their
    decimals beside ``line``.
    """
    made: list[SheetColumn] = []
    for column in table:
        values, label = frame[column.name], label_text(column.label)
        if column.kind is Kind.AREA_M2 or column.name.endswith("_m2"):
            m2 = _floats(values)
            mu = in_mu(m2)
            if column.name == _NEED:
                m2, mu = _reached(m2)
            made.append(_sized(f"{label}\n（㎡）", "area", _listed(m2)))
            made.append(_sized(f"{label}\n（亩）", "area", _listed(mu)))
        else:
            kind = "long" if column.name in long else _kind(column)
            listed = _values(values, column)
            if kind == "ratio" and line is not None:
                made.append(_sized(label, kind, listed, _ratio_width(listed, line)))
            else:
                sized = _sized(label, kind, listed)
                most = long.get(column.name, sized.width)
                made.append(replace(sized, width=min(sized.width, most)))
    return made


def form_columns(form: Form, frame: pd.DataFrame) -> list[SheetColumn]:
    """Return the columns of a form; what ``frame`` does not have is to be filled in by hand."""
    places = {column.name: x for x, column in enumerate(form.columns)}
    grouped = [(group.label, column) for group in form.groups for column in group.columns]
    return [
        replace(
            _form_column(group, column, frame, places),
            is_open=isinstance(column, Field) and column.is_open,
        )
        for group, column in grouped
    ]


def fill_columns(groups: Iterable[Group], rows: int) -> list[SheetColumn]:
    """Return columns that stand empty to be filled in by hand."""
    blank = [None] * rows
    return [
        SheetColumn(column.label, "fill", blank, column.characters, group.label)
        for group in groups
        for column in group.columns
    ]


def in_mu(area_m2: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return areas in mu, the float nearest to the exact figure."""
    known = np.isfinite(area_m2)
    by, unit = _MU_PER_UNIT
    mu = np.full(len(area_m2), np.nan)
    mu[known] = to_units(area_m2[known]) * by / unit
    return mu


def _reached(area_m2: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Return what must be reached in m² and mu, rounded up as it is shown: less is not enough."""
    known = np.isfinite(area_m2)
    units = to_units(area_m2[known])
    by, unit = _MU_PER_UNIT
    made = np.full((2, len(area_m2)), np.nan)
    made[:, known] = [-(-units // 100) / 100, -(-units * by * 100 // unit) / 100]
    return made[0], made[1]


def _form_column(
    group: str, column: Field | Check, frame: pd.DataFrame, places: dict[str, int]
) -> SheetColumn:
    size = column.characters
    if isinstance(column, Check):
        names = (column.whole, *column.parts)
        adds = tuple(places[name] for name in names)
        return SheetColumn(column.label, "check", _off(frame, names), size, group, adds)
    if column.name not in frame:
        return SheetColumn(column.label, "fill", [None] * len(frame), size, group)
    values = frame[column.name]
    if column.kind is Kind.AREA_M2:
        return SheetColumn(column.label, "area", _listed(in_mu(_floats(values))), size, group)
    if column.kind is Kind.FLAG:
        yes, no = (TICK, None) if column.is_box else ("是", "否")
        ticks = [None if v is None else yes if v else no for v in plain_values(values)]
        return SheetColumn(column.label, "middle", ticks, size, group)
    kind = "long" if column.kind is Kind.TEXT else _kind(column)
    return SheetColumn(column.label, kind, _values(values, column), size, group)


def _off(frame: pd.DataFrame, names: tuple[str, ...]) -> list[float | None]:
    """Return by how much a whole differs from its parts, as the sheet's formula has it."""
    if any(name not in frame for name in names):
        return [None] * len(frame)
    is_area = names[0].endswith("_m2")
    whole, *parts = (
        in_mu(_floats(frame[name])) if is_area else _floats(frame[name]) for name in names
    )
    for part in parts:
        whole = whole - part
    return [
        None if is_null(value) else round(value, _MU_PLACES) + 0.0 for value in whole.tolist()
    ]


def _kind(column: Column | Field) -> str:
    if column.name in {"rank", "number"}:
        return "rank"
    kinds = {
        Kind.RATIO: "ratio",
        Kind.COUNT: "count",
        Kind.NUMBER: "number",
        Kind.FLAG: "middle",
        Kind.DATE: "date",
    }
    return kinds.get(column.kind, "text")


def _values(values: pd.Series, column: Column | Field) -> list[Any]:
    """Return the values of a column as its cells take them, null as None."""
    plain = plain_values(values)
    if column.name == "rank":
        return [
            NO_RANK if value is None else value if isinstance(value, str) else int(value)
            for value in plain
        ]
    if column.kind is Kind.RATIO:
        return [NO_RATIO if value is None else float(value) for value in plain]
    if column.kind is Kind.FLAG:
        return [None if value is None else cell_text(value) for value in plain]
    if column.kind is Kind.COUNT:
        return [None if value is None else int(value) for value in plain]
    return plain


def plain_values(values: pd.Series) -> list[Any]:
    """Return values as Python has them, null as None."""
    nothing: Any = None  # the stubs of pandas do not know it here
    listed: list[Any] = values.to_numpy(dtype=object, na_value=nothing).tolist()
    return listed


def _ratio_width(values: list[Any], line: Decimal) -> int:
    return max((len(ratio_text(v, line)) for v in values if isinstance(v, float)), default=0)


def _sized(header: str, kind: str, values: list[Any], cells: int | None = None) -> SheetColumn:
    """Return a column as wide as its header and what it holds (``cells``) ask for."""
    words = max((width(part) for part in header.split("\n")), default=0)
    cells = _widest(kind, values) if cells is None else cells
    least = max(words if words <= _ONE_LINE else ceil(words / 4) * 2, _NARROW)
    longest = max(least, cells) + (3 if kind in {"text", "long"} else 2)
    most = {"text": _LONG, "long": _WRAPPED}.get(kind, _WIDE) if cells > _WIDE else _WIDE
    return SheetColumn(header, kind, values, min(longest, most))


def _widest(kind: str, values: list[Any]) -> int:
    if kind in {"area", "number"}:
        known = np.abs(np.array([0.0, *values], dtype=float))  # None becomes NaN
        return len(f"{np.nanmax(known):,.2f}")
    if kind == "date":
        return len("2024-01-01")
    return max((width(safe(value)) for value in values[:_SAMPLE]), default=0)


def _floats(values: pd.Series) -> npt.NDArray[np.float64]:
    return values.to_numpy(dtype=float, na_value=np.nan)


def _listed(values: npt.NDArray[np.float64]) -> list[Any]:
    listed: list[Any] = values.tolist()
    return listed
