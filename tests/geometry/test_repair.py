"""The gate: what passes, what is mended, what is kept out, and the areas that decide."""

import numpy as np
import pytest
import shapely
from shapely import wkt

from pipeline.geometry.repair import gate


def polygon(text):
    return wkt.loads(f"POLYGON({text})")


BOW_TIE = polygon("(0 0, 100 100, 100 0, 0 100, 0 0)")
TWICE = polygon("(0 0, 10 0, 10 10, 0 10, 0 0, 10 0, 10 10, 0 10, 0 0)")
SPIKE = polygon("(0 0, 10 0, 10 10, 10 20, 10 10, 0 10, 0 0)")
HOLE_ACROSS = polygon("(0 0, 10 0, 10 10, 0 10, 0 0), (5 5, 15 5, 15 8, 5 8, 5 5)")
TINY_LOOP = polygon("(0 0, 10 0, 10 10, 0.01 10, 0 9.99, 0.01 9.99, 0 10, 0 0)")
TWO_PARTS = wkt.loads("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((5 0,15 0,15 10,5 10,5 0)))")
with np.errstate(invalid="ignore"):
    NAN = shapely.Polygon([(0, 0), (1, float("nan")), (1, 1)])


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (polygon("(0 0, 10 0, 10 10, 0 10, 0 0)"), 100),
        (polygon("(0 0, 10 0, 10 0, 10 10, 0 10, 0 0)"), 100),  # a point twice
        (polygon("(0 0, 10 0, 10 10, 0 10, 0 0), (0 0, 4 2, 2 4, 0 0)"), 94),  # touching hole
        (wkt.loads("POLYGON Z((0 0 1, 10 0 2, 10 10 3, 0 0 1))"), 50),
    ],
)
def test_a_valid_polygon_passes(shape, area):
    gated = gate(shape)
    assert (gated.code, gated.severity) == ("", None)
    assert gated.geometry.area == area
    assert not gated.geometry.has_z


@pytest.mark.parametrize(
    ("shape", "stated", "code", "before", "after"),
    [
        (SPIKE, None, "invalid:ring-self-intersection", 100, 100),
        (TWICE, None, "invalid:self-intersection", 200, 100),
        (TWO_PARTS, None, "invalid:self-intersection", 200, 150),
        (TWO_PARTS, 150.5, "invalid:self-intersection", 200, 150),
        (BOW_TIE, 5000, "invalid:self-intersection", 0, 5000),
    ],
)
def test_what_nobody_can_argue_about_is_repaired(shape, stated, code, before, after):
    gated = gate(shape, stated)
    assert (gated.severity, gated.code) == ("repaired", code)
    assert (gated.area_before_m2, gated.area_after_m2) == (before, after)
    assert gated.geometry.is_valid
    assert gated.geometry.area == after


def test_a_tiny_loop_is_repaired_within_one_per_cent():
    gated = gate(TINY_LOOP)
    assert gated.severity == "repaired"
    assert gated.area_after_m2 == pytest.approx(100, abs=0.001)


@pytest.mark.parametrize(
    ("shape", "stated", "code"),
    [
        (None, None, "null-geometry"),
        (shapely.Polygon(), None, "empty-geometry"),
        (shapely.Point(1, 1), None, "geometry-type"),
        (wkt.loads("LINESTRING(0 0, 1 1)"), None, "geometry-type"),
        (
            wkt.loads("GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))"),
            None,
            "geometry-collection",
        ),
        (NAN, None, "non-finite"),
        (polygon("(0 0, 5 0, 10 0, 0 0)"), None, "zero-area"),
        (BOW_TIE, 2500, "invalid:self-intersection"),
        (BOW_TIE, None, "invalid:self-intersection"),  # the vertices' order is in doubt
        (TWO_PARTS, 200, "invalid:self-intersection"),
        (HOLE_ACROSS, None, "invalid:self-intersection"),  # 100 by linework, 85 by structure
    ],
)
def test_what_is_in_doubt_is_kept_out(shape, stated, code):
    gated = gate(shape, stated)
    assert (gated.geometry, gated.severity, gated.code) == (None, "quarantined", code)
    gated.note.encode("gbk")


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (None, ["null geometry"]),
        (NAN, ["non-finite"]),
        (shapely.Point(1, 1), ["geometry type", "Point"]),
        (wkt.loads("GEOMETRYCOLLECTION(POINT(0 0))"), ["geometry type", "GeometryCollection"]),
        (BOW_TIE, ["invalid:self-intersection", "5,000.00", "0.00"]),
    ],
)
def test_the_note_holds_the_words_that_are_looked_for(shape, words):
    note = gate(shape).note
    assert [word for word in words if word not in note] == []
