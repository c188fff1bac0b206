"""The leader's page (县领导一页通): one A4 page on a county's inspection, PDF and PNG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline.report.figures import (
    is_null,
    need_mu_text,
    percent_text,
    ratio_text,
    room_mu_text,
)
from pipeline.report.heading import CLUE, Heading, line_text
from pipeline.report.inspection_result import InspectionResult
from pipeline.report.leader.changes import changes_told
from pipeline.report.leader.words import doubts, lead_words, rank_rows
from pipeline.report.maps.collar import small_note
from pipeline.report.maps.page import SOURCES
from pipeline.report.maps.picture_file import describe
from pipeline.report.maps.png_text import with_text
from pipeline.report.maps.small_map import small_map
from pipeline.report.palette import BELOW, GHOST, OVER, ratio_classes
from pipeline.report.ranking_rows import RankingRow, official_parts, ranking_rows
from pipeline.report.safe_text import shorten
from pipeline.report.typesetting import TEMPLATES, typeset, typeset_png
from pipeline.rules.accountability import room_to_line
from pipeline.units import UNITS_PER_M2, m2_text, mu_text

_TEMPLATE = TEMPLATES / "county_page.typ"
_DPI = 200
_MAP_INCHES = (4.0, 2.9)
_NEAREST = 5
_LONGEST = 80  # characters of a text from the config


@dataclass(frozen=True)
class CountyResults:
    """What the page is about (本次成果): townships with shapes, the ranking, the county's one row."""

    townships: gpd.GeoDataFrame
    ranking: pd.DataFrame
    county: pd.DataFrame


def write_leader_page(
    results: CountyResults,
    heading: Heading,
    earlier: InspectionResult | None,
    *,
    pdf: Path,
    png: Path,
) -> None:
    """Write the page (县领导一页通), the same bytes for the same tables.

    ``earlier`` is the result to compare with, named in the config; without it the page says
    that none was named. Amounts to reclaim are rounded up and amounts of room down, so that
    whoever keeps to them is on the right side of the line.
    """
    rows = ranking_rows(results.ranking, heading)
    data = page_data(results, rows, heading, earlier)
    pictures = {"map.svg": small_map(results.townships, rows, heading, _MAP_INCHES)}
    pdf.write_bytes(typeset(_TEMPLATE, data, pictures))
    texts = {"Title": str(data["title"]), "Description": describe(heading)}
    image = typeset_png(_TEMPLATE, data, pictures, dpi=_DPI)[0]
    png.write_bytes(with_text(image, texts, dpi=_DPI))


