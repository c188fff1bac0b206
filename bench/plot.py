"""The picture of a benchmark (对比图): wall time of each engine, on a log scale."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bench.runs import Results
from bench.summary import Line, lines_of
from pipeline.report.fonts import chinese_style
from pipeline.report.palette import ACCENT, FAINT, GRID, INK, QUIET

_OURS, _PEER, _WRONG = "#2f6f9f", "#c3ccd5", ACCENT
_ROW_IN, _HEAD_IN, _DPI = 0.29, 0.78, 160
_TITLE = "Partition of change polygons: wall time, and whether the areas are right"
_SUBTITLE = "图斑切分:各引擎的用时,以及面积是否算对(同一台机器交错运行,取中位数)"
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}  # no grid line through type
_ASKED = {
    "S": "5,000 changes × 60,000 parcels",
    "M10": "5,000 changes spread over a county of 620,000 parcels",
    "M": "50,000 changes × 620,000 parcels",
}
_CHINESE = {
    "S": "5 千图斑 × 6 万地类图斑",
    "M10": "散布全县(62 万地类图斑)的 5 千图斑",
    "M": "5 万图斑 × 62 万地类图斑",
}


def draw(several: list[Results], path: Path) -> None:
    """Draw one panel for each size, under one another on the same scale."""
    panels = [(results, lines_of(results)) for results in several]
    heights = [len(lines) + 1.6 for _, lines in panels]
    with chinese_style():
        mpl.rcParams["axes.unicode_minus"] = False
        high = _ROW_IN * sum(heights) + _HEAD_IN + 0.6
        below = ConstrainedLayoutEngine(rect=(0.005, 0, 0.985, 1 - _HEAD_IN / high))
        figure = Figure(figsize=(9.2, high), layout=below)
        axes: Any = figure.subplots(
            len(panels), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
        )
        slowest = max(line.most for _, lines in panels for line in lines)
        fastest = min(line.least for _, lines in panels for line in lines if line.runs)
        for (results, lines), (one,) in zip(panels, axes, strict=True):
            _panel(one, results, lines, fastest)
            one.set_xlim(fastest / 2, slowest * 25)
        axes[-1][0].set_xlabel("wall time, seconds (log scale)  用时(秒,对数坐标)", color=QUIET)
        figure.text(0.015, 1 - 0.14 / high, _TITLE, va="top", fontsize=13, color=INK)
        figure.text(0.015, 1 - 0.44 / high, _SUBTITLE, va="top", fontsize=9.5, color=QUIET)
        figure.savefig(path, dpi=_DPI, facecolor="white", metadata={"Software": None})


def _panel(axes: Axes, results: Results, lines: list[Line], fastest: float) -> None:
    places = range(len(lines))
    for place, line in zip(places, lines, strict=True):
        colour = _OURS if line.is_ours else _PEER
        if line.runs:
            axes.barh(place, line.wall, left=0, height=0.66, color=colour, zorder=2)
            axes.plot([line.least, line.most], [place, place], color=QUIET, lw=1, zorder=3)
        _labelled(axes, place, line, max(line.most, fastest / 2))
    axes.set_xscale("log")
    axes.set_yticks(list(places), [line.title for line in lines], fontsize=9, color=INK)
    axes.get_yticklabels()[0].set_color(_OURS)
    axes.set_ylim(len(lines) - 0.3, -0.7)
    axes.set_title(
        f"{results.size}: {_ASKED[results.size]}  {_CHINESE[results.size]}",
        loc="left",
        fontsize=10,
        color=INK,
        pad=6,
    )
    axes.xaxis.set_major_locator(LogLocator(10))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(visible=True, axis="x", color=GRID, lw=0.8, zorder=0)
    axes.tick_params(axis="both", which="both", length=0, labelsize=9)
    for side in axes.spines.values():
        side.set_visible(False)


def _labelled(axes: Axes, place: int, line: Line, end: float) -> None:
    """Write the time, the ratio, and what is wrong behind the bar."""
    time = f"{line.wall:.3g} s" if line.runs else "no result"
    ratio = "" if line.is_ours or not line.runs else f"   {line.times_text}×"
    text = axes.annotate(
        f"{time}{ratio}",
        (end, place),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        bbox=_PAPER,
        color=_OURS if line.is_ours else INK,
    )
    is_wrong = bool(line.failed) or (line.verdict is not None and line.verdict.off > 0)
    axes.annotate(
        line.areas_text,
        (1, 0.5),
        xycoords=text,
        xytext=(10, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        bbox=_PAPER,
        color=_WRONG if is_wrong else FAINT,
    )
