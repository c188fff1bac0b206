"""Credit what was demolished and reclaimed, and what was regularised (整改)."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.errors import Finding
from pipeline.rules.rectification import reclaimed_by_township
from pipeline.rules.settings import AccountabilitySettings
from pipeline.schema.derived import RECTIFIED
from pipeline.terms import DEMOLISHED_AND_RECLAIMED, Verdict
from pipeline.units import m2_text, mu, to_m2, to_units

LAYER = "rectifications"
# So near the whole area in mu, a figure in m² is hardly chance.
_SAME = 0.01

# Illegal farmland of a change by township, in booking units.
ByTownship = dict[str, int]
_PLACE = ["change_id", "township_code"]
_Row = dict[Any, Any]


@dataclass(frozen=True)
class Rectified:
    """What counts of the rectifications (整改落实, schema ``RECTIFIED``), and what was found."""

    rectified: pd.DataFrame
    findings: list[Finding]


def rectify(
    judged: pd.DataFrame,
    rectifications: pd.DataFrame,
    *,
    accountability: AccountabilitySettings,
) -> Rectified:
    """Return reclaimed and regularised farmland of every change and township with illegal land.

    Only 拆除复耕 counts, accepted for sure on or before ``as_of``, and only up to the illegal
    farmland that is in the numerator. Every row that does not count in full is noted.
    """
    places = _illegal_by_place(judged, accountability.exempt_acts)
    capacity: dict[str, ByTownship] = {}
    for change_id, code, units in zip(
        places["change_id"], places["township_code"], places["counted"], strict=True
    ):
        capacity.setdefault(change_id, {})[code] = int(units)
    known = set(judged["change_id"])
    stated: dict[str, dict[str | None, int]] = {}
    findings: list[Finding] = []
    for row in _sorted(rectifications).to_dict("records"):
        objection = _objection(row, accountability.as_of, known)
        if objection is not None:
            findings.append(objection)
            continue
        of_change = stated.setdefault(row["change_id"], {})
        code = _township(row)
        of_change[code] = of_change.get(code, 0) + int(to_units(row["farmland_m2"]))
    reclaimed: dict[tuple[str, str], int] = {}
    for change_id, amounts in stated.items():
        illegal = capacity.get(change_id, {})
        counted = reclaimed_by_township(illegal, amounts)
        reclaimed |= {(change_id, code): units for code, units in counted.items()}
        findings += [*_caps(change_id, illegal, amounts), *_in_mu(change_id, illegal, amounts)]
    return Rectified(_table(places, reclaimed), findings)


def _illegal_by_place(judged: pd.DataFrame, exempt_acts: tuple[str, ...]) -> pd.DataFrame:
    """Return illegal, exempt, counted and regularised farmland by change and township."""
    illegal = judged[
        judged["verdict"].eq(Verdict.ILLEGAL.value) & judged["township_code"].notna()
    ]
    units = to_units(illegal["farmland_m2"])
    exempt = illegal["act"].isin(exempt_acts).to_numpy()
    sums = pd.DataFrame(
        {
            "change_id": illegal["change_id"].to_numpy(dtype=object),
            "township_code": illegal["township_code"].to_numpy(dtype=object),
            "illegal": units,
            "exempt": units * exempt,
            "counted": units * ~exempt,
            "regularised": units * (illegal["is_regularised"].to_numpy(dtype=bool) & ~exempt),
        }
    )
    return sums.groupby(_PLACE, as_index=False, sort=True).sum()


def _table(places: pd.DataFrame, reclaimed: Mapping[tuple[str, str], int]) -> pd.DataFrame:
    keys = zip(places["change_id"], places["township_code"], strict=True)
    taken = pd.Series([reclaimed.get(key, 0) for key in keys], dtype="int64")
    # Land that is green again needs no papers: what was reclaimed leaves the regularised first.
    regularised = (places["regularised"] - taken).clip(lower=0)
    return pd.DataFrame(
        {
            "change_id": places["change_id"].astype("str"),
            "township_code": places["township_code"].astype("str"),
            "illegal_farmland_m2": to_m2(places["illegal"]),
            "exempt_farmland_m2": to_m2(places["exempt"]),
            "reclaimed_farmland_m2": to_m2(taken),
            "regularised_farmland_m2": to_m2(regularised),
        }
    )[RECTIFIED.names]


def unknown_changes(rectifications: pd.DataFrame, change_ids: Collection[str]) -> list[Finding]:
    """Return a note for each rectification whose change does not take part."""
    known = set(change_ids)
    rows = _sorted(rectifications).to_dict("records")
    return [_unknown(row) for row in rows if row["change_id"] not in known]


def _unknown(row: _Row) -> Finding:
    fix = "核对图斑编号;被隔离、被拆分的图斑不参加检查"
    return _note(row, "unknown-change", "图斑不在参加检查的变化图斑中,不计", fix)


def _objection(row: _Row, as_of: date, known: set[str]) -> Finding | None:
    """Return why a row does not count, null where it does."""
    if row["change_id"] not in known:
        return _unknown(row)
    method = unicodedata.normalize("NFKC", str(row["method"])).strip()
    if method != DEMOLISHED_AND_RECLAIMED:
        what = (
            f"整改方式 {method or '(空)'} 不减占耕比,不计;只有 {DEMOLISHED_AND_RECLAIMED} 计入"
        )
        return _note(row, "method-not-counted", what, "方式填错时改正")
    earliest, latest = row["accepted_earliest"], row["accepted_latest"]
    if pd.isna(latest) or pd.isna(earliest):
        fix = "验收后补上验收日期 accepted_on"
        return _note(row, "not-accepted", "没有验收日期(未验收),不计", fix)
    if latest <= as_of:
        return None
    if earliest <= as_of:
        what = f"验收日期只知在 {earliest} 至 {latest} 之间,不能确定不晚于截止日 {as_of},不计"
        return _note(row, "acceptance-undated", what, "把验收日期补到日")
    what = f"验收日期 {earliest} 晚于截止日 {as_of},不计"
    return _note(row, "accepted-late", what, "此后的检查再计入")


def _caps(
    change_id: str, illegal: ByTownship, stated: Mapping[str | None, int]
) -> list[Finding]:
    """Return a note wherever the ledger says more than there is illegal farmland to reclaim."""
    findings = []
    for code in sorted(code for code in stated if code is not None):
        row = {"change_id": change_id, "township_code": code}
        if not illegal.get(code):
            findings.append(_nothing(row, "该图斑在该乡镇"))
        elif stated[code] > illegal[code]:
            findings.append(_cap(row, stated[code], illegal[code]))
    rest = sum(max(units - stated.get(code, 0), 0) for code, units in illegal.items())
    if None in stated and not any(illegal.values()):
        findings.append(_nothing({"change_id": change_id}, "该图斑"))
    elif stated.get(None, 0) > rest:
        findings.append(_cap({"change_id": change_id}, stated[None], rest))
    return findings


def _in_mu(
    change_id: str, illegal: ByTownship, stated: Mapping[str | None, int]
) -> list[Finding]:
    """Return a note where the area is that of the whole illegal farmland, but in mu (亩)."""
    findings = []
    for code, units in stated.items():
        whole = sum(illegal.values()) if code is None else illegal.get(code, 0)
        if not units or abs(float(mu(whole)) / units - 1) > _SAME:
            continue
        what = (
            f"复耕 {m2_text(units / 10_000)} ㎡ 正好是违法占用的耕地 {m2_text(whole / 10_000)} ㎡ "
            "的亩(mu)数,像是单位(unit)填成了亩;按平方米计"
        )
        row = {"change_id": change_id, "township_code": code}
        findings.append(_note(row, "area-in-mu", what, "核对 farmland_m2 的单位"))
    return findings


def _nothing(row: _Row, where: str) -> Finding:
    what = f"{where}没有计入占耕比的违法占用耕地,不计"
    fix = "核对乡镇代码和图斑编号;豁免行为占用的不在其内"
    return _note(row, "no-illegal-farmland", what, fix)


def _cap(row: _Row, stated: int, room: int) -> Finding:
    said, kept = m2_text(stated / 10_000), m2_text(room / 10_000)
    what = f"复耕 {said} ㎡ 多于计入占耕比的违法占用耕地,只计 {kept} ㎡"
    fix = "核对复耕面积(单位平方米)和图斑编号"
    return _note(row, "reclaimed-capped", what, fix, (stated - room) / 10_000)


def _note(row: _Row, code: str, what: str, fix: str, area_m2: float | None = None) -> Finding:
    if area_m2 is None and "farmland_m2" in row and not pd.isna(row["farmland_m2"]):
        area_m2 = float(row["farmland_m2"])
    record = " ".join(part for part in (str(row["change_id"]), _township(row)) if part)
    return Finding(LAYER, record, code, "noted", f"整改 {record}:{what}", fix, area_m2)


def _township(row: _Row) -> str | None:
    code = row.get("township_code")
    return code if isinstance(code, str) and code else None


def _sorted(rectifications: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in an order of their own, so that the file's order changes no output."""
    return rectifications.astype(object).sort_values(
        [*_PLACE, "method", "farmland_m2"],
        key=lambda column: column.astype("str"),
        kind="stable",
    )
