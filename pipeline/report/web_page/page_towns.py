"""The townships of a page: their shapes, their place for a label, their row of the ranking."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.report.figures import ratio_text
from pipeline.report.heading import Heading
from pipeline.report.ranking_rows import RankingRow, ranking_rows
from pipeline.report.safe_text import safe
from pipeline.report.web_page.page_rings import UNITS_PER_M, Origin, point_of, rings_of

_TOLERANCE_M = 3.0  # of outlines; two neighbours keep the same border


def town_rows(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, heading: Heading, origin: Origin
) -> list[dict[str, object]]:
    """Return the townships by rank, those without a ratio last, each with its outline."""
    shapes = _shapes(townships)
    records = {str(record["township_code"]): record for record in ranking.to_dict("records")}
    return [
        _row(row, records[row.code], shapes.get(row.code), heading, origin)
        for row in ranking_rows(ranking, heading)
    ]


def _row(
    row: RankingRow,
    record: Mapping[Any, Any],
    shape: BaseGeometry | None,
    heading: Heading,
    origin: Origin,
) -> dict[str, object]:
    line = heading.township.ratio
    return {
        "code": safe(row.code),
        "name": safe(row.name),
        "rank": row.rank,
        "ratio": _points(row.official),
        "text": ratio_text(row.official, line),
        "gross": _points(row.gross),
        "grossText": ratio_text(row.gross, line),
        "low": _points(row.low),
        "high": _points(row.high),
        "over": row.is_accountable,
        "level": row.level,
        "count": int(record["change_count"]),
        "illegal": int(record["illegal_count"]),
        "rings": rings_of(shape, origin),
        "label": _label(shape, origin),
    }


def _shapes(townships: gpd.GeoDataFrame) -> dict[str, BaseGeometry]:
    known = townships[townships.geometry.notna()].sort_values("township_code")
    valid = shapely.make_valid(known.geometry.to_numpy())
    thin = shapely.coverage_simplify(valid, _TOLERANCE_M) if len(valid) else valid
    return {str(code): shape for code, shape in zip(known["township_code"], thin, strict=True)}


def _label(shape: BaseGeometry | None, origin: Origin) -> list[int] | None:
    """Return the middle of the largest circle in the shape and its radius, in decimetres."""
    if shape is None or shape.area <= 0:
        return None
    spoke = shapely.maximum_inscribed_circle(shape, tolerance=max(shape.length / 2000, 0.01))
    x, y = spoke.coords[0]
    return [*point_of(x, y, origin), round(spoke.length * UNITS_PER_M)]


def _points(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio * 100, 6)
