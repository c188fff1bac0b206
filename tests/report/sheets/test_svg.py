"""Shapes on a page, counted in millimetres."""

from xml.etree import ElementTree as ET

import pytest
from shapely import LineString, MultiPolygon, Point, box

from pipeline.report.sheets.svg import Frame, frame_around, picture, scale_bar, text

# 100 × 50 m shown on 50 × 25 mm: two metres a millimetre.
FRAME = Frame(west=1000.0, north=2050.0, scale=2.0, width_mm=50.0, height_mm=25.0)


def test_a_frame_holds_a_shape_in_its_middle():
    """A shape of 20 × 10 m with room for 1.5 on 60 × 60 mm: 30 m wide, half a metre a mm."""
    frame = frame_around(box(100, 100, 120, 110), 60, 60, least_m=1, room=1.5)
    assert frame.scale == pytest.approx(0.5)
    assert frame.box == pytest.approx((95, 90, 125, 120))


def test_a_small_shape_gets_the_least_ground():
    frame = frame_around(box(0, 0, 1, 1), 60, 30, least_m=24, room=1.5)
    assert frame.scale == pytest.approx(0.8)  # 24 m on the shorter side


def test_a_polygon_is_a_path_with_its_hole():
    shape = box(1010, 2010, 1030, 2030) - box(1014, 2014, 1018, 2018)
    path = FRAME.path(shape)
    assert path.count("M") == path.count("Z") == 2
    assert "15 10" in path  # the north-east corner: 30 m east is 15 mm, 20 m south is 10 mm


def test_what_is_outside_is_not_drawn():
    shapes = MultiPolygon([box(1010, 2010, 1020, 2020), box(9000, 9000, 9010, 9010)])
    assert FRAME.path(shapes).count("M") == 1
    assert FRAME.path(box(9000, 9000, 9010, 9010)) == ""
    assert FRAME.path(LineString([(1000, 2000), (1100, 2050)])) == "M0 25L50 0"
    assert FRAME.path(Point(1010, 2010)) == ""


def test_the_scale_bar_is_round_and_at_most_a_third():
    assert "20 米" in scale_bar(FRAME)  # a third of 100 m is 33
    assert "1 千米" in scale_bar(Frame(0, 0, 60.0, 57, 57))  # a third of 3,420 m


def test_text_of_strangers_is_text():
    drawn = text("<script>&\u202e", 1, 2, 3, fill='"')
    element = ET.fromstring(drawn)
    assert element.text == "<script>&\\u202e"
    assert element.get("fill") == '"'
    assert ET.fromstring(picture(FRAME, [drawn])).get("viewBox") == "0 0 50 25"
