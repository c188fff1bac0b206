"""Ranks, names and figures on both sides of the ranked bars (排名栏目)."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from pipeline.report.figures import rank_text, ratio_text
from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import ACCENT, INK, QUIET
from pipeline.report.ranking_rows import SMALL_MARK, RankingRow
from pipeline.terms import OfficialRatio

_NAME_ROOM, _FIGURE_ROOM = 1.5, 0.95  # inches at most
_GAP = 0.16  # inches between columns


@dataclass(frozen=True)
class _Column:
    """One column of text (一栏): a name takes its row's accent and may be cut, a figure never."""

    head: str
    cells: list[str]
    room: float = _FIGURE_ROOM
    is_accented: bool = False
    is_cut: bool = False


@dataclass(frozen=True)
class _Type:
    """Sizes of the type in points, and the measure of it."""

    body: float
    head: float
    measure: TypeSize

    def width(self, column: _Column) -> float:
        """Return how many inches a column takes."""
        of, inch = self.measure.of, self.measure.dpi
        widest = max((of(cell, self.body)[0] for cell in column.cells), default=0.0)
        return max(of(column.head, self.head)[0], min(widest, column.room * inch)) / inch


def write_columns(
    axes: Axes, rows: Sequence[RankingRow], heading: Heading, size: float, head: str
) -> None:
    """Write the columns at the sides of ``axes`` and narrow it to what they leave.

    ``head`` stands over the names. A name whose numbers are small carries their mark.
    """
    figure = axes.figure
    kind = _Type(size, max(size * 0.86, 8.5), TypeSize(figure))  # type: ignore[arg-type]
    left, right = _columns(rows, heading, head)
    before = sum(kind.width(column) + _GAP for column in left)
    after = sum(kind.width(column) + _GAP for column in right)
    box, whole = axes.get_position(), figure.get_figwidth()  # type: ignore[union-attr]
    wide = box.width - (before + after) / whole
    axes.set_position((box.x0 + before / whole, box.y0, wide, box.height))
    edge = -before - _GAP
    for column in left:
        edge += _GAP + kind.width(column)
        _write(axes, column, rows, (0.0, edge), kind)
    edge = 0.0
    for column in right:
        edge += _GAP + kind.width(column)
        _write(axes, column, rows, (1.0, edge), kind)


def _columns(
    rows: Sequence[RankingRow], heading: Heading, head: str
) -> tuple[list[_Column], list[_Column]]:
    line = heading.township.ratio
    names = [drawable(row.name) for row in rows]
    left = [
        _Column("名次", [rank_text(row.rank) for row in rows]),
        _Column(head, names, _NAME_ROOM, is_accented=True, is_cut=True),
    ]
    official = [ratio_text(row.official, line) for row in rows]
    right = [_Column(heading.short_label, official, is_accented=True)]
    if heading.official is not OfficialRatio.GROSS:
        right.append(_Column("整改前", [ratio_text(row.gross, line) for row in rows]))
    return left, right


def _write(
    axes: Axes,
    column: _Column,
    rows: Sequence[RankingRow],
    edge: tuple[float, float],
    kind: _Type,
) -> None:
    """Write right-aligned cells; ``edge``: a side of the axes (0, 1) and inches from it."""
    inches = edge[1]
    measure, room = kind.measure, kind.width(column) * kind.measure.dpi

    def put(
        y: float, text: str, points: float, color: str, rise: float = 0.0, side: str = "right"
    ) -> None:
        axes.annotate(
            text,
            (edge[0], y),
            xytext=(inches * 72, rise),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha=side,
            va="bottom" if rise else "center",
            fontsize=points,
            color=color,
            annotation_clip=False,
        )

    put(-0.6, column.head, kind.head, QUIET, rise=4)
    for y, (row, cell) in enumerate(zip(rows, column.cells, strict=True)):
        ink = (ACCENT if row.is_accountable else INK) if column.is_accented else QUIET
        text, points = cell, measure.shrink(cell, kind.body, room)
        if column.is_cut:
            text, points = measure.fit(cell, kind.body, room)
        put(y, text, points, ink)
        if column.is_cut and row.is_small:
            put(y, SMALL_MARK, points * 0.8, QUIET, side="left")
