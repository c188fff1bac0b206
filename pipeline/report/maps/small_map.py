"""A small township map for a page of text (小地图): classes of the ratio and names, nothing else."""

import geopandas as gpd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from pipeline.report.figures import rank_text
from pipeline.report.fonts import chinese_style
from pipeline.report.heading import Heading
from pipeline.report.maps.areas import township_areas
from pipeline.report.maps.labels import LabelText, name_lines, write_labels
from pipeline.report.maps.panel import draw_edges, fill_areas, place_areas
from pipeline.report.maps.picture_file import figure_svg
from pipeline.report.palette import INK, ratio_classes
from pipeline.report.ranking_rows import SMALL_MARK, RankingRow, by_code

_DPI = 200
_SIZES = (7.5, 7.0, 6.5, 6.0)
_MOST_NAMES = 40  # beyond that a name becomes a rank where it finds no room


def small_map(
    townships: gpd.GeoDataFrame,
    rows: list[RankingRow],
    heading: Heading,
    inches: tuple[float, float],
) -> bytes:
    """Return the townships in their colours as SVG of a width and height, its text as text."""
    with chinese_style():
        figure = Figure(figsize=inches, dpi=_DPI, facecolor="none")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.axis("off")
        classes = ratio_classes(heading.township, heading.county)
        areas, known = township_areas(townships), by_code(rows)
        shapes = place_areas(axes, areas, boxes=True).shapes
        fill_areas(axes, dict(zip(areas.shapes, shapes, strict=True)), known, classes)
        draw_edges(axes, shapes)
        texts = []
        for code in areas.shapes:
            row = known.get(code)
            level = classes[row.level] if row and row.level is not None else None
            number = rank_text(row.rank) if row and len(known) > _MOST_NAMES else ""
            ink, ground = (level.ink, level.fill) if level else (INK, "#ffffff")
            mark = SMALL_MARK if row and row.is_small else ""
            name = name_lines(row.name if row else code) + mark
            texts.append(LabelText(name, number and number + mark, ink, ground))
        write_labels(axes, shapes, texts, _SIZES)
        return figure_svg(figure)