def page_data(
    results: CountyResults,
    rows: Sequence[RankingRow],
    heading: Heading,
    earlier: InspectionResult | None,
) -> dict[str, object]:
    """Return everything that the template prints, as text and as shares of a gauge."""
    county = results.county.to_dict("records")[0]
    return {
        "title": f"{heading.subject}：县领导一页通{heading.mark}",
        "subject": shorten(heading.subject, _LONGEST),
        "mark": heading.mark,
        "notice": shorten(heading.notice, _LONGEST // 2),
        "description": describe(heading),
        "date": [heading.as_of.year, heading.as_of.month, heading.as_of.day],
        "lead": lead_words(county, rows, heading),
        "tiles": _tiles(county),
        "gauge": _gauge(county, heading),
        "county_room": _county_room(county, heading),
        "classes": _legend(rows, heading),
        "small": small_note(heading) if any(row.is_small for row in rows) else "",
        "colours": {"over": OVER, "below": BELOW, "ghost": GHOST},
        "line": line_text(heading.township),
        "ratio_head": heading.short_label,
        "over": rank_rows([row for row in rows if row.is_accountable][-_NEAREST:], heading),
        "under": rank_rows(
            [row for row in rows if row.level is not None and not row.is_accountable][
                :_NEAREST
            ],
            heading,
        ),
        "changes": changes_told(earlier, results.ranking, county, heading),
        "doubts": doubts(county, rows, heading),
        "foot": [f"{name}：{shorten(text, _LONGEST)}" for name, text in heading.basis()],
        "sources": SOURCES,
        "clue": CLUE if heading.is_signed else f"{CLUE}：本页为疑似结果，供核查",
        "inspection": shorten(heading.inspection, _LONGEST),
    }


def _tiles(county: Mapping[Any, Any]) -> list[dict[str, str]]:
    """Return the figures at the top: value, unit, what it is, and a line of detail."""
    illegal, reclaimed = county["illegal_farmland_m2"], county["reclaimed_farmland_m2"]
    permanent = county["illegal_permanent_farmland_m2"]

    def tile(value: str, unit: str, name: str, detail: str) -> dict[str, str]:
        return {"value": value, "unit": unit, "name": name, "detail": detail}

    return [
        tile(
            f"{county['change_count']:,}",
            "个",
            "变化图斑",
            f"县内 {mu_text(county['area_m2'])} 亩",
        ),
        tile(
            f"{county['illegal_count']:,}",
            "个",
            "违法图斑（含疑似）",
            f"占 {county['illegal_count']}/{county['change_count']}",
        ),
        tile(mu_text(illegal), "亩", "整改前违法占用耕地", f"{m2_text(illegal)} ㎡"),
        tile(
            "—" if is_null(permanent) else mu_text(permanent),
            "亩",
            "其中永久基本农田",
            "无永久基本农田图层" if is_null(permanent) else f"{m2_text(permanent)} ㎡",
        ),
        tile(mu_text(reclaimed), "亩", "已拆除复耕", f"{m2_text(reclaimed)} ㎡"),
    ]


def _gauge(county: Mapping[Any, Any], heading: Heading) -> dict[str, object]:
    """Return the county's ratio as shares of an axis that reaches beyond the line."""
    line = float(heading.county.ratio)
    names = {"now": heading.official.value, "gross": "ratio_gross"}
    names |= {"low": "ratio_low", "high": "ratio_high"}
    ratios = {
        key: None if is_null(county[name]) else float(county[name])
        for key, name in names.items()
    }
    end = max([line * 1.3, *(ratio * 1.05 for ratio in ratios.values() if ratio is not None)])
    return {
        "is_over": bool(county["is_accountable"]),
        "line": line / end,
        "line_text": f"问责线 {percent_text(heading.county.ratio)}",
        "shares": {
            key: None if ratio is None else ratio / end for key, ratio in ratios.items()
        },
        "texts": {
            key: ratio_text(ratio, heading.county.ratio) for key, ratio in ratios.items()
        },
        "label": heading.official_label,
    }


def _county_room(county: Mapping[Any, Any], heading: Heading) -> str:
    """Return what the county may still occupy, or must reclaim, in words."""
    above, below = official_parts(county, heading)
    line = f"县级问责线（{line_text(heading.county)}）"
    if county["is_accountable"]:
        need = county["reclaim_to_line_m2"]
        if is_null(need):
            return f"已触{line}。考核口径不减复耕，复耕不能使全县退到线下。"
        return f"已触{line}。还需复耕 {need_mu_text(need)} 亩才能退到线下。"
    room = room_to_line(above, below, heading.county)
    if room is None:
        return f"全县{heading.no_denominator}，没有占耕比。"
    area = room / UNITS_PER_M2
    return f"距{line}：全县再新增违法占用耕地不超过 {room_mu_text(area)} 亩就不触线。"


def _legend(rows: Sequence[RankingRow], heading: Heading) -> list[dict[str, object]]:
    classes = ratio_classes(heading.township, heading.county)
    counted = [
        {"label": one.label, "fill": one.fill, "count": sum(row.level == i for row in rows)}
        for i, one in enumerate(classes)
    ]
    blank = sum(row.level is None for row in rows)
    return [*counted, {"label": "无新增", "fill": "", "count": blank}] if blank else counted
