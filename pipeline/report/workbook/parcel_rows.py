"""The rows of the forms that list changes (逐图斑上报表的各行)."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.report.cells import verdict_label
from pipeline.report.figures import is_null
from pipeline.report.standing import settled_changes, standing_label
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.parcel_areas import (
    counted_areas,
    joined,
    land_areas,
    rectification,
)
from pipeline.terms import ApprovalKind, Verdict
from pipeline.units import mu_text

# An act as the rules call it → the box it is ticked in; every other act is 其他违法用地.
_BOXES = {"未批先建": "not_applied", "未供先用": "not_supplied", "批少占多": "over_extent"}
_OTHER_BOX = "other_breach"
_RED_LINE = ("生态", "红线")
_DONE = ("拆除", "补办", "拆补组合")


def parcel_rows(data: BookData) -> pd.DataFrame:
    """Return what the program knows of every change for the forms A and A2, by change_id."""
    changes = data.changes.set_index("change_id", drop=False).rename_axis(None).sort_index()
    frame = pd.DataFrame({"change_id": changes["change_id"]})
    frame["number"] = np.arange(1, len(frame) + 1)
    names = data.township_names
    towns = changes["township_code"].map(names)
    frame["township"], frame["township_code"] = towns, changes["township_code"]
    frame["whole_m2"] = changes["area_m2"]
    land = land_areas(data.judged).reindex(frame.index).fillna(0.0)
    frame = frame.join(land)
    if not data.has_permanent_farmland:
        frame = frame.drop(columns="permanent_farmland_m2")
    red_line = _red_line(data.constraint_names)
    if red_line is not None:
        frame["red_line_m2"] = counted_areas(frame, data.constraint_areas, red_line)
    return frame.assign(**_opinions(data, changes), **_repairs(data, frame.index))


def ledger_rows(data: BookData, parcels: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of form A."""
    frame = parcels.drop(columns=["permanent_farmland_m2"], errors="ignore")
    frame["used_between"] = _between(data.received).reindex(frame.index)
    if "permanent_farmland_m2" in parcels:
        frame["on_permanent_farmland"] = parcels["permanent_farmland_m2"] > 0
    papers = {
        "conversion_paper": ApprovalKind.CONVERSION,
        "supply_paper": ApprovalKind.SUPPLY,
    }
    for name, kind in papers.items():
        if kind in data.kinds:
            frame[name] = _papers(data.judged, kind).reindex(frame.index)
    if data.judged["plan_zone"].notna().any():
        zones = joined(data.judged, "change_id", ["plan_zone"])
        frame["planned_use"] = zones["plan_zone"].reindex(frame.index)
    for name, values in _holders(data).items():
        frame[name] = values.reindex(frame.index)
    acts = frame["acts"].fillna("")
    for box in (*_BOXES.values(), _OTHER_BOX):
        frame[box] = _ticked(acts, box)
    frame["remark"] = frame["opinion"]
    return frame


