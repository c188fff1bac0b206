"""The sentences and rows of the leader's page (一页通的文字)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.report.figures import (
    is_null,
    need_mu_text,
    percent_text,
    rank_text,
    ratio_text,
    room_mu_text,
)
from pipeline.report.heading import Heading, line_text
from pipeline.report.ranking_rows import SMALL_MARK, RankingRow, can_turn, small_limit_mu
from pipeline.report.safe_text import shorten
from pipeline.units import half_up, mu_text

_MOST_NAMES = 8  # in one sentence
LONGEST_NAME = 12  # characters: the page stays one page whatever a place is called
_NEVER = "复耕不减"


def lead_words(
    county: Mapping[Any, Any], rows: Sequence[RankingRow], heading: Heading
) -> list[str]:
    """Return the sentences that a leader reads if nothing else; 疑似 until a person signed."""
    mark = "" if heading.is_signed else "疑似"
    ratio = county[heading.official.value]
    line = heading.county
    if is_null(ratio):
        first = f"全县{heading.no_denominator}，没有占耕比。"
    else:
        told = ratio_text(ratio, line.ratio)
        side = f"{mark}已触" if county["is_accountable"] else "未触"
        first = f"全县违法占耕比 {told}，{side} {percent_text(line.ratio)} 问责线。"
    over = [row.name for row in rows if row.is_accountable]
    township = f"（{line_text(heading.township)}）"
    if not over:
        return [first, f"{len(rows)} 个乡镇（街道）都未触线{township}。"]
    second = f"{len(rows)} 个乡镇（街道）中 {len(over)} 个{mark}触线{township}：{named(over)}。"
    needs = [row.reclaim_m2 for row in rows if row.is_accountable]
    known = [need for need in needs if need is not None]
    if len(known) < len(needs):
        return [first, second]
    return [first, second, f"全部退到线下，合计至少还需复耕 {need_mu_text(*known)} 亩。"]


def named(names: Sequence[str]) -> str:
    """Return names in a row, the first few of many."""
    told = "、".join(shorten(name, LONGEST_NAME) for name in names[:_MOST_NAMES])
    return told if len(names) <= _MOST_NAMES else f"{told}等 {len(names)} 个"


def rank_rows(rows: Sequence[RankingRow], heading: Heading) -> list[dict[str, str]]:
    """Return townships near the line: rank, name, ratio, and what moves it over the line."""
    return [
        {
            "rank": rank_text(row.rank),
            "name": shorten(row.name, LONGEST_NAME) + (SMALL_MARK if row.is_small else ""),
            "ratio": ratio_text(row.official, heading.township.ratio),
            "need": _need(row),
            "doubtful": mu_text(row.doubtful_farmland_m2),
            "turns": "能" if can_turn(row, heading) else "不能",
        }
        for row in rows
    ]


def _need(row: RankingRow) -> str:
    if row.is_accountable:
        return _NEVER if row.reclaim_m2 is None else need_mu_text(row.reclaim_m2)
    return room_mu_text(row.room_m2 or 0.0)


def doubts(
    county: Mapping[Any, Any], rows: Sequence[RankingRow], heading: Heading
) -> list[str]:
    """Return what could still move the figures, a sentence each."""
    line = heading.county.ratio
    told = []
    if county["doubtful_farmland_m2"] > 0:
        ends = [ratio_text(county[name], line) for name in ("ratio_low", "ratio_high")]
        doubtful = mu_text(county["doubtful_farmland_m2"])
        told.append(
            f"存疑图斑占用耕地 {doubtful} 亩：全部合法则全县 {ends[0]}，全部违法则 {ends[1]}。"
        )
    turning = [row.name for row in rows if can_turn(row, heading)]
    if turning:
        told.append(
            f"存疑图斑的认定可使 {len(turning)} 个乡镇换到线的另一边：{named(turning)}。"
        )
    if county["quarantined_count"]:
        told.append(f"有 {county['quarantined_count']} 条记录被隔离、没有计入，见问题清单。")
    small = [row.name for row in rows if row.is_small]
    if small:
        limit = half_up(small_limit_mu(heading), 0)
        told.append(
            f"基数小（{SMALL_MARK}，分母不足 {limit} 亩）的乡镇 {len(small)} 个："
            f"{named(small)}，一个图斑就能左右结果。"
        )
    return told
