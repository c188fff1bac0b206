"""The ranking map (排名图): a township choropleth with the ranked bars beside it, PNG and PDF."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.report.fonts import chinese_style, drawable
from pipeline.report.heading import CLUE, Heading
from pipeline.report.map_collar import draw_legend, draw_north_arrow, draw_scale
from pipeline.report.map_panel import draw_map
from pipeline.report.palette import ACCENT, FAINT, INK, QUIET, ratio_classes
from pipeline.report.ranking_bars import bar_legend, draw_bars
from pipeline.report.ranking_rows import by_code, ranking_rows
from pipeline.report.type_size import TypeSize

# A3 landscape, in inches: prints on A3 as it is, on A4 at 71 %.
_WIDE, _HIGH = 16.54, 11.69
_DPI = 200
_EDGE = 0.55
_MAP = (_EDGE, 2.42, 9.35, 7.8)  # left, bottom, width, height
_COLLAR = (_EDGE, 1.16, 9.35, 1.26)
_BARS = (10.2, 2.42, 5.79, 7.5)
_NOTES = (10.2, 1.16, 5.79, 0.78)


def draw_ranking_map(
    townships: gpd.GeoDataFrame,
    ranking: pd.DataFrame,
    heading: Heading,
    *,
    png: Path,
    pdf: Path,
) -> None:
    """Draw the ranking of a county as one page, the same bytes for the same tables.

    ``townships``: township_code, township_name, geometry in the working CRS (metres);
    ``ranking``: ``schema.derived.TOWNSHIP_RANKING``. The line and its classes come from
    ``heading``; which side a township is on comes from ``is_accountable``, never from a
    rounded figure.
    """
    with chinese_style():
        figure = ranking_figure(townships, ranking, heading)
        figure.savefig(png, format="png", dpi=_DPI, metadata={"Software": None})
        details = {"Title": drawable(heading.title), "CreationDate": None}
        figure.savefig(pdf, format="pdf", metadata=details)


def ranking_figure(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, heading: Heading
) -> Figure:
    """Return the page as a figure; call it inside ``chinese_style``."""
    figure = Figure(figsize=(_WIDE, _HIGH), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    rows = ranking_rows(ranking, heading)
    classes = ratio_classes(heading.township, heading.county)
    map_axes, collar = _axes(figure, _MAP), _axes(figure, _COLLAR)
    left_out = draw_map(map_axes, townships, by_code(rows), classes, heading)
    draw_legend(collar, rows, classes, heading)
    draw_scale(collar, map_axes)
    draw_north_arrow(collar)
    draw_bars(_axes(figure, _BARS), rows, classes, heading)
    notes = _axes(figure, _NOTES)
    notes.axis("off")
    bar_legend(notes, classes, heading)
    _titles(figure, heading, len(rows))
    _foot(figure, heading, left_out)
    return figure


def _axes(figure: Figure, inches: tuple[float, float, float, float]) -> Axes:
    left, bottom, wide, high = inches
    axes = figure.add_axes((left / _WIDE, bottom / _HIGH, wide / _WIDE, high / _HIGH))
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(color=FAINT, linewidth=0.8)
    return axes


def _titles(figure: Figure, heading: Heading, count: int) -> None:
    measure = TypeSize(figure)
    room = (_WIDE - 2 * _EDGE) * _DPI
    notice = drawable(heading.notice)
    if notice:
        box = {"boxstyle": "round,pad=0.45", "facecolor": "#fff4e8", "edgecolor": ACCENT}
        figure.text(
            1 - (_EDGE + 0.12) / _WIDE,
            1 - 0.66 / _HIGH,
            notice,
            ha="right",
            va="center",
            fontsize=13,
            color=ACCENT,
            bbox=box,
        )
        room -= measure.of(notice, 13)[0] + 0.6 * _DPI
    title, size = measure.fit(drawable(heading.title), 23, room)
    figure.text(_EDGE / _WIDE, 1 - 0.66 / _HIGH, title, fontsize=size, color=INK, va="center")
    subtitle = f"共 {count} 个乡镇（街道）　｜　{heading.official_label} ＝ {heading.formula}"
    figure.text(
        _EDGE / _WIDE,
        1 - 1.13 / _HIGH,
        drawable(subtitle),
        fontsize=11.5,
        color=QUIET,
        va="center",
    )


def _foot(figure: Figure, heading: Heading, left_out: list[str]) -> None:
    known = dict(heading.basis())
    lines = [
        "　｜　".join(
            [
                f"乡镇问责线：{known['乡镇问责线']}",
                f"截止日：{heading.as_of.isoformat()}",
                f"不计入分子的行为：{known['不计入分子的行为']}",
            ]
        ),
        "　｜　".join(
            [
                f"{CLUE}：本图为疑似结果，供核查",
                f"认定规则：{heading.pack_title}",
                f"坐标系：{heading.crs}",
                heading.area_label,
                "分级与触线按未四舍五入的数值",
                f"检查：{heading.inspection}",
            ]
        ),
    ]
    if left_out:
        lines[0] += f"　｜　图面过小未注记 {len(left_out)} 个，见排名"
    measure = TypeSize(figure)
    for line, y in zip(lines, (0.78, 0.5), strict=True):
        text, size = measure.fit(drawable(line), 9.5, (_WIDE - 2 * _EDGE) * _DPI)
        figure.text(_EDGE / _WIDE, y / _HIGH, text, fontsize=size, color=QUIET, va="center")
