"""The county map (全县构成图): where the county stands, and which townships carry how much of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pipeline.report.figures import need_mu_text, ratio_text, room_mu_text
from pipeline.report.fonts import chinese_style
from pipeline.report.heading import Heading, line_text
from pipeline.report.maps.areas import CROWD, township_areas
from pipeline.report.maps.circle_map import draw_circle_legend, draw_circles
from pipeline.report.maps.collar import draw_north_arrow, draw_scale
from pipeline.report.maps.contribution_bars import draw_contributions
from pipeline.report.maps.contribution_gauge import draw_gauge
from pipeline.report.maps.contributions import contributions
from pipeline.report.maps.page import EDGE, new_page, panel, write_foot, write_titles
from pipeline.report.maps.panel import MOVED_NOTE
from pipeline.report.maps.picture_file import save_picture
from pipeline.report.palette import ACCENT, BELOW, GHOST, INK, OVER, QUIET
from pipeline.report.ranking_rows import by_code, official_parts, ranking_rows
from pipeline.rules.accountability import room_to_line
from pipeline.units import UNITS_PER_M2, mu_text

_GAUGE = (EDGE, 9.05, 15.44, 0.92)
_MAP = (EDGE, 2.22, 9.35, 6.2)
_COLLAR = (EDGE, 1.16, 9.35, 1.06)
_BARS = (10.2, 2.3, 5.79, 5.86)
_NOTES = (10.2, 1.16, 5.79, 0.6)
_MOST = 40  # rows; the rest are one
_ABOUT = "各乡镇承担的违法占用耕地"


def draw_county_map(
    townships: gpd.GeoDataFrame,
    ranking: pd.DataFrame,
    county: pd.DataFrame,
    heading: Heading,
    *files: Path,
) -> None:
    """Draw the county against its line and its townships' parts, as ``draw_ranking_map``.

    The parts are of the official numerator, so they add up to the county's ratio exactly.
    ``county``: ``schema.derived.COUNTY_RESULT``.
    """
    title = f"{heading.subject} {_ABOUT}{heading.mark}"
    with chinese_style():
        figure = county_figure(townships, ranking, county, heading)
        save_picture([figure], files, title, heading)


def county_figure(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, county: pd.DataFrame, heading: Heading
) -> Figure:
    """Return the page as a figure; call it inside ``chinese_style``."""
    page = new_page()
    record = county.to_dict("records")[0]
    parts_of_county = official_parts(record, heading)
    rows = ranking_rows(ranking, heading)
    parts = contributions(rows, parts_of_county, _MOST)
    draw_gauge(panel(page, _GAUGE), parts, record, heading)
    map_axes, collar = panel(page, _MAP), panel(page, _COLLAR)
    circles = draw_circles(map_axes, township_areas(townships), by_code(rows))
    most = max((row.numerator_m2 for row in rows), default=0.0)
    draw_circle_legend(collar, most, circles.largest)
    draw_scale(collar, map_axes)
    draw_north_arrow(collar)
    draw_contributions(panel(page, _BARS), parts)
    _legend(panel(page, _NOTES), heading)
    title = f"{heading.subject} {_ABOUT}{heading.mark}"
    write_titles(page, title, _subtitle(record, parts_of_county, heading), heading)
    first = [
        f"县级问责线：{line_text(heading.county)}（依据：{heading.county.basis}）",
        "百分点：一个乡镇占全县占耕比的多少，各乡镇相加等于全县",
    ]
    if circles.has_boxes:
        first.append(MOVED_NOTE)
    if len(rows) > CROWD:
        first.append(f"图上只注记最大的 {circles.named} 个")
    elif circles.left_out:
        first.append(f"图面过小未注记 {len(circles.left_out)} 个")
    write_foot(page, heading, first)
    return page


def _subtitle(county: Mapping[Any, Any], parts: tuple[int, int], heading: Heading) -> str:
    """Return the county's sum, and what it still may occupy or must reclaim."""
    above, below = (units / UNITS_PER_M2 for units in parts)
    ratio = ratio_text(county[heading.official.value], heading.county.ratio)
    told = f"全县 {heading.short_label} {mu_text(above)} 亩 ÷ {mu_text(below)} 亩 ＝ {ratio}"
    room = room_to_line(*parts, heading.county)
    if county["is_accountable"]:
        need = county["reclaim_to_line_m2"]
        words = "已触线" if pd.isna(need) else f"已触线，还需复耕 {need_mu_text(need)} 亩"
        return f"{told}　｜　{words}"
    if room is None:
        return f"全县{heading.no_denominator}"
    return f"{told}　｜　再新增不超过 {room_mu_text(room / UNITS_PER_M2)} 亩就不触线"


def _legend(axes: Axes, heading: Heading) -> None:
    axes.axis("off")
    style = {"edgecolor": QUIET, "lw": 0.5}
    words = heading.short_label
    entries: list[Patch | Line2D] = [
        Patch(facecolor=OVER, label=f"{words}：触线的乡镇", edgecolor=ACCENT, lw=1.6),
        Patch(facecolor=BELOW, label=f"{words}：未触线的乡镇", **style),  # type: ignore[arg-type]
        Patch(facecolor=GHOST, label="整改前", **style),  # type: ignore[arg-type]
        Line2D([], [], color=INK, lw=1.1, marker="|", ms=7, label="存疑图斑：全合法 至 全违法"),
    ]
    axes.legend(
        handles=entries,
        loc="upper left",
        ncols=2,
        frameon=False,
        fontsize=10,
        borderaxespad=0.0,
        columnspacing=1.8,
        labelspacing=0.55,
        handlelength=1.8,
        handleheight=1.1,
    )
