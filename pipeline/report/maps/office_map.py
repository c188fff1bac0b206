"""The ranking map of the offices (管辖所排名图), held against the township line."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from pipeline.report.figures import ratio_text
from pipeline.report.fonts import chinese_style, drawable
from pipeline.report.heading import Heading
from pipeline.report.maps.areas import office_areas
from pipeline.report.maps.page import HIGH, WIDE
from pipeline.report.maps.picture_file import save_picture
from pipeline.report.maps.ranking_pages import BARS, NOTES, pages_of, ranking_of
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import INK, QUIET
from pipeline.report.ranking_rows import OFFICES

_SIZE, _LINE = 10.0, 0.235  # points; inches from line to line
_BELOW, _ABOVE = 0.55, 0.25  # inches kept free under the bars and over the legend


def draw_office_map(
    townships: gpd.GeoDataFrame,
    ranking: pd.DataFrame,
    offices: pd.DataFrame,
    heading: Heading,
    *files: Path,
) -> None:
    """Draw the ranking of a county's offices, as ``draw_ranking_map`` draws its townships.

    ``ranking`` tells which office a township is under; ``offices``:
    ``schema.derived.OFFICE_RANKING``.
    """
    with chinese_style():
        pages = office_figures(townships, ranking, offices, heading)
        save_picture(pages, files, ranking_of(offices, heading, OFFICES).title, heading)


def office_figures(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, offices: pd.DataFrame, heading: Heading
) -> list[Figure]:
    """Return the pages as figures, the map first; call it inside ``chinese_style``."""
    office_of = dict(zip(ranking["township_code"], ranking["office_name"], strict=True))
    ranked = ranking_of(offices, heading, OFFICES)
    pages = pages_of(office_areas(townships, office_of), ranked)
    _write_members(pages[0], [row.code for row in ranked.rows], ranking, heading)
    return pages


def _write_members(
    page: Figure, offices: list[str], ranking: pd.DataFrame, heading: Heading
) -> None:
    """Name every office's townships under the bars, where they leave the room for it."""
    measure = TypeSize(page)
    lines = [
        line for office in offices for line in _member_lines(office, ranking, heading, measure)
    ]
    bars = page.axes[2].get_position().y0 * HIGH
    top, bottom = bars - _BELOW, NOTES[1] + NOTES[3] + _ABOVE
    if top - bottom < (len(lines) + 1) * _LINE:
        return
    left = BARS[0] / WIDE
    words = f"各所的乡镇（{heading.short_label}）"
    page.text(left, top / HIGH, words, fontsize=_SIZE, color=QUIET, va="top")
    for number, (office, members) in enumerate(lines, start=1):
        y = (top - number * _LINE) / HIGH
        page.text(left, y, office, fontsize=_SIZE, color=INK, va="top")
        page.text(left + 0.9 / WIDE, y, members, fontsize=_SIZE, color=QUIET, va="top")


def _member_lines(
    office: str, ranking: pd.DataFrame, heading: Heading, measure: TypeSize
) -> list[tuple[str, str]]:
    """Return an office's townships in lines that fit, the name of the office on the first."""
    room = (BARS[2] - 0.9) * measure.dpi
    lines, line = [], ""
    for record in ranking[ranking["office_name"].eq(office)].to_dict("records"):
        name = drawable(record["township_name"]) or str(record["township_code"])
        ratio = ratio_text(record[heading.official.value], heading.township.ratio)
        longer = f"{line}{'、' if line else ''}{name} {ratio}"
        if line and measure.of(longer, _SIZE)[0] > room:
            lines.append(line + "、")
            longer = f"{name} {ratio}"
        line = longer
    lines.append(line)
    named, _ = measure.fit(drawable(office), _SIZE, 0.85 * measure.dpi)
    return [(named if number == 0 else "", text) for number, text in enumerate(lines)]
