"""Circles on the map, their area an amount (圆形符号图)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, PathPatch

from pipeline.report.label_places import Label, Place, Sizes, place_labels
from pipeline.report.map_areas import Areas
from pipeline.report.map_labels import LABEL, name_lines
from pipeline.report.map_panel import draw_edges, path_of, place_areas
from pipeline.report.palette import INK, QUIET
from pipeline.report.ranking_rows import RankingRow
from pipeline.report.type_size import TypeSize
from pipeline.units import mu, mu_text

OVER, BELOW = "#f4a259", "#7fabcf"
_GROUND = "#f1f3f5"
_LARGEST = 0.42  # inches, the radius of the largest circle
_GAP = 0.03  # inches between a circle and the words under it
_SIZES, _CROWDED = (11.5, 10.5, 9.5, 8.5, 7.5), (8.0, 7.0, 6.2)
_CROWD = 60
_SPACING = 1.2


@dataclass(frozen=True)
class _Symbol:
    """A circle and its words (符号): radius in pixels, size of the words by size of type."""

    text: str
    radius: float
    fill: str
    words: Sizes

    def extent(self, size: float, gap: float) -> tuple[float, float]:
        """Return width and height of both: words inside the circle, or under it."""
        wide, high = self.words[size]
        across = 2 * self.radius
        if self.holds(size):
            return across, across
        return max(wide, across), high + across + (gap if across else 0.0)

    def extents(self, gap: float) -> Sizes:
        """Return the extents at all sizes worth trying: none smaller than what the circle holds."""
        tried: dict[float, tuple[float, float]] = {}
        for size in self.words:
            tried[size] = self.extent(size, gap)
            if self.holds(size):
                break
        return tried

    def holds(self, size: float) -> bool:
        """Tell whether the words lie inside the circle."""
        return math.hypot(*self.words[size]) / 2 < self.radius


def draw_circles(axes: Axes, areas: Areas, rows: Mapping[str, RankingRow]) -> list[str]:
    """Draw the areas, and on each a circle for its part of the numerator with name and mu.

    No circle or name covers another; returns the names that found no room.
    """
    codes = list(areas.shapes)
    shapes, _ = place_areas(axes, areas)
    for shape in shapes:
        axes.add_patch(
            PathPatch(path_of(shape), facecolor=_GROUND, edgecolor="#ffffff", lw=1.1, zorder=2)
        )
    draw_edges(axes, shapes)
    measure = TypeSize(axes.figure)  # type: ignore[arg-type]
    symbols = _symbols(codes, rows, measure)
    gap = _GAP * measure.dpi
    labels = [
        Label(
            shapely.transform(shape, axes.transData.transform),
            symbol.extents(gap),
            _alone(symbol) if len(codes) > _CROWD else {},
        )
        for shape, symbol in zip(shapes, symbols, strict=True)
    ]
    frame = shapely.box(*axes.get_window_extent().extents)
    left_out = []
    for symbol, place in zip(symbols, place_labels(labels, frame), strict=True):
        if place is None or place.is_short:
            left_out.append(symbol.text.split("\n", maxsplit=1)[0])
        if place is not None:
            _draw(axes, symbol, place)
    return left_out


def draw_circle_legend(collar: Axes, largest_m2: float) -> None:
    """Explain the size of the circles by round amounts."""
    if largest_m2 <= 0:
        return
    box, inch = collar.get_window_extent(), collar.figure.dpi
    across, up = inch / box.width, inch / box.height
    top = float(mu(largest_m2))
    step = 10.0 ** math.floor(math.log10(top))
    amounts = [value for value in (5 * step, 2 * step, step, step / 5) if value <= top][:3]
    style = {"transform": collar.transAxes, "va": "center"}
    collar.text(0.018, 0.5, "圆的面积：亩", fontsize=10, color=INK, **style)  # type: ignore[arg-type]
    x = 1.35
    for amount in amounts:
        radius = _LARGEST * math.sqrt(amount / top)
        ring = Ellipse(
            ((x + radius) * across, 0.5),
            2 * radius * across,
            2 * radius * up,
            facecolor="#ffffff",
            edgecolor=QUIET,
            lw=0.8,
            transform=collar.transAxes,
        )
        collar.add_patch(ring)
        x += 2 * radius + 0.08
        collar.text(x * across, 0.5, f"{amount:g}", fontsize=10, color=QUIET, **style)  # type: ignore[arg-type]
        x += 0.5


def _symbols(
    codes: Sequence[str], rows: Mapping[str, RankingRow], measure: TypeSize
) -> list[_Symbol]:
    largest = max((row.numerator_m2 for row in rows.values()), default=0.0)
    made = []
    for code in codes:
        row = rows.get(code)
        area = row.numerator_m2 if row else 0.0
        share = max(area, 0.0) / largest if largest > 0 else 0.0
        text = f"{name_lines(row.name if row else code)}\n{mu_text(area)}"
        sizes = _CROWDED if len(codes) > _CROWD else _SIZES
        made.append(
            _Symbol(
                text,
                _LARGEST * measure.dpi * math.sqrt(share),
                OVER if row and row.is_accountable else BELOW,
                {size: measure.of(text, size, _SPACING) for size in sizes},
            )
        )
    return made


def _alone(symbol: _Symbol) -> Sizes:
    """Return the extent of the circle without words."""
    across = max(2 * symbol.radius, 1.0)
    return {min(symbol.words): (across, across)}


def _draw(axes: Axes, symbol: _Symbol, place: Place) -> None:
    back = axes.transData.inverted().transform
    pixel = (axes.get_xlim()[1] - axes.get_xlim()[0]) / axes.get_window_extent().width
    middle, words = place.y, place.y
    if not place.is_short and not symbol.holds(place.size):
        high = symbol.extent(place.size, _GAP * axes.figure.dpi)[1]
        middle = place.y + high / 2 - symbol.radius
        words = place.y - high / 2 + symbol.words[place.size][1] / 2
    if place.leader is not None:
        ends = back([place.leader, (place.x, place.y)])
        axes.plot(*ends.T, color=INK, linewidth=0.8, zorder=4)
        axes.plot(*ends[0], "o", color=INK, markersize=3, zorder=4)
    if symbol.radius > 0:
        style = {"facecolor": symbol.fill, "edgecolor": QUIET, "lw": 0.7, "zorder": 5}
        x, y = back((place.x, middle))
        axes.add_patch(Circle((x, y), symbol.radius * pixel, **style))
    if not place.is_short:
        x, y = back((place.x, words))
        axes.text(
            x,
            y,
            symbol.text,
            fontsize=place.size,
            color=INK,
            ha="center",
            va="center",
            linespacing=_SPACING,
            zorder=10,
            gid=LABEL,
        )
