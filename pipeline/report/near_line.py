"""Who is near the line (谁在线边上): how much room, how much to reclaim, what doubt could turn."""

import pandas as pd

from pipeline.report.figures import ratio_text
from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading, line_text
from pipeline.report.ranking_rows import RankingRow, can_turn, ranking_rows
from pipeline.units import half_up, mu, mu_text


def near_line(ranking: pd.DataFrame, heading: Heading, count: int = 5) -> pd.DataFrame:
    """Return the townships nearest to the line on either side, the highest ratio first.

    ``ranking`` by ``schema.derived.TOWNSHIP_RANKING``. At most ``count`` on each side; areas in
    mu. 余量 is how much farmland may still be occupied illegally before the line is reached,
    还需复耕 how much must be reclaimed to get off it; 存疑能翻 tells whether the doubtful pieces
    could put the township on the other side.
    """
    rows = [row for row in ranking_rows(ranking, heading) if row.official is not None]
    over = [row for row in rows if row.is_accountable][-count:]
    under = [row for row in rows if not row.is_accountable][:count]
    return pd.DataFrame([_record(row, heading) for row in (*over, *under)])


def _record(row: RankingRow, heading: Heading) -> dict[str, object]:
    line = heading.township.ratio
    return {
        "名次": row.rank,
        "乡镇（街道）": drawable(row.name),
        heading.official_label: ratio_text(row.official, line),
        line_text(heading.township): "是" if row.is_accountable else "否",
        "还需复耕（亩）": need_text(row.reclaim_m2 if row.is_accountable else None),
        "余量（亩）": need_text(None if row.is_accountable else row.room_m2),
        "分母（亩）": _mu(row.denominator_m2),
        "存疑（亩）": _mu(row.doubtful_farmland_m2),
        "存疑全合法": ratio_text(row.low, line),
        "存疑全违法": ratio_text(row.high, line),
        "存疑能翻": "能" if can_turn(row, heading) else "",
    }


def need_text(area_m2: float | None) -> str:
    """Return an amount as mu, one that is too small for mu in m², nothing as nothing."""
    if area_m2 is None:
        return ""
    text = mu_text(area_m2)
    return f"{area_m2:.4f} ㎡" if text == "0.00" and area_m2 > 0 else text


def amount_text(area_m2: float) -> str:
    """Return an amount with its unit: mu, or m² where it is too small for mu."""
    text = need_text(area_m2)
    return text if text.endswith("㎡") else f"{text} 亩"


def _mu(area_m2: float) -> float:
    return float(half_up(mu(area_m2)))
