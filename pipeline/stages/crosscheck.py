"""What a change states about itself against what its geometry says (填报与套合对照)."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from pipeline.errors import Finding
from pipeline.rules.settings import AccountabilitySettings
from pipeline.terms import RULE_SLIVER, Verdict
from pipeline.units import UNITS_PER_M2, m2_text, to_units

# Within 0.05 point of the line a figure is printed with four decimals and deserves a look.
_NEAR = 0.0005
# Less is the width of the line between two parcels.
_BARE_M2 = 1.0
_LONG_AFTER = timedelta(days=366)


def crosscheck(
    changes: pd.DataFrame, pieces: pd.DataFrame, coverage: pd.DataFrame, townships: pd.DataFrame
) -> list[Finding]:
    """Return notes on codes that disagree, approvals given too late, ground of no parcel.

    Geometry decides the township; a stated code is only compared with it.
    """
    return [
        *_townships(changes, pieces, townships),
        *_late_approvals(changes, coverage),
        *_without_parcel(pieces),
    ]


def slivers(judged: pd.DataFrame) -> list[Finding]:
    """Return a note for each change with ground proposed as slivers (边角细缝), with its area."""
    proposed = judged[judged["rule_id"] == RULE_SLIVER]
    findings = []
    for change, pieces in proposed.groupby("change_id", sort=True):
        area = to_units(pieces["area_m2"]).sum() / UNITS_PER_M2
        what = f"批准范围边上有 {len(pieces)} 块边角细缝(sliver,碎片),共 {m2_text(area)} ㎡,建议不按违法计"
        fix = "请人工核对是不是测量误差"
        findings.append(
            Finding("changes", str(change), "sliver", "noted", what, fix, float(area))
        )
    return findings


def unknown_farmland(judged: pd.DataFrame) -> list[Finding]:
    """Return a note for each township with new construction where no land-use parcel is left.

    Whether that ground is farmland nobody knows: it is missing from the ratio's denominator. The
    parcel may be in quarantine, with its place or without one, or may never have been drawn.
    """
    hidden = judged[
        judged["verdict"].isin([Verdict.LEGAL.value, Verdict.ILLEGAL.value])
        & judged["parcel_id"].isna()
        & judged["township_code"].notna()
    ]
    findings = []
    for code, pieces in hidden.groupby("township_code", sort=True):
        area = float(to_units(pieces["area_m2"]).sum() / UNITS_PER_M2)
        if area < _BARE_M2:
            continue
        if pieces["touches_quarantine"].eq(other=True).any():
            why, so = "压着被隔离的记录", "占耕比不可靠,不能据此问责"
            fix = "改正被隔离的记录后重新运行"
        else:
            why, so = "在地类图层的空白处", "占耕比可能偏高,问责前先查清"
            fix = "补齐地类图斑(有没有图形的记录被隔离也看一看)后重新运行"
        what = (
            f"有 {m2_text(area)} ㎡ 新增建设用地{why},没有可用的地类图斑(land use),是不是耕地不知道,"
            f"没有算进分母:{so}"
        )
        findings.append(
            Finding("townships", str(code), "farmland-unknown", "noted", what, fix, area)
        )
    return findings


def future_days(changes: pd.DataFrame, rulings: pd.DataFrame, as_of: date) -> list[Finding]:
    """Return a note on each image after the closing day, and ruling long after it (未来日期)."""
    findings = []
    for change, day in zip(changes["change_id"], changes["after_earliest"], strict=True):
        if not _is_after(day, as_of):
            continue
        what = f"后时相(date){day} 晚于截止日 {as_of}:那天还没有影像;照此比较"
        fix = "核对后时相"
        findings.append(Finding("changes", str(change), "date-future", "noted", what, fix))
    for change, day in zip(rulings["change_id"], rulings["ruled_on"], strict=True):
        if _is_after(day, as_of + _LONG_AFTER):
            what = f"认定日期(date){day} 在截止日 {as_of} 一年以后;照用"
            fix = "核对认定日期"
            findings.append(Finding("rulings", str(change), "date-future", "noted", what, fix))
    return findings


def _is_after(day: object, other: date) -> bool:
    return isinstance(day, date) and day > other


def near_the_line(
    ranking: pd.DataFrame, accountability: AccountabilitySettings
) -> list[Finding]:
    """Return a note for each township whose official ratio is within 0.05 point of the line."""
    line = accountability.township
    findings = []
    for row in ranking.to_dict("records"):
        ratio = row[accountability.official.value]
        if pd.isna(ratio) or abs(ratio - float(line.ratio)) >= _NEAR:
            continue
        margin = 100 * (Decimal(repr(float(ratio))) - line.ratio)
        side = (
            "恰在线上"
            if margin == 0
            else f"{'高' if margin > 0 else '低'}于线 {abs(margin):.4f} 个百分点"
        )
        reached = "触线" if row["is_accountable"] else "未触线"
        what = (
            f"{row['township_name'] or ''}占耕比 {100 * ratio:.4f}%,问责线 {line.comparison} "
            f"{(100 * line.ratio).normalize():f}%,{side}(余量 margin):{reached}"
        )
        code = str(row["township_code"])
        findings.append(
            Finding("townships", code, "near-the-line", "noted", what, "逐图斑核对")
        )
    return findings


def unknown_offices(offices: pd.DataFrame, townships: pd.DataFrame) -> list[Finding]:
    """Return a note for each line of the office file whose township is not in the layer."""
    known = set(townships["township_code"])
    return [
        Finding(
            "offices",
            code,
            "unknown-township",
            "noted",
            f"管辖表里的乡镇 {code} 不在乡镇图层里(unknown township)",
            "核对乡镇代码",
        )
        for code in offices["township_code"]
        if code not in known
    ]


def early_acceptances(changes: pd.DataFrame, rectifications: pd.DataFrame) -> list[Finding]:
    """Return a note for each reclamation accepted before the image that still shows the change."""
    taken = changes.set_index("change_id")["after_earliest"]
    findings = []
    for change, accepted in zip(
        rectifications["change_id"], rectifications["accepted_latest"], strict=True
    ):
        after = taken.get(change)
        if pd.isna(accepted) or after is None or pd.isna(after) or accepted >= after:
            continue
        what = f"验收日期(date){accepted} 早于后时相 {after},那时影像上仍有此变化;照计"
        fix = "核对验收日期和图斑编号"
        findings.append(
            Finding("rectifications", str(change), "accepted-before-image", "noted", what, fix)
        )
    return findings


def _townships(
    changes: pd.DataFrame, pieces: pd.DataFrame, townships: pd.DataFrame
) -> list[Finding]:
    names = dict(zip(townships["township_code"], townships["township_name"], strict=True))
    lying_in = {
        change: set(rows)
        for change, rows in pieces.dropna(subset="township_code").groupby("change_id")[
            "township_code"
        ]
    }
    findings = []
    for change, stated in zip(
        changes["change_id"], changes["stated_township_code"], strict=True
    ):
        found = lying_in.get(change, set())
        if pd.isna(stated) or not found or stated in found:
            continue
        places = "、".join(f"{code}({names.get(code) or ''})" for code in sorted(found))
        known = "" if stated in names else ",这个代码不在乡镇图层里(unknown township)"
        what = f"填报的乡镇代码是 {stated}{known};图形在 {places},以图形为准"
        findings.append(
            Finding("changes", change, "township-disagrees", "noted", what, "核对乡镇代码")
        )
    return findings


def _late_approvals(changes: pd.DataFrame, coverage: pd.DataFrame) -> list[Finding]:
    taken = changes.set_index("change_id")["after_latest"]
    findings = []
    for row in coverage.to_dict("records"):
        after, given = taken.get(row["change_id"]), row["approved_on"]
        if pd.isna(given) or after is None or pd.isna(after) or given <= after:
            continue
        what = f"批文 {row['approval_no']} 的批准日期(date)晚于后时相 {after.isoformat()}"
        findings.append(
            Finding(
                "approvals",
                row["change_id"],
                "approved-after-image",
                "noted",
                what,
                area_m2=row["area_m2"],
            )
        )
    return findings


def _without_parcel(pieces: pd.DataFrame) -> list[Finding]:
    """Return a note for each change with ground in a township but in no land-use parcel."""
    bare = pieces[pieces["parcel_id"].isna() & pieces["township_code"].notna()]
    findings = []
    for change, ground in bare.groupby("change_id", sort=True):
        area = to_units(ground["area_m2"]).sum() / UNITS_PER_M2
        if area >= _BARE_M2:
            suspect = "touches_quarantine" in ground and ground["touches_quarantine"].any()
            why = ",且压着被隔离的记录" if suspect else ""
            what = f"有 {m2_text(area)} ㎡ 没有可用的地类图斑(land use)盖住{why},那里不算耕地"
            fix = "改正被隔离的记录后重新运行" if suspect else "核对地类图斑图层是否齐全"
            findings.append(
                Finding("changes", str(change), "no-land-use", "noted", what, fix, float(area))
            )
    return findings
