"""The township map (分乡镇图): fills, outlines, labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from shapely.geometry.base import BaseGeometry

from pipeline.report.heading import Heading
from pipeline.report.maps.areas import CROWD, Areas
from pipeline.report.maps.inset import Bounds, Inset, Layout, laid_out, shown
from pipeline.report.maps.labels import Labelled, ratio_labels, write_labels
from pipeline.report.palette import ACCENT, FAINT, NO_DATA, QUIET, RatioClass
from pipeline.report.ranking_rows import RankingRow

_HATCH = "////"
_PINHOLE = 9.0  # square pixels
MOVED = "移位"
MOVED_NOTE = "框内“移位”的部分离得远，移到此处，不在实际位置"


def draw_map(
    axes: Axes,
    areas: Areas,
    rows: Mapping[str, RankingRow],
    classes: tuple[RatioClass, ...],
    heading: Heading,
    *,
    boxes: bool = False,
) -> Labelled:
    """Fill the axes with areas in the colour of their class, and their labels.

    With ``boxes`` what lies far out is moved into boxes (see ``inset``).
    """
    codes = list(areas.shapes)
    placed = place_areas(axes, areas, boxes=boxes)
    fill_areas(axes, dict(zip(codes, placed.shapes, strict=True)), rows, classes)
    draw_edges(axes, placed.shapes, placed.inner)
    labelled = write_labels(axes, placed.shapes, ratio_labels(codes, rows, classes, heading))
    return replace(labelled, has_boxes=placed.has_boxes)


def fill_areas(
    axes: Axes,
    shapes: Mapping[str, BaseGeometry],
    rows: Mapping[str, RankingRow],
    classes: tuple[RatioClass, ...],
) -> None:
    """Fill shapes in the colour of their class and outline those over the line."""
    edge = 2.0 if len(shapes) <= CROWD else 1.0
    for code, shape in shapes.items():
        axes.add_patch(_patch(shape, rows.get(code), classes))
        if code in rows and rows[code].is_accountable:
            axes.add_patch(
                PathPatch(
                    path_of(shape), fill=False, edgecolor=ACCENT, linewidth=edge, zorder=4
                )
            )


@dataclass(frozen=True)
class Placed:
    """Areas where they are drawn (图上位置), and the lines inside them, both thinned."""

    shapes: list[BaseGeometry]
    inner: list[BaseGeometry]
    has_boxes: bool


def place_areas(axes: Axes, areas: Areas, *, boxes: bool = False) -> Placed:
    """Set the limits of the axes to the areas; with ``boxes`` those far out are moved."""
    window = axes.get_window_extent()
    aspect = window.width / window.height
    shapes = list(areas.shapes.values())
    layout = laid_out(shapes, aspect) if boxes else Layout(_whole(shapes))
    west, south, east, north = shown(layout.bounds, aspect)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set(xticks=[], yticks=[], aspect="equal")
    for inset in layout.insets:
        _draw_box(axes, inset)
    moved, inner = ([layout.moved(one) for one in many] for many in (shapes, areas.inner))
    return Placed(_thinned(axes, moved), _thinned(axes, inner), bool(layout.insets))


def draw_edges(
    axes: Axes, shapes: list[BaseGeometry], inner: Sequence[BaseGeometry] = ()
) -> None:
    """Draw lines inside the areas, then stronger ones between them, and the outer edge.

    Hair cracks between areas are no edge.
    """
    strengths = ((inner, "#ffffff", 0.6), (shapes if inner else (), QUIET, 1.0))
    for lines, color, width in strengths:
        for shape in lines:
            axes.add_patch(
                PathPatch(
                    path_of(shape), fill=False, edgecolor=color, linewidth=width, zorder=2.5
                )
            )
    whole = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
    rings = [part.exterior for part in _polygons(whole)]
    outer = shapely.union_all(shapely.polygons(rings)) if rings else None
    if outer is not None:
        axes.add_collection(
            PathCollection(
                [path_of(outer)], facecolors="none", edgecolors=QUIET, linewidths=1.4, zorder=3
            ),
            autolim=False,
        )


def no_data_style() -> dict[str, object]:
    """Return how a township without new farmland is filled."""
    return {"facecolor": NO_DATA, "edgecolor": "#9aa1a9", "hatch": _HATCH, "linewidth": 0.7}


def _whole(shapes: list[BaseGeometry]) -> Bounds:
    bounds = shapely.total_bounds(shapes) if shapes else np.full(4, np.nan)
    if np.isnan(bounds).any():
        return 0.0, 0.0, 1.0, 1.0
    west, south, east, north = (float(value) for value in bounds)
    return west, south, east, north


def _draw_box(axes: Axes, inset: Inset) -> None:
    """Draw the box of what was moved, and say so in it."""
    west, south, east, north = inset.box
    frame = Rectangle((west, south), east - west, north - south, zorder=1)
    frame.set(facecolor="#ffffff", edgecolor=FAINT, linewidth=0.9)
    axes.add_patch(frame)
    words = MOVED if inset.factor == 1 else f"{MOVED} ×{inset.factor:g}"
    axes.annotate(
        words,
        (west, north),
        xytext=(2, -2),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=6.5,
        color=QUIET,
        zorder=7,
    )


def _thinned(axes: Axes, shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Return the shapes without the vertices and the pinholes that no printer could show."""
    x0, x1 = axes.get_xlim()
    pixel = (x1 - x0) / axes.get_window_extent().width
    return [_filled(shape, _PINHOLE * pixel**2).simplify(pixel / 4) for shape in shapes]


def _filled(shape: BaseGeometry, area: float) -> BaseGeometry:
    """Return a shape without holes smaller than an area: outlined, they would be blots."""
    parts = [
        shapely.Polygon(
            part.exterior,
            [ring for ring in part.interiors if shapely.Polygon(ring).area >= area],
        )
        for part in _polygons(shape)
    ]
    return shapely.MultiPolygon(parts)


def _patch(
    shape: BaseGeometry, row: RankingRow | None, classes: tuple[RatioClass, ...]
) -> PathPatch:
    if row is None or row.level is None:
        return PathPatch(path_of(shape), zorder=2, **no_data_style())
    fill = classes[row.level].fill
    return PathPatch(
        path_of(shape), facecolor=fill, edgecolor="#ffffff", linewidth=1.1, zorder=2
    )


def path_of(shape: BaseGeometry) -> Outline:
    """Return a shape as one path, holes and parts included."""
    rings = [ring for part in _polygons(shape) for ring in (part.exterior, *part.interiors)]
    if not rings:
        return Outline(np.zeros((0, 2)))
    return Outline.make_compound_path(
        *(Outline(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings)
    )


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shape)
    while any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
