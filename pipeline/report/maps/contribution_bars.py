"""Townships by how much of the numerator they carry (份额条形图)."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pipeline.report.fonts import drawable
from pipeline.report.maps.contributions import Contribution
from pipeline.report.maps.page import fit_rows
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import ACCENT, BELOW, FAINT, GHOST, GRID, INK, OVER, QUIET
from pipeline.units import half_up, mu, mu_text

_PITCH, _LARGEST, _GAP, _NAME_ROOM = 0.42, 10.5, 0.16, 1.5  # inches, points, inches, inches
_BAR = {"height": 0.62, "edgecolor": QUIET, "linewidth": 0.5}
# Columns at the right: head, text of a row.
_COLUMNS: tuple[tuple[str, Callable[[Contribution], str]], ...] = (
    ("亩", lambda part: mu_text(part.area_m2)),
    ("占全县", lambda part: _percent(part.share)),
    ("累计", lambda part: _percent(part.running)),
    ("百分点", lambda part: f"{half_up(part.points * 100)}"),
)


def draw_contributions(axes: Axes, parts: Sequence[Contribution]) -> None:
    """Fill the axes with one bar a township, in mu; the grey behind is before rectification."""
    size = min(_LARGEST, fit_rows(axes, len(parts), _PITCH) * 72 * 0.8)
    axes.set_ylim(len(parts) - 0.4, -0.6)
    _write_columns(axes, parts, size)
    single = [part for part in parts if part.members == 1]
    longest = max([float(mu(max(one.area_m2, one.gross_m2))) for one in single], default=0.0)
    axes.set_xlim(0, (longest or 1.0) * 1.04)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set(color=FAINT, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.tick_params(axis="x", length=0, labelsize=max(size * 0.85, 8), labelcolor=QUIET)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} 亩" if value else "0")
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for y, part in enumerate(single):  # what stands for many has figures, and no bar
        fill = OVER if part.is_accountable else BELOW
        if part.gross_m2 > part.area_m2:
            axes.barh(y, float(mu(part.gross_m2)), color=GHOST, zorder=3, **_BAR)  # type: ignore[arg-type]
        edge = {"edgecolor": ACCENT, "linewidth": 1.4} if part.is_accountable else {}
        axes.barh(y, float(mu(part.area_m2)), color=fill, zorder=4, **{**_BAR, **edge})  # type: ignore[arg-type]


def _percent(share: float) -> str:
    return f"{half_up(share * 100, 1)}%"


def _write_columns(axes: Axes, parts: Sequence[Contribution], size: float) -> None:
    """Write names and figures at the sides and narrow the axes to what they leave."""
    measure, head = TypeSize(axes.figure), max(size * 0.86, 8.5)  # type: ignore[arg-type]
    names = [measure.fit(drawable(part.name), size, _NAME_ROOM * measure.dpi) for part in parts]

    def wide(cells: Sequence[str], title: str) -> float:
        widest = max((measure.of(cell, size)[0] for cell in cells), default=0.0)
        return max(widest, measure.of(title, head)[0]) / measure.dpi + _GAP

    columns = [(title, [cell(part) for part in parts]) for title, cell in _COLUMNS]
    before = wide([name for name, _ in names], "乡镇（街道）")
    after = [wide(cells, title) for title, cells in columns]
    box, whole = axes.get_position(), axes.figure.get_figwidth()  # type: ignore[union-attr]
    left, room = box.x0 + before / whole, box.width - (before + sum(after)) / whole
    axes.set_position((left, box.y0, room, box.height))
    _put(axes, (0.0, -_GAP), "乡镇（街道）", head)
    for y, ((name, points), part) in enumerate(zip(names, parts, strict=True)):
        ink = ACCENT if part.is_accountable else INK
        _put(axes, (0.0, -_GAP), name, points, y=y, color=ink)
    edge = 0.0
    for (title, cells), width in zip(columns, after, strict=True):
        edge += width
        _put(axes, (1.0, edge), title, head)
        for y, cell in enumerate(cells):
            _put(axes, (1.0, edge), cell, size, y=y, color=INK if title == "亩" else QUIET)


def _put(
    axes: Axes,
    edge: tuple[float, float],
    text: str,
    points: float,
    *,
    y: float | None = None,
    color: str = QUIET,
) -> None:
    """Write right-aligned text; ``edge``: a side of the axes (0, 1) and inches from it."""
    axes.annotate(
        text,
        (edge[0], -0.6 if y is None else y),
        xytext=(edge[1] * 72, 4 if y is None else 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="bottom" if y is None else "center",
        fontsize=points,
        color=color,
        annotation_clip=False,
    )
