"""What has area in a result."""

import pytest
from shapely import wkt

from pipeline.geometry.polygonal import polygonal

NESTED = (
    "GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)),"
    " GEOMETRYCOLLECTION (MULTIPOLYGON (((5 0, 6 0, 6 1, 5 0))), LINESTRING (0 0, 1 1)))"
)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("POINT (0 0)", 0),
        ("LINESTRING (0 0, 1 1)", 0),
        ("POLYGON EMPTY", 0),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", 0.5),
        ("GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((0 0, 1 0, 1 1, 0 0)))", 0.5),
        (NESTED, 1),
    ],
)
def test_only_polygons_are_kept(text, area):
    found = polygonal(wkt.loads(text))
    assert found.geom_type in {"Polygon", "MultiPolygon"}
    assert found.area == area
