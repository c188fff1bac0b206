"""What changed since an earlier result that the config names (与上次成果相比)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.report.comparison import differing_settings
from pipeline.report.figures import is_null, ratio_text
from pipeline.report.heading import Heading
from pipeline.report.inspection_result import InspectionResult
from pipeline.report.leader.words import LONGEST_NAME, named
from pipeline.report.safe_text import safe, shorten
from pipeline.units import half_up, mu_text

NONE_NAMED = "未指定对比的上次成果。"  # the config names it: [report] compare_with
_MOVERS = 5


def changes_told(
    earlier: InspectionResult | None,
    ranking: pd.DataFrame,
    county: Mapping[Any, Any],
    heading: Heading,
) -> dict[str, object]:
    """Return what changed: a title, sentences, and the townships that moved most."""
    if earlier is None:
        return {"title": "与上次相比", "lines": [NONE_NAMED], "movers": []}
    was = earlier.heading
    title = f"与上次相比（{was.inspection}，{was.year} 年度，截止 {was.as_of.isoformat()}）"
    both = _paired(earlier, ranking, heading)
    lines = [
        *_county_lines(earlier, county, heading),
        *_side_lines(both),
        *_unlike(was, heading),
    ]
    return {"title": title, "lines": lines, "movers": _movers(both, heading)}


def _county_lines(
    earlier: InspectionResult, county: Mapping[Any, Any], heading: Heading
) -> list[str]:
    was = earlier.county.to_dict("records")[0]
    line = heading.county.ratio
    ratios = (was[earlier.heading.official.value], county[heading.official.value])
    first = "全县占耕比 " + " → ".join(ratio_text(ratio, line) for ratio in ratios)
    if not any(is_null(ratio) for ratio in ratios):
        first += f"（{_points(*ratios)}）"
    illegal = (was["illegal_farmland_m2"], county["illegal_farmland_m2"])
    counts = (was["illegal_count"], county["illegal_count"])
    second = f"违法占用耕地 {mu_text(illegal[0])} → {mu_text(illegal[1])} 亩"
    return [f"{first}；{second}；违法图斑（含疑似）{counts[0]} → {counts[1]} 个。"]


def _paired(earlier: InspectionResult, ranking: pd.DataFrame, heading: Heading) -> pd.DataFrame:
    """Return the townships of both results: name, ratio and side of the line then and now."""

    def side(frame: pd.DataFrame, official: str) -> pd.DataFrame:
        columns = {official: "ratio", "is_accountable": "is_over", "township_name": "name"}
        kept = frame.set_index("township_code")[list(columns)]
        return kept.rename(columns=columns)

    was = side(earlier.ranking, earlier.heading.official.value)
    now = side(ranking, heading.official.value)
    return was.add_suffix("_was").join(now.add_suffix("_now"), how="outer").sort_index()


def _side_lines(both: pd.DataFrame) -> list[str]:
    """Return who crossed the line, who is new, who is gone."""
    known = both["is_over_was"].notna() & both["is_over_now"].notna()
    was, now = (both[f"is_over_{end}"].eq(other=True) for end in ("was", "now"))
    groups = (
        ("新触线", now & ~was & known, "now"),
        ("退出触线", was & ~now & known, "was"),
        ("上次没有的乡镇", both["is_over_was"].isna(), "now"),
        ("这次没有的乡镇", both["is_over_now"].isna(), "was"),
    )
    told = []
    for words, chosen, end in groups:
        names = [safe(name) for name in both.loc[chosen, f"name_{end}"]]
        if names:
            told.append(f"{words} {len(names)} 个：{named(names)}")
    return ["；".join(told) + "。"] if told else ["没有乡镇越过问责线。"]


def _unlike(was: Heading, now: Heading) -> list[str]:
    """Name what the figures rest on where it is not the same: they cannot be compared plainly."""
    told = differing_settings(was, now)
    names = [name for name in told["项目"] if name not in {"检查", "年度", "截止日"}]
    return [f"注意：两次的口径不同（{'、'.join(names)}），数字不能直接相比。"] if names else []


def _movers(both: pd.DataFrame, heading: Heading) -> list[dict[str, str]]:
    """Return the townships whose ratio moved most, the largest move first."""
    moved = both.dropna(subset=["ratio_was", "ratio_now"])
    moved = moved.assign(by=(moved["ratio_now"] - moved["ratio_was"]).abs())
    moved = moved[moved["by"] > 0].sort_values("by", ascending=False, kind="stable")
    line = heading.township.ratio
    return [
        {
            "name": shorten(safe(row["name_now"]), LONGEST_NAME),
            "was": ratio_text(row["ratio_was"], line),
            "now": ratio_text(row["ratio_now"], line),
            "by": _points(row["ratio_was"], row["ratio_now"]),
        }
        for row in moved.head(_MOVERS).to_dict("records")
    ]


def _points(was: float, now: float) -> str:
    """Return a move in percentage points: 升 1.20 个百分点."""
    by = (Decimal(repr(float(now))) - Decimal(repr(float(was)))) * 100
    if by == 0:
        return "持平"
    return f"{'升' if by > 0 else '降'} {half_up(abs(by))} 个百分点"
