"""What became of every approval (批文使用): what it covers, in its dates and outside them."""

import numpy as np
import pandas as pd

from pipeline.report.cells import kind_label
from pipeline.report.figures import is_null
from pipeline.report.workbook.columns import plain_values
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.parcel_areas import joined
from pipeline.schema.table import Column, Kind
from pipeline.terms import ApprovalKind, Verdict
from pipeline.units import to_m2, to_units

_KEY = ["approval_kind", "approval_no"]
_FEW = 2
_DAYS = ("approved", "valid_from", "valid_until")
USED, UNUSED, QUARANTINED = "已用到", "未用到（不与任何图斑相交）", "隔离（不作依据）"

APPROVAL_USE = (
    Column("kind", "批准类型", Kind.TEXT),
    Column("approval_no", "批准文号", Kind.CODE),
    Column("approved", "批准日期", Kind.TEXT),
    Column("valid_from", "有效期起", Kind.TEXT),
    Column("valid_until", "有效期止", Kind.TEXT),
    Column("holder", "用地单位", Kind.TEXT),
    Column("land_use_purpose", "批准用途", Kind.TEXT),
    Column("records", "记录数(宗)", Kind.COUNT),
    Column("state", "使用情况", Kind.TEXT),
    Column("change_count", "覆盖图斑数", Kind.COUNT),
    Column("covered_m2", "覆盖面积", Kind.AREA_M2),
    Column("legal_m2", "其中认定合法", Kind.AREA_M2),
    Column("approved_later_m2", "期限外：批准晚于后时相", Kind.AREA_M2),
    Column("expired_m2", "期限外：后时相前已到期", Kind.AREA_M2),
)


def approval_rows(data: BookData) -> pd.DataFrame:
    """Return what ``APPROVAL_USE`` names, by kind and number; those in quarantine come last.

    ``covered_m2`` measures each approval alone, so approvals may cover the same ground; the
    other areas are pieces where it is the deciding one of its kind.
    """
    frame = _known(data.approvals)
    covered = data.coverage.assign(units=to_units(data.coverage["area_m2"]))
    by_paper = covered.groupby(_KEY)
    use = pd.DataFrame(
        {
            "change_count": by_paper["change_id"].nunique(),
            "covered_m2": by_paper["units"].sum(),
        }
    )
    parts = [_of_kind(data, kind) for kind in data.kinds]
    frame = frame.join(use)
    if parts:
        frame = frame.join(pd.concat(parts))
    for name in ("covered_m2", "legal_m2", "approved_later_m2", "expired_m2"):
        units = frame[name] if name in frame else pd.Series(0, index=frame.index)
        frame[name] = to_m2(units.fillna(0).to_numpy(dtype=np.int64))
    frame["change_count"] = frame["change_count"].fillna(0)
    frame["state"] = np.where(frame["change_count"] > 0, USED, UNUSED)
    frame = frame.reset_index()
    order = {kind.value: place for place, kind in enumerate(ApprovalKind)}
    frame["order"] = frame["approval_kind"].map(order)
    frame = frame.sort_values(["order", "approved", "approval_no"], na_position="last")
    frame["kind"] = frame["approval_kind"].map(kind_label)
    return pd.concat([frame, _quarantined(data.quarantine)], ignore_index=True)


def _known(approvals: pd.DataFrame) -> pd.DataFrame:
    """Return each approval once, with its dates and holders as text and its records counted."""
    table = pd.DataFrame(approvals.drop(columns="geometry", errors="ignore"))
    table["key"] = table["approval_kind"] + "\n" + table["approval_no"]
    for name in _DAYS:
        table[name] = _days(table, name)
    texts = joined(table, "key", [*_DAYS, "holder", "land_use_purpose"])
    texts["holder"] = texts["holder"].map(_few)
    counts = table.groupby("key").agg(
        approval_kind=("approval_kind", "first"),
        approval_no=("approval_no", "first"),
        records=("approval_no", "size"),
    )
    return counts.join(pd.DataFrame(texts)).set_index(_KEY)


def _few(names: str) -> str:
    """Return the first of many names, and how many there are."""
    listed = names.split("、")
    if len(listed) <= _FEW:
        return names
    return f"{'、'.join(listed[:_FEW])}等 {len(listed)} 家"


def _days(table: pd.DataFrame, name: str) -> list[str | None]:
    """Return dates as text, one not known to the day as the days it may be."""
    pairs = zip(table[f"{name}_earliest"], table[f"{name}_latest"], strict=True)
    return [
        None if is_null(first) else str(first) if first == last else f"{first} 至 {last}"
        for first, last in pairs
    ]


def _of_kind(data: BookData, kind: ApprovalKind) -> pd.DataFrame:
    """Return, of the pieces an approval of a kind covers, what is legal and what out of date."""
    approved, until = f"{kind}_approved_earliest", f"{kind}_valid_until_latest"
    used = ["change_id", f"{kind}_no", approved, until, "verdict", "area_m2"]
    is_covered = data.judged[f"{kind}_no"].notna() & data.judged["verdict"].notna()
    judged = data.judged.loc[is_covered, used]
    days = data.received.set_index("change_id")[["after_earliest", "after_latest"]]
    after = days.reindex(judged["change_id"])
    area = to_units(judged["area_m2"])
    table = pd.DataFrame(
        {
            "approval_kind": kind.value,
            "approval_no": judged[f"{kind}_no"].to_numpy(dtype=object),
            "legal_m2": area * judged["verdict"].eq(Verdict.LEGAL.value).to_numpy(dtype=bool),
            "approved_later_m2": area * _before(after["after_latest"], judged[approved]),
            "expired_m2": area * _before(judged[until], after["after_earliest"]),
        }
    )
    return table.groupby(_KEY).sum()


def _before(first: pd.Series, second: pd.Series) -> np.ndarray:
    """Return where one day is surely before another; not where either is unknown."""
    days = [
        np.array(plain_values(one), dtype="datetime64[D]")  # null: no day is before or after it
        for one in (first, second)
    ]
    return days[0] < days[1]


def _quarantined(quarantine: pd.DataFrame) -> pd.DataFrame:
    """Return the approvals whose records are in quarantine."""
    records = quarantine.loc[quarantine["layer"] == "approvals", "record"]
    counts = records.value_counts().sort_index()
    return pd.DataFrame(
        {
            "approval_no": counts.index.to_numpy(dtype=object),
            "records": counts.to_numpy(),
            "state": QUARANTINED,
        }
    )
