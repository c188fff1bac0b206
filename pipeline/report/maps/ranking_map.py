"""The ranking map (排名图): a township choropleth with the ranked bars beside it."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from pipeline.report.fonts import chinese_style
from pipeline.report.heading import Heading
from pipeline.report.maps.areas import township_areas
from pipeline.report.maps.picture_file import save_picture
from pipeline.report.maps.ranking_pages import pages_of, ranking_of
from pipeline.report.ranking_rows import TOWNSHIPS


def draw_ranking_map(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, heading: Heading, *files: Path
) -> None:
    """Draw the ranking of a county's townships, the same bytes for the same tables.

    ``townships``: township_code, geometry in the working CRS (metres); ``ranking``:
    ``schema.derived.TOWNSHIP_RANKING``. The line and its classes come from ``heading``; which
    side a township is on comes from ``is_accountable``, never from a rounded figure. ``files``:
    the pictures to write, their kind (.png, .pdf, .svg) told by the suffix. Where the ranking
    is too long for one page the PDF has more.
    """
    with chinese_style():
        pages = ranking_figures(townships, ranking, heading)
        save_picture(pages, files, heading.title, heading)


def ranking_figures(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, heading: Heading
) -> list[Figure]:
    """Return the pages as figures, the map first; call it inside ``chinese_style``."""
    return pages_of(township_areas(townships), ranking_of(ranking, heading, TOWNSHIPS))
