"""The trend (趋势图): the ratio of every township over several inspections, a panel each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipeline.report.figures import is_null, percent_text, ratio_text
from pipeline.report.fonts import chinese_style, drawable
from pipeline.report.heading import Heading
from pipeline.report.inspection_result import InspectionResult
from pipeline.report.maps.page import (
    EDGE,
    HIGH,
    WIDE,
    new_page,
    panel,
    write_foot,
    write_titles,
)
from pipeline.report.maps.picture_file import save_picture
from pipeline.report.maps.trend_series import (
    Series,
    county_series,
    in_order,
    names_of,
    notes_of,
    township_series,
)
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import ACCENT, FAINT, GRID, INK, QUIET
from pipeline.units import half_up

# How many panels a page takes, and in how many columns and rows.
_GRIDS = ((12, 4, 3), (20, 5, 4), (35, 7, 5), (64, 8, 8))
_TOP, _BOTTOM, _GUTTER = 1.6, 1.2, 0.42  # inches
_HEAD = 0.42  # inches over a panel, for its name and figure
_BLUE = "#3f7cac"


@dataclass(frozen=True)
class _Scale:
    """What all panels share (共同坐标): the names under the points, the top of the axis."""

    names: list[str]
    top: float


def draw_trend(results: Sequence[InspectionResult], *files: Path) -> None:
    """Draw the townships' official ratios over inspections of one county, the line in each panel.

    The county has the first panel, against its own line; then the highest last ratio first.
    Raises ``PipelineError`` where the inspections are not comparable; what else differs between
    them is told in the foot. ``files`` as for ``draw_ranking_map``.
    """
    ordered = in_order(results)
    heading = ordered[-1].heading
    with chinese_style():
        pages = trend_figures(ordered)
        save_picture(pages, files, _title(ordered, heading), heading)


def trend_figures(ordered: Sequence[InspectionResult]) -> list[Figure]:
    """Return the pages as figures; call it inside ``chinese_style``, with ``in_order``."""
    series = [county_series(ordered), *township_series(ordered)]
    scale = _Scale(names_of(ordered), _top(series))
    most, columns, lines = next((grid for grid in _GRIDS if len(series) <= grid[0]), _GRIDS[-1])
    heading, notes = ordered[-1].heading, notes_of(ordered)
    pages = []
    for start in range(0, len(series), most):
        page = new_page()
        for place, one in enumerate(series[start : start + most]):
            across, down = place % columns, place // columns
            axes = panel(page, _cell(across, down, columns, lines))
            _draw(axes, one, scale, heading)
        _write(page, ordered, notes, (start // most + 1, -(-len(series) // most)))
        pages.append(page)
    return pages


def _cell(
    across: int, down: int, columns: int, lines: int
) -> tuple[float, float, float, float]:
    wide = (WIDE - 2 * EDGE - (columns - 1) * _GUTTER) / columns
    pitch = (HIGH - _TOP - _BOTTOM) / lines
    left = EDGE + across * (wide + _GUTTER)
    return left, HIGH - _TOP - (down + 1) * pitch + _GUTTER, wide, pitch - _HEAD - _GUTTER


def _top(series: Sequence[Series]) -> float:
    """Return the top of the common axis: one ratio of 100 % must not flatten all others."""
    ratios = [ratio for one in series for ratio in one.ratios if ratio is not None]
    line = max(max(one.lines) for one in series)
    usual = float(np.quantile(ratios, 0.9)) if ratios else 0.0
    return min(max([*ratios, line * 1.15]), max(line * 1.6, usual * 1.2)) * 1.08


def _draw(axes: Axes, one: Series, scale: _Scale, heading: Heading) -> None:
    """Draw one panel: the line dashed, the ratios joined, points over the line in its colour."""
    at = np.arange(len(one.ratios))
    axes.set(xlim=(-0.35, len(at) - 0.65), ylim=(0, scale.top))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set(color=FAINT, linewidth=0.8)
    size = TypeSize(axes.figure)  # type: ignore[arg-type]
    step = axes.get_window_extent().width / max(len(at), 1)
    names = [size.fit(drawable(name), 8.5, step * 0.95) for name in scale.names]
    axes.set_xticks(at, [name for name, _ in names])
    axes.tick_params(axis="x", length=0, labelsize=min(s for _, s in names), labelcolor=QUIET)
    _grid(axes, scale.top)
    edges = np.repeat(at, 2) + np.tile([-0.5, 0.5], len(at))
    axes.plot(edges, np.repeat(one.lines, 2), color=ACCENT, lw=1.1, ls=(0, (4, 2)), zorder=3)
    values = np.array([np.nan if ratio is None else ratio for ratio in one.ratios])
    shown = np.minimum(values, scale.top)
    axes.plot(at, shown, color=QUIET, linewidth=1.4, zorder=4, clip_on=False)
    for x, (value, is_over) in enumerate(zip(values, one.are_over, strict=True)):
        _point(axes, x, value, is_over, scale.top)
    _head(axes, one, heading)


def _grid(axes: Axes, top: float) -> None:
    """Draw faint lines at round ratios, their figures in the gutter where they cover nothing."""
    ticks = MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(0, top)
    axes.set_yticks([tick for tick in ticks if 0 < tick < top])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value * 100:g}%")
    axes.tick_params(axis="y", length=0, labelsize=7.5, labelcolor=FAINT, pad=2)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def _point(axes: Axes, x: int, value: float, is_over: bool, top: float) -> None:  # noqa: FBT001
    if np.isnan(value):
        axes.plot(x, 0, marker="_", color=FAINT, markersize=7, zorder=5, clip_on=False)
        return
    color = ACCENT if is_over else _BLUE
    marker = "^" if value > top else "o"
    axes.plot(x, min(value, top), marker=marker, color=color, ms=5.5, zorder=6, clip_on=False)
    if value > top:
        axes.annotate(
            f"{half_up(value * 100, 1)}%",
            (x, top),
            xytext=(5, 0),
            textcoords="offset points",
            fontsize=8,
            color=color,
            va="center",
            annotation_clip=False,
            bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.8},
            zorder=5,
        )


def _head(axes: Axes, one: Series, heading: Heading) -> None:
    """Write the name at the left, the last ratio and its move at the right."""
    line = heading.county if one.name == "全县" else heading.township
    figure = ratio_text(one.last, line.ratio)
    measure = TypeSize(axes.figure)  # type: ignore[arg-type]
    right = measure.of(figure, 11)[0]
    room = axes.get_window_extent().width - right - 0.1 * measure.dpi
    name, points = measure.fit(drawable(one.name), 11, room)
    color = ACCENT if one.are_over[-1] else INK
    _over(axes, name, (0, 14), points, color)
    _over(axes, figure, (1, 14), 11, color)
    _over(axes, _moved(one), (1, 3), 8, QUIET)


def _over(axes: Axes, words: str, place: tuple[int, int], points: float, color: str) -> None:
    """Write over a panel; ``place``: a side of it (0, 1) and points above it."""
    axes.annotate(
        words,
        (place[0], 1),
        xytext=(0, place[1]),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right" if place[0] else "left",
        va="bottom",
        fontsize=points,
        color=color,
    )


def _moved(one: Series) -> str:
    """Return the move since the inspection before, in percentage points."""
    before, after = one.ratios[-2:]
    if is_null(before) or is_null(after):
        return ""
    by = half_up((after or 0.0) * 100 - (before or 0.0) * 100)
    return "持平" if by == 0 else f"{'升' if by > 0 else '降'} {abs(by)}"


def _title(ordered: Sequence[InspectionResult], heading: Heading) -> str:
    first, last = ordered[0].heading.year, heading.year
    years = str(last) if first == last else f"{first}–{last}"
    mark = "" if all(one.heading.is_signed for one in ordered) else heading.mark
    return f"{heading.county_name} {years} 年度卫片执法检查 乡镇违法占用耕地比例趋势{mark}"


def _write(
    page: Figure,
    ordered: Sequence[InspectionResult],
    notes: Sequence[str],
    number: tuple[int, int],
) -> None:
    heading = ordered[-1].heading
    count = f"{len(ordered)} 次检查"
    if number[1] > 1:
        count += f"　｜　第 {number[0]} 页，共 {number[1]} 页"
    formula = f"{heading.official_label} ＝ {heading.formula}"
    write_titles(page, _title(ordered, heading), f"{count}　｜　{formula}", heading)
    _explain(page, heading)
    lines = [
        f"{one.heading.inspection}：截止 {one.heading.as_of.isoformat()}" for one in ordered
    ]
    write_foot(page, heading, [*notes, *lines])


def _explain(page: Figure, heading: Heading) -> None:
    axes = panel(page, (EDGE, 1.0, WIDE - 2 * EDGE, 0.22))
    axes.axis("off")
    county, township = (percent_text(one.ratio) for one in (heading.county, heading.township))
    axes.set(xlim=(0, WIDE - 2 * EDGE), ylim=(-1, 1))
    x = 0.1
    entries = (
        ("o", _BLUE, "未触线"),
        ("o", ACCENT, "触线"),
        ("^", ACCENT, "高出图幅，旁边是数值"),
        ("_", FAINT, "无占耕比或没有这个乡镇"),
        ("", ACCENT, f"问责线：乡镇 {township}，全县 {county}（当次检查的线）"),
    )
    measure = TypeSize(page)
    for marker, color, words in entries:
        if marker:
            axes.plot(x, 0, marker=marker, color=color, markersize=6)
        else:
            axes.plot([x - 0.1, x + 0.2], [0, 0], color=color, lw=1.1, ls=(0, (4, 2)))
            x += 0.15
        axes.text(x + 0.14, 0, words, fontsize=9.5, color=QUIET, va="center")
        x += 0.14 + measure.of(words, 9.5)[0] / measure.dpi + 0.4