def breach_rows(data: BookData, parcels: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of form E: changes with illegal ground, most farmland first."""
    changes = data.changes.set_index("change_id", drop=False).rename_axis(None)
    illegal = changes[changes["illegal_m2"] > 0].sort_values(
        ["illegal_farmland_m2", "illegal_m2", "change_id"], ascending=[False, False, True]
    )
    own = parcels.reindex(illegal.index)
    frame = illegal[["illegal_m2", "illegal_farmland_m2"]].copy()
    if data.has_permanent_farmland:
        name = "illegal_permanent_farmland_m2"
        frame[name] = illegal[name]
    frame["number"] = np.arange(1, len(frame) + 1)
    frame["county"] = data.heading.county_name
    frame["clue_no"] = illegal["change_id"]
    frame["is_rectified"] = own["state"].isin(_DONE)
    frame["rectified"] = own["rectified"]
    frame["remark"] = own["township"].fillna("") + "；" + own["acts"].fillna("违法用地")
    return frame


def _red_line(names: Iterable[str]) -> str | None:
    """Return the constraint layer that is the ecological red line."""
    return next((name for name in names if all(word in name for word in _RED_LINE)), None)


def _opinions(data: BookData, changes: pd.DataFrame) -> dict[str, pd.Series]:
    """Return verdicts as opinions, the acts of what is illegal, and who ruled when.

    Where people ruled a part only, the change's verdict remains the rules' proposal.
    """
    judged = data.judged
    ruled = judged[judged["ruled_verdict"].notna()]
    settled = settled_changes(changes, judged)
    partly = np.where(
        changes.index.isin(ruled["change_id"]), "（建议，部分已人工认定）", "（建议）"
    )
    signed_label = changes["verdict"].map(lambda one: standing_label(one, is_ruled=True))
    opinion: pd.Series = (changes["verdict"].map(verdict_label) + partly).where(
        ~changes.index.isin(settled), signed_label
    )
    illegal = judged[judged["verdict"] == Verdict.ILLEGAL.value]
    acts = joined(illegal, "change_id", ["act"])["act"].reindex(changes.index)
    signed = data.rulings[data.rulings["change_id"].isin(ruled["change_id"])]
    last = signed.sort_values("ruled_on", kind="stable").groupby("change_id").last()
    last = last.reindex(changes.index)
    return {
        "opinion": opinion.where(changes["verdict"].notna(), "县界外"),
        "acts": acts,
        "ruled_by": last["ruled_by"],
        "ruled_on": last["ruled_on"],
    }


def _repairs(data: BookData, index: pd.Index) -> dict[str, pd.Series]:
    """Return what was put right of each change, in figures and in words."""
    own = rectification(data.judged, data.rectified, ["change_id"]).reindex(index)
    words = [
        None if is_null(state) else _words(float(reclaimed), float(regularised))
        for state, reclaimed, regularised in zip(
            own["state"],
            own["reclaimed_farmland_m2"],
            own["regularised_farmland_m2"],
            strict=True,
        )
    ]
    names = ("reclaimed_farmland_m2", "regularised_m2", "regularised_farmland_m2", "state")
    return {name: own[name] for name in names} | {"rectified": pd.Series(words, index=index)}


def _words(reclaimed: float, regularised: float) -> str | None:
    parts = [
        f"{name}耕地 {mu_text(amount)} 亩"
        for name, amount in (("拆除复耕", reclaimed), ("补办", regularised))
        if amount > 0
    ]
    return "、".join(parts) or None


def _between(received: pd.DataFrame) -> pd.Series:
    """Return the days between which the ground was changed, as text."""
    dates = zip(
        received["before_earliest"].tolist(), received["after_latest"].tolist(), strict=True
    )
    words = [
        None if is_null(before) and is_null(after) else f"{_day(before)} 至 {_day(after)}"
        for before, after in dates
    ]
    return pd.Series(words, index=received["change_id"].to_numpy(), dtype=object)


def _day(value: object) -> str:
    return "不明" if is_null(value) else str(value)


def _papers(judged: pd.DataFrame, kind: ApprovalKind) -> pd.Series:
    """Return the date and number of each change's approvals of a kind, as text."""
    used = ["change_id", f"{kind}_no", f"{kind}_on"]
    known = judged.loc[judged[f"{kind}_no"].notna(), used]
    dates = ["日期不明" if is_null(day) else str(day) for day in known[f"{kind}_on"].tolist()]
    papers = pd.DataFrame(
        {
            "change_id": known["change_id"].to_numpy(dtype=object),
            "paper": [
                f"{day} {no}" for day, no in zip(dates, known[f"{kind}_no"], strict=True)
            ],
        }
    )
    return joined(papers, "change_id", ["paper"], "；")["paper"]


def _holders(data: BookData) -> dict[str, pd.Series]:
    """Return who the approvals of what is legal name, and for what use."""
    legal = data.judged[data.judged["verdict"] == Verdict.LEGAL.value]
    made = {}
    for column, name in (("holder", "user"), ("land_use_purpose", "approved_use")):
        named = _named_once(data.approvals, column)
        found = [
            legal[["change_id", f"{kind}_no"]].merge(
                named[named["approval_kind"] == kind.value],
                left_on=f"{kind}_no",
                right_on="approval_no",
            )[["change_id", column]]
            for kind in data.kinds
        ]
        if found and len(together := pd.concat(found)):
            made[name] = joined(together, "change_id", [column])[column]
    return made


def _named_once(approvals: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the approvals that name one holder or use: of a batch nobody knows whose part it is."""
    key = ["approval_kind", "approval_no"]
    named = approvals[[*key, column]].dropna().drop_duplicates()
    return pd.DataFrame(named[~named.duplicated(key, keep=False)])


def _ticked(acts: pd.Series, box: str) -> pd.Series:
    """Return whether one of the acts of each change belongs in a box."""
    known = {
        text: any(_BOXES.get(act, _OTHER_BOX) == box for act in text.split("、") if act)
        for text in acts.unique()
    }
    return acts.map(known).astype(object)
