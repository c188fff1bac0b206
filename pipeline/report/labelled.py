"""A table as people read it (中文表): Chinese heads with units, mu, percentages, words for codes."""

from collections.abc import Callable, Mapping

import pandas as pd

from pipeline.report.cells import cell_text, kind_label, ruled_label, verdict_label
from pipeline.report.figures import is_null, label_text, need_m2, need_mu, ratio_text
from pipeline.report.heading import Heading
from pipeline.report.safe_text import safe
from pipeline.schema import received
from pipeline.schema.table import Column, Kind, Table
from pipeline.terms import SEVERITY_LABELS
from pipeline.units import half_up
from pipeline.units import mu as to_mu

_LAYERS = {
    table.name: label_text(table.label)
    for table in vars(received).values()
    if isinstance(table, Table)
}
_GROUPS = {"farm": "农用地", "construction": "建设用地", "unused": "未利用地"}


def labelled(
    frame: pd.DataFrame, known: Mapping[str, Column], heading: Heading, *, mu: bool = True
) -> pd.DataFrame:
    """Return a table with Chinese heads, areas in mu (or m²) with two decimals, no geometry.

    ``known`` tells what each column of ``frame`` is. Areas and counts stay numbers, ratios are
    text as in the ranking: more decimals beside the line. Rules have their names, layers too.
    A column that is not known keeps its name.
    """
    unit = "亩" if mu else "㎡"
    made = {}
    for name in frame.columns.drop("geometry", errors="ignore"):
        column = known.get(name, Column(name, name, Kind.TEXT))
        head = label_text(column.label)
        if column.name.endswith("_m2"):
            head = f"{head}（{unit}）"
        made[head] = frame[name].map(_shown(column, heading, mu=mu))
    return pd.DataFrame(made, index=frame.index)


def _shown(column: Column, heading: Heading, *, mu: bool) -> Callable[[object], object]:
    """Return what makes a cell of this column something to read."""
    by_kind: dict[Kind, Callable[[object], object]] = {
        Kind.RATIO: lambda value: ratio_text(value, heading.township.ratio),  # type: ignore[arg-type]
        Kind.COUNT: lambda value: pd.NA if is_null(value) else value,
        Kind.NUMBER: lambda value: pd.NA if is_null(value) else value,
    }
    if column.name == "reclaim_to_line_m2":
        need = need_mu if mu else need_m2
        return lambda value: None if is_null(value) else float(need(value))  # type: ignore[arg-type]
    if column.name.endswith("_m2"):
        return lambda value: _area(value, mu=mu)
    if column.name == "rule_id":
        return lambda value: "" if is_null(value) else safe(heading.rule_name(str(value)))
    return _WORDS.get(column.name) or by_kind.get(column.kind, cell_text)


def _verdict(value: object) -> str:
    return "" if is_null(value) else verdict_label(value)


# Columns of codes that people read as words.
_WORDS: dict[str, Callable[[object], object]] = {
    "verdict": _verdict,
    "proposed_verdict": _verdict,
    "ruled_verdict": lambda value: "" if is_null(value) else ruled_label(value),
    "approval_kind": kind_label,
    "severity": lambda value: SEVERITY_LABELS.get(str(value), safe(value)),
    "layer": lambda value: _LAYERS.get(str(value), safe(value)),
    "land_group": lambda value: _GROUPS.get(str(value), safe(value)),
}


def _area(value: object, *, mu: bool) -> float | None:
    if is_null(value):
        return None
    area = float(value)  # type: ignore[arg-type]
    return float(half_up(to_mu(area) if mu else area))
