"""Gaps between townships, counted on squares."""

import numpy as np
import pytest
from shapely import Polygon, box

from pipeline.geometry.gaps import gaps


def shapes(*polygons):
    return np.array(polygons, dtype=object)


def test_neighbours_that_share_their_line_have_no_gap():
    assert gaps(shapes(box(0, 0, 100, 100), box(100, 0, 200, 100))) == []


def test_a_vertex_more_on_one_side_of_the_line_is_no_gap():
    dented = Polygon([(100, 0), (200, 0), (200, 100), (100, 100), (100, 50)])
    assert gaps(shapes(box(0, 0, 100, 100), dented)) == []


def test_a_gap_half_a_metre_wide_is_found_between_its_neighbours():
    far = box(300, 0, 400, 100)
    ((met, area),) = gaps(shapes(box(0, 0, 100, 100), far, box(100.5, 0, 200, 100)))
    assert met == (0, 2)
    assert area == pytest.approx(50, abs=0.2)


@pytest.mark.parametrize(
    "second",
    [
        box(100.05, 0, 200, 100),  # five square metres in all
        box(103, 0, 200, 100),  # too wide: it may belong to nobody
        box(99, 0, 200, 100),  # an overlap is another matter
    ],
)
def test_what_is_not_a_narrow_gap_is_not_named(second):
    assert gaps(shapes(box(0, 0, 100, 100), second)) == []


def test_one_township_has_no_neighbour():
    assert gaps(shapes(box(0, 0, 100, 100))) == []
