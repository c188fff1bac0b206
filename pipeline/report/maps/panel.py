"""The township map (分乡镇图): fills, outlines, labels."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from shapely.geometry.base import BaseGeometry

from pipeline.report.heading import Heading
from pipeline.report.maps.areas import CROWD, Areas
from pipeline.report.maps.labels import Labelled, ratio_labels, write_labels
from pipeline.report.palette import ACCENT, NO_DATA, QUIET, RatioClass
from pipeline.report.ranking_rows import RankingRow

_HATCH = "////"
_PINHOLE = 9.0  # square pixels
_ROOM = 0.04  # of the county's extent, free on each side


def draw_map(
    axes: Axes,
    areas: Areas,
    rows: Mapping[str, RankingRow],
    classes: tuple[RatioClass, ...],
    heading: Heading,
) -> Labelled:
    """Fill the axes with areas in the colour of their class, and their labels."""
    codes = list(areas.shapes)
    shapes, inner = place_areas(axes, areas)
    fill_areas(axes, dict(zip(codes, shapes, strict=True)), rows, classes)
    draw_edges(axes, shapes, inner)
    return write_labels(axes, shapes, ratio_labels(codes, rows, classes, heading))


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


def place_areas(axes: Axes, areas: Areas) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """Set the limits of the axes to the areas; return these, and their inner lines, thinned."""
    _set_limits(axes, list(areas.shapes.values()))
    return _thinned(axes, areas.shapes.values()), _thinned(axes, areas.inner)


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


def _set_limits(axes: Axes, shapes: list[BaseGeometry]) -> None:
    """Show the whole county with some room, one metre as long across as up."""
    bounds = shapely.total_bounds(shapes) if shapes else np.full(4, np.nan)
    if np.isnan(bounds).any():
        bounds = np.array([0.0, 0.0, 1.0, 1.0])
    x0, y0, x1, y1 = bounds
    wide, high = max(x1 - x0, 1.0) * (1 + 2 * _ROOM), max(y1 - y0, 1.0) * (1 + 2 * _ROOM)
    box = axes.get_window_extent()
    metre = max(wide / box.width, high / box.height)  # metres to a pixel
    wide, high = metre * box.width, metre * box.height
    axes.set_xlim((x0 + x1 - wide) / 2, (x0 + x1 + wide) / 2)
    axes.set_ylim((y0 + y1 - high) / 2, (y0 + y1 + high) / 2)
    axes.set(xticks=[], yticks=[], aspect="equal")


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
