"""The ranked bars beside the map (排名条形图)."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pipeline.report.figures import percent_text
from pipeline.report.heading import Heading, line_text
from pipeline.report.maps.bar_scale import BarScale, bar_scale
from pipeline.report.maps.page import fit_rows
from pipeline.report.maps.panel import no_data_style
from pipeline.report.maps.ranking_columns import write_columns
from pipeline.report.palette import ACCENT, FAINT, GHOST, GRID, INK, QUIET, RatioClass
from pipeline.report.ranking_rows import RankingRow
from pipeline.terms import OfficialRatio
from pipeline.units import mu_text

_PITCH = 0.46  # inches from row to row at most
_LARGEST = 11.0  # points
_BAR = {"height": 0.62, "edgecolor": QUIET, "linewidth": 0.5}


def draw_bars(
    axes: Axes,
    rows: Sequence[RankingRow],
    classes: tuple[RatioClass, ...],
    heading: Heading,
    *,
    head: str,
    scale: BarScale,
) -> None:
    """Fill the axes with one bar a unit, the line across them; ``head`` stands over the names.

    The bar is the official ratio, the grey behind it the ratio before rectification, the
    whisker where doubtful farmland could move it to. Names and figures take their room from
    the axes first; the axes shrink from below where rows are few.
    """
    size = min(_LARGEST, fit_rows(axes, len(rows), _PITCH) * 72 * 0.8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    write_columns(axes, rows, heading, size, head)
    _frame(axes, scale, size)
    for y, row in enumerate(rows):
        if row.official is None or row.level is None:
            _blank(axes, y, row, heading, size)
        else:
            _bar(axes, y, row, row.official, classes[row.level].fill, scale, size / 2)
    _line(axes, scale, heading, size)


def bar_legend(axes: Axes, classes: tuple[RatioClass, ...], heading: Heading) -> None:
    """Explain bar, grey, whisker and line."""
    below = next(level.fill for level in reversed(classes) if not level.is_over)
    over = next(level.fill for level in classes if level.is_over)
    after = heading.short_label
    style = {"edgecolor": QUIET, "lw": 0.5}
    entries: list[Patch | Line2D] = [
        Patch(facecolor=below, label=f"{after}（未触线）", **style),  # type: ignore[arg-type]
        Patch(facecolor=over, label=f"{after}（触线）", **style),  # type: ignore[arg-type]
    ]
    if heading.official is not OfficialRatio.GROSS:
        entries.append(Patch(facecolor=GHOST, label="整改前", **style))  # type: ignore[arg-type]
    doubt = "存疑图斑：全合法 至 全违法"
    entries += [
        Line2D([], [], color=INK, lw=1.2, marker="|", markersize=7, label=doubt),
        Line2D([], [], color=ACCENT, lw=1.5, ls=(0, (4, 2)), label=_line_label(heading)),
        Patch(label="无新增，不排名", **no_data_style()),  # type: ignore[arg-type]
    ]
    axes.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=2,
        frameon=False,
        fontsize=10,
        borderaxespad=0.0,
        columnspacing=1.8,
        labelspacing=0.55,
        handlelength=1.8,
        handleheight=1.1,
    )


def _line_label(heading: Heading) -> str:
    return f"问责线 {percent_text(heading.township.ratio)}，{line_text(heading.township)}为触线"


def scale_of(rows: Sequence[RankingRow], heading: Heading) -> BarScale:
    """Return the axis on which the bar, grey and whisker of every row have room."""
    reaches = [
        max(value for value in (row.official, row.gross, row.high) if value is not None)
        for row in rows
        if row.official is not None
    ]
    return bar_scale(reaches, float(heading.township.ratio))


def _frame(axes: Axes, scale: BarScale, size: float) -> None:
    ticks = scale.ticks()
    axes.set_xticks(list(scale.position(ticks)), [f"{tick * 100:g}%" for tick in ticks])
    axes.tick_params(axis="x", length=0, labelsize=max(size * 0.85, 8), labelcolor=QUIET)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set(color=FAINT, linewidth=0.8)
    if scale.is_bent:
        axes.axvspan(float(scale.position(scale.knee)), 1, color="#f3f5f7", zorder=0)
        axes.annotate(
            f"{scale.knee * 100:g}% 以上比例尺压缩",
            (1, 0),
            xytext=(0, -20),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=8.5,
            color=QUIET,
        )


def _bar(
    axes: Axes,
    y: int,
    row: RankingRow,
    official: float,
    fill: str,
    scale: BarScale,
    size: float,
) -> None:
    gross = row.gross or 0.0
    if gross > official:
        axes.barh(y, float(scale.position(gross)), color=GHOST, zorder=3, **_BAR)  # type: ignore[arg-type]
    axes.barh(y, float(scale.position(official)), color=fill, zorder=4, **_BAR)  # type: ignore[arg-type]
    if scale.is_bent and max(official, gross) > scale.knee:
        _break(axes, y, float(scale.position(scale.knee)))
    if row.low is not None and row.high is not None and row.high > row.low:
        ends = scale.position([row.low, row.high])
        axes.plot(ends, [y, y], color=INK, linewidth=1.1, marker="|", markersize=size, zorder=7)


def _break(axes: Axes, y: int, knee: float) -> None:
    """Cross a bar with two strokes where its scale changes."""
    for x in (knee - 0.008, knee + 0.008):
        stroke = [x - 0.008, x + 0.008], [y + 0.36, y - 0.36]
        axes.plot(*stroke, color="#ffffff", linewidth=1.6, zorder=6)


def _blank(axes: Axes, y: int, row: RankingRow, heading: Heading, size: float) -> None:
    """Hatch a township without new farmland and say so over the line, not through it."""
    words = heading.no_denominator
    if row.doubtful_farmland_m2 > 0:
        words = f"无新增（另有存疑耕地 {mu_text(row.doubtful_farmland_m2)} 亩）"
    axes.barh(y, 0.04, height=0.62, **no_data_style())  # type: ignore[arg-type]
    ground = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.0}
    axes.text(
        0.06, y, words, fontsize=size * 0.86, color=QUIET, va="center", zorder=9, bbox=ground
    )


def _line(axes: Axes, scale: BarScale, heading: Heading, size: float) -> None:
    x = float(scale.position(float(heading.township.ratio)))
    axes.axvline(x, color=ACCENT, linewidth=1.5, linestyle=(0, (4, 2)), zorder=5)
    axes.annotate(
        f"问责线 {percent_text(heading.township.ratio)}",
        (x, 1),
        xytext=(0, 4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=max(size, 9.5),
        color=ACCENT,
    )
