"""Shapes as whole numbers, worked out by hand."""

import shapely

from pipeline.report.web_page.page_rings import origin_of, point_of, rings_of

SQUARE = shapely.box(100.0, 200.0, 110.0, 210.0)


def test_a_ring_is_its_first_place_and_the_steps_from_there():
    square = shapely.Polygon([(100.04, 200), (110, 200), (110, 210.06), (100.04, 210)])
    assert rings_of(square, (100.0, 200.0)) == [[0, 0, 100, 0, 0, 101, -100, -1]]


def test_holes_and_parts_are_rings_of_their_own():
    hole = shapely.box(102.0, 202.0, 103.0, 203.0)
    parts = shapely.MultiPolygon([SQUARE.difference(hole), shapely.box(120, 200, 121, 201)])
    rings = rings_of(parts, (100.0, 200.0))
    assert sorted(len(ring) for ring in rings) == [8, 8, 8]


def test_vertices_that_become_one_are_left_out():
    square = shapely.Polygon([(0, 0), (0.01, 0.01), (10, 0), (10, 10), (0, 10)])
    assert rings_of(square, (0.0, 0.0)) == [[0, 0, 100, 0, 0, 100, -100, 0]]


def test_nothing_has_no_rings():
    assert rings_of(None, (0.0, 0.0)) == []
    assert rings_of(shapely.Polygon(), (0.0, 0.0)) == []


def test_the_origin_is_the_south_west_corner_in_whole_metres():
    assert origin_of([shapely.box(3.7, -2.2, 9, 9), None]) == (3.0, -3.0)
    assert origin_of([None]) == (0.0, 0.0)
    assert point_of(3.75, -2.0, (3.0, -3.0)) == [8, 10]
