"""Polygons that are surely valid: never one that is not, and nearly all that people draw."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon

from pipeline.geometry.sweep.simple import surely_simple

FAR = 40_512_345.678  # metres east with a zone in front


def told(*shapes):
    return surely_simple(np.array(shapes, dtype=object)).tolist()


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (4, 0), (4, 3), (0, 3)],
        [(0, 0), (2, 0), (4, 0), (4, 3), (0, 3)],  # straight on at a corner
        [(0, 0), (4, 0), (1, 1), (0, 4)],  # a notch
        [(FAR, FAR), (FAR + 0.02, FAR), (FAR + 0.01, FAR + 0.01)],
    ],
)
def test_rings_that_people_draw_are_told_in_either_direction(ring):
    assert told(Polygon(ring), Polygon(ring[::-1])) == [True, True]


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (4, 3), (4, 0), (0, 3)],  # a bow-tie
        [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)],  # a corner on another edge
        [(0, 0), (4, 0), (2, 0), (2, 3)],  # back over itself
        [(0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2)],  # a corner met twice
        [(0, 0), (4, 0), (8, 0)],  # no ground
        [(0, 0), (4, 0), (4, 3), (float("nan"), 3)],
        [(0, 0), (4, 0), (4, 3), (float("inf"), 3)],
    ],
)
def test_rings_that_meet_themselves_or_have_no_place_are_never_told(ring):
    with np.errstate(invalid="ignore"):
        polygon = Polygon(ring)
    assert told(polygon) == [False]


def test_what_is_not_one_ring_is_left_to_the_general_test():
    square, hole = shapely.box(0, 0, 9, 9), shapely.box(2, 2, 4, 4)
    assert told(
        square.difference(hole),
        MultiPolygon([square]),
        square.exterior,
        Point(0, 0).buffer(1, quad_segs=60),  # 240 corners
        Polygon(),
        Point(0, 0),
        None,
        square,
    ) == [False] * 7 + [True]


@given(
    corners=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9),
    jitter=st.sampled_from([0.0, 1e-12, 1e-9, 1e-3]),
    east=st.sampled_from([0.0, 512_345.678, FAR]),
    numbers=st.randoms(use_true_random=False),
)
def test_a_ring_on_a_small_grid_is_told_only_where_the_general_test_agrees(
    corners, jitter, east, numbers
):
    ring = [
        (east + x + jitter * numbers.uniform(-1, 1), y + jitter * numbers.uniform(-1, 1))
        for x, y in corners
    ]
    polygon = Polygon(ring)
    (sure,) = told(polygon)
    assert polygon.is_valid or not sure
    if jitter == 0 and polygon.is_valid and len(set(ring)) == len(ring):
        assert sure  # on whole numbers nothing is hidden by rounding, but corners on edges
