"""The township map (分乡镇图): fills, outlines, labels."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Stroke
from shapely.geometry.base import BaseGeometry

from pipeline.report.figures import ratio_text
from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading
from pipeline.report.label_places import Label, Place, place_labels
from pipeline.report.palette import ACCENT, INK, NO_DATA, QUIET, RatioClass
from pipeline.report.ranking_rows import RankingRow
from pipeline.report.text_table import wrap
from pipeline.report.type_size import TypeSize

_HATCH = "////"
_SIZES = (11.5, 10.5, 9.5, 8.5, 7.5)
_SPACING = 1.2
_NAME_WIDTH = 14  # columns (two to a Chinese character) of a name in one line of a label
_NAME_LINES = 3
_PINHOLE = 9.0  # square pixels
_ROOM = 0.04  # of the county's extent, free on each side


def draw_map(
    axes: Axes,
    townships: gpd.GeoDataFrame,
    rows: Mapping[str, RankingRow],
    classes: tuple[RatioClass, ...],
    heading: Heading,
) -> list[str]:
    """Fill the axes with the townships and their labels.

    Returns the names of townships whose label found no room.
    """
    townships = townships.sort_values("township_code")
    shapes = [shapely.make_valid(shape) for shape in townships.geometry if shape is not None]
    codes = [
        str(code)
        for code, shape in zip(townships.township_code, townships.geometry, strict=True)
        if shape is not None
    ]
    _set_limits(axes, shapes)
    shapes = _thinned(axes, shapes)
    for code, shape in zip(codes, shapes, strict=True):
        axes.add_patch(_patch(shape, rows.get(code), classes))
    _outline(axes, shapes)
    for code, shape in zip(codes, shapes, strict=True):
        if code in rows and rows[code].is_accountable:
            axes.add_patch(
                PathPatch(_path(shape), fill=False, edgecolor=ACCENT, linewidth=2.0, zorder=4)
            )
    texts = [label_text_of(rows.get(code), code, heading) for code in codes]
    return _label(axes, shapes, texts, [rows.get(code) for code in codes], classes)


def label_text_of(row: RankingRow | None, code: str, heading: Heading) -> str:
    """Return the label of a township: its name, under it its official ratio."""
    name = drawable(row.name if row else code)
    lines = wrap(name, _NAME_WIDTH)
    if len(lines) > _NAME_LINES:
        lines = [*lines[: _NAME_LINES - 1], lines[_NAME_LINES - 1][:-1] + "…"]
    if row is None or row.official is None:
        return "\n".join([*lines, "无新增"])
    return "\n".join([*lines, ratio_text(row.official, heading.township.ratio)])


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


def _thinned(axes: Axes, shapes: list[BaseGeometry]) -> list[BaseGeometry]:
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
        return PathPatch(_path(shape), zorder=2, **no_data_style())
    fill = classes[row.level].fill
    return PathPatch(_path(shape), facecolor=fill, edgecolor="#ffffff", linewidth=1.1, zorder=2)


def _outline(axes: Axes, shapes: list[BaseGeometry]) -> None:
    """Draw the county's outer edge; hair cracks between townships are no edge."""
    whole = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
    rings = [part.exterior for part in _polygons(whole)]
    outer = (
        shapely.union_all(shapely.polygons([ring.coords for ring in rings])) if rings else None
    )
    if outer is not None:
        axes.add_collection(
            PathCollection(
                [_path(outer)], facecolors="none", edgecolors=QUIET, linewidths=1.4, zorder=3
            ),
            autolim=False,
        )


def _label(
    axes: Axes,
    shapes: list[BaseGeometry],
    texts: list[str],
    rows: list[RankingRow | None],
    classes: tuple[RatioClass, ...],
) -> list[str]:
    measure = TypeSize(axes.figure)  # type: ignore[arg-type]
    on_page = [shapely.transform(shape, axes.transData.transform) for shape in shapes]
    labels = [
        Label(area, {size: measure.of(text, size, _SPACING) for size in _SIZES})
        for area, text in zip(on_page, texts, strict=True)
    ]
    frame = shapely.box(*axes.get_window_extent().extents)
    places = place_labels(labels, frame)
    left_out = []
    for text, row, place in zip(texts, rows, places, strict=True):
        if place is None:
            left_out.append(text.split("\n")[0])
        else:
            _write(
                axes, text, place, classes[row.level] if row and row.level is not None else None
            )
    return left_out


def _write(axes: Axes, text: str, place: Place, level: RatioClass | None) -> None:
    x, y = axes.transData.inverted().transform((place.x, place.y))
    ink, halo = (level.ink, level.fill) if level else (INK, "#ffffff")
    if place.leader is not None:
        ends = axes.transData.inverted().transform([place.leader, (place.x, place.y)])
        axes.plot(*ends.T, color=INK, linewidth=0.8, zorder=8)
        axes.plot(*ends[0], "o", color=INK, markersize=3, zorder=8)
        ink, halo = INK, "#ffffff"
    style = {"fontsize": place.size, "ha": "center", "va": "center", "linespacing": _SPACING}
    artist = axes.text(x, y, text, color=ink, zorder=10, gid="township-label", **style)  # type: ignore[arg-type]
    if place.leader is not None:
        artist.set_bbox({"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.5, "alpha": 0.9})
        return
    # The halo is a text of its own: text with an effect would be outlines in the PDF, which
    # nobody can search or copy.
    effects = [Stroke(linewidth=2.2, foreground=halo)]
    axes.text(x, y, text, color=halo, zorder=9, path_effects=effects, **style)  # type: ignore[arg-type]


def _path(shape: BaseGeometry) -> Outline:
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
