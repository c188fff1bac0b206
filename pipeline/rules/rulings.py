"""Rulings (人工认定): what a person signed, and which of several decides.

Receiving has refused a ruling without one of the four verdicts, a reason, a name and a day.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.errors import Finding, Severity
from pipeline.terms import Verdict

LAYER = "rulings"
_VERDICTS = {verdict.value: verdict for verdict in Verdict}

# A change, and the township the ruling is limited to (null: the whole change).
Scope = tuple[str, str | None]
Values = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Ruling:
    """A verdict that a person signed, with the reason."""

    verdict: Verdict
    reason: str


def check_rulings(rulings: pd.DataFrame, change_ids: Collection[str]) -> list[Finding]:
    """Return what is wrong among the rulings: noted where one has no change that counts.

    Two of the same scope and day must agree: refused.
    """
    known = set(change_ids)
    what = "图斑不在参加检查的变化图斑中,此条不起作用"
    fix = "核对图斑编号;被隔离、被拆分的图斑不参加认定"
    unknown = [
        _finding(row, "unknown-change", "noted", what, fix)
        for row in rulings.to_dict("records")
        if row["change_id"] not in known
    ]
    return [*unknown, *_contradictions(rulings)]


def deciding_rulings(rulings: pd.DataFrame) -> dict[Scope, Ruling]:
    """Return the ruling of each scope, the later ``ruled_on`` before the earlier.

    The rulings must have passed ``check_rulings``.
    """
    latest: dict[Scope, dict[Any, Any]] = {}
    for row in rulings.to_dict("records"):
        before = latest.get(_scope(row))
        if before is None or row["ruled_on"] >= before["ruled_on"]:
            latest[_scope(row)] = row
    return {
        scope: Ruling(_VERDICTS[row["verdict"]], row["reason"]) for scope, row in latest.items()
    }


def rule_pieces(
    pieces: pd.DataFrame, rulings: pd.DataFrame
) -> tuple[Values, Values, set[Scope]]:
    """Return the ruled verdict and the reason of every piece, and the scopes that met none.

    A ruling with a township beats one without.
    """
    deciding = deciding_rulings(rulings)
    verdicts, reasons = (np.full(len(pieces), None, dtype=object) for _ in range(2))
    changes = {change_id for change_id, _ in deciding}
    rows = np.flatnonzero(pieces["change_id"].isin(changes).to_numpy())
    places = pieces[["change_id", "township_code"]].iloc[rows].itertuples(index=False)
    met: set[Scope] = set()
    for row, (change_id, township_code) in zip(rows, places, strict=True):
        scopes: list[Scope] = [(change_id, township_code), (change_id, None)]
        met.update(scopes)
        scope = next((scope for scope in scopes if scope in deciding), None)
        if scope is not None:
            verdicts[row], reasons[row] = deciding[scope].verdict.value, deciding[scope].reason
    return verdicts, reasons, set(deciding) - met


def idle_rulings(scopes: Iterable[Scope], change_ids: Collection[str]) -> list[Finding]:
    """Return a note on each ruling of a known change that met no piece."""
    known = set(change_ids)
    what = "该图斑在那里没有可认定的面积,此条不起作用"
    fix = "核对图斑编号和乡镇代码;已计入另一图斑或在各乡镇界外的部分不认定"
    rows = [
        {"change_id": change_id, "township_code": code}
        for change_id, code in sorted(scopes, key=lambda scope: (scope[0], scope[1] or ""))
        if change_id in known
    ]
    return [_finding(row, "ruling-without-ground", "noted", what, fix) for row in rows]


def _scope(row: dict[Any, Any]) -> Scope:
    code = row.get("township_code")
    return row["change_id"], None if _blank(code) else code


def _contradictions(rulings: pd.DataFrame) -> Iterator[Finding]:
    verdicts: dict[tuple[Scope, object], set[str]] = {}
    for row in rulings.to_dict("records"):
        if not _blank(row["verdict"]) and not pd.isna(row["ruled_on"]):
            same_day = verdicts.setdefault((_scope(row), row["ruled_on"]), set())
            same_day.add(row["verdict"])
    for (scope, day), words in verdicts.items():
        if len(words) > 1:
            row = {"change_id": scope[0], "township_code": scope[1]}
            what = f"同一天({day})有不同的认定:{'、'.join(sorted(words))}"
            yield _finding(row, "rulings-contradict", "refused", what, "只留一条")


def _finding(
    row: dict[Any, Any],
    code: str,
    severity: Severity,
    what: str,
    fix: str,
) -> Finding:
    change_id, township_code = _scope(row)
    record = f"{change_id} {township_code}" if township_code else str(change_id)
    return Finding(LAYER, record, code, severity, f"人工认定 {record}:{what}", fix)


def _blank(value: object) -> bool:
    return not isinstance(value, str) or not value.strip()
