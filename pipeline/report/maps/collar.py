"""What stands under the map (图例、比例尺、指北针), where it can cover no township."""

from collections import Counter
from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Polygon
from matplotlib_scalebar.scalebar import ScaleBar

from pipeline.report.fonts import family
from pipeline.report.heading import Heading, line_text
from pipeline.report.maps.panel import no_data_style
from pipeline.report.palette import ACCENT, INK, QUIET, RatioClass
from pipeline.report.ranking_rows import SMALL_MARK, RankingRow, small_limit_mu
from pipeline.units import half_up

_ARROW = 0.34  # inches, the north arrow's height
_UNITS = {"km": "千米", "m": "米"}


def draw_legend(
    axes: Axes,
    rows: Iterable[RankingRow],
    classes: tuple[RatioClass, ...],
    heading: Heading,
    notes: Sequence[str] = (),
) -> None:
    """Draw the classes with how many units are in each, under them notes in small type."""
    counts = Counter(row.level for row in rows)
    entries = [
        Patch(facecolor=c.fill, edgecolor="#8c959f", lw=0.6, label=f"{c.label}　{counts[i]} 个")
        for i, c in enumerate(classes)
    ]
    over = sum(counts[i] for i, c in enumerate(classes) if c.is_over)
    entries += [
        Patch(label=f"{heading.no_denominator}　{counts[None]} 个", **no_data_style()),  # type: ignore[arg-type]
        Patch(
            facecolor="none",
            edgecolor=ACCENT,
            lw=2.0,
            label=f"{line_text(heading.township)} 问责线{heading.mark}　{over} 个",
        ),
    ]
    legend = axes.legend(
        handles=entries,
        loc="upper left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=3,
        title=f"违法占用耕地比例：{heading.official_label}",
        alignment="left",
        frameon=False,
        fontsize=10,
        title_fontsize=10.5,
        borderaxespad=0.6,
        columnspacing=1.8,
        labelspacing=0.45,
        handlelength=1.8,
        handleheight=1.1,
    )
    legend.get_title().set_color(INK)
    axes.text(0.018, 0.065, "　".join(notes), transform=axes.transAxes, fontsize=9, color=QUIET)


def small_note(heading: Heading) -> str:
    """Return what the mark of small numbers means."""
    limit = half_up(small_limit_mu(heading), 0)
    return f"{SMALL_MARK} 基数小：分母不足 {limit} 亩，一个普通大小的图斑就能决定是否触线"


def draw_scale(axes: Axes, map_axes: Axes) -> None:
    """Draw the scale bar; the collar takes the map's scale."""
    axes.set_xlim(map_axes.get_xlim())
    bar = ScaleBar(
        1,
        "m",
        rotation="horizontal-only",
        location="lower right",
        length_fraction=0.2,
        width_fraction=0.035,
        box_alpha=0,
        color=INK,
        scale_loc="top",
        border_pad=0.9,
        font_properties={"family": family(), "size": 10},
        scale_formatter=lambda value, unit: f"{value:g} {_UNITS.get(unit, unit)}",
    )
    axes.add_artist(bar)


def draw_north_arrow(axes: Axes) -> None:
    """Draw a two-tone needle towards grid north."""
    box = axes.get_window_extent()
    inch = axes.figure.dpi
    high, wide = _ARROW * inch / box.height, _ARROW * 0.3 * inch / box.width
    x, top = 0.79, 0.74 - 0.16 * inch / box.height
    tail = (x, top - high * 0.74)
    style = {"transform": axes.transAxes, "edgecolor": INK, "linewidth": 0.8}
    for side, fill in ((-wide, INK), (wide, "#ffffff")):
        corners = [(x, top), (x + side, top - high), tail]
        axes.add_patch(Polygon(corners, closed=True, facecolor=fill, **style))
    axes.text(
        x, top + 0.02, "北", transform=axes.transAxes, ha="center", va="bottom", fontsize=10.5
    )
