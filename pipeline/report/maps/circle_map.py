"""Circles on the map, their area an amount (圆形符号图)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, PathPatch
from matplotlib.patheffects import Stroke
from shapely.geometry.base import BaseGeometry

from pipeline.report.maps.areas import CROWD, Areas
from pipeline.report.maps.label_places import Label, Place, Sizes, place_labels, pole
from pipeline.report.maps.labels import LABEL, name_lines
from pipeline.report.maps.panel import draw_edges, path_of, place_areas
from pipeline.report.maps.type_size import TypeSize
from pipeline.report.palette import ACCENT, BELOW, INK, OVER, QUIET
from pipeline.report.ranking_rows import RankingRow
from pipeline.units import mu, mu_text

_GROUND = "#f1f3f5"
_LARGEST = 0.42  # inches, the radius of the largest circle at most
_SHARE = 0.75  # of the radius of a township of mean size
_GAP = 0.03  # inches between a circle and the words under it
_SIZES = (11.5, 10.5, 9.5, 8.5, 7.5)
_SPACING = 1.2
_NAMED, _CROWD_SIZE = 20, 8.5  # in a crowd: how many have names, in which size


@dataclass(frozen=True)
class Circles:
    """What was drawn (圆形符号): the largest radius in inches, which names found no room.

    ``named``: of how many areas names were tried; in a crowd only the largest have one.
    """

    largest: float
    left_out: list[str]
    named: int
    has_boxes: bool


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


def draw_circles(axes: Axes, areas: Areas, rows: Mapping[str, RankingRow]) -> Circles:
    """Draw the areas, and on each a circle for its part of the numerator with name and mu.

    No circle or name covers another. Among more than 60 areas the circles stay where they
    belong, small ones over large ones, and only the largest bear names, as they find room.
    """
    codes = list(areas.shapes)
    placed = place_areas(axes, areas, boxes=True)
    shapes = placed.shapes
    for shape in shapes:
        axes.add_patch(
            PathPatch(path_of(shape), facecolor=_GROUND, edgecolor="#ffffff", lw=1.1, zorder=2)
        )
    draw_edges(axes, shapes)
    on_page = [shapely.transform(shape, axes.transData.transform) for shape in shapes]
    radius = _radius(on_page, float(axes.figure.dpi))
    symbols = _symbols(codes, rows, TypeSize(axes.figure), radius)  # type: ignore[arg-type]
    if len(codes) > CROWD:
        _draw_bare(axes, on_page, symbols)
        named = _name_largest(axes, symbols, on_page)
        return Circles(radius, [], named, has_boxes=placed.has_boxes)
    gap = _GAP * axes.figure.dpi
    labels = [
        Label(shape, symbol.extents(gap))
        for shape, symbol in zip(on_page, symbols, strict=True)
    ]
    frame = shapely.box(*axes.get_window_extent().extents)
    left_out = []
    for symbol, place in zip(symbols, place_labels(labels, frame), strict=True):
        if place is None:
            left_out.append(symbol.text.split("\n", maxsplit=1)[0])
        else:
            _draw(axes, symbol, place)
    return Circles(radius, left_out, len(codes), has_boxes=placed.has_boxes)


def _radius(shapes: Sequence[BaseGeometry], dpi: float) -> float:
    """Return the radius in inches of the largest circle: about a township of mean size."""
    mean = sum(shape.area for shape in shapes) / max(len(shapes), 1) / dpi**2
    return min(_LARGEST, _SHARE * math.sqrt(mean / math.pi))


def draw_circle_legend(collar: Axes, largest_m2: float, largest: float) -> None:
    """Explain the size of the circles by round amounts; ``largest`` is in inches."""
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
        radius = largest * math.sqrt(amount / top)
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
    codes: Sequence[str], rows: Mapping[str, RankingRow], measure: TypeSize, radius: float
) -> list[_Symbol]:
    largest = max((row.numerator_m2 for row in rows.values()), default=0.0)
    made = []
    for code in codes:
        row = rows.get(code)
        area = row.numerator_m2 if row else 0.0
        share = max(area, 0.0) / largest if largest > 0 else 0.0
        text = f"{name_lines(row.name if row else code)}\n{mu_text(area)}"
        made.append(
            _Symbol(
                text,
                radius * measure.dpi * math.sqrt(share),
                OVER if row and row.is_accountable else BELOW,
                {size: measure.of(text, size, _SPACING) for size in _SIZES},
            )
        )
    return made


def _draw_bare(axes: Axes, shapes: Sequence[BaseGeometry], symbols: Sequence[_Symbol]) -> None:
    pairs = zip(shapes, symbols, strict=True)
    for shape, symbol in sorted(pairs, key=lambda pair: -pair[1].radius):
        if not shape.is_empty:
            x, y = (float(value) for value in pole(shape))
            _circle(axes, symbol, x, y)


def _name_largest(
    axes: Axes, symbols: Sequence[_Symbol], shapes: Sequence[BaseGeometry]
) -> int:
    """Write the names of the largest circles beside or in them; return how many found room."""
    pairs = sorted(zip(symbols, shapes, strict=True), key=lambda pair: -pair[0].radius)
    pairs = [pair for pair in pairs if pair[0].radius > 0 and not pair[1].is_empty][:_NAMED]
    spots = [(symbol, *pole(shape)) for symbol, shape in pairs]
    frame = shapely.box(*axes.get_window_extent().extents)
    taken: list[BaseGeometry] = []
    size, back = _CROWD_SIZE, axes.transData.inverted().transform
    for symbol, x, y in spots:
        wide, high = symbol.words[size]
        others = [
            shapely.Point(a, b).buffer(other.radius)
            for other, a, b in spots
            if other is not symbol
        ]
        away = symbol.radius + _GAP * axes.figure.dpi
        steps = [(1, 0), (-1, 0), (0, 1), (0, -1)]
        middles = [(x + u * (away + wide / 2), y + v * (away + high / 2)) for u, v in steps]
        for u, v in [(x, y), *middles] if symbol.holds(size) else middles:
            box = shapely.box(u - wide / 2, v - high / 2, u + wide / 2, v + high / 2)
            busy = shapely.union_all([*others, *taken])
            if frame.covers(box) and not busy.intersects(box):
                taken.append(box)
                at, up = back((u, v))
                _words(axes, symbol.text, at, up, size)
                break
    return len(taken)


def _words(axes: Axes, text: str, x: float, y: float, size: float) -> None:
    """Write words over circles and ground, readable on both."""
    style = {"ha": "center", "va": "center", "linespacing": _SPACING, "fontsize": size}
    halo = [Stroke(linewidth=2.0, foreground="#ffffff")]
    axes.text(x, y, text, color="#ffffff", zorder=9, path_effects=halo, **style)  # type: ignore[arg-type]
    axes.text(x, y, text, color=INK, zorder=10, gid=LABEL, **style)  # type: ignore[arg-type]


def _circle(axes: Axes, symbol: _Symbol, x: float, y: float) -> None:
    if symbol.radius <= 0:
        return
    pixel = (axes.get_xlim()[1] - axes.get_xlim()[0]) / axes.get_window_extent().width
    at, up = axes.transData.inverted().transform((x, y))
    # The outline tells the side of the line where the colours print as the same grey.
    edge, width = (ACCENT, 1.8) if symbol.fill == OVER else (QUIET, 0.7)
    style = {"facecolor": symbol.fill, "edgecolor": edge, "lw": width, "zorder": 5}
    axes.add_patch(Circle((at, up), symbol.radius * pixel, **style))


def _draw(axes: Axes, symbol: _Symbol, place: Place) -> None:
    back = axes.transData.inverted().transform
    middle, words = place.y, place.y
    if not symbol.holds(place.size):
        high = symbol.extent(place.size, _GAP * axes.figure.dpi)[1]
        middle = place.y + high / 2 - symbol.radius
        words = place.y - high / 2 + symbol.words[place.size][1] / 2
    if place.leader is not None:
        ends = back([place.leader, (place.x, middle)])
        axes.plot(*ends.T, color=INK, linewidth=0.8, zorder=4)
        axes.plot(*ends[0], "o", color=INK, markersize=3, zorder=4)
    _circle(axes, symbol, place.x, middle)
    x, y = back((place.x, words))
    ground = {"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.5}
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
        bbox=ground if place.leader is not None and not symbol.holds(place.size) else None,
    )
