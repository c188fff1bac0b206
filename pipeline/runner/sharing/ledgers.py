"""The hand-kept ledgers of a copy (副本台账): who and why are left out, what was decided stays."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.io.handover import write_csv
from pipeline.runner.receiving.columns import code
from pipeline.runner.sharing.disguise import Aliases, span_text
from pipeline.runner.sharing.gathering import Case
from pipeline.terms import DEMOLISHED_AND_RECLAIMED

Row = dict[str, object]


def write_ledgers(case: Case, folder: Path, aliases: Aliases) -> dict[str, str]:
    """Write the ledgers that have rows about this case; return their places by config key."""
    if case.hand is None:
        return {}
    changes = _there(case, "changes", "change_id")
    townships = _there(case, "townships", "township_code")
    written = {}
    for name, table, make, column, there in (
        ("rulings", case.hand.rulings, _ruling, "change_id", changes),
        ("rectifications", case.hand.rectifications, _rectification, "change_id", changes),
        ("offices", case.hand.offices, _office, "township_code", townships),
    ):
        rows = [make(row, aliases) for row in table.to_dict("records") if row[column] in there]
        if rows:
            write_csv(
                folder / f"{name}.csv", list(rows[0]), [list(row.values()) for row in rows]
            )
            written[name] = f"{name}.csv"
    return written


def _there(case: Case, layer: str, column: str) -> set[str | None]:
    return {code(value) for one in case.named(layer) for value in one.fields[column]}


def _keys(row: Mapping[Any, object], aliases: Aliases) -> Row:
    return {name: aliases.of(name, row[name]) for name in ("change_id", "township_code")}


def _ruling(row: Mapping[Any, Any], aliases: Aliases) -> Row:
    return _keys(row, aliases) | {
        "verdict": row["verdict"],
        "reason": "略",
        "ruled_by": aliases.of("ruled_by", row["ruled_by"]),
        "ruled_on": row["ruled_on"].isoformat()[:10],
    }


def _rectification(row: Mapping[Any, Any], aliases: Aliases) -> Row:
    counts = row["method"] == DEMOLISHED_AND_RECLAIMED
    return _keys(row, aliases) | {
        "method": DEMOLISHED_AND_RECLAIMED if counts else "其他",
        "farmland_m2": f"{row['farmland_m2']:.4f}",
        "accepted_on": _span(row["accepted_earliest"], row["accepted_latest"]),
        "document": aliases.of("document", row["document"]),
    }


def _office(row: Mapping[Any, Any], aliases: Aliases) -> Row:
    return {name: aliases.of(name, row[name]) for name in ("township_code", "office_name")}


def _span(first: Any, last: Any) -> str | None:
    if first is None or pd.isna(first):
        return None
    return span_text(*(date.fromisoformat(day.isoformat()[:10]) for day in (first, last)))
