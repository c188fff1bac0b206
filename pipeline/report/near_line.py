"""Who is near the line (谁在线边上): how much room, how much to reclaim, what doubt could turn."""

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from pipeline.report.figures import need_mu_text, ratio_text, room_mu_text
from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading, line_text
from pipeline.report.ranking_rows import RankingRow, can_turn, ranking_rows
from pipeline.units import half_up, mu

_LEAST_MU = Decimal("0.01")  # what is less is told in m², to the booking unit


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
        "余量（亩）": room_text(None if row.is_accountable else row.room_m2),
        "分母（亩）": _mu(row.denominator_m2),
        "存疑（亩）": _mu(row.doubtful_farmland_m2),
        "存疑全合法": ratio_text(row.low, line),
        "存疑全违法": ratio_text(row.high, line),
        "存疑能翻": "能" if can_turn(row, heading) else "",
    }


def need_text(area_m2: float | None) -> str:
    """Return an amount to reclaim (还需复耕) as mu, rounded up; one too small for mu in m²."""
    return _text(area_m2, need_mu_text)


def room_text(area_m2: float | None) -> str:
    """Return an amount of room (余量) as mu, rounded down; one too small for mu in m²."""
    return _text(area_m2, room_mu_text)


def with_unit(text: str) -> str:
    """Return such an amount with its unit."""
    return text if text.endswith("㎡") else f"{text} 亩"


def _text(area_m2: float | None, write: Callable[[float], str]) -> str:
    if area_m2 is None:
        return ""
    return f"{area_m2:.4f} ㎡" if 0 < mu(area_m2) < _LEAST_MU else write(area_m2)


def _mu(area_m2: float) -> float:
    return float(half_up(mu(area_m2)))
