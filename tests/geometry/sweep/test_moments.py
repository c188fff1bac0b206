"""Moments by hand: squares, holes, islands, rings that run either way."""

import numpy as np
import pytest
import shapely

from pipeline.geometry.sweep.moments import moments


def test_moments_of_a_square_without_its_corner_square():
    # ∬ over [0,2]² less over [0,1]²: 4 − 1, u: 4 − 1/2, u²: 16/3 − 1/3, uv: 4 − 1/4
    whole = shapely.box(100, 200, 102, 202)
    corner = [(100, 200), (101, 200), (101, 201), (100, 201)]
    l_shape = whole.difference(shapely.Polygon(corner))
    two = shapely.MultiPolygon(
        [shapely.box(101, 200, 102, 201), shapely.box(100, 201, 102, 202)]
    )
    mixed = shapely.GeometryCollection([l_shape, shapely.LineString([(0, 0), (9, 0), (0, 0)])])
    shapes = np.array([l_shape, l_shape.reverse(), two, None, mixed], dtype=object)
    expected = np.array([3, 3.5, 3.5, 5, 3.75, 5])
    found = moments(shapes, np.tile([100.0, 200.0], (5, 1)))
    assert found == pytest.approx(np.outer([1, 1, 1, 0, 1], expected), abs=1e-12)


def test_moments_of_a_hole_an_island_in_it_and_a_first_corner_given_twice():
    hole = [(1, 1), (3, 1), (3, 3), (1, 3)]
    island = shapely.box(1.5, 1.5, 2.5, 2.5)
    ring = shapely.Polygon(shapely.box(0, 0, 4, 4).exterior, [hole])
    twice = shapely.Polygon([(0, 0), (0, 0), (2, 0), (2, 2), (0, 2)])
    shapes = np.array([ring, shapely.MultiPolygon([ring, island]), twice], dtype=object)
    assert moments(shapes, np.zeros((3, 2)))[:, 0].tolist() == [12, 13, 4]
    assert moments(shapes[:0], np.zeros((0, 2))).shape == (0, 6)
