"""The county's ratio made of its townships' parts (全县占耕比的构成条)."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pipeline.report.figures import is_null, percent_text, ratio_text
from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading
from pipeline.report.maps.contributions import Contribution
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import ACCENT, BELOW, FAINT, GHOST, GRID, INK, OVER, QUIET

_MANY = "#b9c6d2"  # townships on both sides of the line together
_SIZE = 9.5
_BAR = 0.46  # of the height of the axes


def draw_gauge(
    axes: Axes, parts: Sequence[Contribution], county: Mapping[Any, Any], heading: Heading
) -> None:
    """Draw the county's ratio as one bar of parts, against the county's line.

    Grey behind it the ratio before rectification, the whisker where doubtful farmland could
    move it.
    """
    line = float(heading.county.ratio)
    official, gross, low, high = (
        None if is_null(county[name]) else float(county[name])
        for name in (heading.official.value, "ratio_gross", "ratio_low", "ratio_high")
    )
    end = max([line * 1.12, *(value * 1.05 for value in (official, gross, high) if value)])
    axes.set(xlim=(0, end), ylim=(-0.5, 0.5))
    _frame(axes)
    if gross:
        axes.barh(0, gross, height=_BAR, color=GHOST, edgecolor=QUIET, linewidth=0.5, zorder=2)
    _stack(axes, parts, end)
    if low is not None and high is not None and high > low:
        axes.plot([low, high], [-0.36, -0.36], color=INK, lw=1.1, marker="|", ms=6, zorder=7)
    axes.axvline(line, color=ACCENT, linewidth=1.5, linestyle=(0, (4, 2)), zorder=5)
    _above(axes, line, f"县级问责线 {percent_text(heading.county.ratio)}", "center", ACCENT)
    told = ratio_text(official, heading.county.ratio)
    _above(axes, 0.0, f"全县 {told}（{heading.short_label}）", "left", INK)


def _frame(axes: Axes) -> None:
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set(color=FAINT, linewidth=0.8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:g}%")
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    axes.tick_params(axis="x", length=0, labelsize=9, labelcolor=QUIET)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def _stack(axes: Axes, parts: Sequence[Contribution], end: float) -> None:
    """Draw the parts side by side and name those that are wide enough."""
    measure = TypeSize(axes.figure)  # type: ignore[arg-type]
    across, left = axes.get_window_extent().width / end, 0.0
    for part in parts:
        if part.points <= 0:
            continue
        fill = OVER if part.is_accountable else BELOW
        if part.members > 1:
            fill = _MANY
        axes.barh(
            0,
            part.points,
            left=left,
            height=_BAR,
            color=fill,
            edgecolor="#ffffff",
            linewidth=1.0,
            zorder=4,
        )
        name = drawable(part.name)
        if measure.of(name, _SIZE)[0] < part.points * across - 0.06 * measure.dpi:
            middle = left + part.points / 2
            axes.text(
                middle, 0, name, fontsize=_SIZE, color=INK, ha="center", va="center", zorder=6
            )
        left += part.points


def _above(axes: Axes, x: float, words: str, side: str, color: str) -> None:
    axes.annotate(
        words,
        (x, 1),
        xytext=(0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha=side,
        va="bottom",
        fontsize=11,
        color=color,
    )
